//! `/set`: how replies and events are shown.

use crate::output::{Fields, Form, Palette, Printer};
use crate::settings::When;
use std::time::Duration;

/// What can be set, and what it is.
pub(in crate::shell) const OPTIONS: &[(&str, &str)] = &[
    ("color", "always, never or auto"),
    (
        "fields",
        "which headers, in which order: A,B; * all; off: as usual",
    ),
    ("output", "table, packet, raw, json, csv or tsv"),
    ("pager", "on or off: for what is longer than the screen"),
    ("timeout", "seconds to wait for a reply"),
];

/// The values of an option, as far as they can be listed.
pub(in crate::shell) fn values(option: &str) -> &'static [(&'static str, &'static str)] {
    match option.to_ascii_lowercase().as_str() {
        "output" => &[
            ("csv", "items as rows, as RFC 4180 has them"),
            ("json", "one JSON object a packet"),
            ("packet", "Key: Value lines"),
            ("raw", "the bytes of the server"),
            ("table", "a list as a table, an event as a line"),
            ("tsv", "items as rows, apart by tabs"),
        ],
        "color" => &[("always", ""), ("auto", ""), ("never", "")],
        "pager" => &[("off", ""), ("on", "")],
        _ => &[],
    }
}

/// How `when` is typed.
pub(in crate::shell) fn color_word(when: When) -> &'static str {
    match when {
        When::Auto => "auto",
        When::Always => "always",
        When::Never => "never",
    }
}

/// What `/set` may change.
pub(in crate::shell) struct Values {
    pub printer: Printer,
    /// What is longer than the screen goes through a pager.
    pub pager: bool,
    pub timeout: Duration,
    /// Is the time of each reply told?
    pub timing: bool,
    /// The colours of `--color auto` here.
    pub auto: bool,
    /// As set.
    pub color: &'static str,
}

impl Values {
    /// Sets `option` to `value`.
    ///
    /// # Errors
    /// What to type instead.
    pub fn set(&mut self, option: &str, value: &str) -> Result<(), String> {
        match option.to_ascii_lowercase().as_str() {
            "output" => self.printer.form = Form::named(value)?,
            "fields" => self.printer.set_fields(Fields::set(value)?),
            "color" => {
                let lower = value.to_ascii_lowercase();
                let known = ["always", "never", "auto"].into_iter();
                let when = known.into_iter().find(|when| *when == lower);
                self.color =
                    when.ok_or_else(|| format!("'{value}' is none of always, never and auto"))?;
                let on = match self.color {
                    "always" => true,
                    "never" => false,
                    _ => self.auto,
                };
                self.printer.look.palette = Palette::new(on);
            }
            "pager" => {
                self.pager = match value.to_ascii_lowercase().as_str() {
                    "on" => true,
                    "off" => false,
                    _ => return Err(format!("'{value}' is neither on nor off")),
                };
            }
            "timeout" => {
                let time = crate::language::duration(value).filter(|time| !time.is_zero());
                self.timeout = time
                    .ok_or_else(|| format!("'{value}' is no time in seconds: write 30 or 0.5"))?;
            }
            _ => {
                let names: Vec<&str> = OPTIONS.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "there is no option '{option}': {}",
                    names.join(", ")
                ));
            }
        }
        Ok(())
    }

    /// A line for each option.
    pub fn list(&self) -> String {
        format!(
            "color    {}\nfields   {}\noutput   {}\npager    {}\ntimeout  {}\n",
            self.color,
            self.printer.fields(),
            self.printer.form.name(),
            if self.pager { "on" } else { "off" },
            self.timeout.as_secs_f64()
        )
    }
}
