//! The panel that the tray's icon lies on: dark or light, where that can be known.
//!
//! It need not be as the windows are: Windows has a setting for each, and GNOME's bar is black under light windows. macOS
//! colours the icon by itself.

/// What is behind the tray's icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(windows), allow(dead_code, reason = "only Windows says that its panel is light"))]
pub(crate) enum Panel {
    /// A dark ground.
    Dark,
    /// A light ground.
    Light,
    /// Either: most Linux desktops do not say.
    Unknown,
}

impl Panel {
    /// How it is now; a person may change it at any time.
    pub(crate) fn now() -> Self {
        #[cfg(windows)]
        return Self::of_taskbar(
            windows_registry::CURRENT_USER
                .open(r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize")
                .and_then(|key| key.get_u32("SystemUsesLightTheme"))
                .ok(),
        );
        #[cfg(not(windows))]
        return Self::of_desktop(&std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default());
    }

    /// By what Windows says of its own parts, which the taskbar is one of.
    #[cfg(any(windows, test))]
    fn of_taskbar(uses_light_theme: Option<u32>) -> Self {
        match uses_light_theme {
            Some(0) => Self::Dark,
            Some(_) => Self::Light,
            None => Self::Unknown,
        }
    }

    /// GNOME's own bar is black. Those that build on it (`ubuntu:GNOME`) have themes of their own.
    #[cfg(any(not(windows), test))]
    fn of_desktop(names: &str) -> Self {
        if names == "GNOME" { Self::Dark } else { Self::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_is_dark_or_light_only_where_that_is_sure() {
        assert_eq!([Some(0), Some(1), None].map(Panel::of_taskbar), [Panel::Dark, Panel::Light, Panel::Unknown]);
        let desktops = ["GNOME", "ubuntu:GNOME", "KDE", "X-Cinnamon", ""].map(Panel::of_desktop);
        assert_eq!(desktops[0], Panel::Dark);
        assert!(desktops[1..].iter().all(|panel| *panel == Panel::Unknown), "{desktops:?}");
    }
}
