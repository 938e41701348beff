//! Command, in the two wire forms it has had.

use crate::simulator::answer::Answer;
use crate::simulator::cli;
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};

const BLACKLIST: [&str; 3] = ["module load", "module unload", "restart gracefully"];

pub(super) fn command(peer: &mut Peer, request: &Request) -> Answer {
    let text = request.text("Command");
    if text.is_empty() {
        return Answer::error(request, "No command provided");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ").to_lowercase();
    if BLACKLIST.iter().any(|black| line.starts_with(black)) {
        return Answer::error(request, "Command blacklisted");
    }
    if words.starts_with(&["core", "stop"]) {
        // Asterisk exits before the session's thread can write a response.
        peer.server.shut_down();
        return Answer::Last(Vec::new());
    }
    let output = cli::run(peer, &text);
    match peer.version() {
        Version::V22 => lines(request, output),
        Version::V18 => follows(request, &output.unwrap_or_else(|failed| failed)),
    }
}

/// Asterisk 14 and later: one `Output` header a line, and a status.
fn lines(request: &Request, output: Result<String, String>) -> Answer {
    let (status, text) = match output {
        Ok(text) => ("Success", text),
        Err(text) => ("Error", text),
    };
    let packet = Packet::response(status, request).header("Message", "Command output follows");
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Answer::packet(
        text.split('\n')
            .fold(packet, |packet, line| packet.header("Output", line)),
    )
}

/// Asterisk 13 and earlier: the text as it is, and no newline is added before the end marker.
fn follows(request: &Request, text: &str) -> Answer {
    Answer::packet(
        Packet::follows(request)
            .raw(text.as_bytes())
            .line(b"--END COMMAND--"),
    )
}
