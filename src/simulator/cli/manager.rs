//! `manager show …`: the manager interface's own documentation.

use super::output::{Failed, Handled};
use super::pages;
use crate::simulator::class::Classes;
use crate::simulator::config::{User, Version};
use crate::simulator::peer::Peer;
use crate::simulator::registry;
use crate::simulator::server::Session;

pub(super) fn show_commands(peer: &Peer, _: &[&str]) -> Handled {
    let line = |name: &str, synopsis: &str| format!("  {name:<44} {synopsis:.33}\n");
    let listed = registry::of(peer.version());
    let mut lines: Vec<String> = listed
        .iter()
        .map(|action| line(action.name, action.synopsis))
        .collect();
    lines.sort_by_key(|line| line.to_ascii_lowercase());
    Ok(line("Action", "Synopsis") + &line("------", "--------") + &lines.concat())
}

/// The documentation of actions, one page after the other. Unknown names are
/// silently skipped.
pub(super) fn show_command(peer: &Peer, words: &[&str]) -> Handled {
    if words.is_empty() {
        return Err(Failed::Usage);
    }
    let version = peer.version();
    let pages: String = words
        .iter()
        .filter_map(|word| registry::find(version, word))
        .map(|action| pages::page(action, version))
        .collect();
    // From Asterisk 20.12 on a page begins with an empty line, and one more ends them all.
    Ok(match version {
        Version::V22 => pages + "\n",
        Version::V18 => pages,
    })
}

pub(super) fn show_connected(peer: &Peer, _: &[&str]) -> Handled {
    let head = format!(
        "  {:<15}  {:<55}  Start       Elapsed     FileDes   HttpCnt   ReadPerms   WritePerms\n",
        "Username", "IP Address"
    );
    let now = peer.server.in_world(|world| world.clock.seconds());
    let sessions = peer.server.sessions();
    let line = |(at, session): (usize, &Session)| {
        format!(
            "  {:<15}  {:<55}  {:<10}  {:<10}  {:<8}  {:<8}  {:<10}  {:<10}\n",
            session.user.name,
            session.remote.ip().to_string(),
            session.since,
            now.saturating_sub(session.since),
            at + 8,
            0,
            session.user.read.bits(),
            session.user.write.bits(),
        )
    };
    let lines: String = sessions.iter().enumerate().map(line).collect();
    Ok(format!(
        "{head}{lines}{} users connected.\n",
        sessions.len()
    ))
}

pub(super) fn show_users(peer: &Peer, _: &[&str]) -> Handled {
    let users = &peer.server.config.users;
    let line = |user: &User| format!("{}\n", user.name);
    let names: String = users.iter().map(line).collect();
    let rule = "-------------------\n";
    Ok(format!(
        "\nusername\n--------\n{names}{rule}{} manager users configured.\n",
        users.len()
    ))
}

pub(super) fn show_user(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return Err(Failed::Usage);
    };
    let mut users = peer.server.config.users.iter();
    let Some(user) = users.find(|user| user.name.eq_ignore_ascii_case(name)) else {
        return Ok(format!("There is no manager called {name}\n"));
    };
    let classes = |classes: Classes| match classes.is_none() {
        true => "<none>".to_owned(),
        false => classes.names().join(","),
    };
    Ok(format!(
        "\n          username: {}\n            secret: <Set>\n               ACL: no\n         read perm: {}\n        write perm: {}\n   displayconnects: yes\nallowmultiplelogin: yes\n         Variables: \n",
        user.name,
        classes(user.read),
        classes(user.write),
    ))
}
