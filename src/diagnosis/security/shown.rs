//! An audit on a screen: for people the grade first and then what is wrong from
//! the worst on, for programs a row a finding.

use super::finding::{Audit, Finding};
use crate::output::{Block, Form, Look, Role, Rows, views};

/// The columns of the word before a finding.
const WORD: usize = "critical  ".len();

/// In the form in which it is shown.
pub fn blocks(audit: &Audit, form: Form, look: &Look) -> Vec<Block> {
    match form {
        Form::Table | Form::Packet | Form::Raw => {
            let mut text = Vec::new();
            let lines = lines(audit);
            let all = lines.iter();
            let all: Vec<(Role, &str, &str)> = all
                .map(|(role, word, text)| (*role, *word, text.as_str()))
                .collect();
            views::verdicts(&mut text, &all, WORD, look);
            vec![Block::Text {
                kind: "security",
                text,
            }]
        }
        // One table of rows; json has an object for the grade.
        Form::Csv | Form::Tsv => vec![Block::Rows(rows(audit, true))],
        Form::Json => vec![
            Block::Facts {
                kind: "security_grade",
                facts: grade(audit),
            },
            Block::Rows(rows(audit, false)),
        ],
    }
}

fn grade(audit: &Audit) -> Vec<(&'static str, String)> {
    let grade = audit.grade();
    vec![
        ("grade", grade.map_or("none".to_owned(), String::from)),
        ("findings", audit.counts()),
        ("basis", audit.basis.clone().unwrap_or_default()),
        ("unchecked", audit.unchecked.join("\n")),
    ]
}

/// What stands behind the grade.
fn headline(audit: &Audit) -> String {
    let counts = audit.counts();
    match (&audit.basis, audit.unchecked.is_empty()) {
        (Some(basis), true) => format!("{counts} ({basis})"),
        (Some(basis), false) => format!("at best: {counts} ({basis})"),
        (None, _) => "manager.conf could not be looked at".to_owned(),
    }
}

/// The grade and what there is of it, in one line.
pub fn summary(audit: &Audit) -> String {
    format!("{}, {}", grade_word(audit.grade()), headline(audit))
}

/// A role, the word at the beginning and the text of each line.
fn lines(audit: &Audit) -> Vec<(Role, &'static str, String)> {
    let role = match (audit.is_wrong(), audit.grade()) {
        (true, _) => Role::Error,
        (false, Some('A')) => Role::Ok,
        _ => Role::Warning,
    };
    let grade = grade_word(audit.grade());
    let mut lines = vec![(role, grade, headline(audit))];
    for words in &audit.unchecked {
        lines.push((Role::Value, "", format!("not checked: {words}")));
    }
    let mut findings = audit.findings.iter().peekable();
    while let Some(one) = findings.next() {
        // The same of several users is said once.
        let mut of = vec![one];
        while let Some(next) = findings.next_if(|next| is_same(one, next)) {
            of.push(next);
        }
        let role = match one.severity.is_wrong() {
            true => Role::Error,
            false => Role::Warning,
        };
        let text = format!("{}: {}", sections(&of), one.what);
        lines.push((role, one.severity.word(), text));
        let cure = one.cure.iter();
        lines.extend(cure.map(|line| (Role::Subject, "", line.clone())));
    }
    lines
}

fn grade_word(grade: Option<char>) -> &'static str {
    match grade {
        Some('A') => "grade A",
        Some('B') => "grade B",
        Some('C') => "grade C",
        Some('D') => "grade D",
        Some(_) => "grade F",
        None => "no grade",
    }
}

fn is_same(one: &Finding, other: &Finding) -> bool {
    (one.severity, &one.what, &one.cure) == (other.severity, &other.what, &other.cure)
}

/// `[cron] line 12, [sendcron] line 18`.
fn sections(of: &[&Finding]) -> String {
    let one = |one: &&Finding| {
        let section = match one.section.contains(['/', ' ']) || one.section == "version" {
            true => one.section.clone(),
            false => format!("[{}]", one.section),
        };
        match &one.place {
            Some(place) => {
                let file = place.file.file_name().unwrap_or_default();
                format!("{section} {}:{}", file.to_string_lossy(), place.line)
            }
            None => section,
        }
    };
    of.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn rows(audit: &Audit, with_grade: bool) -> Rows {
    let heads = [
        "severity", "section", "file", "line", "what", "cure", "source",
    ];
    let row = |one: &Finding| {
        let place = one.place.as_ref();
        vec![
            one.severity.word().to_owned(),
            one.section.clone(),
            place.map_or_else(String::new, |place| place.file.display().to_string()),
            place.map_or_else(String::new, |place| place.line.to_string()),
            one.what.clone(),
            one.cure.join("\n"),
            one.source.to_owned(),
        ]
    };
    let mut rows: Vec<Vec<String>> = audit.findings.iter().map(row).collect();
    if with_grade {
        let said = [
            "grade".to_owned(),
            String::new(),
            audit.basis.clone().unwrap_or_default(),
            String::new(),
            summary(audit),
            audit.unchecked.join("\n"),
            String::new(),
        ];
        rows.insert(0, said.to_vec());
    }
    Rows {
        kind: "security",
        heads: heads.iter().map(|head| (*head, false)).collect(),
        rows,
        footer: String::new(),
        gives: &[],
    }
}
