//! Styles by role. The sixteen colours of the terminal, so that a person's own theme holds.

use anstyle::{AnsiColor, Style};

pub const PLAIN: Style = Style::new();
pub const STRONG: Style = Style::new().bold();
pub const QUIET: Style = Style::new().dimmed();
pub const ACCENT: Style = AnsiColor::Cyan.on_default();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const WARNING: Style = AnsiColor::Yellow.on_default();
pub const BAD: Style = AnsiColor::Red.on_default();
