//! Names of files, where one is meant.

use super::{Candidate, Found};

/// One thing in a folder.
pub(in crate::shell) struct Entry {
    pub name: String,
    pub is_folder: bool,
}

/// What is in `folder` and has a name that can be typed; nothing if it cannot
/// be read.
pub(in crate::shell) fn entries(folder: &str) -> Vec<Entry> {
    let folder = if folder.is_empty() { "." } else { folder };
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<Entry> = all
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_typed = !name.chars().any(char::is_control);
            is_typed.then(|| Entry {
                name,
                is_folder: entry.path().is_dir(),
            })
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries
}

/// The files whose path begins with `typed`. Here capitals count.
pub(super) fn of(typed: &str, files: &dyn Fn(&str) -> Vec<Entry>) -> Found {
    let begin = typed.rfind('/').map_or(0, |at| at + 1);
    let (folder, begun) = typed.split_at(begin);
    let fits = files(folder).into_iter().filter(|entry| {
        let hidden = entry.name.starts_with('.') && !begun.starts_with('.');
        entry.name.starts_with(begun) && !hidden
    });
    let candidates = fits.map(|entry| match entry.is_folder {
        true => Candidate::begun(&format!("{folder}{}/", entry.name), ""),
        false => Candidate::new(&format!("{folder}{}", entry.name), ""),
    });
    candidates.collect::<Vec<_>>().into()
}
