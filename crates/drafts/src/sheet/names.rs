//! What columns are called.
//!
//! A table here and not among the messages: nothing of it is shown, all languages hold at once (a sheet's language is not the
//! window's), and what is recognised must not change when a text of the window is reworded.

use super::columns::Meaning;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Names of columns, in small letters without anything but letters and digits.
const NAMES: &[(Meaning, &[&str])] = &[
    (
        Meaning::Code,
        &[
            "mvakode",
            "kode",
            "standardkode",
            "standardmvakode",
            "saftkode",
            "saftmvakode",
            "mvakodesaft",
            "avgiftskode",
            "vatcode",
            "taxcode",
            "code",
            "standardtaxcode",
            "standardvatcode",
            "mvk",
            "skattekode",
            "mvatype",
            "kodesaft",
            "standardmva",
            "mvanr",
        ],
    ),
    (
        Meaning::OwnCode,
        &[
            "egenkode",
            "eigenkode",
            "mvakoderegnskapsystem",
            "mvakoderegnskapssystem",
            "mvakodeiregnskapssystemet",
            "internkode",
            "owncode",
            "systemkode",
            "egenmvakode",
            "eigenmvakode",
            "regnskapetskode",
            "lokalkode",
            "kodeiregnskapet",
            "internalcode",
        ],
    ),
    (
        Meaning::Base,
        &[
            "grunnlag",
            "avgiftsgrunnlag",
            "mvagrunnlag",
            "grunnlagkr",
            "base",
            "taxbase",
            "vatbase",
            "netto",
            "nettobeløp",
            "beløpeksmva",
            "beløputenmva",
            "beløpeksklmva",
            "beløpekskludertmva",
            "beløpumva",
            "taxableamount",
            "taxablebase",
            "sumgrunnlag",
            "grunnlagmva",
            "grunnlagformva",
            "omsetning",
            "omsetningutenmva",
            "net",
            "netamount",
            "grunnlagikroner",
        ],
    ),
    (
        Meaning::Rate,
        &[
            "sats",
            "mvasats",
            "avgiftssats",
            "prosent",
            "mvaprosent",
            "prosentsats",
            "satsprosent",
            "mvasatsprosent",
            "mvai",
            "rate",
            "vatrate",
            "taxrate",
            "mvapst",
            "satsi",
        ],
    ),
    (
        Meaning::Vat,
        &[
            "merverdiavgift",
            "meirverdiavgift",
            "mva",
            "mvabeløp",
            "avgift",
            "avgiftsbeløp",
            "beregnetmva",
            "beregnetavgift",
            "moms",
            "momsbeløp",
            "vat",
            "vatamount",
            "tax",
            "taxamount",
            "mvakr",
            "utgåendeinngåendemva",
            "beløpmva",
            "mvaavgift",
            "beregnetmerverdiavgift",
            "meirverdiavgiftsbeløp",
            "merverdiavgiftsbeløp",
            "summva",
        ],
    ),
    (Meaning::Specification, &["spesifikasjon", "specification", "spesifisering"]),
    (
        Meaning::Remark,
        // Not `note` alone: in Norwegian accounts that is a number in the notes to them.
        &[
            "merknad",
            "remark",
            "merknadkode",
            "merknadtillinjen",
            "merknadtillinja",
            "merknadpålinjen",
            "notetotheline",
            "notetothereturn",
        ],
    ),
    (
        Meaning::Company,
        &[
            "orgnr",
            "organisasjonsnummer",
            "organisasjonsnr",
            "orgnummer",
            "virksomhet",
            "verksemd",
            "selskap",
            "firma",
            "company",
            "orgnumber",
            "organisationnumber",
            "organizationnumber",
            "companynumber",
            "foretaksnummer",
            "foretaksnr",
            "orgno",
            "organisasjon",
            "organizationno",
            "vatnumber",
            "registrationnumber",
        ],
    ),
    (
        Meaning::Period,
        &[
            "periode",
            "termin",
            "mvatermin",
            "mvaperiode",
            "period",
            "term",
            "taxperiod",
            "skattleggingsperiode",
            "avgiftstermin",
            "avgiftsperiode",
            "vatperiod",
        ],
    ),
];

/// A name without anything but letters and digits.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a column of that name holds.
pub(super) fn by_name(name: &str) -> Option<Meaning> {
    let plain = plain(name);
    if name.contains('%') {
        // `Mva %`, `% mva`, `Sats (%)`; what else is said in per cent is something else.
        let rate = plain.is_empty() || matches!(exactly(&plain), Some(Meaning::Rate | Meaning::Vat));
        return rate.then_some(Meaning::Rate);
    }
    let in_kroner = ["inok", "ikr", "ikroner", "nok", "kr", "kroner"];
    exactly(&plain)
        .or_else(|| in_kroner.iter().find_map(|end| exactly(plain.strip_suffix(end)?)))
        .or_else(|| in_ascii(name))
}

/// [`NAMES`] by name: rows of words are looked up too, and there may be millions.
static EXACT: LazyLock<HashMap<&str, Meaning>> =
    LazyLock::new(|| NAMES.iter().flat_map(|(meaning, names)| names.iter().map(|name| (*name, *meaning))).collect());

/// Those with letters beyond ASCII, without these.
static BARE: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    let all = NAMES.iter().flat_map(|(meaning, names)| names.iter().map(|name| (*name, *meaning)));
    all.filter(|(name, _)| !name.is_ascii()).map(|(name, meaning)| (bare(name), meaning)).collect()
});

fn exactly(plain: &str) -> Option<Meaning> {
    EXACT.get(plain).copied()
}

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// A name whose letters beyond ASCII came through another encoding, as `Bel›p` and `BelÃ¸p`.
fn in_ascii(name: &str) -> Option<Meaning> {
    if name.is_ascii() { None } else { BARE.get(&bare(name)).copied() }
}
