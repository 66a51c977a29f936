//! The practice world: synthetic persons and companies, and who may do what for whom.
//!
//! Everybody here is invented. National ids have 80 added to the month, as Tenor's synthetic persons do, and
//! every check digit is right, so that a client which checks them has nothing to complain about.

use serde::{Deserialize, Serialize};

/// An Altinn role that the app's policy knows (apis.md 1.4, "Roles and policy").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// `SISKD`, begrenset signeringsrettighet.
    LimitedSigning,
    /// `KNUF`, kontaktperson NUF.
    NufContact,
    /// `A0239`, regnskapsfører med signeringsrettighet.
    AccountantSigning,
    /// `A0240`, regnskapsfører uten signeringsrettighet.
    AccountantWithoutSigning,
    /// `A0237`, ansvarlig revisor.
    ResponsibleAuditor,
    /// `A0238`, revisormedarbeider.
    AuditAssistant,
    /// `REGNA`, regnskapsmedarbeider.
    AccountingStaff,
}

impl Role {
    /// The role's code in the policy.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LimitedSigning => "SISKD",
            Self::NufContact => "KNUF",
            Self::AccountantSigning => "A0239",
            Self::AccountantWithoutSigning => "A0240",
            Self::ResponsibleAuditor => "A0237",
            Self::AuditAssistant => "A0238",
            Self::AccountingStaff => "REGNA",
        }
    }

    /// Whether the role may confirm (sign) in the task bekreftelse.
    #[must_use]
    pub fn signs(self) -> bool {
        matches!(self, Self::LimitedSigning | Self::NufContact | Self::AccountantSigning)
    }

    /// The role's access package after Altinn 2's roles (apis.md 1.4; which package opens the app is not published).
    #[must_use]
    pub fn access_package(self) -> &'static str {
        match self {
            Self::LimitedSigning | Self::NufContact => "urn:altinn:accesspackage:merverdiavgift",
            Self::AccountantSigning => "urn:altinn:accesspackage:regnskapsforer-med-signeringsrettighet",
            Self::AccountantWithoutSigning | Self::AccountingStaff => {
                "urn:altinn:accesspackage:regnskapsforer-uten-signeringsrettighet"
            }
            Self::ResponsibleAuditor => "urn:altinn:accesspackage:ansvarlig-revisor",
            Self::AuditAssistant => "urn:altinn:accesspackage:revisormedarbeider",
        }
    }
}

/// A person's user in Altinn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AltinnUser {
    /// `urn:altinn:userid`.
    pub user_id: u32,
    /// The person's own party.
    pub party_id: u32,
    /// `urn:altinn:party:uuid`.
    pub party_uuid: String,
}

/// A synthetic person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Stable key, used by the sign-in page instead of the national id, e.g. `ingrid-solvang`.
    pub key: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Synthetic national id, eleven digits.
    pub pid: String,
    /// User in Altinn, if the person ever logged in there.
    pub altinn: Option<AltinnUser>,
    /// Roles, one row a company.
    pub roles: Vec<Grant>,
}

/// A role for one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Organisation number.
    pub org_number: String,
    /// Role.
    pub role: Role,
}

impl Person {
    /// Full name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// The roles held for a company.
    pub fn roles_for<'a>(&'a self, org_number: &'a str) -> impl Iterator<Item = Role> + 'a {
        self.roles.iter().filter(move |grant| grant.org_number == org_number).map(|grant| grant.role)
    }

    /// What the sign-in page says that the person may do, in bokmål.
    #[must_use]
    pub fn may(&self) -> String {
        if self.altinn.is_none() {
            return "har ingen bruker i Altinn".into();
        }
        let signs = self.roles.iter().filter(|grant| grant.role.signs()).count();
        if signs > 0 {
            return format!("signerer for {}", companies(signs));
        }
        match self.roles.len() {
            0 => "har ingen rolle".into(),
            fills => format!("kan fylle ut, men ikke signere, for {}", companies(fills)),
        }
    }
}

fn companies(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["null", "én", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"];
    let number = WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_string());
    format!("{number} {}", if count == 1 { "virksomhet" } else { "virksomheter" })
}

/// A synthetic company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Company {
    /// Name.
    pub name: String,
    /// Organisation number, nine digits with a right check digit.
    pub org_number: String,
    /// Party in Altinn.
    pub party_id: u32,
    /// Party in Altinn, newer identifier.
    pub party_uuid: String,
    /// Organisation form, e.g. `AS`.
    pub unit_type: String,
}

/// A synthetic employee, who signs in at Ansattporten with a work account (apis.md 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Employee {
    /// Stable key, used by the sign-in page and by `login_hint`.
    pub key: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Work account.
    pub email: String,
    /// Entra ID groups, all of them; a token carries the first twenty.
    pub groups: Vec<String>,
    /// Organisations that Virksomhetsbroen ties the employer's tenant to.
    pub organisations: Vec<String>,
    /// The tenant's administrator has blocked Ansattporten.
    pub blocked: bool,
}

impl Employee {
    /// Full name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

/// Everybody and everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct World {
    /// Persons, in the order of the sign-in page.
    pub persons: Vec<Person>,
    /// Companies.
    pub companies: Vec<Company>,
    /// Employees with work accounts.
    pub employees: Vec<Employee>,
}

/// Fjordlys Interiør AS.
pub const FJORDLYS: &str = "311797816";
/// Vika Tolketjenester AS. (315203857, named in an early plan, has a wrong check digit; this is the nearest right one.)
pub const VIKA: &str = "315203856";

/// Ingrid Solvang: signs for Fjordlys and Vika.
pub const INGRID: &str = "14838411585";
/// Jonas Eide: may fill in but not sign, for Fjordlys and Vika.
pub const JONAS: &str = "02899110253";
/// Kari Nygård: has a user in Altinn, and no role anywhere.
pub const KARI: &str = "27917712773";
/// Odd Brekke: has no user in Altinn.
pub const ODD: &str = "06815910638";
/// Astrid Haug: an accountant who signs for every company, for batches.
pub const ASTRID: &str = "19856811991";

/// Companies: name and organisation number. The first two are everybody's; the others are Astrid's clients.
const COMPANIES: [(&str, &str); 42] = [
    ("Fjordlys Interiør AS", FJORDLYS),
    ("Vika Tolketjenester AS", VIKA),
    ("Aasen Rørservice AS", "310890898"),
    ("Akerselva Frisør", "312170019"),
    ("Bergvik Maskin AS", "313512770"),
    ("Blåfjell Turutstyr AS", "310353159"),
    ("Bryggen Fisk og Vilt AS", "310479772"),
    ("Dalheim Gård", "312909561"),
    ("Elvegata Spiseri AS", "310593516"),
    ("Fagerli Snekkerverksted", "312017261"),
    ("Finnskogen Hytter AS", "313155498"),
    ("Furuset Bilpleie AS", "310404098"),
    ("Granås Regnskog Design", "312760428"),
    ("Hegra Steinindustri AS", "311225634"),
    ("Heggedal Elektro AS", "310296589"),
    ("Isfjell Programvare AS", "310550612"),
    ("Kvitfjell Utleie AS", "312373556"),
    ("Lindesnes Brygghus AS", "312292424"),
    ("Lyngen Fotografi", "310466247"),
    ("Mølla Kaffebrenneri AS", "311361767"),
    ("Norheim Glass AS", "310575593"),
    ("Nøtterøy Hagesenter AS", "312989077"),
    ("Oslofjord Seilmakeri", "312325705"),
    ("Polarlys Reiser AS", "310409901"),
    ("Rallarveien Transport AS", "313064603"),
    ("Romerike Renhold AS", "310749079"),
    ("Rønvik Arkitektkontor", "311270419"),
    ("Saltstraumen Dykk AS", "313406296"),
    ("Sandefjord Møbeltapet", "313389553"),
    ("Setesdal Sølv AS", "313156583"),
    ("Skogholt Trevare AS", "310424331"),
    ("Snøhetta Catering AS", "313125688"),
    ("Solbakken Barnehage SA", "313169928"),
    ("Strandgata Blomster", "312179741"),
    ("Tinnsjø Maling AS", "310359998"),
    ("Trollheimen Ull AS", "311259105"),
    ("Ulriken Lydstudio", "310344222"),
    ("Valdres Laft AS", "313018520"),
    ("Varanger Foredling AS", "310798215"),
    ("Vestkanten Optik AS", "311618385"),
    ("Ytre Sula Akvakultur AS", "312297493"),
    ("Østbyen Trykkeri AS", "310856312"),
];

impl World {
    /// The built-in world.
    #[must_use]
    pub fn synthetic() -> Self {
        let companies = COMPANIES
            .iter()
            .zip(0_u32..)
            .map(|((name, org_number), n)| Company {
                name: (*name).into(),
                org_number: (*org_number).into(),
                party_id: 51_400_101 + n * 7,
                party_uuid: uuid("0a51", 51_400_101 + n * 7),
                unit_type: match name.rsplit(' ').next() {
                    Some(form @ ("AS" | "SA")) => form.into(),
                    _ => "ENK".into(),
                },
            })
            .collect();
        let both = |role: Role| vec![grant(FJORDLYS, role), grant(VIKA, role)];
        let persons = vec![
            person("Ingrid", "Solvang", INGRID, Some(86_257), both(Role::LimitedSigning)),
            person("Jonas", "Eide", JONAS, Some(86_311), both(Role::AccountingStaff)),
            person("Kari", "Nygård", KARI, Some(86_402), Vec::new()),
            person("Odd", "Brekke", ODD, None, Vec::new()),
            person(
                "Astrid",
                "Haug",
                ASTRID,
                Some(86_518),
                COMPANIES.iter().map(|(_, org)| grant(org, Role::AccountantSigning)).collect(),
            ),
        ];
        Self { persons, companies, employees: employees() }
    }

    /// The person with this national id.
    #[must_use]
    pub fn person(&self, pid: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.pid == pid)
    }

    /// The person with this key.
    #[must_use]
    pub fn person_by_key(&self, key: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.key == key)
    }

    /// The employee with this key.
    #[must_use]
    pub fn employee(&self, key: &str) -> Option<&Employee> {
        self.employees.iter().find(|employee| employee.key == key)
    }

    /// The company with this organisation number.
    #[must_use]
    pub fn company(&self, org_number: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.org_number == org_number)
    }

    /// The company with this party.
    #[must_use]
    pub fn company_by_party(&self, party_id: u32) -> Option<&Company> {
        self.companies.iter().find(|company| company.party_id == party_id)
    }
}

fn grant(org_number: &str, role: Role) -> Grant {
    Grant { org_number: org_number.into(), role }
}

fn person(given_name: &str, family_name: &str, pid: &str, user_id: Option<u32>, roles: Vec<Grant>) -> Person {
    Person {
        key: key(given_name, family_name),
        given_name: given_name.into(),
        family_name: family_name.into(),
        pid: pid.into(),
        altinn: user_id.map(|user_id| AltinnUser {
            user_id,
            party_id: 50_267_437 + user_id,
            party_uuid: uuid("0b50", 50_267_437 + user_id),
        }),
        roles,
    }
}

fn employees() -> Vec<Employee> {
    let employee = |given: &str, family: &str, groups: u32, organisations: &[&str], blocked: bool| Employee {
        key: key(given, family),
        given_name: given.into(),
        family_name: family.into(),
        email: format!("{}.{}@fjordlys.example", given.to_lowercase(), family.to_lowercase()),
        groups: (1..=groups).map(|n| uuid("9f0e", n)).collect(),
        organisations: organisations.iter().map(|org| (*org).into()).collect(),
        blocked,
    };
    vec![
        employee("Nora", "Lund", 3, &[FJORDLYS], false),
        employee("Emil", "Dahl", 20, &[FJORDLYS, VIKA], false),
        employee("Maja", "Berg", 25, &[FJORDLYS, VIKA, "310890898", "312170019", "313512770"], false),
        employee("Leo", "Moen", 1, &[], false),
        employee("Tiril", "Aas", 3, &[FJORDLYS], true),
    ]
}

fn key(given_name: &str, family_name: &str) -> String {
    format!("{given_name}-{family_name}").to_lowercase().replace('å', "a").replace('ø', "o").replace('æ', "ae")
}

/// An identifier that is the same after every start, so that a program's history stays true.
fn uuid(kind: &str, number: u32) -> String {
    format!("{number:08x}-{kind}-4000-8000-{number:012x}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn weighted(digits: &str, weights: &[u32]) -> u32 {
        digits.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum()
    }

    fn check(sum: u32) -> u32 {
        (11 - sum % 11) % 11
    }

    #[test]
    fn every_organisation_number_has_a_right_check_digit() {
        for company in World::synthetic().companies {
            let digit = check(weighted(&company.org_number, &[3, 2, 7, 6, 5, 4, 3, 2]));
            assert_eq!(company.org_number, format!("{}{digit}", &company.org_number[..8]), "{}", company.name);
        }
    }

    #[test]
    fn every_person_is_synthetic_and_has_right_check_digits() {
        for person in World::synthetic().persons {
            let month: u32 = person.pid[2..4].parse().unwrap();
            assert!((81..=92).contains(&month), "{}", person.key);
            let first = check(weighted(&person.pid, &[3, 7, 6, 1, 8, 9, 4, 5, 2]));
            let second = check(weighted(&person.pid, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]));
            assert_eq!(person.pid[9..], format!("{first}{second}"), "{}", person.key);
        }
    }

    #[test]
    fn the_page_says_what_each_may_do() {
        let world = World::synthetic();
        let may = |pid| world.person(pid).unwrap().may();
        assert_eq!(may(INGRID), "signerer for to virksomheter");
        assert_eq!(may(JONAS), "kan fylle ut, men ikke signere, for to virksomheter");
        assert_eq!(may(KARI), "har ingen rolle");
        assert_eq!(may(ODD), "har ingen bruker i Altinn");
        assert_eq!(may(ASTRID), "signerer for 42 virksomheter");
    }

    #[test]
    fn keys_and_parties_are_unique() {
        let world = World::synthetic();
        let mut parties: Vec<u32> = world.companies.iter().map(|company| company.party_id).collect();
        parties.extend(world.persons.iter().filter_map(|person| person.altinn.as_ref()).map(|user| user.party_id));
        let before = parties.len();
        parties.sort_unstable();
        parties.dedup();
        assert_eq!(parties.len(), before);
    }
}
