//! One line of json as a record: its key, its identity and its text.

use memchr::memmem;

const ID: &[u8] = b",\"_id\":";

/// Bytes of a name in a key. Real ones have 30.
const LONGEST_NAME: usize = 100;

/// One line of the stream, without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// The object.
    pub json: &'a [u8],
    /// Its `_id`.
    pub id: &'a [u8],
    /// Its `_pbx`, in the stream of several.
    pbx: Option<&'a [u8]>,
    /// The name of the event as in the object, or the kind of what is none.
    name: &'a [u8],
    is_event: bool,
}

impl<'a> Record<'a> {
    /// Reads what amish wrote itself. A server's text cannot look like a member:
    /// a quote in it is escaped.
    pub fn of(json: &'a [u8]) -> Record<'a> {
        let kind = member(json, b"\"_kind\":").unwrap_or_default();
        let is_event = kind == b"event";
        let event = member(json, b",\"Event\":").filter(|_| is_event);
        Record {
            json,
            id: member(json, ID).unwrap_or_default(),
            pbx: member(json, b",\"_pbx\":"),
            name: event.unwrap_or(kind),
            is_event,
        }
    }

    /// Appends the PBX as a word of the key; `alone` if the stream is of one.
    pub fn write_pbx(&self, out: &mut Vec<u8>, alone: &str) {
        write_word(out, self.pbx.unwrap_or(alone.as_bytes()));
    }

    /// Appends the last part of the key: the event, or `_gap` and the like. An
    /// event that begins so gets one more `_`, as in json.
    pub fn write_name(&self, out: &mut Vec<u8>) {
        if !self.is_event || self.name.first() == Some(&b'_') {
            out.push(b'_');
        }
        write_word(out, self.name);
    }
}

impl Record<'_> {
    /// The gap that stands for a record that is too large, as a line: with its
    /// time, its target and its identity.
    pub fn gap(&self) -> Vec<u8> {
        let kind = memchr::memchr(b',', self.json).unwrap_or_default();
        let id = memmem::find(self.json, ID).map_or(kind, |at| at + ID.len() + self.id.len() + 2);
        let head = self.json.get(kind..id).unwrap_or_default();
        let parts = [b"{\"_kind\":\"gap\"", head, b",\"reason\":\"oversize\"}\n"];
        parts.concat()
    }
}

/// Appends `text` as one word of a key. Whatever else than a letter or a digit
/// could separate words, stand for many of them, or begin a command.
pub(super) fn write_word(out: &mut Vec<u8>, text: &[u8]) {
    let text = text.get(..LONGEST_NAME).unwrap_or(text);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    out.extend(
        text.iter()
            .map(|&byte| if is_plain(byte) { byte } else { b'_' }),
    );
    if text.is_empty() {
        out.push(b'_');
    }
}

/// The text behind `key`, as it stands there; of several the first.
fn member<'a>(json: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = memmem::find(json, key)?;
    let value = json.get(at + key.len()..)?;
    let value = value.strip_prefix(b"[").unwrap_or(value);
    let value = value.strip_prefix(b"\"")?;
    // An escaped quote ends the word early, and is none of a plain name.
    value.get(..memchr::memchr(b'"', value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(json: &str) -> String {
        let mut key = Vec::new();
        Record::of(json.as_bytes()).write_name(&mut key);
        String::from_utf8(key).unwrap()
    }

    // Callers choose values, and the dialplan chooses the names of UserEvents:
    // none of them may choose where a record goes, or what is done with it.
    #[test]
    fn no_text_of_a_server_makes_a_key_of_its_own() {
        let event = |rest: &str| {
            format!(r#"{{"_kind":"event","_time":"t","_target":"a:1","_id":"9-3-7",{rest}}}"#)
        };
        for (json, expected) in [
            (event(r#""Event":"Hangup""#), "Hangup"),
            (event(r#""ActionID":"x","Event":"Hangup""#), "Hangup"),
            (event(r#""Event":["UserEvent","Forged"]"#), "UserEvent"),
            (event(r#""event":"","X":"a,","Event":"B""#), "B"),
            (event(r#""X":"\",\"Event\":\"Forged\"""#), "event"),
            (event(r#""Event":"a.b *>\r\nXADD x""#), "a_b____r_nXADD_x"),
            (event(r#""Event":"\"" "#), "_"),
            (event(r#""Event":"""#), "_"),
            (event(r#""Event":"_gap""#), "__gap"),
            (event(r#""Event":"Ж""#), "__"),
            (
                r#"{"_kind":"gap","_id":"9-3-8","reason":"buffer"}"#.to_owned(),
                "_gap",
            ),
            (
                r#"{"_kind":"unframed","_lines":["x"]}"#.to_owned(),
                "_unframed",
            ),
        ] {
            assert_eq!(key(&json), expected, "{json}");
        }
        let forged = event(r#""X":"\",\"_pbx\":\"b\"","__pbx":"b","Event":"E""#);
        let of_one = forged.replace(r#","_id""#, r#","_pbx":"a.1","_id""#);
        for (json, expected) in [(forged, "alone"), (of_one, "a_1")] {
            let mut pbx = Vec::new();
            Record::of(json.as_bytes()).write_pbx(&mut pbx, "alone");
            assert_eq!(String::from_utf8(pbx).unwrap(), expected, "{json}");
        }
        let gap = Record::of(event(r#""Event":"X""#).as_bytes()).gap();
        let gap = String::from_utf8(gap).unwrap();
        let gap_of_it =
            r#"{"_kind":"gap","_time":"t","_target":"a:1","_id":"9-3-7","reason":"oversize"}"#;
        assert_eq!(gap.trim_end(), gap_of_it);
        let long = event(&format!(r#""Event":"{}""#, "x".repeat(5_000)));
        assert_eq!(key(&long).len(), LONGEST_NAME);
        let forged = event(r#""Event":"E","__id":"1","X":"\",\"_id\":\"1""#);
        assert_eq!(Record::of(forged.as_bytes()).id, b"9-3-7");
    }
}
