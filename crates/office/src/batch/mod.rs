//! Many returns filed in one go.
//!
//! Every return of a batch is a filing in the database from the moment the batch is begun, and waits there for its turn:
//! so a period cannot be begun twice, here or in another program, and a batch survives whatever happens to the program.
//! A company's returns are delivered strictly one after another, in the order of their periods; several companies at
//! once. What stops one return does not stop the others, unless it would stop them all.

mod export;
pub(crate) mod store;

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use self::store::StoredBatch;
pub(crate) use export::csv;
use filing::{filings::Filing, ownership::Claim};
use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;
use view::{
    BatchState, BatchView, Delivered, ErrorCode, FilingState,
    ids::FilingId,
    problem::Problem,
    texts::{kroner, moment},
};

/// How long a return that tries again and again keeps its place, before another company gets it.
const STALLED: Duration = Duration::from_secs(60);

/// How many times more companies may be under way when some of them pause.
const WITH_PAUSES: usize = 4;

/// A batch under way.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) kept: StoredBatch,
    items: Vec<Item>,
    places: HashMap<FilingId, usize>,
    /// Nothing new is begun.
    paused: bool,
    /// It was left in the middle by an earlier run of the program.
    interrupted: bool,
    /// The person whose batch it is is signed in.
    signed_in: bool,
    /// Why it stands still.
    problem: Option<Problem>,
    /// Since when it has been going on, and how much had been delivered then.
    going_since: Option<(Timestamp, usize)>,
    // Held for its lock: one program works on a batch at a time.
    claim: Claim,
}

#[derive(Debug)]
struct Item {
    filing: FilingId,
    company: String,
    until: Date,
    state: FilingState,
    delivered: Delivered,
    code: Option<ErrorCode>,
    amount: Decimal,
    due: Option<Date>,
    /// Since when it has been trying again.
    trying: Option<Instant>,
    /// It leaves the authority alone for a moment before it tries again.
    pausing: bool,
}

impl Item {
    fn of(filing: &Filing) -> Self {
        let mut item = Self {
            filing: filing.id.clone(),
            company: filing.subject.org_number.to_string(),
            until: filing.subject.period.last_day(),
            state: filing.state,
            delivered: filing.delivered,
            code: None,
            amount: filing.assessed_vat,
            due: None,
            trying: None,
            pausing: false,
        };
        item.follow(filing);
        item
    }

    fn follow(&mut self, filing: &Filing) {
        self.state = filing.state;
        self.delivered = filing.delivered;
        self.code = filing.problem.as_ref().map(|problem| problem.code);
        // When money comes back the authority answers 0 and a day: the return's sum says what it is.
        if let Some(payment) = filing.payment.as_ref().filter(|_| filing.assessed_vat > Decimal::ZERO) {
            self.amount = payment.amount;
            self.due = payment.due;
        }
        self.trying = match (self.passes(), self.trying) {
            (true, None) => Some(Instant::now()),
            (true, since) => since,
            (false, _) => None,
        };
    }

    /// It waits for something that passes by itself.
    fn passes(&self) -> bool {
        self.state == FilingState::Waiting && self.code.is_some_and(ErrorCode::passes)
    }

    /// It goes on as soon as the right person is signed in.
    fn waits_for_sign_in(&self) -> bool {
        self.state == FilingState::Waiting && self.code.is_some_and(ErrorCode::waits_for_sign_in)
    }

    /// A later return of its company must wait for it.
    fn holds_its_company(&self) -> bool {
        self.state == FilingState::Running || self.passes() || self.waits_for_sign_in()
    }

    /// It counts among those that are worked on at once.
    fn takes_a_place(&self) -> bool {
        self.is_worked_on() && !(self.state == FilingState::Running && self.pausing)
    }

    /// It is under way, and has not tried in vain for too long.
    fn is_worked_on(&self) -> bool {
        self.state == FilingState::Running
            || (self.passes() && self.trying.is_none_or(|since| since.elapsed() < STALLED))
    }
}

impl Batch {
    pub(crate) fn new(kept: StoredBatch, claim: Claim, filings: &[Filing]) -> Self {
        let mut batch = Self {
            kept,
            items: Vec::new(),
            places: HashMap::new(),
            paused: false,
            interrupted: false,
            signed_in: true,
            problem: None,
            going_since: None,
            claim,
        };
        filings.iter().for_each(|filing| batch.add(filing));
        batch
    }

    /// The same, found at the start of the program.
    pub(crate) fn restored(kept: StoredBatch, claim: Claim, filings: &[Filing]) -> Self {
        Self { paused: true, interrupted: true, ..Self::new(kept, claim, filings) }
    }

    /// Gives the right to work on it back for good. To be called when the database has it closed.
    pub(crate) fn close(self) {
        self.claim.finish();
    }

    /// Puts a filing into the batch.
    pub(crate) fn add(&mut self, filing: &Filing) {
        match self.places.get(&filing.id) {
            Some(_) => {
                self.follow(filing);
            }
            None => {
                self.places.insert(filing.id.clone(), self.items.len());
                self.items.push(Item::of(filing));
            }
        }
    }

    /// Takes note of a filing's state; `false` when it is none of this batch's, or nothing has changed for the batch.
    pub(crate) fn follow(&mut self, filing: &Filing) -> bool {
        let Some(item) = self.places.get(&filing.id).and_then(|place| self.items.get_mut(*place)) else {
            return false;
        };
        let seen = |item: &Item| (item.state, item.delivered, item.code, item.amount, item.due);
        let before = seen(item);
        item.follow(filing);
        let news = before != seen(item);
        if item.state == FilingState::Waiting
            && !self.paused
            && let Some(problem) = filing.problem.as_ref().filter(|problem| problem.code.stops_all())
        {
            self.paused = true;
            self.problem = Some(problem.clone());
        }
        news
    }

    pub(crate) fn pause(&mut self) {
        self.paused = true;
        self.going_since = None;
    }

    /// Stands still, and says why.
    pub(crate) fn stop(&mut self, problem: Problem) {
        self.pause();
        self.problem = Some(problem);
    }

    pub(crate) fn resume(&mut self) {
        (self.paused, self.interrupted, self.problem) = (false, false, None);
        self.going_since = None;
    }

    /// Whether the person whose batch it is is signed in; `true` when that is news.
    pub(crate) fn set_signed_in(&mut self, signed_in: bool) -> bool {
        std::mem::replace(&mut self.signed_in, signed_in) != signed_in
    }

    /// Takes note that a filing pauses before it tries again, or goes on; `false` when it is none of this batch's.
    pub(crate) fn pausing(&mut self, filing: &FilingId, pausing: bool) -> bool {
        let item = self.places.get(filing).and_then(|place| self.items.get_mut(*place));
        item.is_some_and(|item| std::mem::replace(&mut item.pausing, pausing) != pausing)
    }

    /// Filings whose turn has come, when so many companies may be worked on at once. One that pauses makes room for
    /// another company; but not for all of them, or an authority that is down would be asked by every one.
    pub(crate) fn due(&self, at_once: usize) -> Vec<FilingId> {
        if self.paused || !self.signed_in {
            return Vec::new();
        }
        let mut held: HashSet<&str> =
            self.items.iter().filter(|item| item.holds_its_company()).map(|item| item.company.as_str()).collect();
        let taken = self.items.iter().filter(|item| item.takes_a_place()).count();
        let under_way = self.items.iter().filter(|item| item.is_worked_on()).count();
        let mut free = at_once.saturating_sub(taken).min((at_once * WITH_PAUSES).saturating_sub(under_way));
        let mut due = Vec::new();
        for item in &self.items {
            if free == 0 {
                break;
            }
            if item.state != FilingState::Queued || held.contains(item.company.as_str()) {
                continue;
            }
            // The earliest period of the company, wherever it stands in the batch.
            let first = self
                .items
                .iter()
                .filter(|other| other.state == FilingState::Queued && other.company == item.company)
                .min_by_key(|other| other.until);
            let Some(first) = first else { continue };
            held.insert(item.company.as_str());
            due.push(first.filing.clone());
            free -= 1;
        }
        due
    }

    /// A filing's turn has come.
    pub(crate) fn mark_running(&mut self, filing: &FilingId, now: Timestamp) {
        let delivered = self.delivered();
        self.going_since.get_or_insert((now, delivered));
        if let Some(item) = self.places.get(filing).and_then(|place| self.items.get_mut(*place)) {
            item.state = FilingState::Running;
        }
    }

    /// When a place becomes free because its filing has tried for too long.
    pub(crate) fn next_stall(&self) -> Option<Duration> {
        let left = |since: Instant| STALLED.checked_sub(since.elapsed());
        self.items.iter().filter_map(|item| item.trying.and_then(left)).min()
    }

    /// Nothing waits for its turn and nothing is under way. Receipts may still be missing.
    pub(crate) fn is_all_sent(&self) -> bool {
        !self.items.iter().any(|item| {
            matches!(item.state, FilingState::Queued | FilingState::Running)
                || item.passes()
                || item.waits_for_sign_in()
        })
    }

    /// Filings of the batch that are not at their end; their state may have changed elsewhere.
    pub(crate) fn under_way(&self) -> Vec<FilingId> {
        self.items.iter().filter(|item| item.state.is_under_way()).map(|item| item.filing.clone()).collect()
    }

    fn delivered(&self) -> usize {
        self.items.iter().filter(|item| item.delivered == Delivered::Yes).count()
    }

    /// Whether all its companies are of a kind.
    pub(crate) fn is_all(&self, of: impl Fn(&str) -> bool) -> bool {
        self.items.iter().all(|item| of(&item.company))
    }

    /// How many stand where.
    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for item in &self.items {
            *match item.state {
                FilingState::Queued => &mut counts.queued,
                FilingState::Running => &mut counts.running,
                FilingState::WaitingAnswer => &mut counts.answering,
                FilingState::Received => &mut counts.received,
                FilingState::Rejected => &mut counts.rejected,
                FilingState::Unclear => &mut counts.unclear,
                FilingState::Waiting | FilingState::WaitingSignature => &mut counts.waiting,
                FilingState::Refused => &mut counts.refused,
                FilingState::Abandoned => &mut counts.cancelled,
            } += 1;
        }
        counts
    }

    pub(crate) fn view(&self, now: Timestamp) -> BatchView {
        let counts = self.counts();
        let state = if self.is_all_sent() {
            if counts.answering > 0 { BatchState::WaitingReceipts } else { BatchState::Done }
        } else if self.interrupted {
            BatchState::Interrupted
        } else if !self.signed_in {
            BatchState::WaitingSignIn
        } else if self.paused {
            BatchState::Paused
        } else {
            BatchState::Running
        };
        let delivered = || self.items.iter().filter(|item| item.delivered == Delivered::Yes);
        let sum = |wanted: fn(&Decimal) -> bool| {
            delivered()
                .filter(|item| item.state.counts_as_filed())
                .map(|item| item.amount)
                .filter(wanted)
                .fold(Decimal::ZERO, Decimal::saturating_add)
        };
        BatchView {
            id: self.kept.id.to_string(),
            state,
            filed_by: self.kept.filed_by.clone(),
            started_at: moment(self.kept.started_at),
            total: u32::try_from(self.items.len()).unwrap_or(u32::MAX),
            queued: counts.queued,
            running: counts.running,
            answering: counts.answering,
            received: counts.received,
            rejected: counts.rejected,
            unclear: counts.unclear,
            waiting: counts.waiting,
            refused: counts.refused,
            cancelled: counts.cancelled,
            to_pay: kroner(sum(|amount| amount.is_sign_positive())),
            refund: kroner(sum(|amount| amount.is_sign_negative() && !amount.is_zero())),
            due: delivered()
                .filter(|item| item.amount > Decimal::ZERO && item.state.counts_as_filed())
                .filter_map(|item| item.due)
                .min()
                .map(|due| due.to_string()),
            minutes_left: self.minutes_left(now, counts.queued + counts.running),
            problem: self.problem.clone().filter(|_| state == BatchState::Paused).map(Into::into),
        }
    }

    /// By the pace so far; nothing is promised before five have been delivered.
    fn minutes_left(&self, now: Timestamp, left: u32) -> Option<u32> {
        let (since, before) = self.going_since?;
        let done = self.delivered().checked_sub(before).filter(|done| *done >= 5)?;
        let each: SignedDuration = now.duration_since(since) / i32::try_from(done).ok()?;
        let seconds = each.checked_mul(i32::try_from(left).ok()?)?.as_secs();
        u32::try_from(seconds.div_euclid(60) + 1).ok()
    }
}

/// A batch's filings, counted by where they stand.
#[derive(Debug, Default)]
struct Counts {
    queued: u32,
    running: u32,
    answering: u32,
    received: u32,
    rejected: u32,
    unclear: u32,
    waiting: u32,
    refused: u32,
    cancelled: u32,
}

#[cfg(test)]
mod tests;
