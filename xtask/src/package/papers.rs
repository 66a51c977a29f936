//! The papers of the package: Markdown as in the repository, all in one folder, so that links have to be written anew.
//!
//! A link to a paper that is packed too leads to it; every other one, pictures among them (40 MB is the limit), leads to
//! where this very version of it lies on the web.

use super::{Package, files, printed, read, write};
use crate::command::{Done, Failure, root};
use std::{
    fs,
    path::{Component, Path, PathBuf},
    process::Command,
};

/// What is packed, and below the folder with the papers. Packed Markdown is compressed.
const PAPERS: &[(&str, &str)] = &[
    ("CHANGELOG.md", "CHANGELOG.md.gz"),
    ("README.md", "README.md.gz"),
    ("PRIVACY.md", "PRIVACY.md.gz"),
    ("SECURITY.md", "SECURITY.md.gz"),
    ("docs/install.md", "install.md.gz"),
    ("docs/handbook.md", "handbook.md.gz"),
    ("docs/work-policy.md", "work-policy.md.gz"),
    ("docs/entra.md", "entra.md.gz"),
    ("docs/work-policy.example.json", "examples/work-policy.example.json"),
    ("packaging/examples/environments.json", "examples/environments.json"),
    ("packaging/examples/policy.json", "examples/policy.json"),
    ("packaging/examples/policy-with-work.json", "examples/policy-with-work.json"),
];

/// Where files of the repository lie as they are, by tag.
const RAW: &str = "https://raw.githubusercontent.com/momsbud/momsbud";

/// Lays the papers into `doc`.
pub(super) fn lay_out(package: &Package, doc: &Path) -> Done {
    let web = web(&package.version);
    let scratch = package.stage.with_file_name("doc");
    for (paper, packed) in PAPERS {
        let from = root().join(paper);
        if paper.ends_with(".md") {
            let written = scratch.join(from.file_name().unwrap_or_default());
            write(&written, rewritten(&read(&from)?, paper, &web))?;
            super::stage::compress(&written, &doc.join(packed))?;
        } else {
            super::stage::copy(&from, &doc.join(packed))?;
        }
    }
    Ok(())
}

/// Looks that every link in the papers of the tree leads to something that is in the package, or, on our own place on the
/// web, to something that is in the repository; and that the screenshots are there.
pub(super) fn check(package: &Package) -> Done {
    let doc = package.stage.join("usr/share/doc/momsbud");
    let web = web(&package.version);
    let (mut dead, mut seen) = (Vec::new(), 0);
    for file in files(&doc)? {
        let name = file.strip_prefix(&doc).unwrap_or(&file).to_string_lossy().into_owned();
        if !name.ends_with(".md.gz") {
            continue;
        }
        let text = printed(Command::new("gzip").args(["-d", "-c"]).arg(&file))?;
        for link in links(&text).into_iter().map(|link| &text[link.target]) {
            seen += 1;
            let there = match (link.strip_prefix(&format!("{web}/")), link.contains("://")) {
                (Some(path), _) => root().join(bare(path)).exists(),
                (None, true) => true,
                (None, false) => bare(link).is_empty() || doc.join(bare(link)).exists(),
            };
            if !there {
                dead.push(format!("{name}: {link}"));
            }
        }
    }
    // The screenshots that software centres show.
    let metainfo = read(&package.stage.join("usr/share/metainfo/no.momsbud.desktop.metainfo.xml"))?;
    let raw = format!("{RAW}/v{}/", package.version);
    for rest in metainfo.split(RAW).skip(1) {
        let address = format!("{RAW}{}", rest.split('<').next().unwrap_or_default());
        if !address.strip_prefix(&raw).is_some_and(|path| root().join(path).is_file()) {
            dead.push(format!("AppStream: {address}"));
        }
    }
    match dead.is_empty() {
        true if seen > 0 => Ok(()),
        true => Err(Failure::new("The packed papers have no links at all, which cannot be.")),
        false => Err(Failure::new(format!("Packed papers link to what is not there:\n{}", dead.join("\n")))),
    }
}

/// Where this version of the repository lies on the web; the release's workflow runs for its tag.
fn web(version: &str) -> String {
    format!("https://github.com/momsbud/momsbud/blob/v{version}")
}

/// The text with its links as they are to be in the package.
fn rewritten(text: &str, paper: &str, web: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    for link in links(text) {
        let target = &text[link.target.clone()];
        if target.contains("://") || target.starts_with('#') {
            continue;
        }
        let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
        let path = resolved(paper, path);
        let mut to = match PAPERS.iter().find(|(packed, _)| *packed == path) {
            Some((_, name)) => (*name).to_owned(),
            None => format!("{web}/{path}"),
        };
        if let Some(anchor) = anchor {
            to = format!("{to}#{anchor}");
        }
        // A picture becomes a link to it: there is nothing to show here.
        let before = if link.picture { link.start + 1 } else { link.start };
        written.push_str(&text[done..link.start]);
        written.push_str(&text[before..link.target.start]);
        written.push_str(&to);
        done = link.target.end;
    }
    written.push_str(&text[done..]);
    written
}

/// `[words](target)`, or `![words](target)`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    start: usize,
    picture: bool,
    target: std::ops::Range<usize>,
}

/// The links of a text, in order; all of ours have their words and their target on one line.
fn links(text: &str) -> Vec<Link> {
    let found = text.match_indices("](").filter_map(|(middle, _)| {
        let line = text[..middle].rfind('\n').map_or(0, |end| end + 1);
        let opening = line + text[line..middle].rfind('[')?;
        let picture = text[line..opening].ends_with('!');
        let target = middle + 2..middle + 2 + text[middle + 2..].find([')', '\n'])?;
        Some(Link { start: if picture { opening - 1 } else { opening }, picture, target })
    });
    found.collect()
}

/// A link without what follows `#`.
fn bare(link: &str) -> &str {
    link.split('#').next().unwrap_or_default()
}

/// A path that stands in a paper, from the repository's root.
fn resolved(paper: &str, path: &str) -> String {
    let mut resolved = PathBuf::from(paper);
    resolved.pop();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => drop(resolved.pop()),
            Component::Normal(part) => resolved.push(part),
            _ => {}
        }
    }
    resolved.to_string_lossy().into_owned()
}

/// A licence as Debian's copyright file has it: every line indented by a space, empty lines as a dot.
pub(super) fn paragraph(text: &str) -> String {
    let lines =
        text.trim().lines().map(|line| if line.trim().is_empty() { " .".to_owned() } else { format!(" {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands in a file of the window's packages.
pub(super) fn of_window(file: &str) -> Result<String, Failure> {
    let path = root().join("node_modules").join(file);
    fs::read_to_string(&path).map_err(|error| Failure::new(format!("{}: {error} (npm ci fetches it)", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEB: &str = "https://github.com/momsbud/momsbud/blob/v1.2.3";

    #[test]
    fn links_lead_to_what_is_packed_or_to_the_web() {
        for (paper, text, expected) in [
            ("README.md", "[a](docs/install.md)", "[a](install.md.gz)"),
            ("docs/install.md", "x [a](work-policy.md) y", "x [a](work-policy.md.gz) y"),
            ("docs/install.md", "[a](work-policy.md#lock)", "[a](work-policy.md.gz#lock)"),
            ("docs/handbook.md", "([a](../PRIVACY.md)), [b](#c)", "([a](PRIVACY.md.gz)), [b](#c)"),
            ("docs/work-policy.md", "[a](work-policy.example.json)", "[a](examples/work-policy.example.json)"),
            ("README.md", "[a](https://semver.org)", "[a](https://semver.org)"),
            ("README.md", "[a](docs/mutation.md)", "[a](WEB/docs/mutation.md)"),
            ("docs/handbook.md", "\n![å](images/b.png)\n", "\n[å](WEB/docs/images/b.png)\n"),
            ("README.md", "| `a[b]` | [c](hosted-page/) |", "| `a[b]` | [c](WEB/hosted-page) |"),
        ] {
            assert_eq!(rewritten(text, paper, WEB), expected.replace("WEB", WEB), "{paper}: {text}");
        }
    }

    #[test]
    fn every_link_of_every_packed_paper_leads_somewhere() {
        for (paper, _) in PAPERS.iter().filter(|(paper, _)| paper.ends_with(".md")) {
            let text = fs::read_to_string(root().join(paper)).unwrap();
            for link in links(&text) {
                let target = &text[link.target];
                if !target.contains("://") && !target.starts_with('#') {
                    assert!(root().join(resolved(paper, bare(target))).exists(), "{paper}: {target}");
                }
            }
        }
    }

    /// Those that nobody sets: for tests and the build, which a release does not read.
    const NOT_FOR_USERS: &[&str] =
        &["MOMSBUD_SYSTEM_DIR", "MOMSBUD_UPDATE_ADDRESS", "MOMSBUD_UPDATE_KEY", "MOMSBUD_YEARS"];

    #[test]
    fn every_variable_that_the_programs_read_is_documented() {
        let guide = fs::read_to_string(root().join("docs/install.md")).unwrap();
        let page = fs::read_to_string(root().join("packaging/linux/momsbud.1")).unwrap();
        let mut found = Vec::new();
        for folder in ["src-tauri/src", "crates/cli/src", "crates/access/src", "crates/filing/src", "crates/office/src"]
        {
            for file in files(&root().join(folder)).unwrap() {
                let text = fs::read_to_string(&file).unwrap_or_default();
                // Where a name is read it stands between quotation marks.
                for quoted in text.split('"').filter(|quoted| quoted.starts_with("MOMSBUD_")) {
                    let is_name = quoted.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
                    if is_name && !NOT_FOR_USERS.contains(&quoted) {
                        assert!(guide.contains(&format!("`{quoted}`")), "docs/install.md lacks {quoted}");
                        // The command line has pages of its own.
                        assert!(folder == "crates/cli/src" || page.contains(quoted), "momsbud.1 lacks {quoted}");
                        found.push(quoted.to_owned());
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        assert!(found.len() >= 8, "{found:?}");
    }
}
