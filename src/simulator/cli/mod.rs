//! The Asterisk CLI, as far as a demonstration needs it.

use super::peer::Peer;

/// What a CLI command printed.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) text: String,
    /// No such command, usage shown, or the handler said so: `Response: Error` from Asterisk 14 on.
    pub(super) failed: bool,
}

pub(super) fn run(peer: &Peer, text: &str) -> Output {
    let _ = peer;
    match text.split_whitespace().collect::<Vec<_>>().as_slice() {
        ["core", "show", "version"] => Output { text: "Asterisk 22.10.1 built by demo @ amish on a x86_64 running Linux on 2026-11-22 22:14:56 UTC\n".into(), failed: false },
        words => {
            let near = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
            Output { text: format!("No such command '{text}' (type 'core show help {near}' for other possible commands)\n"), failed: true }
        }
    }
}
