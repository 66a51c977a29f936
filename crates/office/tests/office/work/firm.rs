//! A firm whose administrator decides who may do what, and how its employees come in.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use access::work::{REFUSALS_FILE, WorkSignInRequest};
use id_porten::{Browser, BrowserError};
use office::{Office, Setup};
use practice::world::World;
use serde_json::{Value, json};
use url::Url;
use view::{WorkFailureKind, WorkView};

use crate::desk::Desk;

/// The nth group of an employee of the practice world.
pub(super) fn group(key: &str, nth: usize) -> String {
    World::synthetic().employee(key).unwrap().groups[nth - 1].clone()
}

/// A policy for practice with these rules.
pub(super) fn policy(rules: Value) -> Value {
    json!({
        "version": 1, "firm": "Fjordlys Interiør AS", "contact": "it@fjordlys.example", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice", "test": "t", "production": "p"}},
        "rules": rules,
    })
}

pub(super) fn one_rule(group: &str, permissions: &[&str], companies: &[&str]) -> Value {
    json!([{"groups": [group], "permissions": permissions, "companies": companies}])
}

/// A desk whose administrator may say who may do what.
pub(super) struct Firm {
    pub(super) desk: Desk,
}

impl Firm {
    pub(super) async fn new() -> Self {
        let desk = Desk::new().await;
        desk.settings(json!({"ansattporten": {"consent": "given"}})).await;
        Self { desk }
    }

    pub(super) fn system(&self) -> PathBuf {
        self.desk.data().join("../system")
    }

    pub(super) fn setup(&self) -> Setup {
        let mut setup = self.desk.setup();
        setup.environment = setup.environment.with_ansattporten(&self.desk.practice.addresses().ansattporten).unwrap();
        setup.system_dir = self.system();
        setup
    }

    pub(super) async fn open(&self) -> Arc<Office> {
        Office::open(self.setup()).await.unwrap()
    }

    /// The administrator's file.
    pub(super) fn decides(&self, policy: &Value) {
        fs::create_dir_all(self.system()).unwrap();
        fs::write(self.system().join("policy.json"), json!({"work": policy}).to_string()).unwrap();
    }

    /// What was refused since the last time, by action.
    pub(super) fn refused(&self) -> Vec<Value> {
        let file = self.desk.data().join(REFUSALS_FILE);
        let lines = fs::read_to_string(&file).unwrap_or_default();
        let _ = fs::remove_file(file);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(super) async fn signs_in(office: &Office, key: &str) -> WorkView {
    let hint = Some(format!("entraid:{key}"));
    office
        .work_account()
        .sign_in(WorkSignInRequest { login_hint: hint, limit: Some(Duration::from_secs(30)) })
        .await
        .unwrap()
}

pub(super) async fn fails(office: &Office, key: &str) -> WorkFailureKind {
    let view = signs_in(office, key).await;
    assert!(view.locked, "{view:?}");
    let problem = view.problem.unwrap_or_else(|| panic!("no reason for {key}"));
    assert!(!problem.title.is_empty() && !problem.text.is_empty() && !problem.todo.is_empty());
    problem.kind
}

/// A browser that remembers where it was sent, and goes nowhere by itself.
#[derive(Default)]
pub(super) struct Still(Mutex<Vec<Url>>);

impl Still {
    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Where it was sent the nth time.
    pub(super) fn sent(&self, nth: usize) -> Option<Url> {
        self.0.lock().unwrap().get(nth).cloned()
    }
}

impl Browser for Still {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        self.0.lock().unwrap().push(address.clone());
        Ok(())
    }
}
