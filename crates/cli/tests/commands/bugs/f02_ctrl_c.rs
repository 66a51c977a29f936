//! Ctrl-C was dead in a `submit` that had signed in itself, for as long as 900 seconds, and at its question and `batch`'s.
//! `signals.rs` has every other moment.

use crate::{
    desk::{Desk, INGRID},
    terminal::Terminal,
};

#[test]
fn ctrl_c_ends_a_submit_that_signed_in_itself_and_every_question() {
    let desk = Desk::new();
    desk.practice.receipts_take(60.0);
    let file = desk.sample("fjordlys");
    for command in ["submit", "batch"] {
        let mut asks = Terminal::open(desk.command(&[command, "--login-hint", INGRID, &file]));
        asks.until("[j/N]");
        asks.ctrl_c();
        assert_eq!(asks.end().0, 130, "{command} at its question");
    }
    let mut waits = Terminal::open(desk.command(&["submit", "--yes", "--login-hint", INGRID, &file]));
    desk.practice.until_waited_for();
    waits.ctrl_c();
    let (status, said) = waits.end();
    assert_eq!(status, 130, "{said}");
}
