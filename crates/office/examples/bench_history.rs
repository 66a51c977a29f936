//! How fast the history is searched and leafed through, beside SQLite's own shell (`cargo xtask bench history`).
//!
//! Databases of 100, 10,000 and 100,000 filings are opened and asked through the office, and the same questions are put to
//! `sqlite3` on the same file. Both take turns. Prints rows for `cargo xtask bench`: each question for the largest, the sum of
//! all questions for the others.
//!
//!     bench_history                  measures
//!     bench_history fill N FOLDER    makes a database of N filings in FOLDER, for whoever measures something else
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod alone;

use office::Office;
use rusqlite::params;
use std::{
    error::Error,
    fs,
    path::Path,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};
use store::database::Database;
use view::{FilingState, HistoryQuery};

/// Times as long as the shell takes.
const LIMIT: f64 = 2.0;
/// What cannot be felt is not measured: below this nothing is too slow.
const UNFELT: Duration = Duration::from_millis(1);
const SIZES: [usize; 3] = [100, 10_000, 100_000];
const ROUNDS: usize = 7;
/// Questions asked in a row, because the shell's clock counts milliseconds.
const IN_A_ROW: u32 = 10;
/// How many filings are looked through for damage in a row, in databases opened anew each time, for the same reason.
const LOOKED_THROUGH_IN_A_ROW: usize = 10_000;

type Failure = Box<dyn Error>;

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["fill", count, folder] => {
            fill(Path::new(folder), count.parse()?)?;
            Ok(ExitCode::SUCCESS)
        }
        _ => tokio::runtime::Runtime::new()?.block_on(bench()),
    }
}

/// As the history orders itself.
const ORDER: &str = "COALESCE(delivered_at, begun_at) DESC, number DESC";

/// A database of so many filings: a thousand companies at most, six periods a year, nearly all received.
fn fill(folder: &Path, count: usize) -> Result<(), Failure> {
    let db = Database::open(folder)?;
    let connection = db.connect()?;
    connection.execute_batch("PRAGMA synchronous = OFF; BEGIN")?;
    {
        let mut filing = connection.prepare(
            "INSERT INTO filings (number, id, environment, org_number, company_name, category, period_element,
                period_value, period_year, assessed_vat, sha256, file_name, authorization, filed_by, correction, state,
                step, delivered, instance, begun_at, delivered_at, payment_amount, payment_kid, payment_account,
                payment_due, archive_folder, files, search)
             VALUES (?1, ?2, 'practice', ?3, ?4, 'alminnelig', 'skattleggingsperiodeToMaaneder', ?5, ?6, ?7, ?8,
                'mva-melding.xml', '', 'Ingrid Solvang', 0, ?9, 'archive', 'yes', ?10, ?11, ?11, ?7, ?12, '12345678903',
                ?13, ?14, '[{\"name\":\"kvittering.pdf\",\"size\":92114}]', ?15)",
        )?;
        let mut event = connection.prepare("INSERT INTO timeline (filing, at, event) VALUES (?1, ?2, ?3)")?;
        let names =
            ["Fjordlys Interiør", "Vika Tolketjenester", "Havgløtt Sjømat", "Nesodden Båtbyggeri", "Ærlig Bedrift"];
        let periods =
            ["januar-februar", "mars-april", "mai-juni", "juli-august", "september-oktober", "november-desember"];
        let companies = (count / 60).clamp(1, 1000);
        let numbers: Vec<String> = (311_000_000_u32..)
            .map(|number| number.to_string())
            .filter(|number| vat_return::OrgNumber::parse(number).is_ok())
            .take(companies)
            .collect();
        for n in 0..count {
            let (company, turn) = (n % companies, n / companies);
            let (year, period) = (2010 + turn / 6 % 17, periods.get(turn % 6).copied().unwrap_or("mai-juni"));
            let Some(org_number) = numbers.get(company) else { continue };
            let name = format!("{} {company} AS", names.get(company % 5).copied().unwrap_or_default());
            let amount = (n * 7919) % 300_000;
            let kid = format!("{org_number}{year}{:03}", turn % 1000);
            let at = format!("{year}-06-09T16:42:00Z");
            let state = match n % 97 {
                0 => "refused",
                1 => "abandoned",
                _ => "received",
            };
            let number = i64::try_from(n + 1)?;
            filing.execute(params![
                number,
                format!("{n:08x}-0000-4000-8000-000000000000"),
                org_number,
                name,
                period,
                i64::try_from(year)?,
                amount.to_string(),
                format!("{n:064x}"),
                state,
                format!("50000001/{n:08x}-0000-4000-8000-000000000000"),
                at,
                kid,
                format!("{year}-06-10"),
                format!("Øving/{name} {org_number}/{year} {period}/1 ({year}-06-09)"),
                format!("{org_number} {name} {amount} {kid} {amount}").to_lowercase(),
            ])?;
            for what in ["read", "checked", "created", "uploaded", "filled", "confirmed", "received", "fetched"] {
                event.execute(params![number, at, what])?;
            }
        }
    }
    connection.execute_batch("COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

/// A question: in words, to the office, and to the shell.
struct Question {
    words: &'static str,
    query: HistoryQuery,
    sql: String,
}

fn questions(count: usize) -> Vec<Question> {
    let text = |text: &str| HistoryQuery { text: text.into(), limit: 100, ..HistoryQuery::default() };
    let deep = u32::try_from(count.saturating_sub(100)).unwrap_or_default();
    let period = "2012/skattleggingsperiodeToMaaneder/mars-april";
    let instr = |word: &str| format!("AND instr(search, '{word}') > 0");
    let search = "filings_to_search";
    let year =
        "AND period_year = 2012 AND period_element = 'skattleggingsperiodeToMaaneder' AND period_value = 'mars-april'";
    vec![
        Question { words: "the first page", query: text(""), sql: sql("filings_in_order", "", 0, true) },
        Question {
            words: "scrolled to the last page",
            query: HistoryQuery { offset: deep, ..text("") },
            sql: sql("filings_in_order", "", deep, true),
        },
        Question { words: "search: a", query: text("a"), sql: sql(search, &instr("a"), 0, true) },
        Question { words: "search: bedrift", query: text("bedrift"), sql: sql(search, &instr("bedrift"), 0, true) },
        Question {
            words: "search: tolk 41 as",
            query: text("tolk 41 as"),
            sql: sql(search, &["tolk", "41", "as"].map(instr).join(" "), 0, count > 10_000),
        },
        Question {
            words: "search: a KID",
            query: text("3110000002016"),
            sql: sql(search, &instr("3110000002016"), 0, false),
        },
        Question {
            words: "search: in vain",
            query: text("finnes ikke"),
            sql: sql(search, &["finnes", "ikke"].map(instr).join(" "), 0, false),
        },
        Question {
            words: "one state",
            query: HistoryQuery { state: Some(FilingState::Refused), ..text("") },
            sql: sql("filings_by_state", "AND state = 'refused'", 0, count > 10_000),
        },
        Question {
            words: "one period",
            query: HistoryQuery { period: Some(period.into()), ..text("") },
            sql: sql("filings_by_period", year, 0, count > 10_000),
        },
    ]
}

/// What a person would ask the shell: a page with what is replaced, and, where the page is full, how many there are.
fn sql(index: &str, condition: &str, offset: u32, counted: bool) -> String {
    let counts = &*view::state::sql::COUNTS_AS_FILED;
    let from = format!("FROM filings INDEXED BY {index} WHERE environment = 'practice' {condition}");
    let page = format!(
        "SELECT f.*, EXISTS (SELECT 1 FROM filings AS later WHERE later.environment = f.environment
            AND later.org_number = f.org_number AND later.category = f.category AND later.period_year = f.period_year
            AND later.period_element = f.period_element AND later.period_value = f.period_value
            AND later.number > f.number AND later.delivered = 'yes' AND later.state IN {counts})
         FROM filings AS f
         WHERE number IN (SELECT number {from} ORDER BY {ORDER} LIMIT 100 OFFSET {offset}) ORDER BY {ORDER};"
    );
    if counted { format!("{page}\nSELECT count(*) {from};") } else { page }
}

async fn bench() -> Result<ExitCode, Failure> {
    for count in SIZES {
        let folder = tempfile::tempdir()?;
        fill(folder.path(), count)?;
        let file = folder.path().join("momsbud.db");
        let size = fs::metadata(&file)?.len();
        println!("{count} filings, {} MB", size / 1_000_000);
        // Looked through for damage as the program does it.
        let check = if size <= 64 * 1024 * 1024 {
            "PRAGMA integrity_check(20);".to_owned()
        } else {
            let tables = [
                "filings",
                "journal",
                "timeline",
                "companies",
                "preferences",
                "integrations",
                "authorizations",
                "secrets",
            ];
            tables.map(|table| format!("PRAGMA integrity_check({table});")).concat()
        };
        let mut open = Times::default();
        let often = u32::try_from((LOOKED_THROUGH_IN_A_ROW / count).clamp(1, 50))?;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            for _ in 0..often {
                drop(Database::open(folder.path())?);
            }
            open.ours.push(began.elapsed() / often);
            open.theirs.push(in_shell(&file, &format!(".open {}\n{check}", file.display()), often)?);
        }
        open.row(&format!("open {count} filings, looking for damage"), true);

        let office = Office::look(alone::setup(folder.path())?).await?;
        let mut all = Times::default();
        for Question { words, query, sql } in questions(count) {
            let mut times = Times::default();
            for _ in 0..ROUNDS {
                let began = Instant::now();
                for _ in 0..IN_A_ROW {
                    office.filings().history(&query).map_err(|error| error.message)?;
                }
                times.ours.push(began.elapsed() / IN_A_ROW);
                times.theirs.push(in_shell(&file, &sql, IN_A_ROW)?);
            }
            if count == SIZES[2] {
                times.row(&format!("history of {count}, {words}"), times.ours.iter().all(|time| *time > UNFELT));
            }
            all.add(times);
        }
        all.row(&format!("history of {count}, all questions"), true);
        office.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Rounds of the same question, here and in the shell.
#[derive(Default)]
struct Times {
    ours: Vec<Duration>,
    theirs: Vec<Duration>,
}

impl Times {
    fn add(&mut self, more: Self) {
        let sum = |all: &mut Vec<Duration>, more: Vec<Duration>| {
            all.resize(more.len(), Duration::ZERO);
            all.iter_mut().zip(more).for_each(|(sum, time)| *sum += time);
        };
        sum(&mut self.ours, more.ours);
        sum(&mut self.theirs, more.theirs);
    }

    fn row(&self, name: &str, goal: bool) {
        let ms = |times: &[Duration]| {
            times.iter().map(|time| format!("{:.3}", time.as_secs_f64() * 1000.0)).collect::<Vec<_>>().join(" ")
        };
        let goal = if goal { format!("\tgoal=<= {LIMIT}") } else { "\tnote=less than 1 ms is not felt".to_owned() };
        println!(
            "row\tname={name}\tagainst=sqlite3\tunit=ms\tours={}\ttheirs={}{goal}",
            ms(&self.ours),
            ms(&self.theirs)
        );
    }
}

/// How long the shell takes for a question, by its own clock, without its start.
fn in_shell(file: &Path, sql: &str, times: u32) -> Result<Duration, Failure> {
    let now = "SELECT printf('%.3f', julianday('now') * 86400000.0);";
    let asked = format!("{sql}\n").repeat(usize::try_from(times)?);
    // Once before it counts, as the office has asked before too.
    let script =
        format!(".output /dev/null\n{sql}\n.output stdout\n{now}\n.output /dev/null\n{asked}.output stdout\n{now}\n");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("script.sql");
    fs::write(&path, script)?;
    let said = Command::new("sqlite3").arg(file).stdin(fs::File::open(&path)?).output()?;
    let text = String::from_utf8(said.stdout)?;
    let moments: Vec<f64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    match moments.as_slice() {
        [began, ended] => Ok(Duration::from_secs_f64((ended - began).max(0.0) / 1000.0) / times),
        _ => Err(format!("sqlite3 said {text:?} {}", String::from_utf8_lossy(&said.stderr)).into()),
    }
}
