//! What is known of the Actions and events of one server.

use super::actions;
use super::listing::{Listed, Listing};
use super::name::{Name, order};
use super::near::near;
use super::page::{Origin, Page};
use crate::peer_text::PeerText;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most memory for the pages of a server, in bytes. Those of 22 take less
/// than 1 MB; a hostile server could fill the memory.
const MOST: usize = 16 * 1024 * 1024;

/// What is known of the Actions and events. Immutable and shared; replaced when
/// more is known.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    listing: Option<Listing>,
    /// By name in lower case.
    pages: BTreeMap<String, Arc<Page>>,
    /// Pages of events, likewise.
    events: BTreeMap<String, Arc<Page>>,
    /// Memory of the pages, in bytes.
    held: usize,
    /// A page was left out because of [`MOST`].
    is_full: bool,
}

/// One Action, as help and completion show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// In the server's spelling.
    pub name: &'a Name,
    /// What it does, in one line.
    pub synopsis: PeerText<'a>,
    /// The classes of which one is needed, empty if none is; None if the server
    /// has not told.
    pub privileges: Option<&'a [Name]>,
}

impl Catalog {
    /// A catalog with `listing`. If it is empty, the built-in table is used
    /// instead.
    pub fn with(listing: Listing) -> Catalog {
        Catalog {
            listing: (!listing.is_empty()).then_some(listing),
            ..Catalog::default()
        }
    }

    /// The same pages, with a new `listing` from the same server.
    pub fn relisted(&self, listing: Listing) -> Catalog {
        Catalog {
            listing: Catalog::with(listing).listing,
            ..self.clone()
        }
    }

    /// The same listing, without the pages, which were another server's.
    pub fn without_pages(&self) -> Catalog {
        Catalog {
            listing: self.listing.clone(),
            ..Catalog::default()
        }
    }

    /// Whether a page was left out because the pages take too much memory.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether there is a server's page of the Action `name`.
    pub fn has_page(&self, name: &str) -> bool {
        self.pages.contains_key(&name.to_ascii_lowercase())
    }

    /// Adds `pages` of Actions from this server, replacing those of the same
    /// names.
    pub fn and(&self, pages: impl IntoIterator<Item = Page>) -> Catalog {
        let pages = pages.into_iter().map(actions::complete);
        self.with_pages(pages, |catalog| &mut catalog.pages)
    }

    /// Adds `pages` of events from this server.
    pub fn and_events(&self, pages: impl IntoIterator<Item = Page>) -> Catalog {
        self.with_pages(pages, |catalog| &mut catalog.events)
    }

    fn with_pages(
        &self,
        pages: impl IntoIterator<Item = Page>,
        place: fn(&mut Catalog) -> &mut BTreeMap<String, Arc<Page>>,
    ) -> Catalog {
        let mut more = self.clone();
        for page in pages {
            if more.held + page.bytes() > MOST {
                more.is_full = true;
                continue;
            }
            more.held += page.bytes();
            let name = page.name.to_ascii_lowercase();
            let before = place(&mut more).insert(name, Arc::new(page));
            more.held -= before.map_or(0, |before| before.bytes());
        }
        more
    }

    /// The page of the Action `name`, in any case: the server's if there is
    /// one, else the built-in one.
    pub fn page(&self, name: &str) -> Option<&Page> {
        // Scripts ask for every line and usually have no pages.
        let found = match self.pages.is_empty() {
            true => None,
            false => self.pages.get(&name.to_ascii_lowercase()),
        };
        found.map_or_else(|| actions::page(name), |page| Some(page))
    }

    /// The server's page of the event `name`, in any case.
    pub fn event(&self, name: &str) -> Option<&Page> {
        let found = self.events.get(&name.to_ascii_lowercase());
        found.map(|page| &**page)
    }

    /// The server's pages of events, sorted without regard to case.
    pub fn events(&self) -> impl Iterator<Item = &Page> {
        self.events.values().map(|page| &**page)
    }

    /// The server's list, if it has been received.
    pub fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// Every Action, sorted without regard to case: the server's list, or else
    /// the built-in table.
    pub fn actions(&self) -> impl Iterator<Item = Entry<'_>> {
        let listed = self.listing.iter().flat_map(Listing::iter);
        let ours = self.listing.is_none().then(actions::pages);
        let ours = ours.into_iter().flatten();
        listed.map(Entry::from).chain(ours.map(Entry::from))
    }

    /// The spelling of the Action `name`: the server's, or the built-in table's
    /// if the server does not list it.
    pub fn find(&self, name: &str) -> Option<&str> {
        let listed = self.listing.as_ref().and_then(|listing| listing.get(name));
        match listed {
            Some(one) => Some(&one.name),
            None => actions::action(name).map(|known| known.name),
        }
    }

    /// The Action `name` with its description, if it is listed (without a list:
    /// if it is in the built-in table).
    pub fn entry(&self, name: &str) -> Option<Entry<'_>> {
        match &self.listing {
            Some(listing) => listing.get(name).map(Entry::from),
            None => actions::page(name).map(Entry::from),
        }
    }

    /// Up to three Actions that `name` may have meant, best first: those that
    /// begin with it, those a few letters away, those that contain it.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        let contains = |one: &str| {
            name.len() >= 4
                && one
                    .to_ascii_lowercase()
                    .contains(&name.to_ascii_lowercase())
        };
        let names = || self.actions().map(|entry| entry.name.as_str());
        let mut near = near(name, names());
        let mut within: Vec<&str> = names()
            .filter(|one| contains(one) && !near.contains(one))
            .collect();
        within.sort_by(|a, b| order(a, b));
        near.extend(within);
        near.truncate(3);
        near
    }
}

impl Entry<'_> {
    /// A page of this Action with the server's description, and the keys of
    /// `ours`.
    pub fn page(&self, ours: Option<&Page>) -> Page {
        Page {
            name: self.name.clone(),
            synopsis: self.synopsis.clone().into_owned(),
            origin: Origin::BuiltIn,
            ..ours.cloned().unwrap_or_else(|| Page::of(self.name.clone()))
        }
    }
}

impl<'a> From<&'a Listed> for Entry<'a> {
    fn from(listed: &'a Listed) -> Entry<'a> {
        Entry {
            name: &listed.name,
            synopsis: PeerText::new(listed.synopsis.bytes()),
            privileges: Some(&listed.privileges),
        }
    }
}

impl<'a> From<&'a Page> for Entry<'a> {
    fn from(ours: &'a Page) -> Entry<'a> {
        Entry {
            name: &ours.name,
            synopsis: PeerText::new(ours.synopsis.bytes()),
            privileges: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Packet, Reply};

    fn listed() -> Catalog {
        let text = b"Response: Success\r\nPing: Keepalive command.  (Priv: <none>)\r\n\
            CoreSHOWChannels: x  (Priv: system,all)\r\n\r\n";
        let reply = Reply::single(Packet::new(text.to_vec().into()));
        Catalog::with(Listing::of(&reply))
    }

    // The server's spelling is sent and shown, ours only until it is known.
    #[test]
    fn the_servers_list_replaces_the_table() {
        let (ours, theirs) = (Catalog::default(), listed());
        assert_eq!(ours.find("coreshowchannels"), Some("CoreShowChannels"));
        assert_eq!(theirs.find("coreshowchannels"), Some("CoreSHOWChannels"));
        assert_eq!(theirs.find("LOGIN"), Some("Login"));
        assert_eq!(theirs.find("nosuch"), None);
        assert!(ours.actions().count() > 160);
        let names: Vec<&str> = theirs.actions().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["CoreSHOWChannels", "Ping"]);
        assert_eq!(
            theirs.entry("ping").and_then(|e| e.privileges),
            Some(&[][..])
        );
        assert_eq!(ours.entry("ping").and_then(|e| e.privileges), None);
        assert!(Catalog::with(Listing::default()).listing().is_none());
    }

    // Common slips: the suggestions must be what was meant, and there must be
    // none if nothing is near.
    #[test]
    fn the_nearest_names() {
        let catalog = Catalog::default();
        for (typed, wanted) in [
            ("pong", &["Ping"][..]),
            ("Orginate", &["Originate"]),
            ("queuestat", &["QueueStatus"]),
            ("hangpu", &["Hangup"]),
            ("DBPutt", &["DBPut"]),
            (
                "channels",
                &["CoreShowChannels", "DAHDIShowChannels", "ZapShowChannels"],
            ),
            ("xyzzyplugh", &[]),
            ("", &[]),
        ] {
            assert_eq!(catalog.nearest(typed), wanted, "{typed}");
        }
    }

    // Pages come one at a time, and a hostile server has any number of them.
    #[test]
    fn the_pages_of_a_server_have_a_bound() {
        let page = |n: usize| Page {
            description: vec![PeerText::new(vec![b'x'; 60 * 1024])],
            ..Page::of(Name::of_action(format!("Act{n}").as_bytes()).unwrap())
        };
        let mut catalog = Catalog::default();
        for n in 0..100 {
            // Adding the same page again takes no more room.
            catalog = catalog.and([page(n)]).and([page(n)]);
        }
        assert!(!catalog.is_full());
        catalog = catalog.and((100..1_000).map(page));
        assert!(catalog.is_full() && catalog.held <= MOST);
        assert!(catalog.has_page("act99") && !catalog.has_page("act999"));
        // The table stands in for pages that did not fit.
        let hangup = Page {
            name: Name::of_action(b"Hangup").unwrap(),
            ..page(0)
        };
        let catalog = catalog.and([hangup]);
        assert_eq!(catalog.page("Hangup").unwrap().origin, Origin::BuiltIn);
    }
}
