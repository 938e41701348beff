//! The format of a trace: each packet as sent or received, secrets masked,
//! after a line with its time, direction and length.
//!
//! The length says where the next record begins, because a packet may contain
//! any text.

use super::{Record, What};
use crate::ami::masking;
use std::io::{self, BufRead, Read, Write};
use std::time::SystemTime;

/// The first bytes of a trace.
pub const MAGIC: &[u8] = b"--- amish trace";

/// The longest line that the format itself writes.
const LINE: u64 = 4096;

pub(super) fn head(out: &mut Vec<u8>) {
    out.extend_from_slice(MAGIC);
    let version = env!("CARGO_PKG_VERSION");
    // Writing to memory cannot fail; the same holds below.
    let _ = writeln!(out, " of version {version}, times in UTC, secrets as ***");
}

pub(super) fn record(out: &mut Vec<u8>, record: &Record) {
    let (direction, packet) = match &record.what {
        What::Sent(packet) => ("sent", masking::request(packet)),
        What::Received(packet) => ("received", masking::reply(packet)),
        What::Note(words) => return line(out, record.time, words),
        What::Missed(packets) => {
            let words = format!(
                "{packets} packets are missing here: they came faster than they were written"
            );
            return line(out, record.time, &words);
        }
    };
    line(
        out,
        record.time,
        &format!("{direction} {} bytes", packet.len()),
    );
    out.extend_from_slice(&packet);
}

fn line(out: &mut Vec<u8>, time: SystemTime, words: &str) {
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    let words = words.as_bytes().escape_ascii().to_string();
    let words = words.get(..LINE as usize / 2).unwrap_or(&words);
    let _ = writeln!(out, "--- {time:.6} {words}");
}

/// Reads the received packets of a trace as one stream.
pub struct Received<R> {
    trace: R,
    /// Bytes left of the current packet.
    left: u64,
}

impl<R: BufRead> Received<R> {
    /// Reads `trace` from its first line.
    pub fn of(trace: R) -> Received<R> {
        Received { trace, left: 0 }
    }

    /// Goes to the next received packet. False: there is none.
    fn find(&mut self) -> io::Result<bool> {
        let mut line = Vec::new();
        while self.left == 0 {
            line.clear();
            (&mut self.trace).take(LINE).read_until(b'\n', &mut line)?;
            if line.is_empty() {
                return Ok(false);
            }
            let text = str::from_utf8(&line).ok();
            let Some(text) = text.and_then(|text| text.strip_prefix("--- ")) else {
                return Err(damaged());
            };
            match text.trim_end().split(' ').collect::<Vec<_>>()[..] {
                [_, "sent", count, "bytes"] => {
                    let claimed = count.parse().map_err(|_| damaged())?;
                    let mut sent = (&mut self.trace).take(claimed);
                    let there = io::copy(&mut sent, &mut io::sink())?;
                    if there < claimed {
                        return Err(cut(claimed - there));
                    }
                }
                [_, "received", count, "bytes"] => {
                    self.left = count.parse().map_err(|_| damaged())?;
                }
                _ => {}
            }
        }
        Ok(true)
    }
}

impl<R: BufRead> Read for Received<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.find()? {
            return Ok(0);
        }
        let count = (&mut self.trace).take(self.left).read(out)?;
        if count == 0 && !out.is_empty() {
            return Err(cut(self.left));
        }
        self.left -= count as u64;
        Ok(count)
    }
}

fn damaged() -> io::Error {
    let words = "the trace is damaged: one of its lines was changed or is missing";
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// A record claims more bytes than follow.
fn cut(missing: u64) -> io::Error {
    let words = format!(
        "the trace ends inside a record: {missing} bytes of it are missing, so the last one is not a whole packet"
    );
    io::Error::new(io::ErrorKind::UnexpectedEof, words)
}
