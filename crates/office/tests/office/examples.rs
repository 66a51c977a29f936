//! The official example returns, filed one after another (issue 2).

use std::{
    fs,
    path::{Path, PathBuf},
};

use view::FilingState;

use crate::desk::{Desk, checked_file, sha256, until};
use crate::official::official;

#[tokio::test(flavor = "multi_thread")]
async fn every_official_example_is_filed() {
    let Some(folder) = official("eksempler/melding") else { return };
    let desk = Desk::quick().await;
    let mut world = practice::world::World::synthetic();
    let mut returns = Vec::new();
    let mut files = Vec::new();
    gather(&folder, &mut files);
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let Ok(vat_return) = vat_return::read(&bytes) else { continue };
        returns.push((path, bytes, vat_return));
    }
    assert!(returns.len() >= 10, "{}", returns.len());
    world.companies.truncate(0);
    drop(world);
    let office = desk.open_as(practice::world::ASTRID).await;
    let companies = practice::world::World::synthetic().companies;
    let (mut filed, mut refused) = (Vec::new(), Vec::new());
    for (index, (path, bytes, vat_return)) in returns.iter().enumerate() {
        // A company of the practice, another for every example, and the last year whose periods are all over.
        let company = &companies[index % companies.len()].org_number;
        let text = String::from_utf8(bytes.clone()).unwrap();
        let year = vat_return.period.value.year.to_string();
        let text = text.replace(&format!("<aar>{year}</aar>"), "<aar>2025</aar>");
        let text = match &vat_return.org_number {
            Some(number) => text.replace(number.value.as_str(), company),
            None => text,
        };
        let name = path.file_name().unwrap().to_str().unwrap();
        let card = checked_file(&office, desk.file(&format!("{index}-{name}"), text.as_bytes())).await;
        assert!(card.content.is_some(), "{name}: {:#?}", card.problem);
        match office.filings().file(&card.id, false).await {
            Ok(filing) => {
                until(&office, &filing.id, FilingState::Received).await;
                filed.push((name.to_owned(), sha256(text.as_bytes())));
            }
            Err(error) => refused.push((name.to_owned(), error, card.check)),
        }
    }
    let mut delivered: Vec<String> =
        desk.deliveries().await.iter().map(|it| it["sha256"].as_str().unwrap().to_owned()).collect();
    let mut wanted: Vec<String> = filed.iter().map(|(_, sum)| sum.clone()).collect();
    delivered.sort();
    wanted.sort();
    assert_eq!(delivered, wanted);
    assert!(refused.is_empty(), "{refused:#?}");
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "xml") {
            files.push(path);
        }
    }
}
