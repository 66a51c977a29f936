//! What the office tells by itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    BatchView, BooksView, FilingView, KeyringState, NoticeTarget, PassedView, RegisterView, RemindersView, ReturnCard,
    SessionView, SignInOutcome, SignInView, WorkView,
};

/// What the office tells by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum OfficeEvent {
    /// Cards were opened, changed or closed; all of them, in order.
    Cards {
        // Shared, because there may be a thousand, and everybody who listens is told of them.
        /// The cards.
        cards: Arc<Vec<ReturnCard>>,
    },
    /// One card was changed.
    Card {
        /// The card.
        card: Box<ReturnCard>,
    },
    /// SAF-T deliveries were opened, read on, answered or closed; all of them, in order.
    Books {
        /// The deliveries.
        books: Arc<Vec<BooksView>>,
    },
    /// Another window or the command line has changed drafts: whoever shows them asks anew.
    Drafts,
    /// A batch began, moved on or was put away.
    Batch {
        /// The batch, or nothing.
        batch: Option<Box<BatchView>>,
    },
    /// A filing moved on.
    Filing {
        /// The filing.
        filing: Box<FilingView>,
    },
    /// Sign-in began, changed or ended.
    SignIn {
        /// The sign-in, or nothing when it ended.
        sign_in: Option<SignInView>,
    },
    /// A sign-in ended that no command of this run had begun: the link of one that an earlier run began came home.
    SignInEnded {
        /// How.
        outcome: SignInOutcome,
    },
    /// Who is signed in changed, or a token was renewed.
    Session {
        /// The session, or nothing.
        session: Option<Box<SessionView>>,
    },
    /// The keyring was unlocked or missed, or the computer's clock was found to be wrong, or right again.
    Machine {
        /// Whether secrets can be kept between runs.
        keyring: KeyringState,
        /// See `StartView::clock_off_minutes`.
        clock_off_minutes: Option<u32>,
    },
    /// The office register answers, or does not any more, or has been told something.
    Register {
        /// How the desk stands with it.
        register: RegisterView,
    },
    /// What this desk had before is being brought to the office register.
    Bringing {
        /// How many filings have been looked at.
        done: u32,
        /// Of how many.
        total: u32,
    },
    /// The work account's sign-in, the lock or the rules have changed.
    Work {
        /// How it stands, or nothing where no policy holds.
        work: Option<Box<WorkView>>,
    },
    /// What the bell and the tray tell has changed.
    Reminders {
        /// All of it.
        reminders: Box<RemindersView>,
    },
    /// A notification was clicked: this is where it leads.
    Go {
        /// The place.
        target: NoticeTarget,
    },
    /// More happened than could be told: whoever shows it asks for everything anew.
    Missed,
    /// Attachments are being uploaded; told a few times a second.
    Upload {
        /// Key of the filing.
        filing: String,
        /// Bytes handed over so far, of all attachments.
        done: u32,
        /// Bytes of all attachments.
        total: u32,
    },
    /// Files and folders have been opened, and some of what is in them was passed by.
    Passed {
        /// How much of what.
        passed: PassedView,
    },
    /// Files are held over the window, or not any more.
    DropHover {
        /// Where they are held; nothing when they have left.
        at: Option<WindowPoint>,
    },
    /// Files have been let go over the window, which answers with the return that they were let go on.
    Dropped {
        /// Where.
        at: WindowPoint,
    },
}

/// A point of the window's content, in its own (logical) pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WindowPoint {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}
