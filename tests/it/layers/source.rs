//! Source files without comments and literals, which may contain anything.

use std::path::{Path, PathBuf};

pub struct Source {
    /// Under src/ or tests/, with slashes.
    pub path: String,
    pub text: String,
    /// The text, with comments and literals blanked out.
    pub code: String,
}

impl Source {
    /// `ami` for `ami/router/tests.rs`, `error` for `error.rs`.
    pub fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Its module, as names from the crate's root.
    pub fn module(&self) -> Vec<&str> {
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

    /// The functions before the tests at its end, and how many lines each has, as
    /// `cargo fmt` lays them out.
    pub fn functions(&self) -> Vec<(&str, usize)> {
        let own = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines: Vec<&str> = own.lines().collect();
        let found = lines.iter().enumerate().filter_map(|(at, line)| {
            let (head, rest) = line.split_once("fn ")?;
            let mut before = head.split_whitespace();
            let is_head =
                |word: &str| word.starts_with("pub") || word == "const" || word.ends_with(')');
            before.all(is_head).then_some(())?;
            let name = rest.split(['(', '<']).next()?;
            let indent = &line[..line.len() - line.trim_start().len()];
            let is_end = |line: &&str| line.strip_prefix(indent) == Some("}");
            let end = lines[at..].iter().position(is_end)?;
            Some((name, end + 1))
        });
        found.collect()
    }
}

pub fn sources(folder: &str) -> Vec<Source> {
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

/// Blanks out comments and literals.
pub fn code_only(text: &str) -> String {
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

/// The length of the comment or literal at the beginning of `text`.
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

/// Whether `word` occurs in `code` as a whole word.
pub fn has_word(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let ends = word.ends_with('!') || !after.is_some_and(part);
        ends && !before.is_some_and(part)
    })
}
