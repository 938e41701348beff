//! ListCommands: the Actions this user may send, with their privileges.

use super::name::{Name, order};
use crate::ami::Reply;
use crate::peer_text::PeerText;
use memchr::memmem;

/// How many Actions of a list are kept. 22 lists 128; a hostile server may
/// claim a million.
const MOST: usize = 1_000;

/// Bytes of a synopsis that are kept. The longest in 22 has 174.
const SYNOPSIS: usize = 400;

/// Classes of an Action that are kept. Asterisk has 19.
const CLASSES: usize = 32;

/// One Action of a server's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// In the server's spelling.
    pub name: Name,
    /// The server's one-line description.
    pub synopsis: PeerText<'static>,
    /// The classes of which one is needed (Asterisk 1.4 needs all of them);
    /// empty if anybody may. `all` is left out: every list ends with it, and it
    /// grants nothing.
    pub privileges: Vec<Name>,
}

/// The answer to ListCommands, sorted without regard to case. A server lists
/// only what the user may send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    actions: Vec<Listed>,
    is_cut: bool,
}

impl Listing {
    /// Reads the answer to ListCommands. A header without `(Priv: …)` is the
    /// Response's own (Response, ActionID, Message); it and names that cannot
    /// be typed are skipped. At most 1000 Actions are kept.
    pub fn of(reply: &Reply) -> Listing {
        let headers = reply.response.iter().flat_map(|packet| packet.headers());
        let mut all = headers.filter_map(|header| listed(header.key, header.value));
        let mut actions: Vec<Listed> = all.by_ref().take(MOST).collect();
        let is_cut = all.next().is_some();
        actions.sort_by(|a, b| order(&a.name, &b.name));
        actions.dedup_by(|b, a| a.name.eq_ignore_ascii_case(&b.name));
        Listing { actions, is_cut }
    }

    /// The Action `name`, in any case.
    pub fn get(&self, name: &str) -> Option<&Listed> {
        let found = self.actions.binary_search_by(|one| order(&one.name, name));
        self.actions.get(found.ok()?)
    }

    /// All of them, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.actions.iter()
    }

    /// Whether it lists nothing: the answer was an Error, or not a list.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Whether the server lists more than are kept.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}

fn listed(key: &[u8], value: &[u8]) -> Option<Listed> {
    const MARK: &[u8] = b"(Priv: ";
    let name = Name::of_action(key.trim_ascii())?;
    // A synopsis from the XML documentation may end in a blank, and may itself
    // contain `(Priv: `.
    let at = memmem::rfind(value, MARK)?;
    let (synopsis, rest) = value.split_at_checked(at)?;
    let classes = rest.get(MARK.len()..)?.trim_ascii();
    let classes = classes.strip_suffix(b")").unwrap_or(classes);
    Some(Listed {
        name,
        synopsis: line(synopsis),
        privileges: self::classes(classes),
    })
}

/// The text on one line, with one blank between words: some synopses contain
/// tabs where the source had a line break.
fn line(text: &[u8]) -> PeerText<'static> {
    let text = text.get(..SYNOPSIS).unwrap_or(text);
    let words = text.split(u8::is_ascii_whitespace);
    let words: Vec<&[u8]> = words.filter(|word| !word.is_empty()).collect();
    PeerText::new(words.join(&b' '))
}

/// Parses `call,reporting,all`; `all` grants nothing, and `<none>` is not a
/// class.
pub(super) fn classes(text: &[u8]) -> Vec<Name> {
    let classes = text.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let classes = classes.filter(|class| *class != b"all");
    classes.filter_map(Name::of_class).take(CLASSES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    fn listing(text: &str) -> Listing {
        let bytes = text.replace('\n', "\r\n").into_bytes();
        Listing::of(&Reply::single(Packet::new(bytes.into())))
    }

    // Help and the refusal of unknown Actions depend on this. The lines are
    // those of 1.4, 1.8, 16 and 22.
    #[test]
    fn every_form_of_the_list_is_read() {
        let listing = listing(
            "Response: Success\nActionID: lc-1\nMessage: something (Priv matters)\n\
             WaitEvent: Wait for an event to occur.  (Priv: <none>)\n\
             MuteAudio: Mute an audio stream (Priv: system,all)\n\
             Odd: Speaks of (Priv: x) itself  (Priv: call,reporting,all)\n\
             Bare:  (Priv: call,all)\n\
             AGI: Add an AGI command to execute by Async AGI.  (Priv: agi,all)\n\
             Command: Execute Asterisk CLI Command (Priv: command,all)\n\n",
        );
        let names: Vec<&str> = listing.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            ["AGI", "Bare", "Command", "MuteAudio", "Odd", "WaitEvent"]
        );
        let odd = listing.get("ODD").expect("listed");
        assert!(odd.synopsis.is("Speaks of (Priv: x) itself"));
        assert_eq!(odd.privileges, ["call", "reporting"]);
        assert!(listing.get("bare").expect("listed").synopsis.is_empty());
        let open = listing.get("waitevent").expect("listed");
        assert_eq!(open.name, "WaitEvent");
        assert!(open.synopsis.is("Wait for an event to occur."));
        assert!(open.privileges.is_empty());
        assert_eq!(listing.get("Message"), None);
    }

    // A refused ListCommands must leave the built-in table in use.
    #[test]
    fn an_error_lists_nothing() {
        assert!(listing("Response: Error\nMessage: Permission denied\n\n").is_empty());
    }

    // A hostile server lists a million Actions, names of a megabyte, and names
    // that would be commands when typed.
    #[test]
    fn a_list_has_a_bound() {
        let many: String = (0..20_000)
            .map(|n| format!("Act{n}: {} (Priv: {})\n", "x".repeat(600), "c,".repeat(99)))
            .collect();
        let long = "L".repeat(1024 * 1024);
        let evil =
            format!("!id>FILE #: x (Priv: all)\n/save: x (Priv: all)\n{long}: x (Priv: all)\n");
        let listing = listing(&format!("Response: Success\n{evil}{many}\n"));
        assert!(listing.is_cut());
        assert_eq!(listing.iter().count(), MOST);
        for one in listing.iter() {
            assert!(one.name.starts_with("Act"), "{}", one.name);
            assert!(one.synopsis.bytes().len() <= SYNOPSIS);
            assert!(one.privileges.len() <= CLASSES);
        }
    }
}
