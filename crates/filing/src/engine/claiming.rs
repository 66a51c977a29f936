//! A filing's claim of its period: taken before the first write, asked for before delivery, given up at the end.

use altinn::{ApiError, Instance, InstanceId, Stage};
use register::{
    Delivery, Holder, RegisterError,
    claim::{Answer, Request, Token},
};
use store::database::columns::word;
use view::{
    Delivered, ErrorCode, FilingState, StepName,
    problem::{self, Problem},
    texts::{local, moment},
};

use super::{
    Control, Engine, JournaledStep,
    claims::{Claimed, Reply},
    odd::Odd,
    run::Run,
    trouble::Trouble,
};
use crate::filings::{self, Entry};

/// How often the deletion of an abandoned instance is tried.
const DELETE_TRIES: usize = 3;

/// What the register says against a filing.
#[derive(Debug)]
pub(super) enum Against {
    /// Another desk files the period at this moment.
    Busy(Box<Holder>, bool),
    /// It has been filed by others, and the person has not seen all of that.
    Filed(Vec<(Delivery, Option<FilingState>)>),
    /// Another has followed: who it is, is asked next.
    Followed,
}

impl Against {
    /// What is shown of it.
    pub(super) fn shown(&self) -> Problem {
        match self {
            Self::Busy(holder, delivering) => {
                let at = holder.since.map(moment).unwrap_or_default();
                problem::says(ErrorCode::PeriodTaken, "The period is being filed from another desk.")
                    .with("person", holder.name.clone())
                    .with("desk", holder.desk_name.clone())
                    .with("since", local(&at))
                    .with("at", at)
                    .with("delivering", if *delivering { "yes" } else { "no" })
            }
            Self::Filed(deliveries) => filed(deliveries),
            Self::Followed => problem::says(ErrorCode::PeriodTaken, "Another desk has taken the period over."),
        }
    }
}

/// What is shown of a period that others have filed: the last delivery that stands, how many do, and all of them as details.
/// Where Skatteetaten has rejected each, that is said of the last.
#[must_use]
pub fn filed(deliveries: &[(Delivery, Option<FilingState>)]) -> Problem {
    let problem =
        problem::says(ErrorCode::AlreadyFiled, "The period has been filed already: this would be a new version.");
    let rejected = |state: &Option<FilingState>| state.is_some_and(FilingState::is_rejected);
    let stand = || deliveries.iter().filter(|(_, state)| !rejected(state));
    let problem = match stand().next_back().or(deliveries.last()) {
        Some((last, state)) => {
            let problem = problem
                .with("at", moment(last.at))
                .with_some("person", Some(last.name.clone()).filter(|name| !name.is_empty()))
                .with_some("desk", last.desk.clone())
                .with("deliveries", stand().count().to_string());
            match state {
                Some(state) => problem.with("state", word(state)),
                None => problem,
            }
        }
        None => problem,
    };
    let told = |(it, state): &(Delivery, Option<FilingState>)| {
        let at = local(&moment(it.at));
        let told = [Some(at.as_str()), Some(&*it.name), it.desk.as_deref(), rejected(state).then_some("rejected")];
        told.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    deliveries.iter().map(told).fold(problem, Problem::detail)
}

/// What became of an instance that was looked at because of a doubt.
enum Fate {
    Gone,
    Delivered,
    /// It is another company's, or a return of another period lies in it: whoever has named it (the register, or a desk that
    /// told it) has no say in what becomes of it.
    NotOfThePeriod,
}

fn is_delivered(instance: &Instance) -> bool {
    matches!(instance.stage(), Stage::Feedback | Stage::Ended)
}

/// The register names an instance that it has no say in.
fn not_of_the_period(id: &InstanceId) -> RegisterError {
    RegisterError::Odd(format!("instance {id} is not of this company and period"))
}

impl Engine {
    /// Tells the office register what this desk has delivered while the register was away, or this program ended before it
    /// was told. What does not succeed is tried at the next start.
    pub async fn tell_register(&self) {
        if self.parts.claims.is_none() {
            return;
        }
        let untold = match self.parts.db.read(|db| filings::untold(db, self.parts.environment)) {
            Ok(untold) => untold,
            Err(error) => return tracing::warn!(%error, "What the register is to be told could not be read."),
        };
        for filing in untold {
            // What is under way tells itself.
            if self.running().contains_key(&filing.id) {
                continue;
            }
            let control = Control::default();
            Run::new(self, &control, filing, Vec::new()).tell_delivered().await;
        }
    }
}

impl Run<'_> {
    /// Makes sure that nobody else files the period before anything is written at the authority. Without a register there is
    /// nobody else.
    pub(super) async fn claim_period(&mut self) -> Result<(), Trouble> {
        let Some(claims) = self.engine.parts.claims.clone() else { return Ok(()) };
        if self.filing.delivered == Delivered::Yes {
            self.tell_delivered().await;
            return Ok(());
        }
        while self.claim.is_none() {
            let seen = self.engine.parts.db.read(|db| filings::seen(db, &self.filing))?;
            let Reply { answer, holder } = match self.asked(Request::Take { seen }).await {
                Err(Trouble::Register(error, _)) if error.may_pass() && self.may_go_without()? => return Ok(()),
                asked => asked?,
            };
            match answer {
                Answer::Clear { token, leftover } => {
                    self.claim = Some(Claimed::new(&claims, &self.filing, token, false));
                    self.clear_away(leftover).await;
                }
                Answer::InDoubt { token, instance, search, delivered } => {
                    let known: Vec<String> = delivered.into_iter().collect();
                    self.settle_doubt(token, instance, search, &known).await?;
                }
                Answer::Busy { delivering, .. } => {
                    let holder = holder.map(Box::new).ok_or(Trouble::Lost("The register names no holder."))?;
                    return Err(Trouble::Against(Against::Busy(holder, delivering)));
                }
                // This very filing: where it stands is read anew.
                Answer::Filed { delivered }
                    if self.filing.instance.as_ref().is_some_and(|own| delivered.contains(&own.to_string())) =>
                {
                    return self.reconcile().await;
                }
                Answer::Filed { .. } => {
                    let told = claims.deliveries(&self.filing.subject).await.map_err(|error| self.away(error))?;
                    let (db, environment) = (&self.engine.parts.db, self.engine.parts.environment);
                    let told = db.read(|db| filings::with_states(db, environment, told))?;
                    return Err(Trouble::Against(Against::Filed(told)));
                }
                Answer::Done | Answer::Stale => return Err(Trouble::Against(Against::Followed)),
            }
        }
        Ok(())
    }

    /// Asks the register about the filing's period.
    async fn asked(&self, request: Request<String>) -> Result<Reply, Trouble> {
        let Some(claims) = &self.engine.parts.claims else { return Err(Trouble::Lost("There is no register.")) };
        let asked = claims.ask(&self.filing.subject, &self.filing.id, request).await;
        let reply = asked.map_err(|error| self.away(error))?;
        if let Answer::Clear { token, .. } | Answer::InDoubt { token, .. } = &reply.answer {
            self.engine.parts.db.write(|tx| filings::has_claim(tx, &self.filing.id, *token))?;
        }
        Ok(reply)
    }

    fn away(&self, error: RegisterError) -> Trouble {
        let text = error.text(self.engine.parts.listener.language());
        Trouble::Register(error, text)
    }

    /// Whether a person has said to file without the register where it does not answer.
    fn may_go_without(&self) -> Result<bool, Trouble> {
        Ok(self.engine.parts.db.read(|db| filings::may_go_without(db, &self.filing.id))?)
    }

    /// Asks the register before the second process/next: whoever does not get its word does not send it.
    pub(super) async fn may_deliver(&mut self, instance: &InstanceId) -> Result<(), Trouble> {
        let Some(token) = self.claim.as_ref().map(|claim| claim.token) else {
            return match self.engine.parts.claims {
                None => Ok(()),
                Some(_) if self.may_go_without()? => {
                    Ok(self.engine.parts.db.write(|tx| filings::is_to_be_told(tx, &self.filing.id, true))?)
                }
                Some(_) => Err(Trouble::Against(Against::Followed)),
            };
        };
        // From here on the register is to be told what became of it, whatever happens to this program.
        self.engine.parts.db.write(|tx| filings::is_to_be_told(tx, &self.filing.id, true))?;
        let reply = match self.asked(Request::Deliver { token, instance: instance.to_string() }).await {
            Err(Trouble::Register(error, _)) if error.may_pass() && self.may_go_without()? => return Ok(()),
            asked => asked?,
        };
        if let (Answer::Done, Some(claim)) = (reply.answer, self.claim.as_mut()) {
            claim.delivering = true;
            return Ok(());
        }
        self.claim = None;
        Err(Trouble::Against(Against::Followed))
    }

    /// Tells the register that the filing is delivered. Where it is away, the filing goes on, and it is told later.
    pub(super) async fn tell_delivered(&mut self) {
        let Some(instance) = self.filing.instance.clone() else { return };
        if self.claim.is_none() {
            match self.engine.parts.db.read(|db| filings::is_untold(db, &self.filing.id)) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return tracing::warn!(%error, "What the register is to be told could not be read."),
            }
        }
        let done = match self.claim.as_ref().map(|claim| claim.token) {
            Some(token) => self.told(token, &instance).await,
            None => self.told_anew(&instance).await,
        };
        match done {
            Ok(true) => {
                self.claim = None;
                let noted = self.engine.parts.db.write(|tx| filings::is_to_be_told(tx, &self.filing.id, false));
                if let Err(error) = noted {
                    tracing::warn!(%error, "It could not be noted that the register has been told.");
                }
            }
            // Another has followed and asks Altinn; or the register is away. It is asked again.
            Ok(false) => self.claim = None,
            Err(trouble) => tracing::info!(?trouble, filing = %self.filing.id, "The register is told later."),
        }
    }

    async fn told(&self, token: Token, instance: &InstanceId) -> Result<bool, Trouble> {
        let reply = self.asked(Request::Delivered { token, instance: instance.to_string() }).await?;
        Ok(reply.answer == Answer::Done)
    }

    /// The same after this program was ended in between: the claim is taken once more.
    async fn told_anew(&mut self, instance: &InstanceId) -> Result<bool, Trouble> {
        let own = instance.to_string();
        let seen = self.engine.parts.db.read(|db| filings::seen(db, &self.filing))?;
        match self.asked(Request::Take { seen }).await?.answer {
            Answer::InDoubt { token, search: false, instance: Some(found), .. } if found == own => {
                self.told(token, instance).await
            }
            Answer::InDoubt { token, instance: other, search, delivered } => {
                let known: Vec<String> = delivered.into_iter().collect();
                self.settle_doubt(token, other, search, &known).await?;
                Ok(false)
            }
            // The register did not know that it was delivered, and nobody else files.
            Answer::Clear { token, .. } => self.told(token, instance).await,
            Answer::Filed { delivered } if delivered.contains(&own) => Ok(true),
            // It was filed without the register, and others have filed it meanwhile: both stand, and that is said.
            Answer::Filed { delivered } => {
                let seen = delivered.len();
                let Answer::Clear { token, .. } = self.asked(Request::Take { seen }).await?.answer else {
                    return Ok(false);
                };
                let done = self.told(token, instance).await?;
                if done && seen > 0 {
                    self.engine.parts.db.write(|tx| filings::is_twice(tx, &self.filing.id))?;
                }
                Ok(done)
            }
            Answer::Busy { .. } | Answer::Done | Answer::Stale => Ok(false),
        }
    }

    /// Somebody may have delivered the period, or may be about to: a desk that died, or anybody where the register may have
    /// lost what was written last. What is not delivered is thrown away, so that it cannot be delivered any more; what is, is
    /// told. To look alone is not enough: what was not delivered may be a moment later.
    async fn settle_doubt(
        &mut self,
        token: Token,
        instance: Option<String>,
        search: bool,
        known: &[String],
    ) -> Result<(), Trouble> {
        let own = self.filing.instance.clone();
        let parsed =
            |id: String| id.parse::<InstanceId>().map_err(|_| Trouble::Lost("The register names no instance."));
        let found = instance.map(parsed).transpose()?;
        if let (Some(claims), true, false) = (self.engine.parts.claims.clone(), own.is_some() && found == own, search) {
            // It is ours: it is finished, and cannot be delivered twice.
            self.claim = Some(Claimed::new(&claims, &self.filing, token, true));
            return Ok(());
        }
        let mut doubtful: Vec<InstanceId> = found.into_iter().collect();
        if search {
            doubtful.extend(own.clone());
            doubtful.extend(self.all_of_the_period(known).await?);
        }
        doubtful.sort_by_key(ToString::to_string);
        doubtful.dedup();
        for id in doubtful {
            match self.fate(&id).await? {
                Fate::Delivered => {
                    self.told(token, &id).await?;
                }
                Fate::Gone if own.as_ref() == Some(&id) && self.filing.delivered == Delivered::No => {
                    self.begin_anew()?
                }
                Fate::Gone => {}
                Fate::NotOfThePeriod => return Err(self.away(not_of_the_period(&id))),
            }
        }
        self.asked(Request::Settle { token }).await.map(drop)
    }

    /// Every instance of the company that has a return of this period in it, and that the register does not know to be
    /// delivered.
    async fn all_of_the_period(&self, known: &[String]) -> Result<Vec<InstanceId>, Trouble> {
        let (client, subject) = (&self.engine.parts.client, &self.filing.subject);
        let org_number = subject.org_number.as_str();
        let call = |token| async move { client.list_instances(&token, org_number, &[]).await };
        let mut all = Vec::new();
        for instance in self.engine.altinn(&self.filing, call).await? {
            if known.contains(&instance.id.to_string()) || instance.is_deleted() {
                continue;
            }
            // One without a return can be delivered by nobody whose claim is of before.
            let Some(element) = instance.of_type("mvamelding").last() else { continue };
            let id = &instance.id;
            let call = |token| async move { client.download(&token, id, element).await };
            let bytes = self.engine.altinn(&self.filing, call).await?;
            // It may be this very period: what cannot be told is not taken for another, unless it is delivered and a person has
            // looked.
            let Ok(read) = vat_return::read(&bytes) else {
                if is_delivered(&instance) && self.engine.parts.db.read(|db| filings::looked(db, &self.filing.id))? {
                    continue;
                }
                return Err(Trouble::Odd(Odd::UnreadableDelivery(instance.id.clone())));
            };
            if read.category.value == subject.category && read.period.value == subject.period {
                all.push(instance.id.clone());
            }
        }
        Ok(all)
    }

    /// Makes sure that an instance is delivered, or never will be. It is read whose it is and what lies in it before anything is
    /// done to it or told of it: its name comes from the register.
    async fn fate(&self, id: &InstanceId) -> Result<Fate, Trouble> {
        let client = &self.engine.parts.client;
        let mut deleted = false;
        loop {
            let call = |token| async move { client.get_instance(&token, id).await };
            match self.engine.altinn(&self.filing, call).await {
                Ok(instance) => {
                    let is_delivered = is_delivered(&instance);
                    if !is_delivered && (deleted || instance.is_deleted()) {
                        return Ok(Fate::Gone);
                    }
                    if !deleted && !self.is_of_the_period(&instance).await? {
                        return Ok(Fate::NotOfThePeriod);
                    }
                    if is_delivered {
                        return Ok(Fate::Delivered);
                    }
                }
                Err(Trouble::Api(ApiError::NotFound { .. })) => return Ok(Fate::Gone),
                Err(trouble) => return Err(trouble),
            }
            let call = |token| async move { client.delete_instance(&token, id, false).await };
            match self.engine.altinn(&self.filing, call).await {
                // Read once more: it may have been delivered in between.
                Ok(()) => deleted = true,
                Err(Trouble::Api(ApiError::NotFound { .. })) => return Ok(Fate::Gone),
                Err(trouble) => return Err(trouble),
            }
        }
    }

    /// Whether an instance is the company's, and the return in it, where there is one, of the period.
    async fn is_of_the_period(&self, instance: &Instance) -> Result<bool, Trouble> {
        let subject = &self.filing.subject;
        if instance.instance_owner.organisation_number.as_deref() != Some(subject.org_number.as_str()) {
            return Ok(false);
        }
        // One without a return holds nothing of anybody's yet, and one that is delivered has one.
        let Some(element) = instance.of_type("mvamelding").last() else { return Ok(!is_delivered(instance)) };
        let (client, id) = (&self.engine.parts.client, &instance.id);
        let call = |token| async move { client.download(&token, id, element).await };
        let bytes = self.engine.altinn(&self.filing, call).await?;
        let Ok(read) = vat_return::read(&bytes) else {
            // Half an upload is nobody's return. What is delivered and cannot be read may be this very period's.
            return if is_delivered(instance) {
                Err(Trouble::Odd(Odd::UnreadableDelivery(instance.id.clone())))
            } else {
                Ok(true)
            };
        };
        Ok(read.category.value == subject.category && read.period.value == subject.period)
    }

    /// The filing's own instance is gone, and what is filed is filed in another.
    fn begin_anew(&mut self) -> Result<(), Trouble> {
        self.filing.instance = None;
        self.filing.step = StepName::Instance;
        (self.instance, self.intended, self.sure) = (None, None, false);
        (self.has_envelope, self.has_return) = (false, false);
        for attachment in &mut self.attachments {
            attachment.element = None;
        }
        let note = "The register had to make sure that nobody delivers it.";
        let lines = [(StepName::Instance, Entry::Refused, Some(note))];
        let attachments = self.attachments.clone();
        let written = JournaledStep { lines: &lines, attachments: &attachments, ..JournaledStep::default() };
        Ok(self.engine.write(self.engine.parts.clock.now(), &self.filing, &written)?)
    }

    /// What a desk that died had prepared and will not deliver. What cannot be deleted stays, harmless.
    async fn clear_away(&self, leftover: Option<String>) {
        let Some(id) = leftover.and_then(|id| id.parse::<InstanceId>().ok()) else { return };
        if self.filing.instance.as_ref() == Some(&id) {
            return;
        }
        match self.fate(&id).await {
            Ok(Fate::Gone | Fate::Delivered) => {}
            Ok(Fate::NotOfThePeriod) => {
                tracing::warn!(instance = %id, "The register names an instance that is not of the period; it is left alone.");
            }
            Err(trouble) => tracing::info!(?trouble, "What another desk had prepared stays in Altinn."),
        }
    }

    /// Notes at the register where the filing is being prepared: who follows can throw it away. Nothing waits for it.
    pub(super) fn note_instance(&self) {
        let (Some(claims), Some(claim), Some(instance)) =
            (self.engine.parts.claims.clone(), &self.claim, &self.filing.instance)
        else {
            return;
        };
        let (subject, filing) = (self.filing.subject.clone(), self.filing.id.clone());
        let request = Request::Renew { token: claim.token, instance: Some(instance.to_string()) };
        tokio::spawn(async move {
            if let Err(error) = claims.ask(&subject, &filing, request).await {
                tracing::info!(%error, "Where a filing is prepared could not be noted.");
            }
        });
    }

    /// Gives the claim back. `gone`: nothing of the filing is left at the authority that could be delivered.
    pub(super) async fn let_go(&mut self, gone: bool) {
        let Some(claim) = self.claim.take() else { return };
        let request = match claim.delivering {
            // Who follows makes sure.
            true if !gone => return,
            true => Request::Settle { token: claim.token },
            false => Request::Release { token: claim.token },
        };
        match self.asked(request).await {
            Ok(_) => {
                let noted = self.engine.parts.db.write(|tx| filings::is_to_be_told(tx, &self.filing.id, false));
                if let Err(error) = noted {
                    tracing::warn!(%error, "It could not be noted that the register has been told.");
                }
            }
            // Its lease runs out.
            Err(trouble) => tracing::info!(?trouble, "A claim could not be given back."),
        }
    }

    /// Deletes an undelivered instance, so that nothing half-made stays behind in Altinn's inbox. What cannot be deleted
    /// stays there, harmless. Whether nothing is left.
    pub(super) async fn throw_away(&self) -> bool {
        let Some(id) = &self.filing.instance else { return true };
        if self.filing.delivered != Delivered::No {
            return false;
        }
        let client = &self.engine.parts.client;
        for wait in self.engine.parts.pace.retries().take(DELETE_TRIES) {
            let call = |token| async move { client.delete_instance(&token, id, false).await };
            match self.engine.altinn(&self.filing, call).await {
                Ok(()) => return true,
                Err(trouble) => {
                    // Offered for deletion among what lies unfinished in Altinn.
                    tracing::warn!(filing = %self.filing.id, ?trouble, "The unfinished instance stays in Altinn so far.");
                    tokio::time::sleep(wait).await;
                }
            }
        }
        false
    }
}
