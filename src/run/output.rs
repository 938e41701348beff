//! Standard output and standard error as a face: replies and events go to the
//! first, everything else to the second.

use super::progress::Progress;
use crate::engine::{Batch, Face, Part, Tally};
use crate::output::{message, signs};
use crate::peer_text::visible;
use std::io::{self, Write};

/// The two streams, and the progress line.
pub struct Output<'a> {
    /// Replies and events.
    pub out: &'a mut dyn Write,
    /// Everything else.
    pub err: &'a mut dyn Write,
    /// The columns of `err`; without end if it is no terminal.
    pub columns: usize,
    /// The progress line on `err`, if that is a terminal someone watches.
    pub progress: Option<Progress>,
    /// Asks the person at the terminal, if there is one to be asked.
    pub ask: Option<Ask>,
}

/// Asks whether to do what a warning says.
pub type Ask = Box<dyn Fn(&str) -> io::Result<bool>>;

impl Face for Output<'_> {
    fn show(&mut self, batch: &Batch) -> io::Result<()> {
        for part in batch.parts() {
            match part {
                Part::Text(text) => self.out.write_all(text)?,
                Part::Notice(words) => {
                    // It is about the output before it.
                    self.out.flush()?;
                    self.say(words);
                }
            }
        }
        self.out.flush()
    }

    fn page(&mut self, text: &[u8]) -> io::Result<()> {
        self.out.write_all(text)?;
        self.out.flush()
    }

    fn say(&mut self, words: &str) {
        if let Some(progress) = &mut self.progress {
            progress.clear(self.err);
        }
        // Server text on stderr, which may be a terminal. A failure to write it
        // cannot be reported anywhere.
        let words = visible::text(words.as_bytes());
        let text = message("amish: ", &signs(&words), self.columns);
        let _ = self.err.write_all(text.as_bytes());
    }

    fn consent(&mut self, warning: &str) -> Result<(), String> {
        match self.ask.as_ref().map_or(Ok(true), |ask| ask(warning)) {
            Ok(true) => Ok(()),
            Ok(false) => Err("nothing was sent".to_owned()),
            Err(why) => Err(format!(
                "nothing was sent: the terminal cannot be used: {why}"
            )),
        }
    }

    fn progress(&mut self, tally: Tally, total: Option<usize>) {
        if let Some(progress) = &mut self.progress {
            progress.show(tally, total, self.columns, self.err);
        }
    }
}
