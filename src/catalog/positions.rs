//! Which keys bare words fill, and how a typed key is spelled.

use super::actions::{action, positions};
use super::server::Catalog;

/// Keys that many Actions accept, besides their positions.
const KEYS: &str = "Account ActionID Application Async AuthType CallerID Cause Channel ChannelId Codecs \
    Context Data EarlyMedia EventMask Exten Interface MemberName OtherChannelId Paused \
    Penalty Priority Queue Reason StateInterface Timeout Variable";

impl Catalog {
    /// The keys that the bare words of `action` (any case) fill, in order. If
    /// the Action is not in the table, the keys that this server's
    /// documentation requires.
    pub fn places(&self, action: &str) -> Vec<&str> {
        let table = positions(action);
        let page = self.page(action).filter(|page| page.is_from_server());
        match (table, page) {
            ([], Some(page)) => {
                let required = page.parameters.iter().filter(|one| one.required);
                required.map(|one| one.key.as_str()).collect()
            }
            _ => table.to_vec(),
        }
    }

    /// The keys that `words` bare words of `action` fill when the keys `given`
    /// are already there. None: too many words.
    pub fn fill(&self, action: &str, words: usize, given: &[&str]) -> Option<Vec<&str>> {
        if words == 0 {
            return Some(Vec::new());
        }
        let fewer = self::action(action).map_or("", |known| known.fewer_positions);
        let forms = [fewer.split_whitespace().collect(), self.places(action)];
        forms.into_iter().find_map(|keys| {
            let is_given = |key: &str| given.iter().any(|one| one.eq_ignore_ascii_case(key));
            let free: Vec<&str> = keys.into_iter().filter(|key| !is_given(key)).collect();
            (words <= free.len()).then(|| free.into_iter().take(words).collect())
        })
    }

    /// The spelling of a key typed for `action`: this server's, or else ours.
    /// It differs in the letters' case only. None: the key goes out as typed, as
    /// those that the sender of a UserEvent makes up.
    pub fn spelling<'a>(&'a self, action: &str) -> impl Fn(&str) -> Option<&'a str> {
        let page = self.page(action);
        let ours = positions(action);
        move |typed| match page {
            Some(page) if page.takes_any_key() => {
                let own = ours.iter().copied().chain(["ActionID"]);
                own.into_iter().find(|key| key.eq_ignore_ascii_case(typed))
            }
            _ => {
                let listed = page.and_then(|page| page.spelling(typed));
                listed.or_else(|| key_of(ours, typed))
            }
        }
    }
}

/// The known spelling of the key `typed`, which may be one of `places`.
fn key_of(places: &'static [&str], typed: &str) -> Option<&'static str> {
    let mut known = places.iter().copied().chain(KEYS.split(' '));
    known.find(|key| key.eq_ignore_ascii_case(typed))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The most common input; a wrong key would change another call.
    #[test]
    fn words_fill_the_free_places() {
        let catalog = Catalog::default();
        let fill = |action, words, given: &[&str]| catalog.fill(action, words, given);
        assert_eq!(fill("dbput", 2, &["FAMILY"]), Some(vec!["Key", "Val"]));
        assert_eq!(fill("DBPut", 4, &[]), None);
        assert_eq!(fill("Ping", 0, &[]), Some(vec![]));
        assert_eq!(fill("Ping", 1, &[]), None);
        assert_eq!(fill("Getvar", 1, &[]), Some(vec!["Variable"]));
        assert_eq!(fill("Getvar", 1, &["Variable"]), Some(vec!["Channel"]));
        assert_eq!(fill("Getvar", 2, &[]), Some(vec!["Channel", "Variable"]));
        assert_eq!(fill("Setvar", 2, &[]), Some(vec!["Variable", "Value"]));
        assert_eq!(
            fill("Setvar", 2, &["channel"]),
            Some(vec!["Variable", "Value"])
        );
        let three = vec!["Channel", "Variable", "Value"];
        assert_eq!(fill("Setvar", 3, &[]), Some(three));
        assert_eq!(key_of(positions("DBPut"), "val"), Some("Val"));
        assert_eq!(key_of(&[], "actionid"), Some("ActionID"));
        assert_eq!(key_of(&[], "x"), None);
    }
}
