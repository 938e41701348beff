//! The shell's check of a line before anything is sent, and what is told of one
//! that is sent unchecked.

use super::{ActionLine, Fault, usage_of};
use crate::ami::Action;
use crate::catalog::{self, Catalog, Taken, needed};

/// Actions that begin and end a session. Asterisk 1.4 does not list them.
const ALWAYS: [&str; 3] = ["Challenge", "Login", "Logoff"];

/// Checks that the Action and keys of `line` are known and complete. Returns a
/// warning about unknown keys: the server has the last word. Without a
/// server's list any Action may exist that is not named as a command of amish;
/// without documentation any key may.
///
/// # Errors
/// [`Fault::IsCli`], [`Fault::NotListed`], [`Fault::Unknown`] and
/// [`Fault::UnknownKey`] with the nearest names, [`Fault::Missing`], and those
/// of [`ActionLine::keys`].
pub fn check(line: &ActionLine, catalog: &Catalog) -> Result<Option<String>, Fault> {
    action(line, catalog)?;
    let keys = line.keys(catalog)?;
    let name = || catalog.find(&line.name).unwrap_or(&line.name).to_owned();
    let mut unheard = Vec::new();
    for key in &keys {
        match catalog.takes(&line.name, key) {
            Taken::Yes => {}
            Taken::Unheard(near) => unheard.push(unheard_of(key, &near)),
            Taken::Meant(near) => return Err(meant(&name(), key, &near)),
        }
    }
    let lacking = catalog.lacking(&line.name, &keys);
    if !lacking.is_empty() {
        return Err(Fault::Missing {
            action: name(),
            keys: lacking.into_iter().map(str::to_owned).collect(),
        });
    }
    Ok(doubt(&name(), &unheard))
}

/// Keys of `action` that are like one that amish knows, and so probably
/// mistyped. For lines that are not checked: no server is asked for its
/// documentation.
pub fn mistyped(action: &Action, catalog: &Catalog) -> Option<String> {
    let name = action.name();
    let keys = action.headers().map(|(key, _)| key);
    let keys = keys.filter(|key| !key.eq_ignore_ascii_case("Action"));
    let mistyped = keys.filter_map(|key| match catalog.takes(&name, key) {
        Taken::Meant(near) | Taken::Unheard(near) if !near.is_empty() => {
            Some(unheard_of(key, &near))
        }
        _ => None,
    });
    doubt(&name, &mistyped.collect::<Vec<_>>())
}

/// Refuses a mistyped key where much is taken away if the server does not hear
/// it: `QueueReset Quue=support` resets every queue. For lines that are not
/// checked otherwise.
///
/// # Errors
/// [`Fault::UnknownKey`].
pub fn check_dangerous(action: &Action, catalog: &Catalog) -> Result<(), Fault> {
    let name = action.name();
    if catalog::action(&name).is_none_or(|known| known.danger.is_none()) {
        return Ok(());
    }
    let mut keys = action.headers().map(|(key, _)| key);
    let fault = keys.find_map(|key| match catalog.takes(&name, key) {
        Taken::Meant(near) if !key.eq_ignore_ascii_case("Action") => Some(meant(&name, key, &near)),
        _ => None,
    });
    fault.map_or(Ok(()), Err)
}

fn meant(action: &str, key: &str, near: &[&str]) -> Fault {
    Fault::UnknownKey {
        action: action.to_owned(),
        key: key.to_owned(),
        nearest: near.iter().map(|&one| one.to_owned()).collect(),
    }
}

fn doubt(action: &str, unheard: &[String]) -> Option<String> {
    let keys = unheard.join(", ");
    let words =
        || format!("the documentation of {action} does not name {keys}; will be sent as typed");
    (!unheard.is_empty()).then(words)
}

fn unheard_of(key: &str, near: &[&str]) -> String {
    match near.is_empty() {
        true => key.to_owned(),
        false => format!("{key} (did you mean {}?)", near.join(" or ")),
    }
}

/// What `action` lacks as far as amish itself knows, in words: of what is sent
/// unchecked, for a server may do without.
pub fn lacking_of(action: &Action, catalog: &Catalog) -> Option<String> {
    let keys: Vec<&str> = action.headers().map(|(key, _)| key).collect();
    let lacking = catalog.lacking(&action.name(), &keys);
    let words = || {
        let keys = lacking.join(", ");
        format!("{} usually needs {keys}; sent as typed", action.name())
    };
    (!lacking.is_empty()).then(words)
}

/// Is the Action known? An obvious Asterisk CLI command is refused even without
/// a list; so is `bridge show all`, although there is an Action Bridge.
fn action(line: &ActionLine, catalog: &Catalog) -> Result<(), Fault> {
    let name = &line.name;
    let known = catalog.find(name);
    if let Some(text) = line.as_cli(catalog) {
        return Err(Fault::IsCli(text));
    }
    let always = ALWAYS.iter().any(|one| one.eq_ignore_ascii_case(name));
    let refuses = match catalog.listing() {
        Some(listing) => listing.get(name).is_none(),
        // `calls` for `/calls`: no server ever had such an Action.
        None => known.is_none() && usage_of(name).is_some(),
    };
    match known {
        _ if always || !refuses => Ok(()),
        Some(known) => Err(Fault::NotListed {
            name: known.to_owned(),
            needs: needed(known, false).unwrap_or_default(),
        }),
        None => {
            let nearest = catalog.nearest(name).into_iter();
            Err(Fault::Unknown {
                name: name.clone(),
                nearest: nearest.map(str::to_owned).collect(),
            })
        }
    }
}
