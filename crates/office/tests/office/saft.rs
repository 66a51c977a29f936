//! From a SAF-T file to a receipt: opened, asked, answered, made, filed; and what is kept of it.

use std::{fs, io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use office::Office;
use view::{
    BookView, BooksOrder, BooksQuery, BooksState, BooksView, CategoryName, CauseName, ErrorCode, FilingState,
    PeriodKindName,
};

use crate::desk::{Desk, INGRID, until};

fn sample(id: &str) -> String {
    String::from_utf8(filing::saft_sample(id).unwrap().1.to_vec()).unwrap()
}

/// Waits until every delivery has been read; its texts may still come.
async fn read(office: &Arc<Office>) -> Vec<BooksView> {
    for _ in 0..1000 {
        let books = office.books().list().unwrap();
        if !books.is_empty() && books.iter().all(|it| it.state != BooksState::Reading) {
            return books;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not read in time");
}

async fn one(office: &Arc<Office>) -> (String, BookView) {
    let books = read(office).await;
    assert_eq!(books.len(), 1, "{books:#?}");
    let book = books[0].book.clone();
    (books[0].id.clone(), book.unwrap_or_else(|| panic!("{:#?}", books[0].problem)))
}

async fn drop_on(office: &Arc<Office>, paths: Vec<PathBuf>) {
    assert_eq!(office.returns().open_dropped(paths, None).await, [], "no card");
}

/// Waits until the texts of a delivery's vouchers are there: they are read after everything else, and searched then.
async fn texts_are_read(office: &Office, id: &str) {
    for _ in 0..1000 {
        if !office.books().vouchers(id, query(0, ""), 0, 1).await.unwrap().without_texts {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the texts were not read in time");
}

fn query(line: u32, search: &str) -> BooksQuery {
    BooksQuery { line, question: None, own: None, search: search.to_owned(), order: BooksOrder::Newest }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_questions_becomes_a_filed_return_with_its_reconciliation_in_the_archive() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let path = desk.file("SAF-T Financial_311797816_1_1.xml", sample("saft-fjordlys").as_bytes());
    drop_on(&office, vec![path]).await;
    let (id, book) = one(&office).await;
    assert_eq!((book.company.as_str(), book.org_number.as_deref()), ("Fjordlys Interiør AS", Some("311797816")));
    assert_eq!((book.system.as_str(), book.version.as_str()), ("Balanse 8.2", "1.30"));
    let periods: Vec<_> = book.periods.iter().map(|period| (period.key.as_str(), period.due, period.over)).collect();
    assert_eq!(periods, [("2026-4", false, true), ("2026-5", true, true)], "the one that is due is proposed");
    let draft = book.draft.unwrap();
    assert_eq!((draft.open, draft.must), (0, 0), "{:#?}", draft.questions);
    let controls = &draft.controls;
    assert!(controls.agrees && controls.explained);
    assert_eq!((controls.difference.as_deref(), controls.unexplained.as_str()), (Some("0.00"), "0.00"));
    assert_eq!(controls.sales, controls.bases);
    assert_eq!(controls.causes.len(), 7, "always the same rows");

    let card = office.books().make_return(&id).await.unwrap();
    let origin = card.origin.clone().unwrap();
    assert_eq!(origin.files[0].name, "SAF-T Financial_311797816_1_1.xml");
    assert_eq!(origin.files[0].sha256, Some(crate::desk::sha256(sample("saft-fjordlys").as_bytes())));
    assert_eq!(card.content.as_ref().unwrap().assessed_vat, draft.sum);
    assert_eq!(card.content.as_ref().unwrap().system.as_deref(), Some("Balanse 8.2"));
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    let csv = fs::read_to_string(folder.join("avstemming.csv")).unwrap();
    assert!(csv.contains(origin.files[0].sha256.as_ref().unwrap()) && csv.contains("Meldingen"), "{csv}");
    let html = fs::read_to_string(folder.join("avstemming.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("Fjordlys Interiør AS"), "{html}");
    assert!(!folder.join("saf-t").exists(), "the file is not kept unless that is asked");
    let report = office.archive().verify().await.unwrap();
    assert!(report.complaints.is_empty(), "{report:#?}");

    // No name of a customer has been written down anywhere.
    office.close().await;
    for entry in files_below(&desk.data()).into_iter().chain(files_below(&desk.archive())) {
        let bytes = fs::read(&entry).unwrap();
        assert!(!bytes.windows(13).any(|part| part == b"Hotell Skarve"), "{}", entry.display());
    }
}

fn files_below(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_name_their_effect_keep_the_return_shut_and_are_remembered() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    office.books().open_sample("saft-vika").await.unwrap();
    let (id, book) = one(&office).await;
    let draft = book.draft.unwrap();
    let asked: Vec<_> = draft.questions.iter().map(|it| (it.kind.as_str(), it.effect.as_str(), it.must)).collect();
    assert_eq!(asked[0].0, "uncoded_vat_posting");
    assert_eq!(asked[0], ("uncoded_vat_posting", "-1250.00", true), "the largest effect first");
    assert!(asked.contains(&("specification", "0.00", false)), "{asked:?}");
    assert_eq!(office.books().make_return(&id).await.unwrap_err().code, ErrorCode::NotChecked);
    let before: i64 = draft.sum.parse().unwrap();

    texts_are_read(&office, &id).await;
    let opened = office.books().question(&id, &draft.questions[0].id).await.unwrap();
    assert!(opened.given.is_none(), "nothing is chosen beforehand");
    assert_eq!(opened.vouchers[0].text, "Justering varebil, mval. kap. 9");
    let adjust = opened.options.iter().find(|option| option.answer == "1 justering").unwrap();
    assert_eq!((adjust.effect.as_str(), adjust.sum.parse::<i64>().unwrap()), ("-1250", before - 1250));
    let ignore = opened.options.iter().find(|option| option.answer == "ignore").unwrap();
    assert_eq!(ignore.effect, "0");
    assert!(opened.lasting.unwrap().contains("1230"));
    office.books().answer(&id, &draft.questions[0].id, Some("1 justering".into()), true).await.unwrap();
    let unmapped = draft.questions.iter().find(|it| it.kind == "unmapped_code").unwrap();
    office.books().answer(&id, &unmapped.id, Some("1".into()), true).await.unwrap();

    let (_, book) = one(&office).await;
    let draft = book.draft.unwrap();
    assert_eq!((draft.must, draft.open), (0, 1), "what changes no kroner may stay open");
    assert_eq!(draft.sum.parse::<i64>().unwrap(), before - 1250 - 527);
    assert!(draft.controls.agrees, "{:#?}", draft.controls);
    let card = office.books().make_return(&id).await.unwrap();
    assert!(
        card.content.unwrap().groups.iter().flat_map(|group| &group.lines).any(|line| line.specification.is_some())
    );

    // The next file of the company and system knows what was answered; it can be seen, taken along and forgotten.
    office.books().close(&id).unwrap();
    office.books().open_sample("saft-vika").await.unwrap();
    let (id, book) = one(&office).await;
    let draft = book.draft.unwrap();
    assert_eq!(draft.must, 0);
    assert!(draft.questions.iter().any(|it| it.remembered && it.kind == "unmapped_code"), "{:#?}", draft.questions);
    let memory = office.books().memory().unwrap();
    assert_eq!(memory.len(), 1);
    assert_eq!((memory[0].org_number.as_str(), memory[0].system.as_str()), ("315203856", "Balanse"));
    assert!(office.books().memory_json().unwrap().contains("unmapped_code:V9"));
    assert_eq!(office.books().forget_answers("315203856", "Balanse", None).unwrap(), []);
    office.books().close(&id).unwrap();
    office.books().open_sample("saft-vika").await.unwrap();
    assert!(one(&office).await.1.draft.unwrap().must > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vouchers_behind_a_line_are_found_opened_copied_and_written() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    office.books().open_sample("saft-fjordlys").await.unwrap();
    let (id, book) = one(&office).await;
    let draft = book.draft.unwrap();
    let sales = draft.groups.iter().flat_map(|group| &group.lines).find(|line| line.code == "3").unwrap();
    assert_eq!(sales.own[0].code, "25U");
    let tsv = office.books().tsv(&id, query(sales.index, "kreditnota")).await.unwrap();
    assert_eq!(tsv.lines().count(), 2, "asked for at once, it waits for the texts: {tsv}");
    texts_are_read(&office, &id).await;
    let all = office.books().vouchers(&id, query(sales.index, ""), 0, 200).await.unwrap();
    assert_eq!((all.total, all.found, all.reversed), (17, 17, 1));
    assert!(!all.without_texts);
    assert_eq!(all.rows.len(), 17);
    assert!(all.rows.windows(2).all(|pair| pair[0].date >= pair[1].date), "the latest first");
    let page = office.books().vouchers(&id, query(sales.index, ""), 10, 5).await.unwrap();
    assert_eq!(page.rows, all.rows[10..15], "paged");
    let note = office.books().vouchers(&id, query(sales.index, "kreditNOTA kontorfelles"), 0, 50).await.unwrap();
    assert_eq!((note.found, note.rows[0].vat.as_str()), (1, "-1600.00"), "by text and counterparty");
    let voucher = office.books().voucher(&id, note.rows[0].voucher).await.unwrap();
    assert_eq!(voucher.party, "Kontorfellesskapet DA");
    let lines: Vec<_> = voucher.lines.iter().map(|line| (line.account.as_str(), line.debit.as_deref())).collect();
    assert_eq!(lines, [("3000", Some("6400.00")), ("2700", Some("1600.00")), ("1500", None)], "all its lines");
    let tsv = office.books().tsv(&id, query(sales.index, "kreditnota")).await.unwrap();
    let copied: Vec<&str> = tsv.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!(copied[7..], ["-6400,00", "-1600,00"], "a plain minus, a decimal comma, no blanks");
    let to = desk.data().join("bilag.csv");
    assert_eq!(office.books().csv(&id, query(sales.index, ""), to.clone()).await.unwrap(), 17);
    assert_eq!(fs::read_to_string(to).unwrap().lines().count(), 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_split_by_cause_down_to_the_voucher() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    office.books().open_sample("saft-ronvik").await.unwrap();
    let (id, book) = one(&office).await;
    let draft = book.draft.unwrap();
    let controls = &draft.controls;
    assert_eq!(controls.difference.as_deref(), Some("-84.00"));
    assert!(!controls.agrees && controls.explained);
    let cause = controls.causes.iter().find(|cause| cause.cause == CauseName::Rate).unwrap();
    assert_eq!((cause.vouchers, cause.amount.as_str()), (1, "-84.00"));
    let question = cause.question.clone().unwrap();
    let opened = office.books().question(&id, &question).await.unwrap();
    assert!(
        opened.options.iter().any(|option| option.answer == "accounts" && option.suggested && option.effect == "84")
    );
    office.books().answer(&id, &question, Some("accounts".into()), false).await.unwrap();
    assert!(one(&office).await.1.draft.unwrap().controls.agrees);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_file_of_a_filed_period_is_a_correction_that_names_the_new_vouchers() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    office.books().open_sample("saft-fjordlys").await.unwrap();
    let (id, _) = one(&office).await;
    let card = office.books().make_return(&id).await.unwrap();
    office.returns().check(&card.id).await.unwrap();
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    office.books().close(&id).unwrap();

    // Three weeks later one more invoice of October is in the books.
    let text = sample("saft-fjordlys");
    let from = text.rfind("<Transaction>").unwrap();
    let to = from + text[from..].find("</Transaction>").unwrap() + "</Transaction>".len();
    let more = text[from..to].replace("<TransactionID>", "<TransactionID>9").replace("2026-09-18", "2026-10-29");
    let later = format!("{}{more}{}", &text[..to], &text[to..]);
    drop_on(&office, vec![desk.file("senere.xml", later.as_bytes())]).await;
    let (id, book) = one(&office).await;
    let filed = book.periods.iter().find(|period| period.key == "2026-5").unwrap().filed.clone().unwrap();
    assert!(!filed.same, "the filed ones are marked");
    office
        .books()
        .choose(&id, Some("2026-5".into()), PeriodKindName::TwoMonths, CategoryName::Ordinary, true)
        .await
        .unwrap();
    let draft = one(&office).await.1.draft.unwrap();
    let since = draft.since.unwrap();
    assert!(since.known);
    assert_eq!((since.count, since.added.len()), (1, 1), "{since:#?}");
    assert!(since.added[0].voucher.contains("/910433/") || since.added[0].voucher.contains("2026-10-29"), "{since:#?}");
    assert_eq!(since.added[0].vat, "-1600.00");
    let card = office.books().make_return(&id).await.unwrap();
    assert!(card.earlier.is_some());
    office.returns().check(&card.id).await.unwrap();
    assert_eq!(office.filings().file(&card.id, false).await.unwrap_err().code, ErrorCode::AlreadyFiled);
    let second = office.filings().file(&card.id, true).await.unwrap();
    until(&office, &second.id, FilingState::Received).await;
    let folder = office.filings().archive_path(&second.id).unwrap();
    assert!(folder.join("saf-t/senere.xml").exists(), "asked for, the file is kept");
    assert!(office.archive().verify().await.unwrap().complaints.is_empty());
    // The year's other term is compared with what was filed for the ones before it.
    let (_, book) = one(&office).await;
    assert!(book.learnt);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_companies_are_several_deliveries_and_parts_of_one_are_put_together() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let paths = ["saft-fjordlys", "saft-vika"].map(|id| desk.file(&format!("mappe/{id}.xml"), sample(id).as_bytes()));
    // A folder, and a zip of both: the same two companies.
    drop_on(&office, vec![paths[0].parent().unwrap().to_owned()]).await;
    let books = read(&office).await;
    let companies: Vec<_> = books.iter().map(|it| it.book.as_ref().unwrap().company.clone()).collect();
    assert_eq!(companies, ["Fjordlys Interiør AS", "Vika Tolketjenester AS"]);
    let mut zip = zip::ZipWriter::new(fs::File::create(desk.data().join("begge.zip")).unwrap());
    for id in ["saft-fjordlys", "saft-vika"] {
        zip.start_file(format!("{id}.xml"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(sample(id).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    for delivery in &books {
        office.books().close(&delivery.id).unwrap();
    }
    drop_on(&office, vec![desk.data().join("begge.zip")]).await;
    let books = read(&office).await;
    assert_eq!(books.len(), 2, "{books:#?}");
    for delivery in &books {
        assert!(delivery.book.as_ref().unwrap().draft.is_some());
        office.books().close(&delivery.id).unwrap();
    }

    // A split set of which a part is missing asks for it, and takes it when it comes.
    let text = sample("saft-fjordlys");
    let first = text.find("<Transaction>").unwrap();
    let middle = first + text[first..].match_indices("<Transaction>").nth(20).unwrap().0;
    let end = text.rfind("</Journal>").unwrap();
    let part = |from: usize, to: usize| {
        let head = &text[..text.find("<NumberOfEntries>").unwrap()];
        format!(
            "{head}<Journal><JournalID>HB</JournalID>{}</Journal></GeneralLedgerEntries></AuditFile>",
            &text[from..to]
        )
    };
    let one_of = desk.file("del/SAF-T Financial_311797816_20261110_1_2.xml", part(first, middle).as_bytes());
    let two_of = desk.file("del/SAF-T Financial_311797816_20261110_2_2.xml", part(middle, end).as_bytes());
    drop_on(&office, vec![two_of]).await;
    let (_, book) = one(&office).await;
    assert!(book.draft.unwrap().questions.iter().any(|question| question.kind == "missing_part" && question.must));
    drop_on(&office, vec![one_of]).await;
    let (_, book) = one(&office).await;
    let draft = book.draft.unwrap();
    assert_eq!((draft.open, book.vouchers), (0, 53), "{:#?}", draft.questions);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_says_what_it_is_and_nothing_is_lost() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let text = sample("saft-fjordlys");
    let cases = [
        ("avkuttet.xml", text[..text.len() / 2].to_owned(), "truncated", "Filen slutter midt i"),
        ("svensk.xml", text.replacen(">NO<", ">SE<", 1), "other_country", "Filen er fra et annet land"),
        (
            "stort.xml",
            text.replacen("<Amount>", "<Amount>99999999999999999999", 1),
            "bad_number",
            "Et beløp kan ikke leses",
        ),
        (
            "doctype.xml",
            text.replacen("<AuditFile", "<!DOCTYPE AuditFile><AuditFile", 1),
            "doctype",
            "Filen er ikke trygg å lese",
        ),
    ];
    for (name, text, kind, title) in cases {
        drop_on(&office, vec![desk.file(name, text.as_bytes())]).await;
        let books = read(&office).await;
        let problem = books[0].problem.clone().unwrap_or_else(|| panic!("{name}"));
        assert_eq!((problem.kind.as_str(), problem.title.as_str()), (kind, title), "{problem:#?}");
        assert!(!problem.text.is_empty() && !problem.todo.is_empty());
        assert_eq!(office.books().make_return(&books[0].id).await.unwrap_err().code, ErrorCode::NotFound);
        office.books().close(&books[0].id).unwrap();
    }
    // Covered only partly: which days are missing is said, and nothing is built unless that is told.
    let short = text.replace("<SelectionEndDate>2026-10-31", "<SelectionEndDate>2026-10-22");
    drop_on(&office, vec![desk.file("kort.xml", short.as_bytes())]).await;
    let (id, book) = one(&office).await;
    let period = book.periods.iter().find(|period| period.key == "2026-5").unwrap();
    assert_eq!(period.missing.as_deref(), Some("23. oktober–31. oktober"));
    assert_eq!(office.books().make_return(&id).await.unwrap_err().code, ErrorCode::NotChecked);
    office.books().answer(&id, "period_incomplete", Some("without".into()), false).await.unwrap();
    office.books().make_return(&id).await.unwrap();
}

/// `MOMSBUD_SAFT_FILE` names a file of a million lines, as `bench_saft write FILE 1000000` writes it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a file of a million lines is written first"]
async fn the_vouchers_of_a_line_open_within_a_tenth_of_a_second_at_a_million_lines() {
    let Some(path) = std::env::var_os("MOMSBUD_SAFT_FILE") else { return };
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    drop_on(&office, vec![path.into()]).await;
    while office.books().list().unwrap().iter().any(|it| it.book.is_none()) {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let id = office.books().list().unwrap()[0].id.clone();
    let (kind, category) = (PeriodKindName::Year, CategoryName::Ordinary);
    office.books().choose(&id, None, kind, category, false).await.unwrap();
    let book = office.books().list().unwrap().remove(0).book.unwrap();
    let line = book.draft.unwrap().groups[0].lines[0].clone();
    for (what, search) in [("opened", ""), ("searched", "faktura 7")] {
        let began = std::time::Instant::now();
        let page = office.books().vouchers(&id, query(line.index, search), 0, 100).await.unwrap();
        println!("{what}: {} of {} in {:?}", page.found, page.total, began.elapsed());
        if search.is_empty() {
            assert!(began.elapsed() < Duration::from_millis(100));
        }
    }
}
