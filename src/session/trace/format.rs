//! How a trace reads: each packet as it went over the wire, secrets masked,
//! behind a line with its time, its direction and its length.
//!
//! The length, and not the look of a line, says where the next one is: a
//! packet may hold any text.

use super::{Record, What};
use crate::ami::mask;
use std::io::{self, BufRead, Read, Write};
use std::time::SystemTime;

/// What a trace begins with.
pub const MAGIC: &[u8] = b"--- amish trace";

/// A line of ours is shorter than this.
const LINE: u64 = 4096;

pub(super) fn head(out: &mut Vec<u8>) {
    out.extend_from_slice(MAGIC);
    let version = env!("CARGO_PKG_VERSION");
    // Writing to memory does not fail; nor do the others.
    let _ = writeln!(out, " of version {version}, times in UTC, secrets as ***");
}

pub(super) fn record(out: &mut Vec<u8>, record: &Record) {
    let (direction, packet) = match &record.what {
        What::Sent(packet) => ("sent", mask::request(packet)),
        What::Received(packet) => ("received", mask::reply(packet)),
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

/// Reads the received packets of a trace, one behind the other.
pub struct Received<R> {
    trace: R,
    /// What is left of the packet.
    left: u64,
}

impl<R: BufRead> Received<R> {
    /// Of a trace that stands before its first line.
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
                let words = "the trace is damaged: a line of it was changed or is missing";
                return Err(io::Error::new(io::ErrorKind::InvalidData, words));
            };
            match text.trim_end().split(' ').collect::<Vec<_>>()[..] {
                [_, "sent", count, "bytes"] => {
                    let mut sent = (&mut self.trace).take(count.parse().unwrap_or(0));
                    io::copy(&mut sent, &mut io::sink())?;
                }
                [_, "received", count, "bytes"] => self.left = count.parse().unwrap_or(0),
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
        self.left -= count as u64;
        Ok(count)
    }
}
