//! What people drop: files that are no returns, folders, things that cannot be read.

use std::{fs, os::unix::fs::symlink};

use filing::view::{ErrorCode, ReturnCard};
use vat_return::samples;

use crate::desk::Desk;

fn problem(card: &ReturnCard) -> Option<ErrorCode> {
    card.problem.as_ref().map(|problem| problem.code)
}

fn sample() -> String {
    String::from_utf8(samples::by_id("fjordlys").unwrap().bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_dropped_becomes_a_card_that_says_what_it_is() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let good = sample();
    let doctype = good.replacen("<mvaMeldingDto", "<!DOCTYPE mvaMeldingDto [<!ENTITY a \"b\">]><mvaMeldingDto", 1);
    let wrong = good.replace("fastsattMerverdiavgift>", "fastsattMoms>");
    let large = desk.file("stor.xml", b"");
    fs::File::options().write(true).open(&large).unwrap().set_len(200_000_000).unwrap();
    let (pipe, missing, folder) =
        (desk.file("x/placeholder", b""), desk.data().join("borte.xml"), desk.data().join("tom"));
    fs::create_dir_all(&folder).unwrap();
    let pipe = pipe.with_file_name("rør");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let cases = [
        (desk.file("tekst.xml", "Kjære regnskapsfører".as_bytes()), Some(ErrorCode::NotXml)),
        (desk.file("faktura.xml", b"<faktura/>"), Some(ErrorCode::NotAReturn)),
        (desk.file("tom.xml", b""), Some(ErrorCode::FileEmpty)),
        (desk.file("blank.xml", b" \n\t"), Some(ErrorCode::FileEmpty)),
        (desk.file("doctype.xml", doctype.as_bytes()), Some(ErrorCode::UnsafeXml)),
        (desk.file("feil.xml", wrong.as_bytes()), Some(ErrorCode::SchemaInvalid)),
        (large, Some(ErrorCode::FileTooLarge)),
        (missing, Some(ErrorCode::FileMissing)),
        (folder, Some(ErrorCode::FileIsFolder)),
        (pipe, Some(ErrorCode::FileUnreadable)),
        (desk.file("god.xml", good.as_bytes()), None),
    ];
    let (paths, wanted): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let cards = office.open_paths(paths).await;
    let found: Vec<_> = cards.iter().map(problem).collect();
    assert_eq!(found, wanted);
    let schema = cards.iter().find(|card| problem(card) == Some(ErrorCode::SchemaInvalid)).unwrap();
    assert!(!schema.check.findings.is_empty() && schema.check.findings[0].xml_line.is_some(), "{schema:#?}");
    for card in &cards {
        let refused = office.check(&card.id).await.unwrap_err().code;
        assert_eq!(refused, problem(card).unwrap_or(ErrorCode::NeedsSignIn), "{}", card.file_name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_encodings_are_read_and_sent_as_they_are() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let text = sample();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(text.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let path = desk.file("utf16.xml", &utf16);
    let card = office.open_paths(vec![path]).await.remove(0);
    let content = card.content.unwrap();
    assert_eq!(content.sha256, crate::desk::sha256(&utf16));
    assert_eq!(content.assessed_vat, "79857");
    let latin = office.open_sample("ronvik").await.unwrap();
    assert!(latin.content.is_some(), "{:#?}", latin.problem);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_brings_the_returns_in_it() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let first = desk.file("klienter/a/mva.xml", sample().as_bytes());
    desk.file("klienter/b/mva.XML", samples::by_id("vika").unwrap().bytes);
    desk.file("klienter/uten-ending", samples::by_id("dalheim").unwrap().bytes);
    desk.file("klienter/notat.txt", b"Husk fristen");
    desk.file("klienter/.skjult.xml", b"<x/>");
    desk.file("klienter/feil.xml", b"<x/>");
    let folder = first.parent().unwrap().parent().unwrap().to_owned();
    symlink(&folder, folder.join("rundt")).unwrap();
    let cards = office.open_paths(vec![folder]).await;
    let mut names: Vec<_> = cards.iter().map(|card| (card.file_name.as_str(), problem(card))).collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    names.dedup();
    assert_eq!(
        names,
        [("feil.xml", Some(ErrorCode::NotAReturn)), ("mva.XML", None), ("mva.xml", None), ("uten-ending", None)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_return_lies_open_once_and_can_be_put_away() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let path = desk.file("mva.xml", sample().as_bytes());
    let first = office.open_paths(vec![path.clone()]).await.remove(0);
    let second = office.open_paths(vec![path]).await.remove(0);
    assert_eq!(first.id, second.id);
    assert_eq!(office.start_view().cards.len(), 1);
    office.close_card(&first.id).unwrap();
    assert!(office.start_view().cards.is_empty());
    assert_eq!(office.close_card(&first.id).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(office.open_sample("nei").await.unwrap_err().code, ErrorCode::NotFound);
}
