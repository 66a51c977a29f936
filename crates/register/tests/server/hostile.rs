//! A server that answers more than was asked for.

use std::time::{Duration, Instant};

use jiff::{Timestamp, civil::date};
use register::{Environment, RegisterError, Shared};

use crate::firm::Firm;

/// Bytes of this process's own memory, at their highest.
fn highest() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let root = firm.superuser().await;
    root.batch_execute(
        "CREATE OR REPLACE FUNCTION register.changed_filings(p_environment text, p_after timestamptz, p_after_id text, \
         p_of date, p_desk uuid, p_most bigint) RETURNS TABLE (org_number text, category text, period_from date, \
         period_to date, id text, state text, delivered text, delivered_at timestamptz, name text, desk text, \
         changed_at timestamptz) LANGUAGE sql AS $$ SELECT '311797816', 'alminnelig', '2026-01-01'::date, \
         '2026-02-28'::date, 'x' || n, 'received', 'yes', NULL::timestamptz, 'Ola', 'pc', clock_timestamp() \
         FROM generate_series(1, 1000000) n $$",
    )
    .await
    .unwrap();
    let (began, before) = (Instant::now(), highest());
    let since = (Timestamp::UNIX_EPOCH, "");
    let asked = kari.changed(Environment::Practice, since, date(2026, 1, 1), 1000).await;
    assert!(matches!(asked, Err(RegisterError::Odd(_) | RegisterError::NoAnswer(_))), "{asked:?}");
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    let grown = highest() - before;
    assert!(grown < 1 << 30, "{grown} bytes");
    // The next is asked on a connection of its own.
    assert!(kari.page(Shared::Companies, 0, 500).await.is_ok());
}
