//! The practice Skatteetaten: the validation service (apis.md 1.3). What it finds is `vat_return`'s check.

mod assess;
mod service;

pub(crate) use assess::{assess, period_values};
pub(crate) use service::failure;

use crate::authorities::Authorities;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use std::sync::Arc;

/// The routes of the validation.
pub(crate) fn router(authorities: &Arc<Authorities>) -> Router {
    Router::new()
        .route("/api/mva/grensesnittstoette/mva-melding/valider", post(service::validate))
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(authorities))
}
