//! The forms in which replies and events are shown.

/// How replies and events are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A list as a table, an event as a line.
    Table,
    /// `Key: Value` lines.
    Packet,
    /// The bytes as the server sent them; on a terminal, control characters are
    /// made visible.
    Raw,
    /// One JSON object per packet, one line each.
    Json,
    /// Items as rows, as in RFC 4180.
    Csv,
    /// Items as rows, with cells separated by tabs.
    Tsv,
}

/// All forms, sorted by name.
const FORMS: [(&str, Form); 6] = [
    ("csv", Form::Csv),
    ("json", Form::Json),
    ("packet", Form::Packet),
    ("raw", Form::Raw),
    ("table", Form::Table),
    ("tsv", Form::Tsv),
];

impl Form {
    /// The form of this name, as `/set output` takes it.
    ///
    /// # Errors
    /// There is no such form; the text lists them.
    pub fn named(name: &str) -> Result<Form, String> {
        let found = FORMS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, form)| *form).ok_or_else(|| {
            format!("'{name}' is not an output form: use table, packet, raw, json, csv or tsv")
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = FORMS.iter().find(|(_, form)| *form == self);
        found.map_or("", |(name, _)| name)
    }

    /// Whether it is meant for people, where amish itself has something to
    /// show.
    pub fn is_drawn(self) -> bool {
        matches!(self, Form::Table | Form::Packet | Form::Raw)
    }

    /// Whether it writes rows below a header row, which events of different
    /// kinds do not fit.
    pub fn is_rows(self) -> bool {
        matches!(self, Form::Csv | Form::Tsv)
    }
}
