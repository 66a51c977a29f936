//! Register, Altinn, desks, and everything between them.

use register::claim::{Answer, Claim, Phase, Request, Server, Token, decide};
use stateright::{Model, Property};

use crate::{
    Mutation,
    desk::{At, Desk, Instance, Who},
};

/// No period is delivered twice without a person's word.
pub(crate) const ONCE: &str = "delivered once";
/// Whoever is left can come to an end.
pub(crate) const ENDS: &str = "whoever is left comes to an end";
/// Nobody is robbed of a claim whose lease runs.
pub(crate) const KEPT: &str = "a running lease is kept";
/// What must be possible.
pub(crate) const POSSIBLE: [&str; 2] = ["delivered", "delivered by who followed"];

/// What a failover loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replication {
    /// Nothing that was answered.
    Synchronous,
    /// What the standby has not got yet.
    Asynchronous,
}

/// How much may go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    /// Requests that are late or never arrive, and desks that die.
    pub(crate) mishaps: u8,
    /// Leases that run out.
    pub(crate) expiries: u8,
    /// Servers that are followed by their standby.
    pub(crate) failovers: u8,
    /// Corrections that a person wants, and filings that she gives up.
    pub(crate) corrections: u8,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Desks {
    pub(crate) desks: usize,
    pub(crate) replication: Replication,
    pub(crate) budget: Budget,
    /// And the promise that is to be broken by it; the others are not looked at.
    pub(crate) mutation: Option<(Mutation, &'static str)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    Open,
    Delivered,
    Deleted,
}

type DocumentState = Option<Claim<Who, Instance>>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    claim: DocumentState,
    /// What the standby has, where it may lag.
    standby: DocumentState,
    era: i64,
    instances: Vec<(Who, Stage)>,
    desks: Vec<Desk>,
    /// Requests that nobody waits for any more, and that may yet arrive.
    late: Vec<(Who, Request<Instance>)>,
    /// A process/next that may yet arrive: the instance, and how many deliveries the sender knew of.
    late_next: Vec<(Instance, u8)>,
    mishaps: u8,
    expiries: u8,
    failovers: u8,
    corrections: u8,
    accident: bool,
    robbed: bool,
    followed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// The desk takes its next step, and is answered.
    Step(Who),
    /// In doubt about one instance it delivers that very instance.
    Finish(Who),
    /// No answer comes, and the desk waits no longer. What it sent may still arrive.
    NoAnswer(Who),
    Crash(Who),
    Restart(Who),
    /// The person wants a correction.
    Correct(Who),
    /// The person is content with what was delivered.
    Content(Who),
    /// The person gives up what is being prepared.
    GiveUp(Who),
    /// A late request arrives.
    Arrive(u8),
    /// A late process/next arrives.
    ArriveNext(u8),
    Expire,
    Renew(Who),
    Replicate,
    Failover,
}

impl Desks {
    fn has(&self, mutation: Mutation) -> bool {
        self.mutation.is_some_and(|(it, _)| it == mutation)
    }

    /// The register does what it is asked.
    fn ask(&self, world: &mut World, who: Who, request: &Request<Instance>) -> Answer<Who, Instance> {
        let before = world.claim.clone();
        let mut shown = before.clone();
        let mut request = request.clone();
        let mut server = Server { era: world.era, first: world.era == 1 };
        if let Some(claim) = &mut shown {
            if self.has(Mutation::NoEra) {
                claim.token.era = world.era;
            }
            match &mut request {
                Request::Take { seen } => {
                    claim.running &= !self.has(Mutation::NoLease);
                    claim.running |= self.has(Mutation::NeverFollowed);
                    if self.has(Mutation::Unasked) {
                        *seen = claim.delivered.len();
                    }
                    if self.has(Mutation::NoDoubt) && claim.phase == Phase::Delivering {
                        claim.phase = Phase::Held;
                    }
                }
                Request::Deliver { token, .. } | Request::Delivered { token, .. } | Request::Settle { token } => {
                    if self.has(Mutation::NoFence) {
                        *token = claim.token;
                    }
                    if self.has(Mutation::NoEra) {
                        token.era = world.era;
                    }
                }
                _ => {}
            }
        } else if self.has(Mutation::NothingLost) || self.has(Mutation::NoEra) {
            server.first = true;
        }
        let (mut after, mut answer) = decide(shown.as_ref(), server, &who, &request);
        if let Some(after) = &mut after {
            after.token.era = world.era;
            if let Answer::Clear { token, .. } | Answer::InDoubt { token, .. } = &mut answer {
                token.era = world.era;
                if let (true, Some(before)) = (self.has(Mutation::NumberKept), &before) {
                    (token.fence, after.token.fence) = (before.token.fence, before.token.fence);
                }
            }
            if self.has(Mutation::Forgotten) {
                after.delivered.clear();
            }
        }
        if let (Request::Take { .. }, Some(_), Some(before)) = (&request, &after, &before)
            && before.phase != Phase::Free
            && before.who != who
        {
            world.robbed |= before.running;
            world.followed = true;
        }
        if after.is_some() {
            world.claim = after;
            if self.replication == Replication::Synchronous {
                world.standby.clone_from(&world.claim);
            }
        }
        answer
    }

    /// The second process/next arrives at Altinn.
    fn next(world: &mut World, instance: Instance, seen: u8) {
        let before = world.instances.iter().filter(|(_, stage)| *stage == Stage::Delivered).count();
        let (_, stage) = &mut world.instances[usize::from(instance)];
        if *stage == Stage::Open {
            *stage = Stage::Delivered;
            world.accident |= before > usize::from(seen);
        }
    }

    /// A desk's next step, all the way to the answer.
    fn step(&self, world: &mut World, who: Who) {
        let mut desk = world.desks[usize::from(who)];
        if let Some(request) = desk.request() {
            let answer = self.ask(world, who, &request);
            if matches!(desk.at, At::Marking(_)) && answer == Answer::Stale {
                // What was prepared for nothing is thrown away.
                Self::throw_away(world, desk.instance);
            }
            desk.answered(&answer, self.has(Mutation::Forgetful));
            world.desks[usize::from(who)] = desk;
            return;
        }
        let stage = |instance: Instance| world.instances[usize::from(instance)].1;
        match desk.at {
            At::Rest => desk.at = At::Taking,
            At::Holding(token) => {
                let mine = |(at, (owner, stage)): (usize, &(Who, Stage))| {
                    (*owner == who && *stage == Stage::Open).then(|| u8::try_from(at).unwrap())
                };
                match desk.instance.filter(|it| stage(*it) == Stage::Open) {
                    Some(_) if self.has(Mutation::Unmarked) => desk.at = At::Sending(token),
                    Some(_) => desk.at = At::Marking(token),
                    None => {
                        desk.instance = Some(world.instances.iter().enumerate().find_map(mine).unwrap_or_else(|| {
                            world.instances.push((who, Stage::Open));
                            u8::try_from(world.instances.len() - 1).unwrap()
                        }));
                    }
                }
            }
            At::Sending(token) => {
                if let Some(instance) = desk.instance {
                    Self::next(world, instance, desk.seen);
                }
                desk.at = At::Finding(token);
            }
            At::Finding(token) => {
                desk.at = match desk.instance.map(|it| (it, stage(it))) {
                    Some((instance, Stage::Delivered)) => At::Telling(token, instance),
                    Some((_, Stage::Open)) => At::Sending(token),
                    Some((_, Stage::Deleted)) | None => At::Rest,
                };
            }
            At::Doubt(token, instance, search) => self.doubt(world, &mut desk, (token, instance, search)),
            At::Down | At::Asked(_) | At::Taking | At::Marking(_) => {}
            At::Telling(..) | At::Settling(_) | At::Releasing(_) => {}
        }
        world.desks[usize::from(who)] = desk;
    }

    /// One call to Altinn about what is in doubt.
    fn doubt(&self, world: &mut World, desk: &mut Desk, doubt: (Token, Option<Instance>, bool)) {
        let (token, instance, search) = doubt;
        let all = 0..u8::try_from(world.instances.len()).unwrap();
        let search = search && !self.has(Mutation::NoSearch);
        let about: Vec<Instance> = all.filter(|it| search || Some(*it) == instance).collect();
        let stage = |it: &Instance| world.instances[usize::from(*it)].1;
        let known = |it: &Instance| world.claim.as_ref().is_some_and(|claim| claim.delivered.contains(it));
        if let Some(delivered) = about.iter().find(|it| stage(it) == Stage::Delivered && !known(it)) {
            desk.at = At::Telling(token, *delivered);
        } else if let Some(open) = about.iter().copied().find(|it| stage(it) == Stage::Open)
            && !self.has(Mutation::OnlyLooks)
        {
            Self::throw_away(world, Some(open));
        } else {
            desk.at = At::Settling(token);
        }
    }

    fn throw_away(world: &mut World, instance: Option<Instance>) {
        if let Some((_, stage)) = instance.and_then(|it| world.instances.get_mut(usize::from(it)))
            && *stage == Stage::Open
        {
            *stage = Stage::Deleted;
        }
    }

    /// Whether a desk comes to an end when all others are dead and nothing more goes wrong. Its person wants no correction.
    fn ends(&self, world: &World, who: Who) -> bool {
        let mut world = world.clone();
        let at = usize::from(who);
        if world.desks[at].at == At::Down {
            world.desks[at].at = At::Rest;
        }
        for _ in 0..60 {
            if !world.desks[at].wants {
                return world.instances.iter().any(|(_, stage)| *stage == Stage::Delivered) || world.desks[at].gives_up;
            }
            if let At::Asked(_) = world.desks[at].at {
                return true;
            }
            if let Some(claim) = &mut world.claim {
                claim.running &= claim.who == who;
            }
            self.step(&mut world, who);
        }
        false
    }

    /// Nothing is answered any more; what was sent may arrive later.
    fn unanswered(world: &mut World, who: Who) {
        let desk = world.desks[usize::from(who)];
        if let Some(request) = desk.request() {
            world.late.push((who, request));
        } else if let (At::Sending(_), Some(instance)) = (desk.at, desk.instance) {
            world.late_next.push((instance, desk.seen));
        }
    }
}

impl Model for Desks {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            claim: None,
            standby: None,
            era: 1,
            instances: Vec::new(),
            desks: vec![Desk::new(); self.desks],
            late: Vec::new(),
            late_next: Vec::new(),
            mishaps: self.budget.mishaps,
            expiries: self.budget.expiries,
            failovers: self.budget.failovers,
            corrections: self.budget.corrections,
            accident: false,
            robbed: false,
            followed: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (who, desk) in (0..).zip(&world.desks) {
            match desk.at {
                At::Down => actions.push(Action::Restart(who)),
                At::Rest if !desk.wants => {}
                At::Asked(_) => {
                    actions.push(Action::Content(who));
                    if world.corrections > 0 {
                        actions.push(Action::Correct(who));
                    }
                }
                at => {
                    actions.push(Action::Step(who));
                    let waits = desk.request().is_some() || matches!(at, At::Sending(_));
                    if world.mishaps > 0 {
                        if waits {
                            actions.push(Action::NoAnswer(who));
                        }
                        actions.push(Action::Crash(who));
                    }
                    // What she delivers is the other's return: she has seen as much as there was to see when it was made.
                    let known = world.claim.as_ref().map_or(0, |claim| claim.delivered.len());
                    if matches!(at, At::Doubt(_, Some(_), false)) && known == usize::from(desk.seen) {
                        actions.push(Action::Finish(who));
                    }
                    if matches!(at, At::Holding(_)) && world.corrections > 0 {
                        actions.push(Action::GiveUp(who));
                    }
                    if matches!(at, At::Holding(_) | At::Doubt(..)) {
                        actions.push(Action::Renew(who));
                    }
                }
            }
        }
        actions.extend((0..).zip(&world.late).map(|(at, _)| Action::Arrive(at)));
        actions.extend((0..).zip(&world.late_next).map(|(at, _)| Action::ArriveNext(at)));
        if world.expiries > 0 && world.claim.as_ref().is_some_and(|it| it.running && it.phase != Phase::Free) {
            actions.push(Action::Expire);
        }
        if world.standby != world.claim {
            actions.push(Action::Replicate);
        }
        if world.failovers > 0 {
            actions.push(Action::Failover);
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Step(who) => self.step(&mut world, who),
            Action::Finish(who) => {
                let At::Doubt(token, Some(instance), _) = world.desks[usize::from(who)].at else { return None };
                let seen = world.desks[usize::from(who)].seen;
                Self::next(&mut world, instance, seen);
                world.desks[usize::from(who)].at = At::Doubt(token, Some(instance), false);
            }
            Action::NoAnswer(who) => {
                world.mishaps -= 1;
                Self::unanswered(&mut world, who);
                let desk = &mut world.desks[usize::from(who)];
                match desk.at {
                    At::Sending(token) => desk.at = At::Finding(token),
                    At::Marking(token) if self.has(Mutation::SilenceIsYes) => desk.at = At::Sending(token),
                    // The same is asked again.
                    _ => {}
                }
            }
            Action::Crash(who) => {
                world.mishaps -= 1;
                Self::unanswered(&mut world, who);
                world.desks[usize::from(who)].at = At::Down;
            }
            Action::Restart(who) => world.desks[usize::from(who)].at = At::Rest,
            Action::Correct(who) => {
                world.corrections -= 1;
                let desk = &mut world.desks[usize::from(who)];
                let At::Asked(count) = desk.at else { return None };
                (desk.seen, desk.at) = (count, At::Taking);
            }
            Action::Content(who) => {
                let desk = &mut world.desks[usize::from(who)];
                (desk.wants, desk.at) = (false, At::Rest);
            }
            Action::GiveUp(who) => {
                world.corrections -= 1;
                let instance = world.desks[usize::from(who)].instance;
                Self::throw_away(&mut world, instance);
                let desk = &mut world.desks[usize::from(who)];
                let At::Holding(token) = desk.at else { return None };
                (desk.at, desk.gives_up) = (At::Releasing(token), true);
            }
            Action::Arrive(at) => {
                let (who, request) = world.late.remove(usize::from(at));
                self.ask(&mut world, who, &request);
            }
            Action::ArriveNext(at) => {
                let (instance, seen) = world.late_next.remove(usize::from(at));
                Self::next(&mut world, instance, seen);
            }
            Action::Expire => {
                world.expiries -= 1;
                world.claim.as_mut()?.running = false;
                if let Some(standby) = &mut world.standby {
                    standby.running = false;
                }
            }
            Action::Renew(who) => {
                let (At::Holding(token) | At::Doubt(token, ..)) = world.desks[usize::from(who)].at else { return None };
                self.ask(&mut world, who, &Request::Renew { token, instance: None });
            }
            Action::Replicate => world.standby.clone_from(&world.claim),
            Action::Failover => {
                world.failovers -= 1;
                world.era += 1;
                world.claim.clone_from(&world.standby);
            }
        }
        // In which order they were sent makes no difference any more.
        world.late.sort_unstable_by_key(|(who, request)| (*who, format!("{request:?}")));
        world.late.dedup();
        world.late_next.sort_unstable();
        world.late_next.dedup();
        (world != *last).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let all = vec![
            Property::always(ONCE, |_, world: &World| !world.accident),
            Property::always(KEPT, |_, world: &World| !world.robbed),
            Property::always(ENDS, |model: &Self, world: &World| {
                (0..).zip(&world.desks).all(|(who, desk)| !desk.wants || model.ends(world, who))
            }),
            Property::sometimes(POSSIBLE[0], |_, world: &World| world.desks.iter().all(|desk| !desk.wants)),
            Property::sometimes(POSSIBLE[1], |_, world: &World| {
                world.followed && world.instances.iter().any(|(_, stage)| *stage == Stage::Delivered)
            }),
        ];
        all.into_iter().filter(|it| self.mutation.is_none_or(|(_, promise)| promise == it.name)).collect()
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.instances.len() <= 5
    }
}
