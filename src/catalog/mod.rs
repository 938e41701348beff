//! What this server can do: replies turned into knowledge. Asks nothing by
//! itself, and does no I/O but for [`cache`], when it is told to.
//!
//! Until a server has told, and where it will not, tables of our own serve.

mod builtin;
pub mod cache;
mod events;
mod listing;
mod needs;
mod page;
pub mod pages;
mod positions;
mod privileges;
mod values;

pub use events::{event, event_names};
pub use listing::{Listed, Listing};
pub use needs::Taken;
pub use page::{Choice, Origin, Page, Parameter};
pub use positions::positions;
pub use privileges::{needed, one_of};
pub use values::{Kind, Source, Value, Wanted, device, wanted};

use listing::order;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of the Actions. Made once and shared, made anew when more is known.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    listing: Option<Listing>,
    /// By name in small letters.
    pages: BTreeMap<String, Arc<Page>>,
    /// Of the events that it sends, likewise.
    events: BTreeMap<String, Arc<Page>>,
}

/// One Action, as help and completion show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// In the server's spelling.
    pub name: &'a str,
    /// What it does, in one line.
    pub synopsis: &'a str,
    /// The classes of which one is needed, empty for none; None where the
    /// server has not told.
    pub privileges: Option<&'a [String]>,
}

impl Catalog {
    /// What `listing` tells. An empty one tells nothing: the built-in table
    /// stays in its place.
    pub fn with(listing: Listing) -> Catalog {
        Catalog {
            listing: (!listing.is_empty()).then_some(listing),
            ..Catalog::default()
        }
    }

    /// The same, with a new `listing`: the pages are of the same server.
    pub fn relisted(&self, listing: Listing) -> Catalog {
        Catalog {
            pages: self.pages.clone(),
            events: self.events.clone(),
            ..Catalog::with(listing)
        }
    }

    /// Has the server's own page of the Action `name` come?
    pub fn has_page(&self, name: &str) -> bool {
        self.pages.contains_key(&name.to_ascii_lowercase())
    }

    /// The same, and the `pages` of Actions of this server, which take the
    /// place of those of their names.
    pub fn and(&self, pages: impl IntoIterator<Item = Page>) -> Catalog {
        let mut more = self.clone();
        let pages = pages.into_iter().map(builtin::complete);
        more.pages.extend(pages.map(named));
        more
    }

    /// The same, and the `pages` of events of this server.
    pub fn and_events(&self, pages: impl IntoIterator<Item = Page>) -> Catalog {
        let mut more = self.clone();
        more.events.extend(pages.into_iter().map(named));
        more
    }

    /// What is known of the Action `name`, in any case: the server's page, or
    /// the built-in one until that is there, and where there will be none.
    pub fn page(&self, name: &str) -> Option<&Page> {
        // A script asks for each of its lines, and has none.
        let found = match self.pages.is_empty() {
            true => None,
            false => self.pages.get(&name.to_ascii_lowercase()),
        };
        found.map_or_else(|| builtin::page(name), |page| Some(page))
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

    /// The server's own list, where it has come.
    pub fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// Every Action, sorted without regard to case: the server's list, or the
    /// built-in table until that is there.
    pub fn actions(&self) -> impl Iterator<Item = Entry<'_>> {
        let listed = self.listing.iter().flat_map(Listing::iter);
        let builtin = match self.listing {
            Some(_) => &[],
            None => builtin::ACTIONS,
        };
        listed
            .map(|one| Entry {
                name: &one.name,
                synopsis: &one.synopsis,
                privileges: Some(&one.privileges),
            })
            .chain(builtin.iter().map(|(name, synopsis)| Entry {
                name,
                synopsis,
                privileges: None,
            }))
    }

    /// The spelling of the Action `name`: the server's, or that of the
    /// built-in table where the server does not list it.
    pub fn find(&self, name: &str) -> Option<&str> {
        let listed = self.listing.as_ref().and_then(|listing| listing.get(name));
        match listed {
            Some(one) => Some(&one.name),
            None => builtin::get(name).map(|(name, _)| *name),
        }
    }

    /// The Action `name` with what it does, if it is listed (or, without a
    /// list, in the built-in table).
    pub fn entry(&self, name: &str) -> Option<Entry<'_>> {
        self.actions()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
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
        let mut near = near(name, self.actions().map(|entry| entry.name));
        let mut within: Vec<&str> = self
            .actions()
            .map(|entry| entry.name)
            .filter(|one| contains(one) && !near.contains(one))
            .collect();
        within.sort_by(|a, b| order(a, b));
        near.extend(within);
        near.truncate(3);
        near
    }
}

fn named(page: Page) -> (String, Arc<Page>) {
    (page.name.to_ascii_lowercase(), Arc::new(page))
}

/// Up to three of `names` that `typed` may have meant, best first: those that
/// begin with it, and those a few letters away; else those it begins with.
fn near<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = typed.to_ascii_lowercase();
    let few = (wanted.len() / 4).clamp(1, 3);
    let mut ranked: Vec<((u8, usize), &str)> = names
        .filter_map(|name| {
            let lower = name.to_ascii_lowercase();
            let distance = strsim::osa_distance(&wanted, &lower);
            let class = if wanted.len() >= 2 && lower.starts_with(&wanted) {
                0
            } else if distance <= few {
                1
            } else if lower.len() >= 4 && wanted.starts_with(&lower) {
                2
            } else {
                return None;
            };
            Some(((class, distance), name))
        })
        .collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(order(a.1, b.1)));
    if ranked.first().is_some_and(|((class, _), _)| *class < 2) {
        ranked.retain(|((class, _), _)| *class < 2);
    }
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
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

    // The server's spelling goes out and is shown, ours only until it is known.
    #[test]
    fn the_servers_list_replaces_the_table() {
        let (ours, theirs) = (Catalog::default(), listed());
        assert_eq!(ours.find("coreshowchannels"), Some("CoreShowChannels"));
        assert_eq!(theirs.find("coreshowchannels"), Some("CoreSHOWChannels"));
        assert_eq!(theirs.find("LOGIN"), Some("Login"));
        assert_eq!(theirs.find("nosuch"), None);
        assert!(ours.actions().count() > 160);
        let names: Vec<&str> = theirs.actions().map(|entry| entry.name).collect();
        assert_eq!(names, ["CoreSHOWChannels", "Ping"]);
        assert_eq!(
            theirs.entry("ping").and_then(|e| e.privileges),
            Some(&[][..])
        );
        assert_eq!(ours.entry("ping").and_then(|e| e.privileges), None);
        assert!(Catalog::with(Listing::default()).listing().is_none());
    }

    // These are the slips people make; what the refusal offers must be what
    // they meant, and nothing at all when nothing is near.
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
}
