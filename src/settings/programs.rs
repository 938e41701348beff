//! Programs that amish starts, and the only way to start them.

use std::ffi::OsStr;
use std::process::Command;

/// The variable with the secret for the server of the start. Only amish itself
/// may read it.
pub(super) const SECRET: &str = "AMISH_SECRET";

/// The variable with the secret for the broker.
pub(super) const TO_SECRET: &str = "AMISH_TO_SECRET";

/// A command to start `program`, with amish's environment except for the
/// secrets.
pub fn child(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(SECRET).env_remove(TO_SECRET);
    command
}

/// The user's programs for the shell; each is text for `sh -c`.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// `PAGER`; empty for none.
    pub pager: Option<String>,
    /// `VISUAL`, else `EDITOR`.
    pub editor: Option<String>,
    /// `SHELL`, for `!cmd` and `| cmd`.
    pub shell: Option<String>,
    /// `LESS`: the user's own options for the pager.
    pub less: Option<String>,
    /// `LESSCHARSET` is set: the user has told the pager what text is.
    pub charset: bool,
    /// `--no-shell`: none of the user's programs may be started.
    pub forbidden: bool,
}

impl Programs {
    /// Reads the environment; an empty variable counts as unset, but for
    /// `PAGER`.
    pub(super) fn of(text: impl Fn(&str) -> Option<String>, forbidden: bool) -> Programs {
        let set = |name: &str| text(name).filter(|value| !value.is_empty());
        Programs {
            pager: text("PAGER"),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            shell: set("SHELL"),
            less: set("LESS"),
            charset: set("LESSCHARSET").is_some(),
            forbidden,
        }
    }
}
