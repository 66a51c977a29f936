//! What the window shows of a delivery that was read.

use std::collections::BTreeSet;

use books::{DraftLine, Group, QuestionKind, accounts::Vat, accounts::vat_accounts, texts};
use jiff::civil::Date;
use rusqlite::Connection;
use vat_return::{Language, Period, calendar, explain};
use view::{
    BookView, BooksAccount, BooksCause, BooksControls, BooksDraft, BooksExample, BooksFiled, BooksGroup, BooksLine,
    BooksOwn, BooksPeriod, CauseName,
    ids::CardId,
    texts::{day_in_words, kroner, moment},
};

use super::{
    Book, Choice, Drafted,
    drafting::key_of,
    facts, may_file, questions, since,
    vouchers::{clean, exact, short},
};
use crate::filings::Filing;

/// Vouchers that are named with a cause.
const EXAMPLES: usize = 5;

/// Lends the database for as long as something is read.
pub(crate) type Reading<'a> = dyn Fn(&mut dyn FnMut(&Connection)) + 'a;

/// What is known beside the file: the day, the person, and what was filed.
pub struct Surroundings<'a> {
    /// The language.
    pub language: Language,
    /// Today, in Norway.
    pub today: Date,
    /// Who is signed in.
    pub person: Option<String>,
    /// Numbers of the companies that the person who is signed in may file for.
    pub companies: Option<Vec<String>>,
    /// The card still lies open.
    pub has_card: &'a dyn Fn(&CardId) -> bool,
    /// What a company has filed, whatever the category.
    pub filed: &'a dyn Fn(&str) -> Vec<Filing>,
    /// The database.
    pub db: &'a Reading<'a>,
}

pub(super) fn book(book: &Book, around: &Surroundings<'_>) -> BookView {
    let choice = book.choice().clone();
    let company = books::company(&book.ledger, &choice.answers);
    let org_number = company.org_number.clone();
    let filed = org_number.as_deref().map(around.filed).unwrap_or_default();
    let ledger = &book.ledger;
    let spans: Vec<books::Span> =
        ledger.files.iter().filter_map(|file| books::period::covered(&file.header.selection)).collect();
    let days = || ledger.vouchers().map(|(_, row)| row.date);
    let from = spans.iter().map(|span| span.from).min().or_else(|| days().min());
    let to = spans.iter().map(|span| span.to).max().or_else(|| days().max());
    let (vendor, name, version) = &company.system;
    let name = if name.is_empty() { vendor } else { name };
    let may = may_file(around.companies.as_deref(), org_number.as_deref());
    let several = if company.several.len() > 1 { company.several.clone() } else { Vec::new() };
    BookView {
        version: ledger.version().map(|version| version.text().to_owned()).unwrap_or_default(),
        company: clean(&company.name),
        several,
        may_file: may,
        system: clean(format!("{name} {version}").trim()),
        created: ledger
            .files
            .iter()
            .filter_map(|file| saf_t::day(&file.header.created))
            .max()
            .map(|day| day.to_string()),
        from: from.map(|day| day.to_string()),
        to: to.map(|day| day.to_string()),
        vouchers: short(ledger.len()),
        lines: short(ledger.line_count()),
        read_at: moment(book.read_at),
        kind: choice.kind.into(),
        category: choice.category.into(),
        learnt: choice.learnt,
        periods: periods(&choice, &filed, around),
        chosen: choice.period.map(key_of),
        facts: facts::of(book, &choice, may, around.person.as_deref(), around.language),
        draft: choice.drafted.as_ref().map(|drafted| draft(book, &choice, drafted, &filed, around)),
        keep_file: choice.keep_file,
        made: choice.made.filter(|card| (around.has_card)(card)).map(Into::into),
        org_number,
    }
}

/// Days that no file covers, in words: "23.–30. april".
fn missing(spans: &[books::Span], language: Language) -> Option<String> {
    let words = spans.iter().map(|span| {
        if span.from == span.to {
            day_in_words(span.from, language)
        } else {
            format!("{}–{}", day_in_words(span.from, language), day_in_words(span.to, language))
        }
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn periods(choice: &Choice, filed: &[Filing], around: &Surroundings<'_>) -> Vec<BooksPeriod> {
    let before = |period: Period, sum: i128| {
        let of = filed.iter().filter(|filing| {
            filing.subject.period == period
                && filing.subject.category == choice.category
                && filing.state.counts_as_filed()
        });
        of.max_by_key(|filing| filing.number).map(|filing| BooksFiled {
            filing: filing.id.to_string(),
            at: moment(filing.delivered_at.unwrap_or(filing.begun_at)),
            sum: kroner(filing.assessed_vat),
            state: filing.state,
            same: filing.assessed_vat.to_string() == sum.to_string(),
        })
    };
    choice
        .periods
        .iter()
        .map(|(candidate, sum)| {
            let period = candidate.period;
            BooksPeriod {
                key: key_of(period),
                name: period.in_words(around.language),
                vouchers: short(candidate.by_date),
                sum: sum.to_string(),
                missing: missing(&candidate.missing_days, around.language),
                over: period.last_day() < around.today,
                deadline: calendar::deadline(choice.category, &period).map(|day| day.to_string()),
                due: choice.period == Some(period),
                filed: before(period, *sum),
            }
        })
        .collect()
}

fn draft(book: &Book, choice: &Choice, drafted: &Drafted, filed: &[Filing], around: &Surroundings<'_>) -> BooksDraft {
    let language = around.language;
    let draft = &drafted.draft;
    let explained = explain(&drafted.written, language);
    let shown: Vec<usize> = draft.shown_lines().collect();
    let groups = explained.groups.iter().map(|group| BooksGroup {
        title: group.title.to_owned(),
        lines: group
            .lines
            .iter()
            .filter_map(|said| {
                let index = *shown.get(said.index)?;
                let line = draft.lines.get(index)?;
                Some(BooksLine {
                    index: short(index),
                    code: line.key.code.to_string(),
                    description: said.description.to_owned(),
                    specification: said.specification.clone(),
                    remark: said.remark.clone(),
                    base: line.base().map(|base| base.to_string()),
                    rate: line.base_ore.is_some().then(|| line.key.rate.written()),
                    vat: line.vat().to_string(),
                    deduction: said.deduction,
                    vouchers: drafted.figures.lines.get(index).map_or(0, |(count, _)| short(*count)),
                    own: own(book, drafted, index, line),
                })
            })
            .collect(),
    });
    let groups: Vec<BooksGroup> = groups.collect();
    let before = filed
        .iter()
        .filter(|filing| filing.subject.period == drafted.period && filing.subject.category == choice.category)
        .filter(|filing| filing.state.counts_as_filed())
        .max_by_key(|filing| filing.number);
    let (mut compared, mut recent) = (None, Vec::new());
    (around.db)(&mut |db| {
        if let Some(filing) = before {
            match since::compared(db, book, drafted, filing) {
                Ok(since) => compared = Some(since),
                Err(error) => tracing::error!(%error, "An earlier filing could not be compared with."),
            }
        }
        match since::recent(db, filed, drafted, language) {
            Ok(found) => recent = found,
            Err(error) => tracing::error!(%error, "Earlier returns could not be read."),
        }
    });
    BooksDraft {
        period: drafted.period.in_words(language),
        kind: explained.kind.clone(),
        deadline: calendar::deadline(choice.category, &drafted.period).map(|day| day.to_string()),
        vouchers: short(drafted.vouchers()),
        sum: draft.sum().to_string(),
        groups,
        controls: controls(book, drafted),
        questions: questions::all(book, drafted, &choice.remembered, language),
        open: short(draft.questions.len()),
        must: short(draft.must_be_answered()),
        assumed: draft
            .evidence
            .iter()
            .filter(|(evidence, _)| **evidence != books::Evidence::Stated)
            .map(|(evidence, count)| {
                let evidence = texts::evidence(*evidence, language);
                crate::filled(language, "saft.showing.linesBy", &[("count", count), ("evidence", &evidence)])
            })
            .collect(),
        warnings: draft.warnings.iter().map(|warning| clean(&warning.text(language))).collect(),
        not_reported: draft.not_reported.iter().map(|it| clean(&format!("{} ({})", it.own_code, it.code))).collect(),
        since: compared,
        recent,
    }
}

/// By own code.
fn own(book: &Book, drafted: &Drafted, line: usize, of: &DraftLine) -> Vec<BooksOwn> {
    let shares = drafted.figures.lines.get(line).map(|(_, shares)| shares.as_slice()).unwrap_or_default();
    shares
        .iter()
        .map(|(own, vouchers, base, vat)| {
            let code = own.and_then(|own| book.ledger.codes.get(own));
            BooksOwn {
                code: code.map(|code| clean(&code.text)).unwrap_or_default(),
                name: code.and_then(|code| code.rows.first()).map(|row| clean(&row.name)).unwrap_or_default(),
                vouchers: short(*vouchers),
                base: of.base_ore.map(|_| exact(*base)),
                vat: exact(*vat),
            }
        })
        .collect()
}

/// Which row of the causes a question stands in.
pub(super) fn cause(kind: QuestionKind) -> CauseName {
    match kind {
        QuestionKind::UncodedVatPosting => CauseName::NoCode,
        QuestionKind::PeriodMismatch | QuestionKind::DeclarationPeriod => CauseName::OtherPeriod,
        QuestionKind::TaxUnknown => CauseName::NoVat,
        QuestionKind::UnmappedCode
        | QuestionKind::AmbiguousCode
        | QuestionKind::TaxTableMissing
        | QuestionKind::TaxWithoutCode => CauseName::Unmapped,
        _ => CauseName::Rate,
    }
}

/// The three controls, with the causes of a difference: always the same seven rows, the empty ones too.
pub(super) fn controls(book: &Book, drafted: &Drafted) -> BooksControls {
    let draft = &drafted.draft;
    let ledger = &book.ledger;
    let vat: i128 = draft.lines.iter().map(|line| line.vat_ore).sum();
    let difference = draft.difference_ore();
    let caused: i128 = draft.differences.iter().map(|difference| difference.amount).sum();
    let unexplained = difference.map_or(0, |difference| difference - caused);
    let rows = [
        CauseName::NoCode,
        CauseName::OtherPeriod,
        CauseName::Ore,
        CauseName::NoVat,
        CauseName::Rate,
        CauseName::Unmapped,
        CauseName::Settled,
    ];
    let causes = rows.map(|name| {
        let mut vouchers: BTreeSet<usize> = BTreeSet::new();
        let mut amount = 0;
        for difference in draft.differences.iter().filter(|difference| cause(difference.cause) == name) {
            vouchers.insert(difference.voucher);
            amount += difference.amount;
        }
        let asked = draft.questions.iter().filter(|question| {
            cause(question.kind) == name
                && (name != CauseName::Rate || question.kind == QuestionKind::VoucherDifference)
        });
        let mut question = None;
        for open in asked {
            vouchers.extend(&open.vouchers);
            question = question.or_else(|| Some(open.id()));
        }
        match name {
            CauseName::Ore => amount = vat - draft.sum() * 100,
            CauseName::Settled => vouchers.extend(&draft.left_out),
            _ => {}
        }
        BooksCause {
            cause: name,
            examples: vouchers
                .iter()
                .take(EXAMPLES)
                .map(|voucher| BooksExample { voucher: short(*voucher), number: clean(ledger.number(*voucher)) })
                .collect(),
            vouchers: short(vouchers.len()),
            amount: exact(amount),
            question,
        }
    });
    let bases: i128 = draft
        .lines
        .iter()
        .filter(|line| matches!(books::group(line.key.code), Group::Output | Group::Untaxed))
        .filter_map(|line| line.base_ore)
        .sum();
    let moved = &drafted.figures.moved;
    let accounts = vat_accounts(ledger, &drafted.answers, draft.category).into_iter().filter_map(|(at, vat)| {
        let account = ledger.accounts.get(at)?;
        let amount = *moved.get(&at)?;
        let kind = match vat {
            Vat::Output => "output",
            Vat::Input => "input",
            Vat::Settlement => "settlement",
        };
        Some(BooksAccount {
            id: clean(&account.id),
            name: clean(&account.name),
            kind: kind.to_owned(),
            amount: exact(-amount),
        })
    });
    let within = 100 * i128::try_from(draft.lines.len().max(1)).unwrap_or(1);
    let name_of = |id: &str| ledger.accounts.iter().find(|account| account.id == id).map(|it| clean(&it.name));
    BooksControls {
        vat: exact(vat),
        movement: draft.movement_ore.map(|movement| exact(-movement)),
        difference: difference.map(exact),
        agrees: difference.is_none_or(|difference| difference.abs() < within),
        explained: unexplained == 0,
        unexplained: exact(unexplained),
        accounts: accounts.collect(),
        causes: causes.into(),
        rate_difference: exact(draft.base_times_rate.iter().map(|it| it.expected_ore - it.vat_ore).sum()),
        rate_misses: short(draft.base_times_rate.iter().filter(|it| it.misses).count()),
        sales: exact(draft.revenue.accounts_ore),
        bases: exact(bases),
        uncoded: draft
            .revenue
            .uncoded
            .iter()
            .map(|(id, amount)| BooksAccount {
                id: clean(id),
                name: name_of(id).unwrap_or_default(),
                kind: "none".to_owned(),
                amount: exact(*amount),
            })
            .collect(),
    }
}
