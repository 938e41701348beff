//! The result of a CLI command.

/// What a handler returns: what the command prints.
pub(super) type Handled = Result<String, Failed>;

/// Why `Response: Error` is the answer from Asterisk 14 on.
#[derive(Debug)]
pub(super) enum Failed {
    /// The arguments are wrong, and the usage is to be shown.
    Usage,
    /// The handler says so.
    Told(String),
}
