//! The parts of the office: what a person can do, by subject. Each stands before the gate:
//! what lies behind it is had with a permit only.

use super::{Office, gate::Gate};

/// Returns that lie open: opened, checked, with their attachments, put away.
#[derive(Debug, Clone, Copy)]
pub struct Returns<'a>(pub(super) Gate<'a>);

/// Filings: begun, gone on with, given up, looked up.
#[derive(Debug, Clone, Copy)]
pub struct Filings<'a>(pub(super) Gate<'a>);

/// The batch that is under way, or was until just now.
#[derive(Debug, Clone, Copy)]
pub struct Batches<'a>(pub(super) Gate<'a>);

/// The archive: looked into, verified, taken along, read into the history.
#[derive(Debug, Clone, Copy)]
pub struct Archived<'a>(pub(super) Gate<'a>);

/// Deadlines, and the calendar file made of them.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a>(pub(super) Gate<'a>);

/// What is told of deadlines and sign-ins, and how.
#[derive(Debug, Clone, Copy)]
pub struct Reminding<'a>(pub(super) Gate<'a>);

/// SAF-T deliveries that lie open, and the returns made of them.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a>(pub(super) Gate<'a>);

/// Drafts: returns in the making, written, pasted, taken from spreadsheets, mended.
#[derive(Debug, Clone, Copy)]
pub struct Drafting<'a>(pub(super) Gate<'a>);

/// Signing a person in and out.
#[derive(Debug, Clone, Copy)]
pub struct SigningIn<'a>(pub(super) Gate<'a>);

/// Signing a work account in, and what the firm sets up for it.
#[derive(Debug, Clone, Copy)]
pub struct WorkAccount<'a>(pub(super) Gate<'a>);

/// The office register: joined, told what was done here before, left.
#[derive(Debug, Clone, Copy)]
pub struct Sharing<'a>(pub(super) Gate<'a>);

impl Office {
    /// Returns that lie open: opened, checked, with their attachments, put away.
    #[must_use]
    pub fn returns(&self) -> Returns<'_> {
        Returns(Gate::of(self))
    }

    /// Filings: begun, gone on with, given up, looked up.
    #[must_use]
    pub fn filings(&self) -> Filings<'_> {
        Filings(Gate::of(self))
    }

    /// The batch that is under way, or was until just now.
    #[must_use]
    pub fn batch(&self) -> Batches<'_> {
        Batches(Gate::of(self))
    }

    /// The archive: looked into, verified, taken along, read into the history.
    #[must_use]
    pub fn archive(&self) -> Archived<'_> {
        Archived(Gate::of(self))
    }

    /// Deadlines, and the calendar file made of them.
    #[must_use]
    pub fn calendar(&self) -> Calendar<'_> {
        Calendar(Gate::of(self))
    }

    /// What is told of deadlines and sign-ins, and how.
    #[must_use]
    pub fn reminders(&self) -> Reminding<'_> {
        Reminding(Gate::of(self))
    }

    /// SAF-T deliveries that lie open, and the returns made of them.
    #[must_use]
    pub fn books(&self) -> Books<'_> {
        Books(Gate::of(self))
    }

    /// Drafts: returns in the making, written, pasted, taken from spreadsheets, mended.
    #[must_use]
    pub fn drafts(&self) -> Drafting<'_> {
        Drafting(Gate::of(self))
    }

    /// Signing a person in and out.
    #[must_use]
    pub fn session(&self) -> SigningIn<'_> {
        SigningIn(Gate::of(self))
    }

    /// Signing a work account in, and what the firm sets up for it.
    #[must_use]
    pub fn work_account(&self) -> WorkAccount<'_> {
        WorkAccount(Gate::of(self))
    }
    /// The office register: joined, told what was done here before, left.
    #[must_use]
    pub fn sharing(&self) -> Sharing<'_> {
        Sharing(Gate::of(self))
    }
}
