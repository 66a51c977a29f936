//! A large firm: 10,000 companies and 1,000,000 filings. `cargo nextest run -p register --run-ignored all large`

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::date};
use register::{Environment, For, Permission, Register, Taken};
use tokio_postgres::Client;

use crate::{
    cluster::Cluster,
    firm::{Firm, company, subject},
};

/// Organisation numbers need not be right here: the table asks for nine digits.
const FILL: &str = "
    SET session_replication_role = replica;
    INSERT INTO register.companies (org_number, name, added_by)
        SELECT (310000000 + n)::text, 'Klient ' || n, 'kari' FROM generate_series(1, 10000) n;
    INSERT INTO register.filings (environment, id, org_number, category, period_from, period_to, state, delivered, role, desk, began_at,
        changed_at, delivered_at, filed_by, timeline)
        SELECT 'practice', 'f' || n, (310000000 + 1 + n % 10000)::text, 'alminnelig', m.first, (m.first + interval '2 months - 1 day')::date,
            'received', 'yes', 'kari', d.id, m.first + interval '70 days', m.first + interval '70 days' + n * interval '1 ms',
            m.first + interval '70 days', 'Kari', '[{\"at\": \"2026-01-01T00:00:00Z\", \"event\": \"created\"}]'
        FROM generate_series(1, 1000000) n, register.desks d,
            LATERAL (SELECT (date '2009-01-01' + (n / 10000) * interval '2 months')::date AS first) m
        WHERE d.role = 'kari';
    INSERT INTO register.claims (environment, org_number, category, period_from, period_to, era, fence, phase, desk, filing, role, lease_until)
        SELECT f.environment, f.org_number, f.category, f.period_from, f.period_to, e.era, 1, 'free', f.desk, f.id, f.role, now()
        FROM register.filings f, register.eras e;
    SET session_replication_role = origin;
    ANALYZE";

async fn median<F: AsyncFnMut()>(mut work: F) -> Duration {
    let mut times = Vec::new();
    for _ in 0..21 {
        let began = Instant::now();
        work().await;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times[10]
}

/// The same rows asked for by hand, without the program and past all rights.
async fn by_hand(root: &Client, sql: &str) -> Duration {
    let statement = root.prepare(sql).await.unwrap();
    median(async || drop(root.query(&statement, &[]).await.unwrap())).await
}

#[tokio::test]
#[ignore = "takes minutes; measured by hand"]
async fn a_million_filings_cost_little_more_than_by_hand() {
    let firm = Firm::on(Cluster::start("maintenance_work_mem = 256MB\nmax_wal_size = 4GB\nwork_mem = 16MB")).await;
    firm.desk("kari").await;
    let ola = firm.desk("ola").await;
    let some: Vec<_> = (1..=100).map(|n| For::One(company(&of_number(n)))).collect();
    let rights: Vec<_> = some.into_iter().map(|one| (Permission::File, one)).collect();
    firm.admit("siri", &rights).await;
    let siri = firm.join("siri").await.unwrap();
    let root = firm.superuser().await;
    let began = Instant::now();
    root.batch_execute(FILL).await.unwrap();
    eprintln!("filled in {:.0} s", began.elapsed().as_secs_f64());

    let columns = "f.org_number, f.category, f.period_from, f.period_to, f.id, f.state, f.delivered, f.delivered_at, \
                   coalesce(f.filed_by, b.name), k.name, f.changed_at FROM register.filings f LEFT JOIN register.bookkeepers b \
                   ON b.role = f.role LEFT JOIN register.desks k ON k.id = f.desk WHERE f.environment = 'practice'";
    let last: Timestamp =
        root.query_one("SELECT max(changed_at) - interval '70 days' FROM register.filings", &[]).await.unwrap().get(0);
    let numbers: Vec<String> = (1..=100).map(|n| format!("'{}'", of_number(n))).collect();
    let hers = format!("AND f.org_number IN ({})", numbers.join(", "));
    for (name, desk, whose) in [("all", &ola, ""), ("a hundred", &siri, hers.as_str())] {
        let after = |moment: &str| {
            format!(
                "SELECT {columns} {whose} AND f.changed_at > '{moment}' AND f.period_to >= '2023-01-01' \
                 ORDER BY f.changed_at, f.id LIMIT 1000"
            )
        };
        let page = by_hand(&root, &after("1970-01-01")).await;
        let since = by_hand(&root, &after(&last.to_string())).await;
        let changed = async |desk: &Register, after: Timestamp| {
            desk.changed(Environment::Practice, (after, ""), date(2023, 1, 1), 1000).await.unwrap().len()
        };
        let first = median(async || assert!(changed(desk, Timestamp::UNIX_EPOCH).await > 0)).await;
        let news = median(async || assert!(changed(desk, last).await <= 1000)).await;
        let now = median(async || drop(desk.under_way(Environment::Practice).await.unwrap())).await;
        eprintln!(
            "{name}: first page {first:?} (by hand {page:?}), what is new {news:?} (by hand {since:?}), under way {now:?}"
        );
    }
    let mut index = 0;
    let claim = median(async || {
        index = index % 6 + 1;
        match ola.take(&subject(index), &format!("o{index}"), 0).await.unwrap() {
            Taken::Held { held, .. } => drop(ola.release(held).await.unwrap()),
            other => panic!("{other:?}"),
        }
    })
    .await;
    eprintln!("a claim taken and let go: {claim:?}");
}

/// A number whose check digit is right, so that the program can name it: the first of them at or after the n-th.
fn of_number(n: u32) -> String {
    let digits = |number: u32| number.to_string().bytes().map(|it| u32::from(it - b'0')).collect::<Vec<_>>();
    let is_right = |number: u32| {
        let digits = digits(number);
        let sum: u32 = digits.iter().zip([3, 2, 7, 6, 5, 4, 3, 2, 1]).map(|(digit, weight)| digit * weight).sum();
        sum.is_multiple_of(11)
    };
    (310_000_000 + n * 90..).find(|number| is_right(*number)).map(|it| it.to_string()).unwrap()
}
