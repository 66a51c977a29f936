//! What is opened is kept: returns as they were dropped, what goes with them and with drafts, and what was made from SAF-T.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use drafts::Origin;
use office::Office;
use view::{BooksState, DraftOriginName, ErrorCode, FilingState, OfficeEvent};

use crate::{
    attachments::two_attachments,
    desk::{Desk, INGRID, until},
};

const FJORDLYS: &str = "311797816";

fn sample(id: &str) -> Vec<u8> {
    vat_return::samples::by_id(id).unwrap().bytes.to_vec()
}

async fn drop_on(office: &Arc<Office>, paths: Vec<PathBuf>) -> Vec<view::ReturnCard> {
    office.returns().open_dropped(paths, None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_was_dropped_is_there_after_a_restart_byte_for_byte_with_what_goes_with_it() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let bytes = sample("fjordlys");
    let mut paths = vec![desk.file("eksport.xml", &bytes)];
    drop_on(&office, paths.clone()).await;
    drop_on(&office, two_attachments(&desk)).await;
    // The same file twice is one draft.
    drop_on(&office, std::mem::take(&mut paths)).await;
    let rows = office.drafts().overview().unwrap().open;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let lying = &office.start_view().cards[0];
    assert_eq!((rows[0].dropped, rows[0].card.as_deref()), (true, Some(lying.id.as_str())));
    office.close().await;
    drop(office);

    let office = desk.open_as(INGRID).await;
    assert!(office.start_view().cards.is_empty());
    let row = office.drafts().overview().unwrap().open.remove(0);
    assert_eq!((row.org_number.as_deref(), row.file.as_deref(), row.card), (Some(FJORDLYS), Some("eksport.xml"), None));
    assert_eq!(office.drafts().original(&row.id).unwrap(), Some(("eksport.xml".to_owned(), bytes)));
    let card = office.drafts().make_return(&row.id).await.unwrap();
    assert_eq!((card.file_name.as_str(), card.draft, card.attachments.len()), ("eksport.xml", None, 2));
    assert!(card.attachments.iter().all(|it| it.problem.is_none()), "{:#?}", card.attachments);
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await[0]["attachments"], 2);
    let drafts = office.drafts().overview().unwrap();
    assert!(drafts.open.is_empty(), "filed is closed");
    assert!(drafts.discarded[0].filed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_is_closed_lies_in_the_wastebasket_and_comes_back_with_its_card() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let cards =
        drop_on(&office, vec![desk.file("a.xml", &sample("fjordlys")), desk.file("b.xml", &sample("vika"))]).await;
    let count = |discarded: bool| office.drafts().list(discarded).unwrap().len();
    assert_eq!((cards.len(), count(false), count(true)), (2, 2, 0));
    office.returns().close_card(&cards[0].id).unwrap();
    assert_eq!((count(false), count(true)), (1, 1));
    office.returns().reopen_cards().unwrap();
    assert_eq!((count(false), count(true)), (2, 0));
    // Thrown away in the list it lies open no longer.
    let id = office.drafts().list(false).unwrap()[0].id.to_string();
    office.drafts().discard(&id, false).unwrap();
    assert_eq!(office.start_view().cards.len(), 1);
    let view = office.drafts().take_back(&id).unwrap();
    assert!(!view.discarded);
    assert_eq!((count(false), count(true)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_mended_is_the_same_draft_with_the_file_as_it_was_and_its_attachments() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let faulty = String::from_utf8(sample("fjordlys")).unwrap().replace("<sats>25</sats>", "<sats>25.0</sats>");
    drop_on(&office, vec![desk.file("feil.xml", faulty.as_bytes())]).await;
    let card = office.start_view().cards.remove(0);
    drop_on(&office, two_attachments(&desk)).await;
    let before = office.drafts().list(false).unwrap();
    let view = office.drafts().mend_card(&card.id).unwrap();
    assert_eq!(before.iter().map(|it| it.id.to_string()).collect::<Vec<_>>(), [view.id.as_str()]);
    assert!(!view.mended.is_empty());
    assert_eq!(view.attachments.len(), 2, "{:#?}", view.attachments);
    let row = office.drafts().overview().unwrap().open.remove(0);
    assert_eq!((row.dropped, row.origin), (false, DraftOriginName::Return));
    office.close().await;
    drop(office);
    let office = desk.open_as(INGRID).await;
    let card = office.drafts().make_return(&view.id).await.unwrap();
    assert!(card.mended && card.attachments.len() == 2);
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    assert_eq!(fs::read(folder.join("original.xml")).unwrap(), faulty.as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_put_on_a_draft_and_taken_off_and_what_cannot_go_is_said() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let id = office.drafts().begin(Some(FJORDLYS)).unwrap().id;
    let view = office.drafts().attach(&id, two_attachments(&desk)).await.unwrap();
    assert_eq!(view.attachments.len(), 2);
    let refused = office.drafts().attach(&id, vec![desk.file("notat.txt", b"Husk")]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::AttachmentType);
    // Dropped on the window while the draft is shown it goes with the draft.
    office.returns().aim(Some(id.clone()));
    let cards = drop_on(&office, vec![desk.file("enda en.pdf", b"%PDF-1.7 tre")]).await;
    assert!(cards.is_empty(), "{cards:#?}");
    let view = office.drafts().view(&id).unwrap();
    assert_eq!(view.attachments.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().len(), 3);
    let view = office.drafts().detach(&id, &view.attachments[0].id).unwrap();
    assert_eq!(view.attachments.len(), 2);
    office.close().await;
    drop(office);
    let office = desk.open().await;
    let files = office.drafts().attachments(&id).unwrap();
    assert_eq!(files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Årsoppgjør.png", "enda en.pdf"]);
    assert_eq!(fs::read(&files[1].1).unwrap(), b"%PDF-1.7 tre");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_made_from_saf_t_is_kept_with_what_it_was_made_of_and_can_be_written_on() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let path = desk.file("SAF-T Financial_311797816_1_1.xml", &filing::saft_sample("saft-fjordlys").unwrap().1);
    drop_on(&office, vec![path]).await;
    for _ in 0..1000 {
        if office.books().list().unwrap().iter().any(|it| it.state != BooksState::Reading) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let books = office.books().list().unwrap().remove(0).id;
    office.books().make_return(&books).await.unwrap();
    office.close().await;
    drop(office);

    let office = desk.open_as(INGRID).await;
    let row = office.drafts().overview().unwrap().open.remove(0);
    assert_eq!((row.origin, row.dropped), (DraftOriginName::Books, true));
    let card = office.drafts().make_return(&row.id).await.unwrap();
    let origin = card.origin.clone().unwrap();
    assert!(origin.books.is_none() && origin.vouchers > 0);
    assert_eq!(origin.files[0].name, "SAF-T Financial_311797816_1_1.xml");
    // Opened as a draft it can be written on, and its reconciliation goes with it still.
    let view = office.drafts().mend_card(&card.id).unwrap();
    assert_eq!((view.id.as_str(), view.origin), (row.id.as_str(), DraftOriginName::Books));
    let card = office.drafts().make_return(&view.id).await.unwrap();
    assert!(card.origin.is_some());
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    let names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().any(|name| name == "avstemming.csv"), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_program_that_changes_a_draft_is_told_of() {
    let desk = Desk::new().await;
    let (one, other) = (desk.open().await, desk.open().await);
    let mut events = one.events();
    let own = one.drafts().begin(Some(FJORDLYS)).unwrap();
    // What this one does itself it need not be told.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    while let Ok(event) = events.try_recv() {
        assert!(!matches!(event, OfficeEvent::Drafts), "its own change");
    }
    let stored = other.drafts().get(&own.id).unwrap();
    let mut draft = stored.draft.clone();
    draft.add("31");
    draft.origin = Origin::Typed;
    other.drafts().change(&own.id, stored.revision, &draft).unwrap();
    let told = tokio::time::timeout(Duration::from_secs(10), async {
        while !matches!(events.recv().await.unwrap(), OfficeEvent::Drafts) {}
    });
    told.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_ten_times_the_last_one_is_asked_about_and_stops_nothing() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let card = drop_on(&office, vec![desk.file("sist.xml", &sample("fjordlys"))]).await.remove(0);
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let view = office.drafts().begin(Some(FJORDLYS)).unwrap();
    let before = view.before.clone().unwrap();
    assert_eq!(before.period, card.content.unwrap().period, "whose codes it began with");
    let line = view.groups.iter().flat_map(|group| &group.lines).find(|line| line.has_base).unwrap().id;
    let typed = |text: &str| {
        let field = view::DraftFieldName::Base;
        view::DraftEdit::Type { line, field, text: text.to_owned() }
    };
    let view = office.drafts().edit(&view.id, view.revision, &[typed("40 000 000")]).unwrap();
    let asked = view.findings.iter().find(|it| it.identifier == "tenfold").unwrap();
    let said = (asked.title.as_deref().unwrap(), asked.message.as_deref().unwrap());
    assert!(said.0.starts_with("stemmer") && said.1.contains("ti ganger"), "{asked:#?}");
    assert_eq!(asked.severity, view::SeverityName::Deviating);
    let view = office.drafts().edit(&view.id, view.revision, &[typed("4 000")]).unwrap();
    assert!(!view.findings.iter().any(|it| it.identifier == "tenfold"));
}
