#![allow(clippy::unwrap_used)]
use super::*;
use crate::{Context, Verdict, check_bytes, samples};
use jiff::civil::date;

fn sample() -> String {
    String::from_utf8(samples::by_id("fjordlys").unwrap().bytes.to_vec()).unwrap()
}

/// Rules that were found, and of each cause its kind, how many it explains and whether it can be mended.
fn look(file: &str) -> (Vec<&'static str>, Vec<(CauseKind, usize, bool)>) {
    let (read, report) = check_bytes(file.as_bytes(), &Context::on(date(2026, 12, 1)));
    let causes = causes(file.as_bytes(), read.as_ref().ok(), &report);
    for cause in &causes {
        for language in Language::ALL.iter().copied() {
            let text = cause.text(language);
            assert!(text.ends_with('.') && text.matches(". ").count() == 0, "one sentence: {text}");
        }
    }
    let rules = report.findings.iter().map(|finding| finding.rule).collect();
    (rules, causes.iter().map(|cause| (cause.kind, cause.findings.len(), cause.mend)).collect())
}

#[test]
fn a_clean_return_has_no_cause() {
    assert_eq!(look(&sample()), (vec![], vec![]));
}

#[test]
fn rates_with_decimals_are_one_mistake() {
    let file = sample().replace("<sats>25<", "<sats>25.0<").replace("<sats>15<", "<sats>15.00<");
    assert_eq!(look(&file), (vec!["R003", "R003", "R003"], vec![(CauseKind::Rate, 3, true)]));
}

#[test]
fn rates_as_shares_of_one_are_one_mistake() {
    let (rules, causes) = look(&sample().replace("<sats>25<", "<sats>0.25<"));
    assert!(rules.contains(&"R019") && rules.len() >= 4, "{rules:?}");
    assert_eq!(causes, [(CauseKind::Rate, rules.len(), true)]);
    // A tax that the right rate does not give either is a fact of its own after the mend.
    assert_eq!(look(&sample().replace("<sats>25<", "<sats>0.24<")).1, vec![]);
}

#[test]
fn amounts_with_noughts_break_no_rule_and_are_said() {
    let file = sample().replace("512480<", "512480.00<").replace("128120<", "128120.0<");
    assert_eq!(look(&file), (vec![], vec![(CauseKind::Amount, 0, true)]));
    assert_eq!(look(&sample().replace("512480<", "512480,00<")), (vec!["R001"], vec![(CauseKind::Amount, 1, true)]));
    assert_eq!(look(&sample().replace("512480<", "512480.50<")).1, vec![]);
}

#[test]
fn missing_payment_information_is_named() {
    let file = sample().replace("  <betalingsinformasjon/>\n", "");
    assert_eq!(look(&file), (vec!["R001"], vec![(CauseKind::PaymentMissing, 1, true)]));
}

#[test]
fn base_and_rate_on_a_deduction_are_one_mistake() {
    let file = sample().replace(
        "<mvaKode>1</mvaKode>",
        "<mvaKode>1</mvaKode>\n      <grunnlag>225240</grunnlag>\n      <sats>25.0</sats>",
    );
    let (rules, causes) = look(&file);
    assert!(rules.len() >= 3, "{rules:?}");
    assert_eq!(causes, [(CauseKind::InputBase, rules.len(), true)]);
}

/// The two lines of code 81 as one, with a negative base.
fn one_line(sum: &str) -> String {
    let file = sample();
    let start =
        file.rfind("    <mvaSpesifikasjonslinje>\n      <mvaKode>81</mvaKode>\n      <merverdiavgift>").unwrap();
    let end = start + file[start..].find("</mvaSpesifikasjonslinje>\n").unwrap() + "</mvaSpesifikasjonslinje>\n".len();
    let file = format!("{}{}", &file[..start], &file[end..]);
    file.replace("<grunnlag>38400<", "<grunnlag>-38400<").replace(">79857<", &format!(">{sum}<"))
}

#[test]
fn reverse_charge_on_one_line_is_one_mistake() {
    let (rules, causes) = look(&one_line("79857"));
    assert_eq!(rules, ["R018", "R033", "R020", "R019"], "{rules:?}");
    assert_eq!(causes, [(CauseKind::ReverseCharge, 4, true)]);
    // A krone off, and nothing is proven.
    let (_, causes) = look(&one_line("79858"));
    assert_eq!(causes, [(CauseKind::ReverseCharge, 3, false)]);
}

#[test]
fn a_vat_number_is_no_kid() {
    let kid = "<betalingsinformasjon><kundeIdentifikasjonsnummer>NO123456785MVA</kundeIdentifikasjonsnummer></betalingsinformasjon>";
    let file = sample().replace("<betalingsinformasjon/>", kid);
    assert_eq!(look(&file), (vec!["R079"], vec![(CauseKind::Kid, 1, true)]));
    let (read, report) = check_bytes(file.as_bytes(), &Context::on(date(2026, 12, 1)));
    let said = causes(file.as_bytes(), read.as_ref().ok(), &report)[0].text(Language::Nb);
    assert!(said.starts_with("Systemet har skrevet «NO123456785MVA» som KID"), "{said}");
}

#[test]
fn another_order_is_one_mistake() {
    let file = sample().replace(
        "<sats>25</sats>\n      <merverdiavgift>128120</merverdiavgift>",
        "<merverdiavgift>128120</merverdiavgift>\n      <sats>25</sats>",
    );
    let file = file.replace("  <meldingskategori>alminnelig</meldingskategori>\n", "");
    let file = file.replace("  <innsending>", "  <meldingskategori>alminnelig</meldingskategori>\n  <innsending>");
    let (rules, causes) = look(&file);
    assert!(rules.len() > 1, "{rules:?}");
    assert_eq!(causes, [(CauseKind::Order, rules.len(), true)]);
    let bare =
        sample().replace(" xmlns=\"no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0\"", "");
    assert_eq!(look(&bare), (vec!["R001"], vec![(CauseKind::Namespace, 1, true)]));
}

#[test]
fn the_verdict_is_what_the_rules_say() {
    let file = sample().replace("<sats>25<", "<sats>25.0<");
    let (_, report) = check_bytes(file.as_bytes(), &Context::on(date(2026, 12, 1)));
    assert_eq!(report.verdict, Verdict::Invalid);
}
