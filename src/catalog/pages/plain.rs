//! Pages without sections: those of 1.4, and what a server says that was built
//! without documentation.

use super::super::builtin;
use super::super::page::{Origin, Page, Parameter};
use super::{classes, prose::Wrapped};
use std::borrow::Cow;

/// The page that begins with `Action: NAME`. Where it does not list the
/// parameters, the built-in ones are taken.
pub(super) fn page(lines: &[Cow<'_, str>]) -> Option<Page> {
    let mut lines = lines.iter().map(|line| &**line);
    let name = lines.next()?.strip_prefix("Action: ")?.trim();
    let mut page = Page {
        name: name.to_owned(),
        ..Page::default()
    };
    let mut text: Vec<&str> = Vec::new();
    // The parameters, once `Variables:` has been read.
    let mut listed: Option<Vec<(Parameter, Vec<&str>)>> = None;
    let mut marked = false;
    for line in lines {
        if let Some(synopsis) = line.strip_prefix("Synopsis:") {
            page.synopsis = synopsis.trim().to_owned();
        } else if let Some(privilege) = line.strip_prefix("Privilege:") {
            page.privileges = classes(privilege);
        } else if let Some(description) = line.strip_prefix("Description:") {
            text.push(description.trim());
        } else if line.starts_with("Variables") {
            marked |= line.contains('*');
            let rest = line.rsplit_once(':').map(|(_, rest)| rest);
            let none = rest.is_some_and(|rest| rest.trim().eq_ignore_ascii_case("none"));
            let inline = line.split_once(':').and_then(|(_, rest)| parameter(rest));
            listed = Some(inline.into_iter().filter(|_| !none).collect());
        } else if let Some(listed) = &mut listed
            && line.starts_with([' ', '\t'])
        {
            match (parameter(line), listed.last_mut()) {
                (Some(one), _) => listed.push(one),
                (None, Some((_, about))) => about.push(line.trim()),
                (None, None) => {}
            }
        } else {
            text.push(line);
        }
    }
    page.description = Wrapped::Columns.paragraphs(&text);
    known(&mut page, listed, marked);
    Some(page)
}

/// `*Key: what it is`; what is required has the star.
fn parameter(line: &str) -> Option<(Parameter, Vec<&str>)> {
    let line = line.trim_start();
    let bare = line.strip_prefix('*');
    let (key, about) = bare.unwrap_or(line).split_once(':')?;
    let is_key = !key.is_empty()
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_()".contains(&b));
    let parameter = Parameter {
        key: key.to_owned(),
        required: bare.is_some(),
        ..Parameter::default()
    };
    is_key.then(|| (parameter, vec![about.trim()]))
}

fn known(page: &mut Page, listed: Option<Vec<(Parameter, Vec<&str>)>>, marked: bool) {
    let ours = builtin::page(&page.name);
    let Some(listed) = listed else {
        page.origin = Origin::BuiltIn;
        page.parameters = ours.map(|ours| ours.parameters.clone()).unwrap_or_default();
        return;
    };
    let listed = listed.into_iter().map(|(mut one, about)| {
        let ours = ours.and_then(|ours| ours.parameter(&one.key));
        (one.about, one.choices) = Wrapped::Columns.argument(&[&about.join(" ")]);
        if let Some(ours) = ours {
            // 1.4 marks what is required on some pages only.
            one.required |= !marked && ours.required;
            one.repeatable = ours.repeatable;
        }
        one
    });
    page.parameters = listed.collect();
}
