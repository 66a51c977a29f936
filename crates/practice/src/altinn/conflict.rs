//! The app's refusals in words, in the shapes that are published (apis.md 1.4, 2.2).

use crate::authorities::Authorities;
use crate::reply::{self, Reply};
use crate::settings::{AppVersion, ConflictShape, InvalidReturnShape};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

/// 409 at process/next with a text of the app's own validation.
pub(super) fn validation(authorities: &Authorities, text: &str) -> Reply {
    shaped(authorities, text, "Valideringsfeil")
}

/// 409 at process/next for an invalid return: the sentence and the validation result.
pub(super) fn invalid_return(authorities: &Authorities, result: &str) -> Reply {
    match authorities.settings().altinn.invalid_return_shape {
        InvalidReturnShape::XmlOnly => {
            reply::body(StatusCode::CONFLICT, "application/xml; charset=utf-8", result.to_owned())
        }
        InvalidReturnShape::TextAndXml => {
            shaped(authorities, &format!("Valideringsfeil: Ugyldig mva-melding\n{result}"), "UgyldigMvaMelding")
        }
    }
}

fn shaped(authorities: &Authorities, text: &str, code: &str) -> Reply {
    match authorities.settings().altinn.conflict_shape {
        ConflictShape::Text => reply::text(StatusCode::CONFLICT, text),
        ConflictShape::JsonString => reply::json(StatusCode::CONFLICT, &text),
        ConflictShape::Problem => reply::problem(
            StatusCode::CONFLICT,
            &json!({
                "title": "Validation failed for task",
                "detail": "1 validation errors found for task Task_1",
                "status": 409,
                "validationIssues": [{
                    "severity": 1,
                    "dataElementId": null,
                    "field": null,
                    "code": code,
                    "description": text,
                    "source": "Custom",
                    "noIncrementalUpdates": false,
                    "customTextKey": null,
                    "customTextParams": null,
                    "customTextParameters": null,
                }],
            }),
        ),
    }
}

/// 409 because the process does not stand where the call belongs: v7 a string, v8 a problem.
pub(super) fn process(authorities: &Authorities, headers: &HeaderMap, text: &str) -> Reply {
    match authorities.settings().altinn.app_version {
        AppVersion::V7 => reply::negotiated(StatusCode::CONFLICT, headers, text),
        AppVersion::V8 => {
            reply::problem(StatusCode::CONFLICT, &json!({ "title": "Process error", "detail": text, "status": 409 }))
        }
    }
}

/// 403 at process/next.
pub(super) fn forbidden_next(authorities: &Authorities, task: &str) -> Reply {
    match authorities.settings().altinn.app_version {
        AppVersion::V7 => reply::empty(StatusCode::FORBIDDEN),
        AppVersion::V8 => reply::problem(
            StatusCode::FORBIDDEN,
            &json!({
                "title": "Unauthorized",
                "detail": format!("User is not authorized to perform process next. Task ID:{task}"),
                "status": 403,
            }),
        ),
    }
}

/// 404.
pub(super) fn not_found(authorities: &Authorities, title: &str) -> Reply {
    match authorities.settings().altinn.app_version {
        AppVersion::V7 => reply::empty(StatusCode::NOT_FOUND),
        AppVersion::V8 => reply::problem(StatusCode::NOT_FOUND, &json!({ "title": title, "status": 404 })),
    }
}

/// 409 for writing to an archived or deleted instance.
pub(super) fn closed(authorities: &Authorities, headers: &HeaderMap, instance: &str) -> Reply {
    match authorities.settings().altinn.app_version {
        AppVersion::V7 => {
            let text = format!("Cannot upload data for archived or deleted instance {instance}");
            reply::negotiated(StatusCode::CONFLICT, headers, &text)
        }
        AppVersion::V8 => reply::problem(StatusCode::CONFLICT, &json!({ "title": "No current task", "status": 409 })),
    }
}
