//! The wire as a server reads and writes it: requests in, packets out, within
//! the limits of Asterisk 1.8 and later.

use std::borrow::Cow;

/// A line longer than this (with its line end) is refused; Asterisk's input buffer.
const LINE_BUFFER: usize = 1024;
/// A request with more lines is refused as a whole.
const MAX_LINES: usize = 128;

/// A client's request: its lines as they came, without line ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    lines: Vec<Vec<u8>>,
}

impl Request {
    pub(super) fn lines(&self) -> &[Vec<u8>] {
        &self.lines
    }

    /// The values of a header in order, blanks before them cut and blanks after them kept, as Asterisk does.
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.lines.iter().filter_map(move |line| value(line, key))
    }

    /// The first value of a header, empty if there is none: Asterisk does not
    /// distinguish the two.
    pub(super) fn get(&self, key: &str) -> &[u8] {
        let mut lines = self.lines.iter();
        lines.find_map(|line| value(line, key)).unwrap_or_default()
    }

    pub(super) fn text(&self, key: &str) -> Cow<'_, str> {
        String::from_utf8_lossy(self.get(key))
    }

    /// The action's name. Unlike other headers, empty ones are skipped.
    pub(super) fn action(&self) -> Cow<'_, str> {
        let named = self.all("Action").find(|name| !name.is_empty());
        String::from_utf8_lossy(named.unwrap_or_default())
    }

    pub(super) fn is_true(&self, key: &str) -> bool {
        let text = self.text(key);
        ["yes", "true", "y", "t", "1", "on"]
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&text))
    }
}

fn value<'a>(line: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let name = line.get(..key.len())?;
    let rest = line.get(key.len()..)?.strip_prefix(b":")?;
    // ast_skip_blanks: everything up to the space character, signed, so high bytes of latin-1 would go too; UTF-8
    // names never begin a value with a blank, and keeping them is kinder.
    name.eq_ignore_ascii_case(key.as_bytes()).then(|| {
        let start = rest.iter().position(|byte| *byte > b' ');
        start
            .and_then(|start| rest.get(start..))
            .unwrap_or_default()
    })
}

/// Why a request is not run; the text is sent to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("Failed to parse message: line too long")]
    LineTooLong,
    #[error("Too many lines in message or allocation failure")]
    TooManyLines,
}

/// Bytes of a client in, requests out, one at a time.
#[derive(Debug, Default)]
pub(super) struct Requests {
    buffer: Vec<u8>,
    lines: Vec<Vec<u8>>,
    unreadable: Option<Unreadable>,
}

impl Requests {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// True if nothing of a further request has arrived.
    pub(super) fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The next whole request. One that cannot be run still carries the lines that were read, for its ActionID.
    pub(super) fn next(&mut self) -> Option<(Request, Option<Unreadable>)> {
        while let Some(line) = self.next_line() {
            if line.is_empty() {
                let lines = std::mem::take(&mut self.lines);
                return Some((Request { lines }, self.unreadable.take()));
            }
            if self.lines.len() < MAX_LINES {
                self.lines.push(line);
            } else {
                self.unreadable = Some(Unreadable::TooManyLines);
            }
        }
        None
    }

    fn next_line(&mut self) -> Option<Vec<u8>> {
        loop {
            let window = self.buffer.len().min(LINE_BUFFER);
            let mut begin = self.buffer.iter().take(window);
            if let Some(end) = begin.position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                // Lines are C strings to Asterisk: what follows a NUL is
                // silently lost.
                if let Some(nul) = line.iter().position(|byte| *byte == 0) {
                    line.truncate(nul);
                }
                return Some(line);
            }
            if window < LINE_BUFFER {
                return None;
            }
            // The last byte stays, it may be the first half of a CRLF; the rest of the line then reads as a line of
            // its own. That is why 1023 bytes and CRLF cost the client a second error.
            self.buffer.drain(..LINE_BUFFER - 1);
            self.unreadable.get_or_insert(Unreadable::LineTooLong);
        }
    }
}

/// One packet to a client: headers in order, then an empty line.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    bytes: Vec<u8>,
}

impl Packet {
    /// A response, with the request's ActionID if it had one.
    pub(super) fn response(status: &str, request: &Request) -> Packet {
        Packet::begin("Response", status).action_id(request)
    }

    /// The head of Command's answer up to Asterisk 13, where ActionID is the last header.
    pub(super) fn follows(request: &Request) -> Packet {
        let head = Packet::begin("Response", "Follows");
        head.header("Privilege", "Command").action_id(request)
    }

    pub(super) fn event(name: &str) -> Packet {
        Packet::begin("Event", name)
    }

    fn begin(key: &str, value: &str) -> Packet {
        let bytes = Vec::with_capacity(512);
        Packet { bytes }.header(key, value)
    }

    pub(super) fn action_id(self, request: &Request) -> Packet {
        match request.get("ActionID") {
            b"" => self,
            id => self.header("ActionID", id),
        }
    }

    pub(super) fn header(mut self, key: &str, value: impl AsRef<[u8]>) -> Packet {
        self.bytes.extend_from_slice(key.as_bytes());
        self.bytes.extend_from_slice(b": ");
        self.line(value.as_ref())
    }

    pub(super) fn with(self, headers: &[(&str, impl AsRef<[u8]>)]) -> Packet {
        headers
            .iter()
            .fold(self, |packet, (key, value)| packet.header(key, value))
    }

    /// Headers after a list of their names, each with what `value` has for it. `Name=other` is what it has for another
    /// name, `Name:text` that text.
    pub(super) fn listed(self, headers: &str, value: impl Fn(&str) -> String) -> Packet {
        let split = |header| match str::split_once(header, ':') {
            Some((name, text)) => (name, text.to_owned()),
            None => {
                let (name, other) = header.split_once('=').unwrap_or((header, header));
                (name, value(other))
            }
        };
        let headers: Vec<_> = headers.split_whitespace().map(split).collect();
        self.with(&headers)
    }

    /// A line as it is, without key and value.
    pub(super) fn line(mut self, line: &[u8]) -> Packet {
        self.bytes.extend_from_slice(line);
        self.bytes.extend_from_slice(b"\r\n");
        self
    }

    /// Bytes without a line end, for the body of `Response: Follows`.
    pub(super) fn raw(mut self, bytes: &[u8]) -> Packet {
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.line(b"").bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(String, Option<Unreadable>)> {
        let mut requests = Requests::default();
        requests.push(bytes);
        std::iter::from_fn(|| requests.next())
            .map(|(request, why)| (request.action().into_owned(), why))
            .collect()
    }

    fn one_line_of(length: usize, end: &str) -> Vec<u8> {
        let line = "X: ".to_owned() + &"y".repeat(length - 3);
        format!("Action: Ping\r\n{line}{end}\r\n").into_bytes()
    }

    // The client relies on this limit when it refuses lines over 1022 bytes.
    #[test]
    fn a_line_may_have_1022_bytes_and_no_more() {
        assert_eq!(read(&one_line_of(1022, "\r\n")), [("Ping".into(), None)]);
        assert_eq!(read(&one_line_of(1023, "\n")), [("Ping".into(), None)]);
        let long = [
            ("Ping".into(), Some(Unreadable::LineTooLong)),
            (String::new(), None),
        ];
        assert_eq!(read(&one_line_of(1023, "\r\n")), long);
        assert_eq!(
            read(&one_line_of(2000, "\r\n")),
            [("Ping".into(), Some(Unreadable::LineTooLong))]
        );
    }

    #[test]
    fn a_request_may_have_128_lines_and_no_more() {
        let lines = |count: usize| {
            format!("Action: Ping\r\n{}\r\n", "X: y\r\n".repeat(count - 1)).into_bytes()
        };
        assert_eq!(read(&lines(128)), [("Ping".into(), None)]);
        assert_eq!(
            read(&lines(129)),
            [("Ping".into(), Some(Unreadable::TooManyLines))]
        );
    }

    #[test]
    fn keys_ignore_case_and_the_first_one_counts() {
        let mut requests = Requests::default();
        requests.push(b"ACTION:\nactionid:\nAction:  Ping \nActionID: 1\nNul: a\0b\n\n");
        let (request, _) = requests.next().unwrap();
        assert_eq!(request.action(), "Ping ");
        assert_eq!(request.get("ActionID"), b"");
        assert_eq!(request.get("nul"), b"a");
    }

    #[test]
    fn a_blank_before_the_colon_hides_the_key() {
        assert_eq!(read(b"Action : Ping\r\n\r\n"), [(String::new(), None)]);
    }
}
