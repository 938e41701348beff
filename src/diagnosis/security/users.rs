//! The checks of each user.

use super::acl::{Family, Reach};
use super::advisories::{self, originate_fixed};
use super::facts::{Facts, Seen, User};
use super::finding::{Finding, Severity};
use super::listening::Listening;
use super::secrets::{SHORT, Weakness, weakness};
use crate::ami::Classes;

const AUTHENTICATE: &str = "Asterisk: main/manager.c, authenticate";
const ACL: &str = "Asterisk: main/acl.c, ast_apply_acl and ast_apply_ha";
const ACTIONS: &str =
    "Asterisk: main/manager.c, __init_manager; configs/samples/manager.conf.sample";
const OPTIONS: &str = "Asterisk: main/manager.c, __init_manager: options of a user";

/// What each class that is a shell does with the PBX.
const SHELLS: [(&str, &str); 4] = [
    (
        "system",
        "system adds extensions with System() (DialplanExtensionAdd) and reads every secret (GetConfig)",
    ),
    (
        "command",
        "command is the whole CLI, with `dialplan add extension` and System()",
    ),
    (
        "config",
        "config writes extensions.conf and manager.conf (UpdateConfig)",
    ),
    (
        "agi",
        "agi runs System() in calls that wait in AGI(agi:async)",
    ),
];

/// Severities for who comes from everywhere, from somewhere, from the machine.
type By = [Severity; 3];

fn by(reach: Reach, [everywhere, somewhere, here]: By) -> Severity {
    match reach {
        Reach::Everywhere => everywhere,
        Reach::Somewhere => somewhere,
        Reach::Here => here,
    }
}

/// What is wrong with each user.
pub fn examine(facts: &Facts, listening: &Listening, findings: &mut Vec<Finding>) {
    for user in &facts.users {
        let reach = listening.reach(&user.acl);
        secret(user, reach, findings);
        if user.may_log_in() {
            acl(user, listening, reach, findings);
            shells(user, reach, findings);
            reading(facts, user, findings);
            disabled(user, reach, findings);
        }
    }
    versions(facts, listening, findings);
}

fn finding(
    user: &User,
    severity: Severity,
    option: &str,
    (what, source): (String, &'static str),
    cure: Vec<String>,
) -> Finding {
    Finding {
        severity,
        section: user.name.clone(),
        place: user.options.place(option).or(user.place.clone()),
        what,
        cure,
        source,
    }
}

fn secret(user: &User, reach: Reach, findings: &mut Vec<Finding>) {
    use Severity::{Critical, Note, Serious, Warning};
    if !user.tells_secret {
        return;
    }
    let Some(secret) = user.options.get("secret") else {
        let what = "there is no secret, so nobody can log in by this name: take the section out, or it waits for the first who adds one".to_owned();
        let words = (what, AUTHENTICATE);
        findings.push(finding(user, Note, "secret", words, Vec::new()));
        return;
    };
    let Some(weakness) = weakness(secret, &user.name) else {
        return;
    };
    let (severities, what): (By, String) = match weakness {
        Weakness::Empty => (
            [Critical, Serious, Serious],
            "the secret is empty, and an empty Secret logs in".to_owned(),
        ),
        Weakness::Name => (
            [Critical, Serious, Warning],
            "the secret is the name of the user, which is tried first".to_owned(),
        ),
        Weakness::Known => (
            [Critical, Serious, Warning],
            "the secret is a published one, which is tried first".to_owned(),
        ),
        Weakness::Short => (
            [Serious, Warning, Note],
            format!(
                "the secret is shorter than {SHORT} characters or repeats a few: whoever sees one login (MD5) or may try long enough finds it"
            ),
        ),
    };
    let cure = vec!["secret = THE NEW ONE  ; made by: openssl rand -hex 24".to_owned()];
    let severity = by(reach, severities);
    findings.push(finding(
        user,
        severity,
        "secret",
        (what, AUTHENTICATE),
        cure,
    ));
}

fn acl(user: &User, listening: &Listening, reach: Reach, findings: &mut Vec<Finding>) {
    let by_v4 = user.acl.reach(Family::V4);
    let severity = match (reach, by_v4) {
        (Reach::Everywhere, _) => Severity::Serious,
        // A bindaddr that is changed one day must not open it.
        (Reach::Here, Reach::Everywhere) => Severity::Note,
        _ => return,
    };
    let anybody = match reach {
        Reach::Here => "may log in from every address that bindaddr lets in",
        _ => "may log in from everywhere",
    };
    let what = if by_v4 != Reach::Everywhere {
        "the ACL keeps out nobody who comes by IPv6, and this listens on IPv6".to_owned()
    } else if user.acl.denies_nobody() {
        format!("permit= without deny= forbids nobody anything: {anybody}")
    } else if user.acl == super::acl::Acl::None {
        format!("there is no permit= and no deny=: {anybody}")
    } else {
        format!("permit= and deny= keep out nobody: {anybody}")
    };
    let option = match user.options.get("permit") {
        Some(_) => "permit",
        None => "deny",
    };
    let mut cure = Vec::new();
    if by_v4 == Reach::Everywhere {
        cure.push("deny = 0.0.0.0/0.0.0.0");
    }
    if listening.has(Family::V6) && user.acl.reach(Family::V6) == Reach::Everywhere {
        cure.push("deny = ::/0");
    }
    if by_v4 == Reach::Everywhere {
        cure.push("permit = 127.0.0.1/255.255.255.0  ; and each address that needs it");
    }
    let cure = cure.into_iter().map(str::to_owned).collect();
    findings.push(finding(user, severity, option, (what, ACL), cure));
}

/// Classes of write= that are a shell on the PBX.
fn shells(user: &User, reach: Reach, findings: &mut Vec<Finding>) {
    let write = user.write();
    let has = |class: &str| write.contains(Classes::of_mask(class));
    let such: Vec<&(&str, &str)> = SHELLS.iter().filter(|(class, _)| has(class)).collect();
    if such.is_empty() {
        return;
    }
    let names: Vec<&str> = such.iter().map(|(class, _)| *class).collect();
    let (is, whys) = match write == Classes::ALL {
        true => (
            "all",
            "system, command and config each run programs and read or write the configuration"
                .to_owned(),
        ),
        false => {
            let whys: Vec<&str> = such.iter().map(|(_, why)| *why).collect();
            ("", whys.join("; "))
        }
    };
    let names = match is {
        "" => names.join(","),
        all => all.to_owned(),
    };
    let what = format!("write = {names} is a shell on the PBX: {whys}");
    let severity = by(
        reach,
        [Severity::Serious, Severity::Warning, Severity::Note],
    );
    let cure = match write == Classes::ALL {
        true => "write = call,reporting  ; of these what is used".to_owned(),
        false => {
            let left = write.to_string();
            let left = left.split(',');
            let left: Vec<&str> = left
                .filter(|class| SHELLS.iter().all(|(shell, _)| shell != class))
                .collect();
            format!("write = {}", left.join(","))
        }
    };
    findings.push(finding(
        user,
        severity,
        "write",
        (what, ACTIONS),
        vec![cure],
    ));
}

/// read = all where less is used.
fn reading(facts: &Facts, user: &User, findings: &mut Vec<Finding>) {
    if user.read() != Classes::ALL {
        return;
    }
    let own = facts.session.as_ref();
    let own = own.filter(|own| own.user.eq_ignore_ascii_case(&user.name));
    let all = "read = all: it sees every key pressed (dtmf), every step and variable of the dialplan, and the logins of others (security)";
    let seen = own.map(|own| own.seen).filter(|seen| seen.events > 0);
    let (seen, cure) = match seen {
        Some(Seen { events, classes }) => (
            format!("; the last {events} events of this session were of {classes}"),
            format!("read = {classes}  ; what this session has seen"),
        ),
        None => (
            String::new(),
            "read = call,agent,reporting  ; of these what is used".to_owned(),
        ),
    };
    let words = (format!("{all}{seen}"), ACTIONS);
    findings.push(finding(user, Severity::Note, "read", words, vec![cure]));
}

/// Asterisk has no way to turn a user off but to take its secret.
fn disabled(user: &User, reach: Reach, findings: &mut Vec<Finding>) {
    let off =
        user.options.is("disabled") == Some(true) || user.options.is("enabled") == Some(false);
    if !off || user.options.get("secret").is_none() {
        return;
    }
    let option = match user.options.get("disabled") {
        Some(_) => "disabled",
        None => "enabled",
    };
    let what = format!(
        "{option} is no option of a user: Asterisk passes over it, and the user can log in"
    );
    let severity = by(
        reach,
        [Severity::Serious, Severity::Warning, Severity::Warning],
    );
    let cure = vec!["; take the section out, or its secret".to_owned()];
    findings.push(finding(user, severity, option, (what, OPTIONS), cure));
}

/// Advisories for which somebody has the class.
fn versions(facts: &Facts, listening: &Listening, findings: &mut Vec<Finding>) {
    let Some(version) = &facts.version else {
        return;
    };
    for advisory in advisories::of(version) {
        let holds = |user: &&User| {
            let write = user.write();
            let mut classes = advisory.classes.iter();
            user.may_log_in() && classes.any(|class| write.contains(Classes::of_mask(class)))
        };
        let users: Vec<&User> = facts.users.iter().filter(holds).collect();
        let Some(reach) = users.iter().map(|user| listening.reach(&user.acl)).min() else {
            continue;
        };
        let (severities, packaged) = match version.is_packaged {
            true => (
                [Severity::Warning, Severity::Warning, Severity::Note],
                "; a distribution may have the fix without the number: see its changelog",
            ),
            false => (
                [Severity::Serious, Severity::Serious, Severity::Warning],
                "",
            ),
        };
        let names: Vec<String> = users
            .iter()
            .take(5)
            .map(|user| format!("[{}]", user.name))
            .collect();
        let more = match users.len() > names.len() {
            true => " and others",
            false => "",
        };
        let what = format!(
            "Asterisk {version}, {}: {}; {}{more} may{packaged}",
            advisory.name,
            advisory.what,
            names.join(", "),
        );
        findings.push(Finding {
            severity: by(reach, severities),
            section: "version".to_owned(),
            place: None,
            what,
            cure: vec![format!("; update: fixed in {}", advisory.fixed)],
            source: advisory.name,
        });
    }
}

/// What is not known without the version.
pub fn unknown_version(facts: &Facts) -> Option<String> {
    if facts.version.is_some() {
        return None;
    }
    let originate = Classes::of_mask("originate");
    let such = facts.users.iter().filter(|user| {
        user.may_log_in() && user.write() != Classes::ALL && user.write().contains(originate)
    });
    let names: Vec<String> = such
        .take(5)
        .map(|user| format!("[{}]", user.name))
        .collect();
    let more = match names.is_empty() {
        true => String::new(),
        false => format!(
            "; {} may Originate, which is a shell, too, before {}",
            names.join(", "),
            originate_fixed()
        ),
    };
    Some(format!(
        "advisories: the version of Asterisk is not known here, amish TARGET doctor security asks for it{more}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::Packet;
    use crate::asterisk_conf::{Category, Value};
    use crate::diagnosis::security::facts::Own;

    // Who has read = all is told what would have been enough, from what came.
    #[test]
    fn what_a_session_has_seen_is_what_it_needs_to_read() {
        let event = |class: &str| {
            let text = format!("Event: X\r\nPrivilege: {class},all\r\n\r\n");
            Packet::new(text.into_bytes().into())
        };
        let events = [event("call"), event("call"), event("agent")];
        let value = |(key, value): (&str, &str)| Value {
            key: key.to_owned(),
            value: value.to_owned(),
            place: None,
        };
        let lines = [("secret", "x"), ("read", "all"), ("permit", "10.0.0.1")];
        let ann = Category {
            name: "ann".to_owned(),
            values: lines.into_iter().map(value).collect(),
            ..Category::default()
        };
        let mut facts = Facts::default();
        facts.take(&[ann], "manager.conf".to_owned());
        let seen = Seen::of(events.iter());
        facts.session = Some(Own::of("Ann".to_owned(), true, seen));
        let mut found = Vec::new();
        for user in &facts.users {
            reading(&facts, user, &mut found);
        }
        let one = found.first().unwrap();
        assert!(
            one.what
                .ends_with("; the last 3 events of this session were of call,agent"),
            "{}",
            one.what
        );
        assert_eq!(
            one.cure,
            ["read = call,agent  ; what this session has seen"]
        );
    }
}
