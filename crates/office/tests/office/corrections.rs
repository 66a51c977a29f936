//! A second version of a period: shown line by line, filed only when it is meant.

use vat_return::samples;
use view::{ErrorCode, FilingState, LineChange};

use crate::desk::{Desk, INGRID, checked_file, checked_sample, file_sample, until};

/// The sample with one line's amounts changed, sums and all.
fn corrected() -> Vec<u8> {
    let mut ret = vat_return::read(samples::by_id("fjordlys").unwrap().bytes).unwrap();
    let line = ret.lines.iter_mut().find(|line| line.code.value == "1" && line.base.is_none()).unwrap();
    line.vat.value -= rust_decimal::Decimal::from(1000);
    ret.assessed_vat.value -= rust_decimal::Decimal::from(1000);
    ret.write().into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_shown_line_by_line_and_filed_only_when_it_is_meant() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let first = file_sample(&office, "fjordlys").await;
    assert!(!first.correction);
    // From Historikk: the file for that period, chosen there.
    let path = desk.file("rettet.xml", &corrected());
    let card = office.returns().correct(&first.id, path).await.unwrap();
    let earlier = card.earlier.clone().unwrap();
    assert_eq!((earlier.filing.as_str(), earlier.filed_by.as_deref()), (first.id.as_str(), Some("Ingrid Solvang")));
    let difference = earlier.difference;
    assert_eq!((difference.assessed_before.as_str(), difference.assessed_after.as_str()), ("79857", "78857"));
    let changed: Vec<_> = difference.lines.iter().filter(|line| line.change != LineChange::Same).collect();
    assert_eq!(changed.len(), 1, "{changed:#?}");
    assert_eq!(changed[0].change, LineChange::Changed);
    let (before, after) = (changed[0].before.as_ref().unwrap(), changed[0].after.as_ref().unwrap());
    let number = |text: &str| text.parse::<i64>().unwrap();
    assert_eq!(number(&before.vat) - number(&after.vat), 1000);
    assert_eq!(after.code, "1");

    office.returns().check(&card.id).await.unwrap();
    // Never by accident: the first answer is a question.
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::AlreadyFiled);
    assert_eq!(desk.deliveries().await.len(), 1);
    let second = office.filings().file(&card.id, true).await.unwrap();
    let second = until(&office, &second.id, FilingState::Received).await;
    assert!(second.correction);
    assert_eq!(desk.deliveries().await.len(), 2);
    let first = office.filings().filing(&first.id).unwrap();
    assert!(first.row.replaced && !second.row.replaced);
    // What has been filed is still compared with what it replaced, not with itself.
    let card = office.start_view().cards.into_iter().find(|it| it.id == card.id).unwrap();
    assert_eq!(card.earlier.unwrap().filing, first.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_return_of_a_delivered_period_says_what_it_would_change() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let sample = checked_sample(&office, "fjordlys").await;
    assert!(sample.earlier.is_none());
    let filing = office.filings().file(&sample.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let same = checked_sample(&office, "fjordlys").await;
    assert!(same.earlier.unwrap().difference.none);
    let other = checked_file(&office, desk.file("rettet.xml", &corrected())).await;
    assert!(!other.earlier.unwrap().difference.none);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_period_cannot_replace_it() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let first = file_sample(&office, "fjordlys").await;
    let path = desk.file("annen.xml", samples::by_id("vika").unwrap().bytes);
    let refused = office.returns().correct(&first.id, path).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OtherPeriod);
    assert_eq!(refused.values["foundOrgNumber"], practice::world::VIKA);
    assert_eq!(office.start_view().cards.len(), 1, "nothing was opened");
    let broken = office.returns().correct(&first.id, desk.file("x.xml", b"<x/>")).await.unwrap_err();
    assert_eq!(broken.code, ErrorCode::NotAReturn);
}
