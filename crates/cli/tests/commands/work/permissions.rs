//! Every command with every permission: allowed or refused, and the status that says so.
//!
//! Which commands there are is asked of the program itself: the man pages that it writes are its definition, and one that
//! is in no row here fails.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Output,
    thread,
};

use serde_json::{Value, json};

use crate::desk::{Desk, FJORDLYS, GROUP, INGRID, NORA, Practice, VIKA, a_return, in_a_session, text};

/// What a command asks of the firm's rules.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// Nothing, though the program be locked; the reason.
    Nothing(&'static str),
    /// That the program is open.
    Open,
    /// These permissions, all of them.
    All(&'static [&'static str]),
    /// That the client's key is missing and the program locked, or the permission to administer.
    ClientKey,
}

use Needs::{All, ClientKey, Nothing, Open};

/// A way to call a command: its name and what tells it from other ways, the arguments ({…} is filled in), what it needs,
/// and the statuses it ends with where it is allowed.
struct Row(&'static str, &'static [&'static str], Needs, &'static [i32]);

const FILES: &[&str] = &["see", "check", "file"];
const ADMINISTER: Needs = All(&["administer"]);
const OWN_FILE: Needs = Nothing("a file that the person can read herself");

/// In the order in which they are run: what signs out and locks comes last.
const ROWS: &[Row] = &[
    Row("archive verify", &["archive", "verify"], ADMINISTER, &[0]),
    Row("archive verify FOLDER", &["archive", "verify", "{archive}"], OWN_FILE, &[0]),
    Row("archive export", &["archive", "export", "--all", "--out", "{out}"], All(&["see"]), &[0]),
    Row("archive restore", &["archive", "restore"], ADMINISTER, &[0]),
    Row("batch", &["batch", "--yes", "--no-wait", "{return 1}"], All(FILES), &[0]),
    Row("batch --continue", &["batch", "--continue"], All(&["file"]), &[0, 1]),
    Row("build", &["build", "{sample}"], OWN_FILE, &[2]),
    Row("check", &["check", "{sample}"], OWN_FILE, &[0]),
    Row("doctor", &["doctor", "--offline"], Nothing("the machine; no filings in it"), &[0, 1]),
    Row("draft new", &["draft", "new", "--company", FJORDLYS], All(&["prepare"]), &[0]),
    Row("draft import", &["draft", "import", "{sample}"], All(&["prepare"]), &[0]),
    Row("draft list", &["draft", "list"], All(&["see"]), &[0, 1]),
    // What is not there is looked for among what may be seen.
    Row("draft show", &["draft", "show", "none"], All(&["see"]), &[2]),
    Row("draft set", &["draft", "set", "none", "--kid", "1"], All(&["see"]), &[2]),
    Row("draft export", &["draft", "export", "--out", "{out}", "none"], All(&["see"]), &[2]),
    Row("draft submit", &["draft", "submit", "none"], All(&["see"]), &[2]),
    Row("draft discard", &["draft", "discard", "none"], All(&["see"]), &[2]),
    Row("draft restore", &["draft", "restore", "none"], All(&["see"]), &[2]),
    Row("due", &["due"], All(&["see"]), &[0, 1]),
    Row("explain", &["explain", "{sample}"], OWN_FILE, &[0]),
    Row("generate", &["generate", "{pages}"], Nothing("texts"), &[0]),
    Row("guide", &["guide"], Nothing("texts"), &[0]),
    Row("history", &["history"], All(&["see"]), &[0]),
    Row("integration list", &["integration", "list"], Open, &[0]),
    Row("integration export", &["integration", "export", "standard", "--to", "{integration}"], ADMINISTER, &[0]),
    Row("integration import", &["integration", "import", "{exported}"], ADMINISTER, &[0]),
    Row("integration use", &["integration", "use", "standard"], ADMINISTER, &[0]),
    Row("integration check", &["integration", "check", "standard"], ADMINISTER, &[0, 1]),
    Row("register create", &["register", "create", NOBODY], Nothing("the database's own rights decide"), &[2]),
    Row("register status", &["register", "status"], Open, &[1]),
    Row("register check", &["register", "check"], Open, &[2]),
    Row("register admit", &["register", "admit", "kari", "--name", "Kari"], Open, &[2]),
    Row("register revoke", &["register", "revoke", "kari"], Open, &[2]),
    Row("register move-in", &["register", "move-in", NOBODY], ADMINISTER, &[2]),
    Row("register hand-over", &["register", "hand-over", FJORDLYS, "--to", "kari"], Open, &[2]),
    Row("register away", &["register", "away", "--back"], Open, &[2]),
    Row("register mirror", &["register", "mirror", "--to", "{pages}"], All(&["see"]), &[2]),
    Row("register leave", &["register", "leave", "--to", "{pages}"], ADMINISTER, &[2]),
    Row("resume", &["resume", "--yes"], All(&["see", "file"]), &[0]),
    Row("resume --give-up", &["resume", "--give-up", "{filing}"], All(&["see", "file"]), &[1]),
    Row("mend", &["mend", "--dry-run", "{sample}"], OWN_FILE, &[0]),
    Row("receipt", &["receipt", "{filing}"], All(&["see"]), &[0, 1]),
    Row("receipt --fetch", &["receipt", "--fetch", "{filing}"], All(&["file"]), &[0, 1]),
    Row("saft", &["saft", "{sample}"], OWN_FILE, &[2]),
    Row("sign", &["sign", "{filing}"], All(&["file"]), &[1]),
    Row("submit", &["submit", "--yes", "--no-wait", "{return 2}"], All(FILES), &[0]),
    Row(
        "submit --attach",
        &["submit", "--yes", "--no-wait", "--attach", "{attachment}", "{return 3}"],
        All(&["see", "check", "prepare", "file"]),
        &[0],
    ),
    Row(
        "submit --instance",
        &["submit", "--yes", "--instance", "1/00000000-0000-4000-8000-000000000000"],
        All(&["check", "prepare", "file"]),
        &[2],
    ),
    Row("unfinished", &["unfinished", FJORDLYS], All(&["prepare"]), &[0, 1]),
    Row(
        "unfinished --delete",
        &["unfinished", "--delete", "1/00000000-0000-4000-8000-000000000000"],
        All(&["prepare"]),
        &[2],
    ),
    Row("status", &["status"], Open, &[0]),
    Row("login", &["login", "--no-browser", "--login-hint", INGRID], Open, &[0]),
    Row("logout", &["logout", "--no-browser"], Open, &[0]),
    Row("work status", &["work", "status"], Nothing("the gate"), &[0, 1]),
    Row("work key", &["work", "key", "{key}"], Nothing("decides nothing here"), &[0]),
    Row("work sign", &["work", "sign", "--key", "{key}", "{rules}"], Nothing("decides nothing here"), &[0]),
    Row("work import", &["work", "import", "{rules}"], Nothing("the rules' own key decides"), &[2]),
    Row("work secret", &["work", "secret"], ADMINISTER, &[0]),
    Row("work client-key", &["work", "client-key"], ClientKey, &[0]),
    Row("work login", &["work", "login", "--no-browser", "--login-hint", NORA], Nothing("the gate"), &[0, 1]),
    Row("work lock", &["work", "lock"], Nothing("the gate"), &[0]),
];
/// A register where there is none.
const NOBODY: &str = "postgresql://kari@127.0.0.1:1/momsbud";
/// It runs until it is stopped and opens no installation.
const APART: &[&str] = &["practice"];

/// What Nora's group may do; "locked" has nobody signed in, "nothing" rules that are for others.
const COLUMNS: &[(&str, &[&str])] = &[
    ("locked", &["see", "check", "prepare", "file", "administer"]),
    ("nothing", &[]),
    ("see", &["see"]),
    ("check", &["check"]),
    ("prepare", &["prepare"]),
    ("file", &["file"]),
    ("administer", &["administer"]),
    ("all", &["see", "check", "prepare", "file", "administer"]),
];

#[test]
fn no_command_does_what_the_rules_do_not_permit() {
    in_a_session("work::permissions::within_the_session");
}

#[test]
#[ignore = "run by no_command_does_what_the_rules_do_not_permit"]
fn within_the_session() {
    let practice = Practice::start();
    practice.consent_is_given();
    let desk = Desk::with_keyring(&practice);
    assert_eq!(commands(&desk), rows(), "a command without a row, or a row without a command");

    // Two filings and a person who may file, before any rules hold.
    let filed = desk.run(&["submit", "--yes", "--json", "--login-hint", INGRID, &desk.sample("fjordlys")]);
    let line = text(&filed.stdout);
    assert_eq!(filed.status.code(), Some(0), "{line}{}", text(&filed.stderr));
    let filing: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    let filing = filing["filing"]["id"].as_str().unwrap().to_owned();
    let exported = desk.path("exported.json");
    assert_eq!(desk.run(&["integration", "export", "standard", "--to", &exported]).status.code(), Some(0));
    fs::write(desk.path("bilag.pdf"), "%PDF-1.7\n% et bilag\n").unwrap();
    fs::write(
        desk.path("rules.json"),
        json!({"version": 1, "firm": "F", "signIn": {"clients": {"test": "t", "production": "p"}},
            "rules": [{"groups": [GROUP], "permissions": ["see"], "companies": ["all"]}]})
        .to_string(),
    )
    .unwrap();
    let all = COLUMNS.last().unwrap().1;
    // A client with a secret: nobody gets in before it is there, so anybody may enter it; then it is the administrator's.
    let web = json!({"clientId": "momsbud-practice-web", "authentication": "client_secret_basic"});
    desk.decide(GROUP, all, &web);
    let login = ["work", "login", "--no-browser", "--login-hint", NORA];
    let without = desk.sign_in(&login);
    assert_eq!(without.status.code(), Some(1), "{}", text(&without.stderr));
    assert!(text(&without.stderr).contains("Klientens hemmelighet mangler"), "{}", text(&without.stderr));
    assert_eq!(desk.tell(&["work", "secret"], "practice-secret\n").status.code(), Some(0));
    let signed_in = desk.sign_in(&login);
    assert_eq!(signed_in.status.code(), Some(0), "{}{}", text(&signed_in.stdout), text(&signed_in.stderr));

    let before = practice.deliveries();
    let (mut cells, mut filings): (Vec<Cell>, usize) = (Vec::new(), 0);
    thread::scope(|scope| {
        let columns: Vec<_> = COLUMNS
            .iter()
            .map(|column| {
                let (desk, web, filing) = (&desk, &web, filing.as_str());
                scope.spawn(move || run_column(&desk.again(), *column, web, filing))
            })
            .collect();
        for column in columns {
            let column = column.join().unwrap();
            filings += column.iter().filter(|cell| !cell.refused && files(cell.row)).count();
            cells.extend(column);
        }
    });

    print(&cells);
    let wrong: Vec<&Cell> = cells.iter().filter(|cell| cell.wrong.is_some()).collect();
    for cell in &wrong {
        println!("{} with {}: {}", cell.row, cell.column, cell.wrong.as_deref().unwrap_or_default());
    }
    assert!(wrong.is_empty());
    // What was refused has reached nobody.
    assert_eq!((practice.deliveries() - before, filings), (3, 3));
}

/// Whether a row delivers a return where it is allowed.
fn files(row: &str) -> bool {
    matches!(row, "batch" | "submit" | "submit --attach")
}

/// One command with one column's permissions.
struct Cell {
    row: &'static str,
    column: &'static str,
    refused: bool,
    /// What is not as it must be.
    wrong: Option<String>,
}

fn run_column(desk: &Desk, (column, permissions): (&'static str, &[&str]), client: &Value, filing: &str) -> Vec<Cell> {
    // Rules must permit something to somebody.
    let (group, given) = if permissions.is_empty() { ("another group", &["see"][..]) } else { (GROUP, permissions) };
    desk.decide(group, given, client);
    if column == "locked" {
        assert_eq!(desk.run(&["work", "lock"]).status.code(), Some(0));
    }
    let open = column != "locked" && !permissions.is_empty();
    // Who may do anything for a company may see it.
    let sees = permissions.iter().any(|it| *it != "administer");
    let has = |needs: &str| open && (permissions.contains(&needs) || (needs == "see" && sees));
    let mut cells = Vec::new();
    for Row(row, arguments, needs, done) in ROWS {
        // What a locked program does too, it does in every column: once at either end is enough.
        if matches!(needs, Nothing(_)) && !["locked", "all"].contains(&column) {
            continue;
        }
        if *row == "work client-key" {
            let key = json!({"clientId": "momsbud-practice-jwt", "authentication": "private_key_jwt"});
            desk.decide(group, given, &key);
        }
        let granted = match needs {
            Nothing(_) => true,
            Open => open,
            All(these) => these.iter().all(|it| has(it)),
            ClientKey => !open || has("administer"),
        };
        let filled: Vec<String> = arguments.iter().map(|it| fill(desk, it, filing)).collect();
        let mut filled: Vec<&str> = filled.iter().map(String::as_str).collect();
        if ["submit", "batch", "unfinished", "receipt --fetch", "resume", "sign"].iter().any(|it| row.starts_with(it)) {
            // Nobody must be waited for, should the sign-in have run out.
            filled.extend(["--login-hint", INGRID]);
        }
        let output = match *row {
            "login" | "work login" => desk.sign_in(&filled),
            "work secret" => desk.tell(&filled, "practice-secret"),
            _ => desk.run(&filled),
        };
        cells.push(judged(row, column, granted, done, &output));
    }
    cells
}

fn judged(row: &'static str, column: &'static str, granted: bool, done: &[i32], output: &Output) -> Cell {
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    let refused = said.contains("momsbud-cli work login") || said.contains("Jobbkontoen din har ikke lov til dette");
    let status = output.status.code().unwrap_or(-1);
    let right = if granted { !refused && done.contains(&status) } else { refused && status == 2 };
    Cell { row, column, refused, wrong: (!right).then(|| format!("status {status}: {said}")) }
}

/// Arguments with the files that they name.
fn fill(desk: &Desk, argument: &str, filing: &str) -> String {
    match argument {
        "{filing}" => filing.to_owned(),
        "{sample}" => desk.sample("fjordlys"),
        "{archive}" => desk.path("archive"),
        "{out}" => desk.path("out.csv"),
        "{pages}" => desk.path("pages"),
        "{integration}" => desk.path("integration.json"),
        "{exported}" => desk.path("exported.json"),
        "{attachment}" => desk.path("bilag.pdf"),
        "{key}" => desk.path("rules.key"),
        "{rules}" => desk.path("rules.json"),
        "{return 1}" => of_period(desk, "januar-februar"),
        "{return 2}" => of_period(desk, "mars-april"),
        "{return 3}" => of_period(desk, "mai-juni"),
        plain => plain.to_owned(),
    }
}

/// A return of another period than the sample's, which nobody has filed.
fn of_period(desk: &Desk, period: &str) -> String {
    desk.put(&format!("{period}.xml"), a_return(VIKA, period))
}

/// The commands that the program says it has.
pub(crate) fn commands(desk: &Desk) -> BTreeSet<String> {
    let folder = desk.path("generated");
    assert_eq!(desk.run(&["generate", &folder]).status.code(), Some(0));
    let pages: BTreeSet<String> = fs::read_dir(format!("{folder}/man"))
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .filter_map(|page| page.strip_prefix("momsbud-cli-")?.strip_suffix(".1").map(str::to_owned))
        .collect();
    // A page of a group stands beside those of its commands.
    let groups = |page: &String| pages.iter().any(|other| other.starts_with(&format!("{page}-")));
    pages.iter().filter(|page| !groups(page)).cloned().collect()
}

/// The commands that have a row.
fn rows() -> BTreeSet<String> {
    names(ROWS.iter().map(|row| row.0), APART)
}

/// The commands of rows, as the pages name them, and of those that have none.
pub(crate) fn names<'r>(rows: impl Iterator<Item = &'r str>, apart: &[&str]) -> BTreeSet<String> {
    let named = |row: &str| {
        let row = row.split(',').next().unwrap_or_default();
        let words = row.split(' ').take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        words.filter(|word| !word.starts_with("--")).collect::<Vec<_>>().join("-")
    };
    // What is hidden has no page.
    let hidden = |row: &&str| *row != "generate";
    rows.filter(hidden).map(named).chain(apart.iter().map(|it| (*it).to_owned())).collect()
}

fn print(cells: &[Cell]) {
    let mut table: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for cell in cells {
        table.entry(cell.row).or_default().insert(cell.column, if cell.refused { "-" } else { "yes" });
    }
    println!("{:<24}{}", "command", COLUMNS.iter().map(|(name, _)| format!("{name:>11}")).collect::<String>());
    for (row, cells) in table {
        let cell = |(column, _): &(&str, _)| format!("{:>11}", cells.get(column).copied().unwrap_or(""));
        println!("{row:<24}{}", COLUMNS.iter().map(cell).collect::<String>());
    }
}
