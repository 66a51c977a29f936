//! `momsbud-cli practice`: the practice authorities on their own, for any client.

use crate::console::Console;
use crate::stop::Stop;
use crate::{Exit, Failure};
use ::practice::{Options, Practice};

/// Runs the practice authorities until stopped.
///
/// Prints where they are as one line of JSON, for testing other programs against them.
///
/// Status 0: stopped, with Ctrl-C or another signal that ends programs. 2: they could not be started.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// First of six consecutive ports; any free ports when absent.
    #[arg(long, value_name = "N")]
    port_base: Option<u16>,
}

/// Starts the authorities, prints where they are as one line of JSON, and runs until stopped.
pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let stop = Stop::listen()?;
        let practice = Practice::start(Options { port_base: args.port_base, ..Options::default() }).await?;
        writeln!(console.out, "{}", serde_json::to_string(practice.addresses())?)?;
        // Whoever started this waits for the line before it sends anything.
        console.out.flush()?;
        stop.received_signal().await;
        practice.stop().await;
        Ok(Exit::Done)
    })?
}
