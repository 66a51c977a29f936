//! Skatteetaten's feedback: payment information first, verdict, receipt and the end each in its time (apis.md 1.4 steps 7
//! to 9, 1.9).

use super::app::shape;
use super::policy::Action;
use super::storage::{find, shown};
use super::user;
use crate::assessment::{Assessment, Deviation, Outcome};
use crate::authorities::Authorities;
use crate::receipt::{self, Payment};
use crate::reply::{self, Reply};
use crate::settings::{FeedbackVerdict, ResultShape, SkatteetatenSettings};
use crate::state::{Event, Instance, Pending, RETURN, SKD};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// What the person who waits for `feedback` is kept waiting at most.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

fn add_payment(instance: &mut Instance, at: Timestamp) {
    let content = instance.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
    let Some(payment) = Payment::of(&content, instance.id(), &instance.company, instance.task_started) else { return };
    let xml = payment.xml();
    let name = Some("betalingsinformasjon.xml".to_owned());
    instance.add("betalingsinformasjon", name, "text/xml", xml.into(), SKD, at);
}

/// Gives what has come of the feedback by now. Called whenever somebody looks.
pub(super) fn settle_feedback(authorities: &Authorities, instance: &mut Instance) {
    let now = authorities.clock.now();
    let Some(mut pending) = instance.pending.take() else { return };
    if let Some(at) = pending.at.take() {
        (pending.result, pending.receipt, pending.end) = (Some(at), Some(at), Some(at));
        if pending.rejected {
            pending.verdict = FeedbackVerdict::Invalid;
        }
    }
    let settings = authorities.settings().skatteetaten;
    // In the documented example the files come within two seconds before the end.
    let earliest = instance.task_started;
    let before_end = |at: Timestamp, milliseconds| {
        at.saturating_sub(SignedDuration::from_millis(milliseconds)).unwrap_or(at).max(earliest)
    };
    let rejected = pending.verdict == FeedbackVerdict::Invalid;
    if let Some(at) = pending.payment.take_if(|at| *at <= now) {
        add_payment(instance, at);
    }
    if let Some(at) = pending.result.take_if(|at| *at <= now) {
        add_result(instance, &pending, &settings, before_end(at, 1_789));
    }
    if let Some(at) = pending.receipt.take_if(|at| *at <= now)
        && !(rejected && settings.rejection_shows)
    {
        let content = instance.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
        let delivered = instance.task_started;
        if let Some(payment) = Payment::of(&content, instance.id(), &instance.company, delivered) {
            let pdf = receipt::pdf(&payment, &content, &pending.actor, delivered, pending.assessment.outcome);
            let name = Some("kvittering.pdf".to_owned());
            instance.add("kvittering", name, "application/pdf", pdf.into(), SKD, before_end(at, 580));
        }
    }
    if let Some(at) = pending.end.take_if(|at| *at <= now) {
        end(instance, at, rejected && settings.rejection_shows);
    }
    instance.pending = Some(pending).filter(|pending| !pending.is_over());
}

/// `valideringsresultat`, as the plan has it.
fn add_result(instance: &mut Instance, pending: &Pending, settings: &SkatteetatenSettings, at: Timestamp) {
    let mut assessment = pending.assessment.clone();
    let mut say = |outcome: Outcome, code: &str, reason: &str| {
        assessment.outcome = outcome;
        assessment.deviations.push(Deviation {
            path: "/mvaMeldingDto".into(),
            vat_code: None,
            line: None,
            column: None,
            reason: reason.into(),
            kind: outcome,
            code: code.into(),
            rule: "Øving: svaret etter at meldingen er sendt.".into(),
            detail: None,
        });
    };
    match pending.verdict {
        FeedbackVerdict::Assessed
        | FeedbackVerdict::UnknownWord
        | FeedbackVerdict::OtherNamespace
        | FeedbackVerdict::Unreadable => {}
        FeedbackVerdict::Accepted => assessment = Assessment::default(),
        FeedbackVerdict::Deviating => say(Outcome::Deviating, "MOTTAK_AVVIK", "Summen avviker fra det som er ventet."),
        FeedbackVerdict::Incomplete => {
            say(Outcome::Incomplete, "MOTTAK_MANGEL", "Det mangler opplysninger i meldingen.")
        }
        FeedbackVerdict::Invalid => say(Outcome::Invalid, "MOTTAK_AVVIST", "Mva-meldingen ble avvist ved mottak."),
        FeedbackVerdict::Missing => return,
    }
    let mut xml = assessment.write(ResultShape::Current, settings.null_vat_code);
    match pending.verdict {
        FeedbackVerdict::UnknownWord => xml = xml.replace(assessment.outcome.current(), "under behandling"),
        FeedbackVerdict::OtherNamespace => xml = xml.replace("valideringsresultat:v1\"", "valideringsresultat:v2\""),
        FeedbackVerdict::Unreadable => xml.truncate(xml.find("avvikVed").unwrap_or(xml.len() / 2)),
        _ => {}
    }
    let name = Some("valideringsresultat.xml".to_owned());
    instance.add("valideringsresultat", name, "text/xml", xml.into(), SKD, at);
    // The result stands before the payment information in the example.
    let last = instance.data.len() - 1;
    if let Some(place) = instance.data.iter().position(|element| element.data_type == "betalingsinformasjon") {
        instance.data[place..=last].rotate_right(1);
    }
}

/// The process ends, with a label. One that was rejected ends as one that was accepted (apis.md 1.9).
fn end(instance: &mut Instance, at: Timestamp, shows_rejection: bool) {
    instance.substatus = Some(if shows_rejection {
        ("Avvist", "Mva-meldingen er avvist av Skatteetaten.")
    } else {
        ("Mottatt", "Mva-meldingen er levert og mottatt av Skatteetaten.")
    });
    if let Some(task) = instance.task.take() {
        let end = |kind, element_id| Event { kind, element_id, at, by: SKD.into() };
        instance.events.push(end("process_EndTask", Some(task.element_id())));
        instance.events.push(end("process_EndEvent", Some("EndEvent_1")));
    }
    instance.ended = Some(at);
    let confirmed = at.saturating_add(SignedDuration::from_millis(407)).unwrap_or(at);
    instance.confirmed = Some(confirmed);
    instance.touch(SKD, confirmed);
}

/// `GET …/feedback/status`.
pub(super) async fn status(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    if !authorities.settings().altinn.feedback_endpoints {
        return reply::empty(StatusCode::NOT_FOUND);
    }
    shown(&authorities, &headers, (&party, &guid), |_, instance| {
        reply::json(StatusCode::OK, &json!({ "isFeedbackProvided": instance.ended.is_some() }))
    })
}

/// `GET …/feedback`: answers with the instance when the feedback has come. Before that 409 (apis.md 1.9), or it keeps the
/// caller waiting, as the old documentation says.
pub(super) async fn wait(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    if !authorities.settings().altinn.feedback_endpoints {
        return reply::empty(StatusCode::NOT_FOUND);
    }
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let waited_until = tokio::time::Instant::now() + LONGEST_WAIT;
    loop {
        {
            let mut storage = authorities.altinn();
            match find(&authorities, &mut storage, &user, &party, &guid, Action::Read) {
                Ok(instance) if instance.ended.is_some() => {
                    let answer = reply::json(StatusCode::OK, &shape(&authorities).instance(instance, true));
                    return reply::traced(answer, user.name, None);
                }
                Ok(instance) if !authorities.settings().altinn.feedback_waits => {
                    let text = format!("Instance {} has not yet received feedback. Try again later.", instance.id());
                    return reply::traced(reply::negotiated(StatusCode::CONFLICT, &headers, &text), user.name, None);
                }
                Ok(_) => {}
                Err(refusal) => return *refusal,
            }
        }
        if tokio::time::Instant::now() >= waited_until {
            return reply::traced(reply::empty(StatusCode::GATEWAY_TIMEOUT), user.name, None);
        }
        // The practice clock can be moved, so the end cannot be slept for in one go.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
