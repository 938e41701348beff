//! Finds secrets in a line before it is stored or repeated.
//!
//! A line is judged as typed and as it will be sent: with aliases expanded,
//! bare words with their keys, and nested lines (`/watch`, before `|` and `&`)
//! included. Missing a secret puts it on the disk; a false alarm costs a
//! history entry.

use super::{Builtin, Command, Interactive, Place, Statement, Then, expand, statements};
use crate::ami::Action;
use crate::ami::masking::{has_credentials, in_urls, names_secret};
use crate::catalog::Catalog;
use std::borrow::Cow;

/// The deepest nesting of lines.
const DEPTH: usize = 8;

/// Words that make an unparsable line suspect.
const SUSPECT: [&str; 5] = ["login", "secret", "password", "md5", "mkpasswd"];

/// Does input at the prompt hold a secret, given the aliases and the server's
/// keys for bare words?
pub fn holds_secret(typed: &str, aliases: &[(String, String)], catalog: &Catalog) -> bool {
    let judge = Judge { aliases, catalog };
    judge.text(typed, DEPTH)
}

/// `line` as it may appear in a message: only its first word if it holds a
/// secret.
pub fn without_secret(line: &str) -> Cow<'_, str> {
    match holds_secret(line, &[], &Catalog::default()) {
        true => {
            let first = line.split_whitespace().next().unwrap_or_default();
            Cow::Owned(format!(
                "{} …",
                first.split(['=', ':']).next().unwrap_or_default()
            ))
        }
        false => Cow::Borrowed(line),
    }
}

struct Judge<'a> {
    aliases: &'a [(String, String)],
    catalog: &'a Catalog,
}

impl Judge<'_> {
    fn text(&self, typed: &str, depth: usize) -> bool {
        if depth == 0 || is_named(typed) {
            return true;
        }
        // `-LINE` is refused at the prompt, but may still be typed there.
        let mut forgiven = typed
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix('-'));
        if forgiven.any(|line| self.text(line, depth - 1)) {
            return true;
        }
        let meant = expand(typed, self.aliases);
        if is_named(&meant) {
            return true;
        }
        // Invalid at the prompt, but perhaps valid in a script.
        let mut unread = 0;
        for place in [Place::Shell, Place::Script] {
            let mut faults = false;
            for statement in statements(meant.as_bytes(), place) {
                match statement {
                    Ok(statement) if self.statement(&statement, &meant, depth) => return true,
                    Ok(_) => {}
                    Err(_) => faults = true,
                }
            }
            unread += usize::from(faults);
        }
        unread == 2 && is_suspect(&meant)
    }

    /// Does `statement`, parsed from `text`, hold a secret?
    fn statement(&self, statement: &Statement, text: &str, depth: usize) -> bool {
        if matches!(&statement.then, Then::Pipe(text) if is_in_local_command(text)) {
            return true;
        }
        match &statement.command {
            Command::Action(line) => match line.action(self.catalog) {
                Ok(action) => action.holds_secret(),
                // Too many words, a variable, a value too long.
                Err(_) => is_suspect(text.get(statement.span.clone()).unwrap_or(text)),
            },
            Command::Raw(action) => action.holds_secret(),
            Command::Cli(text) => {
                let action = Action::cli(text);
                action.is_ok_and(|action| action.holds_secret())
            }
            Command::Local(text) => is_in_local_command(text),
            Command::Builtin(builtin) => match builtin {
                Builtin::Watch(repeat) => self.text(&repeat.line, depth - 1),
                Builtin::Interactive(Interactive::Connect(word))
                | Builtin::Follow(word)
                | Builtin::Save(Some(word))
                | Builtin::Source(word) => has_credentials(word),
                Builtin::Help(words) => words.iter().any(|word| has_credentials(word)),
                // In an event it is a plain value: `Device=MWI:100@default`.
                _ => false,
            },
            _ => false,
        }
    }
}

/// Does `text` contain the name of a secret followed by a separator, or a URL
/// with a secret? `Key` counts if the text mentions a login.
fn is_named(text: &str) -> bool {
    let is_login = text.to_ascii_lowercase().contains("login");
    let is_part = |c: char| c.is_ascii_alphanumeric();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let word = rest.get(start..).unwrap_or_default();
        let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
        let (name, after) = word.split_at(end);
        if after.trim_start().starts_with(['=', ':']) && names_secret(name, is_login) {
            return true;
        }
        rest = after;
    }
    !in_urls(text.as_bytes()).is_empty()
}

/// May `text`, which cannot be parsed or sent, hold a secret?
fn is_suspect(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SUSPECT.iter().any(|word| lower.contains(word)) || is_in_local_command(text)
}

/// `curl -u user:SECRET`, `program --password SECRET`, `ssh user:SECRET@host`.
fn is_in_local_command(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied();
        let option = word.trim_start_matches('-');
        let name = option.rsplit(['-', '_']).next().unwrap_or_default();
        let is_user = word.starts_with("-u")
            || word.starts_with("-U")
            || (word.starts_with("--") && option.contains("user"));
        let attached = is_user && option.contains(':');
        let behind = is_user && next.is_some_and(|next| next.contains(':'));
        let is_named = word.starts_with('-') && names_secret(name, false) && next.is_some();
        if has_credentials(word) || attached || behind || is_named {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(line: &str) -> bool {
        let aliases = [
            ("li", "Login"),
            ("me", "Login Username=me"),
            ("pw", "cli ari mkpasswd"),
            ("in", "Login Username=me Secret=s3cret"),
        ];
        let aliases = aliases.map(|(name, line)| (name.to_owned(), line.to_owned()));
        holds_secret(line, &aliases, &Catalog::default())
    }

    /// Any way of typing a secret that is not recognised puts it on the disk.
    #[test]
    fn a_secret_is_found_however_it_is_typed() {
        for line in [
            "Login Username=admin Secret=x",
            "login admin s3cret",
            "Login Key=0123",
            "Login Username=a Secret=\"never closed",
            "action: login\nusername: a\nsecret: b\n",
            "VoicemailUserEntry PASSWORD=1",
            "SIPpeerstatus md5cred = x",
            "/connect admin:s3cret@pbx",
            "/connect ami://admin:s3cret@pbx:5038",
            "li admin s3cret",
            "me s3cret",
            "in",
            "pw s3cret",
            "-Login admin s3cret",
            "Ping\n  -li admin s3cret",
            "admin:s3cret@pbx",
            "ami://admin:s3cret@pbx",
            "amish admin:s3cret@pbx Ping",
            "/set target admin:s3cret@pbx",
            "Login admin s3cret &",
            "Login admin s3cret | cat",
            "Login admin s3cret one too many",
            "/watch 2 Login admin s3cret",
            "/watch 2 li admin s3cret",
            "/watch 2 /watch 2 /connect a:b@c",
            "Ping\nlogin admin s3cret",
            "Ping\n/connect 'a:b@c",
            "UpdateConfig SrcFilename=a Var-000000=secret Value-000000=x",
            "UpdateConfig Value-7=x Var-7=Password",
            "UpdateConfig a b c d e f Value-7=x Var-7=Password",
            "action: updateconfig\nvalue-000000: x\nvar-000000: md5_cred\n",
            "UpdateConfig Var-000000=secret Value-000000='x",
            "cli ari mkpasswd s3cret",
            "cli database put a secret x",
            "cli realtime update peers name bob secret x",
            "!curl -u me:s3cret http://pbx",
            "!curl -ume:s3cret http://pbx",
            "!curl --user me:s3cret http://pbx",
            "!curl http://me:s3cret@pbx/",
            "!amish me:s3cret@pbx Ping",
            "!AMISH_SECRET=x amish pbx",
            "!mysql --password x",
            "Ping | curl -u me:s3cret http://pbx",
            "Originate Channel=Local/1@a Data=http://me:s3cret@pbx/",
        ] {
            assert!(holds(line), "{line:?}");
        }
        let nested = "/watch 2 ".repeat(10_000);
        assert!(holds(&nested), "and the stack holds");
    }

    /// A line that is left out needlessly has to be typed again.
    #[test]
    fn what_is_no_secret_is_left_alone() {
        for line in [
            "Ping",
            "Ping &",
            "DBPut test Key secret",
            "DBPut Family=a Key=b Val=c",
            "cli manager show users",
            "cli manager show user secret",
            "action: ping\n",
            "/connect login@pbx",
            "/connect ami://me@pbx:5038",
            "/watch 2 QueueStatus support",
            "/filter Channel~PJSIP/alice",
            "/events Device=MWI:100@default",
            "- Ping",
            "help Login",
            "Originate Channel=PJSIP/alice/sip:alice@10.0.0.1:5060 Exten=1",
            "ExtensionState 100 default | grep Status",
            "!date +%H:%M",
            "!ssh me@pbx",
            "UpdateConfig SrcFilename=a Var-0=secret Value-00=x",
            "UpdateConfig SrcFilename=a Var-0=port Value-0=x",
            "QueueStatus 'support",
        ] {
            assert!(!holds(line), "{line:?}");
        }
    }

    #[test]
    fn a_line_is_repeated_without_its_secret() {
        assert_eq!(without_secret("Ping X=1"), "Ping X=1");
        assert_eq!(without_secret("Login admin s3cret"), "Login …");
        assert_eq!(without_secret("Secret: s3cret"), "Secret …");
    }
}
