//! The firm's record of what was refused.

use std::fs;

use access::work::REFUSALS_FILE;
use practice::world::FJORDLYS;
use serde_json::{Value, json};
use view::HistoryQuery;

use super::firm::{Firm, group, one_rule, policy, signs_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_record_names_no_person() {
    let firm = Firm::new().await;
    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[FJORDLYS])));
    let office = firm.open().await;
    assert!(office.filings().history(&HistoryQuery::default()).is_err());
    signs_in(&office, "nora-lund").await;
    assert!(office.returns().unfinished(FJORDLYS).await.is_err());
    let text = fs::read_to_string(firm.desk.data().join(REFUSALS_FILE)).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["action"], &lines[0]["locked"], &lines[0]["account"]),
        (&json!("history"), &json!(true), &Value::Null)
    );
    assert_eq!((&lines[1]["needs"], &lines[1]["company"]), (&json!("prepare"), &json!(FJORDLYS)));
    assert!(lines[1]["account"].is_string());
    assert!(!text.contains("Nora") && !text.contains('@') && !text.contains(&group("nora-lund", 3)), "{text}");
}
