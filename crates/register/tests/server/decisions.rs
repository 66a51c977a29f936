//! Every request to every claim there can be, decided by the program and by the database: they are one protocol.

use std::collections::BTreeSet;

use futures_util::future::join4;
use register::claim::{Answer, Claim, Phase, Request, Server, Token, decide};
use tokio_postgres::{Client, Row, Statement, types::ToSql};
use uuid::Uuid;

use crate::firm::{FJORDLYS, Firm, PASSWORD};

type Who = (Uuid, String);
type DocumentState = Option<Claim<Who, String>>;

const OF: &str = "environment = 'practice' AND org_number = '311797816' AND category = 'alminnelig' \
                  AND period_from = '2026-03-01' AND period_to = '2026-04-30'";

/// Writes a claim past all rules.
async fn put(root: &Client, claim: &DocumentState) {
    root.batch_execute("DELETE FROM register.claims; DELETE FROM register.deliveries").await.unwrap();
    let Some(claim) = claim else { return };
    root.execute(
        "INSERT INTO register.claims (environment, org_number, category, period_from, period_to, era, fence, phase, desk, \
         filing, role, instance, search, lease_until) SELECT 'practice', $1::text, 'alminnelig', '2026-03-01', '2026-04-30', $2, \
         $3, $4, $5, $6, role, $7, $8, clock_timestamp() + make_interval(secs => $9) FROM register.desks WHERE id = $5",
        &[
            &FJORDLYS,
            &claim.token.era,
            &claim.token.fence,
            &claim.phase.name(),
            &claim.who.0,
            &claim.who.1,
            &claim.instance,
            &claim.search,
            &(if claim.running { 60.0_f64 } else { -1.0 }),
        ],
    )
    .await
    .unwrap();
    for instance in &claim.delivered {
        root.execute(
            "INSERT INTO register.deliveries (environment, org_number, category, period_from, period_to, instance, filing, \
             role, desk) SELECT environment, org_number, category, period_from, period_to, $1, filing, role, desk \
             FROM register.claims",
            &[instance],
        )
        .await
        .unwrap();
    }
}

/// A bookkeeper's session, and what she asks in it.
struct Asks {
    session: Client,
    claim: Statement,
    read: Statement,
}

impl Asks {
    async fn new(session: Client) -> Self {
        let claim = session
            .prepare(
                "SELECT answer, era, fence, instance, search, delivered, who_desk, who_filing FROM register.claim($1, \
                 'practice', '311797816', 'alminnelig', '2026-03-01', '2026-04-30', $2, $3, $4, $5, $6, '90 s')",
            )
            .await
            .unwrap();
        let read = session
            .prepare(&format!(
                "SELECT era, fence, phase, desk, filing, instance, search, lease_until > clock_timestamp(), \
                 ARRAY(SELECT instance FROM register.deliveries WHERE {OF}) FROM register.claims WHERE {OF}"
            ))
            .await
            .unwrap();
        Self { session, claim, read }
    }
}

fn kept(rows: &[Row]) -> DocumentState {
    let row = rows.first()?;
    let phase = match row.get::<_, &str>(2) {
        "free" => Phase::Free,
        "held" => Phase::Held,
        _ => Phase::Delivering,
    };
    Some(Claim {
        token: Token { era: row.get(0), fence: row.get(1) },
        phase,
        who: (row.get(3), row.get(4)),
        instance: row.get(5),
        search: row.get(6),
        running: row.get(7),
        delivered: row.get::<_, Vec<String>>(8).into_iter().collect(),
    })
}

/// Asks the database within a transaction that is taken back, and reads what has become of the claim: all in one go.
async fn ask(asks: &Asks, filing: &str, request: &Request<String>) -> (DocumentState, Answer<Who, String>) {
    let (name, token, seen, instance) = match request.clone() {
        Request::Take { seen } => ("take", None, seen, None),
        Request::Renew { token, instance } => ("renew", Some(token), 0, instance),
        Request::Deliver { token, instance } => ("deliver", Some(token), 0, Some(instance)),
        Request::Delivered { token, instance } => ("delivered", Some(token), 0, Some(instance)),
        Request::Settle { token } => ("settle", Some(token), 0, None),
        Request::Release { token } => ("release", Some(token), 0, None),
    };
    let (seen, era, fence) = (i32::try_from(seen).unwrap(), token.map(|it| it.era), token.map(|it| it.fence));
    let parameters: [&(dyn ToSql + Sync); 6] = [&name, &filing, &seen, &era, &fence, &instance];
    let session = &asks.session;
    let (begun, answered, after, ended) = join4(
        session.batch_execute("BEGIN"),
        session.query_one(&asks.claim, &parameters),
        session.query(&asks.read, &[]),
        session.batch_execute("ROLLBACK"),
    )
    .await;
    let row = answered.unwrap();
    begun.and(ended).unwrap();
    let token = || Token { era: row.get(1), fence: row.get(2) };
    let delivered = || row.get::<_, Option<Vec<String>>>(5).unwrap_or_default().into_iter().collect();
    let answer = match row.get::<_, &str>(0) {
        "clear" => Answer::Clear { token: token(), leftover: row.get(3) },
        "in doubt" => {
            Answer::InDoubt { token: token(), instance: row.get(3), search: row.get(4), delivered: delivered() }
        }
        busy @ ("busy" | "busy delivering") => {
            Answer::Busy { who: (row.get(6), row.get(7)), delivering: busy != "busy" }
        }
        "filed" => Answer::Filed { delivered: delivered() },
        "done" => Answer::Done,
        _ => Answer::Stale,
    };
    (kept(&after.unwrap()), answer)
}

fn requests(token: Token) -> Vec<Request<String>> {
    let text = str::to_owned;
    let mut all = vec![Request::Take { seen: 0 }, Request::Take { seen: 1 }];
    for token in [token, Token { fence: token.fence - 1, ..token }] {
        all.extend([None, Some("i1"), Some("i2")].map(|it| Request::Renew { token, instance: it.map(text) }));
        all.extend(["i1", "i2"].map(|it| Request::Deliver { token, instance: text(it) }));
        all.extend(["i1", "d1"].map(|it| Request::Delivered { token, instance: text(it) }));
        all.extend([Request::Settle { token }, Request::Release { token }]);
    }
    all
}

#[tokio::test]
async fn the_database_decides_every_request_as_the_program_does() {
    let firm = Firm::new().await;
    let (kari, ola) = (firm.desk("kari").await, firm.desk("ola").await);
    let root = firm.superuser().await;
    root.batch_execute("SET session_replication_role = replica").await.unwrap();
    let session = firm.cluster.by_hand("momsbud", "kari", PASSWORD).await;
    session.batch_execute(&format!("SET momsbud.desk = '{}'", kari.desk().id)).await.unwrap();
    let asks = Asks::new(session).await;
    let era: i64 = root.query_one("SELECT era FROM register.eras", &[]).await.unwrap().get(0);
    let me: Who = (kari.desk().id, "mine".to_owned());

    // Where nothing is known, in the first era.
    for request in requests(Token { era, fence: 1 }) {
        put(&root, &None).await;
        let (after, answer) = decide(None, Server { era, first: true }, &me, &request);
        assert_eq!(ask(&asks, "mine", &request).await, (after, answer), "{request:?}");
    }

    root.batch_execute("INSERT INTO register.eras (era, server) VALUES (7, 'before')").await.unwrap();
    let server = Server { era, first: false };
    let mut claims: Vec<DocumentState> = vec![None];
    for phase in [Phase::Free, Phase::Held, Phase::Delivering] {
        for who in [&me, &(me.0, "another".to_owned()), &(ola.desk().id, "hers".to_owned())] {
            for (instance, search) in [(None, false), (Some("i1"), false), (None, true), (Some("i1"), true)] {
                let odd = match phase {
                    Phase::Free => search || instance.is_some(),
                    Phase::Held => search,
                    Phase::Delivering => !search && instance.is_none(),
                };
                if odd {
                    continue;
                }
                for bits in 0..8 {
                    let (running, at, delivered) = (bits & 1 == 0, if bits & 2 == 0 { era } else { 7 }, bits >> 2);
                    claims.push(Some(Claim {
                        token: Token { era: at, fence: 5 },
                        phase,
                        who: who.clone(),
                        instance: instance.map(str::to_owned),
                        search,
                        running,
                        delivered: ["d1".to_owned()].into_iter().take(delivered).collect::<BTreeSet<_>>(),
                    }));
                }
            }
        }
    }
    let mut asked = 0;
    for claim in &claims {
        put(&root, claim).await;
        for request in requests(claim.as_ref().map_or(Token { era, fence: 1 }, |it| it.token)) {
            let (after, answer) = decide(claim.as_ref(), server, &me, &request);
            let expected = (after.or_else(|| claim.clone()), answer);
            assert_eq!(ask(&asks, "mine", &request).await, expected, "{request:?} to {claim:?}");
            asked += 1;
        }
    }
    assert!(asked > 2500, "{asked}");
}
