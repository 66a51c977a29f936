//! How long a SAF-T file of a million lines keeps the window waiting when the vouchers of a line are opened, leafed through
//! and searched (`cargo xtask bench vouchers`): what the window asks of the office, as far as the answer is ready to be sent.
//!
//! Takes the number of lines.
#![allow(clippy::print_stdout)]

#[path = "../../books/examples/saft_file/mod.rs"]
mod saft_file;

mod alone;
mod same_key;

use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use office::Office;
use same_key::SameKey;
use view::{BooksOrder, BooksPage, BooksQuery, BooksState, CategoryName, PeriodKindName};

type Failure = Box<dyn Error>;

const MILLION: usize = 1_000_000;
/// Rows that the window asks for at once.
const PAGE: u32 = 100;
/// Openings of each kind.
const ROUNDS: usize = 15;
/// How long a delivery may take to be read, texts and all.
const PATIENCE: Duration = Duration::from_secs(1200);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let lines: usize = std::env::args().nth(1).map_or(Ok(MILLION), |lines| lines.parse())?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("regnskap.xml");
    saft_file::write(&path, lines)?;
    let office = open(folder.path()).await?;
    let begun = Instant::now();
    office.books().open(vec![path]).await.map_err(|problem| problem.message)?;
    let id = read(&office, begun).await?;
    println!("{lines} lines read in {:.1?}", begun.elapsed());
    office
        .books()
        .choose(&id, None, PeriodKindName::Year, CategoryName::Ordinary, false)
        .await
        .map_err(|problem| problem.message)?;
    let ask = async |line: u32, search: &str, order: BooksOrder, from: u32| -> Result<(f64, BooksPage), Failure> {
        let query = BooksQuery { line, question: None, own: None, search: search.to_owned(), order };
        let begun = Instant::now();
        let page = office.books().vouchers(&id, query, from, PAGE).await.map_err(|problem| problem.message)?;
        std::hint::black_box(serde_json::to_vec(&page)?);
        Ok((begun.elapsed().as_secs_f64() * 1000.0, page))
    };
    while ask(0, "", BooksOrder::Newest, 0).await?.1.without_texts {
        if begun.elapsed() > PATIENCE {
            return Err("the texts were not read".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("and its texts in {:.1?}", begun.elapsed());
    let (mut opened, mut leafed, mut largest, mut searched) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut found = 0;
    for round in 0..ROUNDS {
        for line in [0, 1] {
            let (time, page) = ask(line, "", BooksOrder::Newest, 0).await?;
            if page.rows.is_empty() {
                return Err(format!("line {line} has no vouchers").into());
            }
            opened.push(time);
            found = found.max(page.found);
            leafed.push(ask(line, "", BooksOrder::Newest, page.found / 2).await?.0);
        }
        // Answers are kept: what was searched for is another thing each time.
        searched.push(ask(0, &format!("{}", 99_990 - round), BooksOrder::Newest, 0).await?.0);
    }
    for line in [0, 1] {
        largest.push(ask(line, "", BooksOrder::Largest, 0).await?.0);
    }
    if cfg!(debug_assertions) {
        println!("This is a debug build.");
    }
    let row = |name: &str, times: &[f64], goal: &str| {
        let times: Vec<String> = times.iter().map(|time| format!("{time:.3}")).collect();
        let about =
            format!("{found} vouchers of a line, of {lines} lines of the ledger; until the answer is ready as JSON");
        println!("row\tname={name}\tunit=ms\tours={}\t{goal}note={about}", times.join(" "));
    };
    row("the vouchers of a line opened", &opened, "goal=<= 100\t");
    row("the vouchers of a line, leafed to the middle", &leafed, "goal=<= 100\t");
    row("the vouchers of a line, the largest first", &largest, "");
    row("the vouchers of a line, searched", &searched, "");
    office.close().await;
    Ok(())
}

/// Waits until the delivery has been read.
async fn read(office: &Arc<Office>, begun: Instant) -> Result<String, Failure> {
    loop {
        let all = office.books().list().map_err(|problem| problem.message)?;
        match all.first() {
            Some(one) if one.state == BooksState::Open => return Ok(one.id.clone()),
            Some(one) if one.state == BooksState::Refused => return Err(format!("{:?}", one.problem).into()),
            _ if begun.elapsed() > PATIENCE => return Err("it was not read".into()),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// An office whose authorities are nowhere: none is asked.
async fn open(folder: &Path) -> Result<Arc<Office>, Failure> {
    let mut setup = alone::setup(folder)?;
    setup.keyring = Arc::new(SameKey);
    Ok(Office::open(setup).await?)
}
