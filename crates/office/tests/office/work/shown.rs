//! What is shown and told to somebody who may see some companies only.

use std::sync::Arc;

use office::Office;
use practice::world::{FJORDLYS, VIKA};
use view::{
    CategoryName, DutyChoice, ErrorCode, ExportSelection, HistoryQuery, NoticeKind, OfficeEvent, PeriodKindName,
    ReminderSettings, SignInOutcome,
};

use super::firm::{Firm, group, one_rule, policy, signs_in};
use crate::desk::{INGRID, file_sample, sign_in, try_sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_may_be_seen_is_shown_and_told() {
    let firm = Firm::new().await;
    let office = firm.open().await;
    sign_in(&office, INGRID).await;
    let filing = file_sample(&office, "fjordlys").await;
    file_sample(&office, "vika").await;
    let before = office.start_view();
    assert_eq!((before.cards.len(), before.recent.len(), before.work), (2, 2, None));

    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[VIKA])));
    assert!(office.work().look());
    let locked = office.start_view();
    assert_eq!((locked.cards.len(), locked.recent.len()), (0, 0));
    assert!(locked.session.is_none() && locked.batch.is_none() && locked.work.unwrap().locked);
    let event = || OfficeEvent::Filing { filing: Box::new(filing.clone()) };
    assert!(office.visible_event(event()).is_none());
    let cards = || OfficeEvent::Cards { cards: Arc::new(before.cards.clone()) };
    assert!(office.visible_event(cards()).is_none());

    let view = signs_in(&office, "nora-lund").await;
    assert_eq!(view.person.unwrap().name.as_deref(), Some("Nora Lund"));
    let open = office.start_view();
    assert_eq!(open.cards.len(), 1);
    assert_eq!(open.recent.iter().map(|row| row.org_number.as_str()).collect::<Vec<_>>(), [VIKA]);
    assert_eq!(open.session.unwrap().companies.len(), 1);
    let page = office.filings().history(&HistoryQuery { limit: 9, ..HistoryQuery::default() }).unwrap();
    assert_eq!((page.rows.len(), page.total), (1, 1));
    assert!(office.visible_event(event()).is_none(), "of a company she may not see");
    let Some(OfficeEvent::Cards { cards }) = office.visible_event(cards()) else { panic!() };
    assert_eq!(cards.len(), 1);
    assert!(office.calendar().year(Some(2026)).unwrap().rows.iter().all(|row| row.org_number == VIKA));
    // A return of another company is a card that says why, without what is in it.
    let refused = office.returns().open_sample("fjordlys").await.unwrap();
    assert_eq!(refused.problem.map(|problem| problem.code), Some(ErrorCode::WorkForbidden));
    assert!(refused.content.is_none());
    let out = firm.desk.data().join("../all.csv");
    let all = ExportSelection::Found { query: HistoryQuery::default() };
    assert_eq!(office.archive().export_csv(all, out).await.unwrap().filings, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_and_deadlines_count_what_may_be_seen() {
    let firm = Firm::new().await;
    let office = firm.open().await;
    // The first look; what comes after it is news, at any hour of the day.
    office.reminders().set_settings(ReminderSettings { quiet: false, ..ReminderSettings::default() }).unwrap();
    sign_in(&office, INGRID).await;
    file_sample(&office, "fjordlys").await;
    file_sample(&office, "vika").await;
    for company in [FJORDLYS, VIKA, "310890898"] {
        let choice = DutyChoice {
            org_number: company.to_owned(),
            category: CategoryName::Ordinary,
            kind: PeriodKindName::Month,
            from: "2025-01-01".to_owned(),
        };
        office.calendar().choose_duty(&choice).unwrap();
    }
    let receipts = |office: &Office| {
        let notices = office.reminders().view().unwrap().notices;
        notices.into_iter().filter(|notice| notice.kind == NoticeKind::Receipt).collect::<Vec<_>>()
    };
    let (all, year) = (office.reminders().view().unwrap(), office.calendar().year(None).unwrap());
    let next = all.next.clone().unwrap();
    assert!(next.late >= 3 && next.remaining == 3, "{next:?}");
    assert_eq!(year.next, Some(next.clone()));
    assert!(receipts(&office).iter().any(|notice| notice.text.contains("Fjordlys")), "{:?}", all.notices);
    assert!(office.archive().periods().unwrap().len() >= 2);

    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[VIKA])));
    assert!(office.work().look());
    // Reminders go on while it is locked, and the tray names nobody.
    assert_eq!(office.reminders().tray().unwrap().next, Some(next.clone()));
    assert_eq!(office.reminders().view().unwrap_err().code, ErrorCode::WorkLocked);
    signs_in(&office, "nora-lund").await;
    let hers = office.reminders().view().unwrap();
    let counted = hers.next.clone().unwrap();
    assert_eq!((counted.day.clone(), counted.remaining), (next.day, 1));
    assert_eq!((counted.late * 3, counted.near * 3), (next.late, next.near));
    assert_eq!(office.reminders().tray().unwrap(), hers);
    assert_eq!(office.calendar().year(None).unwrap().next, Some(counted));
    let told = office.visible_event(OfficeEvent::Reminders { reminders: Box::new(all) });
    assert_eq!(told, Some(OfficeEvent::Reminders { reminders: Box::new(hers) }));
    let receipts = receipts(&office);
    assert!(!receipts.is_empty());
    for notice in receipts {
        assert_eq!(notice.org_number.as_deref(), Some(VIKA), "{notice:?}");
        assert!(!notice.text.contains("Fjordlys") && !notice.title.contains("Fjordlys"), "{notice:?}");
    }

    // Somebody who sees nothing of what is followed is told nothing of it.
    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &["312170019"])));
    office.work().look();
    let nothing = office.reminders().view().unwrap();
    assert_eq!((nothing.next, nothing.notices.len()), (None, 0));
    assert!(office.archive().periods().unwrap().is_empty() && office.calendar().year(None).unwrap().rows.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_names_no_company_that_is_kept_from_her() {
    let firm = Firm::new().await;
    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &[VIKA])));
    let office = firm.open().await;
    signs_in(&office, "nora-lund").await;
    let SignInOutcome::SignedIn { session } = try_sign_in(&office, INGRID).await else { panic!() };
    assert_eq!(session.companies.iter().map(|it| it.org_number.as_str()).collect::<Vec<_>>(), [VIKA]);
    assert_eq!(office.access().session().shown().unwrap().companies, session.companies);
    office.work_account().lock().await;
    assert_eq!(office.access().session().shown(), None);
}
