//! What the window needs to begin with: where it is, in which language, how it looks.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{
    BatchView, Day, FilingRow, Language, RecoveryView, ReturnCard, ReviewView, SessionView, SignInView, WorkView,
};

/// Which set of authorities the program talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentName {
    /// The practice authorities within the program.
    Practice,
    /// The authorities' test environment.
    Test,
    /// The real authorities.
    Production,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the operating system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Black and white with borders, light or dark as the operating system.
    Contrast,
}

/// What the user has chosen about the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// Language of window and findings.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Text size in percent, 100 to 200.
    pub text_size: u16,
    /// The short introduction has been seen or skipped.
    pub introduced: bool,
}

/// Everything the window needs to draw itself the first time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// The program's version.
    pub version: String,
    /// Current environment.
    pub environment: EnvironmentName,
    /// The user's choices.
    pub preferences: Preferences,
    /// Norwegian date today.
    pub today: Day,
    /// Who is signed in, if anybody.
    pub session: Option<SessionView>,
    /// A sign-in that is under way.
    pub sign_in: Option<SignInView>,
    /// The firm's rules and the lock, where a policy holds.
    pub work: Option<WorkView>,
    /// Whether secrets can be kept between runs.
    pub keyring: KeyringState,
    /// How many minutes this computer's clock differs from the authorities', where that is more than five.
    pub clock_off_minutes: Option<u32>,
    /// The returns that lie open in the window.
    pub cards: Vec<ReturnCard>,
    /// The returns that are being filed in one go, or were until just now.
    pub batch: Option<BatchView>,
    /// The newest filings of this environment, newest first, at most five.
    pub recent: Vec<FilingRow>,
    /// Sample returns the program carries.
    pub samples: Vec<SampleView>,
    /// Where receipts are kept, as shown to the user.
    pub archive_folder: String,
    /// How this desk stands with the office register, where it has moved into one.
    pub register: Option<RegisterView>,
    /// What became of a history that was lost, until it has been taken notice of.
    pub recovery: Option<RecoveryView>,
    /// Filings that had been called received and were looked at once more, where that has changed anything, until it has
    /// been taken notice of.
    pub review: Option<ReviewView>,
}

/// How this desk stands with the office register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RegisterView {
    /// The register does not answer: what others do is shown as it was last seen.
    pub away: bool,
    /// How many filings of this desk it has not been told of, or does not take.
    pub untold: u32,
    /// The administrator lets a person file without it while it does not answer.
    pub without: bool,
}

/// Whether the operating system's keyring works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyringState {
    /// Secrets are sealed and kept between runs.
    Available,
    /// There is none: sign-in lasts until the program closes.
    Missing,
    /// It is there but locked.
    Locked,
}

/// A sample return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Key for `openSample`.
    pub id: String,
    /// Company's name.
    pub company: String,
    /// Period in words.
    pub period: String,
    /// What the sample shows.
    pub about: String,
}
