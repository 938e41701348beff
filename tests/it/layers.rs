//! Structural rules, checked on the source: which modules may use each other,
//! where the outside world is accessed, how long a file may be.

mod circles;
mod doors;
mod peer_text;
mod source;

use source::{Source, code_only, has_word, sources};
use std::collections::BTreeSet;

/// The modules that each module may name. An unlisted one may name none, so new
/// ones must be added here. `lib.rs`, and `connect.rs`, `given.rs`,
/// `many.rs`, `modes.rs` and `serve.rs`, which belong to it, may use everything. `error` knows the errors
/// of the layers, and the modules above pass it on.
const MAY_KNOW: [(&str, &str); 22] = [
    ("peer_text", ""),
    ("exit_code", ""),
    ("files", ""),
    ("cli", "exit_code"),
    ("main", ""),
    ("panics", "exit_code"),
    ("simulator", ""),
    ("ami", "peer_text"),
    ("session", "ami files peer_text"),
    ("catalog", "ami files peer_text"),
    ("output", "ami catalog peer_text"),
    ("language", "ami catalog output peer_text"),
    ("calls", "ami output peer_text"),
    ("diagnosis", "ami catalog language output peer_text session"),
    (
        "engine",
        "ami calls catalog diagnosis exit_code files language output peer_text session",
    ),
    ("settings", "ami cli files language peer_text"),
    (
        "error",
        "ami diagnosis engine exit_code files session settings",
    ),
    (
        "streams",
        "ami cli error exit_code output peer_text settings",
    ),
    ("generate", "cli error exit_code settings streams"),
    (
        "run",
        "ami calls catalog diagnosis engine error exit_code files language output peer_text session settings",
    ),
    (
        "fleet",
        "ami engine error exit_code language output peer_text run session settings",
    ),
    (
        "shell",
        "ami calls catalog diagnosis engine error exit_code files fleet language output peer_text session settings",
    ),
];

const KNOW_ALL: [&str; 6] = ["lib", "connect", "given", "many", "modes", "serve"];

/// Words that may occur only in these places, given as path prefixes in src/.
const ONLY_IN: [(&str, &[&str]); 14] = [
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
    // Whether a secret may be sent in clear, and the secret itself.
    (
        "Cleartext",
        &["ami/login.rs", "ami/mod.rs", "session/clear.rs"],
    ),
    ("in_clear", &["ami/login.rs", "ami/secret.rs"]),
];

const NO_ROOMS: [&str; 6] = ["util", "utils", "helpers", "common", "misc", "tools"];

/// Names in the crate's root that `source` mentions: a and b of `crate::{a,
/// b::c}`, and a of `super::super::a` if that reaches the root.
fn mentioned(source: &Source) -> Vec<String> {
    let mut found = behind_crate(source);
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

/// a and b of `crate::{a, b::c}`.
fn behind_crate(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        heads(&source.code[at + "crate::".len()..], &mut found);
    }
    found
}

/// The first names of a path or a group of paths.
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

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

// The protocol stays free of I/O, and the simulator an independent opinion,
// only if nothing reaches across.
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

// A reader plans by the table of the document, and the test above by this one.
#[test]
fn the_document_tells_who_may_know_whom() {
    let text = std::fs::read_to_string("ARCHITECTURE.md").unwrap();
    let (_, text) = text.split_once("## Who may know whom").unwrap();
    let names = |cell: &str| -> Vec<String> {
        let quoted = cell.split('`').skip(1).step_by(2);
        quoted.map(str::to_owned).collect()
    };
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut told = Vec::new();
    for row in rows.take_while(|row| !row.contains("everybody")) {
        let (rooms, known) = row.split_once(" | ").unwrap();
        let known = names(known).join(" ");
        let rooms = names(&format!("`{rooms}"));
        told.extend(rooms.into_iter().map(|room| (room, known.clone())));
    }
    told.sort();
    let mut held = MAY_KNOW.map(|(room, known)| (room.to_owned(), known.to_owned()));
    held.sort();
    assert_eq!(told, held);
}

// The root calls the modules: one that calls back makes a cycle.
#[test]
fn no_room_knows_the_root() {
    let sources = sources("src");
    let rooms: Vec<&str> = sources.iter().map(Source::room).collect();
    let below = sources.iter().filter(|one| !one.module().is_empty());
    let fault = |source: &Source| {
        let own = behind_crate(source).into_iter();
        let mut own = own.filter(|name| !rooms.contains(&&name[..]));
        let name = own.next()?;
        Some(format!("src/{}: {name} is the root's own", source.path))
    };
    none(below.filter_map(fault).collect());
}

// A dependency can be changed in one file, and there are no sockets in
// unexpected places.
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

// Printing past the writers that are passed in would disturb the line being
// typed.
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

// What does not fit on a screen is read in pieces, and its pieces have no names.
#[test]
fn functions_are_short() {
    let tables = [("catalog/values/sources.rs", "sources")];
    let mut faults = Vec::new();
    let is_of_tests = |source: &Source| source.module().contains(&"tests");
    for source in sources("src").iter().filter(|source| !is_of_tests(source)) {
        for (name, lines) in source.functions() {
            if lines > 60 && !tables.contains(&(&source.path, name)) {
                faults.push(format!(
                    "{}: {name} has {lines} lines, not over 60",
                    source.path
                ));
            }
        }
    }
    none(faults);
}

// To read one file of a cycle one has to read all of them, and none can be
// tested or moved alone.
#[test]
fn no_files_know_each_other_in_a_circle() {
    let found = circles::circles(&sources("src")).into_iter();
    none(
        found
            .map(|circle| format!("a circle: {circle:?}"))
            .collect(),
    );
}

// The rules above depend on this reader of Rust.
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

// A cycle that the reader overlooks stays.
#[test]
fn circles_are_seen_through_whatever_hides_them() {
    let circles_of = |files: &[(&str, &str)]| {
        let source = |(path, text): &(&str, &str)| Source {
            path: (*path).into(),
            text: (*text).into(),
            code: code_only(text),
        };
        let sources: Vec<Source> = files.iter().map(source).collect();
        let found = circles::circles(&sources);
        let join = |circle: &BTreeSet<String>| circle.iter().cloned().collect::<Vec<_>>().join(" ");
        found.iter().map(join).collect::<Vec<_>>()
    };
    let both = ["r/a.rs r/b.rs"];
    let uses_b = ("r/a.rs", "use super::b::B; struct A;");
    for (text, found) in [
        ("struct B(super::a::A);", &both[..]),
        ("use super::{c, a::{A as Other, D}}; struct B;", &both),
        // Through the parent's re-export.
        ("use crate::r::A; struct B;", &both),
        ("use super::*; use crate::r; struct B(r::A);", &both),
        // A mere re-export is not a use; a re-export that is used as well is.
        ("pub use super::a::A; struct B;", &[]),
        ("pub use super::a::A; struct B(A);", &both),
        (
            "struct B; #[cfg(test)] mod tests { use super::super::a::A; }",
            &[],
        ),
        ("struct B; // super::a::A", &[]),
    ] {
        let parent = (
            "r/mod.rs",
            "mod a; mod b; pub use a::A; pub struct P(b::B);",
        );
        assert_eq!(
            circles_of(&[parent, uses_b, ("r/b.rs", text)]),
            found,
            "{text}"
        );
    }
    // A part of a module may use what the module defines.
    let parts = [
        ("r.rs", "mod a; struct P(a::A);"),
        ("r/a.rs", "use super::P; struct A;"),
    ];
    assert!(circles_of(&parts).is_empty());
    let three = [
        ("a.rs", "crate::b::x()"),
        ("b.rs", "crate::c::x()"),
        ("c.rs", "crate::a::x()"),
    ];
    assert_eq!(circles_of(&three), ["a.rs b.rs c.rs"]);
}
