//! Command, in the two wire forms it has had.

use super::Answer;
use crate::simulator::Version;
use crate::simulator::cli::{self, Output};
use crate::simulator::peer::Peer;
use crate::simulator::wire::{Packet, Request};

const BLACKLIST: [&str; 3] = ["module load", "module unload", "restart gracefully"];

pub(super) fn command(peer: &mut Peer, request: &Request) -> Answer {
    let text = request.text("Command");
    if text.is_empty() {
        return Answer::error(request, "No command provided");
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if BLACKLIST
        .iter()
        .any(|black| words.join(" ").to_lowercase().starts_with(black))
    {
        return Answer::error(request, "Command blacklisted");
    }
    if words.starts_with(&["core", "stop"]) {
        // The process ends before the session's thread gets to write anything.
        peer.server.shut_down();
        return Answer::Last(Vec::new());
    }
    let output = cli::run(peer, &text);
    match peer.version() {
        Version::V22 => lines(request, &output),
        Version::V18 => follows(request, &output),
    }
}

/// Asterisk 14 and later: a header for each line, and a status.
fn lines(request: &Request, output: &Output) -> Answer {
    let status = if output.failed { "Error" } else { "Success" };
    let packet = Packet::response(status, request).header("Message", "Command output follows");
    let text = output.text.strip_suffix('\n').unwrap_or(&output.text);
    Answer::packet(
        text.split('\n')
            .fold(packet, |packet, line| packet.header("Output", line)),
    )
}

/// Asterisk 13 and earlier: the text as it is, and no newline is added before the end marker.
fn follows(request: &Request, output: &Output) -> Answer {
    Answer::packet(
        Packet::follows(request)
            .raw(output.text.as_bytes())
            .line(b"--END COMMAND--"),
    )
}
