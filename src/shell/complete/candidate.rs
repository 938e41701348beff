//! The only way a name gets onto the line: what Tab inserts is one word or
//! value of the typed language, and means that name.
//!
//! Names come from the server. One that contains a line end, or begins like a
//! local command, a comment or a command of amish, would make the next Enter
//! run what the server chose. So the resulting line is parsed again, and the
//! name is offered only if the line means what it meant before, plus this name.

use super::offer::{Form, Offer};
use super::spot::{Spot, What};
use crate::ami::Packet;
use crate::language::{
    Command, Expr, Fault, Place, Then, Word, parse, quote, raw_packet_open, split,
};
use crate::peer_text::visible;

/// Text that Tab may insert. See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::shell) struct Candidate {
    text: String,
    /// Shown in the list.
    pub name: String,
    /// A description, from the server.
    pub about: String,
    /// The word continues after it, so no blank follows.
    pub goes_on: bool,
}

impl Candidate {
    /// Replaces the word at `spot` by `offer`, except for the first `kept`
    /// bytes of its meaning. None if it cannot be typed.
    pub(super) fn at(buffer: &str, spot: &Spot, kept: usize, offer: Offer) -> Option<Candidate> {
        let start = start(spot, kept);
        let target = Target {
            before: buffer.get(..start)?,
            spot,
            kept: spot.typed.get(..kept)?,
        };
        if !is_typed(&offer) {
            return None;
        }
        let mut texts = target.texts(&offer).into_iter();
        let text = texts.find(|text| target.says(text, &offer))?;
        Some(Candidate {
            text,
            name: format!("{}{}", offer.name, target.mark(&offer).trim_end()),
            about: offer.about,
            goes_on: offer.goes_on,
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// A candidate that was not verified.
    #[cfg(test)]
    pub fn known(name: &str, about: &str) -> Candidate {
        Candidate {
            text: name.to_owned(),
            name: name.to_owned(),
            about: about.to_owned(),
            goes_on: false,
        }
    }
}

/// Where the replaced text begins, if the first `kept` bytes of the typed word
/// stay. Inside an open quote it begins after the quote.
pub(super) fn start(spot: &Spot, kept: usize) -> usize {
    let quote = spot.quote.filter(|_| kept > 0).map_or(0, char::len_utf8);
    spot.start + kept + quote
}

/// Can it appear on a line at all? A name that is displayed escaped could not
/// be told from another.
fn is_typed(offer: &Offer) -> bool {
    let name = offer.name.as_str();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.()".contains(&byte);
    let begins = name.starts_with(|first: char| first.is_ascii_alphanumeric());
    match offer.form() {
        Form::Own => true,
        Form::Name | Form::Key => begins && name.bytes().all(is_plain),
        Form::Value | Form::Tested(_) => !name.is_empty() && visible::text(name.as_bytes()) == name,
    }
}

struct Target<'a> {
    before: &'a str,
    spot: &'a Spot,
    /// The part of the word's meaning that stays.
    kept: &'a str,
}

impl Target<'_> {
    /// Ways to type it, shortest first.
    fn texts(&self, offer: &Offer) -> Vec<String> {
        let name = offer.name.as_str();
        let is_quoted = match (&self.spot.what, offer.form()) {
            (_, Form::Key) => false,
            (What::Argument { .. } | What::Value { .. } | What::Builtin { .. }, _) => {
                // An open quote must be continued as it began.
                self.kept.is_empty() || self.spot.quote.is_none()
            }
            _ => false,
        };
        if !is_quoted {
            return vec![format!("{name}{}", self.mark(offer))];
        }
        let mut texts = vec![in_quotes(name, self.spot.quote)];
        if self.spot.quote.is_none() && !name.contains('\'') {
            texts.push(format!("'{name}'"));
        }
        for text in &mut texts {
            if offer.goes_on && text.starts_with(['\'', '"']) {
                text.pop();
            }
        }
        texts
    }

    /// The mark that follows a key.
    fn mark(&self, offer: &Offer) -> &'static str {
        match (offer.form(), &self.spot.what) {
            (Form::Key, What::Header(_)) => ": ",
            (Form::Key, _) => "=",
            _ => "",
        }
    }

    /// Does the line with `text` mean what it meant, plus the offered name?
    fn says(&self, text: &str, offer: &Offer) -> bool {
        let begin = self.before.rfind('\n').map_or(0, |at| at + 1);
        let (above, line) = self.before.split_at(begin);
        let line = format!("{line}{text}{}", self.close(text, offer));
        let meant = format!("{}{}", self.kept, offer.name);
        match &self.spot.what {
            What::First if *offer.form() == Form::Own => true,
            What::First => match command(&line) {
                Some(Command::Action(line)) => line.name == meant && line.arguments.is_empty(),
                _ => false,
            },
            What::Argument { .. } => says_argument(&line, None, &meant, offer),
            What::Value { key, .. } => says_argument(&line, Some(key), &meant, offer),
            What::Header(_) => {
                let is_header = header(&format!("{line}x")) == Some((meant, "x".to_owned()));
                is_header && raw_packet_open(format!("{above}{line}").as_bytes())
            }
            What::HeaderValue { key, .. } => {
                let is_header = header(&line) == Some((key.clone(), meant));
                is_header && raw_packet_open(format!("{above}{line}").as_bytes())
            }
            What::Cli(typed) => self.says_cli(&line, typed, &offer.name),
            What::Builtin { .. } => match offer.form() {
                Form::Key => is_builtin(&format!("{line}x")),
                Form::Tested(key) => is_builtin(&line) && tests(key, text, &offer.name),
                _ => is_builtin(&line) && last_word(&line).is_some_and(|word| word == meant),
            },
            What::Nothing => false,
        }
    }

    /// The closing quote, if one is still open after `text`.
    fn close(&self, text: &str, offer: &Offer) -> String {
        let open = match self.kept.is_empty() {
            true => text.chars().next().filter(|_| offer.goes_on),
            false => self.spot.quote,
        };
        let open = open.filter(|open| matches!(open, '\'' | '"'));
        open.map(String::from).unwrap_or_default()
    }

    /// Checks one more word of an Asterisk CLI command. In CLI mode the text is
    /// a line of its own, whose first word may be a command of amish.
    fn says_cli(&self, line: &str, typed: &str, name: &str) -> bool {
        let before = typed.len().checked_sub(self.spot.typed.len());
        let before = before.and_then(|end| typed.get(..end)).unwrap_or_default();
        let text = format!("{before}{name}");
        let is_first = before.is_empty();
        let is_ours = !name.starts_with(|first: char| first.is_ascii_alphanumeric())
            || ["exit", "quit"].contains(&name.to_ascii_lowercase().as_str());
        let is_cli = matches!(command(line), Some(Command::Cli(said)) if *said == *text.as_bytes());
        is_cli && !name.contains(' ') && !(is_first && is_ours)
    }
}

/// The Command that `line` is, if it is just one.
fn command(line: &str) -> Option<Command> {
    let mut statements = parse(line.as_bytes(), Place::Shell).ok()?.into_iter();
    match (statements.next(), statements.next()) {
        (Some(only), None) if only.then == Then::Show => Some(only.command),
        _ => None,
    }
}

fn says_argument(line: &str, key: Option<&String>, meant: &str, offer: &Offer) -> bool {
    let Some(Command::Action(line)) = command(line) else {
        return false;
    };
    line.arguments
        .last()
        .is_some_and(|last| match offer.form() {
            Form::Key => last.key.as_deref() == Some(meant) && last.value.is_empty(),
            _ => last.key.as_ref() == key && *last.value == *meant.as_bytes(),
        })
}

/// The header that `line` of a raw packet is, if it is just one.
fn header(line: &str) -> Option<(String, String)> {
    let packets = [format!("{line}\n\n"), format!("Action: x\n{line}\n\n")];
    let mut commands = packets.iter().filter_map(|packet| command(packet));
    let Some(Command::Raw(action)) = commands.next() else {
        return None;
    };
    let (key, value) = action.headers().last()?;
    Some((key.to_owned(), String::from_utf8(value.to_vec()).ok()?))
}

/// Is `line` a command of amish, or the beginning of one?
fn is_builtin(line: &str) -> bool {
    match parse(line.as_bytes(), Place::Shell) {
        Ok(_) => matches!(command(line), Some(Command::Builtin(_))),
        // More words must follow.
        Err(error) => matches!(error.fault, Fault::Usage(..) | Fault::OptionOnly(_)),
    }
}

fn last_word(line: &str) -> Option<String> {
    let words = split(line.as_bytes(), 0, Place::Shell);
    words.last().map(Word::whole)
}

/// Does `key=text` test for exactly this value?
fn tests(key: &str, text: &str, value: &str) -> bool {
    let event = format!("Event: x\r\n{key}: {value}\r\n\r\n").into_bytes();
    let expr = Expr::parse(format!("{key}={text}").as_bytes());
    expr.is_ok_and(|expr| expr.matches(&Packet::new(event.into())))
}

fn in_quotes(value: &str, open: Option<char>) -> String {
    match open {
        Some('\'') if !value.contains('\'') => format!("'{value}'"),
        Some('"') => format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => String::from_utf8_lossy(&quote(value.as_bytes(), Place::Shell)).into_owned(),
    }
}
