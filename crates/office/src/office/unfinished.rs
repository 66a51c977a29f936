//! What lies begun in Altinn and was never delivered: by us and forgotten, by another program, or by another person.
//!
//! Nothing of it is touched by itself. Going on with one opens what lies in it as a card, where it is seen and checked
//! as any other return; what an open filing of ours owns is left to that filing.

use access::{authorizations::Authorization, work::rights::Action};
use altinn::{Instance, InstanceId, Stage};
use filing::{
    attachments::{self, CardAttachment},
    engine::Listener as _,
    filings::{self, Filing},
};
use store::database::DatabaseError;
use view::{
    ErrorCode, ReturnCard, UnfinishedStage, UnfinishedView,
    ids::AttachmentId,
    problem::{self, Problem},
    texts::{kroner, moment},
};

use super::returns::card_key;
use super::{
    gate::Permit,
    parts::Returns,
    refusal::Refusal,
    returns::{needs_sign_in, shown},
};
use crate::cards::ReadFile;

impl Returns<'_> {
    /// What lies unfinished in Altinn for a company, as the person who is signed in may see it; newest change first.
    ///
    /// # Errors
    /// `NeedsSignIn`, `NoRight`, or what kept the authority from answering.
    pub async fn unfinished(self, org_number: &str) -> Result<Vec<UnfinishedView>, Problem> {
        let permit = self.0.may(Action::Unfinished, Some(org_number))?;
        let person = permit.person()?;
        let client = &permit.client;
        let call = |token| async move { client.unfinished_instances(&token, org_number).await };
        let found = permit.desk.session.with_altinn(&person.id, call).await;
        let found = found.map_err(|error| shown(&error).with("company", permit.name_of(org_number)))?;
        let mut views = Vec::new();
        for instance in found.into_iter().filter(|it| stage(it).is_some()) {
            views.push(permit.unfinished_view(&person, &instance, org_number).await?);
        }
        Ok(views)
    }

    /// Deletes one of them, into Altinn's wastebasket.
    ///
    /// # Errors
    /// `OwnFiling` when an open filing of ours owns it or may own it, `TooLateToCancel` when it has been delivered,
    /// `NotFound`, `NoRight` (what was filled in can be deleted only by one who may sign), or the authority's refusal.
    pub async fn delete_unfinished(self, instance: &str) -> Result<(), Problem> {
        let permit = self.0.may(Action::DeleteUnfinished, None)?;
        let (person, id) = (permit.person()?, parse(instance)?);
        let instance = permit.read_unfinished(&person, &id, Action::DeleteUnfinished).await?;
        let client = &permit.client;
        let id = &instance.id;
        let call = |token| async move { client.delete_instance(&token, id, false).await };
        let deleted = permit.desk.session.with_altinn(&person.id, call).await;
        let company = permit.name_of(instance.instance_owner.organisation_number.as_deref().unwrap_or_default());
        deleted.map_err(|error| shown(&error).with("company", company))
    }

    /// Opens what lies in one of them as a card: its return, byte for byte, and its attachments. Filing the card goes on
    /// with the instance instead of making another.
    ///
    /// # Errors
    /// As [`Returns::delete_unfinished`]; `NotFound` when no return lies in it.
    pub async fn continue_unfinished(self, instance: &str) -> Result<ReturnCard, Problem> {
        let permit = self.0.may(Action::ContinueUnfinished, None)?;
        let (person, id) = (permit.person()?, parse(instance)?);
        let instance = permit.read_unfinished(&person, &id, Action::ContinueUnfinished).await?;
        let (client, id) = (&permit.client, &instance.id);
        let Some(element) = instance.of_type("mvamelding").last() else {
            return Err(Refusal::NoReturnInIt.into());
        };
        let call = |token| async move { client.download(&token, id, element).await };
        let bytes = permit.desk.session.with_altinn(&person.id, call).await.map_err(|error| shown(&error))?;
        if let Some(first) = instance.of_type("binaerVedlegg").nth(attachments::MOST_ATTACHMENTS) {
            let too_many = problem::says(ErrorCode::AttachmentTooMany, "There are more attachments than may be.");
            let too_many = too_many.with("limit", attachments::MOST_ATTACHMENTS.to_string());
            return Err(match &first.filename {
                Some(name) => too_many.with("file", name.clone()),
                None => too_many,
            });
        }
        let file_name = element.filename.clone().unwrap_or_else(|| "mva-melding.xml".to_owned());
        let opened = permit.add_cards(vec![ReadFile::a_return(file_name, None, bytes)]).into_iter().next();
        let card = opened.ok_or(Refusal::ReturnNotOpened)?;
        let key = card_key(&card.id)?;
        permit.card(&key)?.content?;
        for element in instance.of_type("binaerVedlegg") {
            let own = AttachmentId::from(permit.key());
            let path = permit.attachments.place(&own).map_err(|error| problem::of(problem::of_io(&error), &error))?;
            let target = &path;
            let call = |token| async move { client.download_into(&token, id, element, disk::create_new(target)).await };
            let written = permit.desk.session.with_altinn(&person.id, call).await.map_err(|error| shown(&error))?;
            written.map_err(|error| problem::of(problem::of_io(&error), &error))?;
            let (name, kept) = (element.filename.clone().unwrap_or_default(), permit.attachments.store_file(&path));
            permit.change_card(&key, |card| {
                let others = &card.attachments;
                let new = CardAttachment::of(&permit.attachments, own, &name, element.size, kept, others);
                card.attachments.extend(new);
            });
        }
        permit.change_card(&key, |card| card.instance = Some(id.clone()));
        Ok(permit.desk.one_card_view(&permit.card(&key)?))
    }
}

impl Permit<'_> {
    fn person(self) -> Result<Authorization, Problem> {
        self.desk.session.authorization().ok_or_else(needs_sign_in)
    }

    fn name_of(self, org_number: &str) -> String {
        let name = self.desk.company_name(org_number, &self.desk.companies());
        name.unwrap_or_else(|| org_number.to_owned())
    }

    /// Reads an instance that is about to be touched, and makes sure that it may be.
    async fn read_unfinished(
        self,
        person: &Authorization,
        id: &InstanceId,
        action: Action,
    ) -> Result<Instance, Problem> {
        let client = &self.client;
        let call = |token| async move { client.get_instance(&token, id).await };
        let read = self.desk.session.with_altinn(&person.id, call).await;
        let instance = read.map_err(|error| shown(&error))?;
        self.may(action, instance.instance_owner.organisation_number.as_deref())?;
        if instance.is_deleted() {
            return Err(Refusal::Deleted.into());
        }
        if stage(&instance).is_none() {
            return Err(Refusal::DeliveredAlready.into());
        }
        let org_number = instance.instance_owner.organisation_number.clone().unwrap_or_default();
        match self.owner(&instance.id, &org_number)? {
            Some(filing) => Err(Refusal::Owned { filing: filing.id, person: filing.filed_by }.into()),
            None => Ok(instance),
        }
    }

    /// The open filing of ours that an instance belongs to, or may belong to: one that has lost the answer to its POST
    /// does not know which is its.
    fn owner(self, instance: &InstanceId, org_number: &str) -> Result<Option<Filing>, DatabaseError> {
        let environment = self.desk.environment;
        self.desk.db.read(|db| match filings::of_instance(db, environment, instance)? {
            Some(filing) if filing.is_finished() => Ok(None),
            Some(filing) => Ok(Some(filing)),
            None => filings::without_instance(db, environment, org_number),
        })
    }

    async fn unfinished_view(
        self,
        person: &Authorization,
        instance: &Instance,
        org_number: &str,
    ) -> Result<UnfinishedView, Problem> {
        let filing = self.owner(&instance.id, org_number)?.map(|filing| filing.id.to_string());
        let (client, id) = (&self.client, &instance.id);
        let mut read = None;
        if let Some(element) = instance.of_type("mvamelding").last() {
            let call = |token| async move { client.download(&token, id, element).await };
            match self.desk.session.with_altinn(&person.id, call).await {
                Ok(bytes) => read = vat_return::read(&bytes).ok(),
                // The list is worth more than what stands in one of its rows.
                Err(error) => tracing::warn!(%error, "The return of an unfinished instance could not be read."),
            }
        }
        let language = self.desk.language();
        Ok(UnfinishedView {
            instance: instance.id.to_string(),
            org_number: org_number.to_owned(),
            created_at: instance.created.map(moment),
            changed_at: instance.last_changed.map(moment),
            stage: stage(instance).unwrap_or(UnfinishedStage::Unknown),
            period: read.as_ref().map(|it| it.period.value.in_words(language)),
            assessed_vat: read.as_ref().map(|it| kroner(it.assessed_vat.value)),
            attachments: u32::try_from(instance.of_type("binaerVedlegg").count()).unwrap_or(u32::MAX),
            can_continue: filing.is_none() && read.is_some(),
            filing,
        })
    }
}

/// Where an unfinished instance stands; nothing for one that was delivered.
fn stage(instance: &Instance) -> Option<UnfinishedStage> {
    match instance.stage() {
        Stage::Filling => Some(UnfinishedStage::Filling),
        Stage::Confirming => Some(UnfinishedStage::Signing),
        Stage::NotStarted | Stage::Unknown => Some(UnfinishedStage::Unknown),
        Stage::Feedback | Stage::Ended => None,
    }
}

fn parse(instance: &str) -> Result<InstanceId, Problem> {
    instance.parse().map_err(|error| problem::of(ErrorCode::NotFound, &error))
}
