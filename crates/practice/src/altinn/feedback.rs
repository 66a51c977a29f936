//! Skatteetaten's feedback: payment information at once, the rest after a while (apis.md 1.4 steps 7 to 9).

use super::app::shape;
use super::instance::{Event, Instance, RETURN};
use super::policy::Action;
use super::storage::{find, shown};
use super::{SKD, user};
use crate::authorities::Authorities;
use crate::receipt::{self, Payment};
use crate::reply::{self, Reply};
use crate::settings::ResultShape;
use crate::skatteetaten::{Deviation, Outcome};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// What the person who waits for `feedback` is kept waiting at most.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

/// `betalingsinformasjon`, as soon as the return is sent.
pub(super) fn add_payment(authorities: &Authorities, instance: &mut Instance, now: Timestamp) {
    let content = instance.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
    let Some(payment) = payment(authorities, instance, &content, now) else { return };
    let xml = payment.xml();
    let name = Some("betalingsinformasjon.xml".to_owned());
    instance.add("betalingsinformasjon", name, "text/xml", xml.into(), SKD, now);
}

fn payment(authorities: &Authorities, instance: &Instance, content: &[u8], now: Timestamp) -> Option<Payment> {
    let _ = authorities;
    Payment::of(content, instance.id(), &instance.company, now)
}

/// Gives the feedback when its time has come. Called whenever somebody looks.
pub(super) fn settle(authorities: &Authorities, instance: &mut Instance) {
    let now = authorities.clock.now();
    let Some(pending) = instance.pending.take_if(|pending| pending.at <= now) else { return };
    // In the documented example the files come within two seconds before the end.
    let before_end = |milliseconds| {
        pending
            .at
            .saturating_sub(SignedDuration::from_millis(milliseconds))
            .unwrap_or(pending.at)
            .max(instance.task_started)
    };
    let (validated, printed) = (before_end(1_789), before_end(580));
    let mut assessment = pending.assessment.clone();
    if pending.rejected {
        // What a late rejection looks like is not published (apis.md section 9): the result says ugyldig, there is no
        // receipt, and the substatus is another.
        assessment.outcome = Outcome::Invalid;
        assessment.deviations.push(Deviation {
            path: "/mvaMeldingDto".into(),
            vat_code: None,
            line: None,
            column: None,
            reason: "Mva-meldingen ble avvist ved mottak.".into(),
            kind: Outcome::Invalid,
            code: "MOTTAK_AVVIST".into(),
            rule: "Øving: avvisning etter at meldingen er sendt.".into(),
            detail: None,
        });
    }
    let settings = authorities.settings().skatteetaten;
    let xml = assessment.write(ResultShape::Current, settings.null_vat_code);
    let name = Some("valideringsresultat.xml".to_owned());
    instance.add("valideringsresultat", name, "text/xml", xml.into(), SKD, validated);
    // The result stands before the payment information in the example.
    let last = instance.data.len() - 1;
    if let Some(place) = instance.data.iter().position(|element| element.data_type == "betalingsinformasjon") {
        instance.data[place..=last].rotate_right(1);
    }
    if pending.rejected {
        instance.substatus = Some(("Avvist", "Mva-meldingen er avvist av Skatteetaten."));
    } else {
        let content = instance.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
        let delivered = instance.task_started;
        if let Some(payment) = payment(authorities, instance, &content, delivered) {
            let pdf = receipt::pdf(&payment, &content, &pending.actor, delivered, assessment.outcome);
            let name = Some("kvittering.pdf".to_owned());
            instance.add("kvittering", name, "application/pdf", pdf.into(), SKD, printed);
        }
        instance.substatus = Some(("Mottatt", "Mva-meldingen er levert og mottatt av Skatteetaten."));
    }
    if let Some(task) = instance.task.take() {
        let end = |kind, element_id| Event { kind, element_id, at: pending.at, by: SKD.into() };
        instance.events.push(end("process_EndTask", Some(task.element_id())));
        instance.events.push(end("process_EndEvent", Some("EndEvent_1")));
    }
    instance.ended = Some(pending.at);
    let confirmed = pending.at.saturating_add(SignedDuration::from_millis(407)).unwrap_or(pending.at);
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

/// `GET …/feedback`: answers with the instance when the feedback has come, and not before.
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
