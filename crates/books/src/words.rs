//! Questions, warnings and refusals in words: bokmål, nynorsk, English.

use crate::posting::Evidence;
use crate::question::{Question, QuestionKind};
use crate::warning::Warning;
use saf_t::{Oddity, Problem, Refusal};
use vat_return::Language;
use vat_return::explain::amount;

pub(crate) type Texts = [&'static str; 3];

pub(crate) fn pick(language: Language, texts: Texts) -> &'static str {
    let [nb, nn, en] = texts;
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// Øre as kroner with the language's grouping, e.g. `1 234,50 kr`.
pub fn kroner(ore: i128) -> String {
    let whole = rust_decimal::Decimal::try_from_i128_with_scale(ore, 2).unwrap_or(rust_decimal::Decimal::MAX);
    format!("{} kr", amount(whole.normalize()))
}

impl Question {
    /// What is asked, in a few words.
    pub fn title(&self, language: Language) -> &'static str {
        pick(language, title(self.kind))
    }

    /// What it is about and why it is asked.
    pub fn text(&self, language: Language) -> String {
        let about = match self.kind {
            // Journal, number and date.
            QuestionKind::UncodedVatPosting
            | QuestionKind::VoucherDifference
            | QuestionKind::Specification
            | QuestionKind::ShareUnknown
            | QuestionKind::UnbalancedVoucher
            | QuestionKind::DuplicateVoucher
            | QuestionKind::TaxWithoutCode => voucher(&self.about, language),
            _ => self.about.clone(),
        };
        pick(language, explanation(self.kind)).replace("{about}", &about)
    }
}

/// `journal/number/date` as people write it.
fn voucher(about: &str, language: Language) -> String {
    let mut parts = about.rsplitn(2, '/');
    let date = parts.next().unwrap_or_default();
    let number = parts.next().and_then(|rest| rest.split_once('/')).map_or("", |(_, number)| number);
    let word = pick(language, ["bilag", "bilag", "voucher"]);
    format!("{word} {number} ({date})")
}

fn title(kind: QuestionKind) -> Texts {
    match kind {
        QuestionKind::ChoosePeriod => ["Hvilken termin?", "Kva termin?", "Which period?"],
        QuestionKind::PeriodIncomplete => [
            "Filen dekker ikke hele perioden",
            "Fila dekkjer ikkje heile perioden",
            "The file does not cover the whole period",
        ],
        QuestionKind::PeriodMismatch => [
            "Bilagsdato og regnskapsperiode er uenige",
            "Bilagsdato og rekneskapsperiode er usamde",
            "Voucher date and accounting period disagree",
        ],
        QuestionKind::DeclarationPeriod => [
            "Filen oppgir en annen termin enn datoen",
            "Fila oppgir ein annan termin enn datoen",
            "The file names another period than the date",
        ],
        QuestionKind::MissingPart => ["En del mangler", "Ein del manglar", "A part is missing"],
        QuestionKind::NoEntries => ["Filen har ingen bilag", "Fila har ingen bilag", "The file has no vouchers"],
        QuestionKind::OrgnrMissing => {
            ["Organisasjonsnummer mangler", "Organisasjonsnummer manglar", "The organisation number is missing"]
        }
        QuestionKind::TaxTableMissing => {
            ["Avgiftstabellen mangler", "Avgiftstabellen manglar", "The tax table is missing"]
        }
        QuestionKind::UnmappedCode => ["Ukjent avgiftskode", "Ukjend avgiftskode", "Unknown VAT code"],
        QuestionKind::AmbiguousCode => {
            ["Avgiftskode med flere betydninger", "Avgiftskode med fleire tydingar", "VAT code with several meanings"]
        }
        QuestionKind::CodeDirection => {
            ["Salgskode brukt på kjøp", "Salskode brukt på kjøp", "A code for sales on purchases"]
        }
        QuestionKind::RateNotValid => {
            ["Satsen passer ikke til koden", "Satsen passar ikkje til koden", "The rate does not fit the code"]
        }
        QuestionKind::TaxOnUntaxedCode => ["Mva på kode uten mva", "Mva på kode utan mva", "VAT on a code without VAT"],
        QuestionKind::TaxWithoutCode => {
            ["Mva-beløp uten kode", "Mva-beløp utan kode", "An amount of VAT without a code"]
        }
        QuestionKind::Specification => {
            ["Uttak eller tap på krav?", "Uttak eller tap på krav?", "Withdrawal or loss on a claim?"]
        }
        QuestionKind::UncodedVatPosting => ["Mva ført uten kode", "Mva ført utan kode", "VAT posted without a code"],
        QuestionKind::VoucherDifference => [
            "Oppgitt mva og mva-konto er uenige",
            "Oppgitt mva og mva-konto er usamde",
            "Stated VAT and VAT account disagree",
        ],
        QuestionKind::TaxUnknown => {
            ["Mva-beløpet er ikke kjent", "Mva-beløpet er ikkje kjent", "The amount of VAT is not known"]
        }
        QuestionKind::ShareUnknown => ["Ukjent fradragsandel", "Ukjend frådragsdel", "Unknown deductible share"],
        QuestionKind::BaseUnknown => {
            ["Grunnlaget er ikke oppgitt", "Grunnlaget er ikkje oppgitt", "The base is not stated"]
        }
        QuestionKind::BaseTimesRate => {
            ["Grunnlag × sats er ikke mva", "Grunnlag × sats er ikkje mva", "Base × rate is not the VAT"]
        }
        QuestionKind::ZeroRatedInvisible => {
            ["Inntekt uten avgiftskode", "Inntekt utan avgiftskode", "Income without a VAT code"]
        }
        QuestionKind::RemarkNeeded => {
            ["Linjen trenger en merknad", "Linja treng ein merknad", "The line needs a remark"]
        }
        QuestionKind::ForeignCurrency => {
            ["Beløp i kroner mangler", "Beløp i kroner manglar", "Amounts in NOK are missing"]
        }
        QuestionKind::NokBaseMissing => {
            ["Grunnlag i kroner mangler", "Grunnlag i kroner manglar", "Bases in NOK are missing"]
        }
        QuestionKind::UnbalancedVoucher => ["Bilag i ubalanse", "Bilag i ubalanse", "Unbalanced voucher"],
        QuestionKind::DuplicateVoucher => ["Samme bilag to ganger", "Same bilag to gonger", "The same voucher twice"],
        QuestionKind::AccountMapping => ["Er dette en mva-konto?", "Er dette ein mva-konto?", "Is this a VAT account?"],
        QuestionKind::JointRegistration => {
            ["Hvem gjelder meldingen?", "Kven gjeld meldinga?", "Whom is the return for?"]
        }
        QuestionKind::RefundKid => {
            ["KID for pengene tilbake?", "KID for pengane tilbake?", "A KID for the money back?"]
        }
    }
}

#[expect(clippy::too_many_lines, reason = "three texts a kind")]
fn explanation(kind: QuestionKind) -> Texts {
    match kind {
        QuestionKind::ChoosePeriod => [
            "Filen har bilag med mva i flere terminer.",
            "Fila har bilag med mva i fleire terminar.",
            "The file has vouchers with VAT in several periods.",
        ],
        QuestionKind::PeriodIncomplete => [
            "Utvalget i filen dekker ikke alle dagene i perioden.",
            "Utvalet i fila dekkjer ikkje alle dagane i perioden.",
            "The file's selection does not cover all days of the period.",
        ],
        QuestionKind::PeriodMismatch => [
            "Noen bilag ligger i perioden etter dato, men ikke etter regnskapsperiode, eller omvendt. Mva hører til perioden da dokumentet ble utstedt.",
            "Nokre bilag ligg i perioden etter dato, men ikkje etter rekneskapsperiode, eller omvendt. Mva høyrer til perioden då dokumentet vart skrive ut.",
            "Some vouchers lie in the period by date but not by accounting period, or the other way. VAT belongs to the period in which the document was issued.",
        ],
        QuestionKind::DeclarationPeriod => [
            "Noen linjer oppgir at de hører til en annen termin enn bilagsdatoen sier.",
            "Nokre linjer oppgir at dei høyrer til ein annan termin enn bilagsdatoen seier.",
            "Some lines say that they belong to another period than the voucher date does.",
        ],
        QuestionKind::MissingPart => {
            ["Del {about} er ikke med.", "Del {about} er ikkje med.", "Part {about} is not there."]
        }
        QuestionKind::NoEntries => [
            "Bare grunndata, ingen bilag. Eksporter på nytt med bilag.",
            "Berre grunndata, ingen bilag. Eksporter på nytt med bilag.",
            "Master data only, no vouchers. Export again with vouchers.",
        ],
        QuestionKind::OrgnrMissing => [
            "Filen oppgir ikke virksomhetens organisasjonsnummer.",
            "Fila oppgir ikkje organisasjonsnummeret til verksemda.",
            "The file does not state the company's organisation number.",
        ],
        QuestionKind::TaxTableMissing => [
            "Kode «{about}» er brukt, men filen har ingen tabell som sier hva den betyr.",
            "Kode «{about}» er brukt, men fila har ingen tabell som seier kva han tyder.",
            "Code “{about}” is used, but the file has no table that says what it means.",
        ],
        QuestionKind::UnmappedCode => [
            "Kode «{about}» er brukt på bilag, men fører ikke til noen standardkode.",
            "Kode «{about}» er brukt på bilag, men fører ikkje til nokon standardkode.",
            "Code “{about}” is used on vouchers but leads to no standard code.",
        ],
        QuestionKind::AmbiguousCode => [
            "Kode «{about}» har flere rader i tabellen som gir ulike standardkoder.",
            "Kode «{about}» har fleire rader i tabellen som gir ulike standardkodar.",
            "Code “{about}” has several rows in the table that give different standard codes.",
        ],
        QuestionKind::CodeDirection => [
            "Kode «{about}» er brukt både for salg og kjøp. Hvilken standardkode gjelder der den går motsatt vei?",
            "Kode «{about}» er brukt både for sal og kjøp. Kva standardkode gjeld der han går motsett veg?",
            "Code “{about}” is used for sales and purchases alike. Which standard code is meant where it goes the other way?",
        ],
        QuestionKind::RateNotValid => [
            "{about} % er ikke en sats for standardkoden på denne datoen.",
            "{about} % er ikkje ein sats for standardkoden på denne datoen.",
            "{about} % is not a rate of the standard code on that date.",
        ],
        QuestionKind::TaxOnUntaxedCode => [
            "Kode «{about}» er uten mva, men har et mva-beløp.",
            "Kode «{about}» er utan mva, men har eit mva-beløp.",
            "Code “{about}” is without VAT but has an amount of VAT.",
        ],
        QuestionKind::TaxWithoutCode => [
            "{about} har et mva-beløp uten avgiftskode.",
            "{about} har eit mva-beløp utan avgiftskode.",
            "{about} has an amount of VAT without a code.",
        ],
        QuestionKind::Specification => [
            "{about} ser ut som uttak eller tap på krav. Da skal linjen spesifiseres.",
            "{about} ser ut som uttak eller tap på krav. Då skal linja spesifiserast.",
            "{about} looks like a withdrawal or a loss on a claim. Then the line must be specified.",
        ],
        QuestionKind::UncodedVatPosting => [
            "{about} fører på en mva-konto uten kode: justering, tilbakeføring, tap på krav eller en retting?",
            "{about} fører på ein mva-konto utan kode: justering, tilbakeføring, tap på krav eller ei retting?",
            "{about} posts on a VAT account without a code: adjustment, reversal, loss on a claim, or a correction?",
        ],
        QuestionKind::VoucherDifference => [
            "I {about} er oppgitt mva en annen enn den som er ført på mva-kontoene.",
            "I {about} er oppgitt mva ein annan enn den som er ført på mva-kontoane.",
            "In {about} the stated VAT is another than what the VAT accounts have.",
        ],
        QuestionKind::TaxUnknown => [
            "Noen bilag oppgir ikke mva, og mva-kontoene forklarer den ikke.",
            "Nokre bilag oppgir ikkje mva, og mva-kontoane forklarer henne ikkje.",
            "Some vouchers state no VAT, and the VAT accounts do not explain it.",
        ],
        QuestionKind::ShareUnknown => [
            "{about}: kontoen for inngående mva viser verken hele beløpet eller en av andelene i tabellen.",
            "{about}: kontoen for inngåande mva viser korkje heile beløpet eller ein av delane i tabellen.",
            "{about}: the input account shows neither all of the VAT nor one of the shares in the table.",
        ],
        QuestionKind::BaseUnknown => [
            "Noen linjer med utgående mva har ikke grunnlag. Det er regnet ut fra mva og sats, nøyaktig bare til noen øre.",
            "Nokre linjer med utgåande mva har ikkje grunnlag. Det er rekna ut frå mva og sats, nøyaktig berre til nokre øre.",
            "Some lines of output tax have no base. It was computed from VAT and rate, exact only to a few øre.",
        ],
        QuestionKind::BaseTimesRate => [
            "Kode {about}: grunnlag × sats avviker mer enn Skatteetaten godtar uten avvik (R019).",
            "Kode {about}: grunnlag × sats avvik meir enn Skatteetaten godtek utan avvik (R019).",
            "Code {about}: base × rate differs by more than the authority takes without a finding (R019).",
        ],
        QuestionKind::ZeroRatedInvisible => [
            "Kodene står bare på mva-linjene, så konto {about} har inntekt uten kode. Hvilken kode gjelder (6, 5, 51, 52; 0 for ingen)?",
            "Kodane står berre på mva-linjene, så konto {about} har inntekt utan kode. Kva kode gjeld (6, 5, 51, 52; 0 for ingen)?",
            "Codes stand on VAT lines only, so account {about} has income without one. Which code is it (6, 5, 51, 52; 0 for none)?",
        ],
        QuestionKind::RemarkNeeded => [
            "Kode {about} har motsatt fortegn. Skatteetaten krever en merknad.",
            "Kode {about} har motsett forteikn. Skatteetaten krev ein merknad.",
            "Code {about} has the opposite sign. The authority requires a remark.",
        ],
        QuestionKind::ForeignCurrency => [
            "Regnskapet føres i en annen valuta, og kode «{about}» mangler beløp i kroner. Uten beløpet kan meldingen ikke lages.",
            "Rekneskapen blir ført i ein annan valuta, og kode «{about}» manglar beløp i kroner. Utan beløpet kan meldinga ikkje lagast.",
            "The books are kept in another currency, and code “{about}” lacks amounts in NOK. Without the amount no return can be built.",
        ],
        QuestionKind::NokBaseMissing => [
            "Kode «{about}» mangler grunnlag i kroner. Det er regnet ut fra mva og sats.",
            "Kode «{about}» manglar grunnlag i kroner. Det er rekna ut frå mva og sats.",
            "Code “{about}” lacks a base in NOK. It was computed from VAT and rate.",
        ],
        QuestionKind::UnbalancedVoucher => [
            "I {about} er debet og kredit ulike.",
            "I {about} er debet og kredit ulike.",
            "In {about} debit and credit differ.",
        ],
        QuestionKind::DuplicateVoucher => [
            "{about} står to ganger i filen, likt.",
            "{about} står to gonger i fila, likt.",
            "{about} is in the file twice, alike.",
        ],
        QuestionKind::AccountMapping => [
            "Konto {about} heter som en mva-konto, men er koblet til noe annet.",
            "Konto {about} heiter som ein mva-konto, men er kopla til noko anna.",
            "Account {about} is named like a VAT account but mapped to something else.",
        ],
        QuestionKind::JointRegistration => [
            "Filene er fra flere virksomheter. Er de fellesregistrert, har meldingen ett organisasjonsnummer.",
            "Filene er frå fleire verksemder. Er dei fellesregistrerte, har meldinga eitt organisasjonsnummer.",
            "The files are of several companies. Where they are registered together, the return has one number.",
        ],
        QuestionKind::RefundKid => [
            "Skatteetaten kan sette en KID på utbetalingen. Uten svar betales den ut uten.",
            "Skatteetaten kan setje ein KID på utbetalinga. Utan svar blir ho betalt ut utan.",
            "The authority can put a KID on the payment. Without an answer it is paid without one.",
        ],
    }
}

impl Warning {
    /// The warning in words.
    pub fn text(&self, language: Language) -> String {
        let (texts, about): (Texts, &str) = match self {
            Self::Reader(Oddity::Encoding { guessed: true }) => (
                [
                    "Tegnsettet måtte gjettes (windows-1252).",
                    "Teiknsettet måtte gjettast (windows-1252).",
                    "The encoding had to be guessed (windows-1252).",
                ],
                "",
            ),
            Self::Reader(Oddity::Encoding { .. }) => (
                [
                    "Filen har et annet tegnsett enn den oppgir.",
                    "Fila har eit anna teiknsett enn ho oppgir.",
                    "The file has another encoding than it says.",
                ],
                "",
            ),
            Self::Reader(Oddity::NoNamespace) => {
                (["Filen mangler navnerom.", "Fila manglar namnerom.", "The file has no namespace."], "")
            }
            Self::Reader(Oddity::DebitAndCredit) => (
                [
                    "En linje har både debet og kredit; de er trukket fra hverandre.",
                    "Ei linje har både debet og kredit; dei er trekte frå kvarandre.",
                    "A line has debit and credit; they were netted.",
                ],
                "",
            ),
            Self::Reader(Oddity::Rate) => (
                [
                    "En prosentsats kunne ikke leses.",
                    "Ein prosentsats kunne ikkje lesast.",
                    "A percentage could not be read.",
                ],
                "",
            ),
            Self::Reader(Oddity::Version { said, .. }) => (
                [
                    "Filen oppgir en annen versjon enn den har: {about}.",
                    "Fila oppgir ein annan versjon enn ho har: {about}.",
                    "The file states another version than it has: {about}.",
                ],
                said,
            ),
            Self::Reader(Oddity::Totals { file }) => (
                [
                    "Summene i {about} stemmer ikke med bilagene.",
                    "Summane i {about} stemmer ikkje med bilaga.",
                    "The totals in {about} are not those of the vouchers.",
                ],
                file,
            ),
            Self::Reader(Oddity::DuplicateFile { file }) => (
                [
                    "{about} er lik en annen fil og er utelatt.",
                    "{about} er lik ei anna fil og er utelaten.",
                    "{about} is the same as another file and was left out.",
                ],
                file,
            ),
            Self::Reader(Oddity::OtherFile { file }) => (
                [
                    "{about} er ikke en SAF-T-fil og er utelatt.",
                    "{about} er ikkje ei SAF-T-fil og er utelaten.",
                    "{about} is no SAF-T file and was left out.",
                ],
                file,
            ),
            Self::Reader(Oddity::Currencies) => {
                (["Delene har ulik valuta.", "Delane har ulik valuta.", "The parts have different currencies."], "")
            }
            Self::OrgNumberInvalid => (
                [
                    "Kontrollsifferet i organisasjonsnummeret er feil.",
                    "Kontrollsifferet i organisasjonsnummeret er feil.",
                    "The check digit of the organisation number is wrong.",
                ],
                "",
            ),
            Self::AccountMapping { account, .. } => (
                [
                    "Konto {about} er regnet som mva-konto, men er koblet til noe annet.",
                    "Konto {about} er rekna som mva-konto, men er kopla til noko anna.",
                    "Account {about} was counted as a VAT account but is mapped to something else.",
                ],
                account,
            ),
            Self::Reader(_) => (["Filen er uvanlig.", "Fila er uvanleg.", "The file is unusual."], ""),
        };
        pick(language, texts).replace("{about}", about)
    }
}

/// Where an amount was taken from, as "… linjer: hentet fra mva-kontoene".
pub fn evidence(evidence: Evidence, language: Language) -> &'static str {
    pick(
        language,
        match evidence {
            Evidence::Stated => ["oppgitt på linjen", "oppgitt på linja", "stated on the line"],
            Evidence::Accounts => [
                "hentet fra bilagets mva-kontoer",
                "henta frå mva-kontoane i bilaget",
                "taken from the voucher's VAT accounts",
            ],
            Evidence::LumpSum => [
                "grunnlag × sats, bekreftet av mva ført samlet",
                "grunnlag × sats, stadfesta av mva ført samla",
                "base × rate, confirmed by VAT posted in a lump sum",
            ],
            Evidence::Assumed => {
                ["grunnlag × sats, ikke bekreftet", "grunnlag × sats, ikkje stadfesta", "base × rate, not confirmed"]
            }
            Evidence::Answer => ["etter svar fra deg", "etter svar frå deg", "by your answer"],
        },
    )
}

/// A refusal in words: what happened and what to do next.
pub fn refusal(refusal: &Refusal, language: Language) -> String {
    let place = |place: &saf_t::Place| {
        let line = pick(language, ["linje", "linje", "line"]);
        let voucher = pick(language, ["bilag", "bilag", "voucher"]);
        match &place.voucher {
            Some(number) => format!("{line} {}, {voucher} {number}", place.line),
            None => format!("{line} {}", place.line),
        }
    };
    let again = pick(language, ["Eksporter på nytt.", "Eksporter på nytt.", "Export again."]);
    let text = match &refusal.problem {
        Problem::Empty => pick(language, ["Filen er tom.", "Fila er tom.", "The file is empty."]).to_owned(),
        Problem::NotSaft(_) => pick(
            language,
            [
                "Dette er ikke en SAF-T-fil. Velg eksport av SAF-T Regnskap i regnskapssystemet.",
                "Dette er ikkje ei SAF-T-fil. Vel eksport av SAF-T Rekneskap i rekneskapssystemet.",
                "This is not a SAF-T file. Choose the export of SAF-T Financial in the accounting system.",
            ],
        )
        .to_owned(),
        Problem::NotFinancial(_) => pick(
            language,
            [
                "Dette er SAF-T av et annet slag (for eksempel kassasystem), ikke SAF-T Regnskap.",
                "Dette er SAF-T av eit anna slag (til dømes kassasystem), ikkje SAF-T Rekneskap.",
                "This is SAF-T of another kind (such as cash register), not SAF-T Financial.",
            ],
        )
        .to_owned(),
        Problem::OtherCountry(country) => {
            pick(
                language,
                [
                    "Dette er en SAF-T-fil fra et annet land",
                    "Dette er ei SAF-T-fil frå eit anna land",
                    "This is a SAF-T file of another country",
                ],
            )
            .to_owned()
                + &format!(": {country}.")
        }
        Problem::Truncated(at) => {
            let text = pick(
                language,
                ["Filen slutter for tidlig, ved", "Fila sluttar for tidleg, ved", "The file ends too early, at"],
            );
            format!("{text} {}. {again}", place(at))
        }
        Problem::NotWellFormed(at, why) => {
            let text = pick(language, ["XML-en er ødelagt ved", "XML-en er øydelagd ved", "The XML is broken at"]);
            format!("{text} {}: {why}. {again}", place(at))
        }
        Problem::Doctype(at) => {
            let text = pick(
                language,
                [
                    "Filen har en dokumenttype-deklarasjon, som ingen SAF-T-fil skal ha, ved",
                    "Fila har ein dokumenttype-deklarasjon, som inga SAF-T-fil skal ha, ved",
                    "The file has a document type declaration, which no SAF-T file has, at",
                ],
            );
            format!("{text} {}.", place(at))
        }
        Problem::Entity(at, name) => {
            let text = pick(
                language,
                ["Filen har en ukjent entitet", "Fila har ein ukjend entitet", "The file has an unknown entity"],
            );
            format!("{text} &{name};, {}.", place(at))
        }
        Problem::TooLarge(at, _) => {
            let text = pick(
                language,
                [
                    "En verdi i filen er urimelig stor, ved",
                    "Ein verdi i fila er urimeleg stor, ved",
                    "A value in the file is unreasonably large, at",
                ],
            );
            format!("{text} {}.", place(at))
        }
        Problem::UnreadableZip(why) => {
            let text = pick(
                language,
                ["Zip-filen kan ikke åpnes", "Zip-fila kan ikkje opnast", "The zip file cannot be opened"],
            );
            format!("{text}: {why}.")
        }
        Problem::ZipBomb => pick(
            language,
            [
                "Zip-filen pakkes ut til langt mer enn en SAF-T-fil har.",
                "Zip-fila blir pakka ut til langt meir enn ei SAF-T-fil har.",
                "The zip file unpacks to far more than a SAF-T file has.",
            ],
        )
        .to_owned(),
        Problem::BadNumber { place: at, element, value, .. } => {
            let text = pick(language, ["er ikke et beløp", "er ikkje eit beløp", "is not an amount"]);
            format!("{element} «{value}» {text} ({}).", place(at))
        }
        Problem::BadDate { place: at, element, value } => {
            let text = pick(language, ["er ikke en dato", "er ikkje ein dato", "is not a date"]);
            format!("{element} «{value}» {text} ({}).", place(at))
        }
        Problem::TwoCompanies(one, other) => {
            let text =
                pick(language, ["Filen har to virksomheter", "Fila har to verksemder", "The file has two companies"]);
            format!("{text}: {one}, {other}.")
        }
        Problem::DifferentCompanies(one, other) => {
            let text = pick(
                language,
                ["Filene er fra to virksomheter", "Filene er frå to verksemder", "The files are of two companies"],
            );
            format!("{text}: {one}, {other}.")
        }
        Problem::OverlappingParts { voucher, first, second } => {
            let text = pick(
                language,
                [
                    "Det samme bilaget er i to filer",
                    "Det same bilaget er i to filer",
                    "The same voucher is in two files",
                ],
            );
            format!("{text}: {voucher} ({first}, {second}).")
        }
        Problem::Changed => pick(
            language,
            [
                "Filen ble endret mens den ble lest. Vent til eksporten er ferdig, og prøv igjen.",
                "Fila vart endra medan ho vart lesen. Vent til eksporten er ferdig, og prøv igjen.",
                "The file changed while it was read. Wait until the export is done, and try again.",
            ],
        )
        .to_owned(),
        Problem::Cancelled => pick(language, ["Avbrutt.", "Avbrote.", "Cancelled."]).to_owned(),
        Problem::TooMuch => pick(
            language,
            [
                "Det er mer i filene enn vi kan telle.",
                "Det er meir i filene enn vi kan telje.",
                "There is more in the files than can be counted.",
            ],
        )
        .to_owned(),
        Problem::Io(error) => {
            let text =
                pick(language, ["Filen kunne ikke leses", "Fila kunne ikkje lesast", "The file could not be read"]);
            format!("{text}: {error}.")
        }
        other => other.to_string(),
    };
    match &refusal.file {
        Some(file) => format!("{file}: {text}"),
        None => text,
    }
}
