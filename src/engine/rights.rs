//! What is waited for, and whether this user may read it.

use crate::ami::banner::Age;
use crate::ami::{Classes, Ticket};
use crate::catalog::event;
use crate::diagnosis::{Grant, Reading};
use crate::language::Expr;
use crate::session::Session;
use std::time::Instant;

/// What is waited for, and what is known of the user's rights.
#[derive(Default)]
pub(super) struct Vain {
    pub stage: Stage,
    pub awaited: Vec<Awaited>,
    /// What was told already.
    pub told: Vec<String>,
}

/// How far the server was asked.
#[derive(Default)]
pub(super) enum Stage {
    #[default]
    Unasked,
    /// It is asked at this time, if somebody still waits.
    Due(Instant),
    Asked(Ticket, Reading),
    Known(Grant),
}

/// Events, and their classes: without any of these none of them comes.
pub(super) struct Awaited {
    what: String,
    classes: Vec<String>,
}

impl Awaited {
    pub fn of_classes(classes: Classes) -> Vec<Awaited> {
        if classes == Classes::ALL {
            let (what, classes) = ("events".to_owned(), vec!["all".to_owned()]);
            return vec![Awaited { what, classes }];
        }
        let words = classes.to_string();
        let of_class = |class: &str| Awaited {
            what: format!("events of class {class}"),
            classes: vec![class.to_owned()],
        };
        words.split(',').map(of_class).collect()
    }

    pub fn of_events(expr: &Expr, session: &Session) -> Option<Awaited> {
        let named = named(expr, session)?;
        let (names, mut classes): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        classes.sort_unstable();
        classes.dedup();
        Some(Awaited {
            what: names.join(" or "),
            classes: classes.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Why none of it comes; None if some may.
    pub fn lacks(&self, read: Grant, user: &str) -> Option<String> {
        let lacks = |class: &String| read.has(class) == Some(false);
        let what = &self.what;
        self.classes
            .iter()
            .all(lacks)
            .then(|| match &self.classes[..] {
                [all] if all == "all" => {
                    format!("no {what} will come: {user} has nothing in read= of manager.conf")
                }
                classes => {
                    let classes = classes.join(" or ");
                    format!("no {what} will come: {user} has no {classes} in read= of manager.conf")
                }
            })
    }
}

/// The events that `expr` names, with their classes; None if others can match
/// as well. Servers up to 1.8 (AMI/1.1) put some events into other classes than
/// later ones.
pub(super) fn named(expr: &Expr, session: &Session) -> Option<Vec<(&'static str, &'static str)>> {
    let is_old = Age::of(&session.banner()) < Age::Newer;
    let names = expr.names().filter(|_| !is_old)?;
    names.into_iter().map(event).collect()
}

/// The classes of the events that `expr` can match; all if it names none.
pub(super) fn classes_of(session: &Session, expr: &Expr) -> Classes {
    let named = named(expr, session).unwrap_or_default();
    let classes = named.iter().map(|(_, class)| Classes::of_mask(class));
    match classes.fold(Classes::NONE, Classes::union) {
        Classes::NONE => Classes::ALL,
        classes => classes,
    }
}
