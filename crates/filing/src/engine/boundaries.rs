//! The boundaries of the journal, where a program may die; told to whoever wants to end it there.

use view::StepName;

/// A place between two writes to the journal, or between one and the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Moment {
    /// Nothing has been written of the step.
    BeforeIntention,
    /// The intention is on the disk; the authority has not been called.
    AfterIntention,
    /// The authority has answered, or not; nothing has been written of it.
    AfterCall,
    /// The outcome is on the disk.
    AfterOutcome,
}

impl Moment {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::BeforeIntention, Self::AfterIntention, Self::AfterCall, Self::AfterOutcome];
}

/// Is told of every boundary. The program's own does nothing; tests kill the process.
pub trait Boundaries: Send + Sync + 'static {
    /// A filing has come to this boundary of this step.
    fn reached(&self, step: StepName, moment: Moment);
}

/// Nobody is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Boundaries for Unwatched {
    fn reached(&self, _: StepName, _: Moment) {}
}
