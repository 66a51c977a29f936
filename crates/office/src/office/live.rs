//! The office register while the program works: what this desk does is told there, and what the others do is seen here.

use std::{future::pending, mem, sync::Arc, time::Duration};

use ::register::{Address, AddressError, Change, Register, RegisterError};
use filing::{
    engine::Listener as _,
    filings::{self, Filing},
};
use tokio::time::{Instant, sleep, sleep_until};
use view::{
    CardNote, ErrorCode, OfficeEvent, RegisterView,
    problem::{self, Problem},
    texts::{moment, norwegian_date},
};

use super::{Office, desk::Desk, earlier_returns::filed_elsewhere};
use crate::{
    cards::Card,
    register::{AtRegister, TellError, follow, kept, look_at_staff, under_way, why},
    settings::{NotTakenView, RegisterPlace},
};

/// What a filing does in quick succession is told together, and what others do is looked at together.
const TOGETHER: Duration = Duration::from_millis(150);
/// How long after a register that did not answer it is asked again; doubled up to [`LONGEST`].
const AGAIN: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);
/// How often the register is told again what it has not taken.
const NOT_TAKEN: Duration = Duration::from_secs(600);
/// The tables in which it stands what others do.
const SHOWN: [&str; 3] = ["claims", "filings", "deliveries"];
/// The tables in which it stands who they are, and for whom.
const STAFF: [&str; 2] = ["bookkeepers", "responsibles"];

impl Office {
    /// Tells the register, where there is one, what happens here; and shows what happens at the other desks, where somebody looks.
    pub(super) fn share(&self, shows: bool) {
        let Some(at) = &self.at_register else { return };
        let (here, desk, closing) = (Arc::clone(at), Arc::clone(&self.desk), self.closing.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = closing.cancelled() => {}
                () = tell(&here, &desk) => {}
            }
        });
        if shows {
            let (at, desk, closing) = (Arc::clone(at), Arc::clone(&self.desk), self.closing.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = closing.cancelled() => {}
                    () = watch(&at, &desk) => {}
                }
            });
        }
    }

    /// Tells the register what it has not heard yet, once, before the end.
    pub(super) async fn tell_the_rest(&self) {
        self.engine.tell_register().await;
        if let Some(at) = &self.at_register
            && let Err(error) = at.tell_all(&self.desk.db, &self.desk.archive, self.desk.language()).await
        {
            tracing::info!(%error, "The office register is told the rest at the next start.");
        }
    }

    /// The office register that this desk has moved into, for who has unlocked the program; of companies that she sees.
    ///
    /// # Errors
    /// The database.
    pub fn register_place(&self) -> Result<Option<RegisterPlace>, Problem> {
        let desk = &self.desk;
        let Some(at) = self.at_register.as_ref().filter(|_| !desk.work.is_locked()) else { return Ok(None) };
        let kept = desk.db.read(kept)?.unwrap_or_else(|| at.kept().clone());
        let address: Address =
            kept.address.parse().map_err(|error: AddressError| problem::of(ErrorCode::DataUnusable, &error))?;
        let (mut waiting, mut not_taken) = (0, Vec::new());
        for mut untold in desk.db.read(filings::outbox)? {
            let Some(refused) = untold.refused.take() else {
                waiting += 1;
                continue;
            };
            let Some(filing) = desk.db.read(|db| filings::of_outbox(db, &untold))? else { continue };
            not_taken.extend(desk.not_taken_view(&filing, why(refused, desk.language())));
        }
        let away_since = desk.others().away_since().map(moment);
        Ok(Some(RegisterPlace {
            database: address.database().to_owned(),
            hosts: address.hosts(),
            role: address.role().to_owned(),
            desk: kept.name,
            brought: kept.brought,
            away_since,
            waiting,
            not_taken,
        }))
    }
}

/// Tells what lies in the outbox, whenever something does.
async fn tell(at: &AtRegister, desk: &Desk) {
    let mut again = AGAIN;
    loop {
        match at.tell_all(&desk.db, &desk.archive, desk.language()).await {
            Ok(asked) => {
                again = AGAIN;
                if asked {
                    desk.register_answers(None);
                }
                let rest = async {
                    match desk.untold() {
                        0 => pending().await,
                        _ => sleep(NOT_TAKEN).await,
                    }
                };
                tokio::select! {
                    () = desk.something_to_tell() => sleep(TOGETHER).await,
                    () = rest => {}
                }
            }
            Err(error) => {
                tracing::info!(%error, "The office register could not be told.");
                if let TellError::Register(error) = &error {
                    desk.register_answers(Some(error.to_string()));
                }
                sleep(again).await;
                again = (again * 2).min(LONGEST);
            }
        }
    }
}

/// Looks at what the others do, whenever they do something.
async fn watch(at: &AtRegister, desk: &Desk) {
    let mut again = AGAIN;
    loop {
        let began = Instant::now();
        let error = listen(at, desk).await;
        if let Err(error) = at.heard::<()>(Err(error)).await {
            tracing::info!(%error, "What other desks do cannot be seen.");
            desk.register_answers(Some(error.to_string()));
        }
        if began.elapsed() > LONGEST {
            again = AGAIN;
        }
        sleep(again).await;
        again = (again * 2).min(LONGEST);
    }
}

/// Until that cannot go on; then why.
async fn listen(at: &AtRegister, desk: &Desk) -> RegisterError {
    let register = match at.register().await {
        Ok(register) => register,
        Err(error) => return error,
    };
    let mut changes = match register.changes() {
        Ok(changes) => changes,
        Err(error) => return error,
    };
    let mut due: Option<Instant> = None;
    let mut staff = false;
    loop {
        let look = async move {
            match due {
                Some(due) => sleep_until(due).await,
                None => pending().await,
            }
        };
        tokio::select! {
            change = changes.next() => match change {
                None => return RegisterError::NoAnswer("nothing is heard any more".to_owned()),
                Some(Change::Away(reason)) => desk.register_answers(Some(reason)),
                Some(Change::Anything) => (due, staff) = (Some(Instant::now()), true),
                Some(Change::Table(table)) if SHOWN.contains(&&*table) || STAFF.contains(&&*table) => {
                    staff |= STAFF.contains(&&*table);
                    let soon = Instant::now() + TOGETHER;
                    due = Some(due.map_or(soon, |due| due.min(soon)));
                }
                Some(Change::Table(_)) => {}
            },
            () = look => match desk.look_at_others(&register, mem::take(&mut staff)).await {
                // A lease that is renewed is no news; one that has run out is looked at.
                Ok(lasts) => due = lasts.map(|lasts| Instant::now() + lasts + TOGETHER),
                Err(TellError::Register(error)) => return error,
                Err(TellError::Database(error)) => {
                    tracing::error!(%error, "What other desks have filed could not be kept.");
                    due = None;
                }
            },
        }
    }
}

impl Desk {
    /// A filing that the register does not take, for who may see it.
    pub(super) fn not_taken_view(&self, filing: &Filing, why: String) -> Option<NotTakenView> {
        self.work.sees(filing.subject.org_number.as_str()).then(|| NotTakenView {
            filing: filing.id.to_string(),
            company: filing.company_name.clone().unwrap_or_else(|| filing.subject.org_number.grouped()),
            period: filing.subject.period.in_words(self.language()),
            why,
        })
    }

    /// How much the register has not been told.
    fn untold(&self) -> usize {
        self.db.read(filings::outbox).map_or(0, |outbox| outbox.len())
    }

    /// The register answers, or why it does not.
    fn register_answers(&self, away: Option<String>) {
        self.others().is_away(away, self.clock.now());
        self.publish_register();
    }

    /// How the desk stands with the register; nothing where it has none.
    pub(super) fn register_view(&self) -> Option<RegisterView> {
        if !self.has_register || self.work.is_locked() {
            return None;
        }
        let untold = u32::try_from(self.untold()).unwrap_or(u32::MAX);
        Some(RegisterView { away: self.others().away().is_some(), untold, without: self.without_register })
    }

    fn publish_register(&self) {
        let Some(register) = self.register_view() else { return };
        if self.others().is_shown(&register) {
            let _ = self.events.send(OfficeEvent::Register { register });
        }
    }

    /// Looks at what others file and have filed, and who they are where that may have changed; how long the first of their
    /// leases runs.
    async fn look_at_others(&self, register: &Register, staff: bool) -> Result<Option<Duration>, TellError> {
        let now = under_way(register, self.environment).await?;
        let today = norwegian_date(self.clock.now());
        let filed = follow(&self.db, register, self.environment, today).await?;
        let staff = staff && look_at_staff(&self.db, register).await?;
        let (news, lasts) = {
            let mut others = self.others();
            (others.see(now), others.lasts())
        };
        self.register_answers(None);
        if news || filed || staff {
            self.publish_cards();
        }
        Ok(lasts)
    }

    /// What is known of a card's period from the other desks: that it is being filed at this moment, or has been.
    pub(super) fn notes_of_others(&self, card: &Card) -> Vec<CardNote> {
        if !self.has_register {
            return Vec::new();
        }
        let Some(subject) = card.content.as_ref().ok().and_then(|content| content.subject(self.environment)) else {
            return Vec::new();
        };
        let now = self.others().note(&subject);
        // What this desk knows itself it tells better; where that was rejected, another desk's may stand.
        let own = card.earlier.as_ref();
        let before = if own.is_some_and(CardNote::is_of_a_standing_return) {
            Ok(None)
        } else {
            self.db.read(|db| filings::filed_elsewhere(db, &subject))
        };
        let before = before.unwrap_or_else(|error| {
            tracing::error!(%error, "What other desks have filed could not be read.");
            None
        });
        let before = before.filter(|before| own.is_none() || !before.state.is_rejected());
        now.into_iter().chain(before.as_ref().map(filed_elsewhere)).collect()
    }
}
