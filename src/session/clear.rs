//! Decides whether a secret may be sent in clear. This is the only place that
//! does, and it decides for each link anew: after a reconnect a name may lead
//! elsewhere, and a server that suddenly refuses the challenge may be somebody
//! who wants the secret.
//!
//! A [`Secret`] given to a session stays in [`Credentials`], so there is no
//! other way to log in with it.

use super::link::Link;
use super::lock;
use crate::ami::{Cleartext, Login, Secret};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// The servers that have accepted an MD5 challenge in this run, by the target
/// as given and by their address. It grows only with what the user connects to.
#[derive(Debug, Clone, Default)]
pub struct Challenged(Arc<Mutex<HashSet<Server>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
enum Server {
    Target(String),
    Peer(SocketAddr),
}

fn names(target: &str, link: &Link) -> impl Iterator<Item = Server> {
    let target = Server::Target(target.to_ascii_lowercase());
    // One server may be reached under its address of version 4 and under the
    // same one mapped into version 6.
    let peer = |peer: SocketAddr| SocketAddr::new(peer.ip().to_canonical(), peer.port());
    std::iter::once(target).chain(link.peer().map(peer).map(Server::Peer))
}

impl Challenged {
    /// Records that the server behind `link` has accepted the challenge.
    pub(super) fn insert(&self, target: &str, link: &Link) {
        lock(&self.0).extend(names(target, link));
    }

    fn contains(&self, target: &str, link: &Link) -> bool {
        let known = lock(&self.0);
        names(target, link).any(|name| known.contains(&name))
    }
}

/// The user and secret to log in with, on this link and later ones.
#[derive(Clone)]
pub(super) struct Credentials {
    user: String,
    secret: Arc<Secret>,
    /// `--plaintext`
    plaintext: bool,
}

impl Credentials {
    /// With `plaintext` the user permits the secret in clear over any link.
    pub fn new(user: &str, secret: Secret, plaintext: bool) -> Credentials {
        Credentials {
            user: user.to_owned(),
            secret: Arc::new(secret),
            plaintext,
        }
    }

    /// Begins a login over `link`, which leads to `target`.
    pub fn login(&self, target: &str, link: &Link, challenged: &Challenged) -> Login {
        let is_local = link
            .peer()
            .is_some_and(|peer| peer.ip().to_canonical().is_loopback());
        let cleartext = if challenged.contains(target, link) {
            Cleartext::Challenged
        } else if self.plaintext || is_local || link.is_verified {
            Cleartext::Permitted
        } else {
            Cleartext::Exposed
        };
        Login::new(self.user.clone(), self.secret.clone(), cleartext)
    }
}
