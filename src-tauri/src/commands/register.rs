//! The commands of Innstillinger, Kontorregister: join, bring what was done here before, fetch documents, leave.

use crate::{
    commands::settings::{change_with, may},
    dialogs::{Pick, Typed},
    fault::{Answer, fault},
    host::Shell,
};
use access::work::rights::Action;
use office::{
    Office,
    register::{KeptBefore, LetIn, Seat, SeatError},
    settings::{BringAnswer, JoinAnswer, LeaveAnswer, MirrorAnswer, RegisterWish},
};
use shown::Shown;
use view::{ErrorCode, ErrorView};

/// Joins an office register: asks it to let this desk in, and only then keeps where it is, with the password in the vault.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_register(shell: Shell, wish: RegisterWish, password: Typed) -> Answer<JoinAnswer> {
    may(&shell, Action::MoveIn).await?;
    let office = shell.office().await?;
    let language = office.language();
    let refused = |error: SeatError| Ok(JoinAnswer::Refused { why: error.text(language)? });
    let question = match office.sharing().question(&wish) {
        Ok(question) => question,
        Err(error) => return refused(error),
    };
    // Not in the window: a script that had come into it would say yes.
    if let Some(question) = question
        && !shell.host.confirms(question).await
    {
        return Ok(JoinAnswer::Declined);
    }
    stands_still(&office)?;
    let let_in = match office.sharing().ask(&wish, password.into()).await {
        Ok(let_in) => let_in,
        Err(error) => return refused(error),
    };
    let seat = office.sharing().seat()?;
    drop(office);
    match changed(&shell, &seat, |seat| seat.keep(&let_in)).await? {
        Ok(()) => {
            let LetIn { register, .. } = &let_in;
            tracing::info!(hosts = register.address().hosts().join(", "), "This desk has joined an office register.");
            Ok(JoinAnswer::Joined)
        }
        Err(error) => refused(error),
    }
}

/// Brings what this desk had before it joined. Broken off, or asked for again, it goes on where it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn bring_to_register(shell: Shell) -> Answer<BringAnswer> {
    let office = shell.office().await?;
    match office.sharing().bring().await {
        Ok(moved) => Ok(BringAnswer::Brought { moved }),
        Err(error) => Ok(BringAnswer::Refused { why: error.text(office.language())? }),
    }
}

/// Fetches the documents that the register keeps to a folder that the person chooses; one that was chosen before is brought up to
/// date.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mirror_register(shell: Shell) -> Answer<MirrorAnswer> {
    let office = shell.office().await?;
    office.sharing().may_mirror()?;
    let Some(folder) = shell.pick_one(Pick::MirrorFolder).await else { return Ok(MirrorAnswer::Declined) };
    match office.sharing().mirror(&folder).await {
        Ok(answer) => Ok(answer),
        Err(error) => Ok(MirrorAnswer::Refused { why: error.text(office.language())? }),
    }
}

/// Takes a copy of everything that may be seen to a folder that the person chooses, and leaves the register; `anyway`: also where
/// it has not taken everything that was done here.
#[tauri::command]
#[specta::specta]
pub(crate) async fn leave_register(shell: Shell, anyway: bool) -> Answer<LeaveAnswer> {
    may(&shell, Action::MoveIn).await?;
    let office = shell.office().await?;
    let language = office.language();
    let refused = |error: SeatError| Ok(LeaveAnswer::Refused { why: error.text(language)? });
    stands_still(&office)?;
    match office.sharing().leaving().await {
        Ok((leaving, _)) if !leaving.under_way.is_empty() => return Err(under_way()),
        Ok((leaving, filings)) if !leaving.untold.is_empty() && !anyway => return Ok(LeaveAnswer::Untold { filings }),
        Ok(_) => {}
        Err(error) => return refused(error),
    }
    let Some(into) = shell.pick_one(Pick::CopyFolder).await else { return Ok(LeaveAnswer::Declined) };
    let (folder, taken) = match office.sharing().take_home(&into).await {
        Ok(done) => done,
        Err(error) => return refused(error),
    };
    let seat = office.sharing().seat()?;
    drop(office);
    match changed(&shell, &seat, Seat::forget).await? {
        Ok(()) => {
            tracing::info!(rows = taken.rows, documents = taken.documents, "This desk has left the office register.");
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            Ok(LeaveAnswer::Left {
                folder: Shown::path(&folder).into_string(),
                rows: count(taken.rows),
                documents: count(taken.documents),
                left_out: count(taken.left_out),
            })
        }
        Err(error) => refused(error),
    }
}

/// Nothing is being delivered: before anybody is asked anything.
fn stands_still(office: &Office) -> Answer<()> {
    if office.under_way()? > 0 { Err(under_way()) } else { Ok(()) }
}

fn under_way() -> ErrorView {
    let busy = std::io::Error::from(std::io::ErrorKind::ResourceBusy);
    fault(ErrorCode::FilingUnderWay, "A filing is being delivered.", &busy)
}

/// Changes whether this desk is in a register, which its office stands on. What goes wrong leaves everything as it was.
async fn changed(
    shell: &Shell,
    seat: &Seat,
    make: impl FnOnce(&Seat) -> Result<(), SeatError>,
) -> Answer<Result<(), SeatError>> {
    let before: KeptBefore = match seat.before() {
        Ok(before) => before,
        Err(error) => return Ok(Err(error)),
    };
    let mut said = None;
    let make = |_: &_| {
        make(seat).map_err(|error| {
            said = Some(error);
            under_way()
        })
    };
    let take_back = || {
        if let Err(error) = seat.put_back(before) {
            tracing::error!(%error, "What was kept of the office register could not be put back.");
        }
    };
    let done = change_with(shell, make, take_back).await;
    match said {
        Some(error) => Ok(Err(error)),
        None => done.map(Ok),
    }
}
