#![allow(clippy::unwrap_used)]
use super::*;
use crate::{Context, Verdict, check_bytes, samples};
use jiff::civil::date;

fn sample() -> String {
    String::from_utf8(samples::by_id("fjordlys").unwrap().bytes.to_vec()).unwrap()
}

fn mended(file: &str) -> (String, Vec<ChangeKind>) {
    let mended = mend(file.as_bytes()).unwrap();
    let kinds = mended.changes.iter().map(|change| change.kind).collect();
    (String::from_utf8(mended.bytes).unwrap(), kinds)
}

#[test]
fn a_clean_return_comes_out_byte_for_byte() {
    for sample in &samples::ALL {
        let Mended { bytes, changes } = mend(sample.bytes).unwrap();
        assert_eq!((bytes.as_slice(), changes.len()), (sample.bytes, 0), "{}", sample.id);
    }
}

#[test]
fn values_are_written_as_the_lists_have_them_and_nothing_else_is_touched() {
    let file = sample()
        .replace("<sats>25<", "<sats>25.0<")
        .replace("512480<", "512480.00<")
        .replace("<mvaKode>3</mvaKode>", "<!-- salg -->\n      <mvaKode>3</mvaKode>");
    let (text, kinds) = mended(&file);
    assert_eq!(text, sample().replace("<mvaKode>3</mvaKode>", "<!-- salg -->\n      <mvaKode>3</mvaKode>"));
    assert_eq!(kinds, [ChangeKind::Amount, ChangeKind::Rate, ChangeKind::Rate]);
    // Fish has a comma in its rate.
    let fish = sample().replace("<mvaKode>31</mvaKode>", "<mvaKode>32</mvaKode>").replace("<sats>15<", "<sats>11.11<");
    assert!(mended(&fish).0.contains("<sats>11,11</sats>"));
    // What is no rate of the code, and amounts with øre, are left for a person.
    for left in [sample().replace("<sats>25<", "<sats>24<"), sample().replace("512480<", "512480.50<")] {
        assert_eq!(mended(&left), (left, vec![]));
    }
}

#[test]
fn structure_is_mended_and_comments_survive() {
    let file = sample().replace("  <betalingsinformasjon/>\n", "  <!-- her -->\n");
    let (text, kinds) = mended(&file);
    assert_eq!(kinds, [ChangeKind::PaymentMissing]);
    assert!(text.contains("  <!-- her -->\n  <skattepliktig>") && text.contains("  <betalingsinformasjon/>"), "{text}");
    assert!(read(text.as_bytes()).is_ok());
    let bare =
        sample().replace(" xmlns=\"no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0\"", "");
    assert_eq!(mended(&bare), (sample(), vec![ChangeKind::Namespace]));
    let category = "  <meldingskategori>alminnelig</meldingskategori>\n";
    let turned = sample().replace(category, "").replace("  <innsending>", &format!("{category}  <innsending>"));
    assert_eq!(mended(&turned), (sample(), vec![ChangeKind::Order]));
}

#[test]
fn deductions_lose_base_and_rate() {
    let file = sample().replace(
        "<mvaKode>1</mvaKode>\n",
        "<mvaKode>1</mvaKode>\n      <grunnlag>225240.0</grunnlag>\n      <sats>25</sats>\n",
    );
    let (text, kinds) = mended(&file);
    assert_eq!((text, kinds), (sample(), vec![ChangeKind::InputBase, ChangeKind::InputBase]));
}

#[test]
fn a_kid_that_is_none_is_removed_and_a_good_one_stays() {
    let kid = |kid: &str| {
        let kid = format!("<kundeIdentifikasjonsnummer>{kid}</kundeIdentifikasjonsnummer>");
        sample().replace("<betalingsinformasjon/>", &format!("<betalingsinformasjon>{kid}</betalingsinformasjon>"))
    };
    let (text, kinds) = mended(&kid("NO123456785MVA"));
    assert_eq!(kinds, [ChangeKind::Kid]);
    assert!(text.contains("<betalingsinformasjon></betalingsinformasjon>"));
    assert_eq!(mended(&kid("311797816")), (kid("311797816"), vec![]));
    // With spaces in it, it is one all the same.
    for spaced in [" 311797816\n", "311 797 816", "311\u{a0}797\u{a0}816"] {
        assert_eq!(mended(&kid(spaced)), (kid("311797816"), vec![ChangeKind::Kid]), "{spaced:?}");
    }
}

#[test]
fn a_line_of_reverse_charge_is_split_only_where_the_sum_proves_it() {
    let two = "    <mvaSpesifikasjonslinje>\n      <mvaKode>81</mvaKode>\n      <merverdiavgift>-9600</merverdiavgift>\n    </mvaSpesifikasjonslinje>\n";
    let one = sample().replace(two, "").replace("<grunnlag>38400<", "<grunnlag>-38400<");
    assert_ne!(one, sample());
    let (text, kinds) = mended(&one);
    assert_eq!((text, kinds), (sample(), vec![ChangeKind::ReverseCharge, ChangeKind::ReverseCharge]));
    for unproven in [
        one.replace(">79857<", ">79856<"),
        one.replace("<merverdiavgift>9600<", "<merverdiavgift>9590<").replace(">79857<", ">79847<"),
        one.replace("<grunnlag>-38400<", "<grunnlag>38400<"),
    ] {
        assert_eq!(mended(&unproven), (unproven, vec![]));
    }
    let prefixed = one.replace("<mva", "<m:mva").replace("</mva", "</m:mva");
    let elements = [
        "innsending",
        "regnskap",
        "system",
        "skatt",
        "periode",
        "aar",
        "fastsatt",
        "grunnlag",
        "sats",
        "mer",
        "utvalgt",
        "betaling",
        "organisasjon",
        "melding",
    ];
    let prefixed = elements.iter().fold(prefixed, |text, name| {
        text.replace(&format!("<{name}"), &format!("<m:{name}")).replace(&format!("</{name}"), &format!("</m:{name}"))
    });
    let prefixed = prefixed.replace("xmlns=", "xmlns:m=");
    assert!(read(prefixed.as_bytes()).is_ok(), "{:?}", read(prefixed.as_bytes()));
    let mended = mend(prefixed.as_bytes()).unwrap();
    let (_, report) = check_bytes(&mended.bytes, &Context::on(date(2026, 12, 1)));
    assert_eq!((report.verdict, mended.changes.len()), (Verdict::Ok, 2));
}

/// The sample with its reverse charge on one line, and more lines of that kind whose VAT the sum has.
fn with_more_lines_of_reverse_charge(more: &[(u32, u32)]) -> String {
    let two = "    <mvaSpesifikasjonslinje>\n      <mvaKode>81</mvaKode>\n      <merverdiavgift>-9600</merverdiavgift>\n    </mvaSpesifikasjonslinje>\n";
    let one = sample().replace(two, "").replace("<grunnlag>38400<", "<grunnlag>-38400<");
    let sum: u32 = more.iter().map(|(_, vat)| vat).sum();
    let lines: String = more
        .iter()
        .map(|(code, vat)| {
            format!(
                "    <mvaSpesifikasjonslinje>\n      <mvaKode>{code}</mvaKode>\n      <grunnlag>-{}</grunnlag>\n      <sats>25</sats>\n      <merverdiavgift>{vat}</merverdiavgift>\n    </mvaSpesifikasjonslinje>\n",
                vat * 4
            )
        })
        .collect();
    let at = one.find("    <mvaSpesifikasjonslinje>").unwrap();
    format!("{}{lines}{}", &one[..at], &one[at..]).replace(">79857<", &format!(">{}<", 79857 + sum))
}

#[test]
fn of_several_lines_of_reverse_charge_those_are_split_that_the_sum_proves() {
    for (more, split) in [
        (&[(86, 1000)][..], true),
        (&[(86, 1000), (88, 700), (91, 13)], true),
        // The sum does not tell which of the two it is.
        (&[(86, 9600)], false),
        (&[(86, 1000), (88, 8600)], false),
    ] {
        let file = with_more_lines_of_reverse_charge(more);
        let mended = mend(file.as_bytes()).unwrap();
        let changed: Vec<_> = mended.changes.iter().filter_map(|change| change.vat_code.as_deref()).collect();
        assert_eq!(changed, if split { vec!["81", "81"] } else { vec![] }, "{more:?}");
        assert_eq!(mended.bytes == file.as_bytes(), !split, "{more:?}");
    }
    // Two of three, and a sum that no choice explains.
    let file = with_more_lines_of_reverse_charge(&[(86, 1000), (88, 700)]);
    let mended = mend(file.replace(">81557<", ">80857<").as_bytes()).unwrap();
    let changed: Vec<_> = mended.changes.iter().filter_map(|change| change.vat_code.as_deref()).collect();
    assert_eq!(changed, ["88", "88", "81", "81"]);
    assert_eq!(mend(file.replace(">81557<", ">89923<").as_bytes()).unwrap().changes.len(), 0);
}

/// Ten thousand lines, and no end to the choices that would do.
#[test]
fn a_sum_that_many_choices_explain_proves_none_of_them_and_costs_no_time() {
    let more: Vec<(u32, u32)> = (0..10_000).map(|at| (86, 1000 + at % 7919)).collect();
    let file = with_more_lines_of_reverse_charge(&more);
    let begun = std::time::Instant::now();
    assert_eq!(mend(file.as_bytes()).unwrap().changes.len(), 0);
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn other_encodings_stay_what_they_are() {
    let ronvik = samples::by_id("ronvik").unwrap().bytes;
    let at = memchr::memmem::find(ronvik, b"<sats>25</sats>").unwrap();
    let file = [&ronvik[..at], b"<sats>25.0</sats>", &ronvik[at + 15..]].concat();
    let mended = mend(&file).unwrap();
    assert_eq!((mended.bytes.as_slice(), mended.changes.len()), (ronvik, 1));
    let double = [b"\xEF\xBB\xBF\xEF\xBB\xBF".as_slice(), sample().as_bytes()].concat();
    let mended = mend(&double).unwrap();
    assert_eq!(mended.bytes, double[3..]);
    assert_eq!(mended.changes[0].kind, ChangeKind::ByteOrderMark);
}

#[test]
fn what_is_no_return_is_not_touched() {
    for bytes in [b"".as_slice(), b"<faktura/>", b"hei", b"<mvaMeldingDto xmlns='urn:annet'/>", b"<!DOCTYPE a><a/>"] {
        assert!(mend(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn every_change_is_said_in_three_languages() {
    let file = sample().replace("<sats>25<", "<sats>25.0<").replace("  <betalingsinformasjon/>\n", "");
    for change in mend(file.as_bytes()).unwrap().changes {
        let said = [Language::Nb, Language::Nn, Language::En].map(|language| change.text(language));
        assert!(said.iter().all(|text| text.ends_with('.')), "{said:?}");
    }
}
