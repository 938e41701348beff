//! Text from a server is escaped in one place, which nothing can bypass.

use super::none;
use super::source::{has_word, sources};

// A view that forgets to escape a caller's name hands over the terminal:
// everything public passes a final check.
#[test]
fn what_leaves_output_is_looked_at_once_more() {
    let mut faults = Vec::new();
    let mut doors = 0;
    for source in sources("src").iter().filter(|one| one.room() == "output") {
        for function in source.code.split("pub fn ").skip(1) {
            let end = function.find("\n    }\n").or(function.find("\n}\n"));
            let function = &function[..end.unwrap_or(function.len())];
            let (signature, body) = function.split_once('{').unwrap_or((function, ""));
            let ways = ["look.shown(", "self.twice(", "self.event(", "explained("];
            if signature.contains("out: &mut Vec<u8>") {
                doors += 1;
                if !ways.iter().any(|way| body.contains(way)) {
                    let name = signature.split('(').next().unwrap_or_default();
                    faults.push(format!(
                        "src/{}: {name} writes past Look::shown",
                        source.path
                    ));
                }
            }
        }
    }
    assert!(doors > 10, "the doors were not found: {doors}");
    none(faults);
}

/// Where bytes become a `str` with replacement characters, besides `peer_text`
/// and the simulator, which is itself a peer. Do not add to it: a server's
/// bytes are a `PeerText`.
const LOSSY: &[&str] = &[
    "ami/action.rs",
    "ami/answer.rs",
    "engine/dangerous.rs",
    "engine/originate/call.rs",
    "engine/read_only.rs",
    "language/action_line.rs",
    "language/asterisk_cli.rs",
    "language/event_choice.rs",
    "language/expr.rs",
    "language/line.rs",
    "language/tail.rs",
    "language/text.rs",
    "session/tls/trust.rs",
    "asterisk_conf/mod.rs",
    "settings/command.rs",
    "settings/starter.rs",
    "shell/history.rs",
    "shell/pager.rs",
    "shell/display.rs",
];

// A `String` of a server's bytes could be printed anywhere.
#[test]
fn bytes_of_a_server_stay_what_they_are() {
    let mut faults = Vec::new();
    let sources = sources("src");
    for source in &sources {
        let apart = ["peer_text", "simulator"].contains(&source.room());
        let is_test = source.module().contains(&"tests");
        let end = source
            .code
            .find("#[cfg(test)]")
            .unwrap_or(source.code.len());
        let is_lossy = has_word(&source.code[..end], "from_utf8_lossy");
        match LOSSY.contains(&&source.path[..]) {
            true if !is_lossy => faults.push(format!("src/{}: take it off the list", source.path)),
            false if is_lossy && !apart && !is_test => {
                faults.push(format!("src/{}: from_utf8_lossy", source.path));
            }
            _ => {}
        }
    }
    let gone = |path: &&&str| !sources.iter().any(|source| source.path == **path);
    let gone = LOSSY.iter().filter(gone);
    faults.extend(gone.map(|path| format!("src/{path} is gone: take it off the list")));
    none(faults);
}
