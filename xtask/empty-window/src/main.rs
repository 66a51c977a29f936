//! The least that `cargo xtask bench startup` can compare Momsbud's start with: a Tauri window, one page, one button.

/// The page has painted: leaves the file that the stopwatch waits for.
#[tauri::command]
fn ui_ready() {
    if let Some(path) = std::env::var_os("MOMSBUD_READY_FILE") {
        let _ = std::fs::write(path, "");
    }
}

fn main() {
    let started = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![ui_ready])
        .run(tauri::generate_context!());
    if let Err(error) = started {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
