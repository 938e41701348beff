//! The exit codes, and which one counts when several apply. The manual, its
//! page and `--help` are generated from or checked against this table.

/// An exit code of amish. The order of the variants is their precedence: of
/// several, the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Ended by this signal.
    Signal(u8),
    /// A file, the output, or a bug on this side.
    Failed,
    /// Timed out or cut off after sending: the outcome is unknown.
    Unknown,
    /// No connection, or the server there does not speak AMI: nothing was sent.
    NoConnection,
    /// The login was refused.
    Login,
    /// Usage, syntax, or refused before sending.
    Usage,
    /// The server answered Error, a call failed, or something is insecure.
    Error,
    /// Something expected did not happen: `--until`, `expect`, `set`; or
    /// `fail`.
    Unmet,
    /// Events were lost, but everything else succeeded.
    Lost,
    /// Everything succeeded.
    Ok,
}

/// Every code with its meaning, by number; one signal stands for all.
pub const TABLE: [(Code, &str); 10] = [
    (
        Code::Ok,
        "all answered well; an empty list counts as well, and so does a reader of the output that has seen enough",
    ),
    (Code::Failed, "failed here: a file, the output, a bug"),
    (
        Code::Usage,
        "usage, a script's syntax, refused by amish: nothing was sent",
    ),
    (
        Code::Error,
        "the server answered Error, a call failed, or doctor security found something wrong",
    ),
    (
        Code::Login,
        "the login was refused, which is tried once, or the server's certificate was",
    ),
    (
        Code::NoConnection,
        "no connection, or no AMI there: nothing was sent",
    ),
    (
        Code::Unknown,
        "timed out or cut off after sending: the outcome is unknown",
    ),
    (
        Code::Unmet,
        "what was to come did not come: expect, --until, set, a grade of doctor security; or fail",
    ),
    (
        Code::Lost,
        "events were lost, and a gap was reported, though all else went well",
    ),
    (Code::Signal(0), "ended by signal n"),
];

/// The failures in order of precedence: `128+n, 1, 6, …`.
pub fn ranks() -> String {
    let mut codes: Vec<Code> = TABLE.iter().map(|(code, _)| *code).collect();
    codes.sort();
    let failures = codes.iter().filter(|code| **code != Code::Ok);
    let names: Vec<String> = failures.map(|code| code.name()).collect();
    names.join(", ")
}

impl Code {
    /// Whichever of the two takes precedence.
    pub fn with(self, other: Code) -> Code {
        self.min(other)
    }

    /// As written in documentation, with `128+n` for signals.
    pub fn name(self) -> String {
        match self {
            Code::Signal(_) => "128+n".to_owned(),
            code => code.number().to_string(),
        }
    }

    /// The number passed to the system.
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

#[cfg(test)]
mod tests {
    use super::*;

    // The precedence is promised to users: a lost answer must not hide behind
    // an Error.
    #[test]
    fn codes_are_whole_and_in_their_order() {
        assert_eq!(ranks(), "128+n, 1, 6, 5, 4, 2, 3, 7, 8");
        let names: Vec<String> = TABLE.iter().map(|(code, _)| code.name()).collect();
        assert_eq!(names.join(" "), "0 1 2 3 4 5 6 7 8 128+n");
        assert_eq!(Code::Lost.with(Code::Error), Code::Error);
    }
}
