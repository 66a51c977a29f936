//! What is shown of a register's own word about itself.

use crate::console::{Console, DEVIATING, GOOD, QUIET, STRONG};
use messages::Language;
use office::register::NotTaken;
use register::{Register, Status, UnderWay};
use serde_json::{Value, json};
use shown::Shown;
use std::fmt::Display;
use std::io;

/// A value of a text.
pub(super) type Text<'a> = (&'a str, &'a dyn Display);

/// From how far off a desk's clock is spoken of, seconds.
const FAR_OFF: i64 = 60;

/// What is to be known beside what the register says of itself.
#[derive(Debug, Default)]
pub(super) struct Here {
    /// Filings that were delivered without the register, and by others as well.
    pub(super) twice: Vec<String>,
    /// What the register has not been told of, or does not take.
    pub(super) untold: Vec<NotTaken>,
    /// What other desks file at this moment.
    pub(super) under_way: Vec<UnderWay>,
}

/// As JSON.
pub(super) fn json(register: &Register, status: &Status, here: &Here) -> Value {
    json!({
        "address": {
            "role": register.address().role(),
            "hosts": register.address().hosts(),
            "database": register.address().database(),
        },
        "host": status.host,
        "server": status.server,
        "encrypted": status.encrypted,
        "version": status.version,
        "oldest": status.oldest,
        "programVersion": register::VERSION,
        "standbys": status.standbys,
        "synchronous": status.synchronous,
        "lagSeconds": status.lag.map(|lag| lag.as_secs_f64()),
        "answeredInMs": status.answered_in.as_secs_f64() * 1000.0,
        "clockAheadSeconds": status.clock_ahead.as_secs_f64(),
        "filedTwice": here.twice,
        "untold": here.untold.iter().map(|it| json!({"filing": it.filing, "why": it.why})).collect::<Vec<_>>(),
        "underWay": here.under_way.iter().map(|it| json!({
            "environment": it.subject.environment.name(),
            "orgNumber": it.subject.company.as_str(),
            "category": it.subject.category.xml(),
            "from": it.subject.period.first_day(),
            "to": it.subject.period.last_day(),
            "name": it.name,
            "desk": it.desk,
            "since": it.since,
            "delivering": it.delivering,
        })).collect::<Vec<_>>(),
        "role": status.role,
        "name": status.me.as_ref().map(|me| &me.name),
        "administers": status.me.as_ref().map(|me| me.administers),
        "desk": (!register.desk().id.is_nil()).then(|| json!({"id": register.desk().id, "name": register.desk().name})),
        "bookkeepers": status.bookkeepers.iter().map(|it| json!({
            "role": it.role, "name": it.name, "administers": it.administers, "revokedAt": it.revoked_at,
        })).collect::<Vec<_>>(),
        "desks": status.desks.iter().map(|it| json!({
            "id": it.id, "name": it.name, "role": it.role, "program": it.program, "lastSeen": it.last_seen,
        })).collect::<Vec<_>>(),
    })
}

/// As text.
pub(super) fn text(register: &Register, status: &Status, console: &mut Console<'_>) -> io::Result<()> {
    let language = console.language;
    let line = |key: &'static str, values: &[Text<'_>]| crate::filled(language, key, values);
    let database = Shown::line(register.address().database());
    let values: [Text<'_>; 3] = [("host", &status.host), ("database", &database), ("server", &status.server)];
    writeln!(console.out, "{GOOD}✓{GOOD:#} {}", line("register.status.server", &values))?;
    let values: [Text<'_>; 2] = [("found", &status.version), ("known", &register::VERSION)];
    writeln!(console.out, "{}", line("register.status.version", &values))?;
    let ms = format!("{:.1}", status.answered_in.as_secs_f64() * 1000.0);
    writeln!(console.out, "{}", line("register.status.answered", &[("ms", &ms)]))?;
    let standbys = match (status.standbys, status.lag) {
        (0, _) => line("register.status.noStandby", &[]),
        (count, Some(lag)) => {
            let seconds = format!("{:.3}", lag.as_secs_f64());
            line("register.status.standbys", &[("count", &count), ("seconds", &seconds)])
        }
        (count, None) => line("register.status.standbysUntold", &[("count", &count)]),
    };
    writeln!(console.out, "{standbys}")?;
    let off = status.clock_ahead.as_secs();
    if off.abs() >= FAR_OFF {
        writeln!(console.out, "{DEVIATING}○{DEVIATING:#} {}", line("register.status.clock", &[("seconds", &off)]))?;
    }
    match &status.me {
        Some(me) => {
            let key = if me.administers { "register.status.meAdministers" } else { "register.status.me" };
            let name = Shown::line(&me.name);
            writeln!(console.out, "{}", line(key, &[("name", &name), ("role", &me.role)]))?;
        }
        None => writeln!(console.out, "{}", line("register.status.noBookkeeper", &[("role", &status.role)]))?,
    }
    if !register.desk().id.is_nil() {
        let name = Shown::line(&register.desk().name);
        writeln!(console.out, "{}", line("register.status.desk", &[("desk", &name)]))?;
    }
    for it in &status.bookkeepers {
        let mark = match (&it.revoked_at, it.administers) {
            (Some(_), _) => console.say("register.status.revoked"),
            (None, true) => console.say("register.status.administrator"),
            (None, false) => "",
        };
        writeln!(console.out, "  {STRONG}{}{STRONG:#} {} {QUIET}{mark}{QUIET:#}", it.role, Shown::line(&it.name))?;
    }
    for it in &status.desks {
        let (name, seen) = (Shown::line(&it.name), view::texts::moment(it.last_seen));
        writeln!(console.out, "  {name} · {} · {} {QUIET}{seen}{QUIET:#}", it.role, Shown::line(&it.program))?;
    }
    Ok(())
}

/// What other desks file at this moment, and what the register has not heard.
pub(super) fn here(here: &Here, console: &mut Console<'_>) -> io::Result<()> {
    let language = console.language;
    for it in &here.under_way {
        let key = if it.delivering { "register.elsewhere.delivering" } else { "register.elsewhere" };
        let (name, desk) = (Shown::line(&it.name), Shown::line(&it.desk));
        let since = view::local(&view::texts::moment(it.since));
        let period = it.subject.period.in_words(language);
        let values: [Text<'_>; 5] = [
            ("company", &it.subject.company),
            ("period", &period),
            ("name", &name),
            ("desk", &desk),
            ("since", &since),
        ];
        writeln!(console.out, "{DEVIATING}●{DEVIATING:#} {}", crate::filled(language, key, &values))?;
    }
    untold(&here.untold, language, &mut console.out)?;
    for filing in &here.twice {
        let text = console.say("register.twice");
        writeln!(console.out, "{DEVIATING}○{DEVIATING:#} {text}: {filing}")?;
    }
    Ok(())
}

/// What the register has not heard of this desk's filings, each with the reason.
pub(super) fn untold(all: &[NotTaken], language: Language, out: &mut impl io::Write) -> io::Result<()> {
    for it in all {
        let why = match &it.why {
            Some(why) => Shown::line(why),
            None => Shown::line(crate::text(language, "register.untold.waits")),
        };
        let filing = Shown::line(&it.filing);
        let values: [Text<'_>; 2] = [("filing", &filing), ("why", &why)];
        writeln!(out, "{DEVIATING}○{DEVIATING:#} {}", crate::filled(language, "register.untold", &values))?;
    }
    Ok(())
}
