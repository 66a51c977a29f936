//! What may be done, by whom, for which company; and what each thing that can be done needs.

use std::collections::{BTreeMap, BTreeSet};

use id_porten::work::{Groups, Membership, Organisation};

use super::policy::{Company, WorkPolicy};
pub use view::Permission;

macro_rules! actions {
    ($($(#[$about:meta])* $variant:ident = $name:literal: $needs:expr;)*) => {
        /// Everything that can be done with the office. The names are those of the functions that do it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the names say it")]
        pub enum Action { $($(#[$about])* $variant,)* }

        impl Action {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The function's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it needs; none: only that the program is not locked.
            #[must_use]
            pub fn needs(self) -> Option<Permission> {
                match self { $(Self::$variant => $needs,)* }
            }
        }
    };
}

use Permission::{Administer, Check, File, Prepare, See};

actions! {
    OpenPaths = "open_paths": Some(See);
    OpenSample = "open_sample": None;
    Books = "books": Some(See);
    AnswerBooks = "answer_books": Some(Prepare);
    MakeReturn = "make_return": Some(Prepare);
    Drafts = "drafts": Some(See);
    ChangeDraft = "change_draft": Some(Prepare);
    CardView = "card_view": Some(See);
    LookAtAttachment = "look_at_attachment": Some(See);
    CloseCard = "close_card": None;
    CloseCards = "close_cards": None;
    ReopenCards = "reopen_cards": None;
    Aim = "aim": None;
    History = "history": Some(See);
    HistoryPeriods = "history_periods": Some(See);
    Filing = "filing": Some(See);
    ReceiptPath = "receipt_path": Some(See);
    ArchivePath = "archive_path": Some(See);
    ArchivedFile = "archived_file": Some(See);
    ExportFilings = "export_filings": Some(See);
    ExportZip = "export_zip": Some(See);
    ExportCsv = "export_csv": Some(See);
    Deadlines = "deadlines": Some(See);
    Calendar = "calendar": Some(See);
    Reminders = "reminders": None;
    ReminderSettings = "reminder_settings": None;
    SetReminderSettings = "set_reminder_settings": None;
    SnoozeNotice = "snooze_notice": None;
    DismissNotice = "dismiss_notice": None;
    PauseReminders = "pause_reminders": None;
    SignIn = "sign_in": None;
    SignOut = "sign_out": None;
    CheckReturn = "check": Some(Check);
    CheckAll = "check_all": Some(Check);
    StopChecking = "stop_checking": None;
    Attach = "attach": Some(Prepare);
    Detach = "detach": Some(Prepare);
    Correct = "correct": Some(Prepare);
    Unfinished = "unfinished": Some(Prepare);
    ContinueUnfinished = "continue_unfinished": Some(Prepare);
    DeleteUnfinished = "delete_unfinished": Some(Prepare);
    ChooseDuty = "choose_duty": Some(Prepare);
    UnfollowDuty = "unfollow_duty": Some(Prepare);
    PutAside = "put_aside": Some(Prepare);
    MuteCompany = "mute_company": Some(Prepare);
    FileReturn = "file": Some(File);
    ContinueFiling = "continue_filing": Some(File);
    SignFiling = "sign_filing": Some(File);
    CancelFiling = "cancel_filing": Some(File);
    FetchReceiptAgain = "fetch_receipt_again": Some(File);
    StartBatch = "start_batch": Some(File);
    PauseBatch = "pause_batch": Some(File);
    ContinueBatch = "continue_batch": Some(File);
    CancelBatch = "cancel_batch": Some(File);
    CloseBatch = "close_batch": Some(File);
    BatchCsv = "batch_csv": Some(File);
    ExportBatch = "export_batch": Some(File);
    VerifyArchive = "verify_archive": Some(Administer);
    HistoryFromArchive = "history_from_archive": Some(Administer);
    DismissRecovery = "dismiss_recovery": Some(Administer);
    Export = "export": Some(Administer);
    SwitchEnvironment = "switch_environment": Some(Administer);
    ChangeSettings = "change_settings": Some(Administer);
    ImportPolicy = "import_policy": Some(Administer);
    SetWorkClient = "set_work_client": Some(Administer);
    AccessView = "access_view": None;
    IntegrationForm = "integration_form": Some(Administer);
    SaveIntegration = "save_integration": Some(Administer);
    RemoveIntegration = "remove_integration": Some(Administer);
    ChooseIntegration = "choose_integration": Some(Administer);
    SetSecret = "set_secret": Some(Administer);
    MakeKey = "make_key": Some(Administer);
    ImportKey = "import_key": Some(Administer);
    ExportIntegration = "export_integration": Some(Administer);
    ImportIntegration = "import_integration": Some(Administer);
    CheckIntegration = "check_integration": Some(Administer);
    Forget = "forget": Some(Administer);
    UseRegister = "use_register": None;
    HandOver = "hand_over": Some(Prepare);
    SetAway = "set_away": None;
    MoveIn = "move_in": Some(Administer);
}

/// For whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Companies {
    all: bool,
    these: BTreeSet<String>,
}

impl Companies {
    /// Whether a company is among them.
    #[must_use]
    pub fn has(&self, company: &str) -> bool {
        self.all || self.these.contains(company)
    }

    /// Their numbers; none: all companies.
    #[must_use]
    pub fn listed(&self) -> Option<&BTreeSet<String>> {
        (!self.all).then_some(&self.these)
    }

    fn add(&mut self, companies: &BTreeSet<Company>) {
        for company in companies {
            match company {
                Company::All => self.all = true,
                Company::One(number) => {
                    self.these.insert(number.to_string());
                }
            }
        }
    }
}

/// What one employee may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights(BTreeMap<Permission, Companies>);

impl Rights {
    /// What the rules give somebody with these groups who acts for these organisations.
    #[must_use]
    pub fn of(policy: &WorkPolicy, groups: &Groups, organisations: &[Organisation]) -> Self {
        let mut rights = Self::default();
        for rule in &policy.rules {
            let in_group = rule.groups.iter().any(|group| groups.has(group) == Membership::Member);
            let for_one = organisations.iter().any(|acting| rule.organisations.contains(&acting.number));
            if (rule.groups.is_empty() || in_group) && (rule.organisations.is_empty() || for_one) {
                for permission in &rule.permissions {
                    rights.0.entry(*permission).or_default().add(&rule.companies);
                    if *permission != Administer {
                        rights.0.entry(See).or_default().add(&rule.companies);
                    }
                }
            }
        }
        rights
    }

    /// Whether something is permitted, for a company or, where none is named, for any.
    #[must_use]
    pub fn allow(&self, permission: Permission, company: Option<&str>) -> bool {
        match (self.0.get(&permission), company) {
            (None, _) => false,
            // To administer is to administer the program, whatever companies its rule names.
            (Some(_), _) if permission == Administer => true,
            (Some(_), None) => true,
            (Some(companies), Some(company)) => companies.has(company),
        }
    }

    /// For whom something is permitted.
    #[must_use]
    pub fn companies(&self, permission: Permission) -> Companies {
        self.0.get(&permission).cloned().unwrap_or_default()
    }

    /// Whether nothing is permitted.
    #[must_use]
    pub fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// What is permitted, and for whom.
    pub fn each(&self) -> impl Iterator<Item = (Permission, &Companies)> {
        self.0.iter().map(|(permission, companies)| (*permission, companies))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use id_porten::work::OrganisationNumber;
    use serde_json::json;

    use super::*;

    const ONE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
    const TWO: &str = "aaaaaaaa-0000-4000-8000-000000000002";

    fn policy(rules: serde_json::Value) -> WorkPolicy {
        let text =
            json!({"version": 1, "firm": "F", "signIn": {"clients": {"production": "c", "test": "c"}}, "rules": rules});
        WorkPolicy::parse(text.to_string().as_bytes()).unwrap()
    }

    fn groups(ids: &[&str]) -> Groups {
        Groups::new(ids.iter().map(|id| (*id).to_owned()))
    }

    fn acting(number: &str) -> Vec<Organisation> {
        vec![Organisation { number: OrganisationNumber::parse(number).unwrap(), name: None, rights: Vec::new() }]
    }

    #[test]
    fn groups_and_organisations_give_rights_alone_and_together() {
        let policy = policy(json!([
            {"groups": [ONE], "permissions": ["prepare"], "companies": ["311797816"]},
            {"organisations": ["315203856"], "permissions": ["check"], "companies": ["all"]},
            {"groups": [TWO], "organisations": ["315203856"], "permissions": ["file", "administer"], "companies": ["315203856"]},
        ]));
        let of = |ids: &[&str], organisation: &str| Rights::of(&policy, &groups(ids), &acting(organisation));
        let one = of(&[&ONE.to_uppercase()], "311797816");
        assert!(one.allow(Prepare, Some("311797816")) && one.allow(See, Some("311797816")) && one.allow(Prepare, None));
        assert!(
            !one.allow(Prepare, Some("315203856")) && !one.allow(File, None) && !one.allow(Check, Some("311797816"))
        );
        let vika = of(&[], "315203856");
        assert!(vika.allow(Check, Some("310890898")) && vika.companies(Check).listed().is_none());
        assert!(!vika.allow(File, None) && !vika.allow(Administer, None), "the group is missing");
        let both = of(&[TWO], "315203856");
        assert!(
            both.allow(File, Some("315203856")) && !both.allow(File, Some("311797816")) && both.allow(Administer, None)
        );
        assert!(of(&[TWO], "311797816").are_none(), "the organisation is missing");
    }

    #[test]
    fn to_administer_is_not_to_see() {
        let policy = policy(json!([{"groups": [ONE], "permissions": ["administer"], "companies": ["all"]}]));
        let rights = Rights::of(&policy, &groups(&[ONE]), &[]);
        assert!(rights.allow(Administer, None) && !rights.allow(See, None));
    }

    #[test]
    fn every_action_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Action::ALL.iter().map(|action| action.name()).collect();
        assert_eq!(names.len(), Action::ALL.len());
    }
}
