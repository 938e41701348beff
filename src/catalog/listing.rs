//! ListCommands: the Actions this user may send, with their privileges.

use crate::ami::Reply;
use std::cmp::Ordering;

/// One Action of a server's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// In the server's spelling.
    pub name: String,
    /// What the server says it does, in one line.
    pub synopsis: String,
    /// The classes of which one is needed (Asterisk 1.4 needs all of them);
    /// empty where anybody may. `all` is left out: every list ends with it and
    /// it grants nothing.
    pub privileges: Vec<String>,
}

/// The answer to ListCommands, sorted without regard to case. A server lists
/// only what the user may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    actions: Vec<Listed>,
}

impl Listing {
    /// Reads the answer to ListCommands. A header without `(Priv: …)` is the
    /// Response's own (Response, ActionID, Message) and no Action.
    pub fn of(reply: &Reply) -> Listing {
        let headers = reply.response.iter().flat_map(|packet| packet.headers());
        let mut actions: Vec<Listed> = headers
            .filter_map(|header| listed(header.key, header.value))
            .collect();
        actions.sort_by(|a, b| order(&a.name, &b.name));
        actions.dedup_by(|b, a| a.name.eq_ignore_ascii_case(&b.name));
        Listing { actions }
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

    /// Is there none? Then the answer was an Error, or no list at all.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }
}

fn listed(key: &[u8], value: &[u8]) -> Option<Listed> {
    let name = String::from_utf8_lossy(key).trim().to_owned();
    let value = String::from_utf8_lossy(value);
    // A synopsis from the XML documentation ends in a blank of its own, so
    // there are one or two before it; and it may speak of `(Priv: ` itself.
    let (synopsis, classes) = value.rsplit_once("(Priv: ")?;
    let classes = classes.trim().trim_end_matches(')');
    let privileges = classes
        .split(',')
        .map(str::trim)
        .filter(|class| !matches!(*class, "" | "all" | "<none>"))
        .map(str::to_owned)
        .collect();
    Some(Listed {
        name,
        synopsis: synopsis.trim().to_owned(),
        privileges,
    })
}

/// The order of every list of names: without regard to case.
pub(super) fn order(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;

    fn listing(text: &str) -> Listing {
        let bytes = text.replace('\n', "\r\n").into_bytes();
        Listing::of(&Reply::single(Packet::new(bytes.into())))
    }

    // The help table and the refusal of unknown Actions stand on this reading;
    // the lines are what 1.4, 1.8, 16 and 22 send.
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
        assert_eq!(odd.synopsis, "Speaks of (Priv: x) itself");
        assert_eq!(odd.privileges, ["call", "reporting"]);
        assert_eq!(listing.get("bare").expect("listed").synopsis, "");
        let open = listing.get("waitevent").expect("listed");
        assert_eq!(open.name, "WaitEvent");
        assert_eq!(open.synopsis, "Wait for an event to occur.");
        assert!(open.privileges.is_empty());
        assert_eq!(listing.get("Message"), None);
    }

    // A refused ListCommands must leave the built-in table in its place.
    #[test]
    fn an_error_lists_nothing() {
        assert!(listing("Response: Error\nMessage: Permission denied\n\n").is_empty());
    }
}
