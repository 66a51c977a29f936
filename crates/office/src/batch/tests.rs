#![allow(clippy::unwrap_used, clippy::panic)]
use filing::{
    filings::Subject,
    ownership::{Lock, Ownership},
};
use vat_return::{Category, Period, PeriodKind};
use view::{
    EnvironmentName, StepName,
    ids::{BatchId, FilingId},
};

use super::*;

/// The nth company.
fn company(nth: &str) -> vat_return::OrgNumber {
    let mut numbers = (300_000_000_u32..).filter_map(|number| number.to_string().parse().ok());
    numbers.nth(nth.parse().unwrap()).unwrap()
}

fn filing(id: &str, org_number: &str, index: u8) -> Filing {
    Filing {
        number: 0,
        id: FilingId::named(id),
        subject: Subject {
            environment: EnvironmentName::Practice,
            org_number: company(org_number),
            category: Category::from_xml("alminnelig").unwrap(),
            period: Period { kind: PeriodKind::TwoMonths, index, year: 2026 },
        },
        company_name: None,
        assessed_vat: Decimal::from(if index == 6 { -30 } else { 100 }),
        sha256: String::new(),
        file_name: format!("{id}.xml"),
        authorization: Some(access::authorizations::AuthorizationId::new("a")),
        filed_by: Some("Astrid Haug".into()),
        signed_by: None,
        correction: false,
        state: FilingState::Queued,
        step: StepName::Instance,
        delivered: Delivered::No,
        instance: None,
        problem: None,
        begun_at: Timestamp::UNIX_EPOCH,
        delivered_at: None,
        payment: None,
        verdict: None,
        substatus: None,
        archive_folder: None,
        files: Vec::new(),
        replaced: false,
    }
}

fn with(filing: &Filing, state: FilingState, code: Option<ErrorCode>) -> Filing {
    let delivered = matches!(state, FilingState::WaitingAnswer | FilingState::Received);
    Filing {
        state,
        delivered: if delivered { Delivered::Yes } else { Delivered::No },
        problem: code.map(|code| view::problem::says(code, "It waits.")),
        ..filing.clone()
    }
}

fn batch(filings: &[Filing]) -> Batch {
    let folder = tempfile::tempdir().unwrap();
    let claim = Ownership::new(folder.path()).claim(&Lock::Batch(&BatchId::named("b"))).unwrap().unwrap();
    let kept = StoredBatch {
        number: 1,
        id: BatchId::named("b"),
        authorization: access::authorizations::AuthorizationId::new("a"),
        filed_by: Some("Astrid Haug".into()),
        started_at: Timestamp::UNIX_EPOCH,
    };
    Batch::new(kept, claim, filings)
}

/// Lets every turn that has come be taken.
fn turns(batch: &mut Batch, at_once: usize) -> Vec<String> {
    let due = batch.due(at_once);
    due.iter().for_each(|id| batch.mark_running(id, Timestamp::UNIX_EPOCH));
    due.iter().map(FilingId::name).collect()
}

#[test]
fn a_companys_returns_go_in_the_order_of_their_periods_and_several_companies_at_once() {
    let all = [filing("a5", "1", 5), filing("a2", "1", 2), filing("b1", "2", 1), filing("c1", "3", 1)];
    let mut batch = batch(&all);
    assert_eq!(turns(&mut batch, 2), ["a2", "b1"]);
    assert!(turns(&mut batch, 2).is_empty());
    // Delivered: the next of the company may begin, before the receipt is there.
    assert!(batch.follow(&with(&all[1], FilingState::WaitingAnswer, None)));
    assert_eq!(turns(&mut batch, 2), ["a5"]);
    assert!(batch.follow(&with(&all[2], FilingState::Refused, None)));
    assert_eq!(turns(&mut batch, 2), ["c1"]);
}

#[test]
fn one_that_waits_for_a_person_holds_nobody_up_and_one_that_tries_again_holds_its_company() {
    let all = [filing("a1", "1", 1), filing("a2", "1", 2), filing("b1", "2", 1), filing("b2", "2", 2)];
    let mut batch = batch(&all);
    assert_eq!(turns(&mut batch, 2), ["a1", "b1"]);
    batch.follow(&with(&all[0], FilingState::Waiting, Some(ErrorCode::NoRight)));
    batch.follow(&with(&all[2], FilingState::Waiting, Some(ErrorCode::AuthorityFault)));
    assert_eq!(turns(&mut batch, 9), ["a2"]);
    assert!(batch.next_stall().unwrap() <= STALLED);
    let view = batch.view(Timestamp::UNIX_EPOCH);
    assert_eq!((view.state, view.waiting, view.running, view.queued), (BatchState::Running, 2, 1, 1));
}

#[test]
fn one_that_pauses_makes_room_for_another_company_but_not_for_all() {
    let all: Vec<Filing> = (0..20).map(|n| filing(&format!("f{n}"), &n.to_string(), 1)).collect();
    let mut batch = batch(&all);
    assert_eq!(turns(&mut batch, 2), ["f0", "f1"]);
    assert!(
        batch.pausing(&FilingId::named("f0"), true)
            && !batch.pausing(&FilingId::named("f0"), true)
            && !batch.pausing(&FilingId::named("stranger"), true)
    );
    assert_eq!(turns(&mut batch, 2), ["f2"]);
    // It goes on: three are under way, and nothing new begins before two of them are done.
    assert!(batch.pausing(&FilingId::named("f0"), false));
    batch.follow(&with(&all[1], FilingState::WaitingAnswer, None));
    assert!(turns(&mut batch, 2).is_empty());
    // All of them pause, one after another, as when the authority is down.
    let mut under_way = vec!["f0".to_owned(), "f2".to_owned()];
    while let Some(id) = under_way.pop() {
        batch.pausing(&FilingId::named(&id), true);
        under_way.extend(turns(&mut batch, 2));
    }
    assert_eq!(batch.view(Timestamp::UNIX_EPOCH).running, 8);
}

#[test]
fn what_would_stop_all_stops_the_batch_and_says_why() {
    let all = [filing("a1", "1", 1), filing("b1", "2", 1)];
    let mut batch = batch(&all);
    assert_eq!(turns(&mut batch, 1), ["a1"]);
    batch.follow(&with(&all[0], FilingState::Waiting, Some(ErrorCode::DiskFull)));
    assert!(turns(&mut batch, 1).is_empty());
    let view = batch.view(Timestamp::UNIX_EPOCH);
    assert_eq!((view.state, view.problem.map(|problem| problem.code)), (BatchState::Paused, Some(ErrorCode::DiskFull)));
    batch.resume();
    assert_eq!(turns(&mut batch, 1), ["b1"]);
}

#[test]
fn nothing_begins_while_the_person_is_away_or_the_batch_is_paused() {
    let all = [filing("a1", "1", 1)];
    let mut batch = batch(&all);
    assert!(batch.set_signed_in(false));
    assert!(batch.due(4).is_empty());
    assert_eq!(batch.view(Timestamp::UNIX_EPOCH).state, BatchState::WaitingSignIn);
    assert!(batch.set_signed_in(true) && !batch.set_signed_in(true));
    batch.pause();
    assert!(batch.due(4).is_empty());
    assert_eq!(batch.view(Timestamp::UNIX_EPOCH).state, BatchState::Paused);
    batch.resume();
    assert_eq!(batch.due(4), [FilingId::named("a1")]);
}

#[test]
fn what_is_delivered_is_not_done_before_its_receipts_have_come() {
    let all = [filing("a1", "1", 1), filing("b1", "2", 1), filing("c1", "3", 1)];
    let mut batch = batch(&all);
    turns(&mut batch, 3);
    let state = |batch: &Batch| batch.view(Timestamp::UNIX_EPOCH).state;
    batch.follow(&with(&all[0], FilingState::WaitingAnswer, None));
    batch.follow(&with(&all[1], FilingState::Received, None));
    assert_eq!(state(&batch), BatchState::Running);
    batch.follow(&with(&all[2], FilingState::Refused, None));
    assert!(batch.is_all_sent());
    assert_eq!((state(&batch), batch.view(Timestamp::UNIX_EPOCH).answering), (BatchState::WaitingReceipts, 1));
    // Neither a person who signs out nor an earlier pause keeps receipts from coming.
    batch.set_signed_in(false);
    batch.pause();
    assert_eq!(state(&batch), BatchState::WaitingReceipts);
    batch.follow(&with(&all[0], FilingState::Received, None));
    assert_eq!(state(&batch), BatchState::Done);
}

#[test]
fn sums_are_of_what_is_delivered_and_the_pace_tells_what_is_left() {
    let all: Vec<Filing> =
        (1..=12).map(|n| filing(&format!("f{n}"), &n.to_string(), if n == 2 { 6 } else { 1 })).collect();
    let mut batch = batch(&all);
    turns(&mut batch, 12);
    let now = Timestamp::from_second(120).unwrap();
    assert_eq!(batch.view(now).minutes_left, None);
    for one in all.iter().take(6) {
        batch.follow(&with(one, FilingState::Received, None));
    }
    let view = batch.view(now);
    // Six in two minutes: the other six take as long.
    assert_eq!((view.received, view.to_pay.as_str(), view.refund.as_str()), (6, "500", "-30"));
    assert_eq!(view.minutes_left, Some(3));
    assert!(!batch.follow(&filing("stranger", "9", 1)));
    for one in &all {
        batch.follow(&with(one, FilingState::Received, None));
    }
    assert_eq!(batch.view(now).state, BatchState::Done);
}

#[test]
fn what_comes_back_stands_below_nothing_in_the_table_and_has_nothing_to_pay_by() {
    let accepted = |id: &str, index, amount: i64| {
        let mut one = with(&filing(id, "1", index), FilingState::Received, None);
        one.subject.environment = EnvironmentName::Production;
        one.payment = Some(filing::filings::Payment {
            amount: Decimal::from(amount),
            kid: None,
            account: Some("86011117947".into()),
            due: Some(jiff::civil::date(2026, 12, 10)),
        });
        one
    };
    // The authority's own answer to a refund is 0, with an account and a day all the same.
    let table = export::csv(&[accepted("owed", 1, 100), accepted("back", 6, 0)], vat_return::Language::Nb).unwrap();
    let table = String::from_utf8(table).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|row| row.split(';').skip(4).take(3).collect()).collect();
    assert_eq!(rows, [["\"=\"\"86011117947\"\"\"", "100", "10.12.2026"], ["", "-30", ""]]);
}
