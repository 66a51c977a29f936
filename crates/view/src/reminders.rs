//! What the window, the tray and the notifications show of reminders.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Moment, NextDeadline};

/// What is told now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RemindersView {
    /// What the bell lists, the most urgent first.
    pub notices: Vec<NoticeView>,
    /// What the tray's icon shows.
    pub standing: Standing,
    /// The next deadline on which something is not filed.
    pub next: Option<NextDeadline>,
    /// The authorization of the person who is signed in, when it lasts longer than a few days.
    pub authorization: Option<AuthorizationLeft>,
    /// No reminders until then.
    pub paused_until: Option<Moment>,
}

/// How long an authorization still lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationLeft {
    /// Whose, where that is known.
    pub person: Option<String>,
    /// When it ends.
    pub until: Moment,
}

/// Whether anything is urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Nothing.
    #[default]
    Ok,
    /// A deadline within three days, or less than 30 days of authorization.
    Soon,
    /// The authorization has ended, or a deadline has passed.
    Expired,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NoticeKind {
    /// A deadline with nothing filed.
    Deadline,
    /// An authorization that ends.
    Authorization,
    /// A sign-in that will be needed before a deadline.
    SignIn,
    /// A filing that waits or was refused.
    Waiting,
    /// A payment that falls due.
    Payment,
    /// A receipt that has come.
    Receipt,
}

/// One notice: what the operating system shows and the bell lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Its subject: a new notice of the same subject replaces the old.
    pub key: String,
    /// What it is about.
    pub kind: NoticeKind,
    /// Too late already.
    pub late: bool,
    /// One line.
    pub title: String,
    /// What it means and what to do.
    pub text: String,
    /// When it was told last.
    pub at: Moment,
    /// What the button says that goes there.
    pub action: String,
    /// Where to go.
    pub target: NoticeTarget,
    /// The company, when it is about one only: it can be left out from now on.
    pub org_number: Option<String>,
}

/// Where a notice leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoticeTarget {
    /// The place of the window.
    pub place: TargetPlace,
    /// What is open in it.
    pub id: Option<String>,
}

/// Places that notices lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TargetPlace {
    /// Innsending.
    Filing,
    /// Historikk.
    History,
    /// Frister.
    Deadlines,
    /// Tilganger.
    Access,
}

/// For how long a notice is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Snooze {
    /// One hour.
    Hour,
    /// The next morning.
    Tomorrow,
    /// The morning in three days.
    ThreeDays,
}

/// For how long all reminders are silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Pause {
    /// Not at all.
    None,
    /// Until the next morning.
    Today,
    /// Until the morning in a week.
    Week,
}

/// What the user has chosen about reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReminderSettings {
    /// Deadlines with nothing filed.
    pub deadline: bool,
    /// How many days before; 0 is the morning itself.
    pub deadline_days: Vec<u16>,
    /// Authorizations that end, and sign-ins that will be needed.
    pub authorization: bool,
    /// How many days before; 0 is the day itself.
    pub authorization_days: Vec<u16>,
    /// Payments that fall due.
    pub payment: bool,
    /// Receipts that have come.
    pub receipt: bool,
    /// Filings that wait.
    pub waiting: bool,
    /// Nothing during the quiet hours.
    pub quiet: bool,
    /// First hour of the quiet, 0 to 23.
    pub quiet_from: u8,
    /// First hour after it.
    pub quiet_to: u8,
    /// Saturdays and Sundays are quiet too.
    pub quiet_weekends: bool,
    /// No reminders until then.
    pub paused_until: Option<Moment>,
    /// The program goes on when its window is closed.
    pub keep_running: bool,
}

impl Default for ReminderSettings {
    fn default() -> Self {
        Self {
            deadline: true,
            deadline_days: vec![10, 3, 1, 0],
            authorization: true,
            authorization_days: vec![30, 14, 7, 3, 1, 0],
            payment: true,
            receipt: true,
            waiting: true,
            quiet: true,
            quiet_from: 20,
            quiet_to: 7,
            quiet_weekends: true,
            paused_until: None,
            keep_running: false,
        }
    }
}
