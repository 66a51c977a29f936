//! What an account is: VAT, memo, receivable, revenue … (facts, section 4).

use crate::answers::Answers;
use crate::question::QuestionKind;
use saf_t::{Account, Hints, Ledger};
use vat_return::Category;

/// Which kind of VAT account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vat {
    /// Output tax.
    Output,
    /// Input tax.
    Input,
    /// 2740: settlement, and in some books the only VAT account there is.
    Settlement,
}

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kind {
    /// A VAT account, and which.
    pub vat: Option<Vat>,
    /// A memo account that the bases of reverse charge are booked on.
    pub memo: bool,
    /// The contra account of one.
    pub contra: bool,
    /// Receivables, payables, banks.
    pub party: bool,
    /// A bank account or cash.
    pub bank: bool,
    /// Income.
    pub revenue: bool,
    /// Roundings.
    pub rounding: bool,
    /// VAT that is claimed back in a compensation return.
    pub claim: bool,
    /// What its name and number hint at.
    pub hints: Hints,
    /// Number and name call it a VAT account, the mapping does not; or the other way.
    pub mapped_otherwise: bool,
}

/// The kinds of all accounts of a ledger; what the user has answered about one comes first. In a compensation return what is
/// claimed is the input tax, where purchases are posted to accounts of its own; where it is moved there in the end, those settle.
pub(crate) fn kinds(ledger: &Ledger, answers: &Answers, category: Category) -> Vec<Kind> {
    let answered = |account: &Account| {
        let kind = kind(account);
        if answers.is_empty() {
            return kind;
        }
        let vat = match answers.get(QuestionKind::AccountMapping, &account.id) {
            Some("output") => Some(Vat::Output),
            Some("input") => Some(Vat::Input),
            Some("settlement") => Some(Vat::Settlement),
            Some("none") => None,
            _ => return kind,
        };
        Kind { vat, memo: false, contra: false, mapped_otherwise: false, ..kind }
    };
    let mut kinds: Vec<Kind> = ledger.accounts.iter().map(answered).collect();
    let is_answered = |account: &Account| answers.get(QuestionKind::AccountMapping, &account.id).is_some();
    if category == Category::Compensation {
        let direct = claims_at_once(ledger, &kinds);
        for (kind, account) in kinds.iter_mut().zip(&ledger.accounts) {
            kind.vat = match kind.vat {
                vat if is_answered(account) => vat,
                None if kind.claim => Some(if direct { Vat::Input } else { Vat::Settlement }),
                Some(Vat::Input) if direct => None,
                vat => vat,
            };
        }
    }
    kinds
}

/// Whether a voucher with codes moves an account of what is claimed, and none of input tax.
fn claims_at_once(ledger: &Ledger, kinds: &[Kind]) -> bool {
    if !kinds.iter().any(|kind| kind.claim) {
        return false;
    }
    (0..ledger.len()).filter(|voucher| !ledger.taxes_of(*voucher).is_empty()).any(|voucher| {
        let moved = || ledger.lines_of(voucher).map(|line| ledger.line(line)).filter(|(_, net)| *net != 0);
        let any = |is: fn(&Kind) -> bool| moved().any(|(account, _)| kinds.get(account).is_some_and(is));
        any(|kind| kind.claim) && !any(|kind| kind.vat == Some(Vat::Input))
    })
}

/// The VAT accounts of a ledger that a return of the category is held against, with what each is.
pub fn vat_accounts(ledger: &Ledger, answers: &Answers, category: Category) -> Vec<(usize, Vat)> {
    let kinds = kinds(ledger, answers, category);
    // Where there is no other VAT account, the one that settles is it.
    let single = !kinds.iter().any(|kind| kind.vat == Some(Vat::Input));
    let counts =
        |vat: &Vat| category != Category::Compensation || *vat == Vat::Input || single && *vat == Vat::Settlement;
    kinds.iter().enumerate().filter_map(|(at, kind)| Some((at, kind.vat.filter(counts)?))).collect()
}

/// What an account is, by its mapping first, then by its number and name.
pub fn kind(account: &Account) -> Kind {
    let name = account.name.to_lowercase();
    let contra = name.contains("motkonto");
    let memo = contra || name.contains("grunnlag") || is_state_memo(account);
    let class = class(account);
    let is = |prefix: &str| class.starts_with(prefix);
    let (vat, mapped_otherwise) = if memo { (None, false) } else { vat(account, &name) };
    let plain = !memo && vat.is_none();
    let mut hints = Hints::of(&account.name);
    // The account's number is a hint of its own: 7830 is loss on claims, 1580 what is set aside for it.
    if is("7830") || digits(&account.id).starts_with("7830") || is("1580") || digits(&account.id).starts_with("1580") {
        hints = hints.with(Hints::LOSS);
    }
    let bank = plain && (is("19") || name.contains("bank"));
    Kind {
        vat,
        memo,
        contra,
        party: bank
            || plain
                && (is("15") && !is("158")
                    || is("24")
                    || name.contains("leverandørgjeld")
                    || name.contains("kundefordring")),
        bank,
        revenue: plain && (is("3") || account.category.to_lowercase().contains("inntekt")),
        rounding: plain
            && (["avrund", "øredif", "øreavr", "rounding"].iter().any(|word| name.contains(word)) || is("777")),
        claim: plain && is_claim(account, &name),
        hints,
        mapped_otherwise,
    }
}

/// What the name calls compensation where the number is 165x, or is none of income or cost and the name says of VAT.
fn is_claim(account: &Account, name: &str) -> bool {
    let number = digits(&account.id);
    let is_result = number.len() == 4 && matches!(number.as_bytes().first(), Some(b'3'..=b'8'));
    let says_vat = ["mva", "merverdi", "meirverdi", "moms"].iter().any(|word| name.contains(word));
    name.contains("kompensasjon") && !is_result && (says_vat || number.starts_with("165"))
}

/// The state's chart keeps bases on 272 and 273.
fn is_state_memo(account: &Account) -> bool {
    account.category.starts_with("KS") && matches!(account.grouping.trim().get(..3), Some("272" | "273"))
}

/// The digits that tell an account's class: of the standard account, the grouping code, or the account's own number.
fn class(account: &Account) -> String {
    let grouping = account.grouping.trim();
    [account.standard.trim(), grouping]
        .into_iter()
        .find(|text| (2..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or_else(
            || digits(&account.id),
            |text| match text.len() {
                // Two digits say less than the account's own number where that begins with them.
                2 if digits(&account.id).starts_with(text) => digits(&account.id),
                _ => text.to_owned(),
            },
        )
}

/// The first run of digits in an account's number.
fn digits(id: &str) -> String {
    id.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
}

fn vat(account: &Account, name: &str) -> (Option<Vat>, bool) {
    if name.contains("kompensasjon") || name.contains("arbeidsgiveravgift") {
        return (None, false);
    }
    let number = digits(&account.id);
    let standard = account.standard.trim();
    let by_words = by_number_and_name(&number, name);
    let by_mapping = mapping(account);
    match by_mapping {
        Mapping::Vat(hint) => (Some(which(name, &number, standard, hint)), false),
        // Number and name have to agree against a mapping.
        Mapping::NotVat => match by_words.filter(|_| by_number(&number).is_some()) {
            Some(kind) => (Some(kind), true),
            None => (None, false),
        },
        Mapping::Open => (by_words, false),
    }
}

enum Mapping {
    Vat(Option<Vat>),
    NotVat,
    Open,
}

fn mapping(account: &Account) -> Mapping {
    let (standard, grouping) = (account.standard.trim(), account.grouping.trim());
    if !grouping.is_empty() {
        if account.category.starts_with("KS") {
            return match grouping.get(..3) {
                Some("160" | "270") => Mapping::Vat(Some(Vat::Output)),
                Some("161" | "271") => Mapping::Vat(Some(Vat::Input)),
                Some("164" | "274") => Mapping::Vat(Some(Vat::Settlement)),
                _ => Mapping::NotVat,
            };
        }
        if account.category.starts_with("KA") {
            return Mapping::Open;
        }
        let is_code = grouping.len() == 4 && grouping.bytes().all(|byte| byte.is_ascii_digit());
        return match grouping {
            "2740" => Mapping::Vat(None),
            _ if is_code => Mapping::NotVat,
            // NA and whatever else stands for "not mapped".
            _ => Mapping::Open,
        };
    }
    if standard.len() == 4 {
        return match standard {
            "2740" | "1640" => Mapping::Vat(Some(Vat::Settlement)),
            _ if (standard.starts_with("270") || standard.starts_with("160"))
                && standard.as_bytes().last() <= Some(&b'7') =>
            {
                Mapping::Vat(Some(Vat::Output))
            }
            _ if (standard.starts_with("271") || standard.starts_with("161"))
                && standard.as_bytes().last() <= Some(&b'7') =>
            {
                Mapping::Vat(Some(Vat::Input))
            }
            _ if standard.bytes().all(|byte| byte.is_ascii_digit()) => Mapping::NotVat,
            _ => Mapping::Open,
        };
    }
    match standard {
        // All public duties, all other receivables.
        "27" | "16" | "" => Mapping::Open,
        _ if standard.len() == 2 && standard.bytes().all(|byte| byte.is_ascii_digit()) => Mapping::NotVat,
        _ => Mapping::Open,
    }
}

/// The name tells output from input; where it does not, the number does; where neither, the mapping.
fn which(name: &str, number: &str, standard: &str, hint: Option<Vat>) -> Vat {
    by_name(name).or(hint).or_else(|| by_number(number)).or_else(|| by_number(standard)).unwrap_or(Vat::Settlement)
}

fn by_name(name: &str) -> Option<Vat> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["oppgj", "settlement"]) {
        Some(Vat::Settlement)
    } else if has(&["utg", "output"]) {
        Some(Vat::Output)
    } else if has(&["inng", "input"]) {
        Some(Vat::Input)
    } else {
        None
    }
}

fn by_number(number: &str) -> Option<Vat> {
    match number.get(..3) {
        Some("270" | "160") => Some(Vat::Output),
        Some("271" | "161") => Some(Vat::Input),
        Some("274" | "164") => Some(Vat::Settlement),
        _ => None,
    }
}

fn by_number_and_name(number: &str, name: &str) -> Option<Vat> {
    let says_vat = ["mva", "merverdi", "meirverdi", "m.v.a", "moms"].iter().any(|word| name.contains(word))
        || name.split(|c: char| !c.is_alphanumeric()).any(|word| word == "vat");
    match (by_number(number), by_name(name)) {
        // 2745 and the like, whose names do not call them memo accounts, are not known to be anything.
        (Some(Vat::Settlement), kind) if says_vat && number.len() >= 4 => Some(kind.unwrap_or(Vat::Settlement)),
        (Some(Vat::Settlement), _) if number == "2740" && name.trim().is_empty() => Some(Vat::Settlement),
        (Some(Vat::Settlement), _) => None,
        (Some(kind), named) if says_vat || name.trim().is_empty() || named.is_some() => Some(named.unwrap_or(kind)),
        (Some(_), _) => None,
        // By the name alone, where the number is none of income or cost: "Justering inngående mva" is a cost.
        (None, Some(named)) => {
            let is_result = number.len() == 4 && matches!(number.as_bytes().first(), Some(b'3'..=b'8'));
            (says_vat && !is_result && !number.starts_with("165")).then_some(named)
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, name: &str, standard: &str, grouping: &str) -> Account {
        Account {
            id: id.to_owned(),
            name: name.to_owned(),
            standard: standard.to_owned(),
            category: if grouping.is_empty() { String::new() } else { "kortsiktigGjeld".to_owned() },
            grouping: grouping.to_owned(),
        }
    }

    #[test]
    fn vat_accounts_by_mapping_number_and_name() {
        let cases = [
            ("2700", "Utgående mva 25 %", "27", "", Some(Vat::Output)),
            ("2710", "Inngående merverdiavgift, høy sats", "2710", "", Some(Vat::Input)),
            ("2740", "Mva-konto", "27", "", Some(Vat::Settlement)),
            ("91072", "Utgående mva 15 %", "", "2740", Some(Vat::Output)),
            ("B-2715", "Inngående mva innførsel høy sats", "", "2740", Some(Vat::Input)),
            ("0472.10", "Oppgjørskonto mva", "", "2740", Some(Vat::Settlement)),
            ("2770", "Skyldig arbeidsgiveravgift", "27", "", None),
            ("2780", "Påløpt arbeidsgiveravgift ferielønn", "27", "", None),
            ("2790", "Særavgifter", "27", "", None),
            ("2745", "Grunnlag kjøp av tjenester fra utlandet", "", "2740", None),
            ("2746", "Motkonto grunnlag kjøp av tjenester", "", "2740", None),
            ("1650", "Mva-kompensasjon", "", "1570", None),
            ("2700", "", "", "", Some(Vat::Output)),
            ("7971", "Justering inngående merverdiavgift fast eiendom", "", "", None),
            ("7971", "Justering inngående merverdiavgift fast eiendom", "", "7700", None),
            ("91072", "Utgående mva 15 %", "", "", Some(Vat::Output)),
            ("1610", "Inngående mva", "1610", "", Some(Vat::Input)),
        ];
        for (id, name, standard, grouping, expected) in cases {
            assert_eq!(kind(&account(id, name, standard, grouping)).vat, expected, "{id} {name}");
        }
    }

    #[test]
    fn the_charts_of_state_and_municipalities() {
        let state = |grouping: &str, name: &str| {
            kind(&Account { category: "KS".to_owned(), ..account("99001", name, "", grouping) }).vat
        };
        assert_eq!(state("270", "Utgående merverdiavgift"), Some(Vat::Output));
        assert_eq!(state("271", "Inngående merverdiavgift"), Some(Vat::Input));
        assert_eq!(state("161", "Merverdiavgift"), Some(Vat::Input));
        assert_eq!(state("274", "Oppgjørskonto"), Some(Vat::Settlement));
        assert_eq!(state("272", "Merverdiavgift ved kjøp"), None);
        assert_eq!(state("277", "Skyldig avgift"), None);
        let municipal = Account { category: "KA3".to_owned(), ..account("27100", "Inngående mva", "", "3271") };
        assert_eq!(kind(&municipal).vat, Some(Vat::Input));
    }

    #[test]
    fn a_mapping_that_says_otherwise_is_overruled_and_said() {
        let odd = kind(&account("2701", "Utgående mva 15 %", "", "2990"));
        assert!(odd.vat == Some(Vat::Output) && odd.mapped_otherwise);
        assert!(!kind(&account("2700", "Utgående mva 25 %", "", "2740")).mapped_otherwise);
    }
}
