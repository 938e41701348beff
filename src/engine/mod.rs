//! Carries out what was typed: one engine for the prompt, scripts and event
//! streams.
//!
//! A statement is checked and, if dangerous, confirmed; its Action is sent, its
//! answer shown and judged. [`wait`] is the one place that waits for the
//! server. A [`Face`] shows the results, a [`Transcript`] decides what they
//! look like.
//!
//! An [`std::io::Error`] says that the output cannot be written; the run ends.

mod act;
mod batch;
mod builtin;
mod channels;
mod dangerous;
pub mod dry_run;
mod expect;
mod face;
mod flow;
mod in_flight;
mod observed;
mod originate;
mod outcome;
mod policy;
mod read_only;
mod recent;
mod rights;
mod runner;
mod saved;
mod script;
mod seen;
mod sending;
mod source;
mod statement;
mod step;
mod tally;
mod transcript;
mod vain;
mod verdict;
pub mod wait;
mod wanting;
mod window;

pub use batch::{Batch, Part};
pub use builtin::About;
pub use channels::hits_many;
pub use face::{Face, Lookup};
pub use flow::{Done, Failure, Flow, Halt};
pub use outcome::{login_code, session_code};
pub use policy::Rules;
pub use runner::Runner;
pub use sending::{Manner, intended};
pub use source::Source;
pub use statement::explained;
pub use step::Step;
pub use tally::{Tally, grouped};
pub use transcript::{Shared, Shown, Transcript};
