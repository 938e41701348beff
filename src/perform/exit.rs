//! What the exit code says, and which one counts when several apply.

/// An exit code of amish. The order of the variants is their rank: of several
/// the first that applies counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Ended by this signal.
    Signal(u8),
    /// A file, the output, a bug: failed on this side.
    Failed,
    /// Timed out or cut off after sending: the outcome is unknown.
    Unknown,
    /// No connection, or no AMI there: nothing was sent.
    NoConnection,
    /// The login was refused.
    Login,
    /// Usage, syntax, or refused before sending.
    Usage,
    /// The server answered Error, or a call failed.
    Error,
    /// What was to come did not come: `--until`, `expect`, `set`; or `fail`.
    Unmet,
    /// Events were lost, though all else went well.
    Lost,
    /// All answered well.
    Ok,
}

impl Code {
    /// The one that counts of two.
    pub fn with(self, other: Code) -> Code {
        self.min(other)
    }

    /// As the shell sees it.
    pub fn number(self) -> u8 {
        match self {
            Code::Signal(signal) => 128u8.saturating_add(signal),
            Code::Failed => 1,
            Code::Unknown => 6,
            Code::NoConnection => 5,
            Code::Login => 4,
            Code::Usage => 2,
            Code::Error => 3,
            Code::Unmet => 7,
            Code::Lost => 8,
            Code::Ok => 0,
        }
    }
}

impl From<Code> for std::process::ExitCode {
    fn from(code: Code) -> Self {
        code.number().into()
    }
}
