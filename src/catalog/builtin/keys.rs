//! Which keys the Actions of Asterisk 1.4 to 23 take, in our own words, for
//! servers that will not tell; and what the documentation of those that do
//! leaves out.

use super::super::listing::order;
use super::super::page::{Choice, Origin, Page, Parameter};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A line for each Action: `Key!` is required, `Key*` may be given more than
/// once, `Key=a|b` names values.
const KEYS: &str = "\
AbsoluteTimeout Channel! Timeout!
Events EventMask!=on|off
Originate Channel! Exten Context Priority Application Data Timeout CallerID Variable* Account EarlyMedia=true|false Async=true|false Codecs ChannelId OtherChannelId PreDialGoSub
QueueAdd Queue! Interface! Penalty Paused=true|false Reason MemberName StateInterface
Hangup Channel! Cause
";

/// The same of keys that a server's own page does not list, but the Action takes.
const OMITTED: &str = "\
Challenge Username
Login AuthType=plain|MD5 Key Events=on|off
JabberSend ScreenName
QueueAdd StateInterface
";

/// By name in small letters.
static PAGES: LazyLock<BTreeMap<String, Page>> = LazyLock::new(|| {
    let named = super::ACTIONS.iter().map(|(name, synopsis)| {
        let page = Page {
            name: (*name).to_owned(),
            synopsis: (*synopsis).to_owned(),
            parameters: row(KEYS, name),
            origin: Origin::BuiltIn,
            ..Page::default()
        };
        (name.to_ascii_lowercase(), page)
    });
    named.collect()
});

/// What amish itself knows of the Action `name`, in any case.
pub(in super::super) fn page(name: &str) -> Option<&'static Page> {
    PAGES.get(&name.to_ascii_lowercase())
}

/// A server's `page` with what it is known to leave out: keys, values, and that
/// a key may be given more than once.
pub(in super::super) fn complete(mut page: Page) -> Page {
    let omitted = row(OMITTED, &page.name).into_iter();
    let omitted: Vec<Parameter> = omitted.filter(|one| !page.knows(&one.key)).collect();
    let ours = self::page(&page.name);
    for one in &mut page.parameters {
        let Some(ours) = ours.and_then(|ours| ours.parameter(&one.key)) else {
            continue;
        };
        one.repeatable |= ours.repeatable;
        if one.choices.is_empty() {
            one.choices.clone_from(&ours.choices);
        }
    }
    page.parameters.extend(omitted);
    page
}

fn row(table: &str, name: &str) -> Vec<Parameter> {
    let mut rows = table.lines().map(str::split_whitespace);
    let found = rows.find_map(|mut words| {
        let first = words.next()?;
        order(first, name).is_eq().then_some(words)
    });
    found.into_iter().flatten().map(parameter).collect()
}

fn parameter(word: &str) -> Parameter {
    let (key, values) = word.split_once('=').unwrap_or((word, ""));
    let values = values.split('|').filter(|value| !value.is_empty());
    let choices = values.map(|value| Choice {
        value: value.to_owned(),
        about: String::new(),
    });
    Parameter {
        key: key.trim_end_matches(['!', '*']).to_owned(),
        required: key.contains('!'),
        repeatable: key.contains('*'),
        choices: choices.collect(),
        about: Vec::new(),
    }
}
