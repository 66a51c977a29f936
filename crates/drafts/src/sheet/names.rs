//! What columns are called.
//!
//! A table here and not among the messages: nothing of it is shown, all languages hold at once (a sheet's language is not the
//! window's), and what is recognised must not change when a text of the window is reworded.

use super::columns::Meaning;

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
    (Meaning::Remark, &["merknad", "remark", "merknadkode", "merknadtillinjen", "merknadtillinja", "merknadpålinjen"]),
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

fn exactly(plain: &str) -> Option<Meaning> {
    NAMES.iter().find(|(_, names)| names.contains(&plain)).map(|(meaning, _)| *meaning)
}

/// A name whose letters beyond ASCII came through another encoding, as `Bel›p` and `BelÃ¸p`.
fn in_ascii(name: &str) -> Option<Meaning> {
    let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let (plain, broken) = (bare(name), !name.is_ascii());
    let is = |known: &&str| broken && !known.is_ascii() && bare(known) == plain;
    NAMES.iter().find(|(_, names)| names.iter().any(&is)).map(|(meaning, _)| *meaning)
}
