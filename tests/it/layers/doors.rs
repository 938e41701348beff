//! Calls of the standard library that are unsafe anywhere, and the one module
//! that may make each.

use super::{Source, has_word, none, sources};

/// Each of these blocks on a FIFO, follows links, and reads a device forever.
const OPENING: [&str; 8] = [
    "File::open",
    "File::create",
    "File::options",
    "OpenOptions",
    "fs::read",
    "fs::read_to_string",
    "fs::write",
    "fs::copy",
];

/// The module that opens files.
const MAY_OPEN: [&str; 1] = ["files.rs"];

/// The code of `source` without its tests.
fn shipped(source: &Source) -> &str {
    if source.module().contains(&"tests") {
        return "";
    }
    let tests = source.code.find("#[cfg(test)]\nmod tests {");
    let end = tests.unwrap_or(source.code.len());
    source.code.get(..end).unwrap_or_default()
}

fn only_in(places: &[&str], words: &[&str]) {
    let mut faults = Vec::new();
    for source in sources("src") {
        if places.iter().any(|place| source.path.starts_with(place)) {
            continue;
        }
        for word in words.iter().filter(|word| has_word(shipped(&source), word)) {
            faults.push(format!("src/{}: {word} only in {places:?}", source.path));
        }
    }
    none(faults);
}

// A program started elsewhere would get the secret from the environment.
#[test]
fn programs_are_started_in_one_way() {
    only_in(&["settings/programs.rs"], &["Command::new"]);
}

// Rules about files hold only if all files are opened in one place.
#[test]
fn files_are_opened_in_one_room() {
    only_in(&MAY_OPEN, &OPENING);
}
