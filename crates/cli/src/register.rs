//! `momsbud-cli register`: the office register in PostgreSQL, for who administers it and for a desk that moves in or leaves.

mod leave;
mod mirror;
mod password;
mod staff;
mod status_text;

use crate::console::{Console, DEVIATING, GOOD, INVALID};
use crate::office::{Folders, gate, problem};
use crate::stop::Stop;
use crate::{Exit, Failure};
use access::machine_policy::{self, Policy};
use filing::archive::Archive;
use office::register::{Moved, Seat, SeatError, computer, with_role};
use register::{Address, Environment, For, Lack, Permission, Register, RegisterError};
use secrecy::ExposeSecret as _;
use serde_json::json;
use status_text::{Here, Text};
use std::sync::Arc;
use store::keyring::SystemKeyring;
use vat_return::OrgNumber;

/// The office register in PostgreSQL that the desks of a firm share.
///
/// docs/register.md tells an administrator how to go about it, from an empty server on.
///
/// A password is never an argument: it is asked for at the terminal, or taken from standard input, one line each.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Makes the register in an empty database, or updates one.
    ///
    /// With a role that has CREATEROLE and may create in the database; its password is asked for. Says what the server
    /// lacks. Asked again it changes nothing.
    ///
    /// Status 0: it is there. 2: it could not be made; the reason is printed, and nothing is left half made.
    Create {
        /// postgresql://ROLE@HOST[,HOST…]/DATABASE, without a password.
        address: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Compares sums of documents, and checks references.
    ///
    /// Status 0: everything holds together. 1: something does not; it is printed. 2: it could not be looked at.
    Check(At),
    /// Says which server, version and desks, and who you are.
    ///
    /// Then what other desks file at this moment, and which filings of this desk the register has not been told of or does not
    /// take.
    ///
    /// Status 0: the register is reached. 1: this desk has moved into none. 2: it could not be reached; the reason is printed.
    Status(At),
    /// Lets a bookkeeper in, gives her rights, or another password.
    ///
    /// Makes a role of hers on the server. Prints the password that was made for her; she is told it once, and gives it when
    /// her desk moves in.
    ///
    /// Status 0: she is let in. 2: it was refused; the reason is printed.
    Admit(AdmitArgs),
    /// Shuts a bookkeeper out, at once and in sessions that are open.
    ///
    /// What she has done stays hers by name.
    ///
    /// Status 0: she is out. 2: it was refused; the reason is printed.
    Revoke {
        #[command(flatten)]
        at: At,
        /// Her role.
        role: String,
    },
    /// Moves this desk into a register, with its filings and archive.
    ///
    /// Its companies and duties go along.
    ///
    /// The password is kept in the vault. Broken off, or called again, it goes on where it was; what is there already stays.
    ///
    /// Status 0: moved in, and everything is there. 1: moved in; some filings were not brought, and which is printed. 2: it
    /// could not be done; the reason is printed.
    MoveIn(MoveInArgs),
    /// Makes somebody responsible for companies: one or many.
    ///
    /// Whoever was responsible is not any more. All of them are handed over, or none where one may not be.
    ///
    /// Status 0: handed over. 2: it was refused; the reason is printed, and nothing is handed over.
    HandOver(staff::HandOverArgs),
    /// Says that you are away until a day, and who stands in for you.
    ///
    /// Your companies count among hers until then; you stay responsible.
    ///
    /// Status 0: said. 2: it was refused; the reason is printed.
    Away(staff::AwayArgs),
    /// Fetches what any desk filed, each compared with its checksum.
    ///
    /// Those of a filing, or all that you may see: a folder for each company, in it one for each filing. Called again it
    /// fetches what is new. What lies there already is compared too, and never written over.
    ///
    /// Status 0: everything is there, and is what its checksum says. 1: something is not; it is printed. 2: the register could
    /// not be asked, or has nothing of the filing; what was fetched before stays.
    Mirror(mirror::MirrorArgs),
    /// Takes a copy of all you may see, and leaves the register.
    ///
    /// Tables as JSON lines, documents under their filings. What this desk has itself stays as it is. At a terminal it asks
    /// before.
    ///
    /// The register is told first what it has not heard of this desk's filings. What it does not take is named, and whether to
    /// leave all the same is asked. A register that is gone for good is left with --gone: what is lost is named and asked about.
    ///
    /// Status 0: copied, and left. 1: something is not told, and nobody has said to leave all the same; or the answer was no. 2: it
    /// could not be done, or a filing is under way. With 1 and 2 the desk has not left.
    Leave(leave::LeaveArgs),
}

/// Which register.
#[derive(Debug, clap::Args)]
pub(crate) struct At {
    #[command(flatten)]
    folders: Folders,
    /// Another register than the one that this desk has moved into, or another role: its password is asked for.
    #[arg(long = "register", value_name = "ADDRESS")]
    address: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AdmitArgs {
    #[command(flatten)]
    at: At,
    /// Her role on the server: small letters, digits and . _ -.
    role: String,
    /// Her name, as the others see it.
    #[arg(long)]
    name: String,
    /// What she may do: exactly this from now on. Without it a new bookkeeper may nothing, and another keeps her rights.
    #[arg(long, value_enum, value_delimiter = ',')]
    may: Vec<May>,
    /// For these companies [default: all].
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', requires = "may")]
    company: Vec<String>,
    /// Makes her an administrator as well.
    #[arg(long)]
    administers: bool,
    /// Takes her password from the terminal or standard input in place of making one.
    #[arg(long)]
    choose_password: bool,
}

/// The value of `--may`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum May {
    /// See.
    See,
    /// Ask Skatteetaten what it finds.
    Check,
    /// Prepare: drafts, notes, duties, who is responsible.
    Prepare,
    /// File.
    File,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MoveInArgs {
    #[command(flatten)]
    folders: Folders,
    /// postgresql://ROLE@HOST[,HOST…]/DATABASE, without a password [default: the administrator's file].
    address: Option<String>,
    /// Her role, where the address has none.
    #[arg(long)]
    role: Option<String>,
    /// What this desk is called to the others [default: the computer's name].
    #[arg(long, value_name = "NAME")]
    desk: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Command {
    /// Whether what is printed is all that the command does.
    pub(crate) fn only_shows(&self) -> bool {
        // Who is not told the password that was made can be admitted once more.
        matches!(self, Self::Status(_) | Self::Admit(_))
    }
}

pub(crate) fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let stop = Stop::listen()?;
        match command {
            Command::Create { address, json } => create(address, *json, &stop, console).await,
            Command::Check(at) => {
                let register = at.reach(&stop, console).await?;
                check(&register, at.json, &stop, console).await
            }
            Command::Status(at) => status(at, &stop, console).await,
            Command::Admit(args) => admit(args, &stop, console).await,
            Command::Revoke { at, role } => {
                let register = at.reach(&stop, console).await?;
                stop.or(register.revoke(role)).await??;
                said(at.json, &json!({"revoked": role}), "register.revoked", &[("role", role)], console)
            }
            Command::MoveIn(args) => move_in(args, &stop, console).await,
            Command::HandOver(args) => staff::hand_over(args, &stop, console).await,
            Command::Away(args) => staff::away(args, &stop, console).await,
            Command::Mirror(args) => mirror::mirror(args, &stop, console).await,
            Command::Leave(args) => leave::leave(args, &stop, console).await,
        }
    })?
}

impl At {
    fn seat(&self) -> Result<Seat, Failure> {
        seat(&self.folders)
    }

    /// The register that is named, as an administrator; or the one that this desk has moved into.
    async fn reach(&self, stop: &Stop, console: &mut Console<'_>) -> Result<Register, Failure> {
        if let Some(address) = &self.address {
            let address: Address = address.parse().map_err(RegisterError::from)?;
            let password = password::asked(address.role(), console)?;
            return Ok(stop.or(Register::administer(address, password)).await??);
        }
        let seat = self.seat()?;
        seat.may_use()?;
        Ok(stop.or(seat.join()).await??)
    }
}

/// This installation's place at a register.
fn seat(folders: &Folders) -> Result<Seat, Failure> {
    let (data, _) = folders.find()?;
    Ok(Seat::open(&data, gate(&data, None)?, Arc::new(SystemKeyring::new()))?)
}

/// Says that something has been done: as JSON, or in words.
fn said(
    as_json: bool,
    value: &serde_json::Value,
    key: &'static str,
    values: &[(&str, &dyn std::fmt::Display)],
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    if as_json {
        writeln!(console.out, "{value}")?;
    } else {
        let text = crate::filled(console.language, key, values);
        writeln!(console.out, "{GOOD}✓{GOOD:#} {text}")?;
    }
    Ok(Exit::Done)
}

async fn create(address: &str, as_json: bool, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let address: Address = address.parse().map_err(RegisterError::from)?;
    let password = password::asked(address.role(), console)?;
    let made = stop.or(register::create(address, password)).await??;
    if as_json {
        let lacks: Vec<&str> = made.lacks.iter().map(|lack| lack_name(*lack)).collect();
        let version = register::VERSION;
        writeln!(console.out, "{}", json!({"version": version, "broughtIn": made.versions, "lacks": lacks}))?;
        return Ok(Exit::Done);
    }
    let key = if made.versions.is_empty() { "register.there" } else { "register.made" };
    let text = crate::filled(console.language, key, &[("version", &register::VERSION)]);
    writeln!(console.out, "{GOOD}✓{GOOD:#} {text}")?;
    for lack in made.lacks {
        let text = console.say(match lack {
            Lack::Tls => "register.lacks.tls",
            Lack::SynchronousReplication => "register.lacks.standby",
            Lack::Checksums => "register.lacks.checksums",
            Lack::Scram => "register.lacks.scram",
            Lack::Durability => "register.lacks.durability",
        });
        writeln!(console.out, "{DEVIATING}○{DEVIATING:#} {text}")?;
    }
    Ok(Exit::Done)
}

const fn lack_name(lack: Lack) -> &'static str {
    match lack {
        Lack::Tls => "tls",
        Lack::SynchronousReplication => "synchronousReplication",
        Lack::Checksums => "checksums",
        Lack::Scram => "scram",
        Lack::Durability => "durability",
    }
}

async fn check(register: &Register, as_json: bool, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let complaints = stop.or(register.check()).await??;
    let exit = if complaints.is_empty() { Exit::Done } else { Exit::No };
    if as_json {
        let all: Vec<_> = complaints.iter().map(|it| json!({"kind": it.kind, "of": it.of})).collect();
        writeln!(console.out, "{}", serde_json::Value::from(all))?;
        return Ok(exit);
    }
    for complaint in &complaints {
        let text = console.say(match complaint.kind.as_str() {
            "sum" => "register.complaint.sum",
            "unreferenced" => "register.complaint.unreferenced",
            "company" => "register.complaint.company",
            "undelivered" => "register.complaint.undelivered",
            "role" => "register.complaint.role",
            _ => "register.complaint.other",
        });
        writeln!(console.out, "{INVALID}■{INVALID:#} {text}: {}", shown::Shown::line(&complaint.of))?;
    }
    if complaints.is_empty() {
        let text = console.say("register.holdsTogether");
        writeln!(console.out, "{GOOD}✓{GOOD:#} {text}")?;
    }
    Ok(exit)
}

async fn status(at: &At, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if at.address.is_none() {
        let seat = at.seat()?;
        seat.may_use()?;
        if seat.address()?.is_none() {
            if at.json {
                writeln!(console.out, "null")?;
            } else {
                let text = console.say("register.notMovedIn");
                writeln!(console.out, "{text}")?;
            }
            return Ok(Exit::No);
        }
    }
    let mut here = Here::default();
    if at.address.is_none() {
        let seat = at.seat()?;
        here = Here { twice: seat.twice()?, untold: seat.not_taken(console.language)?, under_way: Vec::new() };
    }
    let register = at.reach(stop, console).await?;
    let status = stop.or(register.status()).await??;
    if at.address.is_none() {
        stop.or(at.seat()?.look_at_staff(&register)).await??;
    }
    for environment in [Environment::Practice, Environment::Test, Environment::Production] {
        here.under_way.extend(stop.or(register.under_way(environment)).await??);
    }
    if at.json {
        writeln!(console.out, "{}", status_text::json(&register, &status, &here))?;
    } else {
        status_text::text(&register, &status, console)?;
        status_text::here(&here, console)?;
    }
    Ok(Exit::Done)
}

async fn admit(args: &AdmitArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut rights = Vec::new();
    for may in &args.may {
        let permission = match may {
            May::See => Permission::See,
            May::Check => Permission::Check,
            May::Prepare => Permission::Prepare,
            May::File => Permission::File,
        };
        for company in &args.company {
            let Ok(number) = OrgNumber::parse(company) else {
                let text = crate::filled(console.language, "register.noOrgNumber", &[("company", company)]);
                console.failed(&text);
                return Ok(Exit::Failed);
            };
            rights.push((permission, For::One(number)));
        }
        if args.company.is_empty() {
            rights.push((permission, For::All));
        }
    }
    let register = args.at.reach(stop, console).await?;
    let (password, made) = match args.choose_password {
        true => (password::asked(&args.role, console)?, false),
        false => (password::made()?, true),
    };
    stop.or(register.admit(&args.role, &args.name, &password)).await??;
    if !rights.is_empty() {
        stop.or(register.set_rights(&args.role, &rights)).await??;
    }
    if args.administers {
        stop.or(register.set_administers(&args.role, true)).await??;
    }
    if args.at.json {
        let password = made.then(|| password.expose_secret());
        writeln!(console.out, "{}", json!({"role": args.role, "name": args.name, "password": password}))?;
        return Ok(Exit::Done);
    }
    let text = crate::filled(console.language, "register.admitted", &[("name", &args.name), ("role", &args.role)]);
    writeln!(console.err, "{GOOD}✓{GOOD:#} {text}")?;
    if made {
        let text = console.say("register.password");
        writeln!(console.err, "{text}")?;
        writeln!(console.out, "{}", password.expose_secret())?;
    }
    Ok(Exit::Done)
}

async fn move_in(args: &MoveInArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (data, archive) = args.folders.find()?;
    let seat = seat(&args.folders)?;
    seat.may_change()?;
    let preset = || {
        let policy = Policy::load(&machine_policy::folder(), None).ok()?;
        policy.register?.address
    };
    let Some(written) = args.address.clone().or_else(preset) else {
        return Err(console.say("register.noAddress").into());
    };
    let written = with_role(&written, args.role.as_deref().unwrap_or_default());
    let address: Address = written.parse().map_err(RegisterError::from)?;
    let password = password::asked(address.role(), console)?;
    let name = args.desk.clone().unwrap_or_else(computer);
    let register = stop.or(seat.move_in(&written, name, password)).await??;
    let archive = Archive::new(archive).with_reserve(data.join("under-way"));
    let moved = stop.or(office::register::bring(&seat, &register, &archive, |_, _| {})).await??;
    let Moved { companies, duties, filings, there, documents, .. } = &moved;
    let whole = moved.left(console.language).next().is_none();
    let exit = if whole { Exit::Done } else { Exit::No };
    if args.json {
        writeln!(console.out, "{}", serde_json::to_string(&moved)?)?;
        return Ok(exit);
    }
    let values: [Text<'_>; 5] = [
        ("companies", companies),
        ("duties", duties),
        ("filings", filings),
        ("there", there),
        ("documents", documents),
    ];
    let text = crate::filled(console.language, "register.movedIn", &values);
    writeln!(console.out, "{GOOD}✓{GOOD:#} {text}")?;
    for (filing, why) in moved.left(console.language) {
        writeln!(console.out, "{DEVIATING}○{DEVIATING:#} {filing}: {why}")?;
    }
    Ok(exit)
}

/// Says why something could not be done, where the register or this desk's place at it says so.
pub(crate) fn failed(failure: Failure, console: &mut Console<'_>) -> Result<(), Failure> {
    let text = match failure.downcast::<RegisterError>() {
        Ok(error) => error.text(console.language),
        Err(failure) => match failure.downcast::<SeatError>() {
            Ok(error) => match seat_text(*error, console) {
                Some(text) => text,
                None => return Ok(()),
            },
            Err(failure) => return Err(failure),
        },
    };
    console.failed(&text);
    Ok(())
}

/// What is said of the place; nothing where it has been said already.
fn seat_text(error: SeatError, console: &mut Console<'_>) -> Option<String> {
    match error.text(console.language) {
        Ok(text) => Some(text),
        Err(error) => {
            // The stream takes everything.
            let _ = problem(&error, console);
            None
        }
    }
}
