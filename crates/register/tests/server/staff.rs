//! Who is responsible for whom, and who stands in.

use register::{Change, For, Permission, RegisterError};

use crate::firm::{FJORDLYS, Firm, VIKA, company};

#[tokio::test]
async fn companies_are_handed_over_all_or_none_and_the_others_hear_of_it() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let ola = firm.desk("ola").await;
    firm.admit("per", &[(Permission::See, For::One(company(FJORDLYS)))]).await;
    let of = |register: register::Register| async move {
        let mut all = register.staff().await.unwrap().responsibles;
        all.sort();
        all.into_iter().map(|(company, role)| (company.to_string(), role)).collect::<Vec<_>>()
    };
    let both = [(company(FJORDLYS), Some("Fjordlys AS".to_owned())), (company(VIKA), None)];
    let mut changes = ola.changes().unwrap();
    assert_eq!(changes.next().await, Some(Change::Anything));

    kari.hand_over(&both, Some("ola")).await.unwrap();
    let hers = [(FJORDLYS.to_owned(), "ola".to_owned()), (VIKA.to_owned(), "ola".to_owned())];
    assert_eq!(of(kari.clone()).await, hers);
    let heard = async {
        while let Some(change) = changes.next().await {
            if change == Change::Table("responsibles".to_owned()) {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(1), heard).await.expect("heard within a second");

    // One of them is not for Per: none is his.
    let refused = kari.hand_over(&both, Some("per")).await.unwrap_err();
    assert!(matches!(refused, RegisterError::SeesNot), "{refused:?}");
    let nobody = kari.hand_over(&both, Some("stranger")).await.unwrap_err();
    assert!(matches!(nobody, RegisterError::NoBookkeeper), "{nobody:?}");
    let per = firm.join("per").await.unwrap();
    let forbidden = per.hand_over(&both[..1], Some("kari")).await.unwrap_err();
    assert!(matches!(forbidden, RegisterError::NotPermitted(_)), "{forbidden:?}");
    assert_eq!(of(ola.clone()).await, hers);
    assert_eq!(of(per).await, hers[..1], "he sees one of them");

    // Two at the same moment: one is responsible afterwards, not both.
    for _ in 0..10 {
        let (one, other) = tokio::join!(kari.hand_over(&both, Some("kari")), ola.hand_over(&both, Some("ola")));
        one.unwrap();
        other.unwrap();
        let root = firm.superuser().await;
        let count: i64 = root.query_one("SELECT count(*) FROM register.responsibles", &[]).await.unwrap().get(0);
        assert_eq!(count, 2);
    }

    // Who is revoked is responsible for nothing any more; what was hers is nobody's.
    kari.hand_over(&both[..1], Some("kari")).await.unwrap();
    kari.hand_over(&both[1..], Some("ola")).await.unwrap();
    firm.administrator.revoke("ola").await.unwrap();
    assert_eq!(of(kari.clone()).await, [(FJORDLYS.to_owned(), "kari".to_owned())]);
    kari.hand_over(&both, None).await.unwrap();
    assert!(of(kari.clone()).await.is_empty());
}

#[tokio::test]
async fn who_is_away_has_somebody_who_is_there() {
    let firm = Firm::new().await;
    let kari = firm.desk("kari").await;
    let _ola = firm.desk("ola").await;
    firm.admit("gone", &[]).await;
    firm.administrator.revoke("gone").await.unwrap();
    let until = "2099-07-24".parse().unwrap();
    let hers = |register: register::Register| async move {
        let staff = register.staff().await.unwrap();
        let her = staff.colleagues.into_iter().find(|colleague| colleague.role == "kari").unwrap();
        (her.away_until, her.stand_in)
    };
    kari.set_away("kari", Some(until), Some("ola")).await.unwrap();
    assert_eq!(hers(kari.clone()).await, (Some(until), Some("ola".to_owned())));
    for nobody in ["kari", "gone", "stranger"] {
        let refused = kari.set_away("kari", Some(until), Some(nobody)).await.unwrap_err();
        assert!(matches!(refused, RegisterError::NoBookkeeper), "{nobody}: {refused:?}");
    }
    let anothers = kari.set_away("ola", Some(until), None).await.unwrap_err();
    assert!(matches!(anothers, RegisterError::NotPermitted(_)), "{anothers:?}");
    assert_eq!(hers(kari.clone()).await, (Some(until), Some("ola".to_owned())));
    kari.set_away("kari", None, None).await.unwrap();
    assert_eq!(hers(kari).await, (None, None));
}
