//! What the window shows of a filing.

use filing::{
    archive::{Archive, RECEIPT, SENT_ENVELOPE, SENT_RETURN},
    filings::{self, Entry, Filing, JournalLine, RESULT, RETURN},
    table::{Payable, invented},
};
use rusqlite::Connection;
use rust_decimal::Decimal;
use store::database::DatabaseError;
use vat_return::{Language, validation_result::ValidationResult};
use view::{
    ArchivedFile, EnvironmentName, FiledAttachmentView, FilingRow, FilingState, FilingView, FindingView, PaymentView,
    StepName, StepState, StepView, TimelineEntry, Verdict,
    texts::{kind, kroner, moment},
};

use crate::cards::authority_findings;

const STEPS: [StepName; 8] = [
    StepName::Instance,
    StepName::Envelope,
    StepName::Return,
    StepName::Attachments,
    StepName::Fill,
    StepName::Confirm,
    StepName::Feedback,
    StepName::Archive,
];

/// A filing with everything.
pub(crate) fn view(
    db: &Connection,
    filing: &Filing,
    archive: &Archive,
    language: Language,
) -> Result<FilingView, DatabaseError> {
    let journal = filings::journal(db, filing.number)?;
    let timeline = filings::timeline(db, filing.number)?;
    let attachments = filings::attachments(db, filing.number)?;
    // Named whole, so that a new field is either shown, here or in the row, or left out knowingly.
    let Filing {
        id,
        authorization,
        signed_by,
        correction,
        delivered,
        instance,
        problem,
        substatus,
        archive_folder,
        files,
        // Shown by the row.
        subject: _,
        company_name: _,
        assessed_vat: _,
        filed_by: _,
        state: _,
        begun_at: _,
        delivered_at: _,
        replaced: _,
        // Shown by `payment`, `deviations`, `steps` and the row.
        payment: _,
        verdict: _,
        step: _,
        // Not shown.
        number: _,
        sha256: _,
        file_name: _,
    } = filing;
    let archived = !files.is_empty();
    Ok(FilingView {
        id: id.to_string(),
        row: row(filing, language),
        steps: steps(filing, &journal, !attachments.is_empty()),
        authorization_id: authorization.as_ref().map(ToString::to_string),
        signed_by: signed_by.clone(),
        correction: *correction,
        attachments: attachments
            .into_iter()
            .map(|attachment| FiledAttachmentView {
                name: attachment.name,
                size: u32::try_from(attachment.size).unwrap_or(u32::MAX),
                uploaded: attachment.element.is_some(),
            })
            .collect(),
        problem: problem.clone().map(Into::into),
        delivered: *delivered,
        can_cancel: filing.can_cancel(),
        payment: payment(filing, language),
        deviations: deviations(db, filing, language)?,
        substatus: substatus.clone(),
        files: arranged(files),
        archive_folder: archive_folder
            .as_ref()
            .filter(|_| archived)
            .and_then(|folder| archive.path(folder).ok())
            .map(|path| path.display().to_string()),
        has_receipt: files.iter().any(|file| file.name == RECEIPT),
        instance: instance.as_ref().map(ToString::to_string),
        timeline: timeline.into_iter().map(|(at, event)| TimelineEntry { at: moment(at), event }).collect(),
    })
}

/// What to pay or what comes back, by the return's sum. KID and account are there only for what can be paid: not before the
/// verdict, and not for a claim that practice or the test environment has invented.
fn payment(filing: &Filing, language: Language) -> Option<PaymentView> {
    let told = filing.payment.as_ref()?;
    let pays = filing.assessed_vat > Decimal::ZERO;
    let payable = Payable::of(filing).payment();
    let environment = filing.subject.environment;
    Some(PaymentView {
        amount: kroner(if pays { told.amount } else { filing.assessed_vat }),
        kid: payable.and_then(|payment| payment.kid.as_ref()).map(ToString::to_string),
        account: payable.and_then(|payment| payment.account.clone()),
        due: told.due.filter(|_| pays).map(|due| due.to_string()),
        provisional: !filing.state.is_accepted(),
        invented: (environment != EnvironmentName::Production).then(|| {
            let nothing = crate::text(language, "filingView.doNotPay");
            format!("{} · {nothing}", invented(environment, language))
        }),
    })
}

/// What Skatteetaten has found in a delivered return.
fn deviations(db: &Connection, filing: &Filing, language: Language) -> Result<Vec<FindingView>, DatabaseError> {
    match filing.verdict {
        None | Some(Verdict::Accepted | Verdict::Missing | Verdict::Unreadable) => return Ok(Vec::new()),
        Some(Verdict::Deviating | Verdict::Incomplete | Verdict::Invalid | Verdict::Unknown) => {}
    }
    let Some(bytes) = filings::document(db, filing.number, RESULT)? else { return Ok(Vec::new()) };
    let Ok(result) = ValidationResult::read_outcome(&bytes) else { return Ok(Vec::new()) };
    let sent = filings::document(db, filing.number, RETURN)?.and_then(|bytes| vat_return::read(&bytes).ok());
    Ok(authority_findings(&result, sent.as_ref(), language))
}

/// Files in the order in which a person asks for them: what came back, what was sent, what tells of it.
fn arranged(files: &[ArchivedFile]) -> Vec<ArchivedFile> {
    const ORDER: [&str; 7] = [
        RECEIPT,
        "betalingsinformasjon.xml",
        "valideringsresultat.xml",
        SENT_RETURN,
        SENT_ENVELOPE,
        "tidslinje.txt",
        "instans.json",
    ];
    let place = |file: &ArchivedFile| ORDER.iter().position(|name| *name == file.name).unwrap_or(ORDER.len());
    let mut files = files.to_vec();
    files.sort_by_cached_key(|file| (place(file), file.name.clone()));
    files
}

/// A filing as a row of a list.
pub(crate) fn row(filing: &Filing, language: Language) -> FilingRow {
    let subject = &filing.subject;
    FilingRow {
        id: filing.id.to_string(),
        org_number: subject.org_number.to_string(),
        company_name: filing.company_name.as_deref().map(view::readable_name),
        period: subject.period.in_words(language),
        kind: kind(subject.category, subject.period, language),
        assessed_vat: kroner(filing.assessed_vat),
        state: filing.state,
        verdict: filing.verdict,
        replaced: filing.replaced,
        filed_by: filing.filed_by.clone(),
        begun_at: moment(filing.begun_at),
        delivered_at: filing.delivered_at.map(moment),
        environment: subject.environment,
        kid: Payable::of(filing).payment().and_then(|payment| payment.kid.as_ref()).map(ToString::to_string),
    }
}

fn steps(filing: &Filing, journal: &[JournalLine], has_attachments: bool) -> Vec<StepView> {
    let here = match filing.state {
        FilingState::Running | FilingState::WaitingAnswer => StepState::Running,
        FilingState::Queued
        | FilingState::Waiting
        | FilingState::WaitingSignature
        | FilingState::Received
        | FilingState::Refused
        | FilingState::Abandoned
        | FilingState::Rejected
        | FilingState::Unclear => StepState::Stopped,
    };
    STEPS
        .map(|step| {
            let of_step = |line: &&JournalLine| line.step == step && matches!(line.entry, Entry::Done | Entry::Found);
            // Attachments are done with the last of them.
            let attachments = step == StepName::Attachments;
            let done = if attachments { journal.iter().rfind(of_step) } else { journal.iter().find(of_step) };
            let done = done.map(|line| moment(line.at));
            let state = if attachments && !has_attachments {
                StepState::Skipped
            } else if matches!(filing.state, FilingState::Received | FilingState::Rejected) || step < filing.step {
                StepState::Done
            } else if step == filing.step {
                match (&done, filing.state) {
                    (Some(_), _) if !attachments => StepState::Done,
                    (_, FilingState::Queued) => StepState::Pending,
                    _ => here,
                }
            } else {
                StepState::Pending
            };
            StepView { step, state, at: done.filter(|_| state == StepState::Done) }
        })
        .to_vec()
}
