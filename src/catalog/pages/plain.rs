//! Pages without sections: those of 1.4, and of servers built without
//! documentation.

use super::super::actions;
use super::super::listing::classes;
use super::super::name::Name;
use super::super::page::{Origin, Page, Parameter};
use super::prose::{Wrapped, peer};
use std::borrow::Cow;

/// The parameters that a page lists, each with the lines about it.
#[derive(Default)]
struct Listed<'a> {
    parameters: Vec<(Parameter, Vec<&'a str>)>,
    /// The page says which keys are required.
    is_marked: bool,
    /// A star marks what may be left out (CoreSettings of 1.6), not what may
    /// not.
    is_optional_marked: bool,
    /// `(all are required)`, as PlayDTMF says.
    are_all_required: bool,
    /// Something else has followed: `Returns …`, with the keys of the answer.
    is_over: bool,
}

/// The page that begins with `Action: NAME`. If it does not list its
/// parameters, the built-in ones are used.
pub(super) fn page(lines: &[Cow<'_, str>]) -> Option<Page> {
    let mut lines = lines.iter().map(|line| &**line);
    let name = lines.next()?.strip_prefix("Action: ")?.trim();
    let mut page = Page::of(Name::of_action(name.as_bytes())?);
    let mut text: Vec<&str> = Vec::new();
    // Once `Variables:` has been seen, or a key that needs no such heading.
    let mut listed: Option<Listed<'_>> = None;
    for line in lines {
        if let Some(synopsis) = line.strip_prefix("Synopsis:") {
            page.synopsis = peer(synopsis.trim());
        } else if let Some(privilege) = line.strip_prefix("Privilege:") {
            page.privileges = classes(privilege.as_bytes());
        } else if let Some(description) = line.strip_prefix("Description:") {
            text.push(description.trim());
        } else if line.trim_start().starts_with("Variables") && listed.is_none() {
            listed = Some(Listed::headed(line));
        } else if let Some(one) = described(line) {
            let listed = listed.get_or_insert_default();
            listed.is_marked = true;
            listed.parameters.push(one);
        } else if !listed.as_mut().is_some_and(|listed| listed.take(line)) {
            text.push(line);
        }
    }
    let paragraphs = Wrapped::Columns.paragraphs(&text);
    page.description = paragraphs.into_iter().map(peer).collect();
    known(&mut page, listed);
    Some(page)
}

impl<'a> Listed<'a> {
    /// The list below `heading`, which begins with `Variables`, and may have
    /// the first key or `NONE` behind the colon.
    fn headed(heading: &'a str) -> Listed<'a> {
        let lower = heading.to_ascii_lowercase();
        let has_star = heading.contains('*');
        Listed {
            parameters: heading
                .split_once(':')
                .and_then(|(_, rest)| parameter(rest))
                .into_iter()
                .collect(),
            is_marked: has_star,
            is_optional_marked: has_star && lower.contains("optional"),
            are_all_required: lower.contains("all are required"),
            is_over: false,
        }
    }

    /// Takes a line of the list: a key, or more about the one above. False: it
    /// is neither, and ends the list.
    fn take(&mut self, line: &'a str) -> bool {
        let is_indented = line.starts_with([' ', '\t']);
        let found = parameter(line).filter(|(one, _)| is_indented || !is_remark(&one.key));
        match found {
            _ if self.is_over || line.is_empty() => return false,
            Some((mut one, about)) => {
                self.is_marked |= one.required;
                one.required ^= self.is_optional_marked;
                one.required |= self.are_all_required;
                self.parameters.push((one, about));
            }
            None if is_indented => {
                let last = self.parameters.last_mut();
                last.into_iter()
                    .for_each(|(_, about)| about.push(line.trim()));
            }
            None => self.is_over = true,
        }
        !self.is_over
    }
}

/// Whether a line at the margin that begins so is a sentence.
fn is_remark(word: &str) -> bool {
    ["note", "returns", "example", "examples", "warning"].contains(&&word.to_ascii_lowercase()[..])
}

/// Parses `*Key: description`; what the star means, its list says.
fn parameter(line: &str) -> Option<(Parameter, Vec<&str>)> {
    let line = line.trim_start();
    let bare = line.strip_prefix('*');
    let (key, about) = bare.unwrap_or(line).split_once(':')?;
    let parameter = Parameter {
        required: bare.is_some(),
        ..Parameter::of(Name::of_key(key.as_bytes())?)
    };
    Some((parameter, vec![about.trim()]))
}

/// Parses `Key  - Required.  description`, as the Actions of res_monitor have
/// it in their description, without `Variables:`.
fn described(line: &str) -> Option<(Parameter, Vec<&str>)> {
    let (key, about) = line.split_once(" - ")?;
    let (word, about) = about.trim_start().split_once('.')?;
    let required = match word {
        "Required" => true,
        "Optional" => false,
        _ => return None,
    };
    let parameter = Parameter {
        required,
        ..Parameter::of(Name::of_key(key.trim().as_bytes())?)
    };
    Some((parameter, vec![about.trim()]))
}

fn known(page: &mut Page, listed: Option<Listed<'_>>) {
    let ours = actions::page(&page.name);
    let Some(listed) = listed else {
        page.origin = Origin::BuiltIn;
        page.parameters = ours.map(|ours| ours.parameters.clone()).unwrap_or_default();
        return;
    };
    let says = listed.is_marked || listed.are_all_required;
    let parameters = listed.parameters.into_iter().map(|(mut one, about)| {
        let ours = ours.and_then(|page| Some((page, page.parameter(&one.key)?)));
        let (about, choices) = Wrapped::Columns.argument(&[&about.join(" ")]);
        one.about = about.into_iter().map(peer).collect();
        one.choices = choices;
        if let Some((page, ours)) = ours {
            // Required keys are marked on some pages only.
            one.required |= !says && page.needs(ours);
            one.repeatable = ours.repeatable;
        }
        // MeetmeList of 1.6 marks it.
        one.required &= !one.key.eq_ignore_ascii_case("ActionID");
        one
    });
    page.parameters = parameters.collect();
}

#[cfg(test)]
mod tests;
