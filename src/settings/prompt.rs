//! Asks a person on the terminal device, because standard input may be a
//! script.
//!
//! Keys are read one by one: a Ctrl-C that came as a signal would not reach the
//! prompt.

use super::starter;
use crate::files;
use crate::peer_text::visible;
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios};
use nix::sys::termios::{tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The longest answer, in bytes: as much as a secret in a file may have.
const LONGEST: usize = 4096;

const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;
const CTRL_U: u8 = 21;

/// Whether typed characters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// They are.
    On,
    /// They are not, as for a secret.
    Off,
}

/// Asks `question`. None: Ctrl-D was pressed, or the terminal is gone; Enter
/// alone is an empty answer.
///
/// # Errors
/// `Interrupted` after Ctrl-C; `InvalidData`, with what is wrong, for an answer
/// that is too long or not UTF-8; or there is no terminal to ask on.
pub fn ask(question: &str, echo: Echo) -> io::Result<Option<String>> {
    let terminal = files::terminal()?;
    let found = tcgetattr(&terminal)?;
    let question = visible::text(question.as_bytes());
    let keys = Keys::of(&found);
    // Set the modes first: an earlier Ctrl-C is a signal, and discards what is
    // typed after it.
    let modes = Modes::set(&terminal, found)?;
    let asked = Asked::begin(&terminal, &question, echo)?;
    let typed = read(&terminal, keys, &asked);
    drop(modes);
    drop(asked);
    (&terminal).write_all(b"\n")?;
    let typed = match typed? {
        Typed::Line(line) => line,
        Typed::Nothing => return Ok(None),
        Typed::Interrupted => return Err(ErrorKind::Interrupted.into()),
        Typed::TooLong => return Err(wrong("is longer than 4096 bytes")),
    };
    let text = String::from_utf8(typed).map_err(|_| wrong("is not UTF-8 text"))?;
    Ok(Some(text))
}

fn wrong(what: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

enum Typed {
    Line(Vec<u8>),
    /// Its end is not known.
    TooLong,
    Nothing,
    Interrupted,
}

/// The keys that raise signals in other modes.
#[derive(Clone, Copy)]
struct Keys {
    stop: Option<u8>,
    quit: Option<u8>,
}

impl Keys {
    fn of(modes: &Termios) -> Keys {
        let key = |index: SpecialCharacterIndices| {
            let key = modes.control_chars.get(index as usize).copied();
            // No key, on Linux and on macOS.
            key.filter(|key| ![0, 0xff].contains(key))
        };
        Keys {
            stop: key(SpecialCharacterIndices::VSUSP),
            quit: key(SpecialCharacterIndices::VQUIT),
        }
    }
}

/// The question that is asked now.
static ASKED: Mutex<Option<OnScreen>> = Mutex::new(None);

struct OnScreen {
    /// The question, and what was typed visibly.
    text: Vec<u8>,
    /// Its row may be another program's by now: it is not shown below what is
    /// written, but asked again when amish goes on. Both would show it twice.
    is_left: bool,
}

impl OnScreen {
    fn new(text: Vec<u8>) -> OnScreen {
        let is_left = false;
        OnScreen { text, is_left }
    }
}

/// The question on the screen, until this is dropped.
struct Asked<'a> {
    question: &'a str,
    echo: Echo,
}

impl Asked<'_> {
    /// Asks it, and notes that it is on the screen.
    fn begin<'a>(mut terminal: &File, question: &'a str, echo: Echo) -> io::Result<Asked<'a>> {
        let mut on_screen = asked();
        terminal.write_all(question.as_bytes())?;
        *on_screen = Some(OnScreen::new(question.as_bytes().to_owned()));
        Ok(Asked { question, echo })
    }

    /// Notes what was typed so far.
    fn typed(&self, line: &[u8]) {
        if self.echo == Echo::On {
            let shown = line.iter().copied().filter(|key| is_shown(*key));
            let text = self.question.bytes().chain(shown).collect();
            *asked() = Some(OnScreen::new(text));
        }
    }

    /// Stops the job, and asks again when it goes on, below whatever is on the
    /// screen then.
    fn stop(&self, mut terminal: &File) -> io::Result<()> {
        let leave = |is_left| {
            let mut asked = asked();
            if let Some(asked) = asked.as_mut() {
                asked.is_left = is_left;
            }
            asked
        };
        drop(leave(true));
        starter::stop();
        match leave(false).as_ref() {
            Some(asked) => terminal.write_all(&asked.text),
            None => Ok(()),
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        *asked() = None;
    }
}

fn asked() -> MutexGuard<'static, Option<OnScreen>> {
    ASKED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `write`, which writes whole lines to the terminal. A question that is
/// being asked makes room by `erase`, and stands below them again.
pub fn above_question(erase: &str, write: impl FnOnce()) {
    let asked = asked();
    let terminal = asked.as_ref().and_then(|_| files::terminal().ok());
    let put = |text: &[u8]| {
        if let Some(mut terminal) = terminal.as_ref() {
            // The reader of the answer will notice a terminal that is gone.
            let _ = terminal.write_all(text);
        }
    };
    put(erase.as_bytes());
    write();
    if let Some(asked) = asked.as_ref().filter(|asked| !asked.is_left) {
        put(&asked.text);
    }
}

fn read(mut terminal: &File, keys: Keys, asked: &Asked<'_>) -> io::Result<Typed> {
    let echo = asked.echo;
    let mut line: Vec<u8> = Vec::new();
    let mut is_whole = true;
    let mut key = [0];
    loop {
        asked.typed(&line);
        if terminal.read(&mut key)? == 0 {
            return Ok(Typed::Nothing);
        }
        let [key] = key;
        match key {
            b'\r' | b'\n' if is_whole => return Ok(Typed::Line(line)),
            b'\r' | b'\n' => return Ok(Typed::TooLong),
            CTRL_C => return Ok(Typed::Interrupted),
            key if keys.stop == Some(key) => {
                asked.stop(terminal)?;
            }
            key if keys.quit == Some(key) => {
                // Whoever handles the signal restores the terminal.
                let _ = raise(Signal::SIGQUIT);
            }
            CTRL_D if line.is_empty() => return Ok(Typed::Nothing),
            CTRL_D => {}
            CTRL_U => {
                while erase(terminal, &mut line, echo)? {}
                is_whole = true;
            }
            b'\x08' | b'\x7f' => {
                erase(terminal, &mut line, echo)?;
            }
            key if line.len() < LONGEST => {
                line.push(key);
                // Keys that are not printable are kept, but not shown.
                if echo == Echo::On && is_shown(key) {
                    terminal.write_all(&[key])?;
                }
            }
            _ => is_whole = false,
        }
    }
}

fn is_shown(key: u8) -> bool {
    key >= 0x80 || key == b' ' || key.is_ascii_graphic()
}

/// Removes the last character. False: there is none.
fn erase(mut terminal: &File, line: &mut Vec<u8>, echo: Echo) -> io::Result<bool> {
    let is_inside = |byte: u8| byte & 0xc0 == 0x80;
    while line.pop_if(|byte| is_inside(*byte)).is_some() {}
    let is_one = line.pop().is_some();
    if is_one && echo == Echo::On {
        terminal.write_all(b"\x08 \x08")?;
    }
    Ok(is_one)
}

/// The terminal without echo, line editing and signals, until this is dropped.
struct Modes<'a> {
    terminal: &'a File,
    found: Termios,
}

impl Modes<'_> {
    fn set(terminal: &File, found: Termios) -> io::Result<Modes<'_>> {
        let mut modes = found.clone();
        modes.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::ISIG);
        modes.input_flags &= !InputFlags::ICRNL;
        tcsetattr(terminal, SetArg::TCSADRAIN, &modes)?;
        Ok(Modes { terminal, found })
    }
}

impl Drop for Modes<'_> {
    fn drop(&mut self) {
        // Fails only if the terminal is gone.
        let _ = tcsetattr(self.terminal, SetArg::TCSADRAIN, &self.found);
    }
}
