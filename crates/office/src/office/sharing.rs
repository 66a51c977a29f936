//! Joining an office register from the window, bringing what this desk had before, and leaving: by the same steps as the command
//! line takes (`crate::register::Seat`).
//!
//! Whether a desk is in a register is ground that an office stands on: who joins or leaves opens it anew
//! (`crate::settings::change`).

use std::path::{Path, PathBuf};

use ::register::Address;
use access::work::rights::Action;
use filing::{engine::Listener as _, filings};
use secrecy::SecretString;
use shown::Shown;
use view::{OfficeEvent, confirmation::Confirmation, problem::Problem, texts::norwegian_date};

use super::{Office, gate::Gate, gate::Permit, parts::Sharing};
use crate::{
    register::{Leaving, Left, LetIn, Mirrored, Seat, SeatError, TakenHome, bring, computer, kept, wish, with_role},
    settings::{LeftView, MirrorAnswer, MovedView, NotTakenView, RegisterWish},
};

impl From<Problem> for SeatError {
    fn from(problem: Problem) -> Self {
        Self::Forbidden(Box::new(problem))
    }
}

impl Office {
    /// What is proposed to who joins a register: the one that this desk is in, or what the administrator's file says, which is
    /// said too.
    ///
    /// # Errors
    /// The database.
    pub fn register_wish(&self) -> Result<(RegisterWish, bool), Problem> {
        let kept = self.desk.db.read(kept)?.filter(|_| !self.desk.work.is_locked());
        let preset = self.register_preset.as_deref();
        Ok(match kept {
            Some(kept) => (wish(&kept.address, kept.name), preset.is_some()),
            None => (wish(preset.unwrap_or_default(), computer()), preset.is_some()),
        })
    }
}

impl Sharing<'_> {
    /// What a person must say yes to, outside the window, before this desk joins a register: whoever gives the address gets what
    /// is done here. Nothing where the administrator's file gives it, or it is the one that this desk is in.
    ///
    /// # Errors
    /// An address that is none; who may not; the database.
    pub fn question(self, wanted: &RegisterWish) -> Result<Option<Confirmation>, SeatError> {
        let permit = joins(self.0)?;
        let address: Address = with_role(&wanted.address, &wanted.role).parse()?;
        let known = permit.register_wish()?.0.address;
        if with_role(&known, "x") == with_role(&wanted.address, "x") {
            return Ok(None);
        }
        let language = permit.desk.language();
        let say = |key: &'static str| crate::text(language, key).to_owned();
        let (database, hosts) = (Shown::line(address.database()), address.hosts().join(", "));
        Ok(Some(Confirmation {
            title: say("register.join.title"),
            text: crate::filled(
                language,
                "register.join.text",
                &[("database", &database), ("hosts", &Shown::line(&hosts))],
            ),
            yes: say("register.join.yes"),
            no: say("register.join.no"),
        }))
    }

    /// Asks the register to let this desk in. Nothing is kept: [`Seat::keep`] does that.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn ask(self, wanted: &RegisterWish, password: SecretString) -> Result<LetIn, SeatError> {
        let permit = joins(self.0)?;
        let name = Some(wanted.desk.trim()).filter(|name| !name.is_empty()).map_or_else(computer, str::to_owned);
        permit.seat().ask(&with_role(&wanted.address, &wanted.role), name, password).await
    }

    /// This desk's place at a register, or the lack of one.
    ///
    /// # Errors
    /// Who may not.
    pub fn seat(self) -> Result<Seat, Problem> {
        Ok(joins(self.0)?.seat())
    }

    /// Brings what this desk had before to the register that it is in, and tells how far that has come. What is there already
    /// stays; broken off, it goes on where it was.
    ///
    /// # Errors
    /// [`SeatError`]; what was brought until then is there.
    pub async fn bring(self) -> Result<MovedView, SeatError> {
        let permit = joins(self.0)?;
        let office: &Office = &permit;
        let register = office.at_register.as_ref().ok_or(SeatError::NotMovedIn)?.register().await?;
        let told = |done: usize, total: usize| {
            let _ = office.desk.events.send(OfficeEvent::Bringing { done: count(done), total: count(total) });
        };
        let moved = bring(&permit.seat(), &register, &office.desk.archive, told).await?;
        Ok(MovedView {
            filings: count(moved.filings),
            there: count(moved.there),
            documents: count(moved.documents),
            left: permit.named(moved.left(office.desk.language()).map(|(filing, why)| (filing, Some(why))))?,
        })
    }

    /// Looks at what keeps this desk, or would be lost, if it left the register: filings under way, and such as it would never
    /// hear of.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn leaving(self) -> Result<(Leaving, Vec<NotTakenView>), SeatError> {
        let permit = joins(self.0)?;
        let office: &Office = &permit;
        let register = office.at_register.as_ref().ok_or(SeatError::NotMovedIn)?.register().await?;
        let leaving = permit.seat().leaving(&register, &office.desk.archive, office.desk.language()).await?;
        let untold = permit.named(leaving.untold.iter().map(|it| (it.filing.as_str(), it.why.as_deref())))?;
        Ok((leaving, untold))
    }

    /// Takes a copy home of everything that the register shows, into a folder of its own in this one.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn take_home(self, into: &Path) -> Result<(PathBuf, TakenHome), SeatError> {
        let permit = joins(self.0)?;
        let office: &Office = &permit;
        let register = office.at_register.as_ref().ok_or(SeatError::NotMovedIn)?.register().await?;
        let today = norwegian_date(office.desk.clock.now());
        let name = {
            let database = register.address().database();
            let values: [(&str, &dyn std::fmt::Display); 2] = [("database", &database), ("date", &today)];
            disk::safe_name(&crate::filled(office.desk.language(), "register.copy.folder", &values))
        };
        let numbered = |number: u32| if number == 1 { name.clone() } else { format!("{name} ({number})") };
        let folder = (1..).map(|number| into.join(numbered(number))).find(|folder| folder.symlink_metadata().is_err());
        let folder = folder.unwrap_or_else(|| into.join(&name));
        let taken = permit.seat().take_home(&register, &folder).await?;
        Ok((folder, taken))
    }

    /// Whether the firm's rules let her who is here fetch documents.
    ///
    /// # Errors
    /// Who may not.
    pub fn may_mirror(self) -> Result<(), Problem> {
        self.0.may(Action::ExportFilings, None).map(drop)
    }

    /// Fetches the documents of all filings that the register and the firm's rules show her, into a folder that is brought up to
    /// date when it is chosen again.
    ///
    /// # Errors
    /// [`SeatError`]; what was fetched until then is there.
    pub async fn mirror(self, folder: &Path) -> Result<MirrorAnswer, SeatError> {
        let permit = self.0.may(Action::ExportFilings, None)?;
        let office: &Office = &permit;
        let language = office.desk.language();
        let register = office.at_register.as_ref().ok_or(SeatError::NotMovedIn)?.register().await?;
        let Mirrored { fetched, there, left } = permit.seat().mirror(&register, None, folder).await?;
        let companies = office.desk.companies();
        let named = left.iter().take(NAMED).map(|Left { filing, company, name, why }| LeftView {
            filing: Shown::line(filing).into_string(),
            company: office
                .desk
                .company_name(company, &companies)
                .unwrap_or_else(|| Shown::line(company).into_string()),
            name: Shown::line(name).into_string(),
            why: why.text(language).to_owned(),
        });
        Ok(MirrorAnswer::Mirrored {
            folder: Shown::path(folder).into_string(),
            fetched: count(fetched),
            there: count(there),
            left: count(left.len()),
            named: named.collect(),
        })
    }
}

/// How many documents that were not fetched are named in the window; the command line names all.
const NAMED: usize = 50;

fn joins(gate: Gate<'_>) -> Result<Permit<'_>, Problem> {
    gate.may(Action::MoveIn, None)
}

impl Permit<'_> {
    fn seat(self) -> Seat {
        Seat::of_office(&self.desk.db, &self.desk.session, &self.desk.work)
    }

    /// Filings of any environment by company and period, for who may see them, each with why; without a reason it waits.
    fn named<'a>(self, all: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Result<Vec<NotTakenView>, SeatError> {
        let language = self.desk.language();
        let mut named = Vec::new();
        for (id, why) in all {
            let why = why.unwrap_or_else(|| crate::text(language, "register.waits"));
            let found = self.desk.db.read(|db| filings::many(db, "id = ?1", rusqlite::params![id]))?;
            named.extend(found.first().and_then(|filing| self.desk.not_taken_view(filing, why.to_owned())));
        }
        Ok(named)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
