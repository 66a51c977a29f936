//! What the office tells the window by itself.

use filing::view::OfficeEvent;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// What the office tells the window by itself.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct OfficeNews(pub OfficeEvent);
