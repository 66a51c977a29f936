//! What is said of files that are not returns, and where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fmt::Write as _;
use vat_return::{ComplaintKind, Language, Position, Rejection, Remark, read, samples};

const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0";

/// A small return in which pieces can be exchanged.
const GOOD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<mvaMeldingDto xmlns=\"no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0\">
  <innsending>
    <regnskapssystemsreferanse>A</regnskapssystemsreferanse>
  </innsending>
  <skattegrunnlagOgBeregnetSkatt>
    <skattleggingsperiode>
      <periode>
        <skattleggingsperiodeToMaaneder>mars-april</skattleggingsperiodeToMaaneder>
      </periode>
      <aar>2026</aar>
    </skattleggingsperiode>
    <fastsattMerverdiavgift>25</fastsattMerverdiavgift>
    <mvaSpesifikasjonslinje>
      <mvaKode>3</mvaKode>
      <grunnlag>100</grunnlag>
      <sats>25</sats>
      <merverdiavgift>25</merverdiavgift>
    </mvaSpesifikasjonslinje>
    <mvaSpesifikasjonslinje>
      <mvaKode>1</mvaKode>
      <merverdiavgift>0</merverdiavgift>
    </mvaSpesifikasjonslinje>
  </skattegrunnlagOgBeregnetSkatt>
  <betalingsinformasjon/>
  <skattepliktig>
    <organisasjonsnummer>311797816</organisasjonsnummer>
  </skattepliktig>
  <meldingskategori>alminnelig</meldingskategori>
</mvaMeldingDto>
";

fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

fn rejection(document: &str) -> Rejection {
    read(document.as_bytes()).expect_err("it is not valid")
}

/// Every complaint about a document as one line: place, path, kind; then the three sentences.
fn told(title: &str, bytes: &[u8], into: &mut String) {
    let rejection = read(bytes).expect_err(title);
    let variant = format!("{rejection:?}");
    let variant = variant.split(['(', ' ', '{']).next().unwrap();
    writeln!(into, "{title}: {variant}").unwrap();
    if rejection.complaints().is_empty() {
        for language in Language::ALL.iter().copied() {
            writeln!(into, "    {}", rejection.text(language)).unwrap();
        }
    }
    for complaint in rejection.complaints() {
        let Position { line, column } = complaint.at;
        writeln!(into, "  {line}:{column} {:?} {}", complaint.kind, complaint.path).unwrap();
        for language in Language::ALL.iter().copied() {
            writeln!(into, "    {}", complaint.text(language)).unwrap();
        }
    }
}

#[test]
fn the_good_one_is_good() {
    let good = read(GOOD.as_bytes()).unwrap();
    assert_eq!(good.lines.len(), 2);
    let at = |line, column| Position { line, column };
    assert_eq!(good.reference.at, at(4, 5));
    assert_eq!(good.period.at, at(7, 5));
    assert_eq!(good.assessed_vat.at, at(13, 5));
    assert_eq!(good.lines[0].at, at(14, 5));
    assert_eq!(good.lines[0].rate.as_ref().unwrap().at, at(17, 7));
    assert_eq!(good.lines[1].vat.at, at(22, 7));
    assert_eq!(good.org_number.unwrap().at, at(27, 5));
    assert_eq!(good.category.at, at(29, 3));
    assert_eq!(good.kid, None);
}

#[test]
fn complaints_about_the_structure() {
    let mut all = String::new();
    let cases = [
        ("element missing at the end", with("  <meldingskategori>alminnelig</meldingskategori>\n", "")),
        ("element missing in the middle", with("  <betalingsinformasjon/>\n", "")),
        (
            "choice missing",
            with("        <skattleggingsperiodeToMaaneder>mars-april</skattleggingsperiodeToMaaneder>\n", ""),
        ),
        (
            "two of a choice",
            with("      </periode>", "<skattleggingsperiodeAar>aarlig</skattleggingsperiodeAar></periode>"),
        ),
        ("unknown element", with("<grunnlag>100</grunnlag>", "<grunlag>100</grunlag>")),
        ("unknown element with unknown content", with("<sats>", "<prosent><a>x</a>&amp;</prosent><sats>")),
        (
            "wrong order",
            with("<grunnlag>100</grunnlag>\n      <sats>25</sats>", "<sats>25</sats>\n      <grunnlag>100</grunnlag>"),
        ),
        ("twice", with("<mvaKode>3</mvaKode>", "<mvaKode>3</mvaKode><mvaKode>5</mvaKode>")),
        ("after the last", with("</mvaMeldingDto>", "<merknad><beskrivelse/></merknad><innsending/></mvaMeldingDto>")),
        ("foreign namespace", with("<sats>", "<sats xmlns='urn:x'>")),
        ("no namespace", with("<sats>", "<sats xmlns=''>")),
        ("attributes", with("<sats>", "<sats enhet='%' xml:lang='nb'>")),
        (
            "attributes of the instance namespace",
            with(
                "<sats>",
                "<sats xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true' xsi:type='Beloep'>",
            ),
        ),
        ("stray text", with("<sats>", "25 %<sats>")),
        ("section between elements", with("<sats>", "<![CDATA[ ]]><sats>")),
        ("element in a value", with(">25</sats>", ">25<b>%</b></sats>")),
        ("not a number", with(">100<", ">1 000,50<")),
        ("empty number", with(">100<", "><")),
        ("not a year", with(">2026<", ">26<")),
        ("not in the list", with(">alminnelig<", ">Alminnelig <")),
        ("not in a long list", with(">mars-april<", ">april-mai<")),
        ("not nine digits", with(">311797816<", ">311 797 816<")),
        ("too long", with(">A<", &format!(">{}<", "å".repeat(4001)))),
        (
            "several at once",
            with("<mvaKode>1</mvaKode>\n      <merverdiavgift>0<", "<merverdiavgift a='b'>null<")
                .replace(">2026<", ">to<"),
        ),
    ];
    for (title, document) in &cases {
        told(title, document.as_bytes(), &mut all);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn complaints_about_the_xml() {
    let mut all = String::new();
    let deep = with("<sats>", &format!("{}<sats>", "<a>".repeat(300)));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", b"".to_vec()),
        ("blanks", b"\xEF\xBB\xBF \n".to_vec()),
        ("declaration only", b"<?xml version='1.0'?>\n".to_vec()),
        ("comment only", b"<!-- a -->".to_vec()),
        ("a picture", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("a PDF", b"%PDF-1.6\n1 0 obj\n<< /Type /Catalog >>".to_vec()),
        ("a table", "Kode;Grunnlag\n3;100\n".into()),
        ("another document", b"<faktura/>".to_vec()),
        ("another version", GOOD.replace("v1.0", "v0.9").into()),
        ("the name without namespace", GOOD.replace(&format!(" xmlns=\"{NAMESPACE}\""), "").into()),
        ("document type", with("<mvaMeldingDto", "<!DOCTYPE mvaMeldingDto [<!ENTITY a 'b'>]>\n<mvaMeldingDto").into()),
        ("too deep", deep.into()),
        ("cut off", GOOD.as_bytes()[..700].to_vec()),
        ("cut off in a tag", GOOD.as_bytes()[..709].to_vec()),
        ("wrong end tag", with("</sats>", "</grunnlag>").into()),
        ("ampersand", with(">A<", ">Berg & Dal<").into()),
        ("entity", with(">A<", ">Berg&nbsp;Dal<").into()),
        ("reference to nothing", with(">A<", ">&#0;<").into()),
        ("control character", with(">A<", ">\u{7}<").into()),
        ("section end", with(">A<", ">]]><").into()),
        ("comment", with(">A<", "><!-- a -- b --><").into()),
        ("instruction", with(">A<", "><?1?><").into()),
        ("declaration in the middle", with(">A<", "><?xml version='1.0'?><").into()),
        ("blank before the declaration", format!("\n{GOOD}").into()),
        ("malformed declaration", with("version=\"1.0\" ", "").into()),
        ("markup declaration", with(">A<", "><!ELEMENT a ANY><").into()),
        ("malformed tag", with("<sats>", "<sats:>").into()),
        ("blank in a tag", with("<sats>", "< sats>").into()),
        ("attribute without quotes", with("<sats>", "<sats a=b>").into()),
        ("attribute twice", with("<sats>", "<sats a='1' a='2'>").into()),
        ("prefix without namespace", with("<sats>25</sats>", "<m:sats>25</m:sats>").into()),
        ("forbidden namespace", with("<sats>", "<sats xmlns:xml='urn:x'>").into()),
        ("text after the end", format!("{GOOD}slutt").into()),
        ("second root", format!("{GOOD}<a/>").into()),
        (
            "bytes of another encoding",
            with(">A<", ">\u{1}<").bytes().map(|byte| if byte == 1 { 0xE5 } else { byte }).collect(),
        ),
        ("unknown encoding", GOOD.replace("UTF-8", "EBCDIC").into()),
        ("contradicting encoding", GOOD.replace("UTF-8", "UTF-16").into()),
    ];
    for (title, document) in &cases {
        told(title, document, &mut all);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn whatever_the_line_ends_the_place_is_the_same() {
    let broken = with(">100<", ">x<");
    let unix = rejection(&broken);
    let windows = rejection(&broken.replace('\n', "\r\n"));
    assert_eq!(unix, windows);
    assert_eq!(unix.complaints()[0].at, Position { line: 16, column: 7 });
}

#[test]
fn columns_are_counted_in_characters() {
    let broken = with("<sats>25</sats>", "<!-- æøå😀 --><sats>25</sats><!--\nå--><merverdiavgift>x</merverdiavgift>")
        .replacen("      <merverdiavgift>25</merverdiavgift>\n", "", 1);
    assert_eq!(rejection(&broken).complaints()[0].at, Position { line: 18, column: 5 });
    let one_line = with("<sats>25</sats>", "<mvaKode>æ</mvaKode>").replace('\n', "");
    let place = |document: &str, name: &str| {
        let before = document.split(name).next().unwrap();
        Position { line: 1, column: u32::try_from(before.chars().count()).unwrap() + 1 }
    };
    assert_eq!(rejection(&one_line).complaints()[0].at, place(&one_line, "<mvaKode>æ"));
}

#[test]
fn complaints_are_bounded() {
    let many = with("<sats>25</sats>", &"<a/>".repeat(5000));
    let rejection = rejection(&many);
    assert_eq!(rejection.complaints().len(), Rejection::MOST_COMPLAINTS);
}

#[test]
fn lines_are_bounded() {
    let many = with("<sats>", &format!("{}<sats>", "\n".repeat(1_000_001)));
    let Rejection::UnsafeXml(complaint) = rejection(&many) else { panic!() };
    assert_eq!(complaint.kind, ComplaintKind::TooManyLines);
}

#[test]
fn values_come_from_all_kinds_of_markup() {
    let document = with(">A<", "> a&amp;<!-- b --><![CDATA[<c>\r\n]]><?d?>&#x65;\r\n<");
    assert_eq!(read(document.as_bytes()).unwrap().reference.value, " a&<c>\ne\n");
    let document = with(
        "<merverdiavgift>25</merverdiavgift>",
        "<merverdiavgift> 2<!-- -->5\n</merverdiavgift><merknad><beskrivelse>&lt;</beskrivelse></merknad>",
    );
    let line = &read(document.as_bytes()).unwrap().lines[0];
    assert_eq!(line.vat.value.to_string(), "25");
    let Some(Remark::Description(description)) = &line.remark else { panic!() };
    assert_eq!(description.value, "<");
}

#[test]
fn a_prefix_is_as_good_as_none() {
    let prefixed = GOOD.replace("<", "<m:").replace("<m:/", "</m:").replace("<m:?", "<?").replace("xmlns=", "xmlns:m=");
    let (plain, prefixed) = (read(GOOD.as_bytes()).unwrap(), read(prefixed.as_bytes()).unwrap());
    assert_eq!(plain.write(), prefixed.write());
}

#[test]
fn empty_is_not_absent() {
    let with_kid = |kid: &str| {
        let document = with("<betalingsinformasjon/>", &format!("<betalingsinformasjon>{kid}</betalingsinformasjon>"));
        read(document.as_bytes()).unwrap().kid.map(|kid| kid.value.as_str().to_owned())
    };
    assert_eq!(with_kid(""), None);
    assert_eq!(with_kid("<kundeIdentifikasjonsnummer/>"), Some(String::new()));
    assert_eq!(with_kid("<kundeIdentifikasjonsnummer> </kundeIdentifikasjonsnummer>"), Some(" ".into()));
}

#[test]
fn amounts_beyond_reason_are_read_and_bounded() {
    let document = with(">100<", &format!(">{}<", "9".repeat(1000)));
    let base = read(document.as_bytes()).unwrap().lines[0].base.clone().unwrap();
    assert_eq!(base.value, vat_return::model::AMOUNT_LIMIT);
}

/// A number that is read by going one call deeper for each digit would end the program.
#[test]
fn a_number_of_endless_digits_ends_nothing() {
    let endless = "0".repeat(1_000_000);
    for from in ["grunnlag>100<", "sats>25<", "merverdiavgift>25<", "Merverdiavgift>25<"] {
        let name = from.split_once('>').unwrap().0;
        for number in [endless.clone(), format!("1.{endless}"), format!("1,{endless}")] {
            // Of a code whose VAT stands for two lines, which mending reads.
            let document = with(from, &format!("{name}>{number}<")).replace("<mvaKode>3<", "<mvaKode>86<");
            let _ =
                vat_return::check_bytes(document.as_bytes(), &vat_return::Context::on("2026-11-21".parse().unwrap()));
            let _ = vat_return::mend::mend(document.as_bytes());
        }
    }
    assert_eq!(vat_return::number(&endless), None);
    assert_eq!(vat_return::number("-1234.50").map(|number| number.to_string()).as_deref(), Some("-1234.50"));
}

#[test]
fn the_samples_encoding_makes_no_difference() {
    let latin = samples::by_id("ronvik").unwrap().bytes;
    let text: String = latin.iter().map(|byte| char::from(*byte)).collect();
    let utf_8 = text.replace("ISO-8859-1", "UTF-8");
    assert_eq!(read(utf_8.as_bytes()).unwrap().lines, read(latin).unwrap().lines);
}
