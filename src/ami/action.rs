//! An Action as the bytes of its packet. What a server would misread is refused
//! here.

use super::masking;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use thiserror::Error;

/// The longest line, in bytes without its line end. Asterisk reads lines into a
/// buffer of 1024 bytes. From 1.8 it refuses a longer line; 1.4 runs the Action
/// without it.
pub const MAX_LINE: usize = 1022;
/// The most headers in one Action. From 1.8 Asterisk refuses more (128 lines);
/// 1.4 silently drops the rest.
pub const MAX_HEADERS: usize = 128;
/// The longest ActionID, in bytes. Handlers copy it, line end included, into
/// buffers as small as 80 bytes; a longer one loses its line end and merges
/// with the next header.
pub const MAX_ACTION_ID: usize = 60;

/// Why an Action cannot be sent. Nothing was sent.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Refused {
    /// A line break or NUL would end the header and begin another.
    #[error("{key} holds {what}, which would begin another header: remove it")]
    ControlByte {
        /// The key of the header.
        key: String,
        /// The byte's name.
        what: &'static str,
    },
    /// The server would drop or refuse the line.
    #[error(
        "the line of {key} has {length} bytes, but a server reads at most {MAX_LINE}: shorten it, or split it into several headers"
    )]
    LongLine {
        /// The key of the header.
        key: String,
        /// Its length with key and separator, in bytes.
        length: usize,
    },
    /// The server would drop or refuse the Action.
    #[error(
        "more than {MAX_HEADERS} headers, including the ActionID that amish adds: split the action"
    )]
    ManyHeaders,
    /// It would overflow the server's copy.
    #[error("the ActionID has {0} bytes, but at most {MAX_ACTION_ID} are safe: shorten it")]
    LongActionId(usize),
    /// No Action header, or one without a value.
    #[error("the packet has no Action: header: add one")]
    NoAction,
}

/// An Action, complete or under construction: its packet without the final
/// empty line. Every line was checked when it was added.
#[derive(Clone, PartialEq, Eq)]
pub struct Action {
    lines: Vec<u8>,
    count: usize,
    /// Where the Action's name is. Kept because it is read often.
    name: Range<usize>,
}

impl Action {
    /// Begins an Action with the header `Action: name`.
    ///
    /// # Errors
    /// See [`Action::push`].
    pub fn new(name: &str) -> Result<Action, Refused> {
        let mut action = Action::empty();
        // Enough for all the lines of most Actions.
        action.lines.reserve(96);
        action.push("Action", name.as_bytes())?;
        Ok(action)
    }

    /// The Action that runs `text` on the Asterisk CLI.
    ///
    /// # Errors
    /// See [`Action::push`].
    pub fn cli(text: &[u8]) -> Result<Action, Refused> {
        let mut action = Action::new("Command")?;
        action.push("Command", text)?;
        Ok(action)
    }

    /// An Action without headers, for a raw packet, where Action need not come
    /// first.
    pub fn empty() -> Action {
        Action {
            lines: Vec::new(),
            count: 0,
            name: 0..0,
        }
    }

    /// One of amish's own Actions, whose headers are known to be within the
    /// limits. A line that is not would be left out.
    pub(crate) fn own(name: &str, headers: &[(&str, &str)]) -> Action {
        let mut action = Action::empty();
        for (key, value) in std::iter::once(&("Action", name)).chain(headers) {
            // Fixed texts and numbers never exceed a limit.
            let _ = action.push(key, value.as_bytes());
        }
        action
    }

    /// Adds the header `key: value`. Repeats are kept, in order.
    ///
    /// # Errors
    /// CR, LF or NUL anywhere, a line over [`MAX_LINE`], more than
    /// [`MAX_HEADERS`], an ActionID over [`MAX_ACTION_ID`].
    pub fn push(&mut self, key: &str, value: &[u8]) -> Result<(), Refused> {
        if key.eq_ignore_ascii_case("ActionID") && value.len() > MAX_ACTION_ID {
            return Err(Refused::LongActionId(value.len()));
        }
        let before = self.lines.len();
        self.lines.extend_from_slice(key.as_bytes());
        self.lines.extend_from_slice(b": ");
        self.lines.extend_from_slice(value);
        self.close_line(before, key)
    }

    /// Adds a line without a colon, as typed in a raw packet. Servers ignore
    /// it, but UserEvent passes it on.
    ///
    /// # Errors
    /// See [`Action::push`].
    pub fn push_bare(&mut self, line: &[u8]) -> Result<(), Refused> {
        let before = self.lines.len();
        self.lines.extend_from_slice(line);
        self.close_line(before, "a line without a key")
    }

    fn close_line(&mut self, before: usize, key: &str) -> Result<(), Refused> {
        let line = self.lines.get(before..).unwrap_or_default();
        let length = line.len();
        let bad = memchr::memchr3(b'\r', b'\n', 0, line).map(|at| match line.get(at) {
            Some(b'\r') => "a carriage return",
            Some(b'\n') => "a line feed",
            _ => "a NUL byte",
        });
        let refused = if let Some(what) = bad {
            let key = key.escape_debug().to_string();
            Some(Refused::ControlByte { key, what })
        } else if length > MAX_LINE {
            let key = key.chars().take(40).collect();
            Some(Refused::LongLine { key, length })
        } else if self.count == MAX_HEADERS {
            Some(Refused::ManyHeaders)
        } else {
            None
        };
        if let Some(refused) = refused {
            self.lines.truncate(before);
            return Err(refused);
        }
        // Servers skip an empty Action header, so the first one with a value
        // counts.
        if self.name.is_empty() {
            self.name = name_in(line).map_or(0..0, |at| before + at.start..before + at.end);
        }
        self.lines.extend_from_slice(b"\r\n");
        self.count += 1;
        Ok(())
    }

    /// Whether the packet would contain a secret.
    pub fn holds_secret(&self) -> bool {
        matches!(masking::request(&self.lines), std::borrow::Cow::Owned(_))
    }

    /// The headers in order. A line without a colon has an empty key.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.lines
            .split(|&b| b == b'\n')
            .filter_map(|line| line.strip_suffix(b"\r"))
            .map(|line| {
                let colon = line.windows(2).position(|two| two == b": ");
                let key = colon.and_then(|at| std::str::from_utf8(line.get(..at)?).ok());
                match (key, colon.and_then(|at| line.get(at + 2..))) {
                    (Some(key), Some(value)) => (key, value),
                    _ => ("", line),
                }
            })
    }

    /// The first header `key`, in any case, which is the one a server reads.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        let mut headers = self.headers();
        headers.find_map(|(k, value)| k.eq_ignore_ascii_case(key).then_some(value))
    }

    /// The name of the Action, empty if it has none.
    pub fn name(&self) -> String {
        String::from_utf8_lossy(self.own_name()).into_owned()
    }

    /// Whether this is the Action `name`, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.own_name().eq_ignore_ascii_case(name.as_bytes())
    }

    fn own_name(&self) -> &[u8] {
        self.lines.get(self.name.clone()).unwrap_or_default()
    }

    /// The packet, to be sent in one write.
    ///
    /// # Errors
    /// [`Refused::NoAction`]: the server would answer `Missing action in
    /// request`, which no Action could be matched to.
    pub fn packet(&self) -> Result<Vec<u8>, Refused> {
        if self.own_name().is_empty() {
            return Err(Refused::NoAction);
        }
        let mut packet = Vec::with_capacity(self.lines.len() + 2);
        packet.extend_from_slice(&self.lines);
        packet.extend_from_slice(b"\r\n");
        Ok(packet)
    }
}

/// The range of the value in an Action line, if it has one.
fn name_in(line: &[u8]) -> Option<Range<usize>> {
    const KEY: &[u8] = b"Action: ";
    let (key, value) = line.split_at_checked(KEY.len())?;
    let start = KEY.len() + value.len() - value.trim_ascii_start().len();
    let name = value.trim_ascii();
    let is_one = key.eq_ignore_ascii_case(KEY) && !name.is_empty();
    is_one.then(|| start..start + name.len())
}

/// As it would be sent, with secrets replaced by stars.
impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = masking::request(&self.lines);
        let shown = String::from_utf8_lossy(&shown);
        let mut list = f.debug_list();
        for line in shown.lines() {
            list.entry(&format_args!("{}", line.escape_debug()));
        }
        list.finish()
    }
}

/// Makes ActionIDs that no other session uses: a random prefix, then a number.
/// Events carry the ActionIDs of other sessions, which must not be taken for
/// ours.
#[derive(Debug)]
pub struct ActionIds {
    prefix: u32,
    next: u64,
}

impl ActionIds {
    /// Draws the prefix.
    pub fn new() -> ActionIds {
        // The standard library seeds its hashers from the system's randomness.
        let random = std::collections::hash_map::RandomState::new();
        ActionIds {
            prefix: random.build_hasher().finish() as u32,
            next: 0,
        }
    }

    /// The next ActionID: at most 29 bytes, without blanks.
    pub fn draw(&mut self) -> String {
        self.next += 1;
        format!("{:08x}-{}", self.prefix, self.next)
    }

    /// Adds an ActionID to `action` unless it has one.
    ///
    /// # Errors
    /// It would be one header too many.
    pub fn mark(&mut self, action: &mut Action) -> Result<(), Refused> {
        match action.get("ActionID") {
            Some(_) => Ok(()),
            None => action.push("ActionID", self.draw().as_bytes()),
        }
    }
}

impl Default for ActionIds {
    fn default() -> ActionIds {
        ActionIds::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Real servers ran each of these as a second Action.
    #[test]
    fn no_header_begins_another() {
        for byte in ['\r', '\n', '\0'] {
            let mut action = Action::new("Setvar").expect("a name");
            let before = action.packet();
            let value = format!("x{byte}Action: Command");
            for refused in [
                action.push("Variable", value.as_bytes()),
                action.push(&value, b""),
                action.push_bare(value.as_bytes()),
            ] {
                assert!(matches!(refused, Err(Refused::ControlByte { .. })));
            }
            assert_eq!(action.packet(), before, "a refused line leaves no trace");
            assert!(Action::new(&value).is_err());
        }
    }

    // Asterisk accepts lines of 1022 bytes and refuses 1023, accepts 128 lines
    // and refuses 129.
    #[test]
    fn limits_are_the_servers() {
        let mut action = Action::new("Ping").expect("a name");
        assert_eq!(action.push("X", &[b'y'; 1019]), Ok(()));
        let long = action.push("X", &[b'y'; 1020]);
        assert!(matches!(long, Err(Refused::LongLine { length: 1023, .. })));
        assert_eq!(action.push_bare(&[b'y'; 1022]), Ok(()));
        assert!(action.push_bare(&[b'y'; 1023]).is_err());
        for _ in 3..MAX_HEADERS {
            assert_eq!(action.push("X", b"y"), Ok(()));
        }
        assert_eq!(action.push("X", b"y"), Err(Refused::ManyHeaders));
        let mut action = Action::new("Ping").expect("a name");
        let long = action.push("actionid", &[b'i'; 61]);
        assert_eq!(long, Err(Refused::LongActionId(61)));
        assert_eq!(action.push("ActionID", &[b'i'; 60]), Ok(()));
    }

    #[test]
    fn a_packet_is_sent_as_it_was_built() {
        let mut action = Action::empty();
        action.push("Variable", b"A=1: 2").expect("in bounds");
        action.push("action", b"Originate").expect("in bounds");
        action.push("Variable", b" \xff").expect("in bounds");
        action.push_bare(b"no colon").expect("in bounds");
        let packet: &[u8] =
            b"Variable: A=1: 2\r\naction: Originate\r\nVariable:  \xff\r\nno colon\r\n\r\n";
        assert_eq!(action.packet().as_deref(), Ok(packet));
        let headers: Vec<_> = action.headers().collect();
        assert_eq!(
            headers,
            [
                ("Variable", &b"A=1: 2"[..]),
                ("action", b"Originate"),
                ("Variable", b" \xff"),
                ("", b"no colon"),
            ]
        );
        assert!(action.is("originate"));
        assert_eq!(action.get("VARIABLE"), Some(&b"A=1: 2"[..]));
    }

    // Servers use the first Action header that has a value.
    #[test]
    fn an_action_without_a_name_is_none() {
        let mut action = Action::empty();
        assert_eq!(action.packet(), Err(Refused::NoAction));
        action.push("Action", b" ").expect("in bounds");
        action.push("Key", b"abc").expect("in bounds");
        assert_eq!(action.packet(), Err(Refused::NoAction));
        action.push("ACTION", b"Login").expect("in bounds");
        assert!(action.packet().is_ok());
        assert_eq!(action.name(), "Login");
        assert!(!format!("{action:?}").contains("abc"));
    }

    #[test]
    fn actionids_are_short_and_never_drawn_twice() {
        let (mut one, mut two) = (ActionIds::new(), ActionIds::new());
        one.next = u64::MAX - 3;
        let drawn = [one.draw(), one.draw(), two.draw(), two.draw()];
        for (i, id) in drawn.iter().enumerate() {
            assert!(id.len() <= 29 && !id.contains(' '), "{id}");
            assert!(!drawn[..i].contains(id), "{id}");
        }
    }
}
