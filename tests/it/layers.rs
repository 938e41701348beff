//! The rules of the house, read from the source: who may know whom, where the
//! outside world is touched, how long a file may be.

use std::path::{Path, PathBuf};

/// Which rooms a room may name. A room that is not listed may name none, so a
/// new one has to be entered here. `lib.rs`, and `open.rs` and `printed.rs` which belong to it,
/// know everything. `error` knows the errors of the layers, and the two rooms
/// on top of them hand it on.
const MAY_KNOW: [(&str, &str); 15] = [
    ("ami", ""),
    ("cli", ""),
    ("manual", "cli"),
    ("main", ""),
    ("panics", "perform"),
    ("simulator", ""),
    ("session", "ami"),
    ("catalog", "ami"),
    ("language", "ami catalog"),
    ("output", "ami catalog"),
    ("perform", "ami catalog language output session"),
    ("settings", "ami cli language"),
    (
        "error",
        "ami catalog cli language output perform session settings simulator",
    ),
    (
        "run",
        "ami catalog error language output perform session settings",
    ),
    (
        "shell",
        "ami catalog error language output perform session settings",
    ),
];

const KNOW_ALL: [&str; 4] = ["lib", "looks", "open", "printed"];

/// A word that may stand in these places only, as beginnings of paths in src/.
const ONLY_IN: [(&str, &[&str]); 12] = [
    ("colored", &["output/style.rs"]),
    ("rustyline", &["shell/"]),
    ("rustls", &["session/tls.rs", "session/tls/"]),
    ("rustls_platform_verifier", &["session/tls/"]),
    ("webpki", &["session/tls/"]),
    ("TcpStream", &["session/", "simulator/"]),
    ("TcpListener", &["session/", "simulator/"]),
    ("UdpSocket", &["session/", "simulator/"]),
    ("UnixStream", &["session/", "simulator/"]),
    ("socket2", &["session/", "simulator/"]),
    ("memmap2", &["session/backlog/packed.rs"]),
    ("ToSocketAddrs", &["session/", "simulator/"]),
];

const NO_ROOMS: [&str; 6] = ["util", "utils", "helpers", "common", "misc", "tools"];

struct Source {
    /// Under src/ or tests/, with slashes.
    path: String,
    text: String,
    /// The text with comments and literals blanked out.
    code: String,
}

impl Source {
    /// `ami` of `ami/router/tests.rs`, `error` of `error.rs`.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The module it is, as names from the crate's root.
    fn module(&self) -> Vec<&str> {
        let path = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let mut names: Vec<&str> = path.split('/').collect();
        if names
            .last()
            .is_some_and(|name| ["mod", "lib", "main"].contains(name))
        {
            names.pop();
        }
        names
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    let source = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a source file");
        let path = path.strip_prefix(&root).expect("under its root");
        Source {
            path: path.display().to_string().replace('\\', "/"),
            code: code_only(&text),
            text,
        }
    };
    found.into_iter().map(source).collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Blanks out comments and what stands in quotes: prose may name anything.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = skipped(
            rest,
            code.ends_with(|c: char| c.is_alphanumeric() || c == '_'),
        );
        let taken = skipped.unwrap_or(first.len_utf8());
        if skipped.is_none() {
            code.push(first);
        } else {
            code.push(' ');
        }
        rest = &rest[taken..];
    }
    code
}

/// How long the comment or literal is that `text` begins with.
fn skipped(text: &str, after_name: bool) -> Option<usize> {
    let until = |end: &str, from: usize| {
        text.get(from..)
            .and_then(|t| t.find(end))
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return Some(until("\n", 2));
    }
    if text.starts_with("/*") {
        return Some(until("*/", 2));
    }
    if text.starts_with('r') && !after_name {
        let hashes = text[1..].chars().take_while(|c| *c == '#').count();
        if text[1 + hashes..].starts_with('"') {
            return Some(until(&format!("\"{}", "#".repeat(hashes)), 2 + hashes));
        }
    }
    let (quote, inner) = match text.as_bytes() {
        [b'"', ..] => ('"', 1),
        // 'a' and '\n', but not the lifetime 'a.
        [b'\'', b'\\', ..] => ('\'', 1),
        [b'\'', ..] if text.chars().nth(2) == Some('\'') => ('\'', 1),
        _ => return None,
    };
    let mut escaped = false;
    for (at, c) in text[inner..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(inner + at + c.len_utf8()),
            _ => {}
        }
    }
    Some(text.len())
}

/// Names in the crate's root that `source` mentions: of `crate::{a, b::c}` a
/// and b, and of `super::super::a` a, where that reaches the root.
fn mentioned(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        heads(&source.code[at + "crate::".len()..], &mut found);
    }
    let depth = source.module().len();
    let mut rest = &source.code[..];
    while let Some(at) = rest.find("super::") {
        rest = &rest[at..];
        let mut levels = 0;
        while let Some(after) = rest.strip_prefix("super::") {
            levels += 1;
            rest = after;
        }
        if levels >= depth {
            heads(rest, &mut found);
        }
    }
    found
}

/// The first names of a path or of a group of paths.
fn heads(path: &str, found: &mut Vec<String>) {
    let name = |text: &str| -> String {
        let name = text.trim_start().chars();
        name.take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return found.push(name(path));
    };
    let mut depth = 0;
    let mut from = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.push(name(&group[from..at]));
                from = at + 1;
                if c == '}' {
                    return;
                }
            }
            _ => {}
        }
    }
}

fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let ends = word.ends_with('!') || !after.is_some_and(part);
        ends && !before.is_some_and(part)
    })
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

// Sans-io stays sans-io, and the simulator a second opinion, only while nobody
// reaches across.
#[test]
fn rooms_know_only_whom_they_may() {
    let sources = sources("src");
    let rooms: Vec<&str> = sources.iter().map(Source::room).collect();
    let mut faults = Vec::new();
    for source in sources.iter().filter(|s| !KNOW_ALL.contains(&s.room())) {
        let room = source.room();
        let allowed = MAY_KNOW.iter().find(|(name, _)| *name == room);
        let Some((_, allowed)) = allowed else {
            faults.push(format!(
                "src/{}: the room {room} has no rules yet",
                source.path
            ));
            continue;
        };
        for name in mentioned(source) {
            let is_room = rooms.contains(&&name[..]);
            if is_room && name != room && !has_word(allowed, &name) {
                faults.push(format!("src/{}: {room} must not know {name}", source.path));
            }
        }
    }
    none(faults);
}

// One file to change when a dependency is, and no socket where none is expected.
#[test]
fn the_outside_world_is_touched_in_few_places() {
    let mut faults = Vec::new();
    for source in sources("src") {
        for (word, places) in ONLY_IN {
            let here = places.iter().any(|place| source.path.starts_with(place));
            if !here && has_word(&source.code, word) {
                faults.push(format!("src/{}: {word} only in {places:?}", source.path));
            }
        }
    }
    none(faults);
}

// Printing past the writers that are handed in would tear the line being typed.
#[test]
fn nothing_prints_by_itself() {
    let mut faults = Vec::new();
    for source in sources("src") {
        let printing = ["print!", "println!", "eprint!", "eprintln!", "dbg!"];
        for word in printing.iter().filter(|word| has_word(&source.code, word)) {
            faults.push(format!("src/{}: {word}", source.path));
        }
    }
    none(faults);
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut faults = Vec::new();
    for folder in ["src", "tests"] {
        for source in sources(folder) {
            let lines = source.text.lines().count();
            if lines > 400 {
                faults.push(format!(
                    "{folder}/{}: {lines} lines, not over 400",
                    source.path
                ));
            }
            for name in source
                .module()
                .iter()
                .filter(|name| NO_ROOMS.contains(name))
            {
                faults.push(format!("{folder}/{}: {name} says nothing", source.path));
            }
        }
    }
    none(faults);
}

// The rules above are only as good as this reader of Rust.
#[test]
fn the_reader_of_sources_sees_what_is_there() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
        code: code_only(text),
    };
    for (path, text, found) in [
        ("a/b.rs", "use crate::c::D;", &["c"][..]),
        (
            "a/b.rs",
            "use crate::{c::{D, E}, f, g::*};",
            &["c", "f", "g"],
        ),
        ("a/b.rs", "use super::c; use super::super::d::E;", &["d"]),
        ("a/mod.rs", "use super::{b, c::D};", &["b", "c"]),
        ("a/b.rs", "// crate::c\n/// crate::c\n/* crate::c */", &[]),
        (
            "a/b.rs",
            r##"let x = "crate::c \" crate::c"; r#"crate::c"#;"##,
            &[],
        ),
        (
            "a/b.rs",
            "fn f<'a>(c: char) -> &'a str { '\"'; '\\''; crate::c::x() }",
            &["c"],
        ),
    ] {
        assert_eq!(mentioned(&source(path, text)), found, "{text}");
    }
    assert!(has_word("a(colored::x)", "colored"));
    assert!(has_word("x;print!(a)", "print!") && !has_word("eprint!(a)", "print!"));
    assert!(!has_word("uncolored colored_x", "colored"));
}
