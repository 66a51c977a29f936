//! A firm with a register: an administrator, bookkeepers, and companies.

use register::{Address, Desk, Environment, For, Permission, Register, RegisterError, Subject, create};
use tokio_postgres::Client;
use uuid::Uuid;
use vat_return::{Category, OrgNumber, Period, PeriodKind};

use crate::cluster::Cluster;

/// Two companies of the firm's.
pub(crate) const FJORDLYS: &str = "311797816";
pub(crate) const VIKA: &str = "315203856";

/// Everybody's password, in tests.
pub(crate) const PASSWORD: &str = "fjell-og-vidde";

pub(crate) struct Firm {
    pub(crate) cluster: Cluster,
    pub(crate) administrator: Register,
}

impl Firm {
    pub(crate) async fn new() -> Self {
        Self::on(Cluster::start("")).await
    }

    pub(crate) async fn on(cluster: Cluster) -> Self {
        Self::empty(&cluster).await;
        let address: Address = cluster.address("admin").parse().unwrap();
        create(address.clone(), PASSWORD.into()).await.unwrap();
        let administrator = Register::administer(address, PASSWORD.into()).await.unwrap();
        Self { cluster, administrator }
    }

    /// An empty database, and a role that may make a register in it.
    pub(crate) async fn empty(cluster: &Cluster) {
        let root = cluster.superuser("postgres").await;
        root.batch_execute(&format!("CREATE ROLE admin LOGIN CREATEROLE PASSWORD '{PASSWORD}'")).await.unwrap();
        root.batch_execute("CREATE DATABASE momsbud OWNER admin").await.unwrap();
    }

    /// Admits somebody with these rights.
    pub(crate) async fn admit(&self, role: &str, rights: &[(Permission, For)]) {
        self.administrator.admit(role, &format!("{role} Nordmann"), &PASSWORD.into()).await.unwrap();
        self.administrator.set_rights(role, rights).await.unwrap();
    }

    /// Admits somebody who may do everything for everybody, and joins her desk.
    pub(crate) async fn desk(&self, role: &str) -> Register {
        self.admit(role, &[(Permission::File, For::All), (Permission::Prepare, For::All)]).await;
        self.join(role).await.unwrap()
    }

    pub(crate) async fn join(&self, role: &str) -> Result<Register, RegisterError> {
        Register::join(self.cluster.address(role).parse().unwrap(), PASSWORD.into(), desk(role)).await
    }

    pub(crate) async fn superuser(&self) -> Client {
        self.cluster.superuser("momsbud").await
    }
}

pub(crate) fn desk(role: &str) -> Desk {
    Desk { id: Uuid::new_v4(), name: format!("pc-{role}"), program: "0.1.0".to_owned() }
}

pub(crate) fn company(number: &str) -> OrgNumber {
    OrgNumber::parse(number).unwrap()
}

/// One period of Fjordlys'.
pub(crate) fn subject(index: u8) -> Subject {
    Subject {
        environment: Environment::Practice,
        company: company(FJORDLYS),
        category: Category::Ordinary,
        period: Period { kind: PeriodKind::TwoMonths, index, year: 2026 },
    }
}

/// The lease of whoever has a claim is over.
pub(crate) async fn expire(root: &Client) {
    root.batch_execute("UPDATE register.claims SET lease_until = clock_timestamp() - interval '1 second'")
        .await
        .unwrap();
}
