//! Who works at the office and who is responsible for whom, as the office register said last: kept, so that it is known while
//! the register does not answer.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::{Connection, Transaction, params};
use store::database::DatabaseError;
use view::{ColleagueView, ResponsibleView};

/// What was last known of the office; nothing where there is no register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    colleagues: Vec<Colleague>,
    responsibles: HashMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Colleague {
    role: String,
    name: String,
    away_until: Option<Date>,
    stand_in: Option<String>,
    me: bool,
}

impl Colleague {
    /// Who stands in for her on a day.
    fn stand_in(&self, today: Date) -> Option<&str> {
        self.stand_in.as_deref().filter(|_| self.is_away(today))
    }

    fn is_away(&self, today: Date) -> bool {
        self.away_until.is_some_and(|until| until >= today)
    }
}

impl Staff {
    fn of(&self, role: &str) -> Option<&Colleague> {
        self.colleagues.iter().find(|colleague| colleague.role == role)
    }

    /// Who acts for somebody on a day: herself, or, while she is away, who stands in for her; while that one is away too, who
    /// stands in for him. Nobody where all of them are away, or the last of them has named nobody.
    fn acting<'a>(&'a self, her: &'a Colleague, today: Date) -> Option<&'a Colleague> {
        let mut acting = her;
        // Whoever came before is not asked again: two may stand in for each other.
        for _ in &self.colleagues {
            if !acting.is_away(today) {
                return Some(acting);
            }
            acting = acting.stand_in(today).and_then(|role| self.of(role))?;
        }
        None
    }

    /// Whether what concerns a company is told the person at this desk on a day: she is responsible for it and there, or she
    /// acts for who is. Where all who could are away it is told her who is responsible.
    #[must_use]
    pub fn is_told_here(&self, org_number: &str, today: Date) -> bool {
        let Some(her) = self.responsibles.get(org_number).and_then(|role| self.of(role)) else { return false };
        // She reads what came when she is back.
        her.me || self.acting(her, today).is_some_and(|acting| acting.me)
    }

    /// Who is responsible for a company on a day.
    #[must_use]
    pub fn responsible(&self, org_number: &str, today: Date) -> Option<ResponsibleView> {
        let her = self.of(self.responsibles.get(org_number)?)?;
        let stand_in = self.acting(her, today).filter(|acting| acting.role != her.role);
        Some(ResponsibleView {
            role: her.role.clone(),
            name: her.name.clone(),
            mine: her.me || stand_in.is_some_and(|stand_in| stand_in.me),
            stand_in: stand_in.map(|stand_in| stand_in.name.clone()),
        })
    }

    /// Everybody, by name; who is back from where she was is not away.
    #[must_use]
    pub fn colleagues(&self, today: Date) -> Vec<ColleagueView> {
        let view = |her: &Colleague| ColleagueView {
            role: her.role.clone(),
            name: her.name.clone(),
            away_until: her.away_until.filter(|_| her.is_away(today)).map(|until| until.to_string()),
            stand_in: her.stand_in(today).map(str::to_owned),
            acting: self.acting(her, today).map(|acting| acting.role.clone()),
            me: her.me,
        };
        let mut all: Vec<ColleagueView> = self.colleagues.iter().map(view).collect();
        all.sort_by_cached_key(|colleague| (view::NameKey::of(&colleague.name), colleague.role.clone()));
        all
    }
}

/// What was last known of the office.
///
/// # Errors
/// The database.
pub fn staff(db: &Connection) -> Result<Staff, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT role, name, away_until, stand_in, me FROM register_colleagues")?;
    let rows = statement.query_map([], |row| {
        let until: Option<String> = row.get(2)?;
        Ok(Colleague {
            role: row.get(0)?,
            name: row.get(1)?,
            // What is no day keeps nobody away.
            away_until: until.and_then(|until| until.parse().ok()),
            stand_in: row.get(3)?,
            me: row.get(4)?,
        })
    })?;
    let mut colleagues: Vec<Colleague> = rows.collect::<Result<_, _>>()?;
    colleagues.sort_by(|one, other| one.role.cmp(&other.role));
    let mut statement = db.prepare_cached("SELECT org_number, role FROM register_responsibles")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Staff { colleagues, responsibles: rows.collect::<Result<_, _>>()? })
}

/// Keeps what the register says, for the desk of a role; whether that is anything new.
///
/// # Errors
/// The database.
pub fn keep_staff(tx: &Transaction<'_>, said: &register::Staff, me: &str) -> Result<bool, DatabaseError> {
    let colleague = |it: &register::Colleague| Colleague {
        role: it.role.clone(),
        name: it.name.clone(),
        away_until: it.away_until,
        stand_in: it.stand_in.clone(),
        me: it.role == me,
    };
    let now = Staff {
        colleagues: said.colleagues.iter().map(colleague).collect(),
        responsibles: said.responsibles.iter().map(|(company, role)| (company.to_string(), role.clone())).collect(),
    };
    if staff(tx)? == now {
        return Ok(false);
    }
    forget_staff(tx)?;
    let mut statement = tx.prepare_cached(
        "INSERT OR REPLACE INTO register_colleagues (role, name, away_until, stand_in, me) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for her in &now.colleagues {
        statement.execute(params![
            her.role,
            her.name,
            her.away_until.map(|until| until.to_string()),
            her.stand_in,
            her.me
        ])?;
    }
    let mut statement = tx.prepare_cached("INSERT INTO register_responsibles (org_number, role) VALUES (?1, ?2)")?;
    for (company, role) in &now.responsibles {
        statement.execute(params![company, role])?;
    }
    Ok(true)
}

/// Nobody is known any more.
pub(super) fn forget_staff(tx: &Transaction<'_>) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM register_colleagues", [])?;
    tx.execute("DELETE FROM register_responsibles", [])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use store::database::Database;

    use super::*;

    const FJORDLYS: &str = "311797816";

    fn said(until: Option<&str>, stand_in: Option<&str>, of: &[(&str, &str)]) -> register::Staff {
        let colleague = |role: &str, name: &str| register::Colleague {
            role: role.to_owned(),
            name: name.to_owned(),
            away_until: until.filter(|_| role == "ola").map(|until| until.parse().unwrap()),
            stand_in: stand_in.filter(|_| role == "ola").map(str::to_owned),
        };
        register::Staff {
            colleagues: vec![colleague("kari", "Kari Nordmann"), colleague("ola", "Ola Nordmann")],
            responsibles: of.iter().map(|(company, role)| (company.parse().unwrap(), (*role).to_owned())).collect(),
        }
    }

    /// Kari's desk: what is hers, and what is Ola's while he is there and while he is away.
    #[test]
    fn what_is_mine_is_also_what_i_stand_in_for_until_the_last_day() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        let keep = |said: &register::Staff| db.write(|tx| keep_staff(tx, said, "kari")).unwrap();
        let mine = |day: &str| {
            let of = db.read(staff).unwrap().responsible(FJORDLYS, day.parse().unwrap());
            of.map(|of| (of.name, of.mine, of.stand_in))
        };
        assert_eq!(mine("2026-12-01"), None);
        assert!(keep(&said(None, None, &[(FJORDLYS, "kari")])));
        assert_eq!(mine("2026-12-01"), Some(("Kari Nordmann".to_owned(), true, None)));
        assert!(keep(&said(None, None, &[(FJORDLYS, "ola")])));
        assert_eq!(mine("2026-12-01"), Some(("Ola Nordmann".to_owned(), false, None)));
        let away = said(Some("2026-12-04"), Some("kari"), &[(FJORDLYS, "ola")]);
        assert!(keep(&away) && !keep(&away), "the same once more is nothing new");
        let hers = Some(("Ola Nordmann".to_owned(), true, Some("Kari Nordmann".to_owned())));
        assert_eq!((mine("2026-12-04"), mine("2026-12-05").unwrap().1), (hers, false));
        let all = db.read(staff).unwrap().colleagues("2026-12-05".parse().unwrap());
        assert!(all.iter().all(|it| it.away_until.is_none() && it.stand_in.is_none()), "{all:?}");
        // A role that is no colleague's any more leaves the company with nobody.
        assert!(keep(&said(None, None, &[(FJORDLYS, "per")])));
        assert_eq!(mine("2026-12-01"), None);
        db.write(super::super::forget_register).unwrap();
        assert_eq!(db.read(staff).unwrap(), Staff::default());
    }
    /// Kari is responsible; each of them stands in for the next.
    #[test]
    fn a_stand_in_who_is_away_is_followed_to_hers_and_never_in_a_circle() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        // At whose desk it is told, and who is shown to stand in, with these away.
        let told = |away: &[(&str, Option<&str>)]| {
            let colleague = |role: &str| {
                let hers = away.iter().find(|(who, _)| *who == role);
                register::Colleague {
                    role: role.to_owned(),
                    name: role.to_uppercase(),
                    away_until: hers.map(|_| "2026-12-04".parse().unwrap()),
                    stand_in: hers.and_then(|(_, stand_in)| stand_in.map(str::to_owned)),
                }
            };
            let said = register::Staff {
                colleagues: ["kari", "ola", "per"].map(colleague).to_vec(),
                responsibles: vec![(FJORDLYS.parse().unwrap(), "kari".to_owned())],
            };
            let today = "2026-12-01".parse().unwrap();
            let mut shown = None;
            let desks = ["kari", "ola", "per"].into_iter().filter(|me| {
                db.write(|tx| keep_staff(tx, &said, me)).unwrap();
                let staff = db.read(staff).unwrap();
                let responsible = staff.responsible(FJORDLYS, today).unwrap();
                shown = responsible.stand_in;
                staff.is_told_here(FJORDLYS, today)
            });
            (desks.collect::<Vec<_>>().join(" "), shown)
        };
        let by = |name: &str| Some(name.to_owned());
        assert_eq!(told(&[]), ("kari".to_owned(), None));
        assert_eq!(told(&[("kari", Some("ola"))]), ("kari ola".to_owned(), by("OLA")));
        assert_eq!(told(&[("kari", Some("ola")), ("ola", Some("per"))]), ("kari per".to_owned(), by("PER")));
        // All who could are away, or stand in for each other.
        assert_eq!(told(&[("kari", Some("ola")), ("ola", None)]), ("kari".to_owned(), None));
        assert_eq!(told(&[("kari", Some("ola")), ("ola", Some("kari"))]), ("kari".to_owned(), None));
        let all = [("kari", Some("ola")), ("ola", Some("per")), ("per", Some("ola"))];
        assert_eq!(told(&all), ("kari".to_owned(), None));
        assert_eq!(told(&[("kari", None)]), ("kari".to_owned(), None));
    }
}
