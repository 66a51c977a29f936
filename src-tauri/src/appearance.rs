//! How the window looks before it knows anything: ground, theme, language and text size as they were last time.
//!
//! The office keeps the user's choices in its database, which opens beside the window. What the very first paint needs
//! of them lies in a small file of its own, so that a dark window does not begin as a white one.

use crate::places::Places;
use serde::{Deserialize, Serialize};
use std::path::Path;
use tauri::{AppHandle, Webview, Wry, plugin::Plugin, utils::config::Color};
use view::{Language, Preferences, Theme};

/// The file, in the data folder.
const FILE: &str = "look.json";
/// The window's ground, as `--mb-ground` of the style sheet has it.
const LIGHT: Color = Color(0xf3, 0xf4, 0xf4, 0xff);
const DARK: Color = Color(0x14, 0x18, 0x1c, 0xff);
const BLACK: Color = Color(0, 0, 0, 0xff);
const WHITE: Color = Color(0xff, 0xff, 0xff, 0xff);

/// What the first paint needs of the user's choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Look {
    theme: Theme,
    language: Language,
    text_size: Option<u16>,
}

impl From<&Preferences> for Look {
    fn from(chosen: &Preferences) -> Self {
        Self { theme: chosen.theme, language: chosen.language, text_size: Some(chosen.text_size) }
    }
}

/// No such file is larger, bytes.
const LARGEST: u64 = 64 * 1024;

impl Look {
    pub(crate) fn load(data: &Path) -> Self {
        // Nothing depends on it: without it the window begins as a fresh one does.
        disk::read_regular(&data.join(FILE), LARGEST)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default()
    }

    /// Keeps it for the next start.
    pub(crate) fn store(&self, data: &Path) {
        let kept = serde_json::to_vec(self)
            .map_err(std::io::Error::from)
            .and_then(|json| disk::write(&data.join(FILE), &json));
        if let Err(error) = kept {
            tracing::warn!(%error, "How the window looks could not be kept for the next start.");
        }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    fn ground(&self, system_is_dark: bool) -> Color {
        match (self.theme, system_is_dark) {
            (Theme::Light, _) | (Theme::System, false) => LIGHT,
            (Theme::Dark, _) | (Theme::System, true) => DARK,
            (Theme::Contrast, false) => WHITE,
            (Theme::Contrast, true) => BLACK,
        }
    }

    /// Runs in the page before anything else does; `ui/src/preferences.ts` does the same when it knows the choices.
    fn script(&self) -> Option<String> {
        let look = serde_json::to_string(self).ok()?;
        Some(format!(
            r#"(() => {{
  const look = {look};
  const dark = look.theme === "dark" || (look.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const show = (root) => {{
    root.dataset.colorScheme = dark ? "dark" : "light";
    if (look.theme === "contrast") root.dataset.contrast = "more";
    root.lang = look.language;
    if (look.textSize) root.style.fontSize = look.textSize + "%";
  }};
  if (document.documentElement) show(document.documentElement);
  else
    new MutationObserver((_, observer) => {{
      if (!document.documentElement) return;
      observer.disconnect();
      show(document.documentElement);
    }}).observe(document, {{ childList: true }});
}})();"#
        ))
    }
}

/// Gives the window its look before its content has one.
#[derive(Default)]
pub(crate) struct LookPlugin(Look);

impl Plugin<Wry> for LookPlugin {
    fn name(&self) -> &'static str {
        "look"
    }

    fn initialize(&mut self, app: &AppHandle, _: serde_json::Value) -> Result<(), Box<dyn std::error::Error>> {
        self.0 = Look::load(&Places::find(app)?.data);
        Ok(())
    }

    fn initialization_script(&self) -> Option<String> {
        self.0.script()
    }

    fn webview_created(&mut self, webview: Webview<Wry>) {
        let window = webview.window();
        let dark = window.theme().is_ok_and(|theme| theme == tauri::Theme::Dark);
        let ground = Some(self.0.ground(dark));
        if let Err(error) = window.set_background_color(ground).and_then(|()| webview.set_background_color(ground)) {
            tracing::warn!(%error, "The window keeps the ground it came with.");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn what_is_kept_is_what_the_next_start_begins_with() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Look::load(folder.path()), Look::default());
        let chosen = Preferences { language: Language::Nn, theme: Theme::Dark, text_size: 130, introduced: true };
        Look::from(&chosen).store(folder.path());
        let look = Look::load(folder.path());
        assert_eq!(look.ground(false), DARK);
        let script = look.script().unwrap();
        assert!(script.contains(r#"{"theme":"dark","language":"nn","textSize":130}"#), "{script}");
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert_eq!(Look::load(folder.path()), Look::default());
    }

    #[test]
    fn the_ground_is_the_style_sheets() {
        let tokens = include_str!("../../ui/src/styles/tokens.css");
        let hex = |Color(r, g, b, _): Color| format!("--mb-ground: #{r:02x}{g:02x}{b:02x}");
        assert!(tokens.contains(&hex(DARK)));
        assert!(tokens.contains("--ds-color-neutral-background-tinted: #f3f4f4") && hex(LIGHT).ends_with("#f3f4f4"));
    }
}
