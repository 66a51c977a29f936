//! What Innstillinger shows: plain values, nothing secret.

use serde::{Deserialize, Serialize};
use specta::Type;

pub(super) use view::EnvironmentName;
use view::Moment;

/// Everything Innstillinger shows beside the user's preferences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// The environment in use.
    pub environment: EnvironmentName,
    /// An administrator's environment variable says which: it cannot be switched here.
    pub environment_fixed: bool,
    /// The addresses of every environment.
    pub addresses: Vec<EnvironmentAddresses>,
    /// Proxy and certificates as the system has them.
    pub network: NetworkView,
    /// Where receipts are kept.
    pub archive: ArchiveView,
    /// The data folder as shown to the user.
    pub data_folder: String,
    /// Operating system and processor, e.g. `"linux x86_64"`.
    pub system: String,
    /// The office register, where this desk has moved into one.
    pub register: Option<RegisterPlace>,
    /// What is proposed to who joins one: of the register that the desk is in, or of the administrator's file.
    pub register_wish: RegisterWish,
    /// The administrator's file says where the office register is.
    pub register_preset: bool,
}

/// Which office register this desk is to join, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RegisterWish {
    /// The address, without role and password; empty where none is proposed.
    pub address: String,
    /// The role.
    pub role: String,
    /// What this desk is called to the others.
    pub desk: String,
}

/// What has become of the wish to join an office register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum JoinAnswer {
    /// This desk is in it.
    Joined,
    /// A person said no in the dialog that asks outside the window. Nothing has changed.
    Declined,
    /// Nothing has changed.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

/// What has become of the wish to bring what this desk had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum BringAnswer {
    /// It has been brought, but for what is named.
    Brought {
        /// What.
        moved: MovedView,
    },
    /// What has been brought until then is there.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

/// What a desk has brought to the office register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MovedView {
    /// Filings that are there now.
    pub filings: u32,
    /// Filings that were there already.
    pub there: u32,
    /// Documents of the archive.
    pub documents: u32,
    /// Filings of which something was not brought, each with why.
    pub left: Vec<NotTakenView>,
}

/// What has become of the wish to leave the office register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum LeaveAnswer {
    /// This desk is out of it, and the copy lies here.
    Left {
        /// The folder as shown to the user.
        folder: String,
        /// Rows.
        rows: u32,
        /// Documents.
        documents: u32,
        /// Documents that are listed and were not taken.
        left_out: u32,
    },
    /// The register would never hear of these. Nothing has changed; it is done when it is said once more.
    Untold {
        /// Which, each with why.
        filings: Vec<NotTakenView>,
    },
    /// No folder was chosen. Nothing has changed.
    Declined,
    /// This desk has not left.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

/// What has become of the wish to fetch the documents that the office register keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum MirrorAnswer {
    /// They lie here, but for what is named.
    Mirrored {
        /// The folder as shown to the user.
        folder: String,
        /// Documents that were fetched now.
        fetched: u32,
        /// Documents that lay there already.
        there: u32,
        /// How many were not fetched.
        left: u32,
        /// The first of them, each with why.
        named: Vec<LeftView>,
    },
    /// No folder was chosen. Nothing was fetched.
    Declined,
    /// What was fetched until then is there.
    Refused {
        /// Why, and what to do.
        why: String,
    },
}

/// A document that was not fetched from the office register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeftView {
    /// Of which filing.
    pub filing: String,
    /// The company's name, or its number.
    pub company: String,
    /// What the document is called.
    pub name: String,
    /// Why, in words.
    pub why: String,
}

/// The office register that this desk has moved into, as it is known here without asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RegisterPlace {
    /// The database.
    pub database: String,
    /// The hosts at which it is looked for.
    pub hosts: Vec<String>,
    /// The role in which this desk comes.
    pub role: String,
    /// What this desk is called to the others.
    pub desk: String,
    /// Whether what this desk had before has been brought.
    pub brought: bool,
    /// Since when it does not answer, where it does not.
    pub away_since: Option<Moment>,
    /// How many filings it is told of as soon as it answers.
    pub waiting: u32,
    /// Filings that it does not take; what it says of them stays.
    pub not_taken: Vec<NotTakenView>,
}

/// A filing that the office register does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NotTakenView {
    /// Its key.
    pub filing: String,
    /// The company's name, or its number.
    pub company: String,
    /// Period in words.
    pub period: String,
    /// Why, in words.
    pub why: String,
}

/// The addresses of one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentAddresses {
    /// Which.
    pub environment: EnvironmentName,
    /// Practice authorities choose their own addresses each time they start.
    pub editable: bool,
    /// The addresses, in the order of a filing.
    pub rows: Vec<AddressView>,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AddressView {
    /// Which.
    pub name: AddressName,
    /// The address in force.
    pub value: String,
    /// The address the program comes with.
    pub preset: String,
}

/// An address that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AddressName {
    /// ID-porten: the issuer.
    IdPorten,
    /// Altinn's platform.
    Platform,
    /// Skatteetaten's app in Altinn.
    App,
    /// Skatteetaten's validation service.
    Validation,
}

/// What lies between the program and the authorities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NetworkView {
    /// One a host of the environment in use.
    pub proxies: Vec<ProxyView>,
    /// Hosts that are reached without a proxy, as the system lists them.
    pub bypass: Option<String>,
    /// Which certificate authorities are trusted.
    pub certificates: CertificatesView,
}

/// The way to one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProxyView {
    /// The host.
    pub host: String,
    /// The proxy, without user name and password; nothing when the host is reached directly.
    pub proxy: Option<String>,
}

/// Which certificate authorities are trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CertificatesView {
    /// Where they are from.
    pub source: CertificateSource,
    /// The file or folder, when a variable names one.
    pub path: Option<String>,
    /// How many there are, where that can be told.
    pub count: Option<u32>,
    /// What could not be read.
    pub problems: Vec<String>,
}

/// Where trusted certificate authorities are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CertificateSource {
    /// The operating system's own store.
    System,
    /// What `SSL_CERT_FILE` or `SSL_CERT_DIR` names.
    Variable,
}

/// Where receipts are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveView {
    /// The folder as shown to the user.
    pub folder: String,
    /// An administrator's environment variable says where: it cannot be changed here.
    pub fixed: bool,
    /// Folders where earlier receipts have stayed.
    pub earlier: Vec<String>,
    /// How many files lie there.
    pub files: u32,
    /// How large they are together, in kilobytes.
    pub kilobytes: u32,
}
