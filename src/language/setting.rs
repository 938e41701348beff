//! `/set NAME VALUE`: how replies and events are shown.

use super::some_time;
use crate::output::{Fields, Form};
use std::time::Duration;

/// One option with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// When to use colour.
    Color(Color),
    /// Which headers tables show.
    Fields(Fields),
    /// The form of replies and events.
    Output(Form),
    /// Whether to use a pager for output longer than the screen.
    Pager(bool),
    /// How long to wait for a reply; never zero.
    Timeout(Duration),
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// On a terminal that supports it.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Color::Auto => "auto",
            Color::Always => "always",
            Color::Never => "never",
        }
    }
}

/// The options and their descriptions.
pub const OPTIONS: &[(&str, &str)] = &[
    ("color", "always, never or auto"),
    (
        "fields",
        "headers to show, in order: A,B; * for all; off for the default",
    ),
    ("output", "table, packet, raw, json, csv or tsv"),
    ("pager", "on or off: for output longer than the screen"),
    ("timeout", "how long to wait for a reply: 30, 1.5, 5m"),
];

/// The values of an option that can be listed.
pub fn values(option: &str) -> &'static [(&'static str, &'static str)] {
    match option.to_ascii_lowercase().as_str() {
        "output" => &[
            ("csv", "items as rows (RFC 4180)"),
            ("json", "one JSON object per packet"),
            ("packet", "Key: Value lines"),
            ("raw", "the server's exact bytes"),
            ("table", "a list as a table, an event as a line"),
            ("tsv", "items as rows, separated by tabs"),
        ],
        "color" => &[("always", ""), ("auto", ""), ("never", "")],
        "pager" => &[("off", ""), ("on", "")],
        _ => &[],
    }
}

impl Setting {
    /// Parses `option` and `value`, ignoring case.
    ///
    /// # Errors
    /// No such option or value; the message says what to type instead.
    pub fn of(option: &str, value: &str) -> Result<Setting, String> {
        let lower = value.to_ascii_lowercase();
        Ok(match option.to_ascii_lowercase().as_str() {
            "output" => Setting::Output(Form::named(value)?),
            "fields" => Setting::Fields(Fields::set(value)?),
            "color" => Setting::Color(match lower.as_str() {
                "auto" => Color::Auto,
                "always" => Color::Always,
                "never" => Color::Never,
                _ => return Err(format!("'{value}' is not always, never or auto")),
            }),
            "pager" => Setting::Pager(match lower.as_str() {
                "on" => true,
                "off" => false,
                _ => return Err(format!("'{value}' is not on or off")),
            }),
            "timeout" => Setting::Timeout(some_time(value)?),
            _ => return Err(Setting::missing(option)),
        })
    }

    /// What to type instead of `option` without a value.
    pub fn missing(option: &str) -> String {
        let known = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(option);
        match OPTIONS.iter().find(known) {
            Some((name, values)) => {
                format!("/set {name} needs a value, {values}; /set alone lists what is set")
            }
            None => {
                let names: Vec<&str> = OPTIONS.iter().map(|(name, _)| *name).collect();
                let option = option.escape_debug();
                format!("there is no option '{option}': {}", names.join(", "))
            }
        }
    }
}
