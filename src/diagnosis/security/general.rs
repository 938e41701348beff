//! The checks of `[general]`, of the files and of the server.

use super::acl::Reach;
use super::facts::{Facts, User};
use super::finding::{Finding, Severity};
use super::listening::{Address, Listening};
use crate::asterisk_conf::FileFound;

/// main/manager.c, `__init_manager` and `manager_set_defaults`.
const MANAGER: &str = "Asterisk: main/manager.c, __init_manager";
const SAMPLE: &str = "Asterisk: configs/samples/manager.conf.sample";
const TLS: &str = "Asterisk: main/tcptls.c; configs/samples/http.conf.sample";

/// More than these are no limits; Asterisk's own are 50 and 30.
const MOST_UNKNOWN: u64 = 200;
const LONGEST_LOGIN: u64 = 120;
const LONGEST_WEB: u64 = 3600;

/// What is wrong in general.
pub fn examine(facts: &Facts, listening: &Listening, findings: &mut Vec<Finding>) {
    plain(facts, listening, findings);
    tls(facts, listening, findings);
    web(facts, findings);
    logins(facts, findings);
    limits(facts, findings);
    files(facts, findings);
    dangerously(facts, findings);
    own(facts, findings);
}

fn finding(
    facts: &Facts,
    severity: Severity,
    option: &str,
    (what, source): (String, &'static str),
    cure: &[&str],
) -> Finding {
    Finding {
        severity,
        section: "general".to_owned(),
        place: facts.general.place(option),
        what,
        cure: cure.iter().map(|line| (*line).to_owned()).collect(),
        source,
    }
}

/// The port without TLS, as seen by other machines.
fn plain(facts: &Facts, listening: &Listening, findings: &mut Vec<Finding>) {
    let from = match listening.plain {
        Address::Loopback => return,
        Address::All { .. } if facts.general.get("bindaddr").is_none() => {
            "every address (there is no bindaddr)".to_owned()
        }
        Address::All { .. } => "every address".to_owned(),
        Address::One(ip) => ip.to_string(),
    };
    let users = facts.users.iter().filter(|user| user.may_log_in());
    let reaches = users.map(|user| listening.reach(&user.acl));
    let furthest = reaches.min().unwrap_or(Reach::Here);
    let (severity, then) = match (furthest, listening.plain) {
        (Reach::Here, _) => (
            Severity::Note,
            "nobody from elsewhere may log in, but whoever reaches the port can try, and a mistake in permit= is enough",
        ),
        (Reach::Everywhere, Address::All { .. }) => (
            Severity::Serious,
            "who is in between reads every event, and whoever reaches the port can try secrets",
        ),
        _ => (
            Severity::Warning,
            "who is in between reads every event and changes what is sent",
        ),
    };
    let also = match listening.tls {
        Some(_) => ", beside the port with TLS",
        None => "",
    };
    let what = format!("it listens without TLS on {from}{also}: {then}");
    let mut cure = vec!["bindaddr = 127.0.0.1"];
    if listening.tls.is_none() && furthest != Reach::Here {
        cure.extend([
            "tlsenable = yes  ; for those who come from elsewhere",
            "tlsbindaddr = 0.0.0.0:5039",
            "tlscertfile = /etc/asterisk/keys/asterisk.crt",
            "tlsprivatekey = /etc/asterisk/keys/asterisk.key",
            "tlsdisablev11 = yes",
        ]);
    } else if listening.tls.is_some() && facts.general.get("tlsbindaddr").is_none() {
        // Without its own it goes where bindaddr goes.
        cure.push("tlsbindaddr = 0.0.0.0:5039");
    }
    findings.push(finding(facts, severity, "bindaddr", (what, MANAGER), &cure));
}

fn tls(facts: &Facts, listening: &Listening, findings: &mut Vec<Finding>) {
    let general = &facts.general;
    if listening.tls.is_none() || !tells_all(facts) {
        return;
    }
    let has = |name: &str| general.get(name).is_some_and(|path| !path.is_empty());
    if !has("tlscertfile") && !has("sslcert") {
        let what = "TLS is on without tlscertfile: without asterisk.pem beside the configuration it does not start".to_owned();
        let cure = [
            "tlscertfile = /etc/asterisk/keys/asterisk.crt",
            "tlsprivatekey = /etc/asterisk/keys/asterisk.key",
        ];
        let words = (what, MANAGER);
        findings.push(finding(facts, Severity::Warning, "tlsenable", words, &cure));
    }
    if general.is("tlsdisablev11") != Some(true) {
        let what = "TLS 1.1 is not turned off: it is used where the system's OpenSSL still has it"
            .to_owned();
        let cure = ["tlsdisablev1 = yes", "tlsdisablev11 = yes"];
        let words = (what, TLS);
        findings.push(finding(facts, Severity::Note, "tlsenable", words, &cure));
    }
}

/// Whether `[general]` is known as written, not as the CLI tells it.
fn tells_all(facts: &Facts) -> bool {
    facts.general.get("enabled").is_some()
}

/// The same by HTTP.
fn web(facts: &Facts, findings: &mut Vec<Finding>) {
    if facts.general.is("webenabled") != Some(true) {
        return;
    }
    let (severity, http) = match facts.http {
        Some(true) => (Severity::Warning, "and the HTTP server is on"),
        Some(false) => (Severity::Note, "though the HTTP server is off now"),
        None => (Severity::Warning, "wherever http.conf listens"),
    };
    let what = format!(
        "webenabled = yes: the same rights by HTTP, {http}; secrets stand in addresses, which proxies and browsers log"
    );
    let cure = ["webenabled = no"];
    findings.push(finding(
        facts,
        severity,
        "webenabled",
        (what, SAMPLE),
        &cure,
    ));
    if let Some(time) = facts.general.number("httptimeout")
        && time > LONGEST_WEB
    {
        let what = format!("httptimeout = {time}: a login by HTTP stays good for so many seconds");
        let cure = ["httptimeout = 60"];
        findings.push(finding(
            facts,
            Severity::Note,
            "httptimeout",
            (what, SAMPLE),
            &cure,
        ));
    }
}

fn logins(facts: &Facts, findings: &mut Vec<Finding>) {
    let general = &facts.general;
    let says = |name: &str, wanted: bool| general.is(name) == Some(wanted);
    let users = |name: &'static str, wanted: bool| {
        let users = facts.users.iter();
        let such = users.filter(move |user| user.options.is(name) == Some(wanted));
        such.map(|user| format!("[{}]", user.name))
            .take(5)
            .collect::<Vec<_>>()
    };
    // Without the line it is yes; each user may have their own.
    let by_default = general.get("allowmultiplelogin").is_none();
    let is_open = by_default || says("allowmultiplelogin", true);
    let may_twice = |user: &User| user.options.is("allowmultiplelogin").unwrap_or(is_open);
    if is_open && (facts.users.is_empty() || facts.users.iter().any(may_twice)) {
        let by = match by_default {
            true => ", as it is by default",
            false => "",
        };
        let what = format!(
            "allowmultiplelogin = yes{by}: who has found out a secret can be logged in beside its owner unnoticed"
        );
        let cure = ["allowmultiplelogin = no"];
        let words = (what, SAMPLE);
        let option = "allowmultiplelogin";
        findings.push(finding(facts, Severity::Note, option, words, &cure));
    }
    let silent = users("displayconnects", false);
    if says("displayconnects", false) || !silent.is_empty() {
        let of = match silent.is_empty() {
            true => String::new(),
            false => format!(" for {}", silent.join(", ")),
        };
        let what = format!(
            "displayconnects = no{of}: logins are not in the log, so nobody sees a strange one"
        );
        let cure = ["displayconnects = yes"];
        let words = (what, SAMPLE);
        findings.push(finding(
            facts,
            Severity::Note,
            "displayconnects",
            words,
            &cure,
        ));
    }
}

fn limits(facts: &Facts, findings: &mut Vec<Finding>) {
    let limits = [
        (
            "authlimit",
            MOST_UNKNOWN,
            "so many who have not logged in may be connected at a time and use up its sockets",
            "authlimit = 50",
        ),
        (
            "authtimeout",
            LONGEST_LOGIN,
            "who does not log in is disconnected only after so many seconds",
            "authtimeout = 30",
        ),
    ];
    for (name, most, what, cure) in limits {
        if let Some(number) = facts.general.number(name).filter(|number| *number > most) {
            let words = (format!("{name} = {number}: {what}"), MANAGER);
            findings.push(finding(facts, Severity::Note, name, words, &[cure]));
        }
    }
}

/// Files with secrets that others may read or write.
fn files(facts: &Facts, findings: &mut Vec<Finding>) {
    for FileFound {
        path,
        mode,
        folder_mode,
        stranger,
    } in &facts.files
    {
        let folder = path.parent().unwrap_or(path).display();
        // With the sticky bit others cannot take a file away.
        if folder_mode & 0o1002 == 0o002 {
            findings.push(Finding {
                severity: Severity::Critical,
                section: path.display().to_string(),
                place: None,
                what: format!("mode {:o} of its directory: every user of this machine can put another file in its place", folder_mode & 0o777),
                cure: vec![format!("chmod o-w {folder}")],
                source: "rename(2)",
            });
        }
        if let Some(name) = stranger {
            findings.push(Finding {
                severity: Severity::Serious,
                section: path.display().to_string(),
                place: None,
                what: format!("it belongs to {name}, who can write users into it"),
                cure: vec![format!("chown asterisk {}", path.display())],
                source: "chmod(1): the owner of a file can always change it",
            });
        }
        let (severity, what, more) = match mode & 0o006 {
            0 => continue,
            4 => (
                Severity::Serious,
                "every user of this machine can read the secrets in it",
                "o-r",
            ),
            _ => (
                Severity::Critical,
                "every user of this machine can write users into it",
                "o-rw",
            ),
        };
        findings.push(Finding {
            severity,
            section: path.display().to_string(),
            place: None,
            what: format!("mode {:o}: {what}", mode & 0o777),
            cure: vec![format!("chmod {more} {}", path.display())],
            source: "chmod(1); secrets of manager.conf are in clear (Asterisk: main/manager.c)",
        });
    }
}

fn dangerously(facts: &Facts, findings: &mut Vec<Finding>) {
    if facts.dangerously == Some(true) {
        findings.push(Finding {
            severity: Severity::Warning,
            section: "asterisk.conf, options".to_owned(),
            place: None,
            what: "live_dangerously = yes: SHELL() and FILE() work in Setvar and Getvar, and GetConfig reads files outside the configuration".to_owned(),
            cure: vec!["live_dangerously = no".to_owned()],
            source: "Asterisk: configs/samples/asterisk.conf.sample; main/manager.c, is_restricted_file",
        });
    }
}

/// The session itself.
fn own(facts: &Facts, findings: &mut Vec<Finding>) {
    if let Some(own) = facts.session.as_ref().filter(|own| !own.is_private) {
        findings.push(Finding {
            severity: Severity::Warning,
            section: own.user.clone(),
            place: None,
            what: "this session is not encrypted and comes from another machine: who is in between reads and changes all of it".to_owned(),
            cure: Vec::new(),
            source: "amish: its own connection; --tls encrypts it",
        });
    }
}
