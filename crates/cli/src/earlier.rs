//! What an earlier command or window left open: said, asked about, gone on with, and told how it ended.
//!
//! Nothing goes on by itself without a line of its own. What has been delivered is only asked for its receipt, which
//! changes nothing at the authority, so it goes on; what has not been delivered, or may not have been, is a person's to
//! decide. Where nobody is there to be asked, `--yes` is her answer.

use crate::Failure;
use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::follow::{agreed, follow, money, practice};
use crate::office::problem;
use crate::stop::Stop;
use anstyle::Style;
use office::Office;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use view::{Delivered, ErrorCode, FilingState, FilingView, ReturnCard};

/// How long a command that is done waits for receipts of others that may be there already.
const A_MOMENT: Duration = Duration::from_secs(3);

/// Filings that were left open and go on while a command does its own work.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// Key, and whether a person has said that it be delivered.
    going: Vec<(String, bool)>,
}

/// Who was told what a filing is.
pub(crate) fn name(filing: &FilingView, console: &Console<'_>) -> String {
    let row = &filing.row;
    let company = row.company_name.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    let (sum, practice) = (money(&row.assessed_vat), practice(row.environment, console));
    format!("{STRONG}{company}{}{STRONG:#} · {} · {sum}{practice}", row.org_number, row.period)
}

impl Earlier {
    /// Goes on with what was left open, as far as that needs nobody's word or somebody gives it; not with what these returns
    /// are about.
    pub(crate) async fn resume_earlier(
        office: &Arc<Office>,
        cards: &[ReturnCard],
        yes: bool,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<Self, Failure> {
        let mut earlier = Self::default();
        let open = match office.filings().open_filings() {
            Ok(open) => open,
            Err(error) => {
                problem(&error, console)?;
                return Ok(earlier);
            }
        };
        // What the command itself is about is its own to tell.
        let own = |filing: &FilingView| cards.iter().any(|card| is_about(card, filing));
        for filing in open.into_iter().filter(|filing| !own(filing)) {
            earlier.resume_one(office, &filing, yes, stop, console).await?;
        }
        Ok(earlier)
    }

    /// Keys of what goes on.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.going.iter().map(|(id, _)| id.as_str())
    }

    async fn resume_one(
        &mut self,
        office: &Arc<Office>,
        filing: &FilingView,
        yes: bool,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        let what = name(filing, console);
        let passes = filing.delivered == Delivered::Yes || filing.row.state == FilingState::WaitingSignature;
        if !passes {
            let left = console.say("earlier.wasLeftUnfinished");
            writeln!(console.err, "{left}: {what}. {}", standing(filing, console).1)?;
            let question = console.say("earlier.goOnAndDeliverIt");
            let by = filing.row.filed_by.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
            let question = format!("{question}{by}");
            if !yes && !agreed(&question, stop, console).await? {
                let text = console.say("earlier.itHasNotBeenTouched");
                writeln!(console.err, "  {text} {}", filing.id)?;
                return Ok(());
            }
        }
        match office.filings().resume(&filing.id) {
            Ok(_) => {
                let goes_on = if filing.delivered == Delivered::Yes {
                    console.say("earlier.deliveredBeforeFetchingTheReceipt")
                } else if passes {
                    console.say("earlier.waitsForASignature")
                } else {
                    console.say("earlier.goingOn")
                };
                writeln!(console.err, "{goes_on}: {what}")?;
                self.going.push((filing.id.clone(), !passes));
            }
            Err(error) if error.code == ErrorCode::FiledElsewhere => {
                let text = console.say("earlier.anotherProgramIsWorkingOn");
                writeln!(console.err, "{text}: {what}")?;
            }
            Err(error) => problem(&error, console)?,
        }
        console.err.flush()?;
        Ok(())
    }

    /// Says how each of them ended, or where it stands now. What a person has said yes to is waited for; the receipts of the
    /// others only for a moment.
    pub(crate) async fn report(
        &self,
        office: &Arc<Office>,
        deadline: Instant,
        stop: &Stop,
        console: &mut Console<'_>,
    ) -> Result<(), Failure> {
        let soon = Instant::now() + A_MOMENT;
        for (id, wanted) in &self.going {
            let until = if *wanted { deadline.max(soon) } else { soon };
            let filing = match stop.or(follow(office, id, false, until)).await?.1 {
                Ok(filing) => filing,
                Err(error) => {
                    problem(&error, console)?;
                    continue;
                }
            };
            if filing.row.state != FilingState::WaitingSignature {
                print_state(&filing, console)?;
            }
        }
        Ok(())
    }
}

/// Whether a return is of the company and period that a filing is of.
fn is_about(card: &ReturnCard, filing: &FilingView) -> bool {
    let row = &filing.row;
    card.content.as_ref().is_some_and(|content| {
        (&content.org_number, &content.period, &content.kind) == (&row.org_number, &row.period, &row.kind)
    })
}

/// One line: which filing, and where it stands.
pub(crate) fn print_state(filing: &FilingView, console: &mut Console<'_>) -> io::Result<()> {
    let (style, text) = standing(filing, console);
    writeln!(console.err, "{}: {style}{text}{style:#}", name(filing, console))?;
    if let Some(folder) = filing.archive_folder.as_ref().filter(|_| filing.has_receipt) {
        writeln!(console.err, "  {QUIET}{folder}{QUIET:#}")?;
    }
    console.err.flush()
}

/// Where a filing stands when nothing works on it any more, and what will become of it.
pub(crate) fn standing(filing: &FilingView, console: &Console<'_>) -> (Style, &'static str) {
    let (style, key) = match filing.row.state {
        FilingState::Received => (GOOD, "earlier.receivedTheReceiptIsIn"),
        FilingState::Rejected => (INVALID, "earlier.deliveredButRejectedByThe"),
        FilingState::Unclear => (DEVIATING, "earlier.deliveredTheTaxAdministrationsAnswer"),
        FilingState::Refused => (INVALID, "earlier.refused"),
        FilingState::Abandoned => (DEVIATING, "earlier.abandoned"),
        FilingState::WaitingSignature => (DEVIATING, "earlier.filledInAtAltinnNot"),
        FilingState::Queued => (DEVIATING, "earlier.notBegunGoesOnWith"),
        FilingState::Running | FilingState::Waiting | FilingState::WaitingAnswer => match filing.delivered {
            Delivered::Yes => (GOOD, "earlier.deliveredTheReceiptHasNot"),
            Delivered::Unknown => (INVALID, "earlier.perhapsDeliveredMomsbudAsksAltinn"),
            Delivered::No => (DEVIATING, "earlier.notDeliveredGoesOnWith"),
        },
    };
    (style, console.say(key))
}

/// After a command has been stopped and everything has come to rest: what of it is delivered, and what will go on.
pub(crate) fn print_stopped<'i>(
    office: &Office,
    ids: impl Iterator<Item = &'i str>,
    console: &mut Console<'_>,
) -> io::Result<()> {
    for id in ids {
        match office.filings().filing(id) {
            Ok(filing) => print_state(&filing, console)?,
            Err(error) => problem(&error, console)?,
        }
    }
    Ok(())
}
