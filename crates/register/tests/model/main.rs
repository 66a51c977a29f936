//! The protocol of the claims, tried in every order: desks that die and come back, requests that come late or never,
//! leases that run out at any moment, and a server that fails over with or without losing what was written last.
//!
//! What the register answers is `register::claim::decide` itself. What a desk does is `desk.rs` beside this file. Each of the
//! changes in [`Mutation`] makes the protocol worse by one rule; the model must notice.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod desk;
mod world;

use stateright::{Checker, HasDiscoveries, Model};
use world::{Budget, Desks, Replication};

/// One rule less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mutation {
    /// The register: a running lease keeps nobody away.
    NoLease,
    /// The register: any fencing number will do.
    NoFence,
    /// The register: taking over raises no number.
    NumberKept,
    /// The register: who follows one that was delivering is told of no doubt.
    NoDoubt,
    /// The register: nobody notices that the server is another.
    NoEra,
    /// The register: a period of which it knows nothing is free, whatever it may have lost.
    NothingLost,
    /// The register: a correction is not asked about.
    Unasked,
    /// The register: what is delivered is not remembered.
    Forgotten,
    /// The register: a dead desk's claim is hers for ever.
    NeverFollowed,
    /// A desk: delivers without having asked.
    Unmarked,
    /// A desk: takes no answer for yes.
    SilenceIsYes,
    /// A desk: asks where the instance of the other stands, and throws nothing away.
    OnlyLooks,
    /// A desk: takes a doubt for none. The register lets it deliver nothing, and it stands still.
    Forgetful,
    /// A desk: in doubt about everything it looks at the one instance alone.
    NoSearch,
}

/// Names of the promises that do not hold.
fn broken(model: Desks) -> Vec<&'static str> {
    let (what, mutated, followed) = (format!("{model:?}"), model.mutation.is_some(), model.budget.expiries > 0);
    let started = std::time::Instant::now();
    // Some changes make a desk ask for ever: what has not come to light by then does not.
    let checker = model.checker().threads(2).finish_when(HasDiscoveries::AnyFailures).target_state_count(MOST);
    let checker = checker.spawn_bfs().join();
    let mut found: Vec<&'static str> =
        checker.discoveries().into_keys().filter(|name| !world::POSSIBLE.contains(name)).collect();
    found.sort_unstable();
    eprintln!(
        "{what}: {} states, {} different, {} deep, {:.1} s: {found:?}",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
        started.elapsed().as_secs_f32()
    );
    if let Some(name) = found.first()
        && (!mutated || std::env::var_os("MOMSBUD_PATHS").is_some())
    {
        eprintln!("{name}: {:#?}", checker.discovery(name).unwrap().into_actions());
    }
    if !mutated && found.is_empty() {
        assert!(checker.state_count() < MOST, "not all of it was tried");
        // And what is to be possible is; nobody follows where no lease runs out.
        assert!(checker.discovery(world::POSSIBLE[0]).is_some(), "nothing is ever delivered");
        assert!(!followed || checker.discovery(world::POSSIBLE[1]).is_some(), "nobody ever follows");
    }
    found
}

/// More states than there are.
const MOST: usize = 20_000_000;

/// Desks, mishaps, expiries, failovers, corrections. `MOMSBUD_MODEL="2 2 2 1 1"` tries more, which takes longer.
fn sound(replication: Replication, sizes: [u8; 5]) {
    let given = std::env::var("MOMSBUD_MODEL").ok();
    let given: Option<Vec<u8>> = given.map(|text| text.split(' ').map(|it| it.parse().unwrap()).collect());
    let [desks, mishaps, expiries, failovers, corrections] = given.map_or(sizes, |given| given.try_into().unwrap());
    let budget = Budget { mishaps, expiries, failovers, corrections };
    let model = Desks { desks: usize::from(desks), replication, budget, mutation: None };
    assert_eq!(broken(model), Vec::<&str>::new());
}

#[test]
fn two_desks_deliver_once_and_never_stand_still_when_messages_are_lost_and_desks_die() {
    sound(Replication::Synchronous, [2, 2, 1, 0, 0]);
}

#[test]
fn two_desks_deliver_once_and_never_stand_still_when_leases_run_out_again_and_again() {
    sound(Replication::Synchronous, [2, 1, 2, 0, 0]);
}

#[test]
fn two_desks_deliver_once_and_never_stand_still_when_the_server_fails_over() {
    sound(Replication::Synchronous, [2, 1, 1, 1, 0]);
}

#[test]
fn two_desks_deliver_once_and_never_stand_still_when_a_failover_loses_what_was_written_last() {
    sound(Replication::Asynchronous, [2, 0, 1, 1, 0]);
}

#[test]
fn two_desks_deliver_once_and_never_stand_still_when_a_failover_and_a_mishap_come_together() {
    sound(Replication::Asynchronous, [2, 1, 0, 1, 0]);
}

#[test]
fn a_correction_is_delivered_by_who_has_seen_what_was_before() {
    sound(Replication::Synchronous, [2, 1, 1, 0, 1]);
}

#[test]
fn three_desks_deliver_once_and_never_stand_still() {
    sound(Replication::Synchronous, [3, 1, 1, 0, 0]);
}

#[test]
fn every_rule_is_needed() {
    use Mutation::{
        Forgetful, Forgotten, NeverFollowed, NoDoubt, NoEra, NoFence, NoLease, NoSearch, NothingLost, NumberKept,
        OnlyLooks, SilenceIsYes, Unasked, Unmarked,
    };
    use Replication::{Asynchronous, Synchronous};
    let mut missed = Vec::new();
    for (mutation, replication, promise) in [
        (NoLease, Synchronous, world::KEPT),
        (NoFence, Synchronous, world::ONCE),
        (NumberKept, Synchronous, world::ONCE),
        (NoDoubt, Synchronous, world::ONCE),
        (NoEra, Asynchronous, world::ONCE),
        (NothingLost, Asynchronous, world::ONCE),
        (Unasked, Synchronous, world::ONCE),
        (Forgotten, Synchronous, world::ONCE),
        (NeverFollowed, Synchronous, world::ENDS),
        (Unmarked, Synchronous, world::ONCE),
        (SilenceIsYes, Synchronous, world::ONCE),
        (OnlyLooks, Synchronous, world::ONCE),
        (Forgetful, Synchronous, world::ENDS),
        (NoSearch, Asynchronous, world::ONCE),
    ] {
        let failovers = u8::from(replication == Asynchronous);
        let budget = Budget { mishaps: 1, expiries: 1, failovers, corrections: 0 };
        let found = broken(Desks { desks: 2, replication, budget, mutation: Some((mutation, promise)) });
        if found != [promise] {
            missed.push((mutation, promise));
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}
