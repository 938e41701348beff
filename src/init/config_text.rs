//! Where a profile goes in the text of the configuration file.

use super::ProfileName;
use thiserror::Error;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Why a profile cannot be put into a text.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Faulty {
    /// It would be found twice, or not at all.
    #[error(
        "[profile.{0}] is written in a way that amish does not change: change it yourself, or use another name"
    )]
    Unusual(String),
}

/// What the profile `name` says in `text`, however it is written. None: it is not
/// there.
pub fn said_of(text: &str, name: &ProfileName) -> Option<String> {
    let root = DeTable::parse(text).ok()?;
    let (_, value) = find(root.get_ref(), name.as_str())?;
    Some(said(value.get_ref()))
}

/// `text` with `section` for the profile `name`: in place of the one that is
/// there, or behind all else. All other bytes stay as they are.
///
/// # Errors
/// One is there that does not stand in lines of its own.
pub fn put(text: &str, name: &ProfileName, section: &str) -> Result<String, Faulty> {
    let name = name.as_str();
    let unusual = || Faulty::Unusual(name.to_owned());
    let root = DeTable::parse(text).map_err(|_| unusual())?;
    let Some((key, value)) = find(root.get_ref(), name) else {
        let gap = match text {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return whole(text, name, section, format!("{text}{gap}{section}"));
    };
    let start = text.get(..key.span().start).ok_or_else(unusual)?;
    let start = start.rfind('\n').map_or(0, |at| at + 1);
    let own = text.get(start..).ok_or_else(unusual)?;
    let header = own.lines().next().unwrap_or_default();
    let header: String = header.chars().filter(|c| !c.is_whitespace()).collect();
    let headers = [
        format!("[profile.{name}]"),
        format!("[profile.\"{name}\"]"),
        format!("[profile.'{name}']"),
    ];
    if !headers.iter().any(|one| header.starts_with(one.as_str())) {
        return Err(unusual());
    }
    let last = match value.get_ref() {
        DeValue::Table(table) => table.values().map(end).max(),
        _ => None,
    };
    // To the end of the line of its last value, or of its header.
    let from = last.unwrap_or(start);
    let rest = text.get(from..).ok_or_else(unusual)?;
    let behind = rest.find('\n').map_or(text.len(), |at| from + at + 1);
    let (before, after) = (text.get(..start), text.get(behind..));
    match (before, after) {
        (Some(before), Some(after)) => {
            whole(text, name, section, format!("{before}{section}{after}"))
        }
        _ => Err(unusual()),
    }
}

fn end(value: &Spanned<DeValue<'_>>) -> usize {
    value.span().end
}

type Entry<'t, 'a> = (&'t Spanned<DeString<'a>>, &'t Spanned<DeValue<'a>>);

fn find<'t, 'a>(root: &'t DeTable<'a>, name: &str) -> Option<Entry<'t, 'a>> {
    let profiles = root.get("profile")?.get_ref().as_table()?;
    profiles.iter().find(|(key, _)| key.get_ref() == name)
}

/// `after`, if it says what `section` says of `name`, and of all else what
/// `before` says: lines were taken out of somebody's own file by their place.
fn whole(before: &str, name: &str, section: &str, after: String) -> Result<String, Faulty> {
    let own = |root: &DeTable<'_>| find(root, name).map(|(_, value)| said(value.get_ref()));
    let read = |text: &str| {
        let root = DeTable::parse(text).ok()?;
        Some((own(root.get_ref()), others(root.get_ref(), name)))
    };
    let (old, new, section) = (read(before), read(&after), read(section));
    match (old, new, section) {
        (Some(old), Some(new), Some(section))
            if new.0.is_some() && new.0 == section.0 && new.1 == old.1 =>
        {
            Ok(after)
        }
        _ => Err(Faulty::Unusual(name.to_owned())),
    }
}

/// All that is said besides of the profile `name`.
fn others(root: &DeTable<'_>, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (key, value) in root {
        match value.get_ref() {
            DeValue::Table(profiles) if key.get_ref() == "profile" => {
                let others = profiles.iter().filter(|(key, _)| key.get_ref() != name);
                all.extend(others.map(|(key, value)| {
                    format!("profile.{:?}={}", key.get_ref(), said(value.get_ref()))
                }));
            }
            value => all.push(format!("{:?}={}", key.get_ref(), said(value))),
        }
    }
    all
}

/// A value without its place in the text.
fn said(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(number) => format!("{} {}", number.radix(), number.as_str()),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(is) => is.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(all) => {
            let all: Vec<String> = all.iter().map(|one| said(one.get_ref())).collect();
            format!("[{}]", all.join(","))
        }
        DeValue::Table(table) => {
            let all = table.iter();
            let all =
                all.map(|(key, value)| format!("{:?}={}", key.get_ref(), said(value.get_ref())));
            format!("{{{}}}", all.collect::<Vec<String>>().join(","))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "[profile.office]\ntarget = 'new'\n";

    fn office() -> ProfileName {
        ProfileName::new("office").unwrap()
    }

    // It is somebody's own file, with comments and an order of theirs.
    #[test]
    fn the_rest_of_the_file_stays_byte_by_byte() {
        let before = "# mine\n[profile.a]\ntarget='x' # y\n";
        let after = "\n# of b\n[profile.b]\r\ntarget = \"z\"\n\n[alias]\nq = \"quit\"";
        let own = "[profile.office] # old\ntarget = 'old'\ninit = [\n  'x',\n]\n";
        let put = |text: &str| put(text, &office(), NEW).unwrap();
        assert_eq!(
            put(&format!("{before}{own}{after}")),
            format!("{before}{NEW}{after}")
        );
        assert_eq!(put(own), NEW);
        assert_eq!(put("[profile.office]"), NEW);
        let both = format!("{before}{after}");
        assert_eq!(put(&both), format!("{both}\n\n{NEW}"));
        assert_eq!(put(before), format!("{before}\n{NEW}"));
        assert_eq!(put(""), NEW);
    }

    #[test]
    fn what_does_not_stand_by_itself_is_not_touched() {
        for text in [
            "profile.office.target = 'x'\n",
            "[profile]\noffice = { target = 'x' }\n",
            "[profile]\noffice.target = 'x'\n",
            // Written over twice places, of which one would stay.
            "[profile.office]\ntarget = 'x'\n[b]\n[profile.office.more]\nx = 1\n",
        ] {
            assert!(put(text, &office(), NEW).is_err(), "{text}");
        }
    }
}
