//! Companies are looked up in Enhetsregisteret when a person asks for it, without a sign-in, and what is found is remembered.

use view::{CompanyStanding, DraftEdit, DraftView, ErrorCode};

use crate::desk::Desk;

const LAKSELV: &str = "310029211";
const BRANCH: &str = "310029289";
const DELETED: &str = "310029009";
const BANKRUPT: &str = "310029076";
const WITHOUT_VAT: &str = "310029149";

/// A draft of a company, and what it says of how the company stands.
fn draft_for(office: &office::Office, number: &str) -> (DraftView, Vec<String>) {
    let begun = office.drafts().begin(None).unwrap();
    let company = DraftEdit::Company { text: number.to_owned() };
    let view = office.drafts().edit(&begun.id, begun.revision, &[company]).unwrap();
    let said =
        view.findings.iter().filter(|it| it.identifier == "standing").filter_map(|it| it.title.clone()).collect();
    (view, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_found_by_name_and_by_number_and_its_name_is_remembered() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let drafts = office.drafts();
    assert!(drafts.companies().unwrap().iter().all(|it| it.org_number != LAKSELV));
    let found = drafts.find_companies("lakselv tre").await.unwrap();
    assert_eq!((found.len(), found[0].org_number.as_str()), (1, LAKSELV));
    assert_eq!(found[0].standing, CompanyStanding::Registered);
    // What was only looked at is not remembered.
    assert!(drafts.companies().unwrap().iter().all(|it| it.org_number != LAKSELV));
    assert!(drafts.find_companies("Finnes Ikke").await.unwrap().is_empty());
    assert!(drafts.find_companies("x").await.unwrap().is_empty(), "one letter is not asked about");

    let (view, _) = draft_for(&office, LAKSELV);
    assert_eq!((view.company_name, view.company_lookup), (None, true));
    let found = drafts.find_companies("310 029 211").await.unwrap();
    assert_eq!(found[0].name, "Lakselv Trevare AS");
    let (view, said) = draft_for(&office, LAKSELV);
    assert_eq!((view.company_name.as_deref(), said.len()), (Some("Lakselv Trevare AS"), 0));
    office.close().await;
    drop(office);

    // And after a restart.
    let office = desk.open().await;
    assert!(office.drafts().companies().unwrap().iter().any(|it| it.org_number == LAKSELV));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_company_stands_is_said_with_its_draft_and_stops_nothing() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let cases = [
        (DELETED, CompanyStanding::Deleted, "Virksomheten er slettet"),
        (BANKRUPT, CompanyStanding::Bankrupt, "Virksomheten er konkurs"),
        (WITHOUT_VAT, CompanyStanding::NotRegisteredForVat, "Ikke registrert for mva"),
    ];
    for (number, standing, title) in cases {
        let found = office.drafts().find_companies(number).await.unwrap();
        assert_eq!((found.len(), found[0].standing), (1, standing), "{number}");
        let (view, said) = draft_for(&office, number);
        assert_eq!(said, [title], "{number}");
        assert!(view.findings.iter().all(|it| it.severity != view::SeverityName::Invalid), "{:#?}", view.findings);
    }
    // What files is the entity above a branch.
    let found = office.drafts().find_companies(BRANCH).await.unwrap();
    assert_eq!(found[0].org_number, LAKSELV);
    assert_eq!(found[0].branch.as_deref(), Some("Lakselv Trevare AS avd Alta"));
    // None of the register's.
    assert!(office.drafts().find_companies("123456785").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_does_not_answer_costs_nothing_but_the_name() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    desk.practice.stop().await;
    let why = office.drafts().find_companies(LAKSELV).await.unwrap_err();
    assert_eq!(why.code, ErrorCode::Unreachable, "{why:#?}");
    let (view, said) = draft_for(&office, LAKSELV);
    assert_eq!((view.org_number.as_deref(), view.company_name, said.len()), (Some(LAKSELV), None, 0));
}
