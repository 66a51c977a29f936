//! The receipt: what it says, that Norwegian letters can be read, and that every page says ØVING (apis.md 6.4).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;
#[path = "../../../tests/support/needed.rs"]
mod needed;

use common::World;
use practice::world::{ASTRID, FJORDLYS};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::process::Command;

async fn receipt(world: &World, org: &str, period: &str, ret: &str) -> Vec<u8> {
    let token = world.altinn(ASTRID).await;
    let envelope = common::envelope(org, period, "2026", "alminnelig");
    let instance = world.filled(&token, org, &envelope, ret).await;
    let first = world.next(&token, &instance).await;
    assert_eq!(first.status(), StatusCode::OK, "{}", first.text().await.unwrap());
    assert_eq!(world.next(&token, &instance).await.status(), StatusCode::OK);
    let finished = world.read(&token, &instance).await;
    let element = finished["data"].as_array().unwrap().iter().find(|e| e["dataType"] == "kvittering").unwrap().clone();
    let url = element["selfLinks"]["apps"].as_str().unwrap();
    world.http.get(url).bearer_auth(&token).send().await.unwrap().bytes().await.unwrap().to_vec()
}

/// The text of a PDF, if poppler is here; `None` otherwise.
fn text_of(pdf: &[u8], name: &str) -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf).unwrap();
    match Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&path).arg("-").output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ")),
        Err(_) => {
            needed::absent("pdftotext", &format!("pdftotext is not installed; the PDF lies at {}", path.display()));
            None
        }
    }
}

#[tokio::test]
async fn a_receipt_can_be_read() {
    let world = World::start().await;
    world.control(Method::POST, "/clock", json!({ "set": "2026-10-05T16:51:00Z" })).await;
    let ret = common::mva(FJORDLYS, "juli-august", "2026", 15_000);
    let pdf = receipt(&world, FJORDLYS, "juli-august", &ret).await;
    assert!(pdf.starts_with(b"%PDF-"));
    let Some(text) = text_of(&pdf, "kvittering.pdf") else { return };
    for expected in [
        "ØVING · IKKE SENDT TIL SKATTEETATEN · IKKE BETAL",
        "Fjordlys Interiør AS",
        "311 797 816 MVA",
        "Juli–august 2026",
        "Alminnelig næring",
        "5. oktober 2026 kl. 18.51",
        "Astrid Haug",
        "15 000 kr",
        "3117 9781 6202 604",
        "1234 56 78903",
        // 10 October 2026 is a Saturday.
        "12. oktober 2026",
        "25 000",
        "Side 1 av 1",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
}

#[tokio::test]
async fn a_long_return_has_pages_that_all_say_practice() {
    let world = World::start().await;
    let line = "<mvaSpesifikasjonslinje><mvaKode>3</mvaKode><grunnlag>100</grunnlag><sats>25</sats><merverdiavgift>25</merverdiavgift></mvaSpesifikasjonslinje>\n";
    let ret = common::mva(FJORDLYS, "juli-august", "2026", 15_000 + 25 * 90)
        .replace("</skattegrunnlagOgBeregnetSkatt>", &(line.repeat(90) + "</skattegrunnlagOgBeregnetSkatt>"));
    let pdf = receipt(&world, FJORDLYS, "juli-august", &ret).await;
    let Some(text) = text_of(&pdf, "kvittering-lang.pdf") else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 3, "{}", pages.len());
    for page in &pages {
        assert!(page.contains("IKKE BETAL") && page.contains(&format!("av {}", pages.len())), "{page}");
    }
}
