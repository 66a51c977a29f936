//! The office register, as far as the engine asks it: who may file a period.
//!
//! A single user has none, and nothing is asked. Where there is one, the claim of the period is taken before anything is
//! written at the authority, renewed while the filing is under way, and asked for once more before the second
//! `process/next`: without the register's word that is not sent (`register::claim` says why that is enough).

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use register::{
    Delivery, Holder, RegisterError,
    claim::{Answer, Request, Token},
};
use tokio::task::JoinHandle;
use view::ids::FilingId;

use crate::filings::{Filing, Subject};

/// How often a claim is renewed: thrice within its lease.
const RENEWED: Duration = Duration::from_secs(30);

/// What the register answers.
#[derive(Debug)]
pub struct Reply {
    /// The answer.
    pub answer: Answer<(), String>,
    /// Who has the claim, where another has.
    pub holder: Option<Holder>,
}

/// The register's claims.
pub trait Claims: Send + Sync + 'static {
    /// Asks about the period of a filing.
    fn ask<'a>(
        &'a self,
        subject: &'a Subject,
        filing: &'a FilingId,
        request: Request<String>,
    ) -> BoxFuture<'a, Result<Reply, RegisterError>>;

    /// What has been delivered of a period, the first first.
    fn deliveries<'a>(&'a self, subject: &'a Subject) -> BoxFuture<'a, Result<Vec<Delivery>, RegisterError>>;
}

/// A claim that this desk has, renewed until dropped.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) token: Token,
    /// Whether the register has said that it may be delivered.
    pub(super) delivering: bool,
    renewal: JoinHandle<()>,
}

impl Claimed {
    /// Keeps a claim: while the filing is under way it is renewed.
    pub(super) fn new(claims: &Arc<dyn Claims>, filing: &Filing, token: Token, delivering: bool) -> Self {
        let (claims, subject, filing) = (Arc::clone(claims), filing.subject.clone(), filing.id.clone());
        let renewal = tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWED).await;
                match claims.ask(&subject, &filing, Request::Renew { token, instance: None }).await {
                    // Another has it. What is asked next is told so.
                    Ok(reply) if reply.answer == Answer::Stale => return,
                    Ok(_) => {}
                    Err(error) => tracing::info!(%error, %filing, "A claim could not be renewed."),
                }
            }
        });
        Self { token, delivering, renewal }
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}
