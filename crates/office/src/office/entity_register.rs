//! Companies that are looked up in Enhetsregisteret, by number or by name, when a person asks for it. What it says of one that
//! is asked for by number is remembered: its name, and how it stands.

use access::work::rights::Action;
use altinn::entity_register::{Entity, EntityStatus, Numbered};
use rusqlite::{OptionalExtension as _, params};
use shown::Shown;
use store::database::{
    DatabaseError,
    columns::{from_word, word},
};
use vat_return::Language;
use view::{
    CompanyStanding, ErrorCode, FoundCompany,
    problem::{self, Problem},
    readable_name,
};

use super::{desk::Desk, gate::Permit, parts::Drafting};
use crate::draft_view;

/// Longest name that is asked for, in characters; the register's own have at most 175.
const LONGEST: usize = 180;
/// Fewest letters of a name that are asked for.
const FEWEST: usize = 2;

impl Drafting<'_> {
    /// Companies in Enhetsregisteret by number or by name. Nothing goes to it but what was typed; nobody signs in there.
    ///
    /// # Errors
    /// `NotFound` where this environment has no register, no answer, the database, or the work account.
    pub async fn find_companies(self, words: &str) -> Result<Vec<FoundCompany>, Problem> {
        let permit = self.0.may(Action::Drafts, None)?;
        let asked = Shown::line(words).into_string();
        let digits: String = asked.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return permit.numbered(&digits).await;
        }
        let name: String = asked.trim().chars().take(LONGEST).collect();
        if name.chars().count() < FEWEST {
            return Ok(Vec::new());
        }
        let named = permit.client.named(&name).await.map_err(|why| no_answer(&why))?.ok_or_else(no_register)?;
        let seen = named.iter().filter(|entity| permit.desk.work.sees(&entity.org_number));
        Ok(seen.map(|entity| found_company(entity, None)).collect())
    }

    /// What Enhetsregisteret said against filing for a company when it was last asked: a title, and what follows from it.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn said_of_company(self, number: &str, language: Language) -> Result<Option<(String, String)>, Problem> {
        let permit = self.0.may(Action::Drafts, None)?;
        let standing = permit.desk.standing(number)?;
        Ok(standing.and_then(|standing| draft_view::standing_words(standing, language)))
    }
}

impl Permit<'_> {
    async fn ask_register(&self, number: &str) -> Result<Numbered, Problem> {
        self.client.numbered(number).await.map_err(|why| no_answer(&why))?.ok_or_else(no_register)
    }

    async fn numbered(&self, number: &str) -> Result<Vec<FoundCompany>, Problem> {
        let desk = &self.desk;
        if !desk.work.sees(number) {
            return Ok(Vec::new());
        }
        match self.ask_register(number).await? {
            Numbered::Entity(entity) => {
                desk.store_entity(&entity)?;
                Ok(vec![found_company(&entity, None)])
            }
            // What files is the entity above it.
            Numbered::Branch { name, of: Some(of) } if desk.work.sees(&of) => match self.ask_register(&of).await? {
                Numbered::Entity(entity) => {
                    desk.store_entity(&entity)?;
                    Ok(vec![found_company(&entity, Some(name))])
                }
                _ => Ok(Vec::new()),
            },
            Numbered::Removed => {
                desk.store_standing(number, CompanyStanding::Deleted)?;
                Ok(Vec::new())
            }
            Numbered::Branch { .. } | Numbered::Unknown => Ok(Vec::new()),
        }
    }
}

impl Desk {
    fn store_entity(&self, entity: &Entity) -> Result<(), DatabaseError> {
        // What Altinn calls a company the person may file for stays: it is what the authority shows her.
        self.db.write(|tx| {
            tx.execute(
                "INSERT INTO companies (environment, org_number, name) VALUES (?1, ?2, ?3)
                 ON CONFLICT (environment, org_number) DO NOTHING",
                params![word(&self.environment), entity.org_number, entity.name],
            )?;
            Ok::<_, DatabaseError>(())
        })?;
        self.store_standing(&entity.org_number, standing(entity.standing))
    }

    fn store_standing(&self, org_number: &str, standing: CompanyStanding) -> Result<(), DatabaseError> {
        self.db.write(|tx| {
            tx.execute(
                "INSERT INTO standings (environment, org_number, standing, asked) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (environment, org_number) DO UPDATE SET standing = excluded.standing, asked = excluded.asked",
                params![word(&self.environment), org_number, word(&standing), self.clock.now().to_string()],
            )?;
            Ok::<_, DatabaseError>(())
        })
    }

    /// How a company stood when it was last asked about.
    pub(super) fn standing(&self, org_number: &str) -> Result<Option<CompanyStanding>, DatabaseError> {
        let word: Option<String> = self.db.read(|db| {
            let sql = "SELECT standing FROM standings WHERE environment = ?1 AND org_number = ?2";
            db.query_row(sql, params![word(&self.environment), org_number], |row| row.get(0)).optional()
        })?;
        // A word of nobody's is passed over: the register is asked again when somebody looks.
        Ok(word.and_then(|word| from_word("standing", word).ok()))
    }
}

fn standing(of: EntityStatus) -> CompanyStanding {
    match of {
        EntityStatus::Deleted => CompanyStanding::Deleted,
        EntityStatus::Bankrupt => CompanyStanding::Bankrupt,
        EntityStatus::WindingUp => CompanyStanding::WindingUp,
        EntityStatus::NotRegisteredForVat => CompanyStanding::NotRegisteredForVat,
        EntityStatus::Registered => CompanyStanding::Registered,
    }
}

fn found_company(entity: &Entity, branch: Option<String>) -> FoundCompany {
    FoundCompany {
        org_number: entity.org_number.clone(),
        name: readable_name(&entity.name),
        standing: standing(entity.standing),
        branch: branch.as_deref().map(readable_name),
    }
}

fn no_register() -> Problem {
    problem::says(ErrorCode::NotFound, "This environment has no Enhetsregisteret.")
}

fn no_answer(error: &altinn::ApiError) -> Problem {
    let code = match error {
        altinn::ApiError::NoAnswer { .. } => ErrorCode::Unreachable,
        altinn::ApiError::Fault { .. } => ErrorCode::AuthorityFault,
        altinn::ApiError::TooManyRequests { .. } => ErrorCode::Busy,
        _ => ErrorCode::UnreadableAnswer,
    };
    problem::of(code, error)
}
