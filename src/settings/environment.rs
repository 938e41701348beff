//! What the environment says: about colour, and where amish keeps its files.

use etcetera::base_strategy::{BaseStrategy, Xdg};
use std::path::PathBuf;

/// What the environment says about colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColorEnvironment {
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and not 0.
    pub force: bool,
    /// `TERM=dumb`, or no `TERM`.
    pub dumb: bool,
    /// The locale is UTF-8.
    pub utf8: bool,
}

impl ColorEnvironment {
    pub(super) fn of(set: impl Fn(&str) -> Option<String>) -> ColorEnvironment {
        ColorEnvironment {
            no_color: set("NO_COLOR").is_some(),
            force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: set("TERM").is_none_or(|term| is_dumb(&term)),
            utf8: is_utf8(set),
        }
    }

    /// Whether output to a stream is coloured by default.
    pub fn colors(self, terminal: bool) -> bool {
        match self.no_color {
            true => false,
            false => self.force || (terminal && !self.dumb),
        }
    }
}

/// Can the terminal `term` nothing but show text? In Emacs it is also called
/// `dumb-emacs-ansi`, and once was `emacs`.
fn is_dumb(term: &str) -> bool {
    let term = term.to_ascii_lowercase();
    term == "emacs" || term == "dumb" || term.starts_with("dumb-")
}

/// Is the charset of the locale UTF-8? The first variable that is set counts.
fn is_utf8(set: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let locale = locale.unwrap_or_default().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// `$XDG_STATE_HOME/amish/history`, on macOS too. `/dev/null` means no history.
pub(super) fn history(named: Option<String>) -> Option<PathBuf> {
    if let Some(named) = named {
        return (named != "/dev/null").then(|| named.into());
    }
    Some(Xdg::new().ok()?.state_dir()?.join("amish").join("history"))
}

/// `$XDG_CACHE_HOME/amish`, on macOS too.
pub(super) fn cache() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.cache_dir().join("amish"))
}
