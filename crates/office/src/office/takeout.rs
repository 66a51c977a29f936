//! The office as Innstillinger needs it: whether it can be left, and what a person may take along.

use std::path::Path;

use access::work::rights::Action;
use filing::{
    archive::seal::Sealed,
    filings::{self, Filing},
    table::Payable,
};
use rusqlite::params;
use serde::Serialize;
use store::database::columns::word;
use view::{
    EnvironmentName, ErrorCode, FilingState, Preferences,
    problem::{self, Problem},
    texts::{kind, kroner, moment},
};

use super::Office;
use crate::settings::{
    EnvironmentAddresses, NetworkView, Settings, addresses,
    export::{self, ExportError, ExportedFiling, TakenAlong},
    network,
};

/// How many filings are read at a time.
const PAGE: i64 = 500;

/// The settings as they are exported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportedSettings<'a> {
    program: &'static str,
    preferences: Preferences,
    settings: &'a Settings,
    overrides: Option<serde_json::Value>,
}

impl Office {
    /// How many filings are being delivered at this moment: as long as there is one, the office is not left.
    ///
    /// # Errors
    /// The database.
    pub fn under_way(&self) -> Result<usize, Problem> {
        let unfinished = self.desk.db.read(|db| filings::unfinished(db, self.desk.environment))?;
        Ok(unfinished.iter().filter(|filing| filing.state == FilingState::Running).count())
    }

    /// Ends when the office is closed: for what works beside it.
    pub async fn until_closed(&self) {
        self.closing.cancelled().await;
    }

    /// Which environment this office is of.
    #[must_use]
    pub fn environment(&self) -> EnvironmentName {
        self.authorities.name
    }

    /// The addresses of every environment, this one's as they are in force.
    ///
    /// # Errors
    /// Overrides that cannot be used.
    pub fn addresses(&self, data_dir: &Path) -> Result<Vec<EnvironmentAddresses>, Problem> {
        addresses::views(data_dir, &self.authorities).map_err(|error| problem::of(ErrorCode::DataUnusable, &error))
    }

    /// What lies between the program and this office's authorities.
    #[must_use]
    pub fn network(&self) -> NetworkView {
        network::view(&self.authorities)
    }

    /// Writes settings and history of all environments to `to`, with the archives' files where they are named; says how
    /// many filings there are in it, and what of the archives is not.
    ///
    /// # Errors
    /// The disk or the database; then there is no file.
    pub fn export(
        &self,
        to: &Path,
        settings: &Settings,
        overrides: Option<serde_json::Value>,
        archives: &[&Path],
    ) -> Result<TakenAlong, Problem> {
        self.may(Action::Export, None)?;
        let language = self.desk.preferences().language;
        let exported = ExportedSettings {
            program: concat!("Momsbud ", env!("CARGO_PKG_VERSION")),
            preferences: self.desk.preferences(),
            settings,
            overrides,
        };
        let key = self.desk.session.archive_key();
        let ours = |sealed: &Sealed| self.desk.db.read(|db| sealed.is_ours(db, key.as_ref())).unwrap_or(false);
        export::write(to, language, &exported, archives, &ours, |after| {
            let page = self.desk.db.read(|db| {
                filings::many(db, "number > ?1 ORDER BY number LIMIT ?2", params![after.unwrap_or(0), PAGE])
            })?;
            Ok(page.into_iter().map(|filing| (filing.number, of(filing, language))).collect())
        })
        .map_err(|error: ExportError| error.into())
    }
}

fn of(filing: Filing, language: vat_return::Language) -> ExportedFiling {
    // What cannot be paid leaves the program in no form.
    let payable = Payable::of(&filing).payment().cloned();
    let payable = payable.as_ref();
    // Named whole, so that a new field is either exported or left out knowingly.
    let Filing {
        subject,
        company_name,
        assessed_vat,
        sha256,
        file_name,
        filed_by,
        correction,
        state,
        instance,
        begun_at,
        delivered_at,
        verdict,
        archive_folder,
        replaced,
        payment: _,
        // In the filing's own folder, which is exported with it.
        signed_by: _,
        problem: _,
        substatus: _,
        files: _,
        // Of no meaning outside this computer.
        number: _,
        id: _,
        authorization: _,
        step: _,
        delivered: _,
    } = filing;
    ExportedFiling {
        environment: word(&subject.environment),
        org_number: subject.org_number.to_string(),
        company: company_name,
        period: subject.period.in_words(language),
        kind: kind(subject.category, subject.period, language),
        assessed_vat: kroner(assessed_vat),
        state: word(&state),
        verdict: verdict.as_ref().map(word),
        correction,
        replaced,
        filed_by,
        begun_at: moment(begun_at),
        delivered_at: delivered_at.map(moment),
        amount: payable.map(|payment| kroner(payment.amount)),
        kid: payable.and_then(|payment| payment.kid.as_ref()).map(ToString::to_string),
        account: payable.and_then(|payment| payment.account.clone()),
        due: payable.and_then(|payment| payment.due).map(|due| due.to_string()),
        instance: instance.as_ref().map(ToString::to_string),
        file_name,
        sha256,
        archive_folder,
    }
}
