//! What the facts say of single vouchers and files, one by one (docs/facts/saf-t.md; the section is in the name or beside it).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

use support::{asked, book, line, lines, shown};

macro_rules! none {
    () => {
        Vec::<&str>::new()
    };
}

#[test]
fn a_sale_in_whole_kroner_on_the_vat_account_is_explained_within_a_krone() {
    let mut book = book();
    book.voucher(&[line("3000", "-1001.50", "3"), line("2700", "-250", ""), line("1500", "1251.50", "")]);
    let draft = book.draft();
    assert_eq!(shown(&draft), ["3 100150 25 25000"]);
    assert_eq!((asked(&draft), draft.difference_ore()), (none!(), Some(0)));
}

#[test]
fn several_codes_without_amounts_are_explained_to_the_ore_only() {
    let mut exact = book();
    exact.voucher(&[
        line("3000", "-1000", "3"),
        line("3000", "-200", "31"),
        line("2700", "-250", ""),
        line("2701", "-30", ""),
        line("1500", "1480", ""),
    ]);
    assert_eq!(shown(&exact.draft()), ["3 100000 25 25000", "31 20000 15 3000"]);
    let mut rough = book();
    rough.voucher(&[
        line("3000", "-1001.50", "3"),
        line("3000", "-200", "31"),
        line("2700", "-250", ""),
        line("2701", "-30", ""),
        line("1500", "1481.50", ""),
    ]);
    assert_eq!(asked(&rough.draft()), ["tax_unknown"]);
}

#[test]
fn a_gross_line_without_base_has_the_vat_taken_off() {
    let mut book = book();
    book.voucher(&[
        line("3000", "-1250", "3 - 250.00"),
        line("1500", "1250", ""),
        line("2700", "-250", ""),
        line("3000", "250", ""),
    ]);
    assert_eq!(shown(&book.draft()), ["3 100000 25 25000"]);
}

#[test]
fn a_gross_line_without_base_and_amount_is_told_by_the_account() {
    let mut book = book();
    book.voucher(&[
        line("3000", "-1250", "3"),
        line("1500", "1250", ""),
        line("2700", "-250", ""),
        line("3000", "250", ""),
    ]);
    let draft = book.draft();
    assert_eq!((shown(&draft), asked(&draft)), (vec!["3 100000 25 25000".to_owned()], none!()));
}

#[test]
fn a_base_that_is_a_quantity_gives_way_to_the_line() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 12 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert_eq!(shown(&book.draft()), ["3 100000 25 25000"]);
}

#[test]
fn an_amount_that_is_only_the_line_again_is_unknown() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 - 1000.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    book.voucher(&[line("3120", "-500", "5 - 500.00"), line("1500", "500", "")]);
    let draft = book.draft();
    assert_eq!(
        (shown(&draft), asked(&draft)),
        (vec!["3 100000 25 25000".to_owned(), "5 50000 0 0".to_owned()], none!())
    );
}

#[test]
fn no_rate_anywhere_is_the_statutory_one() {
    let mut book = book();
    book.table = vec!["S:3:0".to_owned()];
    book.voucher(&[line("3000", "-1000", "S - 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let draft = book.draft();
    assert_eq!((shown(&draft), asked(&draft)), (vec!["3 100000 25 25000".to_owned()], none!()));
}

#[test]
fn reverse_charge_one_sided_with_a_discount_line_is_one_purchase() {
    let mut book = book();
    book.voucher(&[
        line("6790", "1000", "86 1000 250.00"),
        line("6790", "-100", "86 100 25.00"),
        line("2400", "-900", ""),
        line("2704", "-225", ""),
        line("2714", "225", ""),
    ]);
    let draft = book.draft();
    assert_eq!((shown(&draft), asked(&draft)), (vec!["86 90000 25 22500".to_owned(), "86 -22500".to_owned()], none!()));
}

#[test]
fn reverse_charge_beside_an_ordinary_purchase_and_a_sale() {
    let mut book = book();
    book.voucher(&[
        line("6790", "1000", "86 1000 250.00"),
        line("4300", "400", "1 400 100.00"),
        line("2710", "100", ""),
        line("2704", "-250", ""),
        line("2714", "250", ""),
        line("2400", "-1500", ""),
    ]);
    let draft = book.draft();
    assert_eq!(shown(&draft), ["1 -10000", "86 100000 25 25000", "86 -25000"]);
    assert_eq!((asked(&draft), draft.difference_ore()), (none!(), Some(0)));
}

#[test]
fn reverse_charge_on_one_vat_account_for_everything() {
    let mut book = book();
    book.accounts.retain(|(id, ..)| !id.starts_with("270") && !id.starts_with("271"));
    book.voucher(&[
        line("7786", "1000", "86 1000 250.00"),
        line("7787", "-1000", "86 1000 250.00"),
        line("2740", "-250", ""),
        line("2740", "250", ""),
    ]);
    let draft = book.draft();
    assert_eq!(
        (shown(&draft), asked(&draft)),
        (vec!["86 100000 25 25000".to_owned(), "86 -25000".to_owned()], none!())
    );
}

#[test]
fn reverse_charge_two_sided_credit_note_without_amounts() {
    let mut book = book();
    book.voucher(&[
        line("7786", "-1000", "86 1000"),
        line("7787", "1000", "86 1000"),
        line("2704", "250", ""),
        line("2714", "-250", ""),
    ]);
    let draft = book.draft();
    assert_eq!(shown(&draft), ["86 -100000 25 -25000", "86 25000"]);
    assert_eq!(asked(&draft), ["remark_needed"]);
}

#[test]
fn a_lone_credit_line_without_vat_accounts_is_a_credit_note_only_with_a_counterparty() {
    let mut contra = book();
    contra.voucher(&[line("7786", "1000", ""), line("4300", "-1000", "85 1000")]);
    assert_eq!(shown(&contra.draft()), ["85 100000 0 0"]);
    let mut note = book();
    note.voucher(&[line("4300", "-1000", "85 1000"), line("2400", "1000", "")]);
    assert_eq!(shown(&note.draft()), ["85 -100000 0 0"]);
    let mut named = book();
    named.voucher(&[line("7786", "-1000", "85 1000"), line("7787", "1000", "85 1000")]);
    assert_eq!(shown(&named.draft()), ["85 -100000 0 0"]);
}

#[test]
fn codes_on_one_vat_line_of_a_reverse_charge_give_both_lines() {
    let mut book = book();
    book.voucher(&[
        line("6790", "1000", ""),
        line("2400", "-1000", ""),
        line("2704", "-250", "86 1000 250.00"),
        line("2714", "250", ""),
    ]);
    let draft = book.draft();
    assert_eq!(
        (shown(&draft), asked(&draft)),
        (vec!["86 100000 25 25000".to_owned(), "86 -25000".to_owned()], none!())
    );
}

#[test]
fn customs_vat_on_the_cost_line_is_ordinary_input() {
    let mut book = book();
    book.voucher(&[line("4300", "1000", "14 1000 250.00"), line("2710", "250", ""), line("2400", "-1250", "")]);
    book.voucher(&[line("2710", "70", "14"), line("2400", "-70", "")]);
    let draft = book.draft();
    assert_eq!((shown(&draft), draft.difference_ore()), (vec!["14 -32000".to_owned()], Some(0)));
}

#[test]
fn compensation_codes() {
    let mut book = book();
    book.voucher(&[line("4300", "1000", "K1 1000 250.00"), line("1650", "250", ""), line("2400", "-1250", "")]);
    book.voucher(&[
        line("7786", "1000", "K86 1000 250.00"),
        line("7787", "-1000", "K86 1000 250.00"),
        line("2704", "-250", ""),
        line("1650", "250", ""),
    ]);
    let draft = book.draft();
    assert_eq!(shown(&draft), ["86 kompensasjonsrett 100000 25 25000"]);
    assert_eq!((asked(&draft), draft.difference_ore()), (none!(), Some(0)));
    assert_eq!(draft.not_reported.len(), 1);
}

#[test]
fn shares_are_read_from_the_input_account_or_asked() {
    let mut book = book();
    book.voucher(&[line("4300", "1100", "D 1000 250.00"), line("2710", "150", ""), line("2400", "-1250", "")]);
    book.voucher(&[
        line("6790", "1000", "D86 1000 250.00"),
        line("2704", "-250", ""),
        line("2714", "125", ""),
        line("6790", "125", ""),
        line("2400", "-1000", ""),
    ]);
    let draft = book.draft();
    assert_eq!(shown(&draft), ["1 -15000", "86 100000 25 25000", "86 -12500"]);
    assert_eq!((asked(&draft), draft.difference_ore()), (none!(), Some(0)));
    let mut stated = support::book();
    stated.voucher(&[line("4300", "1100", "D 1000 150.00"), line("2710", "150", ""), line("2400", "-1250", "")]);
    assert_eq!((shown(&stated.draft()), asked(&stated.draft())), (vec!["1 -15000".to_owned()], none!()));
    let mut odd = support::book();
    odd.voucher(&[line("4300", "1173", "D 1000 250.00"), line("2710", "77", ""), line("2400", "-1250", "")]);
    assert_eq!(asked(&odd.draft()), ["share_unknown"]);
}

#[test]
fn two_lines_with_different_shares() {
    let mut book = book();
    book.voucher(&[
        line("4300", "1000", "D 1000 250.00"),
        line("4300", "2000", "D 2000 500.00"),
        line("2710", "650", ""),
        line("4300", "100", ""),
        line("2400", "-3750", ""),
    ]);
    let draft = book.draft();
    assert_eq!((shown(&draft), asked(&draft)), (vec!["1 -65000".to_owned()], none!()));
}

#[test]
fn questions_of_codes() {
    let one = |tax: &str| {
        let mut book = book();
        book.voucher(&[line("3000", "-1000", tax), line("2700", "-250", ""), line("1500", "1250", "")]);
        asked(&book.draft())
    };
    assert_eq!(one("X 1000 250.00"), ["unmapped_code"]);
    assert_eq!(one("NA 1000 250.00"), ["unmapped_code"]);
    assert_eq!(one("- 1000 250.00"), ["tax_without_code"]);
    assert_eq!(one("5 1000 250.00"), ["tax_on_untaxed_code"]);
    assert_eq!(one("3 1000 260.00 26"), ["rate_not_valid", "voucher_difference"]);
    let mut table = book();
    table.table.clear();
    table.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert_eq!(asked(&table.draft()), ["tax_table_missing"]);
    let mut two = book();
    two.table = vec!["T:3:25".to_owned(), "T:31:25".to_owned()];
    two.voucher(&[line("3000", "-1000", "T 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert_eq!(asked(&two.draft()), ["ambiguous_code"]);
    let mut listed = book();
    for standard in ["99", "na", "N1", "121", "03", ""] {
        listed.table = vec![format!("T:{standard}:25")];
        listed.vouchers.clear();
        listed.voucher(&[line("3000", "-1000", "T 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
        assert_eq!(asked(&listed.draft()), ["unmapped_code"], "{standard}");
    }
    let mut dated = book();
    dated.table.clear();
    dated.extra_rows = "<TaxCodeDetails><TaxCode>T</TaxCode><ExpirationDate>2024-12-31</ExpirationDate><TaxPercentage>25</TaxPercentage>\
        <Country>NO</Country><StandardTaxCode>3</StandardTaxCode></TaxCodeDetails>"
        .to_owned();
    dated.voucher(&[line("3000", "-1000", "T 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert_eq!(asked(&dated.draft()), ["unmapped_code"]);
}

#[test]
fn a_code_for_sales_on_purchases_and_for_purchases_on_sales() {
    let mut book = book();
    book.voucher(&[line("4300", "1000", "3 1000 250.00"), line("2710", "250", ""), line("2400", "-1250", "")]);
    assert!(asked(&book.draft()).contains(&"code_direction"));
    let mut other = support::book();
    other.voucher(&[line("3000", "-1000", "1 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    assert!(asked(&other.draft()).contains(&"code_direction"));
    let answered = book.answered(&[("code_direction:3", "1")]);
    assert_eq!((shown(&answered), asked(&answered)), (vec!["1 -25000".to_owned()], none!()));
    // It becomes a line as that code has them, with its base.
    let sold = other.answered(&[("code_direction:1", "3")]);
    assert_eq!((shown(&sold), asked(&sold)), (vec!["3 100000 25 25000".to_owned()], none!()));
    // What the line does not state is on the accounts that the answered code posts on.
    let mut unstated = support::book();
    unstated.voucher(&[line("4300", "1000", "3"), line("2710", "250", ""), line("2400", "-1250", "")]);
    let told = unstated.answered(&[("code_direction:3", "1")]);
    assert_eq!((shown(&told), asked(&told)), (vec!["1 -25000".to_owned()], none!()));
    // «Not in the return» was a line with code 0.
    let out = book.answered(&[("code_direction:3", "0")]);
    assert_eq!((shown(&out), asked(&out)), (vec![], none!()));
    assert_eq!(out.not_reported.iter().map(|it| (&*it.own_code, &*it.code)).collect::<Vec<_>>(), [("3", "0")]);
    assert_eq!(out.differences[0].cause, books::QuestionKind::CodeDirection);
    assert!(asked(&book.answered(&[("code_direction:3", "kjøp")])).contains(&"code_direction"));
    // Credit notes are not the other direction.
    let mut notes = support::book();
    notes.voucher(&[line("3000", "1000", "3 1000 250.00"), line("2700", "250", ""), line("1500", "-1250", "")]);
    notes.voucher(&[line("4300", "-1000", "1 1000 250.00"), line("2710", "-250", ""), line("2400", "1250", "")]);
    assert_eq!(asked(&notes.draft()), ["remark_needed"]);
}

#[test]
fn hints_of_withdrawal_and_loss() {
    let sale = |account: &str, text: &str| {
        let mut book = book();
        book.on(
            "2025-03-10",
            "3",
            text,
            &[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line(account, "1250", "")],
        );
        asked(&book.draft())
    };
    assert_eq!(sale("1500", "Faktura"), none!());
    assert_eq!(sale("1500", "UTTAK av varer"), ["specification"]);
    assert_eq!(sale("2064", "Kjell sin bil"), ["specification"]);
    assert_eq!(sale("1500", "Omsetning og uttak"), none!());
    let mut loss = book();
    loss.voucher(&[line("7830", "1000", "1 1000 250.00"), line("2710", "250", ""), line("1580", "-1250", "")]);
    assert_eq!(asked(&loss.draft()), ["specification"]);
    let id = "specification:1/1/2025-03-10";
    let answered = loss.answered(&[(id, "tapPåKrav")]);
    assert_eq!((shown(&answered), asked(&answered)), (vec!["1 tapPåKrav -25000".to_owned()], none!()));
    assert_eq!(shown(&loss.answered(&[(id, "none")])), ["1 -25000"]);
}

#[test]
fn vouchers_without_codes() {
    let uncoded = |lines: &[String], period: &str| {
        let mut book = book();
        book.on("2025-03-10", period, "Bilag", lines);
        let draft = book.draft();
        (asked(&draft), draft.movement_ore.unwrap())
    };
    let (output, input) = (line("2700", "500", ""), line("2710", "-200", ""));
    // Settlement, with rounding, with the payment in the same voucher, of nothing.
    let settled = [output.clone(), input.clone(), line("2740", "-300", "")];
    assert_eq!(uncoded(&settled, "3"), (none!(), 0));
    let rounded = [output.clone(), input.clone(), line("2740", "-299", ""), line("7770", "-1", "")];
    assert_eq!(uncoded(&rounded, "3"), (none!(), 0));
    let paid_too =
        [output.clone(), input.clone(), line("2740", "-300", ""), line("2740", "300", ""), line("1920", "-300", "")];
    assert_eq!(uncoded(&paid_too, "3"), (none!(), 0));
    assert_eq!(uncoded(&[line("2700", "200", ""), input.clone()], "3"), (none!(), 0));
    // Paid directly; opening balances; the payment.
    assert_eq!(uncoded(&[output.clone(), input.clone(), line("1920", "-300", "")], "3"), (none!(), 0));
    assert_eq!(uncoded(&[output.clone(), line("1500", "-500", "")], "0"), (none!(), 0));
    assert_eq!(uncoded(&[line("2740", "300", ""), line("1920", "-300", "")], "3"), (none!(), 0));
    // Anything else counts and is asked about.
    assert_eq!(uncoded(&[output.clone(), line("1920", "-500", "")], "3"), (vec!["uncoded_vat_posting"], 50_000));
    assert_eq!(uncoded(&[input, line("4300", "200", "")], "3"), (vec!["uncoded_vat_posting"], -20_000));
    assert_eq!(uncoded(&[line("2704", "-250", ""), line("2714", "250", "")], "3").0, ["uncoded_vat_posting"]);
}

#[test]
fn vouchers_that_do_not_balance_or_come_twice() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1260", "")]);
    assert_eq!(asked(&book.draft()), ["unbalanced_voucher"]);
    let mut twice = support::book();
    for _ in 0..2 {
        twice.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
        twice.number = 0;
    }
    assert_eq!(asked(&twice.draft()), ["duplicate_voucher"]);
}

#[test]
fn stated_and_posted_differ() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 1000 240.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    let draft = book.draft();
    assert_eq!((asked(&draft), draft.difference_ore()), (vec!["voucher_difference"], Some(-1_000)));
    let answered = book.answered(&[("voucher_difference:1/1/2025-03-10", "accounts")]);
    assert_eq!(
        (shown(&answered), asked(&answered), answered.difference_ore()),
        (vec!["3 100000 25 25000".to_owned()], none!(), Some(0))
    );
    let kept = book.answered(&[("voucher_difference:1/1/2025-03-10", "stated")]);
    assert_eq!((shown(&kept), asked(&kept)), (vec!["3 100000 25 24000".to_owned()], none!()));
}

#[test]
fn base_times_rate_beyond_the_tolerance() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", "3 900 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    // The base misses and the line hits: a quantity.
    assert_eq!(asked(&book.draft()), none!());
    let mut drifted = support::book();
    drifted.voucher(&[line("3000", "-900", "3 900 250.00"), line("2700", "-250", ""), line("1500", "1150", "")]);
    assert_eq!(asked(&drifted.draft()), ["base_times_rate"]);
}

#[test]
fn base_unknown_on_vat_lines_without_base() {
    let mut book = book();
    book.voucher(&[line("3000", "-1000", ""), line("2700", "-250", "3 - 250.00"), line("1500", "1250", "")]);
    let draft = book.draft();
    assert_eq!((shown(&draft), asked(&draft)), (vec!["3 100000 25 25000".to_owned()], vec!["base_unknown"]));
    let mut input = support::book();
    input.voucher(&[line("4300", "1000", ""), line("2710", "250", "1 - 250.00"), line("2400", "-1250", "")]);
    assert_eq!((shown(&input.draft()), asked(&input.draft())), (vec!["1 -25000".to_owned()], none!()));
}

#[test]
fn periods() {
    let sale = [line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")];
    let mut late = book();
    for day in ["2025-03-01", "2025-03-02", "2025-03-03"] {
        late.on(day, "3", "Bilag", &sale);
    }
    late.on("2025-04-30", "5", "Bilag", &sale).on("2025-02-28", "3", "Bilag", &sale);
    let draft = late.draft();
    assert_eq!((asked(&draft), shown(&draft)), (vec!["period_mismatch"], vec!["3 400000 25 100000".to_owned()]));
    assert_eq!(draft.questions[0].vouchers, [3, 4]);
    assert_eq!(shown(&late.answered(&[("period_mismatch", "accounting")])), ["3 400000 25 100000"]);
    let mut declared = book();
    let say = |term: &str| {
        [
            lines("3000", "-1000", &[&format!("3 1000 250.00 25 {term}")]),
            line("2700", "-250", ""),
            line("1500", "1250", ""),
        ]
    };
    declared.on("2025-03-05", "3", "Bilag", &say("2")).on("2025-05-05", "5", "Bilag", &say("3")).on(
        "2025-02-27",
        "2",
        "Bilag",
        &say("2"),
    );
    let draft = declared.draft();
    assert_eq!((asked(&draft), shown(&draft)), (vec!["declaration_period"], vec!["3 100000 25 25000".to_owned()]));
    assert_eq!(shown(&declared.answered(&[("declaration_period", "declared")])), ["3 200000 25 50000"]);
    // Months, as the file as a whole tells.
    let mut months = book();
    months.on("2025-03-05", "3", "Bilag", &say("3")).on("2025-04-05", "4", "Bilag", &say("4")).on(
        "2025-02-05",
        "2",
        "Bilag",
        &say("2"),
    );
    assert_eq!(asked(&months.draft()), none!());
    let mut part = book();
    part.selection = "<PeriodStart>1</PeriodStart><PeriodStartYear>2025</PeriodStartYear><PeriodEnd>3</PeriodEnd><PeriodEndYear>2025</PeriodEndYear>".to_owned();
    part.voucher(&sale);
    let draft = part.draft();
    assert_eq!(asked(&draft), ["period_incomplete"]);
    assert_eq!(draft.missing_days[0].from.to_string(), "2025-04-01");
    part.selection.clear();
    assert_eq!(asked(&part.draft()), none!());
}

#[test]
fn compensation_return() {
    use books::{Request, draft};
    let mut book = book();
    book.voucher(&[line("4300", "1000", "K1 1000 250.00"), line("1650", "250", ""), line("2400", "-1250", "")]);
    book.voucher(&[
        line("6790", "400", "K86 400 100.00"),
        line("2704", "-100", ""),
        line("1650", "100", ""),
        line("2400", "-400", ""),
    ]);
    book.voucher(&[line("3000", "-1000", "3 1000 250.00"), line("2700", "-250", ""), line("1500", "1250", "")]);
    book.voucher(&[line("4300", "1000", "1 1000 250.00"), line("2710", "250", ""), line("2400", "-1250", "")]);
    let request = Request {
        period: Some(support::march_april()),
        category: vat_return::Category::Compensation,
        ..Request::default()
    };
    let draft = draft(&book.ledger(), &request);
    assert_eq!(
        (shown(&draft), asked(&draft)),
        (vec!["1 -100000 25 -25000".to_owned(), "86 -40000 25 -10000".to_owned()], none!())
    );
    assert_eq!(draft.difference_ore(), Some(0));
}

/// Books that post compensated tax as all other and move it to the claim when the term ends, and books with one account of VAT.
#[test]
fn compensation_return_of_books_that_claim_in_the_end() {
    use books::{Request, draft};
    let request = Request {
        period: Some(support::march_april()),
        category: vat_return::Category::Compensation,
        ..Request::default()
    };
    for (account, moved) in [("2710", true), ("2740", false)] {
        let mut book = book();
        book.voucher(&[line("4300", "1000", "K1 1000 250.00"), line(account, "250", ""), line("2400", "-1250", "")]);
        if moved {
            book.voucher(&[line("4300", "400", "1 400 100.00"), line("2710", "100", ""), line("2400", "-500", "")]);
            book.voucher(&[line("2710", "-250", ""), line("1650", "250", "")]);
            book.voucher(&[line("1920", "250", ""), line("1650", "-250", "")]);
        }
        let draft = draft(&book.ledger(), &request);
        assert_eq!((shown(&draft), asked(&draft)), (vec!["1 -100000 25 -25000".to_owned()], none!()), "{account}");
        assert_eq!(draft.difference_ore(), Some(0), "{account}");
    }
}
