//! `momsbud-cli practice`: the practice authorities on their own, for any client.

use crate::console::Console;
use crate::{Exit, Failure};
use ::practice::{Options, Practice};

/// Runs the practice authorities until stopped.
///
/// Prints where they are as one line of JSON, for testing other programs against them.
///
/// Status 0: stopped, with Ctrl-C or the termination signal. 2: they could not be started.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// First of six consecutive ports; any free ports when absent.
    #[arg(long, value_name = "N")]
    port_base: Option<u16>,
}

/// Starts the authorities, prints where they are as one line of JSON, and runs until stopped.
pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let practice = Practice::start(Options { port_base: args.port_base, ..Options::default() }).await?;
        writeln!(console.out, "{}", serde_json::to_string(practice.addresses())?)?;
        // Whoever started this waits for the line before it sends anything.
        console.out.flush()?;
        stopped().await?;
        practice.stop().await;
        Ok(Exit::Done)
    })?
}

/// Ctrl-C, or the termination signal that a service or a test sends.
async fn stopped() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
