//! What is read from a named path: folders, links, packed files, neighbours, and what other systems export.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn momsbud(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn sample() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../vat-return/samples/fjordlys.xml")).unwrap()
}

fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap().replace('\u{a0}', " ")
}

/// The objects of `check --json`, with the folder left out of their names, and the status.
fn check(folder: &Path, paths: &[&str]) -> (Vec<Value>, i32) {
    let mut arguments = vec!["check", "--json", "--date", "2026-12-01"];
    arguments.extend(paths);
    let output = Command::new(env!("CARGO_BIN_EXE_momsbud-cli")).current_dir(folder).args(arguments).output().unwrap();
    let objects = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (objects, output.status.code().unwrap())
}

/// File and verdict, or kind, or error.
fn said(objects: &[Value]) -> Vec<(String, String)> {
    let word = |object: &Value| {
        let word = object.get("verdict").or(object.get("error")).or(object.get("kind"));
        word.and_then(Value::as_str).unwrap_or("passed").to_owned()
    };
    objects.iter().map(|object| (object["file"].as_str().unwrap_or_default().to_owned(), word(object))).collect()
}

fn row(file: &str, word: &str) -> (String, String) {
    (file.to_owned(), word.to_owned())
}

#[test]
fn f04_two_thousand_and_three_returns_are_two_thousand_and_three() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    for n in 0..2003 {
        file(folder.path(), &format!("{n:04}.xml"), sample.replace("FI-2026-5", &format!("FI-{n}")));
    }
    let (objects, status) = check(folder.path(), &["."]);
    assert_eq!((objects.len(), status), (2003, 0));
}

#[cfg(unix)]
#[test]
fn f05_each_real_file_once_and_nothing_from_outside() {
    use std::os::unix::fs::symlink;
    let top = tempfile::tempdir().unwrap();
    let at = |name: &str, content: &str| file(top.path(), name, content);
    at("L1/a.xml", "<x/>\n");
    symlink(".", top.path().join("L1/loop")).unwrap();
    assert_eq!(said(&check(top.path(), &["L1"]).0)[..1], [row("L1/a.xml", "ugyldig")]);
    assert_eq!(check(top.path(), &["L1"]).0.len(), 2, "one row, and that something was found again");

    for n in 0..8 {
        at(&format!("L2/kvittering{n}.xml"), "<x/>\n");
    }
    at("L2/z/z/z/z/z/z/z/god.xml", &sample());
    symlink(".", top.path().join("L2/l1")).unwrap();
    symlink(".", top.path().join("L2/l2")).unwrap();
    let begun = Instant::now();
    let (objects, _) = check(top.path(), &["L2"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert!(said(&objects).contains(&row("L2/z/z/z/z/z/z/z/god.xml", "ok")), "{objects:?}");
    assert_eq!(objects.len(), 10);

    at("L3/egen.xml", &sample());
    at("L3out/annen-kunde.xml", &sample());
    symlink("../L3out", top.path().join("L3/snarvei")).unwrap();
    let (objects, status) = check(top.path(), &["L3"]);
    assert_eq!(said(&objects)[0], row("L3/egen.xml", "ok"));
    assert_eq!(objects[1]["file"], "L3/snarvei");
    assert!(objects[1]["error"].as_str().unwrap().starts_with("lenken fører ut av mappen"), "{objects:?}");
    assert_eq!((objects.len(), status), (3, 2), "what was left out is counted, and no success");
    assert_eq!(objects[2]["left_out"], 1);

    at("L5/1/2/3/4/5/6/7/8/åtte.xml", &sample());
    at("L5/1/2/3/4/5/6/7/8/9/ni.xml", &sample().replace("FI-2026-5", "FI-9"));
    assert_eq!(check(top.path(), &["L5"]).0.len(), 2);

    at("L6/kunde.xml", &sample());
    at("L6/kunde2.txt", &sample());
    at("L6/._kunde.xml", "\u{0}\u{5}\u{16}\u{7}");
    let (objects, status) = check(top.path(), &["L6"]);
    assert_eq!(said(&objects)[..2], [row("L6/kunde.xml", "ok"), row("L6/kunde2.txt", "ok")]);
    assert_eq!((objects[2]["hidden"].as_u64(), status), (Some(1), 0));
    let shown = text(&momsbud(&["check", top.path().join("L6").to_str().unwrap()]).stdout);
    assert!(shown.contains("1 skjult"), "{shown}");
}

#[test]
fn f11_an_invisible_difference_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let remark = "<utvalgtMerknad>tjenesteeksport</utvalgtMerknad>";
    for (name, content, wanted) in [
        ("bom.xml", format!("\u{feff}\u{feff}{}", sample()), "U+FEFF"),
        ("nbsp.xml", format!("{}\u{a0}", sample()), "U+00A0"),
        ("blank.xml", sample().replace(remark, &remark.replace("tjeneste", " tjeneste")), "mellomrom foran eller bak"),
        (
            "nfd.xml",
            sample()
                .replace("<mvaKode>1<", "<mvaKode>1</mvaKode><spesifikasjon>tapPa\u{30a}Krav</spesifikasjon><x>1<")
                .replace("<x>1</mvaKode>", ""),
            "U+030A",
        ),
        ("zwsp.xml", sample().replace("<mvaKode>3<", "<mvaKode>\u{202e}3\u{200b}<"), "U+202E"),
        ("shy.xml", sample().replace(remark, &remark.replace("tjeneste", "tjeneste\u{ad}")), "U+00AD"),
        (
            "kyr.xml",
            sample().replace(remark, &remark.replace("tjeneste", "tj\u{435}neste")),
            "U+0435 (kyrillisk bokstav)",
        ),
    ] {
        let path = file(folder.path(), name, content);
        let shown = text(&momsbud(&["check", "--date", "2026-12-01", path.to_str().unwrap()]).stdout);
        assert!(shown.contains(wanted), "{name}: {shown}");
    }
}

#[test]
fn f12_other_formats_are_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let saft = "<?xml version=\"1.0\"?><AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"/>";
    for (name, content, kind, wanted) in [
        ("h14.xml", "<!DOCTYPE html><html><body>Logg inn</body></html>", "web-page", "nettside (HTML)"),
        ("h16.xml", saft, "saf-t-financial", "momsbud-cli saft"),
        ("k.xml", "<mvaMeldingInnsending/>", "envelope", "konvolutten"),
        ("r.xml", "<Skjema blankettnummer=\"RF-0002\"/>", "old-form", "omsetningsoppgaven"),
        (
            "d.xml",
            "<mvaMelding xmlns='urn:no:skatteetaten:datasamarbeid:mvamelding:v1'/>",
            "returned-return",
            "gir den ut igjen",
        ),
        ("p.pdf", "%PDF-1.7 (Kvittering)", "receipt", "kvittering"),
    ] {
        let path = file(folder.path(), name, content);
        let (objects, status) = check(folder.path(), &[name]);
        assert_eq!(
            (&objects[0]["kind"], &objects[0]["verdict"], status),
            (&kind.into(), &"ugyldig".into(), 1),
            "{name}"
        );
        let shown = text(&momsbud(&["check", path.to_str().unwrap()]).stdout);
        assert!(shown.contains(wanted), "{name}: {shown}");
        assert_eq!(momsbud(&["explain", path.to_str().unwrap()]).status.code(), Some(1));
    }
    let verdict = "<valideringsresultat><avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering></valideringsresultat>";
    let path = file(folder.path(), "v.xml", verdict);
    let shown = text(&momsbud(&["check", path.to_str().unwrap()]).stdout);
    assert!(shown.contains("Ugyldig: ikke godtatt"), "{shown}");
    // In a folder they are no returns that failed.
    file(folder.path(), "mappe/mva.xml", sample());
    file(folder.path(), "mappe/v.xml", verdict);
    file(folder.path(), "mappe/notat.txt", "Husk fristen");
    let (objects, status) = check(folder.path(), &["mappe"]);
    assert_eq!(said(&objects)[..2], [row("mappe/mva.xml", "ok"), row("mappe/v.xml", "validation-result")]);
    assert_eq!((objects[2]["others"].as_u64(), status), (Some(2), 0));
}

#[test]
fn f12_packed_files_are_read_like_folders() {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "klient/mva.xml", sample());
    file(folder.path(), "mva.xml", sample());
    let python = "import zipfile,gzip\nz=zipfile.ZipFile('e.zip','w')\nz.write('klient/mva.xml')\nz.writestr('les.txt','hei')\nz.close()\ngzip.open('m.xml.gz','w').write(open('mva.xml','rb').read())\nopen('t.zip','wb').write(open('e.zip','rb').read()[:300])\nz=zipfile.ZipFile('n.zip','w')\nz.writestr('les.txt','hei')\nz.close()";
    assert!(Command::new("python3").args(["-c", python]).current_dir(folder.path()).status().unwrap().success());
    assert_eq!(said(&check(folder.path(), &["e.zip"]).0)[0], row("e.zip/klient/mva.xml", "ok"));
    assert_eq!(said(&check(folder.path(), &["m.xml.gz"]).0)[0], row("m.xml.gz/m.xml", "ok"));
    let (objects, status) = check(folder.path(), &["t.zip"]);
    assert_eq!(status, 2);
    assert!(objects[0]["error"].as_str().unwrap().starts_with("den er skadet"), "{objects:?}");
    let (objects, status) = check(folder.path(), &["n.zip"]);
    assert_eq!((&objects[0]["kind"], status), (&"zip".into(), 1));
    let shown = text(&momsbud(&["explain", folder.path().join("e.zip").to_str().unwrap()]).stdout);
    assert!(shown.contains("Å betale 79 857 kr"), "{shown}");
}

#[test]
fn f13_a_year_before_the_list_of_rates_is_said_in_a_whole_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "2004.xml", sample().replace("<aar>2026<", "<aar>2004<"));
    for (language, wanted) in [
        ("nb", "Satslisten har ingen sats for koden i september–oktober 2004."),
        ("nn", "Satslista har ingen sats for koden i september–oktober 2004."),
        ("en", "The list of rates has none for the code in September–October 2004."),
    ] {
        let shown = text(&momsbud(&["--lang", language, "check", path.to_str().unwrap()]).stdout);
        assert!(shown.contains(wanted) && !shown.contains("gjelder ."), "{shown}");
    }
}

#[cfg(unix)]
#[test]
fn f14_a_pipe_and_a_device_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("ror.xml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.to_str().unwrap(), "/dev/zero"] {
        for command in ["check", "explain", "mend"] {
            let begun = Instant::now();
            let output = momsbud(&[command, path]);
            assert_eq!(output.status.code(), Some(2), "{command} {path}");
            assert!(begun.elapsed() < Duration::from_secs(5));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(said.contains("ikke en fil"), "{said}");
        }
    }
    let output = momsbud(&["--lang", "nb", "check", "finnes-ikke.xml"]);
    assert!(text(&output.stdout).contains("kunne ikke leses: den finnes ikke"), "{output:?}");
}

/// What real programs export, and why it is refused or taken: `bugs/R-real-exporters` keep their reasons.
#[test]
fn real_exporters_keep_their_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let kid = |kid: &str| {
        let kid = format!("<kundeIdentifikasjonsnummer>{kid}</kundeIdentifikasjonsnummer>");
        format!("<betalingsinformasjon>{kid}</betalingsinformasjon>")
    };
    let cases: [(&str, String, &[&str], &[&str]); 10] = [
        ("bc-enddate-plus1", sample().replace("september-oktober", "september-november"), &["R001"], &[]),
        ("bc-orgnr-mellomrom", sample().replace(">311797816<", ">311 797 816<"), &["R001"], &[]),
        (
            "ciri-float",
            sample()
                .replace("<sats>25<", "<sats>25.0<")
                .replace(">512480<", ">512480.00<")
                .replace(">128120<", ">128120.00<"),
            &["R003", "R003"],
            &["amount", "rate"],
        ),
        (
            "fisk-punkt",
            sample().replace("<mvaKode>31<", "<mvaKode>32<").replace("<sats>15<", "<sats>11.11<"),
            &["R003", "R019"],
            &["rate"],
        ),
        ("minus-null-sum", sample().replace(">79857<", ">79856<"), &["R018"], &[]),
        ("odoo-kid-er-orgnr", sample().replace("<betalingsinformasjon/>", &kid("311797816")), &[], &[]),
        ("odoo-kid-er-vat", sample().replace("<betalingsinformasjon/>", &kid("NO311797816MVA")), &["R079"], &["kid"]),
        ("omvendt-typo", sample().replace(">alminnelig<", ">omvendtAavgiftsplikt<"), &["R001"], &[]),
        ("reknaren-sats-avledet", sample().replacen("<sats>25<", "<sats>24<", 1), &["R003", "R019"], &[]),
        ("tema-kode-med-bokstav", sample().replace("<mvaKode>3<", "<mvaKode>3U<"), &["R002", "R003"], &[]),
    ];
    for (name, content, rules, causes) in cases {
        file(folder.path(), "mva.xml", content);
        let (objects, _) = check(folder.path(), &["mva.xml"]);
        let list = |list: &Value, key: &str| -> Vec<String> {
            list.as_array().into_iter().flatten().map(|it| it[key].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(list(&objects[0]["findings"], "rule"), rules, "{name}");
        assert_eq!(list(&objects[0]["causes"], "kind"), causes, "{name}");
    }
}

#[test]
fn one_mistake_is_explained_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(
        folder.path(),
        "mva.xml",
        sample().replace("<sats>25<", "<sats>25.0<").replace("<sats>15<", "<sats>15.00<"),
    );
    let shown = text(&momsbud(&["check", "--date", "2026-12-01", path.to_str().unwrap()]).stdout);
    assert_eq!(shown.matches("momsbud-cli mend").count(), 1, "{shown}");
    assert_eq!(shown.matches("Slik retter du").count(), 0, "{shown}");
    assert!(shown.contains("Satsen er skrevet 25.0, 15.00, og listen har 25, 15."), "{shown}");
}

#[test]
fn a_free_text_is_said_with_the_coded_remark_that_would_do() {
    let folder = tempfile::tempdir().unwrap();
    let coded = "<utvalgtMerknad>tjenesteeksport</utvalgtMerknad>";
    let free = "<beskrivelse>Tjenesteeksport til Danmark</beskrivelse>";
    let path = file(folder.path(), "mva.xml", sample().replace(coded, free));
    let output = momsbud(&["check", "--date", "2026-12-01", path.to_str().unwrap()]);
    let shown = text(&output.stdout);
    assert!(shown.contains("Den kodede merknaden «Tjenesteeksport» gjør det ikke."), "{shown}");
    assert_eq!(output.status.code(), Some(0));
    let (objects, _) = check(folder.path(), &["mva.xml"]);
    assert_eq!(objects[0]["free_texts"][0]["instead"][0], "Tjenesteeksport");
}

#[test]
fn mend_writes_only_what_it_mends_and_never_over_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let with = |content: &str| file(folder.path(), "mva.xml", content).to_str().unwrap().to_owned();
    let date = ["--date", "2026-12-01"];
    // A clean one comes out byte for byte.
    let path = with(&sample());
    let output = momsbud(&["mend", &path, date[0], date[1]]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), sample()));
    // One that can be mended whole.
    let faulty = sample().replace("<sats>25<", "<!-- hei --><sats>25.0<");
    let path = with(&faulty);
    let output = momsbud(&["mend", &path, date[0], date[1]]);
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(0), sample().replace("<sats>25<", "<!-- hei --><sats>25<"))
    );
    assert!(text(&output.stderr).contains("25.0 → 25"), "{output:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), faulty, "the original stays");
    // With something that a person must decide.
    let path = with(&faulty.replace(">79857<", ">79856<"));
    let out = folder.path().join("rettet.xml");
    let output = momsbud(&["mend", &path, "--out", out.to_str().unwrap(), date[0], date[1]]);
    assert_eq!(output.status.code(), Some(1));
    assert!(fs::read_to_string(&out).unwrap().contains("<sats>25</sats>"), "what could be mended is written");
    assert!(text(&output.stderr).contains("R018"), "{output:?}");
    // Never over the original, by whatever name.
    #[cfg(unix)]
    {
        let link = folder.path().join("lenke.xml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(momsbud(&["mend", &path, "--out", link.to_str().unwrap()]).status.code(), Some(2));
    }
    assert_eq!(momsbud(&["mend", &path, "--out", &path]).status.code(), Some(2));
    // Only said.
    let output = momsbud(&["mend", &path, "--dry-run", date[0], date[1]]);
    assert!(text(&output.stdout).contains("25.0 → 25") && !text(&output.stdout).contains("<sats>"), "{output:?}");
    for broken in ["", "<faktura/>", "hei"] {
        assert_eq!(momsbud(&["mend", &with(broken)]).status.code(), Some(2), "{broken}");
    }
}
