//! The contract between window and shell: every command and event, and the TypeScript made of them.
//!
//! `cargo xtask bindings` writes `ui/src/bindings.ts`; a test fails when that file is stale.

use crate::{access, archive_commands, batch, commands, settings, work};
use filing::view::OfficeEvent;
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Typescript;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

/// What the office tells the window by itself.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct OfficeNews(pub OfficeEvent);

/// All commands and events.
#[must_use]
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // What is read and what is written have one shape; the window needs one type for it.
        .disable_serde_phases()
        .commands(collect_commands![
            access::access,
            access::check_integration,
            access::choose_client_key,
            access::choose_integration,
            access::export_integration,
            access::forget_authorization,
            access::guide,
            access::import_integration,
            access::integration_form,
            access::make_client_key,
            access::remove_integration,
            access::save_integration,
            access::set_client_secret,
            access::sign_in_through,
            commands::start_view,
            commands::ui_ready,
            commands::set_preferences,
            commands::sign_in,
            commands::cancel_sign_in,
            commands::unlock_keyring,
            commands::reopen_browser,
            commands::sign_in_link,
            commands::sign_out,
            commands::choose_files,
            commands::choose_folder,
            commands::aim_drops,
            commands::open_dropped,
            commands::choose_attachments,
            commands::detach,
            commands::choose_new_version,
            commands::unfinished,
            commands::continue_unfinished,
            commands::delete_unfinished,
            commands::open_sample,
            commands::close_card,
            commands::check,
            commands::file,
            commands::continue_filing,
            commands::cancel_filing,
            commands::history,
            commands::filing,
            commands::fetch_receipt_again,
            commands::open_receipt,
            commands::show_archive,
            archive_commands::history_periods,
            archive_commands::open_archived,
            archive_commands::verify_archive,
            archive_commands::export_history,
            archive_commands::history_from_archive,
            archive_commands::dismiss_recovery,
            commands::copy_text,
            commands::doctor_report,
            commands::look_for_update,
            commands::install_update,
            batch::card,
            batch::check_all,
            batch::stop_checking,
            batch::start_batch,
            batch::pause_batch,
            batch::continue_batch,
            batch::cancel_batch,
            batch::close_batch,
            batch::close_cards,
            batch::export_batch,
            settings::settings_view,
            settings::switch_environment,
            settings::set_address,
            settings::choose_archive_folder,
            settings::change_archive_folder,
            settings::export_data,
            settings::support_log,
            settings::save_support_log,
            settings::licences,
            settings::set_badge,
            commands::deadlines,
            commands::choose_duty,
            commands::unfollow_duty,
            commands::mute_company,
            commands::save_calendar,
            commands::show_calendar,
            commands::reminders,
            commands::snooze_notice,
            commands::dismiss_notice,
            commands::reminder_settings,
            commands::set_reminder_settings,
            work::cancel_work_sign_in,
            work::choose_work_key,
            work::import_work_policy,
            work::lock_work,
            work::make_work_key,
            work::reopen_work_browser,
            work::set_work_secret,
            work::show_work_guide,
            work::work_active,
            work::work_sign_in,
            work::work_sign_in_link,
            commands::starts_with_system,
            commands::start_with_system,
        ])
        .events(collect_events![OfficeNews])
}

/// Writes the TypeScript to `file`.
///
/// # Errors
/// When a type has no TypeScript or the file cannot be written.
pub fn export(file: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    builder().export(Typescript::default(), file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_windows_types_are_fresh() {
        let fresh = std::env::temp_dir().join(format!("momsbud-bindings-{}.ts", std::process::id()));
        export(&fresh).unwrap();
        let made = std::fs::read_to_string(&fresh).unwrap();
        std::fs::remove_file(&fresh).unwrap();
        let kept = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/bindings.ts")).unwrap();
        assert!(made == kept, "ui/src/bindings.ts is stale: cargo xtask bindings writes it anew");
    }

    /// Every command asks the office, whose functions ask the gate of the work account
    /// (`crates/filing/tests/office/work.rs` goes through those); the others are here with the reason why not.
    #[test]
    fn every_command_goes_through_the_office() {
        const APART: &[(&str, &str)] = &[
            ("ui_ready", "the first paint"),
            ("open_dropped", "the office opens what is let go"),
            ("copy_text", "what the window shows already"),
            ("doctor_report", "first aid; no filings in it"),
            ("look_for_update", "the program itself"),
            ("licences", "the program itself"),
            ("set_badge", "a number"),
            ("settings_view", "addresses and sizes"),
            ("support_log", "redacted; first aid"),
            ("save_support_log", "what was shown"),
            ("starts_with_system", "the user's own desktop"),
            ("start_with_system", "the user's own desktop"),
            ("guide", "texts"),
            ("show_work_guide", "a page"),
        ];
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
        let (mut commands, mut unused) = (0, APART.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("#[tauri::command]\n").skip(1) {
                let name = part.split("async fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap();
                let body = part.split("\n}\n").next().unwrap();
                let asks = ["office.get()", "office\n", "may(&app", ".office(", "OpenOffice>().get()"];
                unused.retain(|known| *known != name);
                let apart = APART.iter().any(|(known, _)| *known == name);
                assert!(apart || asks.iter().any(|way| body.contains(way)), "{name} in {}", path.display());
                commands += 1;
            }
        }
        assert!(commands > 80, "{commands}");
        assert_eq!(unused, [""; 0], "apart and not there");
    }
}
