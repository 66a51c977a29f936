//! From a return on the desk to a filing under way, and what a person may do with it then.

use std::{path::PathBuf, sync::Arc};

use access::{authorizations::Authorization, work::rights::Action};
use filing::{
    attachments::{CardAttachment, StoredFile},
    doubt::{self, Inquiry, Unresolved},
    engine::{Listener as _, Push, Signer, StartError, Started, filed},
    filings::{self, FiledAttachment, Filing, NewFiling, Subject},
};
use jiff::Timestamp;
use rusqlite::{ErrorCode as Sqlite, Transaction};
use store::database::{DatabaseError, columns::word};
use vat_return::validation_result::Outcome;
use view::{
    Delivered, ErrorCode, FilingState, FilingView, ReturnCard, TimelineEvent,
    ids::FilingId,
    problem::{self, Problem},
    texts::{kroner, moment},
};

use super::{
    gate::Permit,
    parts::{Filings, Returns},
    refusal::Refusal,
    returns::{needs_sign_in, shown},
};
use crate::cards::{Card, Content, ReadFile, read_return};

/// A card from which a filing can be begun, and what it begins with.
pub(super) struct ReadyToFile<'a> {
    pub(super) card: &'a Card,
    content: &'a Content,
    attachments: Vec<(&'a CardAttachment, &'a StoredFile)>,
    checked_at: Timestamp,
    pub(super) subject: Subject,
    company: Option<String>,
    id: FilingId,
    at: Timestamp,
    /// Deliveries of the period that the person has been told of by the office register.
    seen: usize,
}

/// What stands in the way of beginning.
pub(super) enum BeginOutcome {
    New(Filing),
    /// The very same return is under way already.
    Same(Filing),
    /// Another return of the period is under way.
    Other(Filing),
    /// The period has been filed.
    Earlier(Filing),
}

impl Filings<'_> {
    /// Begins to file a return that Skatteetaten has checked. Returns as soon as the filing is in the journal; what
    /// follows comes as events. Asked twice it files once.
    ///
    /// # Errors
    /// `NotChecked`, `SamePeriod`, `ReturnRefused`, `NeedsSignIn`, `AlreadyFiled` (ask again with `confirm_correction`),
    /// `FiledElsewhere`, the reason why the file is no return, or a fault of the disk.
    pub async fn file(self, card_id: &str, confirm_correction: bool) -> Result<FilingView, Problem> {
        let (permit, card) = self.0.card_for(card_id, Action::FileReturn)?;
        if let Some(filing) = permit.filing_of(&card)?
            && !filing.state.may_be_filed_again()
        {
            return permit.desk.view_of(&filing);
        }
        let person = permit.desk.session.authorization().ok_or_else(needs_sign_in)?;
        if let Some(company) = card.org_number().and_then(|number| number.parse().ok()) {
            permit.resolve(&person, &company).await?;
        }
        let seen = permit.seen_at_register(&card, confirm_correction).await?;
        let begun = match permit.begin(&card, &person, confirm_correction, seen)? {
            BeginOutcome::New(filing) => filing,
            BeginOutcome::Same(filing) if filing.authorization.as_ref().is_some_and(|whose| *whose != person.id) => {
                return Err(another_person(&filing));
            }
            BeginOutcome::Same(filing) => filing,
            BeginOutcome::Other(filing) => return Err(under_way(&filing)),
            // The very same return, delivered and without its receipt yet: asked for again, it is fetched.
            BeginOutcome::Earlier(filing) if is_same_and_open(&card, &filing) => filing,
            BeginOutcome::Earlier(filing) => return Err(already_filed(&filing)),
        };
        permit.change_card(&card.id, |card| card.filing = Some(begun.id.clone()));
        if card.looked {
            permit.desk.db.write(|tx| filings::has_looked(tx, &begun.id))?;
        }
        if seen > 0 {
            permit.desk.db.write(|tx| filings::has_seen(tx, &begun.id, seen))?;
        }
        // One that has lost its person with a database becomes hers who files the same return.
        let push = if begun.authorization.is_none() { Some(permit.push_of(&begun)?) } else { None };
        match permit.engine.start(&begun.id, push).map_err(not_started)? {
            Started::Elsewhere => Err(elsewhere(&begun)),
            Started::Here | Started::Woken => permit.desk.view_of(&permit.find_key(&begun.id)?),
        }
    }

    /// Lets a return be filed although it could not be read from Altinn what its company has delivered
    /// (`MayBeDelivered`): the person has looked in Altinn's inbox herself.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn file_without_altinn(self, card_id: &str) -> Result<(), Problem> {
        let (permit, card) = self.0.card_for(card_id, Action::FileReturn)?;
        if let Some(company) = card.org_number() {
            doubt::set_resolved(&permit.desk.db, permit.desk.environment, &company)?;
        }
        permit.change_card(&card.id, |card| card.looked = true);
        // One that waits because the office register makes it look at what lies in Altinn goes on.
        if let Some(filing) = permit.filing_of(&card)? {
            permit.desk.db.write(|tx| filings::has_looked(tx, &filing.id))?;
            if !filing.is_finished()
                && permit.engine.start(&filing.id, None).map_err(not_started)? == Started::Elsewhere
            {
                return Err(elsewhere(&filing));
            }
        }
        Ok(())
    }

    /// Lets a filing go on although the office register does not answer: the person has been told that another desk may
    /// file the period as well. Only where the administrator's file permits it. What was filed is told to the register when it
    /// is back.
    ///
    /// # Errors
    /// `NotFound`, `RegisterAway` where it is not permitted, `FiledElsewhere`, or the database.
    pub fn go_without_register(self, id: &str) -> Result<(), Problem> {
        let (permit, filing) = self.0.find(id, Action::ContinueFiling)?;
        if !permit.desk.without_register {
            return Err(Refusal::NotWithoutRegister.into());
        }
        permit.desk.db.write(|tx| filings::goes_without(tx, &filing.id))?;
        match permit.engine.start(&filing.id, None).map_err(not_started)? {
            Started::Elsewhere => Err(elsewhere(&filing)),
            Started::Here | Started::Woken => Ok(()),
        }
    }

    /// Goes on with a filing that waits. A filing that waits for a signature may be signed by another person than the one
    /// who filled it in; one that Altinn refused to begin becomes another person's, who may; every other filing goes on in
    /// its own person's name only.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `AnotherPerson`, `FiledElsewhere`.
    pub async fn continue_filing(self, id: &str) -> Result<FilingView, Problem> {
        let (permit, filing) = self.0.find(id, Action::ContinueFiling)?;
        // One that waits for its turn goes on with its batch.
        if filing.is_finished() || filing.state == FilingState::Queued {
            return permit.desk.view_of(&filing);
        }
        let push = permit.push_of(&filing)?;
        match permit.engine.start(&filing.id, Some(push)).map_err(not_started)? {
            Started::Elsewhere => Err(elsewhere(&filing)),
            Started::Here | Started::Woken => permit.desk.view_of(&permit.find_key(&filing.id)?),
        }
    }

    /// Signs a filing that waits for it, in the name of the person who is signed in, and waits until that has been done or
    /// refused: then the filing is delivered, or waits for a signature still and says why. One that waits for none is
    /// left as it is.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `FiledElsewhere`.
    pub async fn sign_filing(self, id: &str) -> Result<FilingView, Problem> {
        let (permit, filing) = self.0.find(id, Action::SignFiling)?;
        if filing.state != FilingState::WaitingSignature {
            return permit.desk.view_of(&filing);
        }
        let push = permit.push_of(&filing)?;
        if permit.engine.push(&filing.id, push).await.map_err(not_started)? {
            permit.desk.view_of(&permit.find_key(&filing.id)?)
        } else {
            Err(elsewhere(&filing))
        }
    }

    /// Gives up a filing that has not been delivered, and deletes what has been made of it in Altinn.
    ///
    /// # Errors
    /// `NotFound`, `TooLateToCancel`, `FiledElsewhere`.
    pub async fn cancel_filing(self, id: &str) -> Result<FilingView, Problem> {
        let (permit, filing) = self.0.find(id, Action::CancelFiling)?;
        if filing.can_cancel() && !permit.engine.give_up(&filing.id).await.map_err(not_started)? {
            return Err(elsewhere(&filing));
        }
        let filing = permit.find_key(&filing.id)?;
        if filing.state == FilingState::Abandoned {
            return permit.desk.view_of(&filing);
        }
        Err(Refusal::TooLate { delivered: filing.delivered }.into())
    }

    /// Fetches the receipt and the other files again and writes the archive folder anew; while the receipt has not come
    /// yet, it is asked for at once.
    ///
    /// # Errors
    /// `NotFound` when nothing was delivered, `NeedsSignIn`, `AnotherPerson`, or what kept the authority or the disk.
    pub async fn fetch_receipt_again(self, id: &str) -> Result<FilingView, Problem> {
        let (permit, mut filing) = self.0.find(id, Action::FetchReceiptAgain)?;
        if filing.state.must_be_polled() {
            return self.continue_filing(id).await;
        }
        if filing.delivered != Delivered::Yes || filing.instance.is_none() {
            return Err(Refusal::NothingDelivered.into());
        }
        permit.engine.fetch_again(&mut filing).await?;
        permit.desk.view_of(&filing)
    }
}

impl Permit<'_> {
    /// Finds out what a company has delivered, where the history was lost since it was last known.
    async fn resolve(self, person: &Authorization, org_number: &vat_return::OrgNumber) -> Result<(), Problem> {
        let desk = &self.desk;
        let inquiry = Inquiry {
            db: &desk.db,
            archive: &desk.archive,
            client: &self.client,
            session: &desk.session,
            person: &person.id,
            environment: desk.environment,
        };
        match inquiry.resolve(org_number).await {
            Ok(0) => Ok(()),
            Ok(_) => {
                // Their receipts are fetched as any other's.
                self.resume_unfinished();
                Ok(())
            }
            Err(Unresolved::Database(error)) => Err(error.into()),
            Err(unread @ (Unresolved::Call(_) | Unresolved::Unreadable(_))) => {
                // What was put there before it is fetched as well.
                self.resume_unfinished();
                let why = match unread {
                    Unresolved::Call(error) => shown(&error),
                    other => problem::says(ErrorCode::MayBeDelivered, other.to_string()),
                };
                Err(Refusal::MayBeDelivered { org_number: org_number.to_string(), why: Box::new(why) }.into())
            }
        }
    }

    /// The filing of a card; none also where the period was tried again from another card, and the last try alone is kept.
    fn filing_of(self, card: &Card) -> Result<Option<Filing>, DatabaseError> {
        let find = |id| self.desk.db.read(|db| filings::find(db, self.desk.environment, id));
        Ok(card.filing.as_ref().map(find).transpose()?.flatten())
    }

    fn begin(
        self,
        card: &Card,
        person: &Authorization,
        confirm_correction: bool,
        seen: usize,
    ) -> Result<BeginOutcome, Problem> {
        let ready = ReadyToFile { seen, ..self.ready(card)? };
        // One transaction: whoever else wants to begin the same period sees this one or comes first.
        self.desk.db.write(|tx| self.begin_in(tx, &ready, person, confirm_correction, false)).map_err(not_begun)
    }

    /// How many deliveries of the period the office register knows; a person is told of them before she files another.
    /// Where it does not answer, the engine asks it before anything is sent.
    async fn seen_at_register(self, card: &Card, confirm_correction: bool) -> Result<usize, Problem> {
        let Some(claims) = self.engine.claims() else { return Ok(0) };
        let subject = card.content.as_ref().ok().and_then(|content| content.subject(self.desk.environment));
        let Some(subject) = subject else { return Ok(0) };
        let db = &self.desk.db;
        let open = db.read(|db| filings::undelivered(db, &subject))?;
        let earlier = db.read(|db| filings::to_be_replaced(db, &subject))?;
        // What this desk knows itself it tells better; where that was rejected, another desk's may stand.
        let stands = earlier.as_ref().is_some_and(|earlier| !earlier.state.is_rejected());
        if (open.is_some() || stands) && !confirm_correction {
            return Ok(0);
        }
        match claims.deliveries(&subject).await {
            Ok(deliveries) if deliveries.is_empty() || confirm_correction => Ok(deliveries.len()),
            Ok(deliveries) => {
                let deliveries = db.read(|db| filings::with_states(db, self.desk.environment, deliveries))?;
                let all_rejected = deliveries.iter().all(|(_, state)| state.is_some_and(FilingState::is_rejected));
                if earlier.is_some() && all_rejected { Ok(0) } else { Err(filed(&deliveries)) }
            }
            Err(error) => {
                tracing::info!(%error, "The office register could not be asked what has been filed.");
                Ok(0)
            }
        }
    }

    /// Begins a filing, or finds what stands in the way.
    pub(super) fn begin_in(
        self,
        tx: &Transaction<'_>,
        ready: &ReadyToFile<'_>,
        person: &Authorization,
        confirm_correction: bool,
        queued: bool,
    ) -> Result<BeginOutcome, DatabaseError> {
        let ReadyToFile { card, content, subject, seen, .. } = ready;
        if let Some(open) = filings::undelivered(tx, subject)? {
            return Ok(if open.sha256 == content.sha256 {
                BeginOutcome::Same(open)
            } else {
                BeginOutcome::Other(open)
            });
        }
        let earlier = filings::to_be_replaced(tx, subject)?;
        let correction = earlier.is_some() || *seen > 0;
        if let (Some(earlier), false) = (earlier, confirm_correction) {
            return Ok(BeginOutcome::Earlier(earlier));
        }
        // One that a filing of ours had before is gone with that filing.
        let instance = match &card.instance {
            Some(id) if !filings::has_instance(tx, self.desk.environment, id)? => Some(id),
            _ => None,
        };
        let filing = filings::begin(
            tx,
            &NewFiling {
                id: ready.id.clone(),
                subject,
                company_name: ready.company.as_deref(),
                assessed_vat: content.vat_return.assessed_vat.value,
                sha256: &content.sha256,
                file_name: &card.file_name,
                authorization: &person.id,
                filed_by: person.person().as_deref(),
                correction,
                instance,
                bytes: &content.bytes,
                at: ready.at,
                queued,
            },
        )?;
        if *seen > 0 {
            filings::has_seen(tx, &filing.id, *seen)?;
        }
        for (place, (attachment, kept)) in (1..).zip(&ready.attachments) {
            self.attachments
                .hand_over(kept, &filing.id, place)
                .map_err(|source| DatabaseError::Folder { path: self.desk.db.folder().to_owned(), source })?;
            let filed = FiledAttachment {
                place,
                name: attachment.name.clone(),
                content_type: kept.kind.content_type().to_owned(),
                size: kept.size,
                sha256: kept.sha256.clone(),
                element: None,
            };
            filings::store_attachment(tx, &filing, &filed)?;
        }
        if let Some(origin) = &card.origin {
            for (name, bytes) in origin.documents() {
                filings::store_document(tx, &filing, name, &bytes)?;
            }
        }
        if let Some(of) = &card.draft {
            for (name, bytes) in &of.documents {
                filings::store_document(tx, &filing, name, bytes)?;
            }
        }
        filings::record_event(tx, &filing, card.read_at, TimelineEvent::Read)?;
        filings::record_event(tx, &filing, ready.checked_at, TimelineEvent::Checked)?;
        Ok(BeginOutcome::New(filing))
    }

    /// The wish of the person who is signed in that a filing go on.
    fn push_of(self, filing: &Filing) -> Result<Push, Problem> {
        let person = self.desk.session.authorization().ok_or_else(|| needs_sign_in().when(filing.delivered))?;
        let own = filing.authorization.as_ref() == Some(&person.id);
        // Whose it was may have gone with a lost database; then it becomes hers who goes on with it.
        let nobodys = filing.authorization.is_none();
        let instead = was_refused_to_begin(filing);
        if !own && !nobodys && !instead && filing.state != FilingState::WaitingSignature {
            return Err(another_person(filing));
        }
        let signer = Signer { authorization: person.id.clone(), name: person.person(), instead };
        Ok(Push { signer: (!own).then_some(signer), heard: Arc::default() })
    }
}

impl Returns<'_> {
    /// Opens a file as the new version of a return that was delivered: "Send ny versjon". What it changes is shown on
    /// its card, and it is filed from there.
    ///
    /// # Errors
    /// `NotFound`, why the file is no return, or `OtherPeriod` when it is for another company, category or period.
    pub async fn correct(self, filing: &str, path: PathBuf) -> Result<ReturnCard, Problem> {
        let (permit, filing) = self.0.find(filing, Action::Correct)?;
        let language = permit.desk.language();
        let read = tokio::task::spawn_blocking(move || read_return(&path, language)).await;
        let found = read.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let card = Card::new(permit.key().into(), found, permit.desk.clock.now());
        let content = card.content?;
        if content.subject(permit.desk.environment).as_ref() != Some(&filing.subject) {
            let said = &content.vat_return;
            let number = said.org_number.as_ref().map(|number| number.value.to_string()).unwrap_or_default();
            return Err(Refusal::OtherPeriod {
                file: card.file_name,
                found: (number, said.period.value.in_words(language)),
                wanted: (filing.subject.org_number.to_string(), filing.subject.period.in_words(language)),
            }
            .into());
        }
        let found = ReadFile::a_return(card.file_name, filing.company_name, content.bytes);
        let opened = permit.add_cards(vec![found]).into_iter().next().ok_or(Refusal::VersionNotOpened)?;
        permit.store_opened(std::slice::from_ref(&opened.id));
        Ok(opened)
    }
}

impl Permit<'_> {
    /// A card from which a filing can be begun.
    pub(super) fn ready<'a>(self, card: &'a Card) -> Result<ReadyToFile<'a>, Problem> {
        let content = card.content.as_ref().map_err(Clone::clone)?;
        if let Some(twin) = self.desk.twin(card) {
            return Err(Refusal::SamePeriod {
                file: card.file_name.clone(),
                other: twin,
                company: card.company.clone().unwrap_or_default(),
            }
            .into());
        }
        let Some((checked_at, result)) = &card.check.authority else {
            return Err(Refusal::NotChecked.into());
        };
        if result.outcome == Outcome::Invalid {
            return Err(Refusal::WouldBeRefused.into());
        }
        let attachments: Vec<(&CardAttachment, &StoredFile)> = card
            .attachments
            .iter()
            .map(|attachment| Ok((attachment, attachment.content.as_ref().map_err(Clone::clone)?)))
            .collect::<Result<_, Problem>>()?;
        let Some(subject) = content.subject(self.desk.environment) else {
            return Err(Refusal::NamesNobody.into());
        };
        let company = card
            .company
            .clone()
            .or_else(|| self.desk.company_name(subject.org_number.as_str(), &self.desk.companies()));
        Ok(ReadyToFile {
            card,
            content,
            attachments,
            checked_at: *checked_at,
            subject,
            company,
            id: FilingId::from(self.key()),
            at: self.desk.clock.now(),
            seen: 0,
        })
    }
}

/// Why nothing was begun; nothing has been written either.
pub(super) fn not_begun(error: DatabaseError) -> Problem {
    match error {
        DatabaseError::Sql(error) if error.sqlite_error_code() == Some(Sqlite::ConstraintViolation) => {
            problem::of(ErrorCode::FiledElsewhere, &error)
        }
        error => error.into(),
    }
}

pub(super) fn not_started(error: StartError) -> Problem {
    match error {
        StartError::Database(error) => error.into(),
        StartError::Lock(error) => problem::of(problem::of_io(&error), &error),
    }
}

pub(super) fn elsewhere(filing: &Filing) -> Problem {
    Refusal::FiledElsewhere { filing: filing.id.clone(), delivered: filing.delivered }.into()
}

/// Whether a filing that has been delivered delivers a card's return, byte for byte, and still waits for its answer.
fn is_same_and_open(card: &Card, filing: &Filing) -> bool {
    let same = card.content.as_ref().is_ok_and(|content| content.sha256 == filing.sha256);
    same && filing.is_delivered() && !filing.is_finished()
}

pub(super) fn under_way(filing: &Filing) -> Problem {
    Refusal::PeriodUnderWay { filing: filing.id.clone(), file: filing.file_name.clone(), delivered: filing.delivered }
        .into()
}

/// Altinn has refused the person who began it, and has nothing of it: whoever may file for the company can do it instead.
pub(super) fn was_refused_to_begin(filing: &Filing) -> bool {
    filing.state == FilingState::Waiting
        && filing.instance.is_none()
        && filing.delivered == Delivered::No
        && filing.problem.as_ref().is_some_and(|problem| problem.code.refuses_the_person())
}

pub(super) fn another_person(filing: &Filing) -> Problem {
    Refusal::AnotherPerson { person: filing.filed_by.clone(), delivered: filing.delivered }.into()
}

pub(super) fn already_filed(filing: &Filing) -> Problem {
    let at = filing.delivered_at.unwrap_or(filing.begun_at);
    problem::says(ErrorCode::AlreadyFiled, "The period has been filed already: this would be a new version.")
        .with("filing", filing.id.clone())
        .with("at", moment(at))
        .with_some("person", filing.filed_by.clone())
        .with("assessedVat", kroner(filing.assessed_vat))
        .with("state", word(&filing.state))
}
