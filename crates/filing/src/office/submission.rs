//! From a return on the desk to a filing under way, and what a person may do with it then.

use std::{path::PathBuf, sync::Arc};

use jiff::Timestamp;
use rusqlite::{ErrorCode as Sqlite, Transaction};
use vat_return::validation_result::Outcome;

use super::{
    Office,
    returns::{needs_sign_in, shown},
};
use crate::{
    attachments::{CardAttachment, Kept},
    authorizations::Authorization,
    cards::{Card, Content, Found, read_return},
    database::{DatabaseError, columns::word},
    doubt::{self, Inquiry, Unsettled},
    engine::{Listener as _, Push, Signer, StartError, Started},
    filings::{self, FiledAttachment, Filing, NewFiling, Subject},
    ids::FilingId,
    problem,
    view::{Delivered, ErrorCode, ErrorView, FilingState, FilingView, ReturnCard, TimelineEvent},
    words::{kroner, moment},
    work::rights::Action,
};

/// A card from which a filing can be begun, and what it begins with.
pub(super) struct Ready<'a> {
    pub(super) card: &'a Card,
    content: &'a Content,
    attachments: Vec<(&'a CardAttachment, &'a Kept)>,
    checked_at: Timestamp,
    pub(super) subject: Subject,
    company: Option<String>,
    id: FilingId,
    at: Timestamp,
}

/// What stands in the way of beginning.
pub(super) enum Begun {
    New(Filing),
    /// The very same return is under way already.
    Same(Filing),
    /// Another return of the period is under way.
    Other(Filing),
    /// The period has been filed.
    Earlier(Filing),
}

impl Office {
    /// Begins to file a return that Skatteetaten has checked. Returns as soon as the filing is in the journal; what
    /// follows comes as events. Asked twice it files once.
    ///
    /// # Errors
    /// `NotChecked`, `SamePeriod`, `ReturnRefused`, `NeedsSignIn`, `AlreadyFiled` (ask again with `confirm_correction`),
    /// `FiledElsewhere`, the reason why the file is no return, or a fault of the disk.
    pub async fn file(&self, card_id: &str, confirm_correction: bool) -> Result<FilingView, ErrorView> {
        let card = self.card_for(card_id, Action::FileReturn)?;
        if let Some(id) = &card.filing {
            let filing = self.find_key(id)?;
            if !filing.state.may_be_filed_again() {
                return self.desk.view_of(&filing);
            }
        }
        let person = self.desk.session.authorization().ok_or_else(needs_sign_in)?;
        if let Some(company) = card.org_number() {
            self.settle(&person, &company).await?;
        }
        let begun = match self.begin(&card, &person, confirm_correction)? {
            Begun::New(filing) => filing,
            Begun::Same(filing) if ![person.id.as_str(), ""].contains(&filing.authorization.as_str()) => {
                return Err(another_person(&filing));
            }
            Begun::Same(filing) => filing,
            Begun::Other(filing) => return Err(under_way(&filing)),
            // The very same return, delivered and without its receipt yet: asked for again, it is fetched.
            Begun::Earlier(filing) if is_same_and_open(&card, &filing) => filing,
            Begun::Earlier(filing) => return Err(already_filed(&filing)),
        };
        self.change_card(card_id, |card| card.filing = Some(begun.id.clone()));
        // One that has lost its person with a database becomes hers who files the same return.
        let push = if begun.authorization.is_empty() { Some(self.push_of(&begun)?) } else { None };
        match self.engine.start(&begun.id, push).map_err(not_started)? {
            Started::Elsewhere => Err(elsewhere(&begun)),
            Started::Here | Started::Woken => self.desk.view_of(&self.find_key(&begun.id)?),
        }
    }

    /// Finds out what a company has delivered, where the history was lost since it was last known.
    async fn settle(&self, person: &Authorization, org_number: &str) -> Result<(), ErrorView> {
        let desk = &self.desk;
        let inquiry = Inquiry {
            db: &desk.db,
            archive: &desk.archive,
            client: &self.client,
            session: &desk.session,
            person: &person.id,
            environment: desk.environment,
        };
        match inquiry.settle(org_number).await {
            Ok(0) => Ok(()),
            Ok(_) => {
                // Their receipts are fetched as any other's.
                self.go_on();
                Ok(())
            }
            Err(Unsettled::Database(error)) => Err(error.into()),
            Err(Unsettled::Call(error)) => {
                let why = shown(&error);
                let text = "The history was lost, and what the company has delivered could not be read from Altinn.";
                let view = problem::says(ErrorCode::MayBeDelivered, text).detail(why.message);
                Err(why.details.into_iter().fold(view, ErrorView::detail).with("orgNumber", org_number))
            }
        }
    }

    /// Lets a return be filed although it could not be read from Altinn what its company has delivered
    /// (`MayBeDelivered`): the person has looked in Altinn's inbox herself.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn file_without_altinn(&self, card_id: &str) -> Result<(), ErrorView> {
        let card = self.card_for(card_id, Action::FileReturn)?;
        match card.org_number() {
            Some(company) => Ok(doubt::settled(&self.desk.db, self.desk.environment, &company)?),
            None => Ok(()),
        }
    }

    fn begin(&self, card: &Card, person: &Authorization, confirm_correction: bool) -> Result<Begun, ErrorView> {
        let ready = self.ready(card)?;
        // One transaction: whoever else wants to begin the same period sees this one or comes first.
        self.desk.db.write(|tx| self.begin_in(tx, &ready, person, confirm_correction, false)).map_err(not_begun)
    }

    /// A card from which a filing can be begun.
    pub(super) fn ready<'a>(&self, card: &'a Card) -> Result<Ready<'a>, ErrorView> {
        let content = card.content.as_ref().map_err(Clone::clone)?;
        if let Some(twin) = self.desk.twin(card) {
            return Err(problem::says(ErrorCode::SamePeriod, "Two returns of one period lie open: neither is filed.")
                .with("file", card.file_name.clone())
                .with("other", twin)
                .with("company", card.company.clone().unwrap_or_default()));
        }
        let Some((checked_at, result)) = &card.check.authority else {
            return Err(problem::says(ErrorCode::NotChecked, "Skatteetaten has not checked the return yet."));
        };
        if result.outcome == Outcome::Invalid {
            return Err(problem::says(
                ErrorCode::ReturnRefused,
                "Skatteetaten would refuse the return; the findings say why.",
            ));
        }
        let attachments: Vec<(&CardAttachment, &Kept)> = card
            .attachments
            .iter()
            .map(|attachment| Ok((attachment, attachment.content.as_ref().map_err(Clone::clone)?)))
            .collect::<Result<_, ErrorView>>()?;
        let Some(subject) = content.subject(self.desk.environment) else {
            return Err(problem::says(ErrorCode::FilingRefused, "The return names no organisation number."));
        };
        let company =
            card.company.clone().or_else(|| self.desk.company_name(&subject.org_number, &self.desk.companies()));
        Ok(Ready {
            card,
            content,
            attachments,
            checked_at: *checked_at,
            subject,
            company,
            id: FilingId::from(self.key()),
            at: self.desk.clock.now(),
        })
    }

    /// Begins a filing, or finds what stands in the way.
    pub(super) fn begin_in(
        &self,
        tx: &Transaction<'_>,
        ready: &Ready<'_>,
        person: &Authorization,
        confirm_correction: bool,
        queued: bool,
    ) -> Result<Begun, DatabaseError> {
        let Ready { card, content, subject, .. } = ready;
        if let Some(open) = filings::undelivered(tx, subject)? {
            return Ok(if open.sha256 == content.sha256 { Begun::Same(open) } else { Begun::Other(open) });
        }
        let earlier = filings::delivered(tx, subject)?;
        let correction = earlier.is_some();
        if let (Some(earlier), false) = (earlier, confirm_correction) {
            return Ok(Begun::Earlier(earlier));
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
                authorization: person.id.as_str(),
                filed_by: &person.person(),
                correction,
                instance,
                bytes: &content.bytes,
                at: ready.at,
                queued,
            },
        )?;
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
            filings::keep_attachment(tx, &filing, &filed)?;
        }
        if let Some(origin) = &card.origin {
            for (name, bytes) in origin.documents() {
                filings::keep(tx, &filing, name, &bytes)?;
            }
        }
        if let Some(of) = &card.draft {
            for (name, bytes) in &of.documents {
                filings::keep(tx, &filing, name, bytes)?;
            }
        }
        filings::happened(tx, &filing, card.read_at, TimelineEvent::Read)?;
        filings::happened(tx, &filing, ready.checked_at, TimelineEvent::Checked)?;
        Ok(Begun::New(filing))
    }

    /// Opens a file as the new version of a return that was delivered: "Send ny versjon". What it changes is shown on
    /// its card, and it is filed from there.
    ///
    /// # Errors
    /// `NotFound`, why the file is no return, or `OtherPeriod` when it is for another company, category or period.
    pub async fn correct(&self, filing: &str, path: PathBuf) -> Result<ReturnCard, ErrorView> {
        let filing = self.find(filing, Action::Correct)?;
        let language = self.desk.language();
        let read = tokio::task::spawn_blocking(move || read_return(&path, language)).await;
        let found = read.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let card = Card::new(self.key().to_string(), found, self.desk.clock.now());
        let content = card.content?;
        if content.subject(self.desk.environment).as_ref() != Some(&filing.subject) {
            let said = &content.vat_return;
            let number = said.org_number.as_ref().map(|number| number.value.to_string()).unwrap_or_default();
            return Err(problem::says(ErrorCode::OtherPeriod, "The return is for another company or period.")
                .with("file", card.file_name)
                .with("foundOrgNumber", number)
                .with("foundPeriod", said.period.value.in_words(language))
                .with("orgNumber", filing.subject.org_number.clone())
                .with("period", filing.subject.period.in_words(language)));
        }
        let found = Found::a_return(card.file_name, filing.company_name, content.bytes);
        let opened = self.put_down(vec![found]).into_iter().next();
        opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The new version could not be opened."))
    }

    /// Goes on with a filing that waits. A filing that waits for a signature may be signed by another person than the one
    /// who filled it in; one that Altinn refused to begin becomes another person's, who may; every other filing goes on in
    /// its own person's name only.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `AnotherPerson`, `FiledElsewhere`.
    pub async fn continue_filing(&self, id: &str) -> Result<FilingView, ErrorView> {
        let filing = self.find(id, Action::ContinueFiling)?;
        // One that waits for its turn goes on with its batch.
        if filing.is_finished() || filing.state == FilingState::Queued {
            return self.desk.view_of(&filing);
        }
        let push = self.push_of(&filing)?;
        match self.engine.start(&filing.id, Some(push)).map_err(not_started)? {
            Started::Elsewhere => Err(elsewhere(&filing)),
            Started::Here | Started::Woken => self.desk.view_of(&self.find_key(&filing.id)?),
        }
    }

    /// Signs a filing that waits for it, in the name of the person who is signed in, and waits until that has been done or
    /// refused: then the filing is delivered, or waits for a signature still and says why. One that waits for none is
    /// left as it is.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `FiledElsewhere`.
    pub async fn sign_filing(&self, id: &str) -> Result<FilingView, ErrorView> {
        let filing = self.find(id, Action::SignFiling)?;
        if filing.state != FilingState::WaitingSignature {
            return self.desk.view_of(&filing);
        }
        let push = self.push_of(&filing)?;
        if self.engine.push(&filing.id, push).await.map_err(not_started)? {
            self.desk.view_of(&self.find_key(&filing.id)?)
        } else {
            Err(elsewhere(&filing))
        }
    }

    /// The wish of the person who is signed in that a filing go on.
    fn push_of(&self, filing: &Filing) -> Result<Push, ErrorView> {
        let person = self.desk.session.authorization().ok_or_else(|| needs_sign_in().when(filing.delivered))?;
        let own = filing.authorization == person.id.as_str();
        // Whose it was may have gone with a lost database; then it becomes hers who goes on with it.
        let nobodys = filing.authorization.is_empty();
        let instead = was_refused_to_begin(filing);
        if !own && !nobodys && !instead && filing.state != FilingState::WaitingSignature {
            return Err(another_person(filing));
        }
        let signer = Signer { authorization: person.id.to_string(), name: person.person(), instead };
        Ok(Push { signer: (!own).then_some(signer), heard: Arc::default() })
    }

    /// Gives up a filing that has not been delivered, and deletes what has been made of it in Altinn.
    ///
    /// # Errors
    /// `NotFound`, `TooLateToCancel`, `FiledElsewhere`.
    pub async fn cancel_filing(&self, id: &str) -> Result<FilingView, ErrorView> {
        let filing = self.find(id, Action::CancelFiling)?;
        if filing.can_cancel() && !self.engine.give_up(&filing.id).await.map_err(not_started)? {
            return Err(elsewhere(&filing));
        }
        let filing = self.find_key(&filing.id)?;
        if filing.state == FilingState::Abandoned {
            return self.desk.view_of(&filing);
        }
        Err(problem::says(ErrorCode::TooLateToCancel, "It is too late to give up the filing.").when(filing.delivered))
    }

    /// Fetches the receipt and the other files again and writes the archive folder anew; while the receipt has not come
    /// yet, it is asked for at once.
    ///
    /// # Errors
    /// `NotFound` when nothing was delivered, `NeedsSignIn`, `AnotherPerson`, or what kept the authority or the disk.
    pub async fn fetch_receipt_again(&self, id: &str) -> Result<FilingView, ErrorView> {
        let mut filing = self.find(id, Action::FetchReceiptAgain)?;
        if filing.state.must_be_polled() {
            return self.continue_filing(id).await;
        }
        if filing.delivered != Delivered::Yes || filing.instance.is_none() {
            return Err(problem::says(ErrorCode::NotFound, "Nothing has been delivered, so there is no receipt."));
        }
        self.engine.fetch_again(&mut filing).await?;
        self.desk.view_of(&filing)
    }
}

/// Why nothing was begun; nothing has been written either.
pub(super) fn not_begun(error: DatabaseError) -> ErrorView {
    match error {
        DatabaseError::Sql(error) if error.sqlite_error_code() == Some(Sqlite::ConstraintViolation) => {
            problem::of(ErrorCode::FiledElsewhere, &error)
        }
        error => error.into(),
    }
}

pub(super) fn not_started(error: StartError) -> ErrorView {
    match error {
        StartError::Database(error) => error.into(),
        StartError::Lock(error) => problem::of(problem::of_io(&error), &error),
    }
}

pub(super) fn elsewhere(filing: &Filing) -> ErrorView {
    problem::says(ErrorCode::FiledElsewhere, "Another window or program is working on this filing.")
        .with("filing", filing.id.clone())
        .when(filing.delivered)
}

/// Whether a filing that has been delivered delivers a card's return, byte for byte, and still waits for its answer.
fn is_same_and_open(card: &Card, filing: &Filing) -> bool {
    let same = card.content.as_ref().is_ok_and(|content| content.sha256 == filing.sha256);
    same && filing.is_delivered() && !filing.is_finished()
}

pub(super) fn under_way(filing: &Filing) -> ErrorView {
    problem::says(ErrorCode::FiledElsewhere, "Another return of the same period is being filed.")
        .with("filing", filing.id.clone())
        .with("file", filing.file_name.clone())
        .when(filing.delivered)
}

/// Altinn has refused the person who began it, and has nothing of it: whoever may file for the company can do it instead.
pub(super) fn was_refused_to_begin(filing: &Filing) -> bool {
    let refused = |problem: &ErrorView| {
        matches!(problem.code, ErrorCode::NoRight | ErrorCode::NoAltinnUser | ErrorCode::ScopeMissing)
    };
    filing.state == FilingState::Waiting
        && filing.instance.is_none()
        && filing.delivered == Delivered::No
        && filing.problem.as_ref().is_some_and(refused)
}

pub(super) fn another_person(filing: &Filing) -> ErrorView {
    problem::says(ErrorCode::AnotherPerson, "The filing belongs to another person.")
        .with("person", filing.filed_by.clone())
        .when(filing.delivered)
}

pub(super) fn already_filed(filing: &Filing) -> ErrorView {
    let at = filing.delivered_at.unwrap_or(filing.begun_at);
    problem::says(ErrorCode::AlreadyFiled, "The period has been filed already: this would be a new version.")
        .with("filing", filing.id.clone())
        .with("at", moment(at))
        .with("person", filing.filed_by.clone())
        .with("assessedVat", kroner(filing.assessed_vat))
        .with("state", word(&filing.state))
}
