//! NATS: a record is a message on the subject `ami.PBX.EVENT`, which a stream of
//! JetStream keeps and acknowledges.
//!
//! Each message is acknowledged by itself, and has the identity of its record, by
//! which a stream knows what it was sent twice (within its `duplicate_window`).
//! Where one is refused for a moment, those behind it in the batch may have been
//! taken: JetStream has no transactions.

use super::error::Error;
use super::record::{Record, write_word};
use super::url::Url;
use super::wire::Wire;
use crate::peer_text::PeerText;
use serde_json::Value;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::time::Duration;

/// Bytes of an acknowledgement, of which real ones have 60.
const LONGEST_ANSWER: u64 = 4096;

/// Bytes that every server takes, for one that does not say what it takes.
const USUAL_PAYLOAD: u64 = 1024 * 1024;

/// Messages that are sent before an acknowledgement is waited for. What a server
/// says meanwhile must fit between us, or neither would read.
const WINDOW: usize = 256;

/// A connection that may publish.
pub(super) struct Nats {
    wire: Wire,
    /// Where acknowledgements are sent, with a dot at the end.
    inbox: String,
    /// The largest message that the server takes, in bytes.
    payload: u64,
    /// What is sent, and what is read: kept, so that a batch allocates nothing.
    text: Vec<u8>,
    line: Vec<u8>,
}

/// What a server says.
enum Said {
    Pong,
    /// The message of this number is kept.
    Kept(usize),
    /// It is not, for now: why.
    Refused(PeerText<'static>),
}

impl Nats {
    /// Connects, and shows that messages are taken.
    pub fn connect(
        url: &Url,
        secret: Option<&str>,
        limit: Duration,
        plaintext: bool,
    ) -> Result<Nats, Error> {
        // Nobody else may listen where acknowledgements come.
        let chance = RandomState::new().build_hasher().finish();
        let mut nats = Nats {
            wire: Wire::connect(url, limit)?,
            inbox: format!("_INBOX.{chance:016x}."),
            payload: USUAL_PAYLOAD,
            text: Vec::new(),
            line: Vec::new(),
        };
        nats.greeted()?;
        if secret.is_some() && !plaintext && !nats.wire.is_local() {
            return Err(Error::InClear);
        }
        let mut options = serde_json::json!({
            "verbose": false, "pedantic": false, "tls_required": false, "lang": "rust", "name": "amish",
            "version": env!("CARGO_PKG_VERSION"), "protocol": 1, "headers": true, "no_responders": true,
        });
        match (&url.user, secret) {
            (Some(user), Some(secret)) => {
                options["user"] = user[..].into();
                options["pass"] = secret.into();
            }
            (None, Some(secret)) => options["auth_token"] = secret.into(),
            (_, None) => {}
        }
        nats.text.clear();
        let _ = write!(
            nats.text,
            "CONNECT {options}\r\nSUB {}* 1\r\nPING\r\n",
            nats.inbox
        );
        nats.wire.send(&nats.text)?;
        match nats.said()? {
            Said::Pong => Ok(nats),
            Said::Kept(_) | Said::Refused(_) => Err(foreign()),
        }
    }

    /// Reads the greeting.
    fn greeted(&mut self) -> Result<(), Error> {
        let line = self.wire.line(&mut self.line)?.ok_or_else(foreign)?;
        let info = line.strip_prefix(b"INFO ").ok_or_else(foreign)?;
        let info: Value = serde_json::from_slice(info).map_err(|_| foreign())?;
        let is_set = |name: &str| info[name].as_bool() == Some(true);
        if is_set("tls_required") {
            return Err(Error::Refused {
                words: PeerText::new(&b"it takes connections with TLS only"[..]),
                for_now: false,
            });
        }
        if !is_set("headers") || !is_set("jetstream") {
            return Err(Error::NoStore);
        }
        self.payload = info["max_payload"].as_u64().unwrap_or(USUAL_PAYLOAD);
        Ok(())
    }

    /// The largest record that is taken, in bytes.
    pub fn largest(&self) -> usize {
        usize::try_from(self.payload)
            .unwrap_or(usize::MAX)
            .saturating_sub(HEADERS)
    }

    /// Publishes `records`, of `pbx` unless they name another, in their order, and waits until each is kept.
    pub fn publish(&mut self, pbx: &str, records: &[Record<'_>]) -> Result<(), Error> {
        for records in records.chunks(WINDOW) {
            self.text.clear();
            for (number, record) in records.iter().enumerate() {
                self.write(pbx, number, record);
            }
            self.wire.send(&self.text)?;
            self.text.shrink_to(KEPT);
            self.acknowledged(records.len())?;
        }
        Ok(())
    }

    fn write(&mut self, pbx: &str, number: usize, record: &Record<'_>) {
        let mut headers = b"NATS/1.0\r\nNats-Msg-Id: ".to_vec();
        record.write_pbx(&mut headers, pbx);
        headers.push(b'-');
        write_word(&mut headers, record.id);
        headers.extend_from_slice(b"\r\n\r\n");
        let out = &mut self.text;
        out.extend_from_slice(b"HPUB ami.");
        record.write_pbx(out, pbx);
        out.push(b'.');
        record.write_name(out);
        let whole = headers.len() + record.json.len();
        // A Vec takes everything.
        let _ = write!(out, " {}{number} {} {whole}\r\n", self.inbox, headers.len());
        out.extend_from_slice(&headers);
        out.extend_from_slice(record.json);
        out.extend_from_slice(b"\r\n");
    }

    fn acknowledged(&mut self, count: usize) -> Result<(), Error> {
        let mut kept = vec![false; count];
        let mut left = count;
        while left > 0 {
            match self.said()? {
                Said::Pong => {}
                Said::Refused(words) => {
                    let for_now = true;
                    return Err(Error::Refused { words, for_now });
                }
                Said::Kept(number) => match kept.get_mut(number) {
                    Some(kept) if !*kept => {
                        *kept = true;
                        left -= 1;
                    }
                    _ => return Err(foreign()),
                },
            }
        }
        Ok(())
    }

    /// The next that concerns us.
    fn said(&mut self) -> Result<Said, Error> {
        loop {
            let line = self.wire.line(&mut self.line)?.ok_or_else(foreign)?;
            let mut words = line
                .split(|byte| *byte == b' ')
                .filter(|word| !word.is_empty());
            match words.next().unwrap_or_default() {
                b"PONG" => return Ok(Said::Pong),
                b"PING" => self.wire.send(b"PONG\r\n")?,
                b"+OK" | b"INFO" => {}
                b"-ERR" => {
                    let words = PeerText::new(line.get(5..).unwrap_or_default()).into_owned();
                    // Whoever was let in is not refused for what it is.
                    let lasting = ["Authorization", "Permissions", "Maximum Payload"];
                    let for_now = !lasting.iter().any(|word| words.mentions(word));
                    return Err(Error::Refused { words, for_now });
                }
                kind @ (b"MSG" | b"HMSG") => {
                    let has_headers = kind == b"HMSG";
                    let subject = words.next().unwrap_or_default();
                    let number = subject.strip_prefix(self.inbox.as_bytes());
                    let number = number.and_then(number_of).ok_or_else(foreign)?;
                    let length = words.next_back().and_then(number_of);
                    let length = length.filter(|length| *length <= LONGEST_ANSWER);
                    let length = length.ok_or_else(foreign)?;
                    let number = usize::try_from(number).map_err(|_| foreign())?;
                    return self.answer(number, length, has_headers);
                }
                _ => return Err(foreign()),
            }
        }
    }

    /// Reads what was said to message `number`.
    fn answer(&mut self, number: usize, length: u64, has_headers: bool) -> Result<Said, Error> {
        let mut answer = vec![0; usize::try_from(length + 2).unwrap_or_default()];
        self.wire.read(&mut answer)?;
        if has_headers {
            // 503: nobody listens on that subject.
            let words =
                "no stream of JetStream takes ami.>: nats stream add AMI --subjects 'ami.>'";
            return Ok(Said::Refused(PeerText::new(words.as_bytes())));
        }
        let answer: Value = serde_json::from_slice(&answer).map_err(|_| foreign())?;
        match answer["error"]["description"].as_str() {
            Some(why) => Ok(Said::Refused(PeerText::new(why.as_bytes().to_vec()))),
            None if answer["seq"].is_u64() => Ok(Said::Kept(number)),
            None => Err(foreign()),
        }
    }
}

/// Bytes of the headers of a message at most.
const HEADERS: usize = 512;

/// Bytes of the text that is kept for the next batch.
const KEPT: usize = 1024 * 1024;

fn number_of(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn foreign() -> Error {
    Error::Foreign("NATS")
}
