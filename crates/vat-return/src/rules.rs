//! Every published rule, in one table that reads like the facts table.
//!
//! A rule is a small function of its own in the module of its subject. What only registers, earlier returns or
//! an account can tell is asked when the [`Context`] has them. Numbers, identifiers, severities and conditions
//! are those of the official pages (see [`Source`]) as of 2025-11-04, gathered in facts/validation-rules.tsv; a
//! test compares the table with it field by field.

mod account;
mod base_and_rate;
#[cfg(test)]
mod cases;
mod codes;
mod findings;
mod history;
mod kid;
#[cfg(test)]
pub(crate) mod made;
mod period;
mod rates;
mod register;
mod remarks;
mod reverse_charge;
mod rule;
mod signs;
mod specifications;
mod subject;
mod sums;

pub use rule::{Needs, Rule, Source};

use crate::context::Context;
use crate::finding::Finding;
use crate::finding::Severity::{self, Deviating, Invalid};
use crate::model::VatReturn;
use crate::tables::Categories;
use Needs::{Account, Clock, History, Offline, Register};
use findings::Findings;
use rule::Ask;
use subject::Subject;
pub(crate) use subject::has_content;

const ALL: Categories = Categories::ALL;
/// Only R104: the facts say "all", and mean the fifth category too.
const EVERY: Categories = Categories::EVERY;
const GENERAL: Categories = Categories::GENERAL;
const PRIMARY: Categories = Categories::PRIMARY;
const ORDINARY: Categories = Categories::ORDINARY;
const COMPENSATION: Categories = Categories::COMPENSATION;
const REVERSE_CHARGE: Categories = Categories::REVERSE_CHARGE;
/// Every category that reports output tax.
const TAXED: Categories = Categories::ORDINARY.with(Categories::REVERSE_CHARGE);

/// R001: what a file breaks that cannot be read as a return.
pub(crate) const STRUCTURE: &Rule = &RULES[1];

/// Every rule, by number.
// One rule a line, so that the table can be read as one.
#[rustfmt::skip]
pub static RULES: [Rule; 107] = [
    rule("R000", "INNLEVERING_FØR_1_1_2022", ORDINARY, Invalid, "MELDINGSKATEGORI", Clock, Source::Ordinary, Ask::Return(period::r000)),
    rule("R001", "MvaMeldingsinnhold_Xml_SkjemaValideringsfeil", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Reader),
    rule("R002", "MvaMeldingsinnhold_MvaKode_UkjentMvaKode", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(codes::r002)),
    rule("R003", "MvaMeldingsinnhold_MvaSats_UkjentSats", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(rates::r003)),
    rule("R018", "MVA_MELDINGSINNHOLD_SUM_MVA_FEIL_SUMMERING_AV_AVGIFTLINJER", ALL, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(sums::r018)),
    rule("R019", "MVA_MELDINGSINNHOLD_GRUNNLAG_GANGER_GJELDENDE_SATS_FEIL_BEREGNET_MERVERDIAVGIFT_FOR_AVGIFTSLINJE", ALL, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(rates::r019)),
    rule("R020", "MVA_MELDINGSINNHOLD_UTGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(signs::r020)),
    rule("R021", "MVA_MELDINGSINNHOLD_INNGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(signs::r021)),
    rule("R023", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE_81", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r023)),
    rule("R024", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE_83", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r024)),
    rule("R025", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE_86", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r025)),
    rule("R026", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE_88", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r026)),
    rule("R027", "MVA_MELDINGSINNHOLD_KJØP_AV_KLIMAKVOTER_OG_GULL_MED_FRADRAGSRETT_AVVIK_MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE_91", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r027)),
    rule("R028", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_UTGÅENDE_AVGIFT_MANGLER_MVA_KODE_81", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r028)),
    rule("R029", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_UTGÅENDE_AVGIFT_MANGLER_MVA_KODE_83", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r029)),
    rule("R030", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_UTGÅENDE_AVGIFT_MANGLER_MVA_KODE_86", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r030)),
    rule("R031", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_UTGÅENDE_AVGIFT_MANGLER_MVA_KODE_88", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r031)),
    rule("R032", "MVA_MELDINGSINNHOLD_KJØP_AV_KLIMAKVOTER_OG_GULL_MED_FRADRAGSRETT_AVVIK_UTGÅENDE_AVGIFT_MANGLER_MVA_KODE_91", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r032)),
    rule("R033", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_INNGÅENDE_AVGIFT_MANGLER_MVA_KODE_81", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r033)),
    rule("R034", "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_INNGÅENDE_AVGIFT_MANGLER_MVA_KODE_83", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r034)),
    rule("R035", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_INNGÅENDE_AVGIFT_MANGLER_MVA_KODE_86", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r035)),
    rule("R036", "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK_INNGÅENDE_AVGIFT_MANGLER_MVA_KODE_88", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r036)),
    rule("R037", "MVA_MELDINGSINNHOLD_KJØP_AV_KLIMAKVOTER_OG_GULL_MED_FRADRAGSRETT_AVVIK_INNGÅENDE_AVGIFT_MANGLER_MVA_KODE_91", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(reverse_charge::r037)),
    rule("R038", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_TAP_PÅ_KRAV_FØRT_PÅ_FEIL_MVA_KODE", ORDINARY, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(specifications::r038)),
    rule("R039", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_UTTAK_FØRT_PÅ_FEIL_MVA_KODE", ORDINARY, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(specifications::r039)),
    rule("R040", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_JUSTERING_FØRT_PÅ_FEIL_MVA_KODE", ORDINARY, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(specifications::r040)),
    rule("R041", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_TILBAKEFØRING_INNGÅENDE_AVGIFT_9_6_OG_9_7_FØRT_PÅ_FEIL_MVA_KODE", ORDINARY, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(specifications::r041)),
    rule("R047", "MVA_PLIKT_OPPGITT_MELDINGSKATEGORI_ALMINNELIG_NÆRING_FINNES_IKKE", GENERAL, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r047)),
    rule("R048", "MVA_PLIKT_OPPGITT_MELDINGSKATEGORI_PRIMÆRNÆRING_FINNES_IKKE", PRIMARY, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r048)),
    rule("R049", "MVA_PLIKT_OPPGITT_SKATTLEGGINGSPERIODE_FOR__MELDINGSKATEGORI_ALMINNELIG_NÆRING_FINNES_IKKE", GENERAL, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r049)),
    rule("R050", "MVA_PLIKT_OPPGITT_SKATTLEGGINGSPERIODE_FOR__MELDINGSKATEGORI__PRIMÆRNÆRING_FINNES_IKKE", PRIMARY, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r050)),
    rule("R051", "MVA_PLIKT_DELTAKERE_I_FELLESREGISTRERING_HAR_IKKE_MVA_PLIKT", ORDINARY, Invalid, "MVA_REGISTER_OPPLYSNINGER", Register, Source::Ordinary, Ask::Register(register::r051)),
    rule("R052", "MVA_MELDINGSINNHOLD_OMSETNING_OVER_EN_MILLON_FOR_ÅRSTERMINPLIKT", GENERAL, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(rates::r052)),
    rule("R053", "MVA_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI_ALMINNELIG_NÆRING_MED_PLIKT", GENERAL, Invalid, "MELDINGSINNHOLD", Register, Source::Ordinary, Ask::Register(register::r053)),
    rule("R054", "MVA_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI_PRIMÆRNÆRING_MED_PLIKT", PRIMARY, Invalid, "MELDINGSINNHOLD", Register, Source::Ordinary, Ask::Register(register::r054)),
    rule("R059", "MVA_PLIKT_SKATTLEGGINGSPERIODEN_FOR__MELDINGSKATEGORI_ALMINNELIG_NÆRING_MÅ_VÆRE_FERDIG", GENERAL, Invalid, "PLIKT", Clock, Source::Ordinary, Ask::Return(period::r059)),
    rule("R060", "MVA_PLIKT_SKATTLEGGINGSPERIODEN_FOR__MELDINGSKATEGORI_PRIMÆRNÆRING_MÅ_VÆRE_FERDIG", PRIMARY, Invalid, "PLIKT", Clock, Source::Ordinary, Ask::Return(period::r060)),
    rule("R061", "MVA_MELDINGSINNHOLD_AVGIFT_Å_BETALE_TIDLIGERE_TERMINER_MANGLER_MVA_MELDING", ORDINARY, Deviating, "TIDLIGERE_TERMINER", History, Source::Ordinary, Ask::History(history::r061)),
    rule("R062", "MVA_MELDINGSINNHOLD_AVGIFT_TIL_GODE_TIDLIGERE_TERMINER_MANGLER_MVA_MELDING", ORDINARY, Deviating, "TIDLIGERE_TERMINER", History, Source::Ordinary, Ask::History(history::r062)),
    rule("R065", "MVA_KODE_FOR_INNGÅENDE_AVGIFT_HAR_FEILAKTIG_GRUNNLAG_OG_SATS", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(base_and_rate::r065)),
    rule("R066", "MVA_KODE_FOR_UTGÅENDE_AVGIFT_MANGLER_GRUNNLAG_OG_SATS", ALL, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(base_and_rate::r066)),
    rule("R069", "MvaMeldingsinnhold_MvaSpesifikasjoner_UkjentSpesifikasjon", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(codes::r069)),
    rule("R070", "MvaMeldingsinnhold_SpesifikasjonslinjeMerknad_UkjentMerknad", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(codes::r070)),
    rule("R071", "MvaMeldingsinnhold_MvaMeldingMerknad_UkjentMerknad", ALL, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(codes::r071)),
    rule("R072", "MVA_PLIKT_FOR__MELDINGSKATEGORI_DEKKER_IKKE_SKATTELEGGINGSPERIODE_ALMINNELIG", GENERAL, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r072)),
    rule("R073", "MVA_PLIKT_FOR__MELDINGSKATEGORI_DEKKER_IKKE_SKATTELEGGINGSPERIODE_PRIMAERNAERING", PRIMARY, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r073)),
    rule("R074", "MVA_KODE_MERKNAD_FORTEGN_GYLDIG_VANLIG_FORTEGN", ALL, Deviating, "MERKNAD", Offline, Source::Ordinary, Ask::Return(remarks::r074)),
    rule("R075", "MVA_KODE_MERKNAD_FORTEGN_GYLDIG_MOTSATT_FORTEGN", ALL, Deviating, "MERKNAD", Offline, Source::Ordinary, Ask::Return(remarks::r075)),
    rule("R076", "MVA_KODE_MERKNAD_FORTEGN_GYLDIG_FOR_SPESIFIKASJON", ALL, Deviating, "MERKNAD", Offline, Source::Ordinary, Ask::Return(remarks::r076)),
    rule("R077", "INNLEVERING_MELDING_FRA_FØR_2022", ORDINARY, Invalid, "MELDINGSKATEGORI", Offline, Source::Ordinary, Ask::Return(period::r077)),
    rule("R078", "MVA_MELDINGSINNHOLD_MERKNAD_MANGLER", ALL, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(signs::r078)),
    rule("R079", "MVA_MELDINGSINNHOLD_KID_NUMMER_GYLDIG", ALL, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(kid::r079)),
    rule("R080", "MVA_MELDINGSINNHOLD_KONTONUMMER_FINNES_IKKE", ORDINARY, Deviating, "KONTONUMMER", Account, Source::Ordinary, Ask::Account(account::r080)),
    rule("R081", "MVA_KODE_FOR_INNGÅENDE_ELLER_UTGÅENDE_FEIL_GRUNNLAG_ELLER_SATS", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(base_and_rate::r081)),
    rule("R082", "MVA_MELDINGSINNHOLD_BELØP_INNEHOLDER_DESIMALER", ALL, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(sums::r082)),
    rule("R083", "MVA_MELDINGSINNHOLD_PLIKT_FOR_ENGANGSREGISTRERING", ORDINARY, Deviating, "MELDINGSINNHOLD", Register, Source::Ordinary, Ask::Register(register::r083)),
    rule("R084", "MVA_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_MANGLER_MVA_KODER", ORDINARY, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(sums::r084)),
    rule("R085", "MVA_MELDINGSINNHOLD_GRUNNLAG_OVERSTIGER_MAKS_VERDI", ALL, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Unpublished),
    rule("R086", "MVA_KOMPENSASJON_MELDINGSINNHOLD_INNGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER", COMPENSATION, Invalid, "MELDINGSINNHOLD", Offline, Source::Compensation, Ask::Return(signs::r086)),
    rule("R087", "MVA_KOMPENSASJON_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_JUSTERING_FØRT_PÅ_FEIL_MVA_KODE", COMPENSATION, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Compensation, Ask::Return(specifications::r087)),
    rule("R088", "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI", COMPENSATION, Invalid, "MELDINGSINNHOLD", Offline, Source::Compensation, Ask::Return(codes::r088)),
    rule("R089", "MVA_KOMPENSASJON_SKATTLEGGINGSPERIODEN_FOR__MELDINGSKATEGORI_KOMPENSASJON_MÅ_VÆRE_FERDIG", COMPENSATION, Invalid, "MELDINGSKATEGORI", Clock, Source::Compensation, Ask::Return(period::r089)),
    rule("R090", "MVA_KOMPENSASJON_INNLEVERING_FØR_1_1_2023", COMPENSATION, Invalid, "MELDINGSKATEGORI", Clock, Source::Compensation, Ask::Return(period::r090)),
    rule("R091", "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_SPESIFIKASJONSLINJE", COMPENSATION, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Compensation, Ask::Return(specifications::r091)),
    rule("R092", "MVA_KOMPENSASJON_INNLEVERING_MELDING_FRA_FØR_2023", COMPENSATION, Invalid, "MELDINGSKATEGORI", Offline, Source::Compensation, Ask::Return(period::r092)),
    rule("R093", "MVA_KOMPENSASJON_KODE_INNGÅENDE_AVGIFT_MANGLER_GRUNNLAG_OG_SATS", COMPENSATION, Invalid, "MELDINGSINNHOLD", Offline, Source::Compensation, Ask::Return(base_and_rate::r093)),
    rule("R094", "MVA_KOMPENSASJON_ORG_FORM_KF", COMPENSATION, Invalid, "MELDINGSKATEGORI", Register, Source::Compensation, Ask::Register(register::r094)),
    rule("R095", "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_TERMINKATEGORI", COMPENSATION, Invalid, "MELDINGSKATEGORI", Offline, Source::Compensation, Ask::Return(period::r095)),
    rule("R096", "MVA_KOMPENSASJON_LEVERT_ETTER_INNLEVERINGSFRIST", COMPENSATION, Invalid, "MELDINGSINNHOLD", History, Source::Compensation, Ask::History(history::r096)),
    rule("R097", "MVA_KOMPENSASJON_ENDRING_LEVERT_ETTER_INNLEVERINGSFRIST", COMPENSATION, Invalid, "MELDINGSINNHOLD", History, Source::Compensation, Ask::History(history::r097)),
    rule("R098", "MVA_KOMPENSASJON_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_IKKE_VÆRE_NULL", COMPENSATION, Invalid, "MELDINGSINNHOLD", History, Source::Compensation, Ask::History(history::r098)),
    rule("R099", "MVA_KOMPENSASJON_MELDINGSINNHOLD_KRAV_UNDER_MINSTEBELØP", COMPENSATION, Deviating, "MELDINGSINNHOLD", History, Source::Compensation, Ask::History(history::r099)),
    rule("R100", "MVA_KOMPENSASJON_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_MANGLER_MVA_KODER", COMPENSATION, Invalid, "MELDINGSINNHOLD", Offline, Source::Compensation, Ask::Return(sums::r100)),
    rule("R101", "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_BRUKT_FOR_IMPORT", COMPENSATION, Invalid, "MELDINGSINNHOLD", Register, Source::Compensation, Ask::Register(register::r101)),
    rule("R103", "MVA_MELDINGSKATEGORI_OMVENDT_AVGIFTSPLIKT_INNLEVERING_MELDING_FRA_FØR_2023", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Offline, Source::ReverseCharge, Ask::Return(period::r103)),
    rule("R104", "MVA_MELDINGSKATEGORI_UGYLDIG", EVERY, Invalid, "MELDINGSKATEGORI", Offline, Source::Ordinary, Ask::Return(codes::r104)),
    rule("R105", "MVA_MELDINGSKATEGORI_OMVENDT_AVGIFTSPLIKT_INNLEVERING_FØR_1_2_2023", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Clock, Source::ReverseCharge, Ask::Return(period::r105)),
    rule("R106", "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_TERMINKATEGORI", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Offline, Source::ReverseCharge, Ask::Return(period::r106)),
    rule("R107", "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_MANGLER_MVA_KODER", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", Offline, Source::ReverseCharge, Ask::Return(sums::r107)),
    rule("R108", "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UTGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", Offline, Source::ReverseCharge, Ask::Return(signs::r108)),
    rule("R109", "MVA_OMVENDT_AVGIFTSPLIKT_MANGLER_GRUNNLAG_OG_SATS", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", Offline, Source::ReverseCharge, Ask::Return(base_and_rate::r109)),
    rule("R110", "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_SPESIFIKASJONSLINJE", REVERSE_CHARGE, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::ReverseCharge, Ask::Return(specifications::r110)),
    rule("R111", "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT_FØRT_PÅ_FEIL_KODE", REVERSE_CHARGE, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::ReverseCharge, Ask::Return(specifications::r111)),
    rule("R112", "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Offline, Source::ReverseCharge, Ask::Return(specifications::r112)),
    rule("R113", "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", Offline, Source::ReverseCharge, Ask::Return(codes::r113)),
    rule("R114", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT_FØRT_PÅ_FEIL_MVA_KODE", ORDINARY, Invalid, "XSD_FORMAT_OG_LOVLIGE_VERDIER", Offline, Source::Ordinary, Ask::Return(specifications::r114)),
    rule("R115", "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT", ORDINARY, Deviating, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(specifications::r115)),
    rule("R116", "MVA_SPESIFIKASJONSLINJEN_KJØP_MED_KOMPENSASJONSRETT_MANGLER_GRUNNLAG_OG_SATS", TAXED, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(specifications::r116)),
    rule("R117", "MVA_OMVENDT_AVGIFTSPLIKT_SUM_OMSETNING_UNDER_MINSTEBELØP", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", History, Source::ReverseCharge, Ask::History(history::r117)),
    rule("R118", "MVA_OMVENDT_AVGIFTSPLIKT_FASTSATT_MERVERDIAVGIFT_KR_0", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", History, Source::ReverseCharge, Ask::History(history::r118)),
    rule("R119", "MVA_OMVENDT_AVGIFTSPLIKT_KODER_FINNES_FASTSATT_MERVERDIAVGIFT_KR_0", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", History, Source::ReverseCharge, Ask::History(history::r119)),
    rule("R120", "MVA_SKATTLEGGINGSPERIODEN_FOR_OPPGITT_MELDINGSKATEGORI_OMVENDT_AVGIFTSPLIKT_MÅ_VÆRE_FERDIG", REVERSE_CHARGE, Invalid, "MELDINGSINNHOLD", Clock, Source::ReverseCharge, Ask::Return(period::r120)),
    rule("R121", "MVA_OMVENDT_AVGIFTSPLIKT_AKTIV_MVA_PLIKT_FOR_SAMME_PERIODE", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Register, Source::ReverseCharge, Ask::Register(register::r121)),
    rule("R122", "MVA_MELDINGSINNHOLD_GRUNNLAG_ER_LAVERE_ENN_BEREGNET_AVGIFT", TAXED, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(rates::r122)),
    rule("R123", "MVA_OMVENDT_AVGIFTSPLIKT_AKTIV_MVA_PLIKT_FOR_DELER_AV_PERIODEN", REVERSE_CHARGE, Deviating, "MELDINGSKATEGORI", Register, Source::ReverseCharge, Ask::Register(register::r123)),
    rule("R124", "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJON_MANGLER", REVERSE_CHARGE, Invalid, "MELDINGSKATEGORI", Offline, Source::ReverseCharge, Ask::Return(specifications::r124)),
    rule("R125", "MVA_KOMPENSASJON_MANGLENDE_REGISTRERING_I_ENHETSREGISTERET", COMPENSATION, Invalid, "PLIKT", Register, Source::Compensation, Ask::Register(register::r125)),
    rule("R126", "MVA_PLIKT_ORG_FORM_UDEF", ALL, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r126)),
    rule("R127", "MVA_MELDINGSINNHOLD_AVGIFT_BEREGNET_TIL_0_VED_OPPGITT_GRUNNLAG_MED_BELØP", TAXED, Invalid, "MELDINGSINNHOLD", Offline, Source::Ordinary, Ask::Return(rates::r127)),
    rule("R128", "MVA_KOMPENSASJON_ORG_FORM_FKF", COMPENSATION, Invalid, "MELDINGSKATEGORI", Register, Source::Compensation, Ask::Register(register::r128)),
    rule("R129", "MVA_KOMPENSASJON_ORG_FORM_ORGL", COMPENSATION, Invalid, "MELDINGSKATEGORI", Register, Source::Compensation, Ask::Register(register::r129)),
    rule("R130", "MVA_KOMPENSASJON_ORG_FORM_BEDR", COMPENSATION, Deviating, "MELDINGSKATEGORI", Register, Source::Compensation, Ask::Register(register::r130)),
    rule("R131", "MVA_MANGLENDE_REGISTRERING_I_ENHETSREGISTERET", ORDINARY, Invalid, "PLIKT", Register, Source::Ordinary, Ask::Register(register::r131)),
    rule("R132", "MVA_MELDING_LEVERINGSFRIST_TERMIN_MER_ENN_TRE_ÅR_TILBAKE", ORDINARY, Deviating, "MELDINGSINNHOLD", History, Source::Ordinary, Ask::History(history::r132)),
    rule("R133", "MVA_MELDING_UTLØPSDATO_TERMIN_MER_ENN_FEM_ÅR_TILBAKE", ORDINARY, Deviating, "MELDINGSINNHOLD", History, Source::Ordinary, Ask::History(history::r133)),
    rule("R134", "MVA_KOMPENSASJON_MELDINGSINNHOLD_KRAV_UNDER_MINSTEBELØP_GJELDER_FRA_2026", COMPENSATION, Invalid, "MELDINGSINNHOLD", History, Source::Compensation, Ask::History(history::r134)),
    rule("R135", "MVA_KOMPENSASJON_SKATTLEGGINGSPERIODEN_FOR_MELDINGSKATEGORI_KOMPENSASJON_MÅ_VÆRE_FERDIG_GJELDER_FRA_2026", COMPENSATION, Invalid, "MELDINGSKATEGORI", Register, Source::Compensation, Ask::Register(history::r135)),
];

#[expect(clippy::too_many_arguments, reason = "the columns of the table above")]
const fn rule(
    number: &'static str,
    identifier: &'static str,
    applies_to: Categories,
    severity: Severity,
    group: &'static str,
    needs: Needs,
    source: Source,
    ask: Ask,
) -> Rule {
    Rule { number, identifier, applies_to, severity, group, needs, source, ask }
}

/// The rule of that number.
pub fn rule_of(number: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&number, |rule| rule.number).ok().and_then(|at| RULES.get(at))
}

/// What the rules find, in the order of the file.
pub(crate) fn ask_all(ret: &VatReturn, context: &Context<'_>) -> Vec<Finding> {
    let subject = Subject::new(ret, context);
    let category = subject.category();
    let mut found = Findings::new(STRUCTURE, category);
    for rule in RULES.iter().filter(|rule| rule.applies_to.has(category)) {
        found.ask(rule);
        match rule.ask {
            Ask::Return(ask) => ask(&subject, &mut found),
            Ask::History(ask) => {
                if let Some(history) = context.history {
                    ask(&subject, history, &mut found);
                }
            }
            Ask::Register(ask) => {
                if let Some(register) = context.register {
                    ask(&subject, register, &mut found);
                }
            }
            Ask::Account(ask) => {
                if let Some(account) = context.account {
                    ask(&subject, account, &mut found);
                }
            }
            Ask::Reader | Ask::Unpublished => {}
        }
    }
    let mut findings = found.into_findings();
    // Stable: findings at one place stay in the order of the rules.
    findings.sort_by_key(|finding| finding.at);
    findings
}
