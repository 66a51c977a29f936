//! What people drop: files that are no returns, folders, things that cannot be read.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use vat_return::samples;
use view::{ErrorCode, NeighbourName, OfficeEvent, ReturnCard};

use crate::desk::{Desk, heard};

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
    let cards = office.returns().open_paths(paths).await;
    let found: Vec<_> = cards.iter().map(problem).collect();
    assert_eq!(found, wanted);
    let schema = cards.iter().find(|card| problem(card) == Some(ErrorCode::SchemaInvalid)).unwrap();
    assert!(!schema.check.findings.is_empty() && schema.check.findings[0].xml_line.is_some(), "{schema:#?}");
    for card in &cards {
        let refused = office.returns().check(&card.id).await.unwrap_err().code;
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
    let card = office.returns().open_paths(vec![path]).await.remove(0);
    let content = card.content.unwrap();
    assert_eq!(content.sha256, crate::desk::sha256(&utf16));
    assert_eq!(content.assessed_vat, "79857");
    let latin = office.returns().open_sample("ronvik").await.unwrap();
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
    let cards = office.returns().open_paths(vec![folder]).await;
    let mut names: Vec<_> = cards.iter().map(|card| (card.file_name.as_str(), problem(card))).collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    assert_eq!(
        names,
        [("feil.xml", Some(ErrorCode::NotAReturn)), ("mva.XML", None), ("mva.xml", None), ("uten-ending", None)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn f05_what_is_left_out_is_a_card_that_says_so() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let own = desk.file("inne/egen.xml", sample().as_bytes());
    desk.file("ute/annen-kunde.xml", samples::by_id("vika").unwrap().bytes);
    desk.file("inne/._egen.xml", b"x");
    desk.file("inne/konvolutt.xml", b"<mvaMeldingInnsending/>");
    let folder = own.parent().unwrap().to_owned();
    for n in 0..3 {
        symlink("../ute", folder.join(format!("snarvei{n}"))).unwrap();
        symlink(".", folder.join(format!("rundt{n}"))).unwrap();
    }
    let opened = office.returns().open_counted(vec![folder]).await;
    let found: Vec<_> = opened.cards.iter().map(|card| (card.file_name.as_str(), problem(card))).collect();
    assert_eq!(found, [("egen.xml", None), ("snarvei0", Some(ErrorCode::LinkLeadsOut))]);
    let left = opened.cards[1].problem.as_ref().unwrap();
    assert_eq!((left.values["count"].as_str(), left.details.len()), ("3", 3));
    let passed = opened.passed;
    assert_eq!((passed.hidden, passed.again, passed.others, passed.left_out), (1, 3, 1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn f12_neighbours_are_known_and_packed_files_are_opened() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let verdict = b"<valideringsresultat><avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering>\
        </valideringsresultat>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("klient/mva.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, sample().as_bytes()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let torn = &zip[..zip.len() - 30];
    let saft = b"<AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"/>";
    let cards = office
        .returns()
        .open_paths(vec![
            desk.file("eksport.zip", &zip),
            desk.file("torn.zip", torn),
            desk.file("svar.xml", verdict),
            desk.file("saft.xml", saft),
            desk.file("logg inn.html", b"<!DOCTYPE html><html/>"),
        ])
        .await;
    let found: Vec<_> = cards
        .iter()
        .map(|card| (card.file_name.as_str(), problem(card), card.neighbour.as_ref().map(|neighbour| neighbour.kind)))
        .collect();
    assert_eq!(
        found,
        [
            ("eksport.zip/klient/mva.xml", None, None),
            ("torn.zip", Some(ErrorCode::PackedUnreadable), None),
            ("svar.xml", Some(ErrorCode::NotAReturn), Some(NeighbourName::ValidationResult)),
            ("saft.xml", Some(ErrorCode::NotAReturn), Some(NeighbourName::SafTFinancial)),
            ("logg inn.html", Some(ErrorCode::NotXml), Some(NeighbourName::WebPage)),
        ]
    );
    let shown = cards[2].neighbour.as_ref().unwrap();
    assert_eq!(shown.facts[0].value, "Ugyldig: ikke godtatt");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programs_own_archive_is_one_card_that_offers_the_history() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let manifest = br#"{"version":2,"filing":"x","orgNumber":"311797816","assessedVat":"1","files":{}}"#;
    for n in 0..3 {
        desk.file(&format!("Momsbud/Fjordlys/{n}/mva-melding.xml"), sample().as_bytes());
        desk.file(&format!("Momsbud/Fjordlys/{n}/manifest.json"), manifest);
    }
    let archive = desk.file("Momsbud/.x", b"").parent().unwrap().to_owned();
    let cards = office.returns().open_paths(vec![archive]).await;
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].neighbour.as_ref().unwrap().kind, NeighbourName::OwnArchive);
    assert_eq!(cards[0].problem.as_ref().unwrap().values["count"], "3");
}

/// A folder of other documents that are called XML must not bury the returns in it: they share one row, which names them.
#[tokio::test(flavor = "multi_thread")]
async fn many_files_called_xml_that_are_no_returns_share_a_row_that_names_them() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let own = desk.file("klienter/mva.xml", sample().as_bytes());
    for n in 0..1_200 {
        desk.file(&format!("klienter/faktura/{n:04}.xml"), b"<faktura/>");
    }
    desk.file("klienter/brev/til kunden.txt", b"hei");
    let folder = own.parent().unwrap().to_owned();
    let opened = office.returns().open_counted(vec![folder]).await;
    let found: Vec<_> = opened.cards.iter().map(|card| (card.file_name.as_str(), problem(card))).collect();
    assert_eq!(found, [("mva.xml", None), ("klienter", Some(ErrorCode::NotReturns))]);
    let shared = opened.cards[1].problem.as_ref().unwrap();
    assert_eq!((shared.values["count"].as_str(), shared.details.len()), ("1200", 1_000));
    assert!(shared.details[0].starts_with("klienter/faktura/0000.xml: "), "{}", shared.details[0]);
    let named: Vec<_> = opened.passed.named.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(named, ["klienter/brev/til kunden.txt"]);
}

/// Few of them have a row each, as before.
#[tokio::test(flavor = "multi_thread")]
async fn three_files_called_xml_that_are_no_returns_have_a_row_each() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let folder = desk.file("klienter/mva.xml", sample().as_bytes()).parent().unwrap().to_owned();
    for n in 0..3 {
        desk.file(&format!("klienter/{n}.xml"), format!("<faktura n=\"{n}\"/>").as_bytes());
    }
    assert_eq!(office.returns().open_paths(vec![folder]).await.len(), 4);
}

/// What has no card of its own is counted and told: nothing of a folder is left out silently.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_folder_holds_beside_returns_is_counted_and_told() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let mut events = office.events();
    let mut passed = async |paths: Vec<PathBuf>| {
        office.returns().open_dropped(paths, None).await;
        let told = heard(&mut events).into_iter().filter_map(|event| match event {
            OfficeEvent::Passed { passed } => Some((passed.others, passed.hidden)),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let alone = desk.file("alone/mva.xml", sample().as_bytes());
    assert_eq!(passed(vec![alone]).await, []);
    desk.file("mixed/mva.xml", sample().as_bytes());
    desk.file("mixed/brev.docx", b"PK\x03\x04");
    desk.file("mixed/notat.txt", b"hei");
    let mixed = desk.file("mixed/.skjult.xml", sample().as_bytes()).parent().unwrap().to_owned();
    let [(others, hidden)] = passed(vec![mixed]).await[..] else { panic!("told once") };
    assert!(others >= 1, "{others}");
    assert_eq!(hidden, 1);
    // A SAF-T file becomes a delivery, and is none of the others.
    desk.file("saft/notat.txt", b"hei");
    let books = desk.file("saft/saft.xml", &filing::saft_sample("saft-fjordlys").unwrap().1);
    assert_eq!(passed(vec![books.parent().unwrap().to_owned()]).await, [(1, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_return_lies_open_once_and_can_be_put_away() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let path = desk.file("mva.xml", sample().as_bytes());
    let first = office.returns().open_paths(vec![path.clone()]).await.remove(0);
    let second = office.returns().open_paths(vec![path]).await.remove(0);
    assert_eq!(first.id, second.id);
    assert_eq!(office.start_view().cards.len(), 1);
    office.returns().close_card(&first.id).unwrap();
    assert!(office.start_view().cards.is_empty());
    assert_eq!(office.returns().close_card(&first.id).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(office.returns().open_sample("nei").await.unwrap_err().code, ErrorCode::NotFound);
}
