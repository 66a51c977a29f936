//! When the program locks: how long a sign-in lasts, and what other programs on the same data have done.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};
use store::vault::Vault;

use super::{
    PolicyState, Work,
    account_store::Signed,
    policy::WorkPolicy,
    policy_state::{is_same_policy, read_policy},
    rights::Rights,
    texts,
};

/// How often the sign-in's last use is written down, seconds.
const WRITE_USE_AFTER: i64 = 30;

/// Why it is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Start,
    Idle(Timestamp),
    Now(Timestamp),
    Ended(Timestamp),
    Elsewhere(Timestamp),
    Changed,
}

impl Work {
    /// The same when the program starts, waiting no longer than `patience` for a person whose keyring is locked. An answer
    /// that comes later is taken in then.
    pub(super) fn restore_sign_in_within(&self, patience: Option<Duration>) {
        let Some(patience) = patience else { return self.restore_sign_in() };
        let (done, answered) = mpsc::channel();
        let work = self.clone();
        thread::spawn(move || {
            work.restore_sign_in();
            if done.send(()).is_err() && !work.is_locked() {
                work.0.state().came_late = true;
                work.publish();
            }
        });
        if answered.recv_timeout(patience).is_err() {
            tracing::info!("The keyring asks somebody, and the program stays locked until it answers.");
        }
    }

    /// Goes on with a sign-in that another run or another program has kept.
    pub(super) fn restore_sign_in(&self) {
        let inner = &self.0;
        let now = inner.clock.now();
        if !self.governed() || !inner.kept.is_there().unwrap_or(false) || self.always_withholds_vault_key() {
            return;
        }
        // One question at a time, and none again after a refusal: this is tried every few seconds.
        let Ok(mut refused) = inner.keyring_refused.try_lock() else { return };
        if *refused {
            return;
        }
        let Ok(vault) = Vault::open(inner.keyring.as_ref(), inner.random.as_ref()) else { return };
        *refused = !vault.is_persistent();
        drop(refused);
        let Some(signed) = inner.kept.read(&vault) else { return };
        let mut state = inner.state();
        let PolicyState::InForce(in_force) = &state.policy else { return };
        let rights = Rights::of(&in_force.policy, &signed.groups, &signed.organisations);
        if over(&in_force.policy, &signed, now).is_none() && !rights.are_none() {
            state.written = signed.used;
            state.signed = Some(signed);
            state.rights = rights;
            state.vault = Some(Arc::new(vault));
        }
    }

    /// The keyring gives its key now: a sign-in that is kept is tried again.
    pub fn keyring_answers(&self) {
        // While it is being asked, that answer decides; nobody is kept waiting for it here.
        if let Ok(mut refused) = self.0.keyring_refused.try_lock() {
            *refused = false;
        }
    }

    /// Somebody is using the program.
    pub fn touch(&self) {
        let inner = &self.0;
        let now = inner.clock.now();
        self.expire(now);
        let due = {
            let mut state = inner.state();
            let written = state.written;
            let vault = state.vault.clone();
            let Some(signed) = state.signed.as_mut() else { return };
            signed.used = signed.used.max(now);
            if now.duration_since(written).as_secs() < WRITE_USE_AFTER {
                return;
            }
            let signed = signed.clone();
            state.written = now;
            vault.map(|vault| (vault, signed))
        };
        if let Some((vault, signed)) = due {
            inner.kept.write(&vault, inner.random.as_ref(), &signed, now);
        }
    }

    /// Locks at once.
    pub fn lock(&self) {
        let now = self.0.clock.now();
        if self.governed() {
            self.shut(Reason::Now(now));
        }
    }

    /// Locks what has run out, follows what other programs have done, and takes a changed policy over. To be called now
    /// and then; says whether anything has changed.
    pub fn look(&self) -> bool {
        let inner = &self.0;
        let before = self.is_locked();
        let policy = read_policy(&inner.system_dir, &inner.data_dir);
        let mut changed = std::mem::take(&mut inner.state().came_late);
        {
            let mut state = inner.state();
            if !is_same_policy(&policy, &state.policy) {
                changed = true;
                state.policy = policy;
                state.locked = Reason::Changed;
                let rights = match (&state.policy, &state.signed) {
                    (PolicyState::InForce(in_force), Some(signed)) => {
                        Rights::of(&in_force.policy, &signed.groups, &signed.organisations)
                    }
                    _ => Rights::default(),
                };
                state.rights = rights;
            }
        }
        let (signed, keeps) = {
            let state = inner.state();
            (state.signed.is_some(), state.vault.as_ref().is_some_and(|vault| vault.is_persistent()))
        };
        if signed && inner.state().rights.are_none() {
            self.shut(Reason::Changed);
        } else if signed && keeps && matches!(inner.kept.is_there(), Ok(false)) {
            self.shut(Reason::Elsewhere(inner.clock.now()));
        } else if !signed && self.governed() {
            self.restore_sign_in();
        }
        let changed = changed || self.is_locked() != before;
        if changed {
            self.publish();
        }
        changed
    }

    /// Locks if the sign-in has run out.
    pub(super) fn expire(&self, now: Timestamp) {
        let inner = &self.0;
        let reason = {
            let mut state = inner.state();
            let (PolicyState::InForce(in_force), Some(signed)) = (&state.policy, &state.signed) else { return };
            let Some(reason) = over(&in_force.policy, signed, now) else { return };
            // Another program on the same data may be in use, or somebody has signed in there again.
            if let Some(other) = state.vault.as_ref().and_then(|vault| inner.kept.read(vault))
                && over(&in_force.policy, &other, now).is_none()
            {
                let rights = Rights::of(&in_force.policy, &other.groups, &other.organisations);
                if !rights.are_none() {
                    state.signed = Some(other);
                    state.rights = rights;
                    return;
                }
            }
            reason
        };
        self.shut(reason);
    }

    fn shut(&self, reason: Reason) {
        let inner = &self.0;
        {
            let mut state = inner.state();
            if state.signed.take().is_some() {
                tracing::info!(?reason, "Momsbud is locked.");
            }
            state.rights = Rights::default();
            state.vault = None;
            state.locked = reason;
            state.problem = None;
        }
        inner.kept.remove();
        self.publish();
    }
}

/// Whether a sign-in has run out.
fn over(policy: &WorkPolicy, signed: &Signed, now: Timestamp) -> Option<Reason> {
    let session = i64::from(policy.lock.session_minutes) * 60;
    let until = signed.until.min(after(signed.since, session));
    if until <= now {
        return Some(Reason::Ended(until));
    }
    let idle = i64::from(policy.lock.idle_minutes) * 60;
    let idle_at = after(signed.used, idle);
    (idle > 0 && idle_at <= now).then_some(Reason::Idle(idle_at))
}

pub(super) fn after(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

impl Reason {
    /// In words.
    pub(super) fn sentence(self, policy: &WorkPolicy, language: vat_return::Language) -> String {
        let time = |at: Timestamp| at.to_zoned(TimeZone::system()).strftime("%H.%M").to_string();
        let said = |key: &str, at| texts::text(key, language, &[("time", &time(at))]);
        match self {
            Self::Start => texts::text("lock.start", language, &[]),
            Self::Idle(at) => {
                let minutes = policy.lock.idle_minutes.to_string();
                texts::text("lock.idle", language, &[("minutes", &minutes), ("time", &time(at))])
            }
            Self::Now(at) => said("lock.now", at),
            Self::Ended(at) => said("lock.ended", at),
            Self::Elsewhere(at) => said("lock.elsewhere", at),
            Self::Changed => texts::text("lock.changed", language, &[]),
        }
    }
}
