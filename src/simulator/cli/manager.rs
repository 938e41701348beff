//! `manager show …`: what the manager interface tells of itself.

use super::super::Version;
use super::super::actions;
use super::super::class::Classes;
use super::super::peer::Peer;
use super::{Handled, ok, pages};

pub(super) fn show_commands(peer: &Peer, words: &[&str]) -> Handled {
    let line = |name: &str, synopsis: &str| format!("  {name:<44} {synopsis:.33}\n");
    let listed = actions::of(peer.version());
    let mut lines: Vec<String> = listed
        .iter()
        .map(|action| line(action.name, action.synopsis))
        .collect();
    lines.sort_by_key(|line| line.to_ascii_lowercase());
    words
        .is_empty()
        .then(|| ok(line("Action", "Synopsis") + &line("------", "--------") + &lines.concat()))
}

/// The documentation of actions, one page after the other. An unknown name is passed over in silence.
pub(super) fn show_command(peer: &Peer, words: &[&str]) -> Handled {
    let known = actions::of(peer.version());
    let find = |word: &&str| {
        known
            .iter()
            .find(|action| action.name.eq_ignore_ascii_case(word))
    };
    let pages: String = words
        .iter()
        .filter_map(find)
        .map(|action| pages::page(action, peer.version()))
        .collect();
    // From Asterisk 20.12 on a page begins with an empty line, and one more ends them all.
    let end = if peer.version() == Version::V22 {
        "\n"
    } else {
        ""
    };
    (!words.is_empty()).then(|| ok(pages + end))
}

pub(super) fn show_connected(peer: &Peer, words: &[&str]) -> Handled {
    let head = format!(
        "  {:<15}  {:<55}  {:<10}  {:<10}  {:<8}  {:<8}  {:<10}  {:<10}\n",
        "Username",
        "IP Address",
        "Start",
        "Elapsed",
        "FileDes",
        "HttpCnt",
        "ReadPerms",
        "WritePerms"
    );
    let now = peer.server.in_world(|world| world.clock.seconds());
    let sessions = peer.server.sessions();
    let line = |(at, (addr, session)): (
        usize,
        &(std::net::SocketAddr, super::super::server::Session),
    )| {
        format!(
            "  {:<15}  {:<55}  {:<10}  {:<10}  {:<8}  {:<8}  {:<10}  {:<10}\n",
            session.user.name,
            addr.ip().to_string(),
            session.since,
            now.saturating_sub(session.since),
            at + 8,
            0,
            session.user.read.bits(),
            session.user.write.bits(),
        )
    };
    let lines: String = sessions.iter().enumerate().map(line).collect();
    words.is_empty().then(|| {
        ok(format!(
            "{head}{lines}{} users connected.\n",
            sessions.len()
        ))
    })
}

pub(super) fn show_users(peer: &Peer, words: &[&str]) -> Handled {
    let users = &peer.server.config.users;
    let names: String = users
        .iter()
        .map(|user| format!("{}\n", user.name))
        .collect();
    let rule = "-------------------\n";
    let text = format!(
        "\nusername\n--------\n{names}{rule}{} manager users configured.\n",
        users.len()
    );
    words.is_empty().then(|| ok(text))
}

pub(super) fn show_user(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return None;
    };
    let mut users = peer.server.config.users.iter();
    let Some(user) = users.find(|user| user.name.eq_ignore_ascii_case(name)) else {
        return Some(ok(format!("There is no manager called {name}\n")));
    };
    let classes = |classes: Classes| match classes.is_none() {
        true => "<none>".to_owned(),
        false => classes.names().join(","),
    };
    Some(ok(format!(
        "\n          username: {}\n            secret: <Set>\n               ACL: no\n         read perm: {}\n        write perm: {}\n   displayconnects: yes\nallowmultiplelogin: yes\n         Variables: \n",
        user.name,
        classes(user.read),
        classes(user.write),
    )))
}
