//! What a capture consists of: bytes of a server, a trace, or text that was
//! copied from a terminal.

use crate::ami::banner::ASTERISK;
use crate::session::trace;
use std::collections::VecDeque;
use std::io::{self, BufReader, Cursor, Read};

/// What is read at most to see which it is.
const HEAD: usize = 64 * 1024;

/// Ends the output of a Command up to Asterisk 13.
const END: &[u8] = b"--END COMMAND--";

/// Editors on Windows begin a text so.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How captures of whole networks begin: pcap in both orders of bytes, with
/// micro- and nanoseconds, and pcapng.
const PCAP: [&[u8]; 5] = [
    b"\xd4\xc3\xb2\xa1",
    b"\xa1\xb2\xc3\xd4",
    b"\x4d\x3c\xb2\xa1",
    b"\xa1\xb2\x3c\x4d",
    b"\x0a\x0d\x0d\x0a",
];

/// A capture, ready to be read as bytes of a server.
pub(super) enum Source<'a> {
    /// A trace, of which what was received is read.
    Trace(Box<dyn Read + 'a>),
    /// Bytes, or text with its line ends restored.
    Bytes(Box<dyn Read + 'a>),
    /// There is nothing in it.
    Empty,
    /// A capture of a network.
    Pcap,
}

impl<'a> Source<'a> {
    pub fn of(input: &'a mut dyn Read) -> io::Result<Source<'a>> {
        let mut head = head(input)?;
        if head.starts_with(BOM) {
            head.drain(..BOM.len());
        }
        if head.is_empty() {
            return Ok(Source::Empty);
        }
        if PCAP.iter().any(|magic| head.starts_with(magic)) {
            return Ok(Source::Pcap);
        }
        let is_trace = head.starts_with(trace::MAGIC);
        let lines = head.iter().filter(|byte| **byte == b'\n').count();
        let is_text = lines > 0 && memchr::memmem::find(&head, b"\r\n").is_none();
        let skipped = before_banner(&head);
        let mut begun = head.iter().skip(skipped).copied();
        let is_doubled = begun.find(|byte| *byte == b'\r').is_some() && begun.next() == Some(b'\r');
        let mut head = Cursor::new(head);
        if !is_trace {
            head.set_position(skipped as u64);
        }
        let whole = head.chain(input);
        Ok(match (is_trace, is_text) {
            (true, _) => Source::Trace(Box::new(trace::Received::of(BufReader::new(whole)))),
            (false, true) => Source::Bytes(Box::new(Restored::of(whole))),
            (false, false) if is_doubled => Source::Bytes(Box::new(Undoubled::of(whole))),
            (false, false) => Source::Bytes(Box::new(whole)),
        })
    }
}

/// The first bytes of `input`, two lines if there are.
fn head(input: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut piece = [0; 8192];
    while head.len() < HEAD && memchr::memchr_iter(b'\n', &head).count() < 2 {
        match input.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => head.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

/// How many bytes a telnet client wrote before the banner (`Trying …`,
/// `Connected to …`). 0 unless nothing but lines without a packet's beginning
/// stand there.
fn before_banner(head: &[u8]) -> usize {
    let Some(at) = memchr::memmem::find(head, ASTERISK.as_bytes()) else {
        return 0;
    };
    let before = head.get(..at).unwrap_or_default();
    let opens = |line: &[u8]| {
        let keys: [&[u8]; 3] = [b"response:", b"event:", b"action:"];
        let line = line.to_ascii_lowercase();
        keys.iter().any(|key| line.starts_with(key))
    };
    let is_line = before.is_empty() || before.ends_with(b"\n");
    let is_packet = before.split(|byte| *byte == b'\n').any(opens);
    match is_line && !is_packet {
        true => at,
        false => 0,
    }
}

/// Bytes that were written as text on Windows, which put a CR in front of each
/// LF: CR CR LF, or CR LF within the output of a Command up to Asterisk 13.
struct Undoubled<R> {
    text: R,
    /// A CR came, which belongs to the text unless a LF follows.
    has_cr: bool,
}

impl<R: Read> Undoubled<R> {
    fn of(text: R) -> Undoubled<R> {
        Undoubled {
            text,
            has_cr: false,
        }
    }
}

impl<R: Read> Read for Undoubled<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // One more may wait from the last time.
        let mut raw = vec![0; out.len().saturating_sub(1).clamp(1, 8192)];
        loop {
            let count = self.text.read(&mut raw)?;
            let mut whole = Vec::with_capacity(count + 1);
            for byte in raw.iter().take(count) {
                if self.has_cr && *byte != b'\n' {
                    whole.push(b'\r');
                }
                self.has_cr = *byte == b'\r';
                if !self.has_cr {
                    whole.push(*byte);
                }
            }
            if count == 0 && std::mem::take(&mut self.has_cr) {
                whole.push(b'\r');
            }
            // Nothing would mean the end.
            if count == 0 || !whole.is_empty() {
                let room = out.get_mut(..whole.len());
                room.ok_or(io::ErrorKind::InvalidInput)?
                    .copy_from_slice(&whole);
                return Ok(whole.len());
            }
        }
    }
}

/// Text whose lines end in LF alone, with the CRLF that the server had sent, and
/// the empty line that a copy often lacks at its end.
struct Restored<R> {
    text: R,
    line: Line,
    place: Place,
    ended: bool,
}

/// Where a line of the text stands.
enum Place {
    /// In a packet, or between two.
    Packet,
    /// Below `Response: Follows`.
    Follows,
    /// In the output of a Command up to Asterisk 13, whose lines do end in LF.
    Output,
}

/// As much of a line as tells what it is.
#[derive(Default)]
struct Line {
    head: Vec<u8>,
    tail: VecDeque<u8>,
}

impl Line {
    fn push(&mut self, byte: u8) {
        if self.head.len() < 40 {
            self.head.push(byte.to_ascii_lowercase());
        }
        if self.tail.len() == END.len() {
            self.tail.pop_front();
        }
        self.tail.push_back(byte);
    }

    fn is_follows(&self) -> bool {
        let value = self.head.strip_prefix(b"response:");
        value.is_some_and(|value| value.trim_ascii() == b"follows")
    }

    fn is_header_of_follows(&self) -> bool {
        self.head.starts_with(b"privilege:") || self.head.starts_with(b"actionid:")
    }

    fn ends_output(&self) -> bool {
        self.tail.iter().eq(END)
    }
}

impl<R: Read> Restored<R> {
    fn of(text: R) -> Restored<R> {
        Restored {
            text,
            line: Line::default(),
            place: Place::Packet,
            ended: false,
        }
    }

    /// Whether the line that ends here had CRLF.
    fn is_crlf(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        let in_output = match self.place {
            Place::Packet if line.is_follows() => {
                self.place = Place::Follows;
                false
            }
            Place::Packet => false,
            Place::Follows => !line.is_header_of_follows(),
            Place::Output => true,
        };
        match (in_output, line.ends_output()) {
            (true, false) => self.place = Place::Output,
            (true, true) => self.place = Place::Packet,
            (false, _) => {}
        }
        !matches!(self.place, Place::Output)
    }
}

impl<R: Read> Read for Restored<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // Each byte may become two; the framer has room for thousands.
        let mut raw = vec![0; (out.len() / 2).clamp(2, 8192)];
        let count = self.text.read(&mut raw)?;
        let mut whole = Vec::with_capacity(2 * count);
        for byte in raw.iter().take(count) {
            let has_cr = self.line.tail.back() == Some(&b'\r');
            if *byte != b'\n' {
                self.line.push(*byte);
            } else if self.is_crlf() && !has_cr {
                whole.push(b'\r');
            }
            whole.push(*byte);
        }
        if count == 0 && !std::mem::replace(&mut self.ended, true) {
            whole.extend_from_slice(b"\r\n\r\n");
        }
        let room = out.get_mut(..whole.len());
        let room = room.ok_or(io::ErrorKind::InvalidInput)?;
        room.copy_from_slice(&whole);
        Ok(whole.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match Source::of(&mut &*input) {
            Ok(Source::Bytes(mut bytes)) => {
                let mut piece = [0; 64];
                while let Ok(count @ 1..) = bytes.read(&mut piece) {
                    out.extend_from_slice(&piece[..count]);
                }
                out
            }
            Ok(Source::Trace(_)) => b"trace".to_vec(),
            Ok(Source::Empty) => b"empty".to_vec(),
            Ok(Source::Pcap) => b"pcap".to_vec(),
            Err(error) => panic!("{error}"),
        }
    }

    // Copied text has lost what the protocol is read by; bytes of a server must
    // stay what they are.
    #[test]
    fn text_gets_its_line_ends_back_and_bytes_stay() {
        for (input, wanted) in [
            ("Event: A\nB: c\n\n", "Event: A\r\nB: c\r\n\r\n\r\n\r\n"),
            ("Event: A\nB: c", "Event: A\r\nB: c\r\n\r\n"),
            ("Event: A\r\nB: c\nd\r\n\r\n", "Event: A\r\nB: c\nd\r\n\r\n"),
            ("Event: A", "Event: A"),
            (
                "Response: Follows\nPrivilege: Command\na\n\nb\n--END COMMAND--\n\nEvent: A\n\n",
                "Response: Follows\r\nPrivilege: Command\r\na\n\nb\n--END COMMAND--\r\n\r\n\
                 Event: A\r\n\r\n\r\n\r\n",
            ),
            (
                "Trying ::1...\nEscape character is '^]'.\nAsterisk Call Manager/5\nEvent: A\n\n",
                "Asterisk Call Manager/5\r\nEvent: A\r\n\r\n\r\n\r\n",
            ),
            (
                "Event: A\r\nB: 1\r\nAsterisk Call Manager/5\r\n\r\n",
                "Event: A\r\nB: 1\r\nAsterisk Call Manager/5\r\n\r\n",
            ),
            (
                "Event: A\r\r\nB: c\rd\r\r\n\r\r\nResponse: Follows\r\r\na\r\nb\r",
                "Event: A\r\nB: c\rd\r\n\r\nResponse: Follows\r\na\nb\r",
            ),
            ("\u{feff}Event: A\r\n\r\n", "Event: A\r\n\r\n"),
            ("\u{feff}--- amish trace\n", "trace"),
            ("\u{feff}", "empty"),
            ("", "empty"),
            ("--- amish trace\n", "trace"),
        ] {
            let found = read(input.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), wanted, "{input:?}");
        }
        assert_eq!(read(b"\xd4\xc3\xb2\xa1\x02\0"), b"pcap");
    }
}
