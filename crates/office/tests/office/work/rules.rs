//! Whose rules hold where: practice and the real authorities, an administrator's file and an imported one.

use access::work::{policy, rights::Action};
use office::{Office, OfficeError};
use serde_json::{Value, json};
use view::{ErrorCode, HistoryQuery, Language};

use super::{
    HERE,
    firm::{Firm, group, one_rule, policy as rules_of, signs_in},
};
use crate::desk::yes;

const NB: Language = Language::Nb;

#[tokio::test(flavor = "multi_thread")]
async fn practice_decides_nothing_about_the_rest() {
    let firm = Firm::new().await;
    let all = ["see", "check", "prepare", "file", "administer"];
    let mut rules = rules_of(one_rule(&group("nora-lund", 3), &all, &["all"]));
    rules["environments"] = json!(["practice", "production"]);
    firm.decides(&rules);
    let office = firm.open().await;
    signs_in(&office, "nora-lund").await;
    assert!(office.returns().open_sample("fjordlys").await.is_ok());
    assert_eq!(office.access().form(HERE, None, None, NB).unwrap_err().code, ErrorCode::WorkForbidden);
    // Where it does not hold at all, everything is as before but for what is the administrator's.
    rules["environments"] = json!(["production"]);
    firm.decides(&rules);
    office.work().look();
    assert!(office.work().view().is_none() && !office.work().is_locked());
    assert!(office.filings().history(&HistoryQuery::default()).is_ok());
    assert_eq!(office.may_change(Action::ChangeSettings).unwrap_err().code, ErrorCode::WorkForbidden);
    assert!(office.may_change(Action::SwitchEnvironment).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_policy_locks_and_its_own_key_opens() -> Result<(), OfficeError> {
    let firm = Firm::new().await;
    let office = Office::open(firm.setup()).await?;
    let key = policy::new_key().unwrap();
    let signed = |rules: &Value, key: &[u8]| policy::sign(rules.to_string().as_bytes(), key).unwrap();
    let mut rules = rules_of(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    // A stranger's file must not lock her out: nothing holds before she has compared its key.
    let no = std::sync::Arc::new(view::consent::Always(false));
    assert_eq!(office.work_account().import_policy(signed(&rules, &key).into_bytes(), no).await.unwrap(), None);
    assert!(!office.work().is_locked() && office.work().view().is_none());
    office.work_account().import_policy(signed(&rules, &key).into_bytes(), yes()).await.unwrap();
    assert!(office.work().is_locked());
    // Another key is not hers to bring, locked or not: she may not administer.
    let others = policy::new_key().unwrap();
    rules["version"] = json!(2);
    rules["rules"] = one_rule(&group("nora-lund", 3), &["see", "file", "administer"], &["all"]);
    let refused = office.work_account().import_policy(signed(&rules, &others).into_bytes(), yes()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::WorkPolicyRefused);
    signs_in(&office, "nora-lund").await;
    assert_eq!(
        office.work_account().import_policy(signed(&rules, &others).into_bytes(), yes()).await.unwrap_err().code,
        ErrorCode::WorkPolicyRefused
    );
    // The firm's own key: taken, though locked, and what she may do changes with it.
    office.work_account().lock().await;
    office.work_account().import_policy(signed(&rules, &key).into_bytes(), yes()).await.unwrap();
    let view = signs_in(&office, "nora-lund").await;
    assert_eq!((view.version, view.permissions.len()), (2, 3));
    // Now she may administer, and bring another key.
    rules["version"] = json!(1);
    office.work_account().import_policy(signed(&rules, &others).into_bytes(), yes()).await.unwrap();
    rules["withdrawn"] = json!(true);
    office.work_account().import_policy(signed(&rules, &others).into_bytes(), yes()).await.unwrap();
    assert!(office.work().view().is_none());
    Ok(())
}
