//! What goes with a return: looked at before filing, sent once each, kept in the archive.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use vat_return::envelope::{AttachmentKind, Envelope};
use view::{Delivered, ErrorCode, FilingState, OfficeEvent, StepName, StepState, TimelineEvent};

use crate::desk::{Desk, INGRID, checked_sample, heard, reason, sha256, until, until_it};

const PDF: &[u8] = b"%PDF-1.7 kreditnota";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n bilde";

/// Two files of the person's own.
pub(crate) fn two_attachments(desk: &Desk) -> Vec<PathBuf> {
    vec![desk.file("Kreditnota 10482.pdf", PDF), desk.file("Bilag/Årsoppgjør.png", PNG)]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_closed_is_opened_again_with_its_check_and_its_attachments_and_is_filed() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    office.returns().open_paths(two_attachments(&desk)).await;
    office.returns().close_card(&card.id).unwrap();
    assert!(office.start_view().cards.is_empty());
    office.returns().reopen_cards().unwrap();
    let back = office.start_view().cards.into_iter().next().unwrap();
    assert_eq!((back.id.as_str(), back.attachments.len()), (card.id.as_str(), 2));
    assert!(back.check.authority_at.is_some());
    // Closed together with others it comes back in the same way; what is closed twice comes back once.
    office.returns().close_cards(std::slice::from_ref(&card.id));
    office.returns().reopen_cards().unwrap();
    office.returns().reopen_cards().unwrap();
    assert_eq!(office.start_view().cards.len(), 1);
    let begun = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &begun.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await[0]["attachments"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn attachments_travel_with_the_return_and_come_into_the_archive() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let mut events = office.events();
    let card = checked_sample(&office, "fjordlys").await;
    let files = two_attachments(&desk);
    // Onto the card that is shown; XML that is no return goes with it too.
    let mut paths = files.clone();
    paths.push(desk.file("faktura.xml", b"<?xml version='1.0'?><faktura><sum>1</sum></faktura>"));
    office.returns().open_paths(paths).await;
    let card = office.start_view().cards.into_iter().find(|it| it.id == card.id).unwrap();
    let listed: Vec<_> = card.attachments.iter().map(|it| (it.name.as_str(), it.ending.as_deref())).collect();
    let wanted = [("Kreditnota 10482.pdf", Some("pdf")), ("Årsoppgjør.png", Some("png")), ("faktura.xml", Some("xml"))];
    assert_eq!(listed, wanted);
    assert_eq!(office.start_view().cards.len(), 1);
    // What was checked is what is sent, whatever becomes of the files, or of a copy that somebody looks at.
    let copy = office.returns().attachment_to_look_at(&card.id, &card.attachments[0].id).unwrap();
    assert_eq!(copy.file_name().unwrap(), "Kreditnota 10482.pdf");
    assert_eq!(fs::read(&copy).unwrap(), PDF);
    fs::write(&copy, b"something else").unwrap();
    assert_eq!(office.returns().attachment_to_look_at(&card.id, "nothing").unwrap_err().code, ErrorCode::NotFound);
    for path in &files {
        fs::write(path, b"something else").unwrap();
    }
    let card = office.returns().detach(&card.id, &card.attachments[2].id).unwrap();
    let begun = office.filings().file(&card.id, false).await.unwrap();
    let filing = until(&office, &begun.id, FilingState::Received).await;
    assert!(filing.attachments.iter().all(|it| it.uploaded), "{filing:#?}");
    let step = filing.steps.iter().find(|step| step.step == StepName::Attachments).unwrap();
    assert_eq!(step.state, StepState::Done);
    assert!(filing.timeline.iter().any(|entry| entry.event == TimelineEvent::Attached));
    assert_eq!(desk.deliveries().await[0]["attachments"], 2);
    assert_eq!(desk.count("postAttachment").await, 2);

    let folder = office.filings().archive_path(&filing.id).unwrap();
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    for (name, bytes) in
        [("attachments/vedlegg 1 Kreditnota 10482.pdf", PDF), ("attachments/vedlegg 2 Årsoppgjør.png", PNG)]
    {
        assert_eq!(fs::read(folder.join(name)).unwrap(), bytes);
        assert_eq!(manifest["files"][name]["sha256"], sha256(bytes));
    }
    let envelope = Envelope::read(&fs::read(folder.join("konvolutt.xml")).unwrap()).unwrap();
    let named: Vec<_> = envelope
        .attachments
        .iter()
        .filter(|it| it.kind == AttachmentKind::Binary)
        .map(|it| (it.name.name.as_str(), it.name.extension.as_str()))
        .collect();
    assert_eq!(named, [("Kreditnota 10482", "pdf"), ("Årsoppgjør", "png")]);

    // The window heard how far it had come.
    let whole = (PDF.len() + PNG.len()) as u32;
    let told: Vec<(u32, u32)> = heard(&mut events)
        .into_iter()
        .filter_map(|event| match event {
            OfficeEvent::Upload { done, total, .. } => Some((done, total)),
            _ => None,
        })
        .collect();
    assert!(told.iter().all(|(done, total)| done <= total && *total == whole), "{told:?}");
    assert_eq!(told.last(), Some(&(whole, whole)));

    // The archive has them; the data folder keeps no second copy, and they can be fetched from Altinn again.
    assert!(!desk.data().join("attachments/filings").join(&filing.id).exists());
    fs::remove_dir_all(&folder).unwrap();
    office.filings().fetch_receipt_again(&filing.id).await.unwrap();
    assert_eq!(fs::read(folder.join("attachments/vedlegg 1 Kreditnota 10482.pdf")).unwrap(), PDF);
    assert!(!desk.data().join("attachments/filings").join(&filing.id).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_attached_is_shown_and_nothing_is_filed_before_it_is_gone() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let paths = vec![
        desk.file("bilde.pdf", PNG),
        desk.file("notat.txt", b"Husk fristen"),
        desk.file("tom.pdf", b""),
        desk.file("mva.xml", vat_return::samples::by_id("vika").unwrap().bytes),
    ];
    let card = office.returns().attach(&card.id, paths).await.unwrap();
    let codes: Vec<_> = card.attachments.iter().map(|it| it.problem.as_ref().unwrap().code).collect();
    let wanted = [
        ErrorCode::AttachmentMismatch,
        ErrorCode::AttachmentType,
        ErrorCode::AttachmentEmpty,
        ErrorCode::AttachmentIsReturn,
    ];
    assert_eq!(codes, wanted);
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::AttachmentMismatch);
    assert_eq!(desk.count("createInstance").await, 0);
    for attachment in &card.attachments {
        office.returns().detach(&card.id, &attachment.id).unwrap();
    }
    let begun = office.filings().file(&card.id, false).await.unwrap();
    assert_eq!(
        office.returns().attach(&card.id, two_attachments(&desk)).await.unwrap_err().code,
        ErrorCode::AttachmentLate
    );
    until(&office, &begun.id, FilingState::Received).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drop_is_sorted_by_what_is_in_it() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let sample = |id| vat_return::samples::by_id(id).unwrap().bytes;
    // One return and a file with it, whatever they are called.
    let paths = vec![desk.file("skannet", PDF), desk.file("a.pdf", PDF), desk.file("eksport.dat", sample("fjordlys"))];
    let opened = office.returns().open_paths(paths).await;
    assert_eq!(opened.len(), 1, "{opened:#?}");
    let names: Vec<_> = opened[0].attachments.iter().map(|it| (it.name.as_str(), it.problem.is_none())).collect();
    assert_eq!(names, [("skannet", false), ("a.pdf", true)], "a name without an ending is refused at Altinn");
    // Two returns and a file: nobody can say whose it is.
    let paths =
        vec![desk.file("vika.xml", sample("vika")), desk.file("b.pdf", PDF), desk.file("d.xml", sample("dalheim"))];
    let opened = office.returns().open_paths(paths).await;
    let alone: Vec<_> = opened.iter().filter_map(|card| card.problem.as_ref()).map(|it| it.code).collect();
    assert_eq!((opened.len(), alone), (3, vec![ErrorCode::AttachmentAlone]));
    // Onto the one that is shown.
    let shown = opened.iter().find(|card| card.file_name == "vika.xml").unwrap();
    office.returns().aim(Some(shown.id.clone()));
    let opened = office.returns().open_paths(vec![desk.file("c.pdf", PDF)]).await;
    assert_eq!((opened.len(), opened[0].id.as_str(), opened[0].attachments.len()), (1, shown.id.as_str(), 1));
    // Onto a row of the list, whichever is shown.
    let row = office.start_view().cards.into_iter().find(|card| card.file_name == "d.xml").unwrap();
    let opened = office.returns().open_dropped(vec![desk.file("e.pdf", PDF)], Some(row.id.clone())).await;
    assert_eq!((opened.len(), opened[0].id.as_str(), opened[0].attachments.len()), (1, row.id.as_str(), 1));
    // A row that has gone meanwhile is nobody's.
    let opened = office.returns().open_dropped(vec![desk.file("f.pdf", PDF)], Some("gone".to_owned())).await;
    assert_eq!(opened[0].problem.as_ref().map(|it| it.code), Some(ErrorCode::AttachmentAlone));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_refuses_an_attachment_ends_the_filing_with_its_words() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "postAttachment", "times": 0, "fault": {
        "kind": "status", "status": 400, "text": "Content type header application/pdf does not match mime type"
    }}))
    .await;
    let card = checked_sample(&office, "fjordlys").await;
    let card = office.returns().attach(&card.id, two_attachments(&desk)).await.unwrap();
    let begun = office.filings().file(&card.id, false).await.unwrap();
    let refused = until(&office, &begun.id, FilingState::Refused).await;
    assert_eq!((reason(&refused), refused.delivered), (Some(ErrorCode::FilingRefused), Delivered::No));
    assert_eq!(desk.count("deleteInstance").await, 1);
    assert!(desk.deliveries().await.is_empty());
    desk.no_more_faults().await;
    // The card still has its files.
    let again = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &again.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await[0]["attachments"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_does_not_send_an_attachment_twice() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "postAttachment", "fault": {"kind": "dropAfter"}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let card = office.returns().attach(&card.id, two_attachments(&desk)).await.unwrap();
    let begun = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &begun.id, FilingState::Received).await;
    assert_eq!((desk.count("postAttachment").await, desk.count("deleteData").await), (2, 0));
    assert_eq!(desk.deliveries().await[0]["attachments"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_file_that_has_changed_since_is_not_sent() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "postReturn", "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let card = office.returns().attach(&card.id, two_attachments(&desk)).await.unwrap();
    let begun = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &begun.id, FilingState::Waiting).await;
    let kept = desk.data().join("attachments/filings").join(&begun.id).join("1");
    fs::write(&kept, b"%PDF-1.7 another").unwrap();
    desk.no_more_faults().await;
    let stopped = until_it(&office, &begun.id, "stopped", |filing| reason(filing) == Some(ErrorCode::Internal)).await;
    assert_eq!((stopped.delivered, desk.count("postAttachment").await), (Delivered::No, 0));
}
