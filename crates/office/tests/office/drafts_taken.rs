//! Lines of a second spreadsheet, or of one pasted twice, go into the draft of the same return that lies there, or into one of
//! their own, as the person chooses.

use std::fmt::Write as _;

use drafts::{Cell, Draft, Edit, Field};
use vat_return::{Category, Period, PeriodKind};
use view::{ErrorCode, SheetInto};

use crate::desk::Desk;

const FJORDLYS: &str = "311797816";
const VIKA: &str = "315203856";

/// A sale and a purchase, of two companies for one period.
fn pasted(rows: &[(&str, &str, &str)]) -> String {
    let mut text = "Orgnr\tTermin\tKode\tGrunnlag\tMva\n".to_owned();
    for (company, code, base) in rows {
        writeln!(text, "{company}\t2026-2\t{code}\t{base}\t").unwrap();
    }
    text
}

fn march_april() -> Period {
    Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 }
}

fn draft(company: &str, category: Category, base: &str) -> Draft {
    let mut draft = Draft::new(company, march_april(), category);
    let line = draft.add("3");
    draft.apply(&Edit::Type { line, field: Field::Base, text: base.into() }).unwrap();
    draft
}

fn bases(draft: &Draft) -> Vec<String> {
    draft
        .lines
        .iter()
        .filter_map(|line| match &line.base {
            Cell::Amount(base) => Some(base.to_string()),
            _ => None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_go_into_the_draft_that_is_there_with_its_sum_before_and_after_and_are_undone() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let there = office.drafts().create(&draft(FJORDLYS, Category::Ordinary, "48000")).unwrap();
    let text = pasted(&[(FJORDLYS, "3", "1000"), (VIKA, "3", "2000")]);
    let sheet = office.drafts().paste_sheet(None, &text).unwrap();
    let [fjordlys, vika] = sheet.drafts.as_slice() else { panic!("{:#?}", sheet.drafts) };
    assert_eq!((vika.another, vika.there.clone()), (false, None));
    let found = fjordlys.there.clone().unwrap();
    assert_eq!((found.id.as_str(), found.revision, found.lines), (there.id.to_string().as_str(), there.revision, 1));
    assert_eq!((found.before.as_str(), found.added.as_str(), found.replaced.as_str()), ("12000", "12250", "250"));

    // What was looked at is what is changed: all of it, or nothing.
    let stale = [SheetInto { id: found.id.clone(), revision: found.revision + 1 }];
    let refused = office.drafts().use_sheet(None, &stale, false, false).unwrap_err();
    assert_eq!((refused.code, office.drafts().list(false).unwrap().len()), (ErrorCode::DraftChangedElsewhere, 1));

    let into = [SheetInto { id: found.id.clone(), revision: found.revision }];
    let made = office.drafts().use_sheet(None, &into, false, false).unwrap();
    assert_eq!((made.len(), made[0].as_str()), (2, found.id.as_str()));
    let taken = office.drafts().get(&found.id).unwrap();
    assert_eq!(
        (bases(&taken.draft), taken.draft.sum().to_string()),
        (vec!["48000".to_owned(), "1000".to_owned()], "12250".to_owned())
    );
    assert_eq!(office.drafts().get(&made[1]).unwrap().draft.org_number.as_str(), VIKA);

    let view = office.drafts().undo(&found.id, taken.revision, false).unwrap();
    assert_eq!(view.sum, "12000");
    let again = office.drafts().undo(&found.id, view.revision, true).unwrap();
    assert_eq!(again.sum, "12250");

    // The same sheet once more, corrected: its lines take the place of those that are there.
    let sheet =
        office.drafts().paste_sheet(None, &pasted(&[(FJORDLYS, "3", "3000"), (FJORDLYS, "31", "1000")])).unwrap();
    let found = sheet.drafts[0].there.clone().unwrap();
    let into = [SheetInto { id: found.id.clone(), revision: found.revision }];
    let made = office.drafts().use_sheet(None, &into, true, false).unwrap();
    assert_eq!(made, std::slice::from_ref(&found.id));
    let replaced = office.drafts().get(&found.id).unwrap().draft;
    assert_eq!(
        (bases(&replaced), replaced.sum().to_string()),
        (vec!["3000".to_owned(), "1000".to_owned()], found.replaced)
    );
    office.close().await;
}

/// Company and period are the same, and the returns are two.
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_another_category_is_another_return() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    office.drafts().create(&draft(FJORDLYS, Category::ReverseCharge, "48000")).unwrap();
    let text = pasted(&[(FJORDLYS, "3", "1000")]);
    let [alone] = office.drafts().paste_sheet(None, &text).unwrap().drafts.try_into().unwrap();
    assert_eq!((alone.another, alone.there), (false, None));
    office.drafts().create(&draft(FJORDLYS, Category::Ordinary, "48000")).unwrap();
    let [beside] = office.drafts().paste_sheet(None, &text).unwrap().drafts.try_into().unwrap();
    assert!(beside.another && beside.there.is_some());
    office.close().await;
}

/// A sheet of another company, brought to a draft that was open, put its lines into that one.
#[tokio::test(flavor = "multi_thread")]
async fn lines_of_another_company_or_period_never_fall_into_the_draft_that_is_written() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let open = office.drafts().create(&draft(FJORDLYS, Category::Ordinary, "48000")).unwrap();
    let id = open.id.to_string();
    let sheet = office.drafts().paste_sheet(Some(&id), &pasted(&[(VIKA, "3", "2000")])).unwrap();
    assert!(sheet.drafts[0].elsewhere);
    let made = office.drafts().use_sheet(Some((&id, open.revision)), &[], true, false).unwrap();
    assert_ne!(made, std::slice::from_ref(&id));
    assert_eq!(bases(&office.drafts().get(&id).unwrap().draft), ["48000"]);
    let own = office.drafts().paste_sheet(Some(&id), &pasted(&[(FJORDLYS, "3", "2000")])).unwrap();
    assert!(!own.drafts[0].elsewhere);
    assert_eq!(
        office.drafts().use_sheet(Some((&id, open.revision)), &[], true, false).unwrap(),
        std::slice::from_ref(&id)
    );
    assert_eq!(bases(&office.drafts().get(&id).unwrap().draft), ["2000"]);
    office.close().await;
}

/// A file that was dropped is sent byte for byte.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_as_it_was_dropped_takes_no_lines() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let bytes = vat_return::samples::by_id("fjordlys").unwrap().bytes.to_vec();
    let read = vat_return::read(&bytes).unwrap();
    office.returns().open_dropped(vec![desk.file("eksport.xml", &bytes)], None).await;
    let lying = office.drafts().list(false).unwrap().remove(0);
    assert!(lying.dropped);
    let Period { index, year, .. } = read.period.value;
    let text = format!("Orgnr\tTermin\tKode\tGrunnlag\n{FJORDLYS}\t{year}-{index}\t3\t1000\n");
    let sheet = office.drafts().paste_sheet(None, &text).unwrap();
    assert_eq!((sheet.drafts[0].another, sheet.drafts[0].there.clone()), (true, None));
    let into = [SheetInto { id: lying.id.to_string(), revision: lying.revision }];
    let made = office.drafts().use_sheet(None, &into, true, false).unwrap();
    assert_ne!(made, [lying.id.to_string()]);
    assert!(office.drafts().get(&lying.id.to_string()).unwrap().dropped);
    office.close().await;
}
