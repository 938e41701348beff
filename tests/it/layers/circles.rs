//! Cycles between files: to read one of them one has to read all.
//!
//! A file uses another if it names something defined there, also through a
//! re-export. Three things do not count:
//!
//! - declaring a module, and re-exporting its contents (`pub use`) without
//!   using them;
//! - what tests need (`#[cfg(test)]`, files and directories called `tests`);
//! - what a module's own parents define: a file in a directory is part of the
//!   module that the directory is, as in Rust's privacy.
//!
//! Only names are read, not types: a method called on a value is not seen.

use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// A module's path from the root of the crate.
type Module = Vec<String>;

/// The files of each circle, by their paths under src/.
pub fn circles(sources: &[Source]) -> Vec<BTreeSet<String>> {
    let house = House::of(sources);
    let known: BTreeMap<&Module, BTreeSet<Module>> = house
        .files
        .iter()
        .map(|(module, file)| (module, house.known_by(module, file)))
        .collect();
    let reach = |from: &Module| {
        let mut met = BTreeSet::new();
        let mut next = vec![from.clone()];
        while let Some(module) = next.pop() {
            for other in known.get(&module).into_iter().flatten() {
                if met.insert(other.clone()) {
                    next.push(other.clone());
                }
            }
        }
        met
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = (house.files.keys())
        .map(|module| (module, reach(module)))
        .collect();
    let circle = |(module, all): (&&Module, &BTreeSet<Module>)| {
        let back = |other: &&Module| reached[*other].contains(*module);
        let circle = all.iter().filter(back);
        circle
            .map(|other| house.files[other].path.clone())
            .collect()
    };
    let found: BTreeSet<BTreeSet<String>> = reached.iter().map(circle).collect();
    found
        .into_iter()
        .filter(|circle| !circle.is_empty())
        .collect()
}

/// The names in a file that matter here.
struct File {
    path: String,
    imports: Vec<Import>,
    /// What it defines, apart from modules.
    defined: BTreeSet<String>,
    /// Paths in its code, outside imports.
    paths: Vec<Vec<String>>,
    /// Every name in its code, outside imports.
    names: BTreeSet<String>,
}

struct Import {
    path: Vec<String>,
    /// Its name here; `*` for all of a module.
    name: String,
    /// Whether it is re-exported.
    handed_on: bool,
}

struct House {
    files: BTreeMap<Module, File>,
}

impl House {
    fn of(sources: &[Source]) -> House {
        let is_test = |module: &[&str]| module.contains(&"tests");
        // The root may use everything.
        let ours = sources
            .iter()
            .filter(|one| !one.module().is_empty() && !is_test(&one.module()));
        let file = |one: &Source| {
            let module = one.module().into_iter().map(str::to_owned);
            (module.collect(), File::read(one))
        };
        House {
            files: ours.map(file).collect(),
        }
    }

    /// The modules that `file` uses, other than itself and its parents.
    fn known_by(&self, module: &Module, file: &File) -> BTreeSet<Module> {
        let used = |import: &&Import| !import.handed_on || file.names.contains(&import.name);
        let imported = file.imports.iter().filter(used).map(|one| &one.path);
        imported
            .chain(&file.paths)
            .filter_map(|path| self.definer(module, path, 0))
            .filter(|other| !module.starts_with(other))
            .collect()
    }

    /// The module that defines the item at `path`, read in the file of
    /// `module`. None if it is not one of ours.
    fn definer(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let mut at = module.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => at.clear(),
            "self" | "super" => {}
            name if self.is_here(module, name) => {}
            _ => return None,
        }
        while let Some((name, behind)) = rest.split_first() {
            rest = behind;
            let mut inner = at.clone();
            inner.push(name.clone());
            match name.as_str() {
                "crate" | "self" | "*" => {}
                "super" => drop(at.pop()),
                _ if self.files.contains_key(&inner) => at = inner,
                _ => return self.through(at, name, behind, depth),
            }
        }
        self.files.contains_key(&at).then_some(at)
    }

    /// `name` is not a module of `at`: it is defined or re-exported there.
    fn through(&self, at: Module, name: &str, behind: &[String], depth: usize) -> Option<Module> {
        let file = self.files.get(&at)?;
        // Two files that re-export everything of each other would recurse
        // forever.
        if depth > 8 || file.defined.contains(name) {
            return Some(at);
        }
        if let Some(import) = file.imports.iter().find(|import| import.name == name) {
            let path: Vec<String> = import.path.iter().chain(behind).cloned().collect();
            return self.definer(&at, &path, depth + 1);
        }
        let all = file.imports.iter().filter(|import| import.name == "*");
        let mut all = all.filter_map(|import| self.definer(&at, &import.path, depth + 1));
        let found = all.find(|module| self.files[module].defined.contains(name));
        Some(found.unwrap_or(at))
    }

    /// Whether `name` is a module or an import of `module`.
    fn is_here(&self, module: &Module, name: &str) -> bool {
        let mut inner = module.clone();
        inner.push(name.to_owned());
        let imports = &self.files[module].imports;
        self.files.contains_key(&inner) || imports.iter().any(|import| import.name == name)
    }
}

impl File {
    fn read(source: &Source) -> File {
        let tokens = without_tests(&tokens(&source.code));
        let mut file = File {
            path: source.path.clone(),
            imports: Vec::new(),
            defined: BTreeSet::new(),
            paths: Vec::new(),
            names: BTreeSet::new(),
        };
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let behind = tokens.get(at + 1).copied().unwrap_or_default();
            if *token == "use" {
                let end = at
                    + tokens[at..]
                        .iter()
                        .take_while(|token| **token != ";")
                        .count();
                let handed_on = before.is_some_and(|token| ["pub", ")"].contains(token));
                let trees = trees(&tokens[at + 1..end], &[]);
                file.imports
                    .extend(trees.into_iter().map(|(path, name)| Import {
                        path,
                        name,
                        handed_on,
                    }));
                at = end;
                continue;
            }
            let items = ["fn", "struct", "enum", "trait", "type", "const", "static"];
            if items.contains(token) && is_name(behind) {
                file.defined.insert(behind.to_owned());
            }
            if is_name(token) {
                file.names.insert((*token).to_owned());
            }
            if is_name(token) && behind == "::" && before != Some(&"::") {
                file.paths.push(path(&tokens[at..]));
            }
            at += 1;
        }
        file
    }
}

/// Names, `::`, and every other non-blank character.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            c if part(c) => rest.find(|c| !part(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Removes each item with `#[cfg(test)]`.
fn without_tests<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let Some((token, behind)) = rest.split_first() {
        if !rest.starts_with(&mark) {
            kept.push(*token);
            rest = behind;
            continue;
        }
        let mut depth = 0;
        let ends = |token: &&str| {
            match *token {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            depth == 0 && ["}", ";"].contains(token)
        };
        let end = rest.iter().position(ends).unwrap_or(rest.len() - 1);
        rest = &rest[end + 1..];
    }
    kept
}

/// The paths of an import, with their local names.
fn trees(tokens: &[&str], above: &[String]) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    let mut depth = 0;
    let parts = tokens.split(|token| {
        match *token {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == ","
    });
    for part in parts.filter(|part| !part.is_empty()) {
        let group = part.iter().position(|token| *token == "{");
        let renamed = part.iter().position(|token| *token == "as");
        let end = group.or(renamed).unwrap_or(part.len());
        let own = part[..end].iter().filter(|token| **token != "::");
        let mut path = above.to_vec();
        path.extend(own.map(|name| (*name).to_owned()));
        if let Some(group) = group {
            found.extend(trees(&part[group + 1..part.len() - 1], &path));
            continue;
        }
        if !above.is_empty() && path.last().is_some_and(|name| name == "self") {
            path.pop();
        }
        let called = match renamed {
            Some(at) => part.get(at + 1).map(|name| (*name).to_owned()),
            None => path.last().cloned(),
        };
        found.extend(called.map(|called| (path, called)));
    }
    found
}

/// The path that `tokens` begin with.
fn path(tokens: &[&str]) -> Vec<String> {
    let mut path = Vec::new();
    for pair in tokens.chunks(2) {
        match pair {
            [name, "::"] if is_name(name) => path.push((*name).to_owned()),
            [name, ..] if is_name(name) => {
                path.push((*name).to_owned());
                break;
            }
            _ => break,
        }
    }
    path
}
