//! What a server answers about its manager interface. Its texts are escaped when
//! they are read, and bounded.

use super::acl::Acl;
use super::facts::{Facts, Options, Own, Seen, User};
use super::version::Version;
use crate::ami::Reply;
use crate::asterisk_conf::{Category, Value};
use crate::diagnosis::session_facts::{Ask, Asking, SessionFacts, is_plain, lines};
use crate::peer_text::visible;
use std::net::IpAddr;

/// Categories of a file, and lines of all of them, that are looked at.
const CATEGORIES: usize = 2_000;
const LINES: usize = 50_000;

/// Users that the CLI is asked about one by one.
const ASKED: usize = 50;

/// Asks what this user may ask. `here`: the server is on this machine.
pub fn ask(session: &SessionFacts, here: bool, seen: Seen, ask: Ask<'_>) -> Facts {
    let mut facts = Facts::default();
    let Some(user) = session.user.clone().filter(|_| session.open) else {
        let words = "manager.conf: nobody is logged in";
        facts.unchecked.push(words.to_owned());
        return facts;
    };
    if session.built_in.is_some() {
        let words = "manager.conf: the built-in PBX has none; amish doctor security --file judges a file without a server";
        facts.unchecked.push(words.to_owned());
        return facts;
    }
    facts.session = Some(Own::of(user, here || session.tls, seen));
    let product = session.product.as_deref();
    facts.version = product.and_then(Version::of);
    let mut asking = Asking {
        ask,
        silent: session.silent,
    };
    if session.lists("CoreSettings") {
        let settings = asking.answer("CoreSettings", &[]);
        let http = settings.as_ref().and_then(|reply| {
            let told = reply.get("CoreHTTPenabled")?;
            Some(told.trim_ascii().eq_ignore_ascii_case(b"yes"))
        });
        facts.http = http;
    }
    if session.lists("GetConfig") {
        files(&mut facts, &mut asking);
    }
    if facts.basis.is_none() && session.lists("Command") {
        cli(&mut facts, &mut asking);
        if facts.basis.is_none() {
            let words = "the users that the CLI lists: it lists none (manager show users)";
            facts.unchecked.push(words.to_owned());
        }
    }
    if asking.silent {
        let words = "what the server does not answer: an Action that blocks makes others wait";
        facts.unchecked.push(words.to_owned());
    }
    if facts.basis.is_none() && !session.lists("GetConfig") {
        let words =
            "manager.conf: this user may not read it (GetConfig needs system or config in write=)";
        facts.unchecked.push(words.to_owned());
    }
    facts
}

fn files(facts: &mut Facts, asking: &mut Asking<'_>) {
    let read = asking.answer("GetConfig", &[("Filename", "manager.conf")]);
    let Some((categories, is_cut)) = read.as_ref().and_then(categories) else {
        let words = "manager.conf: the server does not give it out";
        facts.unchecked.push(words.to_owned());
        return;
    };
    facts.take(&categories, "manager.conf of the server".to_owned());
    if is_cut {
        let words = "the rest of manager.conf: it is longer than that of any PBX";
        facts.unchecked.push(words.to_owned());
        facts.is_partial = true;
    }
    let other = asking.answer("GetConfig", &[("Filename", "asterisk.conf")]);
    if let Some((categories, _)) = other.as_ref().and_then(self::categories) {
        facts.take_asterisk_conf(&categories);
    }
}

/// The categories in an answer to GetConfig, and whether there are more.
pub fn categories(reply: &Reply) -> Option<(Vec<Category>, bool)> {
    let response = reply.response.as_ref()?;
    let mut found: Vec<(String, Category)> = Vec::new();
    let (mut lines, mut is_cut) = (0, false);
    for header in response.headers() {
        let key = visible::text(header.key);
        let value = visible::text(header.value);
        if let Some(number) = key.strip_prefix("Category-") {
            if found.len() == CATEGORIES {
                is_cut = true;
                break;
            }
            let name = value.trim().to_owned();
            let new = Category {
                name,
                ..Category::default()
            };
            found.push((number.to_owned(), new));
        } else if let Some(number) = key.strip_prefix("IsTemplate-") {
            if let Some((_, category)) = last(&mut found, number) {
                category.is_template = value.trim() != "0";
            }
        } else if let Some((number, _)) = key
            .strip_prefix("Line-")
            .and_then(|rest| rest.split_once('-'))
        {
            lines += 1;
            if lines > LINES {
                is_cut = true;
                break;
            }
            if let (Some((_, category)), Some((key, value))) =
                (last(&mut found, number), value.split_once('='))
            {
                category.values.push(Value {
                    key: key.trim().to_owned(),
                    value: value.trim().to_owned(),
                    place: None,
                });
            }
        }
    }
    let found: Vec<Category> = found.into_iter().map(|(_, category)| category).collect();
    (!found.is_empty()).then_some((found, is_cut))
}

/// Lines stand below their category.
fn last<'f>(
    found: &'f mut [(String, Category)],
    number: &str,
) -> Option<&'f mut (String, Category)> {
    found.last_mut().filter(|(own, _)| own == number)
}

/// The CLI tells less: no secrets, and of ACLs only that there are some.
fn cli(facts: &mut Facts, asking: &mut Asking<'_>) {
    let mut cli = |text: &str| asking.answer("Command", &[("Command", text)]);
    let Some(settings) = cli("manager show settings") else {
        return;
    };
    let rows = [
        ("TCP Bindaddress", "bindaddr"),
        ("TLS Enable", "tlsenable"),
        ("TLS Bindaddress", "tlsbindaddr"),
        ("Web Manager (AMI/HTTP)", "webenabled"),
        ("HTTP Timeout (seconds)", "httptimeout"),
        ("Allow multiple login", "allowmultiplelogin"),
        ("Display connects", "displayconnects"),
    ];
    facts.general = Options::of(options(&settings, &rows));
    let listed = cli("manager show users");
    let names = listed.as_ref().map_or_else(Vec::new, users);
    let rows = [
        ("read perm", "read"),
        ("write perm", "write"),
        ("displayconnects", "displayconnects"),
        ("allowmultiplelogin", "allowmultiplelogin"),
    ];
    for name in names.iter().take(ASKED).filter(|name| is_plain(name)) {
        let Some(told) = cli(&format!("manager show user {name}")) else {
            continue;
        };
        let has_acl = options(&told, &[("ACL", "acl")]).iter().any(|one| {
            let value = one.value.to_ascii_lowercase();
            value == "yes"
        });
        facts.users.push(User {
            name: name.clone(),
            place: None,
            options: Options::of(options(&told, &rows)),
            acl: match has_acl {
                true => Acl::Hidden,
                false => Acl::None,
            },
            tells_secret: false,
        });
    }
    if facts.users.is_empty() {
        return;
    }
    facts.basis = Some("the Asterisk CLI".to_owned());
    let words = "secrets, and which addresses ACLs let in: the CLI does not tell, and this user may not read manager.conf (GetConfig needs system or config in write=)";
    facts.unchecked.push(words.to_owned());
    if names.len() > ASKED {
        let words = format!("users after the first {ASKED}");
        facts.unchecked.push(words);
        facts.is_partial = true;
    }
}

/// Rows of `name: value` under other names.
fn options(reply: &Reply, rows: &[(&str, &str)]) -> Vec<Value> {
    let lines = lines(reply);
    let pairs = lines.iter().filter_map(|line| line.split_once(':'));
    let found = pairs.filter_map(|(name, value)| {
        let row = rows.iter().find(|(told, _)| *told == name.trim())?;
        Some(Value {
            key: row.1.to_owned(),
            // A user of all classes ends in all, also where some are missing.
            value: value.trim().trim_end_matches(",all").to_owned(),
            place: None,
        })
    });
    found.collect()
}

/// `manager show users`: names between two rules.
fn users(reply: &Reply) -> Vec<String> {
    let lines = lines(reply);
    let is_rule = |line: &&String| line.trim().starts_with("---");
    let behind = lines.iter().skip_while(|line| !is_rule(line)).skip(1);
    let names = behind.take_while(|line| !is_rule(line));
    let names = names.map(|line| line.trim().to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Whether `target`, `host:port`, is on this machine.
pub fn is_here(target: &str) -> bool {
    let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
    let host = host.trim_matches(['[', ']']);
    let ip = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.to_canonical().is_loopback())
}
