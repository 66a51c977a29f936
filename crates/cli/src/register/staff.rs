//! Who is responsible for which company, and who stands in for whom.

use jiff::civil::Date;
use serde_json::json;
use vat_return::OrgNumber;

use super::{Folders, Text, said, seat};
use crate::console::Console;
use crate::stop::Stop;
use crate::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(crate) struct HandOverArgs {
    #[command(flatten)]
    folders: Folders,
    /// The companies' organisation numbers.
    #[arg(value_name = "COMPANY", required_unless_present = "of")]
    companies: Vec<String>,
    /// All companies that this bookkeeper is responsible for.
    #[arg(long, value_name = "ROLE")]
    of: Option<String>,
    /// Who is to be responsible.
    #[arg(long, value_name = "ROLE", required_unless_present = "to_nobody")]
    to: Option<String>,
    /// Nobody is to be responsible.
    #[arg(long, conflicts_with = "to")]
    to_nobody: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AwayArgs {
    #[command(flatten)]
    folders: Folders,
    /// The last day, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", required_unless_present = "back")]
    until: Option<Date>,
    /// Who stands in meanwhile.
    #[arg(long, value_name = "ROLE", requires = "until")]
    stand_in: Option<String>,
    /// Is back.
    #[arg(long, conflicts_with = "until")]
    back: bool,
    /// Another bookkeeper than you: an administrator says so.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn hand_over(args: &HandOverArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut companies = Vec::new();
    for company in &args.companies {
        let Ok(number) = OrgNumber::parse(company) else {
            let text = crate::filled(console.language, "register.noOrgNumber", &[("company", company)]);
            console.failed(&text);
            return Ok(Exit::Failed);
        };
        companies.push(number);
    }
    let seat = seat(&args.folders)?;
    seat.may_use()?;
    let register = stop.or(seat.join()).await??;
    if let Some(of) = &args.of {
        let staff = stop.or(register.staff()).await??;
        companies.extend(staff.responsibles.into_iter().filter(|(_, role)| role == of).map(|(company, _)| company));
    }
    companies.sort();
    companies.dedup();
    stop.or(seat.hand_over(&register, &companies, args.to.as_deref())).await??;
    let numbers: Vec<&str> = companies.iter().map(OrgNumber::as_str).collect();
    let (key, to) = match &args.to {
        Some(to) => ("register.handedOver", to.as_str()),
        None => ("register.handedOverToNobody", ""),
    };
    let value = json!({"companies": numbers, "to": args.to});
    let count = companies.len();
    let values: [Text<'_>; 2] = [("count", &count), ("role", &to)];
    said(args.json, &value, key, &values, console)
}

pub(super) async fn away(args: &AwayArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let seat = seat(&args.folders)?;
    seat.may_use()?;
    let register = stop.or(seat.join()).await??;
    let stand_in = args.stand_in.as_deref();
    stop.or(seat.set_away(&register, args.role.as_deref(), args.until, stand_in)).await??;
    let role = args.role.as_deref().unwrap_or_else(|| register.address().role());
    let value = json!({"role": role, "awayUntil": args.until, "standIn": stand_in});
    let day = args.until.map(|until| until.to_string()).unwrap_or_default();
    let key = match (args.until, stand_in) {
        (None, _) => "register.back",
        (Some(_), None) => "register.away",
        (Some(_), Some(_)) => "register.awayWith",
    };
    let stand_in = stand_in.unwrap_or_default();
    let values: [Text<'_>; 3] = [("role", &role), ("day", &day), ("standIn", &stand_in)];
    said(args.json, &value, key, &values, console)
}
