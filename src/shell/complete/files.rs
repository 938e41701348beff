//! File names.

use super::offer::Offer;

/// An entry of a folder.
pub(in crate::shell) struct Entry {
    pub name: String,
    pub is_folder: bool,
}

/// The entries of `folder`; none if it cannot be read.
pub(in crate::shell) fn entries(folder: &str) -> Vec<Entry> {
    let folder = if folder.is_empty() { "." } else { folder };
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<Entry> = all
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some(Entry {
                name,
                is_folder: entry.path().is_dir(),
            })
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// The files whose path begins with `typed`, case-sensitively.
pub(super) fn of(typed: &str, files: &dyn Fn(&str) -> Vec<Entry>) -> Vec<Offer> {
    let begin = typed.rfind('/').map_or(0, |at| at + 1);
    let (folder, begun) = typed.split_at(begin);
    let fits = files(folder).into_iter().filter(|entry| {
        let hidden = entry.name.starts_with('.') && !begun.starts_with('.');
        entry.name.starts_with(begun) && !hidden
    });
    fits.map(|entry| match entry.is_folder {
        true => Offer::value(format!("{folder}{}/", entry.name), "").begun(),
        false => Offer::value(format!("{folder}{}", entry.name), ""),
    })
    .collect()
}
