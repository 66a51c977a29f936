//! Books in another currency: only what is in kroner counts, and the rest is asked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use support::{asked, book, line, shown};

macro_rules! none {
    () => {
        Vec::<&str>::new()
    };
}

/// A line with its tax in kroner besides.
fn nok(line: &str, amount: &str, base: &str) -> String {
    let side = if line.contains("<DebitTaxAmount>") { "Debit" } else { "Credit" };
    let base = if base.is_empty() { String::new() } else { format!("<NOKTaxBase>{base}</NOKTaxBase>") };
    let end = format!("</Amount></{side}TaxAmount>");
    line.replace(&end, &format!("{end}<{side}NOKTaxAmount><NOKAmount>{amount}</NOKAmount>{base}</{side}NOKTaxAmount>"))
}

/// A line whose own amount is in kroner besides.
fn worth(line: &str, amount: &str) -> String {
    let at = line.find("</Amount>").unwrap() + "</Amount>".len();
    let (before, after) = line.split_at(at);
    format!("{before}<CurrencyCode>NOK</CurrencyCode><CurrencyAmount>{amount}</CurrencyAmount>{after}")
}

fn euro() -> support::Book {
    let mut book = book();
    book.currency = "EUR";
    book
}

/// The question was asked of books in kroner alone, and its answer was heard in them alone.
#[test]
fn books_in_euro_ask_about_a_code_that_goes_the_other_way() {
    let mut book = euro();
    let cost = nok(&line("4300", "100", "3 100 25.00"), "284.25", "1137.00");
    book.voucher(&[cost, line("2710", "25", ""), line("2400", "-125", "")]);
    assert!(asked(&book.draft()).contains(&"code_direction"));
    let answered = book.answered(&[("code_direction:3", "1")]);
    assert_eq!((shown(&answered), asked(&answered)), (vec!["1 -28425".to_owned()], none!()));
    let mut other = euro();
    let sale = nok(&line("3000", "-100", "1 100 25.00"), "284.25", "1137.00");
    other.voucher(&[sale, line("2700", "-25", ""), line("1500", "125", "")]);
    assert_eq!(asked(&other.draft()), ["code_direction", "remark_needed"]);
    let answered = other.answered(&[("code_direction:1", "3")]);
    assert_eq!((shown(&answered), asked(&answered)), (vec!["3 113700 25 28425".to_owned()], none!()));
}

/// A code for sales and purchases whose kroner are missing: each way is an amount of its own.
#[test]
fn books_in_euro_without_kroner_take_an_amount_for_either_way_of_a_code() {
    let mut book = euro();
    book.voucher(&[line("3000", "-100", "3 100 25"), line("2700", "-25", ""), line("1500", "125", "")]);
    book.voucher(&[line("4300", "40", "3 40 10"), line("2710", "10", ""), line("2400", "-50", "")]);
    assert_eq!(asked(&book.draft()), ["code_direction", "foreign_currency"]);
    let way = ("code_direction:3", "1");
    let open = book.answered(&[way]);
    // 25 euro are not 25 kroner.
    assert!(open.questions.iter().all(|question| question.effect != 0 && question.kroner().is_none()));
    let about: Vec<&str> = open.questions.iter().map(|question| question.about.as_str()).collect();
    assert_eq!(about, ["3", "3 (1)"]);
    let told = book.answered(&[way, ("foreign_currency:3", "283,50"), ("foreign_currency:3 (1)", "-114")]);
    assert_eq!(shown(&told), ["1 -11400", "3 113400 25 28350"]);
    assert_eq!(asked(&told), none!());
}

/// The deduction of a reverse charge was lost, and more was paid than is owed.
#[test]
fn an_amount_that_is_answered_of_a_reverse_charge_is_deducted_too() {
    let purchase = |code: &str, deducted: &str| {
        let mut book = euro();
        let rest = (25 - deducted.parse::<i32>().unwrap()).to_string();
        book.voucher(&[
            line("6790", "100", &format!("{code} 100 25")),
            line("6790", &rest, ""),
            line("2704", "-25", ""),
            line("2714", deducted, ""),
            line("2400", "-100", ""),
        ]);
        book
    };
    assert_eq!(asked(&purchase("86", "25").draft()), ["foreign_currency"]);
    let told = purchase("86", "25").answered(&[("foreign_currency:86", "284")]);
    assert_eq!((shown(&told), asked(&told)), (vec!["86 113600 25 28400".to_owned(), "86 -28400".to_owned()], none!()));
    let half = book_of(|book| {
        book.voucher(&[
            line("6790", "100", "D86 100 25"),
            line("6790", "12.50", ""),
            line("2704", "-25", ""),
            line("2714", "12.50", ""),
            line("2400", "-100", ""),
        ]);
    });
    let told = half.answered(&[("foreign_currency:D86", "284")]);
    assert_eq!(shown(&told), ["86 113600 25 28400", "86 -14200"]);
    // Both contra lines have the code.
    let memo = book_of(|book| {
        book.voucher(&[
            line("7786", "100", "86 100 25"),
            line("7787", "-100", "86 100 25"),
            line("2704", "-25", ""),
            line("2714", "25", ""),
        ]);
    });
    assert_eq!(shown(&memo.answered(&[("foreign_currency:86", "284")])), ["86 113600 25 28400", "86 -28400"]);
    // A purchase that is compensated is deducted in another return.
    let compensated = book_of(|book| {
        book.voucher(&[
            line("6790", "100", "K86 100 25"),
            line("2704", "-25", ""),
            line("1650", "25", ""),
            line("2400", "-100", ""),
        ]);
    });
    let told = compensated.answered(&[("foreign_currency:K86", "284")]);
    assert_eq!(shown(&told), ["86 kompensasjonsrett 113600 25 28400"]);
}

fn book_of(fill: impl FnOnce(&mut support::Book)) -> support::Book {
    let mut book = euro();
    fill(&mut book);
    book
}

#[test]
fn an_amount_that_is_answered_is_a_withdrawal_where_that_is_answered_too() {
    let mut book = euro();
    let sale = [line("3000", "-100", "3 100 25"), line("2700", "-25", ""), line("2064", "125", "")];
    book.on("2025-03-10", "3", "Uttak av varer", &sale);
    let draft = book.draft();
    assert_eq!(asked(&draft), ["specification", "foreign_currency"]);
    let told = book.answered(&[("foreign_currency:3", "284"), ("specification:1/1/2025-03-10", "uttak")]);
    assert_eq!((shown(&told), asked(&told)), (vec!["3 uttak 113600 25 28400".to_owned()], none!()));
}

#[test]
fn what_is_answered_and_is_no_amount_is_asked_again() {
    let mut book = euro();
    book.voucher(&[line("3000", "-100", "3 100 25"), line("2700", "-25", ""), line("1500", "125", "")]);
    for answer in ["vet ikke", "1.134,50", "12x"] {
        assert_eq!(asked(&book.answered(&[("foreign_currency:3", answer)])), ["foreign_currency"], "{answer}");
    }
}

/// Tax in kroner that is nothing is not stated, as in books in kroner (facts, section 3).
#[test]
fn vat_of_nothing_in_kroner_follows_from_the_base_in_kroner_or_is_asked() {
    let sale = |amount: &str, base: &str| {
        let mut book = euro();
        let sale = nok(&line("3000", "-100", "3 100 25.00"), amount, base);
        book.voucher(&[sale, line("2700", "-25", ""), line("1500", "125", "")]);
        (shown(&book.draft()), asked(&book.draft()))
    };
    assert_eq!(sale("0.00", "1137.00"), (vec!["3 113700 25 28425".to_owned()], none!()));
    assert_eq!(sale("0.00", ""), (vec![], vec!["foreign_currency"]));
}

/// An account of VAT whose line is in kroner, with a code and no amount of tax: in books in kroner the line is the tax.
#[test]
fn a_line_in_kroner_on_an_account_of_vat_is_the_vat() {
    let mut book = euro();
    book.voucher(&[worth(&line("2710", "20", "14"), "227.40"), line("2400", "-20", "")]);
    assert_eq!((shown(&book.draft()), asked(&book.draft())), (vec!["14 -22740".to_owned()], none!()));
}

/// Codes stand on accounts of VAT alone, and sales without VAT beside them.
#[test]
fn books_in_euro_ask_about_income_that_carries_no_code() {
    let mut book = euro();
    let vat = nok(&line("2700", "-25", "3 100 25.00"), "284.25", "1137.00");
    book.voucher(&[line("3000", "-100", ""), line("3120", "-60", ""), vat, line("1500", "185", "")]);
    assert_eq!(asked(&book.draft()), ["zero_rated_invisible"]);
    let code = ("zero_rated_invisible:3120", "6");
    assert_eq!(asked(&book.answered(&[code])), ["foreign_currency"]);
    let told = book.answered(&[code, ("foreign_currency:3120", "682,20")]);
    assert_eq!((shown(&told), asked(&told)), (vec!["3 113700 25 28425".to_owned(), "6 68220 0 0".to_owned()], none!()));
}

#[test]
fn books_in_euro() {
    let mut book = book();
    book.currency = "EUR";
    let nok =
        |tax: &str, nok: &str| tax.replace("</Amount></CreditTaxAmount>", &format!("</Amount></CreditTaxAmount>{nok}"));
    let sale = line("3000", "-100", "3 100 25.00");
    book.voucher(&[sale.clone(), line("2700", "-25", ""), line("1500", "125", "")]);
    assert_eq!(asked(&book.draft()), ["foreign_currency"]);
    let with = |extra: &str| {
        let mut book = support::book();
        book.currency = "EUR";
        book.voucher(&[nok(&sale, extra), line("2700", "-25", ""), line("1500", "125", "")]);
        let draft = book.draft();
        (shown(&draft), asked(&draft), draft.movement_ore)
    };
    let both = "<CreditNOKTaxAmount><NOKAmount>290.00</NOKAmount><NOKTaxBase>1160.00</NOKTaxBase></CreditNOKTaxAmount>";
    assert_eq!(with(both), (vec!["3 116000 25 29000".to_owned()], none!(), None));
    let vat_only = "<CreditNOKTaxAmount><NOKAmount>290.00</NOKAmount></CreditNOKTaxAmount>";
    assert_eq!(with(vat_only), (vec!["3 116000 25 29000".to_owned()], vec!["nok_base_missing"], None));
}

/// A purchase in euro whose VAT is in kroner besides.
fn purchase_in_euro(tax: &str, nok: &str, deducted: &str) -> support::Book {
    let mut book = support::book();
    book.currency = "EUR";
    let nok = format!(
        "</Amount></DebitTaxAmount><DebitNOKTaxAmount><NOKAmount>{nok}</NOKAmount><NOKTaxBase>1137.00</NOKTaxBase></DebitNOKTaxAmount>"
    );
    let cost = line("4300", "100", tax).replace("</Amount></DebitTaxAmount>", &nok);
    let rest = 25 - deducted.parse::<i32>().unwrap();
    book.voucher(&[cost, line("4300", &rest.to_string(), ""), line("2710", deducted, ""), line("2400", "-125", "")]);
    book
}

/// The whole VAT was deducted where the accounts say that only a share was.
#[test]
fn books_in_euro_deduct_the_share_that_their_accounts_tell() {
    let of = |book: support::Book| (shown(&book.draft()), asked(&book.draft()));
    assert_eq!(of(purchase_in_euro("D 100 25.00", "284.25", "15")), (vec!["1 -17055".to_owned()], none!()));
    assert_eq!(of(purchase_in_euro("D 100 15.00", "170.55", "15")), (vec!["1 -17055".to_owned()], none!()));
    let odd = purchase_in_euro("D 100 25.00", "284.25", "7");
    assert_eq!(asked(&odd.draft()), ["share_unknown"]);
    assert_eq!(shown(&odd.answered(&[("share_unknown:1/1/2025-03-10", "60")])), ["1 -17055"]);
    assert_eq!(of(purchase_in_euro("1 100 25.00", "284.25", "25")), (vec!["1 -28425".to_owned()], none!()));
}

/// Amounts in euro went into the return as kroner when VAT without a code was answered.
#[test]
fn books_in_euro_ask_what_vat_without_a_code_is_in_kroner() {
    let mut book = support::book();
    book.currency = "EUR";
    book.voucher(&[line("2710", "20", ""), line("4300", "-20", "")]);
    let posting = ("uncoded_vat_posting:1/1/2025-03-10", "1 justering");
    assert_eq!(asked(&book.draft()), ["uncoded_vat_posting"]);
    let open = book.answered(&[posting]);
    assert_eq!((shown(&open).len(), asked(&open)), (0, vec!["foreign_currency"]));
    let told = book.answered(&[posting, ("foreign_currency:1/1/2025-03-10", "-227,40")]);
    assert_eq!((shown(&told), asked(&told)), (vec!["1 justering -22740".to_owned()], none!()));
}

#[test]
fn books_in_euro_drop_vat_on_a_code_without_and_hear_a_withdrawal() {
    let with = |account: &str, tax: &str, text: &str| {
        let mut book = support::book();
        book.currency = "EUR";
        let nok =
            "<CreditNOKTaxAmount><NOKAmount>284.25</NOKAmount><NOKTaxBase>1137.00</NOKTaxBase></CreditNOKTaxAmount>";
        let sale = line(account, "-100", tax)
            .replace("</Amount></CreditTaxAmount>", &format!("</Amount></CreditTaxAmount>{nok}"));
        book.on("2025-03-10", "3", text, &[sale, line("2700", "-25", ""), line("1500", "125", "")]);
        (shown(&book.draft()), asked(&book.draft()))
    };
    assert_eq!(with("3120", "6 100 25.00", "Bilag"), (vec!["6 113700 0 0".to_owned()], vec!["tax_on_untaxed_code"]));
    assert_eq!(
        with("3000", "3 100 25.00", "Uttak av varer"),
        (vec!["3 113700 25 28425".to_owned()], vec!["specification"])
    );
}

#[test]
fn amounts_in_kroner_count_wherever_the_header_with_the_currency_stands() {
    let mut book = book();
    book.currency = "EUR";
    let nok = "<CreditNOKTaxAmount><NOKAmount>290.00</NOKAmount><NOKTaxBase>1160.00</NOKTaxBase></CreditNOKTaxAmount>";
    let sale = line("3000", "-100", "3 100 25.00")
        .replace("</Amount></CreditTaxAmount>", &format!("</Amount></CreditTaxAmount>{nok}"));
    book.voucher(&[sale, line("2700", "-25", ""), line("1500", "125", "")]);
    for xml in [book.xml(), support::header_last(&book.xml())] {
        let ledger = support::read(&[("a.xml", xml.into_bytes())]).unwrap();
        let draft = books::draft(&ledger, &books::Request::default());
        assert_eq!((shown(&draft), asked(&draft)), (vec!["3 116000 25 29000".to_owned()], none!()));
    }
}

/// The base of what is compensated was in euro.
#[test]
fn a_compensation_return_of_books_in_euro_is_in_kroner() {
    let mut book = euro();
    let cost = nok(&line("4300", "100", "K1 100 25.00"), "284.25", "1137.00");
    book.voucher(&[cost, line("1650", "25", ""), line("2400", "-125", "")]);
    let abroad = nok(&line("6790", "40", "K86 40 10.00"), "113.70", "454.80");
    book.voucher(&[abroad, line("2704", "-10", ""), line("1650", "10", ""), line("2400", "-40", "")]);
    let request = books::Request {
        period: Some(support::march_april()),
        category: vat_return::Category::Compensation,
        ..books::Request::default()
    };
    let draft = books::draft(&book.ledger(), &request);
    assert_eq!(shown(&draft), ["1 -113700 25 -28425", "86 -45480 25 -11370"]);
    assert_eq!(asked(&draft), none!());
}
