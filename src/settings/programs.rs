//! Programs of the user's own that the shell starts.

/// Which they are; each is text for a shell.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// `PAGER`.
    pub pager: Option<String>,
    /// `VISUAL`, else `EDITOR`.
    pub editor: Option<String>,
    /// `SHELL`, for `!cmd` and `| cmd`.
    pub shell: Option<String>,
    /// `LESS` is set: the user has a pager's options of their own.
    pub less: bool,
    /// `--no-shell`: nothing may be started that runs commands.
    pub forbidden: bool,
}

impl Programs {
    /// As the environment names them; what is empty names nothing.
    pub(super) fn of(set: impl Fn(&str) -> Option<String>, forbidden: bool) -> Programs {
        Programs {
            pager: set("PAGER"),
            editor: set("VISUAL").or_else(|| set("EDITOR")),
            shell: set("SHELL"),
            less: set("LESS").is_some(),
            forbidden,
        }
    }
}
