//! What a configuration file holds, and where.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `[name]` and the lines below it.
#[derive(Debug, Clone, Default)]
pub struct Category {
    /// As written.
    pub name: String,
    /// Used only by categories that inherit from it.
    pub is_template: bool,
    /// In the order of the file, inherited ones first.
    pub values: Vec<Value>,
    /// Where it begins, if that is known.
    pub place: Option<Place>,
}

/// A line of a category. Its Debug would show secrets, so it has none of its
/// value.
#[derive(Clone)]
pub struct Value {
    /// Before the equals sign.
    pub key: String,
    /// Behind it.
    pub value: String,
    /// Where it stands, if that is known.
    pub place: Option<Place>,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = ***", self.key)
    }
}

/// A line of a file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// Its line.
    pub line: usize,
}

/// A file with all that it includes.
#[derive(Debug, Default)]
pub struct Configuration {
    /// In order.
    pub categories: Vec<Category>,
    /// The files that were read, with their permissions.
    pub read: BTreeMap<PathBuf, u32>,
    /// Files that this user may not read, though Asterisk perhaps may.
    pub unread: Vec<PathBuf>,
    /// Files of which only the beginning was read.
    pub cut: Vec<PathBuf>,
    /// Where the output of a program would stand. It is not run.
    pub programs: Vec<Place>,
}

/// Why a file is not a configuration.
#[derive(Debug)]
pub struct Unusable {
    /// Where reading stopped, if at a line.
    pub place: Option<Place>,
}
