//! The contract between window and shell: every command, and the TypeScript made of them.
//!
//! `cargo xtask bindings` writes `ui/src/bindings.ts`; a test fails when that file is stale.

use crate::commands::{
    access, archive, batch, books, deadlines, drafts, filing, history, practice, program, register, settings, sign_in,
    work,
};
use specta_typescript::Typescript;
use tauri_specta::{Builder, collect_commands};

/// All commands.
#[must_use]
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        // What is read and what is written have one shape; the window needs one type for it.
        .disable_serde_phases()
        .constant("mostAttachments", ::filing::attachments::MOST_ATTACHMENTS)
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
            program::start_view,
            program::hear,
            program::ui_ready,
            program::set_preferences,
            sign_in::sign_in,
            sign_in::answer_who_came,
            sign_in::cancel_sign_in,
            sign_in::unlock_keyring,
            sign_in::reopen_browser,
            sign_in::sign_in_link,
            sign_in::sign_out,
            filing::choose_files,
            filing::choose_folder,
            filing::aim_drops,
            filing::open_dropped,
            filing::choose_attachments,
            filing::open_attachment,
            filing::detach,
            filing::choose_new_version,
            history::unfinished,
            history::continue_unfinished,
            history::delete_unfinished,
            filing::open_sample,
            filing::close_card,
            filing::check,
            filing::file,
            filing::file_without_altinn,
            filing::go_without_register,
            filing::continue_filing,
            filing::cancel_filing,
            history::history,
            history::filing,
            history::fetch_receipt_again,
            history::open_receipt,
            history::show_archive,
            archive::history_periods,
            archive::open_archived,
            archive::verify_archive,
            archive::export_history,
            archive::history_from_archive,
            archive::dismiss_recovery,
            archive::dismiss_review,
            program::copy_text,
            program::doctor_report,
            program::look_for_update,
            program::install_update,
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
            batch::reopen_cards,
            batch::show_saved,
            practice::practice_situations,
            practice::switch_practice,
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
            register::join_register,
            register::bring_to_register,
            register::mirror_register,
            register::leave_register,
            deadlines::deadlines,
            deadlines::choose_duty,
            deadlines::unfollow_duty,
            deadlines::put_aside,
            deadlines::mute_company,
            deadlines::hand_over,
            deadlines::set_away,
            deadlines::save_calendar,
            deadlines::show_calendar,
            deadlines::reminders,
            deadlines::snooze_notice,
            deadlines::dismiss_notice,
            deadlines::reminder_settings,
            deadlines::set_reminder_settings,
            drafts::drafts,
            drafts::begin_draft,
            drafts::draft,
            drafts::edit_draft,
            drafts::undo_draft,
            drafts::discard_draft,
            drafts::restore_draft,
            drafts::draft_codes,
            drafts::draft_companies,
            drafts::find_companies,
            drafts::make_draft,
            drafts::mend_card,
            drafts::attach_to_draft,
            drafts::detach_from_draft,
            drafts::paste_sheet,
            drafts::choose_sheet_file,
            drafts::open_card_sheet,
            drafts::choose_sheet,
            drafts::use_sheet,
            drafts::export_draft,
            drafts::export_card,
            books::books,
            books::choose_books_files,
            books::books_samples,
            books::open_books_sample,
            books::join_books,
            books::close_books,
            books::choose_books,
            books::books_vouchers,
            books::books_voucher,
            books::copy_books_vouchers,
            books::export_books_vouchers,
            books::books_question,
            books::answer_books,
            books::make_return,
            books::books_memory,
            books::forget_books_answers,
            books::export_books_memory,
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
            program::starts_with_system,
            program::start_with_system,
        ])
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

    /// What the access control list allows is what the contract names, all of it and nothing else.
    #[test]
    fn every_command_is_allowed_by_name_and_nothing_of_tauris_own_is() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
        let names = |text: &str, before: &str| {
            let mut names: Vec<String> =
                text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
            names.sort_unstable();
            names
        };
        let listed = read("src-tauri/permissions/commands.toml");
        let contract = names(&read("ui/src/bindings.ts"), "__TAURI_INVOKE(\"");
        assert_eq!(names(&listed, "\n    \""), contract);
        let capability: serde_json::Value = serde_json::from_str(&read("src-tauri/capabilities/main.json")).unwrap();
        assert_eq!(capability["permissions"], serde_json::json!(names(&listed, "identifier = \"")));
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert!(capability.get("remote").is_none(), "pages of others ask nothing");
    }
}
