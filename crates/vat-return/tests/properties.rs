//! What must hold for every document and for every run of bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;
use vat_return::envelope::{
    Attachment, AttachmentKind, AttachmentName, AttachmentSource, Envelope, SubmissionType, Taxpayer,
};
use vat_return::payment_information::PaymentInformation;
use vat_return::validation_result::{Detail, Deviation, Outcome, Shape, ValidationResult};
use vat_return::{
    AccountNumber, AccountingSystem, Category, Kid, Language, Line, Located, OrgNumber, PaymentKid, Period, PeriodKind,
    Position, RefundKid, Rejection, Remark, VatReturn, read, samples,
};

/// Text as XML can carry it, with what must be escaped and what is wide.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        8 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(vec!['<', '>', '&', '"', '\'', ']', '\t', '\n', '\r', 'æ', 'Ø', '😀', '\u{a0}', '\u{85}', '\u{fffd}']),
        1 => any::<char>().prop_filter("XML", |character| {
            matches!(character, '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        }),
    ];
    proptest::collection::vec(character, 0..40).prop_map(|characters| characters.into_iter().collect())
}

fn located<T: std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Located<T>> {
    value.prop_map(|value| Located { value, at: Position::default() })
}

fn short() -> impl Strategy<Value = CompactString> {
    text().prop_map(CompactString::from)
}

fn amount() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (-10_000_000_i64..10_000_000).prop_map(Decimal::from),
        (-999_999_999_999_999_999_i64..=999_999_999_999_999_999, 0_u32..18)
            .prop_map(|(digits, scale)| Decimal::new(digits, scale)),
    ]
}

fn period() -> impl Strategy<Value = Period> {
    (proptest::sample::select(PeriodKind::ALL.to_vec()), any::<u8>(), prop_oneof![2000..2100_i32, -9999..=20_000_i32])
        .prop_filter("there is no year 0", |(_, _, year)| *year != 0)
        .prop_map(|(kind, index, year)| Period { kind, index: index % kind.count() + 1, year })
}

fn remark() -> impl Strategy<Value = Option<Remark>> {
    proptest::option::of(prop_oneof![
        located(short()).prop_map(Remark::Description),
        located(short()).prop_map(Remark::Chosen)
    ])
}

fn line() -> impl Strategy<Value = Line> {
    (
        located(short()),
        proptest::option::of(located(short())),
        proptest::option::of(short()),
        proptest::option::of(located(amount())),
        proptest::option::of(located(short())),
        located(amount()),
        remark(),
    )
        .prop_map(|(code, specification, own_code, base, rate, vat, remark)| Line {
            at: Position::default(),
            code,
            specification,
            own_code,
            base,
            rate,
            vat,
            remark,
        })
}

fn vat_return() -> impl Strategy<Value = VatReturn> {
    let system =
        (short(), proptest::option::of(short())).prop_map(|(name, version)| AccountingSystem { name, version });
    (
        located(short()),
        proptest::option::of(system),
        located(period()),
        located(amount()),
        proptest::collection::vec(line(), 0..6),
        proptest::option::of(located(short())),
        proptest::option::of(located("[0-9]{9}".prop_map(CompactString::from))),
        proptest::option::of(located("[0-9]{7}".prop_map(CompactString::from))),
        located(proptest::sample::select(Category::ALL.to_vec())),
        remark(),
    )
        .prop_map(
            |(
                reference,
                system,
                period,
                assessed_vat,
                lines,
                kid,
                org_number,
                identification_number,
                category,
                remark,
            )| {
                VatReturn {
                    reference,
                    system,
                    period,
                    assessed_vat,
                    lines,
                    kid: kid.map(|kid| Located { value: RefundKid::new(kid.value), at: kid.at }),
                    org_number,
                    identification_number,
                    category,
                    remark,
                }
            },
        )
}

/// The same return as if nobody knew where anything stands.
fn unplaced(mut vat_return: VatReturn) -> VatReturn {
    fn forget<T>(located: &mut Located<T>) {
        located.at = Position::default();
    }
    fn forget_remark(remark: &mut Option<Remark>) {
        if let Some(Remark::Description(text) | Remark::Chosen(text)) = remark {
            forget(text);
        }
    }
    forget(&mut vat_return.reference);
    forget(&mut vat_return.period);
    forget(&mut vat_return.assessed_vat);
    forget(&mut vat_return.category);
    if let Some(located) = &mut vat_return.kid {
        located.at = Position::default();
    }
    for located in [&mut vat_return.org_number, &mut vat_return.identification_number] {
        located.iter_mut().for_each(forget);
    }
    forget_remark(&mut vat_return.remark);
    for line in &mut vat_return.lines {
        line.at = Position::default();
        forget(&mut line.code);
        forget(&mut line.vat);
        line.specification.iter_mut().for_each(forget);
        line.rate.iter_mut().for_each(forget);
        line.base.iter_mut().for_each(forget);
        forget_remark(&mut line.remark);
    }
    vat_return
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-30_000_000_000_i64..100_000_000_000, 0..1_000_000_000_i32)
        .prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (
        proptest::sample::select(vec![AttachmentKind::VatReturn, AttachmentKind::Binary]),
        proptest::sample::select(vec![
            AttachmentSource::Authority,
            AttachmentSource::EndUserSystem,
            AttachmentSource::EndUser,
        ]),
        text(),
        proptest::option::of(moment()),
        (text(), text(), text()).prop_map(|(name, extension, content)| AttachmentName { name, extension, content }),
    )
        .prop_map(|(kind, source, created_by, created_at, name)| Attachment {
            kind,
            source,
            created_by,
            created_at,
            name,
        })
}

fn envelope() -> impl Strategy<Value = Envelope> {
    (
        prop_oneof![
            "[0-9]{9}".prop_map(Taxpayer::OrgNumber),
            "[0-9]{7}".prop_map(Taxpayer::IdentificationNumber),
            "[0-9]{11}".prop_map(Taxpayer::BirthNumber)
        ],
        period(),
        proptest::sample::select(Category::ALL.to_vec()),
        proptest::option::of(proptest::sample::select(vec![SubmissionType::Complete, SubmissionType::Incomplete])),
        proptest::option::of(text()),
        text(),
        proptest::option::of(moment()),
        proptest::collection::vec(attachment(), 0..4),
        proptest::option::of(moment()),
    )
        .prop_map(
            |(
                taxpayer,
                period,
                category,
                submission_type,
                instance_status,
                created_by,
                created_at,
                attachments,
                changed_at,
            )| {
                Envelope {
                    taxpayer,
                    period,
                    category,
                    submission_type,
                    instance_status,
                    created_by,
                    created_at,
                    attachments,
                    changed_at,
                }
            },
        )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    proptest::sample::select(Outcome::ALL.to_vec())
}

fn validation_result() -> impl Strategy<Value = ValidationResult> {
    let detail = (text(), outcome(), text(), text(), proptest::option::of(text())).prop_map(
        |(reason, kind, code, rule_definition, detail)| Detail { reason, kind, code, rule_definition, detail },
    );
    let number = || proptest::option::of(0..=i64::MAX.unsigned_abs());
    let code = proptest::option::of(text().prop_filter("the literal null is none", |code| code != "null"));
    let deviation = (text(), code, number(), number(), proptest::collection::vec(detail, 1..3))
        .prop_map(|(path, vat_code, line, column, details)| Deviation { path, vat_code, line, column, details });
    (outcome(), proptest::collection::vec(deviation, 0..4))
        .prop_map(|(outcome, deviations)| ValidationResult { outcome, deviations })
}

fn payment_information() -> impl Strategy<Value = PaymentInformation> {
    let day = (-9000_i16..9999, 1_i8..=12, 1_i8..=28)
        .prop_filter("xsd:date is written with four digits here, and has no year 0", |(year, _, _)| *year >= 1)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    (
        (text(), "[0-9]{9}", period(), text(), amount(), text(), day, text()),
        (proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text())),
    )
        .prop_map(
            |(
                (submission_reference, org_number, period, kid, amount, payee, due, account),
                (swift, iban, information),
            )| {
                PaymentInformation {
                    submission_reference,
                    org_number,
                    period,
                    kid: PaymentKid::new(kid.trim()),
                    amount,
                    payee,
                    due,
                    account,
                    swift,
                    iban,
                    information,
                }
            },
        )
}

/// A good document with a few bytes changed, removed, repeated or put in.
fn damaged(documents: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..4_u8, any::<u8>(), 1..20_usize);
    (proptest::sample::select(documents), proptest::collection::vec(change, 1..5)).prop_map(|(mut bytes, changes)| {
        for (place, kind, byte, length) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            let end = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
                _ => bytes.insert(at, *b"<>&;'\"/!?-[]= \n\r\0\xff".get(usize::from(byte) % 18).unwrap()),
            }
        }
        bytes
    })
}

fn documents() -> Vec<Vec<u8>> {
    let mut documents: Vec<Vec<u8>> = samples::ALL.iter().map(|sample| sample.bytes.to_vec()).collect();
    let fjordlys = read(samples::ALL[0].bytes).unwrap();
    let at = "2026-11-21T10:00:00Z".parse().unwrap();
    let file = AttachmentName::of_file("kreditnota.pdf", "Kreditnota");
    documents.push(Envelope::for_return(&fjordlys, "Ingrid Solvang", at, &[file]).write(true).into_bytes());
    let detail = Detail {
        reason: "begrunnelse".into(),
        kind: Outcome::Invalid,
        code: "R020".into(),
        rule_definition: "regel".into(),
        detail: Some("mer".into()),
    };
    let deviation = Deviation {
        path: "//a".into(),
        vat_code: Some("3".into()),
        line: Some(1),
        column: Some(2),
        details: vec![detail],
    };
    let result = ValidationResult { outcome: Outcome::Invalid, deviations: vec![deviation] };
    documents.push(result.write(Shape::Current).into_bytes());
    documents.push(result.write(Shape::Old).into_bytes());
    let payment = PaymentInformation {
        submission_reference: "1/2".into(),
        org_number: "311797816".into(),
        period: fjordlys.period.value,
        kid: PaymentKid::new("20260531520381"),
        amount: 79857.into(),
        payee: "Skatteetaten".into(),
        due: jiff::civil::date(2026, 12, 10),
        account: "12345678903".into(),
        swift: Some("DNBANOKK".into()),
        iban: None,
        information: Some("a & b".into()),
    };
    documents.push(payment.write().into_bytes());
    documents
}

/// Reads bytes as everything they could be; what comes of it must be tellable.
fn read_as_everything(bytes: &[u8]) {
    let results = [
        read(bytes).map(|vat_return| drop(vat_return.write())),
        Envelope::read(bytes).map(|envelope| drop(envelope.write(true))),
        ValidationResult::read(bytes).map(|result| drop((result.write(Shape::Current), result.write(Shape::Old)))),
        PaymentInformation::read(bytes).map(|information| drop(information.write())),
    ];
    for rejection in results.into_iter().filter_map(Result::err) {
        for language in Language::ALL.iter().copied() {
            assert!(!rejection.text(language).is_empty());
            for complaint in rejection.complaints() {
                assert!(!complaint.text(language).is_empty());
                assert!(complaint.at.line >= 1 && complaint.at.column >= 1, "{complaint:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_return_comes_back_as_it_was(vat_return in vat_return()) {
        let written = vat_return.write();
        let again = read(written.as_bytes()).unwrap();
        prop_assert_eq!(&unplaced(again.clone()), &vat_return);
        // And what was read is written the same.
        prop_assert_eq!(again.write(), written);
    }

    #[test]
    fn an_envelope_comes_back_as_it_was(envelope in envelope(), namespace: bool) {
        prop_assert_eq!(Envelope::read(envelope.write(namespace).as_bytes()).unwrap(), envelope);
    }

    #[test]
    fn a_validation_result_comes_back_as_it_was(result in validation_result()) {
        prop_assert_eq!(ValidationResult::read(result.write(Shape::Current).as_bytes()).unwrap(), result);
    }

    #[test]
    fn the_older_shape_keeps_what_it_has_a_place_for(result in validation_result()) {
        let again = ValidationResult::read(result.write(Shape::Old).as_bytes()).unwrap();
        let mut expected = result;
        for deviation in &mut expected.deviations {
            deviation.vat_code = None;
            deviation.line = None;
            deviation.column = None;
            deviation.details.iter_mut().for_each(|detail| detail.reason.clear());
        }
        prop_assert_eq!(again, expected);
    }

    #[test]
    fn a_payment_information_comes_back_as_it_was(information in payment_information()) {
        prop_assert_eq!(PaymentInformation::read(information.write().as_bytes()).unwrap(), information);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn no_xml_like_text_panics(text in "(<\\?xml version='1.0'( encoding='[a-zA-Z0-9-]{1,12}')?\\?>)?[<>/&;='\"!?\\-\\[\\] a-cæ\n#x0-9:]{0,200}") {
        read_as_everything(text.as_bytes());
    }

    #[test]
    fn no_damaged_document_panics(bytes in damaged(documents())) {
        read_as_everything(&bytes);
    }

    #[test]
    fn encodings_do_not_matter(vat_return in vat_return()) {
        let written = vat_return.write();
        let as_utf_16 = written.replacen("UTF-8", "UTF-16", 1);
        let little: Vec<u8> = "\u{feff}".encode_utf16().chain(as_utf_16.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = as_utf_16.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = format!("\u{feff}{written}");
        let expected = read(written.as_bytes()).unwrap();
        prop_assert_eq!(&read(&little).unwrap().lines, &expected.lines);
        prop_assert_eq!(&read(&big).unwrap().lines, &expected.lines);
        prop_assert_eq!(&read(marked.as_bytes()).unwrap().lines, &expected.lines);
    }

    #[test]
    fn numbers_never_panic_and_keep_their_digits(text in "\\PC{0,30}", digits in "[0-9]{2,25}") {
        let _ = (Kid::parse(&text), OrgNumber::parse(&text), AccountNumber::parse(&text));
        if let Ok(kid) = Kid::parse(&digits) {
            prop_assert_eq!(kid.as_str(), &digits);
            prop_assert_eq!(kid.grouped().replace('\u{a0}', ""), digits);
        }
    }

    #[test]
    fn every_stem_has_one_luhn_digit(stem in "[0-9]{1,24}") {
        let fitting = ('0'..='9').filter(|last| Kid::parse(&format!("{stem}{last}")).is_ok()).count();
        // One by modulus 10, perhaps another one by modulus 11.
        prop_assert!((1..=2).contains(&fitting), "{}", fitting);
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(digits in "[0-9]{8}", place in 0..8_usize, change in 1..10_u8) {
        let with_check = (0..10).map(|last| format!("{digits}{last}")).find(|number| OrgNumber::has_check_digit(number));
        if let Some(number) = with_check {
            let mut wrong = number.into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + change) % 10;
            prop_assert!(!OrgNumber::has_check_digit(std::str::from_utf8(&wrong).unwrap()));
        }
    }
}

#[test]
fn a_rejection_is_an_error_like_others() {
    let rejection: Box<dyn std::error::Error> = Box::new(read(b"").unwrap_err());
    assert_eq!(rejection.to_string(), "the file is empty");
    assert_eq!(read(&vec![b' '; 25_000_001]), Err(Rejection::TooLarge { size: 25_000_001 }));
}
