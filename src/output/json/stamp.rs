//! When and from where a packet came, as members that are written once a read
//! instead of once a packet.

use super::string;
use std::fmt::Display;
use std::io::Write;
use std::time::SystemTime;

/// The members `_time`, `_target`, of one PBX of several `_pbx`, and where records are
/// told apart `_id` of what came last.
#[derive(Debug, Clone, Default)]
pub struct Stamp {
    of: Option<SystemTime>,
    target: String,
    pbx: Option<String>,
    text: Vec<u8>,
    ids: Option<Ids>,
}

/// See [`Stamp::identify`].
#[derive(Debug, Clone, Default)]
struct Ids {
    run: String,
    /// `,"_id":"…"` of what is shown next.
    text: Vec<u8>,
    /// Where it stands in the text of the stamp.
    at: usize,
}

impl Stamp {
    /// From now on every object has the name of its PBX, which is the one of this
    /// number.
    pub fn of_pbx(&mut self, number: usize, name: String) {
        self.pbx = Some(name);
        if let Some(ids) = &mut self.ids {
            // Each PBX counts for itself.
            ids.run = format!("{}.{number}", ids.run);
        }
        self.of = None;
    }

    /// From now on every object has an `_id`, which begins with `run`.
    pub fn identify_in(&mut self, run: String) {
        self.ids = Some(Ids {
            run,
            ..Ids::default()
        });
        self.of = None;
    }

    /// `id`, unique in this run, is that of what is shown next.
    pub fn identify(&mut self, id: &impl Display) {
        if let Some(ids) = &mut self.ids {
            ids.text.clear();
            // A Vec takes everything.
            let _ = write!(ids.text, ",\"_id\":\"{}-{id}\"", ids.run);
        }
    }

    /// `,"_time":…,"_target":…` for what came at `time` from `target`.
    pub fn at(&mut self, time: SystemTime, target: &str) -> &[u8] {
        if self.of != Some(time) || self.target != target {
            self.of = Some(time);
            self.target.clear();
            self.target.push_str(target);
            self.text.clear();
            self.text.extend_from_slice(b",\"_time\":\"");
            write_time(&mut self.text, time);
            self.text.extend_from_slice(b"\",\"_target\":");
            string(&mut self.text, target.as_bytes());
            if let Some(pbx) = &self.pbx {
                self.text.extend_from_slice(b",\"_pbx\":");
                string(&mut self.text, pbx.as_bytes());
            }
            if let Some(ids) = &mut self.ids {
                ids.at = self.text.len();
            }
        }
        if let Some(ids) = &self.ids {
            self.text.truncate(ids.at);
            self.text.extend_from_slice(&ids.text);
        }
        &self.text
    }
}

/// RFC 3339 in UTC with microseconds.
fn write_time(out: &mut Vec<u8>, time: SystemTime) {
    // Fails only if the clock is set beyond the year 9999.
    let time = jiff::Timestamp::try_from(time).unwrap_or_default();
    let date = jiff::tz::Offset::UTC.to_datetime(time);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let mut put = |at: usize, digits: usize, number: i32| {
        let mut rest = number.unsigned_abs();
        for place in text.iter_mut().skip(at).take(digits).rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    };
    put(0, 4, date.year().into());
    put(5, 2, date.month().into());
    put(8, 2, date.day().into());
    put(11, 2, date.hour().into());
    put(14, 2, date.minute().into());
    put(17, 2, date.second().into());
    put(20, 6, date.subsec_nanosecond() / 1000);
    out.extend_from_slice(&text);
}
