//! `momsbud-cli guide`: how to register an integration, field by field.

use access::registering::Access;
use view::{GuideRequest, GuideVariant};

use crate::console::{Console, QUIET, STRONG};
use crate::{Exit, Failure};

/// Shows how to register an integration with ID-porten.
///
/// What to enter in each field of Digdir's self-service form, or the same as JSON for its API.
///
/// Status 0: shown. 2: the call was wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which way to sign in.
    #[arg(long, value_enum, default_value_t = Variant::Yearly)]
    variant: Variant,
    /// The firm's name.
    #[arg(long, default_value = "")]
    firm: String,
    /// The firm's organisation number.
    #[arg(long, default_value = "")]
    org_number: String,
    /// Where the firm hosts the page `callback.html`.
    #[arg(long, default_value = "")]
    page: String,
    /// The same as JSON for the self-service API.
    #[arg(long)]
    json: bool,
}

/// The value of `--variant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Variant {
    /// One sign-in a year: a web client with a secret and a hosted page.
    Yearly,
    /// One sign-in each working day: a native client, nothing to keep.
    Simple,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let variant = match args.variant {
        Variant::Yearly => GuideVariant::Yearly,
        Variant::Simple => GuideVariant::Simple,
    };
    let request =
        GuideRequest { variant, firm: args.firm.clone(), org_number: args.org_number.clone(), page: args.page.clone() };
    let guide = Access::guide(&request, console.language);
    if args.json {
        writeln!(console.out, "{}", guide.json)?;
        return Ok(Exit::Done);
    }
    writeln!(console.out, "{STRONG}{}{STRONG:#}\n{}\n", guide.title, guide.about)?;
    for field in &guide.fields {
        writeln!(console.out, "{STRONG}{}{STRONG:#} {QUIET}{}{QUIET:#}", field.norwegian, field.english)?;
        if let Some(value) = &field.value {
            writeln!(console.out, "  {value}")?;
        }
        if let Some(note) = &field.note {
            writeln!(console.out, "  {QUIET}{note}{QUIET:#}")?;
        }
    }
    writeln!(console.out, "\n{}\n{}", guide.comfort, guide.security)?;
    Ok(Exit::Done)
}
