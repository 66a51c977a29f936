//! What a desk does: which request it makes next, and what it makes of the answer.

use register::claim::{Answer, Request, Token};

/// Who files: here a desk with one filing.
pub(crate) type Who = u8;
/// An instance at Altinn.
pub(crate) type Instance = u8;

/// Where a desk is. What is written in its journal is in [`Desk`]; this goes when it dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum At {
    /// The program does not run.
    Down,
    /// Nothing is under way.
    Rest,
    /// Asks for the period.
    Taking,
    /// More is delivered than its person knew: so many.
    Asked(u8),
    /// Has the claim, and prepares.
    Holding(Token),
    /// Asks to deliver.
    Marking(Token),
    /// Sends the second process/next.
    Sending(Token),
    /// Reads where its instance stands.
    Finding(Token),
    /// Tells the register that it is delivered.
    Telling(Token, Instance),
    /// Follows one that was delivering: through this instance, or any.
    Doubt(Token, Option<Instance>, bool),
    /// Tells that what was in doubt was not delivered, and is thrown away.
    Settling(Token),
    /// Lets go.
    Releasing(Token),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Desk {
    pub(crate) at: At,
    /// Journal: its instance.
    pub(crate) instance: Option<Instance>,
    /// Journal: how many deliveries its person has seen.
    pub(crate) seen: u8,
    /// It has something to file.
    pub(crate) wants: bool,
    /// Its person does not want it any more, once the claim is had again.
    pub(crate) gives_up: bool,
}

impl Desk {
    pub(crate) const fn new() -> Self {
        Self { at: At::Rest, instance: None, seen: 0, wants: true, gives_up: false }
    }

    /// What is asked of the register.
    pub(crate) fn request(&self) -> Option<Request<Instance>> {
        Some(match self.at {
            At::Taking => Request::Take { seen: usize::from(self.seen) },
            At::Marking(token) => Request::Deliver { token, instance: self.instance? },
            At::Telling(token, instance) => Request::Delivered { token, instance },
            At::Settling(token) => Request::Settle { token },
            At::Releasing(token) => Request::Release { token },
            _ => return None,
        })
    }

    /// What it makes of the answer. `forgetful`: it takes a doubt about its own for none.
    pub(crate) fn answered(&mut self, answer: &Answer<Who, Instance>, forgetful: bool) {
        self.at = match (self.at, answer) {
            (At::Taking, Answer::Clear { token, .. }) => At::Holding(*token),
            (At::Taking, Answer::InDoubt { token, .. }) if forgetful => At::Holding(*token),
            (At::Taking, Answer::InDoubt { token, instance, search, .. }) => At::Doubt(*token, *instance, *search),
            (At::Taking, Answer::Filed { delivered }) if self.instance.is_some_and(|it| delivered.contains(&it)) => {
                self.wants = false;
                At::Rest
            }
            (At::Taking, Answer::Filed { delivered }) => At::Asked(u8::try_from(delivered.len()).unwrap_or(u8::MAX)),
            (At::Marking(token), Answer::Done) => At::Sending(token),
            (At::Telling(_, told), Answer::Done) => {
                self.wants &= self.instance != Some(told);
                At::Rest
            }
            (At::Settling(_), Answer::Done) => At::Rest,
            (At::Releasing(_), _) => {
                self.wants = false;
                At::Rest
            }
            // Busy, or stale: another has it. It asks again, and is told.
            _ => At::Rest,
        };
    }
}
