//! A language that nobody has translated, for seeing that a new one is one new file and nothing else.

use crate::{
    command::{Done, Failure, cargo, command, finish, root, say, target},
    node, package, test,
};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

const USAGE: &str = "cargo xtask language CODE [--remove | --try]";
/// What the texts of the made-up language begin with.
const MARK: char = '⟦';
/// Ingrid Solvang of the practice world.
const PERSON: &str = "testid:14838411585_idporten-loa-high";

/// Writes the made-up language, takes it away again, or tries it: the only command that builds the program with it.
pub(crate) fn language(arguments: &[&str]) -> Done {
    let (code, what) = match arguments {
        [code] => (*code, None),
        [code, what @ ("--remove" | "--try")] => (*code, Some(*what)),
        _ => return Err(Failure::new(USAGE)),
    };
    let letters = code.bytes().all(|byte| byte.is_ascii_lowercase());
    if !letters
        || !(2..=3).contains(&code.len())
        || root().join("ui/src/i18n").join(code).with_extension("json").is_file()
    {
        return Err(Failure::new(format!("{code}: two or three small letters, and no language that there is.")));
    }
    let file = root().join("translations").join(code).with_extension("json");
    if what == Some("--try") && !root().join("ui/dist").exists() {
        // The program has the window in it, which is built before there is a language that does not stay.
        node::npm(&["run", "build"])?;
    }
    match what {
        None => write(&file),
        Some("--remove") => remove(&file),
        Some(_) => {
            write(&file)?;
            let bindings = root().join(test::BINDINGS);
            let before = package::read(&bindings)?;
            let tried = tried(code);
            package::write(&bindings, before)?;
            remove(&file)?;
            tried
        }
    }
}

fn write(file: &Path) -> Done {
    if file.exists() {
        return Err(Failure::new(format!("{} is there already.", file.display())));
    }
    package::write(file, translation()?)?;
    say(&format!("Written: {}", file.display()));
    Ok(())
}

fn remove(file: &Path) -> Done {
    fs::remove_file(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    say(&format!("Taken away: {}", file.display()));
    Ok(())
}

/// Everything that takes the language by its file: the window's types and texts, `--lang`, and what is exported.
fn tried(code: &str) -> Done {
    finish(&mut cargo(&["build", "--workspace", "--bins", "--example", "bindings", "--features", test::FEATURES]))?;
    let built = target().join("debug");
    finish(&mut command(&built.join("examples/bindings").to_string_lossy(), &[test::BINDINGS]))?;
    let bindings = package::read(&root().join(test::BINDINGS))?;
    holds("the window's types", &bindings, &format!("\"{code}\";"))?;
    node::npm(&["run", "typecheck"])?;
    node::npm(&["test", "--", "src/i18n/messages.test.ts", "src/tests/languages.test.tsx"])?;
    by_the_window(code)?;
    by_the_command_line(&built.join("momsbud-cli"), code)
}

/// The window's program has the texts in it. It is built apart from that of everybody else.
fn by_the_window(code: &str) -> Done {
    let folder = target().join(format!("window-{code}"));
    node::npm(&["exec", "--", "vite", "build", "--outDir", &folder.to_string_lossy(), "--emptyOutDir"])?;
    let assets = folder.join("assets");
    let listed = fs::read_dir(&assets).map_err(|error| Failure::new(format!("{}: {error}", assets.display())))?;
    let paths = listed.filter_map(|entry| Some(entry.ok()?.path()));
    let scripts = paths.filter(|path| path.extension().is_some_and(|ending| ending == "js"));
    let program = scripts.map(|path| package::read(&path)).collect::<Result<String, Failure>>()?;
    if program.contains(MARK) {
        say("  the window's program: ok");
        Ok(())
    } else {
        Err(Failure::new(format!("{}: there is no {MARK} in its scripts", assets.display())))
    }
}

fn by_the_command_line(program: &Path, code: &str) -> Done {
    let data = target().join(format!("language-{code}"));
    if data.exists() {
        fs::remove_dir_all(&data).map_err(|error| Failure::new(format!("{}: {error}", data.display())))?;
    }
    let mut practice = Practice::start(program)?;
    let control = practice.control()?;
    let says = |arguments: &[&str]| {
        let mut call = Command::new(program);
        call.args(arguments).args(["--lang", code]).stdin(Stdio::null());
        call.env("MOMSBUD_DATA_DIR", data.join("data")).env("MOMSBUD_ARCHIVE_DIR", data.join("archive"));
        let output = call.env("MOMSBUD_PRACTICE", &control).output();
        let output = output.map_err(|error| Failure::new(format!("{call:?}: {error}")))?;
        // 1 is done too, and the answer is no.
        if output.status.code().is_none_or(|status| status > 1) {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::new(format!("{call:?}: {}\n{said}", output.status)));
        }
        let said = [output.stdout, output.stderr].concat();
        holds(&arguments.join(" "), &String::from_utf8_lossy(&said), &MARK.to_string())
    };
    let sample = root().join("crates/vat-return/samples/fjordlys.xml");
    let sample = sample.to_string_lossy();
    let table = data.join("table.csv");
    says(&["check", &sample])?;
    says(&["explain", &sample])?;
    says(&["submit", "--yes", "--login-hint", PERSON, &sample])?;
    says(&["history"])?;
    says(&["archive", "verify"])?;
    says(&["due", "--within", "366d"])?;
    says(&["archive", "export", "--all", "--out", &table.to_string_lossy()])?;
    holds("the table", &package::read(&table)?, &MARK.to_string())
}

/// Fails where something does not speak the language.
fn holds(what: &str, said: &str, wanted: &str) -> Done {
    if said.contains(wanted) {
        say(&format!("  {what}: ok"));
        Ok(())
    } else {
        Err(Failure::new(format!("{what}: there is no {wanted} in\n{said}")))
    }
}

/// Practice authorities; stopped when dropped.
struct Practice(Child);

impl Practice {
    fn start(program: &Path) -> Result<Self, Failure> {
        let practice = Command::new(program).arg("practice").stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        practice.map(Self).map_err(|error| Failure::new(format!("{}: {error}", program.display())))
    }

    /// Where they are asked.
    fn control(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        if let Some(said) = self.0.stdout.take() {
            let mut said = BufReader::new(said);
            said.read_line(&mut line).map_err(|error| Failure::new(error.to_string()))?;
            // What else they say is read too, so that they do not wait for a reader.
            thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        }
        let control = line.split("\"control\":\"").nth(1).and_then(|rest| rest.split('"').next());
        Ok(control.ok_or_else(|| Failure::new(format!("The practice authorities say {line:?}")))?.to_owned())
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Every folder of messages, by the name of its section: a crate's, or the window's.
fn folders() -> Result<Vec<(String, PathBuf)>, Failure> {
    let crates = root().join("crates");
    let listed = fs::read_dir(&crates).map_err(|error| Failure::new(format!("{}: {error}", crates.display())))?;
    let of_crates = listed.filter_map(|entry| {
        let entry = entry.ok()?;
        Some((entry.file_name().into_string().ok()?, entry.path().join("messages")))
    });
    let others = [("momsbud", "src-tauri/messages"), ("window", "ui/src/i18n")];
    let others = others.map(|(name, folder)| (name.to_owned(), root().join(folder)));
    let mut folders: Vec<_> = of_crates.chain(others).filter(|(_, folder)| folder.join("nb.json").is_file()).collect();
    folders.sort();
    Ok(folders)
}

/// The texts of all folders, in marks.
fn translation() -> Result<String, Failure> {
    let mut sections = Vec::new();
    for (name, folder) in folders()? {
        let texts = marked(&package::read(&folder.join("nb.json"))?);
        let texts: Vec<String> = texts.trim_end().lines().map(|line| format!("  {line}")).collect();
        sections.push(format!("  \"{name}\": {}", texts.join("\n").trim_start()));
    }
    Ok(format!("{{\n{}\n}}\n", sections.join(",\n")))
}

/// Every text in marks, one a line. How dates and numbers are written (`format.…`) is no text.
fn marked(file: &str) -> String {
    let line = |line: &str| {
        let text = line.find("\": \"").map(|at| at + 4).filter(|_| !line.trim_start().starts_with("\"format."));
        match (text, line.rfind('"')) {
            (Some(start), Some(end)) if start <= end => {
                format!("{}{MARK}{}⟧{}", &line[..start], &line[start..end], &line[end..])
            }
            _ => line.to_owned(),
        }
    };
    file.lines().map(|it| line(it) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_marked_and_no_key() {
        let file = "{\n  \"a.b\": \"Én {count}\",\n  \"format.clock\": \".\",\n  \"c\": \"\\\"To\\\"\"\n}\n";
        let marked = marked(file);
        assert_eq!(
            marked,
            "{\n  \"a.b\": \"⟦Én {count}⟧\",\n  \"format.clock\": \".\",\n  \"c\": \"⟦\\\"To\\\"⟧\"\n}\n"
        );
    }

    #[test]
    fn every_folder_of_messages_is_found() {
        let found = folders().unwrap();
        let has = |name: &str| found.iter().any(|(section, _)| section == name);
        assert!(has("messages") && has("cli") && has("momsbud") && has("window"), "{found:?}");
        assert!(found.len() > 10, "{found:?}");
    }

    #[test]
    fn a_translation_has_a_section_for_each_in_order() {
        let translation = translation().unwrap();
        let sections =
            translation.lines().filter(|line| line.ends_with(": {")).map(|line| line.trim().trim_end_matches(": {"));
        let sections: Vec<&str> = sections.map(|it| it.trim_matches('"')).collect();
        assert!(sections.is_sorted() && sections.len() == folders().unwrap().len(), "{sections:?}");
        assert!(translation.contains("    \"name\": \"⟦Bokmål⟧\"\n  },\n"), "{translation}");
        assert!(translation.ends_with("\"\n  }\n}\n"), "{translation}");
    }
}
