//! What was shown, once more: `/x` whole, `/save` in a file as well.

use crate::output::vertical;
use crate::shell::Shell;
use crate::shell::screen::Last;

impl Shell<'_> {
    /// `/x`: the last reply or event with every header.
    pub(in crate::shell) fn vertical(&self) -> Result<(), String> {
        let look = self.screen.printer().look;
        let mut out = Vec::new();
        match &*self.screen.last() {
            Some(Last::Reply(reply)) => vertical::reply(&mut out, reply, &look),
            Some(Last::Event(event)) => vertical::event(&mut out, event, &look),
            None => return Err("nothing was shown so far".to_owned()),
        }
        self.page(&out);
        Ok(())
    }

    /// `/save`: a copy of replies and events from now on, or no longer.
    pub(in crate::shell) fn save(&self, file: &str) -> Result<(), String> {
        match file {
            "off" => self.screen.save_no_more(),
            path => {
                let begun = self.screen.save(path);
                begun.map_err(|why| format!("{path}: {why}"))?;
            }
        }
        self.say(match file {
            "off" => "replies and events are not saved any more",
            _ => "replies and events are saved as well, as they would be in a pipe",
        });
        Ok(())
    }

    /// `/timing`: whether the time of each reply is told.
    pub(in crate::shell) fn timing(&mut self, word: Option<&str>) -> Result<(), String> {
        self.values.timing = match word {
            None => !self.values.timing,
            Some("on") => true,
            Some("off") => false,
            Some(_) => return Err("write /timing, /timing on or /timing off".to_owned()),
        };
        self.say(match self.values.timing {
            true => "the time of each reply is told",
            false => "times are not told",
        });
        Ok(())
    }
}
