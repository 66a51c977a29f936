//! The process: utfylling, bekreftelse, tilbakemelding (apis.md 1.4 steps 6 and 7, 2.2).

use super::app::shape;
use super::envelope::{self, Facts};
use super::instance::NewerTask;
use super::policy::{Action, permits};
use super::storage::{find, shown};
use super::user::{self, User, check_scope};
use super::{conflict, feedback};
use crate::assessment::Outcome;
use crate::authorities::Authorities;
use crate::clock::seven_decimals;
use crate::faults::{Instruction, Instructions};
use crate::log::Delivery;
use crate::reply::{self, Reply};
use crate::settings::{AppVersion, ResultShape};
use crate::skatteetaten;
use crate::state::{ATTACHMENT, Instance, Pending, RETURN, Task};
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use vat_return::Remark;

/// `GET …/process`.
pub(super) async fn read(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    shown(&authorities, &headers, (&party, &guid), |user, instance| state(&authorities, user, instance))
}

/// The process state: version 7 the instance's, version 8 with what this user may do.
fn state(authorities: &Authorities, user: &User, instance: &Instance) -> Reply {
    let shape = shape(authorities);
    let newer = (shape.version == AppVersion::V8).then(|| {
        let may = |action| permits(&user.person, &instance.company, instance.task, action);
        let action = instance.task.map(Task::next_action);
        let name = if action == Some(Action::Confirm) { "confirm" } else { "write" };
        let mut actions = serde_json::Map::new();
        actions.insert("read".into(), json!(may(Action::Read)));
        actions.insert(name.into(), json!(action.is_some_and(may)));
        NewerTask {
            actions: Value::Object(actions),
            user_actions: json!([{ "id": name, "authorized": action.is_some_and(may), "type": "ProcessAction" }]),
            read: may(Action::Read),
            write: may(Action::Write),
            element_type: "Task",
        }
    });
    reply::json(StatusCode::OK, &shape.process_with(instance, newer))
}

/// `PUT …/process/next`. Not idempotent: every call is the next step, or refused.
pub(super) async fn next(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    Extension(instructions): Extension<Instructions>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.write") {
        return *refusal;
    }
    let action: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    match advance(&authorities, &user, &headers, &party, &guid, &action["action"], &instructions) {
        Ok(reply) => reply,
        Err(refusal) => reply::traced(*refusal, user.name, None),
    }
}

fn advance(
    authorities: &Authorities,
    user: &User,
    headers: &HeaderMap,
    party: &str,
    guid: &str,
    action: &Value,
    instructions: &Instructions,
) -> Result<Reply, Box<Reply>> {
    let standing = |instance: &Instance| match instance.task {
        _ if instance.soft_deleted.is_some() => Err(Box::new(conflict::closed(authorities, headers, &instance.id()))),
        None => Err(Box::new(conflict::process(authorities, headers, "Process is ended."))),
        Some(task) if permits(&user.person, &instance.company, Some(task), task.next_action()) => Ok(task),
        Some(task) => Err(Box::new(conflict::forbidden_next(authorities, task.element_id()))),
    };
    let before = {
        let mut storage = authorities.altinn();
        let instance = find(authorities, &mut storage, user, party, guid, Action::Read)?;
        let task = standing(instance)?;
        // An action that does not belong to the task is not authorised (apis.md 2.2).
        let wanted = if task.next_action() == Action::Confirm { "confirm" } else { "write" };
        if action.as_str().is_some_and(|action| action != wanted) {
            return Err(Box::new(conflict::forbidden_next(authorities, task.element_id())));
        }
        instance.clone()
    };
    // The validation of a large return takes its time; the storage is not held meanwhile.
    let mut assessment = None;
    match before.task {
        Some(Task::Fill) => {
            envelope::check(&before, &authorities.settings().altinn)
                .map_err(|text| Box::new(conflict::validation(authorities, &text)))?;
            let content = before.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
            let mut result = skatteetaten::assess(authorities, &content);
            if authorities.settings().altinn.refuses_returns {
                result.refuse();
            }
            if result.outcome == Outcome::Invalid {
                let xml = result.write(ResultShape::Current, false);
                return Err(Box::new(conflict::invalid_return(authorities, &xml)));
            }
            assessment = Some(result);
        }
        Some(Task::Confirm) => {
            envelope::check_names(&before).map_err(|text| Box::new(conflict::validation(authorities, &text)))?;
        }
        Some(Task::Feedback) | None => {}
    }
    let mut storage = authorities.altinn();
    let instance = find(authorities, &mut storage, user, party, guid, Action::Read)?;
    let task = standing(instance)?;
    if instance.last_changed != before.last_changed || instance.task != before.task {
        let text = "The instance was changed by somebody else meanwhile.";
        return Err(Box::new(conflict::process(authorities, headers, text)));
    }
    let now = authorities.clock.now();
    let effect = match task {
        Task::Fill => {
            fill(instance, user, now);
            instance.assessment = assessment;
            "utfylling completed".to_owned()
        }
        Task::Confirm => confirm(authorities, instance, user, now, instructions),
        // Nobody but Skatteetaten may write in the feedback task, so this is never reached by a user.
        Task::Feedback => return Err(Box::new(conflict::forbidden_next(authorities, task.element_id()))),
    };
    Ok(reply::traced(state(authorities, user, instance), user.name.clone(), Some(effect)))
}

fn log_file(what: &str, user: &User, now: jiff::Timestamp) -> Bytes {
    let line = json!({ what: [{ "bruker": user.name, "tidspunkt": seven_decimals(now) }] });
    Bytes::from(line.to_string())
}

/// Utfylling ends: its elements are locked, and utfyllingslogg is written (apis.md 1.4, "Finished instance").
fn fill(instance: &mut Instance, user: &User, now: jiff::Timestamp) {
    for element in &mut instance.data {
        element.locked = true;
    }
    let log = log_file("utfylling", user, now);
    instance.add("utfyllingslogg", Some("utfyllingslogg.json".into()), "application/json", log, &user.user_id, now);
    instance.move_to(Task::Confirm, &user.user_id, now);
}

/// Whether a remark of the return or of a line is in free text.
fn has_free_text(content: &[u8]) -> bool {
    let free = |remark: Option<&Remark>| matches!(remark, Some(Remark::Description(_)));
    vat_return::read(content)
        .is_ok_and(|ret| free(ret.remark.as_ref()) || ret.lines.iter().any(|line| free(line.remark.as_ref())))
}

/// Bekreftelse ends: Skatteetaten has the return.
fn confirm(
    authorities: &Authorities,
    instance: &mut Instance,
    user: &User,
    now: jiff::Timestamp,
    instructions: &Instructions,
) -> String {
    let log = log_file("signering", user, now);
    instance.add("signeringslogg", Some("signeringslogg.json".into()), "application/json", log, &user.user_id, now);
    instance.move_to(Task::Feedback, &user.user_id, now);
    let content = instance.of_type(RETURN).next().map(|element| element.bytes.clone()).unwrap_or_default();
    let Facts { period, year, category, .. } = envelope::facts_of_return(&content).unwrap_or_default();
    let sha256 = base16ct::lower::encode_string(&Sha256::digest(&content));
    let effect = format!("delivered {} {} {year} {category}", instance.company.org_number, period.1);
    authorities.log.deliver(Delivery {
        at: seven_decimals(now),
        instance: instance.id(),
        org_number: instance.company.org_number.clone(),
        period: period.1,
        year,
        category,
        sha256,
        attachments: instance.of_type(ATTACHMENT).count(),
        actor: user.name.clone(),
    });
    let settings = authorities.settings();
    let mut delay = settings.altinn.feedback_delay_seconds;
    let mut verdict = settings.skatteetaten.verdict;
    for instruction in &instructions.0 {
        match instruction {
            Instruction::FeedbackDelay(seconds) => delay = *seconds,
            Instruction::Verdict(told) => verdict = *told,
        }
    }
    let by_hand = settings.altinn.free_text_by_hand && has_free_text(&content);
    let verdict_after =
        if by_hand { crate::situations::LATE } else { settings.altinn.verdict_delay_seconds.unwrap_or(delay) };
    let after = |seconds: f64| {
        if settings.altinn.never_processed {
            return Some(jiff::Timestamp::MAX);
        }
        let delay = SignedDuration::try_from_secs_f64(seconds).unwrap_or_default();
        Some(now.saturating_add(delay).unwrap_or(jiff::Timestamp::MAX))
    };
    instance.pending = Some(Pending {
        at: None,
        rejected: false,
        // "Med en gang mva-meldingen har blitt sendt helt inn" (apis.md 1.4, step 7); seen after half a minute (1.9).
        payment: after(settings.altinn.payment_delay_seconds),
        result: after(verdict_after),
        receipt: after(settings.altinn.receipt_delay_seconds.unwrap_or(delay)),
        end: after(delay),
        verdict,
        assessment: instance.assessment.clone().unwrap_or_default(),
        actor: user.name.clone(),
    });
    feedback::settle_feedback(authorities, instance);
    effect
}

/// `PUT …/process/completeProcess`: goes on until a task is not this user's, as the library does.
pub(super) async fn complete(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    Extension(instructions): Extension<Instructions>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    loop {
        if let Err(refusal) = advance(&authorities, &user, &headers, &party, &guid, &Value::Null, &instructions) {
            return reply::traced(*refusal, user.name, None);
        }
    }
}

/// `GET …/process/history`.
pub(super) async fn history(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    shown(&authorities, &headers, (&party, &guid), |_, instance| {
        let rows: Vec<Value> = instance
            .events
            .iter()
            .map(|event| {
                let at = seven_decimals(event.at);
                let ended = matches!(event.kind, "process_EndTask" | "process_EndEvent");
                json!({
                    "eventType": event.kind,
                    "elementId": event.element_id,
                    // "occured": the library's spelling.
                    "occured": at,
                    "started": (!ended).then(|| at.clone()),
                    "ended": ended.then(|| at.clone()),
                    "performedBy": event.by,
                })
            })
            .collect();
        reply::json(StatusCode::OK, &json!({ "processHistory": rows }))
    })
}

/// `GET …/validate`: the issues that would stop the current task.
pub(super) async fn validate(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let instance = {
        let mut storage = authorities.altinn();
        match find(&authorities, &mut storage, &user, &party, &guid, Action::Read) {
            Ok(instance) => instance.clone(),
            Err(refusal) => return *refusal,
        }
    };
    issues(&authorities, &headers, &user, &instance, None)
}

/// `GET …/data/{id}/validate`.
pub(super) async fn validate_element(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let instance = {
        let mut storage = authorities.altinn();
        match find(&authorities, &mut storage, &user, &party, &guid, Action::Read) {
            Ok(instance) => instance.clone(),
            Err(refusal) => return *refusal,
        }
    };
    if instance.element(&id).is_none() {
        return conflict::not_found(&authorities, "Data Element Not Found");
    }
    issues(&authorities, &headers, &user, &instance, Some(&id))
}

fn issues(
    authorities: &Authorities,
    headers: &HeaderMap,
    user: &User,
    instance: &Instance,
    element: Option<&str>,
) -> Reply {
    if instance.task.is_none() {
        return conflict::closed(authorities, headers, &instance.id());
    }
    let mut list = Vec::new();
    let mut issue = |severity: u8, field: Option<&str>, code: &str, description: &str| {
        list.push(json!({
            "severity": severity,
            "dataElementId": element,
            "field": field,
            "code": code,
            "description": description,
            "source": "Custom",
            "noIncrementalUpdates": false,
            "customTextKey": null,
            "customTextParams": null,
            "customTextParameters": null,
        }));
    };
    if instance.task == Some(Task::Fill) {
        if let Err(text) = envelope::check(instance, &authorities.settings().altinn) {
            issue(1, None, "Valideringsfeil", &text);
        }
        if let Some(content) = instance.of_type(RETURN).next() {
            for deviation in &skatteetaten::assess(authorities, &content.bytes).deviations {
                let severity = if deviation.kind == Outcome::Invalid { 1 } else { 2 };
                issue(severity, Some(&deviation.path), &deviation.code, &deviation.reason);
            }
        }
    }
    reply::traced(reply::json(StatusCode::OK, &list), user.name.clone(), None)
}
