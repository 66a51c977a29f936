//! The desk: what lies open, and the telling of what changes. Shared by the office and the engine.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use id_porten::Clock;
use rusqlite::{OptionalExtension as _, params};
use tokio::sync::broadcast;
use vat_return::{Language, samples, validation_result::ValidationResult};

use crate::{
    archive::Archive,
    cards::Card,
    database::{Database, DatabaseError},
    engine::Listener,
    filing_view,
    filings::{self, Filing, word},
    session::Session,
    view::{EnvironmentName, ErrorView, FilingView, OfficeEvent, Preferences, ReturnCard},
};

/// What lies open, and the telling of what changes.
pub(super) struct Desk {
    pub(super) db: Arc<Database>,
    pub(super) environment: EnvironmentName,
    pub(super) session: Session,
    pub(super) archive: Archive,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) events: broadcast::Sender<OfficeEvent>,
    pub(super) preferences: RwLock<Preferences>,
    pub(super) cards: Mutex<Vec<Card>>,
}

impl Desk {
    pub(super) fn preferences(&self) -> Preferences {
        self.preferences.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn cards(&self) -> MutexGuard<'_, Vec<Card>> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every card as the window shows it, in order.
    pub(super) fn card_views(&self) -> Vec<ReturnCard> {
        let cards = self.cards().clone();
        let companies = self.companies();
        cards.iter().map(|card| self.card_view(card, &companies)).collect()
    }

    pub(super) fn one_card_view(&self, card: &Card) -> ReturnCard {
        self.card_view(card, &self.companies())
    }

    fn card_view(&self, card: &Card, companies: &HashMap<String, String>) -> ReturnCard {
        let org_number = card
            .content
            .as_ref()
            .ok()
            .and_then(|content| content.vat_return.org_number.as_ref())
            .map(|number| number.value.to_string());
        let company = card.company.clone().or_else(|| self.company_name(&org_number?, companies));
        let filing = card.filing.as_ref().and_then(|id| match self.filing_view(id) {
            Ok(view) => view,
            Err(error) => {
                tracing::error!(%error, "A card's filing could not be read.");
                None
            }
        });
        card.view(self.language(), company, filing)
    }

    pub(super) fn tell_cards(&self) {
        // Nobody may be listening, and that is well.
        let _ = self.events.send(OfficeEvent::Cards { cards: self.card_views() });
    }

    pub(super) fn filing_view(&self, id: &str) -> Result<Option<FilingView>, DatabaseError> {
        self.db.read(|db| match filings::find(db, self.environment, id)? {
            Some(filing) => filing_view::view(db, &filing, &self.archive, self.language()).map(Some),
            None => Ok(None),
        })
    }

    pub(super) fn view_of(&self, filing: &Filing) -> Result<FilingView, ErrorView> {
        Ok(self.db.read(|db| filing_view::view(db, filing, &self.archive, self.language()))?)
    }

    /// Names of the companies the person who is signed in may file for.
    pub(super) fn companies(&self) -> HashMap<String, String> {
        let session = self.session.view();
        session.iter().flat_map(|s| &s.companies).map(|c| (c.org_number.clone(), c.name.clone())).collect()
    }

    /// A company's name: as the authority gives it now, gave it once, or as a sample has it.
    pub(super) fn company_name(&self, org_number: &str, companies: &HashMap<String, String>) -> Option<String> {
        if let Some(name) = companies.get(org_number) {
            return Some(name.clone());
        }
        let kept = self.db.read(|db| {
            db.query_row(
                "SELECT name FROM companies WHERE environment = ?1 AND org_number = ?2",
                params![word(&self.environment), org_number],
                |row| row.get(0),
            )
            .optional()
        });
        match kept {
            Ok(name) => name,
            Err(error) => {
                tracing::error!(%error, "The name of a company could not be read.");
                None
            }
        }
    }

    /// Remembers the companies' names, for when nobody is signed in.
    pub(super) fn remember_companies(&self) {
        let companies = self.companies();
        if companies.is_empty() {
            return;
        }
        let kept = self.db.write(|tx| {
            for (org_number, name) in &companies {
                tx.execute(
                    "INSERT INTO companies (environment, org_number, name) VALUES (?1, ?2, ?3)
                     ON CONFLICT (environment, org_number) DO UPDATE SET name = excluded.name
                        WHERE name <> excluded.name",
                    params![word(&self.environment), org_number, name],
                )?;
            }
            Ok::<_, DatabaseError>(())
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "The names of the companies could not be kept.");
        }
    }

    /// A sample's company, when the bytes are a sample's.
    pub(super) fn sample_company(id: &str) -> Option<String> {
        samples::by_id(id).map(|sample| sample.company.to_owned())
    }
}

impl Listener for Desk {
    fn changed(&self, filing: &Filing, refusal: Option<&ValidationResult>) {
        if let Some(result) = refusal {
            let at = self.clock.now();
            let mut cards = self.cards();
            for card in cards.iter_mut().filter(|card| card.filing.as_deref() == Some(&filing.id)) {
                card.check.authority = Some((at, result.clone()));
            }
            drop(cards);
            self.tell_cards();
        }
        match self.view_of(filing) {
            Ok(view) => {
                let _ = self.events.send(OfficeEvent::Filing { filing: Box::new(view) });
            }
            Err(error) => tracing::error!(?error, "A filing's change could not be told."),
        }
    }

    fn language(&self) -> Language {
        self.preferences().language.into()
    }
}
