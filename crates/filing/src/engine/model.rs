//! A model of the promises in `invariants.md`: the authority, the program, its database, archive and vault, and everything
//! that can go wrong between them, tried in every order (stateright).
//!
//! What an answer means is asked of the engine itself ([`Trouble::remedy`]), and what a state means of
//! [`FilingState`], so that the model follows the code. Each fault that versions before had can be put back; the model must
//! find it.
#![allow(clippy::unwrap_used, clippy::panic)]

use altinn::ApiError;
use jiff::Timestamp;
use stateright::{Checker, Model, Property};
use view::{Delivered, FilingState, StepName};

use super::trouble::{Remedy, Trouble};
use crate::filings::Filing;

/// A fault that versions before had (issue 17, items 1 to 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A status that answers a question ends the filing, delivered or not.
    StatusRefuses,
    /// Nothing lies in the archive before the receipt has come.
    ArchivedLate,
    /// A 404 just after creation is taken for "no such instance".
    NotFoundAbandons,
    /// The same command once more says "filed already" and ends.
    NobodyFollows,
    /// A token answer that is refused for the clock is dropped, with the token it has brought.
    TokenDropped,
}

/// Where an instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Stage {
    Filling,
    Confirming,
    Feedback,
    Ended,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Instance {
    stage: Stage,
    /// Its addresses answer.
    ready: bool,
    deleted: bool,
}

/// A filing as the database keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct StoredFiling {
    state: FilingState,
    delivered: Delivered,
    instance: Option<usize>,
    /// A POST has been intended and its outcome is not known.
    creating: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    // The authority.
    instances: Vec<Instance>,
    deliveries: u8,
    token_there: u8,
    revoked: bool,
    // The program.
    running: bool,
    filing: Option<StoredFiling>,
    /// What the archive knows: the instance, and whether the receipt is there.
    archived: Option<(usize, bool)>,
    token_here: u8,
    /// It ended by itself while the answer was there to be fetched.
    ended_early: bool,
    // What may still go wrong, so that there is an end to it.
    mishaps: u8,
    starts: u8,
    lost_database: bool,
}

/// How the authority answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Answer {
    /// As it should.
    Well,
    /// It acts, and the answer is lost.
    Lost,
    /// A bare 4xx of something in between; nothing was done.
    Status(u16),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Action {
    /// The person gives the command, or gives it once more: always without asking for a new version.
    Start,
    /// The program takes its next step, and is answered so.
    Step(Answer),
    /// The program dies.
    Kill,
    /// The database is lost while the program does not run.
    LoseDatabase,
    /// Altinn has the new instance ready.
    Ready,
    /// Skatteetaten answers.
    Answers,
    /// A token is renewed; the clock may be wrong, so that the answer is refused.
    Renew { clock_wrong: bool },
}

struct Filings {
    fault: Option<Fault>,
}

impl Filings {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// What the engine does about an answer, by the engine's own judgement.
    fn remedy(&self, kept: &StoredFiling, status: u16, reads: bool) -> Remedy {
        let text = String::new();
        let error = match status {
            404 => ApiError::NotFound { text },
            409 => ApiError::Conflict { text, validation: None, issues: Vec::new() },
            status => ApiError::BadRequest { status, text },
        };
        let filing = filing(kept);
        let step = if kept.delivered == Delivered::Yes { StepName::Feedback } else { StepName::Fill };
        let trouble = if reads { Trouble::Api(error) } else { Trouble::Write(error) };
        let remedy = trouble.remedy(&filing, step, Timestamp::UNIX_EPOCH);
        match remedy {
            Remedy::Again(view, _) if self.has(Fault::StatusRefuses) && status != 404 => Remedy::Refused(view, None),
            other => other,
        }
    }

    /// The next remote step of the program.
    fn step(&self, world: &mut World, answer: Answer) {
        let Some(mut kept) = world.filing else { return };
        let at = kept.instance;
        let instance = at.and_then(|at| world.instances.get(at).copied());
        match (at, instance) {
            (None, _) if kept.creating => self.look_for_lost(world, &mut kept, answer),
            (None, _) => {
                kept.creating = true;
                if answer != Answer::Status(400) {
                    world.instances.push(Instance { stage: Stage::Filling, ready: false, deleted: false });
                }
                if answer == Answer::Well {
                    (kept.instance, kept.creating) = (Some(world.instances.len() - 1), false);
                }
            }
            (Some(at), Some(instance)) => self.on_instance(world, &mut kept, at, instance, answer),
            (Some(_), None) => {}
        }
        world.filing = Some(kept);
    }

    /// An unanswered POST may have made an instance: it is looked for before another is made.
    fn look_for_lost(&self, world: &World, kept: &mut StoredFiling, answer: Answer) {
        if answer != Answer::Well {
            return;
        }
        let found = world.instances.iter().position(|it| it.stage == Stage::Filling && !it.deleted);
        kept.creating = false;
        kept.instance = found;
    }

    fn on_instance(&self, world: &mut World, kept: &mut StoredFiling, at: usize, instance: Instance, answer: Answer) {
        let delivers = instance.stage == Stage::Confirming;
        let reads = kept.delivered != Delivered::No || instance.stage >= Stage::Feedback;
        let status = match answer {
            _ if !instance.ready => Some(404),
            Answer::Status(status) => Some(status),
            Answer::Well | Answer::Lost => None,
        };
        if let Some(status) = status {
            match self.remedy(kept, status, reads || status == 404) {
                Remedy::Refused(..) => kept.state = FilingState::Refused,
                Remedy::Gone(_) if self.has(Fault::NotFoundAbandons) => kept.state = FilingState::Abandoned,
                // A 404 is waited out (`Run::preparing`); the rest is tried again.
                _ => {}
            }
            return;
        }
        if reads {
            self.read(world, kept, at, instance, answer);
            return;
        }
        let Some(there) = world.instances.get_mut(at) else { return };
        if delivers {
            // From the intention on nobody may say that nothing was delivered; and the archive knows of it first.
            kept.delivered = Delivered::Unknown;
            if !self.has(Fault::ArchivedLate) {
                world.archived.get_or_insert((at, false));
            }
            there.stage = Stage::Feedback;
            world.deliveries += 1;
        } else {
            there.stage = Stage::Confirming;
        }
        if answer == Answer::Well && delivers {
            (kept.delivered, kept.state) = (Delivered::Yes, FilingState::WaitingAnswer);
        }
    }

    fn read(&self, world: &mut World, kept: &mut StoredFiling, at: usize, instance: Instance, answer: Answer) {
        if answer == Answer::Lost {
            return;
        }
        match instance.stage {
            Stage::Filling | Stage::Confirming => kept.delivered = Delivered::No,
            Stage::Feedback => (kept.delivered, kept.state) = (Delivered::Yes, FilingState::WaitingAnswer),
            Stage::Ended => {
                (kept.delivered, kept.state) = (Delivered::Yes, FilingState::Received);
                world.archived = Some((at, true));
            }
        }
    }

    /// The command is given: it goes on with what is there, asks about what was delivered, or begins.
    fn start(&self, world: &mut World) {
        world.running = true;
        // What the history does not know the archive does.
        if world.filing.is_none()
            && let Some((at, received)) = world.archived
        {
            let state = if received { FilingState::Received } else { FilingState::Waiting };
            let delivered = if received { Delivered::Yes } else { Delivered::Unknown };
            world.filing = Some(StoredFiling { state, delivered, instance: Some(at), creating: false });
        }
        let begins = match &world.filing {
            None => true,
            Some(kept) if kept.delivered == Delivered::Yes && !self.has(Fault::StatusRefuses) => false,
            // Before, what had been refused did not count as filed.
            Some(kept) => {
                !kept.state.blocks_new_filing()
                    && kept.state != FilingState::WaitingAnswer
                    && kept.state != FilingState::Received
            }
        };
        if begins {
            world.filing = Some(StoredFiling {
                state: FilingState::Running,
                delivered: Delivered::No,
                instance: None,
                creating: false,
            });
        } else if self.has(Fault::NobodyFollows) {
            self.end(world);
        }
    }

    /// The program ends by itself.
    fn end(&self, world: &mut World) {
        world.running = false;
        let waits = world.filing.filter(|kept| !kept.state.is_finished());
        let there = waits.and_then(|kept| world.instances.get(kept.instance?));
        world.ended_early |= there.is_some_and(|it| it.stage == Stage::Ended);
    }
}

/// The engine's own filing, for its judgement.
fn filing(kept: &StoredFiling) -> Filing {
    let mut filing = crate::archive::tests::filing("model");
    filing.state = kept.state;
    filing.delivered = kept.delivered;
    filing.instance = kept.instance.and_then(|_| "51001/55604b08-1690-4a8d-bf6b-95c11dc40c58".parse().ok());
    filing
}

impl Model for Filings {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            instances: Vec::new(),
            deliveries: 0,
            token_there: 0,
            revoked: false,
            running: false,
            filing: None,
            archived: None,
            token_here: 0,
            ended_early: false,
            mishaps: 3,
            starts: 4,
            lost_database: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let open = world.filing.is_some_and(|kept| !kept.state.is_finished());
        if !world.running && world.starts > 0 {
            actions.push(Action::Start);
        }
        if world.running && open {
            actions.push(Action::Step(Answer::Well));
            if world.mishaps > 0 {
                actions.extend([Action::Step(Answer::Lost), Action::Step(Answer::Status(400))]);
                actions.extend([Action::Step(Answer::Status(409)), Action::Kill]);
            }
        }
        if !world.running && world.filing.is_some() && world.mishaps > 0 && !world.lost_database {
            actions.push(Action::LoseDatabase);
        }
        if world.instances.iter().any(|it| !it.ready) {
            actions.push(Action::Ready);
        }
        if world.instances.iter().any(|it| it.stage == Stage::Feedback) {
            actions.push(Action::Answers);
        }
        if world.running && world.token_there < 3 {
            actions.push(Action::Renew { clock_wrong: false });
            if world.mishaps > 0 {
                actions.push(Action::Renew { clock_wrong: true });
            }
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Start => {
                world.starts -= 1;
                self.start(&mut world);
            }
            Action::Step(answer) => {
                world.mishaps -= u8::from(answer != Answer::Well);
                self.step(&mut world, answer);
                if world.filing.is_some_and(|kept| kept.state.is_finished()) {
                    self.end(&mut world);
                }
            }
            Action::Kill => {
                world.mishaps -= 1;
                world.running = false;
            }
            Action::LoseDatabase => {
                world.mishaps -= 1;
                world.lost_database = true;
                world.filing = None;
            }
            Action::Ready => world.instances.iter_mut().for_each(|it| it.ready = true),
            Action::Answers => {
                for instance in world.instances.iter_mut().filter(|it| it.stage == Stage::Feedback) {
                    instance.stage = Stage::Ended;
                }
            }
            Action::Renew { clock_wrong } => {
                world.mishaps -= u8::from(clock_wrong);
                // A provider that notices a used token takes everything back.
                world.revoked |= world.token_here != world.token_there;
                world.token_there += 1;
                if !(clock_wrong && self.has(Fault::TokenDropped)) {
                    world.token_here = world.token_there;
                }
            }
        }
        (world != *last).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("delivered once", |_, world: &World| world.deliveries <= 1),
            Property::always("never refused after delivery", |_, world: &World| {
                let Some(kept) = world.filing else { return true };
                let stage = kept.instance.and_then(|at| world.instances.get(at)).map(|it| it.stage);
                kept.state != FilingState::Refused || stage < Some(Stage::Feedback)
            }),
            Property::always("no status refuses", |_, world: &World| {
                world.filing.is_none_or(|kept| !matches!(kept.state, FilingState::Refused | FilingState::Abandoned))
            }),
            Property::always("nothing is left behind", |_, world: &World| {
                // A lost database may leave one behind that was never delivered: it is offered for deletion.
                world.instances.len() <= 1 + usize::from(world.lost_database)
            }),
            Property::always("followed to its end", |_, world: &World| !world.ended_early),
            Property::always("no used token is sent again", |_, world: &World| !world.revoked),
            Property::sometimes("received", |_, world: &World| {
                world.filing.is_some_and(|kept| kept.state == FilingState::Received)
            }),
        ]
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.instances.len() <= 3
    }
}

fn broken(fault: Option<Fault>) -> Vec<&'static str> {
    let checker = Filings { fault }.checker().threads(2).spawn_bfs().join();
    let mut found: Vec<&'static str> = checker.discoveries().into_keys().filter(|name| *name != "received").collect();
    assert!(checker.discovery("received").is_some(), "a filing can arrive");
    assert!(fault.is_some() || checker.unique_state_count() > 1000, "{}", checker.unique_state_count());
    found.sort_unstable();
    found
}

#[test]
fn every_promise_holds_in_every_order() {
    assert_eq!(broken(None), Vec::<&str>::new());
}

#[test]
fn each_fault_of_before_is_found_when_it_is_put_back() {
    for (fault, promise) in [
        (Fault::StatusRefuses, "delivered once"),
        (Fault::StatusRefuses, "never refused after delivery"),
        (Fault::ArchivedLate, "delivered once"),
        (Fault::NotFoundAbandons, "nothing is left behind"),
        (Fault::NobodyFollows, "followed to its end"),
        (Fault::TokenDropped, "no used token is sent again"),
    ] {
        let found = broken(Some(fault));
        assert!(found.contains(&promise), "{fault:?}: {found:?}");
    }
}
