//! Redis: a record is an entry of the stream `ami.PBX`, written with XADD.
//!
//! A batch is one transaction. Without it a record could be refused for want of
//! memory and the one behind it be taken, and the order would be lost. A server
//! that is killed has all of a batch on its disk or nothing.

use super::error::Error;
use super::record::Record;
use super::url::Url;
use super::wire::Wire;
use crate::peer_text::PeerText;
use std::io::Write;
use std::time::Duration;

/// Refusals that are over sooner or later: it loads its data, is out of memory,
/// is or waits for a replica, cannot write to its disk, runs a script.
const FOR_NOW: [&str; 9] = [
    "LOADING",
    "OOM",
    "READONLY",
    "MASTERDOWN",
    "MISCONF",
    "BUSY",
    "NOREPLICAS",
    "TRYAGAIN",
    "CLUSTERDOWN",
];

/// Bytes of an entry's ID, of which real ones have 20.
const LONGEST_ID: u64 = 64;

/// Bytes of the text that is kept for the next batch.
const KEPT: usize = 1024 * 1024;

/// A connection that may write.
pub(super) struct Redis {
    wire: Wire,
    /// What is sent, and what is read: kept, so that a batch allocates nothing.
    text: Vec<u8>,
    line: Vec<u8>,
}

/// What an answer says.
enum Said {
    /// `+OK` and the like, or an ID.
    Good,
    /// So many answers follow.
    Many(u64),
}

impl Redis {
    /// Connects, and shows that commands are taken.
    pub fn connect(
        url: &Url,
        secret: Option<&str>,
        limit: Duration,
        plaintext: bool,
    ) -> Result<Redis, Error> {
        let mut redis = Redis {
            wire: Wire::connect(url, limit)?,
            text: Vec::new(),
            line: Vec::new(),
        };
        if let Some(secret) = secret {
            if !plaintext && !redis.wire.is_local() {
                return Err(Error::InClear);
            }
            match &url.user {
                Some(user) => redis.ask(&[b"AUTH", user.as_bytes(), secret.as_bytes()])?,
                None => redis.ask(&[b"AUTH", secret.as_bytes()])?,
            }
        }
        if url.database > 0 {
            redis.ask(&[b"SELECT", url.database.to_string().as_bytes()])?;
        }
        match redis.ask(&[b"PING"]) {
            // A user who may write streams and nothing else.
            Err(Error::Refused { words, .. }) if words.starts_with("NOPERM") => Ok(redis),
            done => done.map(|()| redis),
        }
    }

    fn ask(&mut self, words: &[&[u8]]) -> Result<(), Error> {
        self.text.clear();
        command(&mut self.text, words);
        self.wire.send(&self.text)?;
        self.good()
    }

    /// Appends `records`, of `pbx` unless they name another, to the streams of their
    /// PBXs, all of them or none.
    pub fn publish(
        &mut self,
        pbx: &str,
        longest: Option<u64>,
        records: &[Record<'_>],
    ) -> Result<(), Error> {
        let mut key = Vec::new();
        let longest = longest.map(|longest| longest.to_string());
        let mut name = Vec::new();
        self.text.clear();
        command(&mut self.text, &[b"MULTI"]);
        for record in records {
            key.clear();
            key.extend_from_slice(b"ami.");
            record.write_pbx(&mut key, pbx);
            name.clone_from(&key);
            name.push(b'.');
            record.write_name(&mut name);
            let mut words: Vec<&[u8]> = vec![b"XADD", &key];
            if let Some(longest) = &longest {
                words.extend([&b"MAXLEN"[..], b"~", longest.as_bytes()]);
            }
            words.extend([
                &b"*"[..],
                b"subject",
                &name,
                b"id",
                record.id,
                b"json",
                record.json,
            ]);
            command(&mut self.text, &words);
        }
        command(&mut self.text, &[b"EXEC"]);
        self.wire.send(&self.text)?;
        self.text.shrink_to(KEPT);
        self.acknowledged(records.len())
    }

    /// Reads the answers to a transaction of `count` commands.
    fn acknowledged(&mut self, count: usize) -> Result<(), Error> {
        // The first refusal says why; EXEC then only that there was one.
        let mut refused = None;
        for _ in 0..=count {
            match self.said() {
                Ok(Said::Good) => {}
                Ok(Said::Many(_)) => return Err(Error::Foreign("Redis")),
                Err(why @ Error::Refused { .. }) => {
                    refused.get_or_insert(why);
                }
                // It may have ended the connection over what it refused.
                Err(why) => return Err(refused.unwrap_or(why)),
            }
        }
        match self.said() {
            Ok(Said::Many(entries)) if entries == count as u64 => {}
            Ok(_) => return Err(Error::Foreign("Redis")),
            Err(why) => return Err(refused.unwrap_or(why)),
        }
        for _ in 0..count {
            match self.good() {
                Err(why @ Error::Refused { .. }) => {
                    refused.get_or_insert(why);
                }
                done => done?,
            }
        }
        refused.map_or(Ok(()), Err)
    }

    fn good(&mut self) -> Result<(), Error> {
        match self.said()? {
            Said::Good => Ok(()),
            Said::Many(_) => Err(Error::Foreign("Redis")),
        }
    }

    fn said(&mut self) -> Result<Said, Error> {
        let foreign = || Error::Foreign("Redis");
        let line = self.wire.line(&mut self.line)?.ok_or_else(foreign)?;
        let (kind, rest) = line.split_first().ok_or_else(foreign)?;
        let number = || std::str::from_utf8(rest).ok()?.parse::<u64>().ok();
        match kind {
            b'+' => Ok(Said::Good),
            b'*' => number().map(Said::Many).ok_or_else(foreign),
            b'$' => {
                let bytes = number().filter(|bytes| *bytes <= LONGEST_ID);
                self.wire.skip(bytes.ok_or_else(foreign)? + 2)?;
                Ok(Said::Good)
            }
            b'-' => {
                let words = PeerText::new(rest).into_owned();
                let for_now = FOR_NOW.iter().any(|word| words.starts_with(word));
                Err(Error::Refused { words, for_now })
            }
            _ => Err(foreign()),
        }
    }
}

/// Appends a command. Each word is preceded by its length, so that none can be
/// another command, whatever is in it.
fn command(out: &mut Vec<u8>, words: &[&[u8]]) {
    // A Vec takes everything.
    let _ = write!(out, "*{}\r\n", words.len());
    for word in words {
        let _ = write!(out, "${}\r\n", word.len());
        out.extend_from_slice(word);
        out.extend_from_slice(b"\r\n");
    }
}
