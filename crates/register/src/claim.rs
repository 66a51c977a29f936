//! The claim of a period, and what the register answers to each request about it. Pure: no clock, no database.
//!
//! The database decides by the same table in `migrations/V2__claims.sql`; `tests/decisions.rs` puts every request to every
//! claim that there can be, to this function and to PostgreSQL, and compares. `tests/model.rs` tries the protocol in every
//! order with desks that die, answers that are lost, leases that run out and servers that fail over.
//!
//! # The protocol
//!
//! A claim is of one period of one company (environment, company, category, period) and is in one of three phases:
//!
//! * [`Phase::Free`]: nobody files. What has been delivered is known.
//! * [`Phase::Held`]: one desk prepares a filing. Nothing has been delivered by it, and nothing can be: before the second
//!   `process/next` the desk asks for [`Request::Deliver`], and only the holder of the latest token gets it.
//! * [`Phase::Delivering`]: the period may be delivered at any moment, through one instance, or (`search`) through any that
//!   lies at Altinn.
//!
//! Every taking gives a new [`Token`]: the era of the server and a fencing number that only rises. Everything later names
//! the token and is refused ([`Answer::Stale`]) when another has been given since.
//!
//! A holder whose lease is over is dead, or asleep. One who only held is followed by whoever asks next. One who was
//! delivering is followed in doubt ([`Answer::InDoubt`]): no fence reaches a `process/next` that is on its way, so it is
//! stopped where it arrives. The follower throws the instance away at Altinn, or finishes that very instance, and only
//! then says [`Request::Settle`] or [`Request::Delivered`]; to file something of its own it takes the period anew. To look
//! without throwing away is not enough: what was not delivered when it was looked at may be a moment later (the model finds
//! it).
//!
//! A server that was promoted, or restored from a backup, may have lost the last that was written. Its era is another then
//! (`register.era()` in `V1__ground.sql`), tokens of the era before are refused, and whoever takes a claim that is not of
//! this era takes it in doubt, with a search: what lies unfinished at Altinn for the company is thrown away, what is
//! delivered is told.

use std::collections::BTreeSet;

/// What is going on with a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nobody files it.
    Free,
    /// One desk prepares a filing; it has delivered nothing.
    Held,
    /// One desk may be delivering it.
    Delivering,
}

impl Phase {
    /// As the database has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "held",
            Self::Delivering => "delivering",
        }
    }
}

/// What a holder shows with every request: the server's era and the fencing number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// Which of the register's eras. Another begins when the server is promoted or restored.
    pub era: i64,
    /// Rises with every taking of the claim.
    pub fence: i64,
}

/// A claim as the register keeps it. `W` says who files (a filing of a desk), `I` is an instance at Altinn.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim<W, I: Ord> {
    /// What its holder must show.
    pub token: Token,
    /// What is going on.
    pub phase: Phase,
    /// The holder, or who held it last.
    pub who: W,
    /// The holder's instance, once it is known: where it delivers.
    pub instance: Option<I>,
    /// Whether every instance of the period may be delivering, not only that one.
    pub search: bool,
    /// Whether the lease still runs, by the server's clock.
    pub running: bool,
    /// What has been delivered, as far as the register has been told.
    pub delivered: BTreeSet<I>,
}

/// The server, as far as it matters to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Server {
    /// Its era.
    pub era: i64,
    /// Whether there was none before: nothing can have been lost.
    pub first: bool,
}

/// What a desk asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Request<I> {
    /// To file the period. `seen` is how many deliveries of it the person knows of: a correction is asked about first.
    Take {
        /// How many deliveries she knows of.
        seen: usize,
    },
    /// To have the lease renewed, and the instance noted as soon as there is one.
    Renew {
        /// The holder's.
        token: Token,
        /// Where it is being prepared.
        instance: Option<I>,
    },
    /// To deliver: asked before the second `process/next` is sent. Without the answer [`Answer::Done`] it is not sent.
    Deliver {
        /// The holder's.
        token: Token,
        /// Where.
        instance: I,
    },
    /// To note that an instance is delivered.
    Delivered {
        /// The holder's.
        token: Token,
        /// Which.
        instance: I,
    },
    /// To end a doubt: what it was about is thrown away at Altinn and was not delivered. The period is free then, and is
    /// taken anew by whoever wants to file it.
    Settle {
        /// The holder's.
        token: Token,
    },
    /// To let go of a period that is held.
    Release {
        /// The holder's.
        token: Token,
    },
}

/// What the register answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Answer<W, I: Ord> {
    /// The claim is the asker's, and nothing stands in the way.
    Clear {
        /// To show from now on.
        token: Token,
        /// What the holder before had prepared: it delivers no more, and can be thrown away.
        leftover: Option<I>,
    },
    /// The claim is the asker's; Altinn must be asked before anything is prepared or delivered.
    InDoubt {
        /// To show from now on.
        token: Token,
        /// What may be delivered.
        instance: Option<I>,
        /// Whether anything else may be.
        search: bool,
        /// What the register knows to be delivered.
        delivered: BTreeSet<I>,
    },
    /// Another has it, and the lease runs.
    Busy {
        /// Who.
        who: W,
        /// Whether the period is being delivered at this moment.
        delivering: bool,
    },
    /// More has been delivered than the asker knows of.
    Filed {
        /// What.
        delivered: BTreeSet<I>,
    },
    /// It is noted; asked twice, it is noted once.
    Done,
    /// The token is not the latest, or the claim is in another phase than the request is about. Nothing is noted.
    Stale,
}

/// What becomes of a claim (`None`: it stays as it is), and what is answered to who asks.
pub fn decide<W, I>(
    claim: Option<&Claim<W, I>>,
    server: Server,
    who: &W,
    request: &Request<I>,
) -> (Option<Claim<W, I>>, Answer<W, I>)
where
    W: Clone + Eq,
    I: Clone + Ord,
{
    match (claim, request) {
        (None, Request::Take { seen }) => first(server, who, *seen),
        (Some(claim), Request::Take { seen }) => take(claim, server, who, *seen),
        (Some(claim), request) if claim.token.era == server.era && claim.who == *who => held(claim, request),
        (_, _) => (None, Answer::Stale),
    }
}

/// Of a period that the register knows nothing of. In the first era nothing is known because nothing has been; later it may
/// have been lost.
fn first<W: Clone, I: Ord + Clone>(server: Server, who: &W, seen: usize) -> (Option<Claim<W, I>>, Answer<W, I>) {
    if seen > 0 && server.first {
        // She knows of more than there is: whatever she has seen, it was not here.
        return (None, Answer::Filed { delivered: BTreeSet::new() });
    }
    let claim = Claim {
        token: Token { era: server.era, fence: 1 },
        phase: if server.first { Phase::Held } else { Phase::Delivering },
        who: who.clone(),
        instance: None,
        search: !server.first,
        running: true,
        delivered: BTreeSet::new(),
    };
    let answer = granted(&claim, None);
    (Some(claim), answer)
}

fn take<W, I>(claim: &Claim<W, I>, server: Server, who: &W, seen: usize) -> (Option<Claim<W, I>>, Answer<W, I>)
where
    W: Clone + Eq,
    I: Clone + Ord,
{
    let ours = claim.who == *who;
    if claim.phase != Phase::Free && claim.running && !ours {
        let delivering = claim.phase == Phase::Delivering;
        return (None, Answer::Busy { who: claim.who.clone(), delivering });
    }
    // What is in doubt may have been delivered since: that is found out first, and asked about after.
    let lost = claim.token.era != server.era;
    let doubt = claim.phase == Phase::Delivering || lost;
    if claim.delivered.len() != seen && !doubt {
        return (None, Answer::Filed { delivered: claim.delivered.clone() });
    }
    let kept = if doubt || (ours && claim.phase == Phase::Held) { claim.instance.clone() } else { None };
    let leftover = if claim.phase == Phase::Held && kept.is_none() { claim.instance.clone() } else { None };
    let taken = Claim {
        // A new number for the same holder as well: what she asked before, and may still be under way, counts no more.
        token: Token { era: server.era, fence: claim.token.fence + 1 },
        phase: if doubt { Phase::Delivering } else { Phase::Held },
        who: who.clone(),
        instance: kept,
        search: lost || (claim.phase == Phase::Delivering && claim.search),
        running: true,
        delivered: claim.delivered.clone(),
    };
    let answer = granted(&taken, leftover);
    (Some(taken), answer)
}

fn granted<W, I: Ord + Clone>(claim: &Claim<W, I>, leftover: Option<I>) -> Answer<W, I> {
    if claim.phase == Phase::Delivering {
        return Answer::InDoubt {
            token: claim.token,
            instance: claim.instance.clone(),
            search: claim.search,
            delivered: claim.delivered.clone(),
        };
    }
    Answer::Clear { token: claim.token, leftover }
}

/// What a holder asks, in the era of her token.
fn held<W, I>(claim: &Claim<W, I>, request: &Request<I>) -> (Option<Claim<W, I>>, Answer<W, I>)
where
    W: Clone,
    I: Clone + Ord,
{
    let mut next = claim.clone();
    let (token, fits) = match request {
        Request::Take { .. } => return (None, Answer::Stale),
        Request::Renew { token, instance } => {
            next.running = true;
            if claim.phase == Phase::Held && instance.is_some() {
                next.instance.clone_from(instance);
            }
            (token, claim.phase != Phase::Free)
        }
        Request::Deliver { token, instance } => {
            // Once more is right only for what is being delivered already; a doubt is settled first.
            let again = claim.phase == Phase::Delivering && !claim.search && claim.instance.as_ref() == Some(instance);
            (next.phase, next.instance, next.running) = (Phase::Delivering, Some(instance.clone()), true);
            (token, claim.phase == Phase::Held || again)
        }
        Request::Delivered { token, instance } => {
            next.delivered.insert(instance.clone());
            (next.phase, next.instance, next.search) = (Phase::Free, None, false);
            (token, true)
        }
        Request::Settle { token } => {
            (next.phase, next.instance, next.search) = (Phase::Free, None, false);
            (token, claim.phase != Phase::Held)
        }
        Request::Release { token } => {
            (next.phase, next.instance) = (Phase::Free, None);
            (token, claim.phase != Phase::Delivering)
        }
    };
    if fits && *token == claim.token { (Some(next), Answer::Done) } else { (None, Answer::Stale) }
}
