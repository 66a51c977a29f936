//! LibreOffice opens the template, and what it saves reads the same: as `.xlsx`, `.ods`, `.xls` and `.csv`, and text as it is
//! written in Norway and in England.
//!
//! Run by `cargo xtask sheets`: installing LibreOffice costs a bare machine more than all of this crate's other tests.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

use drafts::sheet::{Defaults, open, template, understand, workbook};
use drafts::{Draft, Edit, Field, Note};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use vat_return::{Category, Language, Period, PeriodKind};

/// Locale, ending and filter; text with semicolons or commas, in UTF-8, values and what is shown.
const KINDS: [(&str, &str, &str); 8] = [
    ("nb-NO", "xlsx", "xlsx:Calc MS Excel 2007 XML"),
    ("nb-NO", "ods", "ods:calc8"),
    ("nb-NO", "xls", "xls:MS Excel 97"),
    ("nb-NO", "csv", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false"),
    ("nb-NO", "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"),
    ("en-GB", "csv", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false"),
    ("en-GB", "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"),
    ("en-GB", "csv", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false"),
];

fn draft(category: Category) -> Draft {
    let kind = if category == Category::ReverseCharge { PeriodKind::ThreeMonths } else { PeriodKind::TwoMonths };
    let mut draft = Draft::new("311797816", Period { kind, index: 3, year: 2026 }, category);
    let codes: &[&str] = match category {
        Category::Compensation => &["1", "13", "81"],
        Category::ReverseCharge => &["86", "88"],
        _ => &["3", "31", "32", "5", "86", "1", "14"],
    };
    for (at, code) in codes.iter().enumerate() {
        let line = draft.add(code);
        let mut set = |field, text: &str| draft.apply(&Edit::Type { line, field, text: text.into() }).unwrap();
        match *code {
            "1" | "14" if category != Category::Compensation => drop(set(Field::Vat, &format!("{at}7"))),
            _ => drop(set(Field::Base, &format!("12345{at}"))),
        }
        set(Field::OwnCode, "03");
    }
    let last = draft.lines.last().unwrap().id;
    draft.apply(&Edit::Type { line: last, field: Field::Vat, text: "+10".into() }).unwrap();
    draft.apply(&Edit::LineNote { line: last, note: Some(Note::Free("Øre; «æ»".into())) }).unwrap();
    draft.apply(&Edit::Kid(Some("0002345676".into()))).unwrap();
    draft
}

fn said(draft: &Draft) -> String {
    draft.as_it_stands().0.write()
}

fn opened(bytes: &[u8]) -> String {
    let (grids, _) = open(bytes).unwrap();
    let other = Defaults {
        org_number: None,
        period: Period { kind: PeriodKind::Year, index: 1, year: 2020 },
        category: Category::ECommerce,
    };
    let got = understand(&grids[0], "", &other, None);
    assert_eq!(got.drafts.len(), 1, "{:?}", got.rows);
    said(&got.drafts[0])
}

/// Where LibreOffice keeps its settings; among them the locale, which decides how text files are written.
fn profile(folder: &Path, locale: &str) -> PathBuf {
    let profile = folder.join(format!("profile-{locale}"));
    if !profile.exists() {
        fs::create_dir_all(profile.join("user")).unwrap();
        let settings = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"#
        );
        fs::write(profile.join("user/registrymodifications.xcu"), settings).unwrap();
    }
    profile
}

fn convert(folder: &Path, files: &[String], locale: &str, filter: &str, into: &Path) {
    let done = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile(folder, locale).display()))
        .args(["--headless", "--norestore", "--convert-to", filter, "--outdir"])
        .arg(into)
        .args(files.iter().map(|name| folder.join(name)))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
#[ignore = "needs LibreOffice: cargo xtask sheets"]
fn what_libreoffice_saves_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = Vec::new();
    for category in [Category::Ordinary, Category::PrimaryIndustry, Category::Compensation, Category::ReverseCharge] {
        for language in [Language::Nb, Language::Nn, Language::En] {
            let draft = draft(category);
            let empty = Draft { lines: Vec::new(), kid: None, note: None, ..draft.clone() };
            for (name, bytes, says) in [
                ("full", workbook(&draft, language).unwrap(), said(&draft)),
                ("mal", template(&draft, language).unwrap(), said(&empty)),
            ] {
                assert_eq!(opened(&bytes), says, "{name} {category:?}");
                let name = format!("{name}-{}-{language:?}.xlsx", category.xml());
                fs::write(folder.path().join(&name), bytes).unwrap();
                wanted.push((name, says));
            }
        }
    }
    let files: Vec<String> = wanted.iter().map(|(name, _)| name.clone()).collect();
    for (at, (locale, ending, filter)) in KINDS.into_iter().enumerate() {
        let begun = Instant::now();
        let into = folder.path().join(format!("saved-{at}"));
        convert(folder.path(), &files, locale, filter, &into);
        for (name, says) in &wanted {
            let saved = into.join(name).with_extension(ending);
            assert_eq!(&opened(&fs::read(&saved).unwrap()), says, "{locale} {filter} {name}");
        }
        let count = files.len();
        eprintln!("{count} files saved as {filter} in {locale} and read back the same in {:.1?}", begun.elapsed());
    }
}
