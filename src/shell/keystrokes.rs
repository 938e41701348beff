//! What a terminal sends, made fit for the editor: whole characters, and only
//! the sequences of keys that it knows. From all others it would insert the
//! end, as if that had been typed; and a byte that is not UTF-8 would make it
//! forget whatever it had read.

use super::controls::{MISSING, held};

const ESC: u8 = 0x1b;
/// The key before one that is meant as a character.
const QUOTE: u8 = 0x16;
/// A key that does nothing (`keybindings.rs`), but is taken as the rest of
/// whatever the editor waits for: the second key of Ctrl-X or Ctrl-], the motion
/// of vi's `d`, the character of its `f`.
const NOTHING: u8 = 0x11;
const PASTE: &[u8] = b"\x1b[200~";
const PASTED: &[u8] = b"\x1b[201~";

/// Longer is no sequence of a key, and no answer of a terminal.
const LONGEST: usize = 4096;

/// Bytes of a mouse report of the oldest kind, after its letter.
const MOUSE: usize = 3;

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// Between keys.
    #[default]
    Ready,
    /// Within a character.
    Char,
    /// After Escape; more may belong to it.
    Escape,
    /// Within a sequence (`ESC [`, `ESC O`), whose end is recognised.
    Sequence,
    /// Within an answer of the terminal in words, up to its terminator.
    Words,
    /// Within the report of the mouse, of which so many bytes are left.
    Mouse(usize),
}

/// The bytes of a terminal, in pieces of any size, to those of the editor.
#[derive(Debug, Default)]
pub(super) struct Keystrokes {
    state: State,
    /// The bytes of a character or sequence that is not complete.
    begun: Vec<u8>,
    pasting: bool,
    /// The next character is meant as such.
    quoted: bool,
    /// A byte that is not UTF-8 was left out.
    left_out: bool,
    /// The keys that act, whatever was begun: Ctrl-C and the like.
    acting: Vec<char>,
}

impl Keystrokes {
    /// `acting` are the keys that act, whatever the editor waits for.
    pub fn new(acting: Vec<char>) -> Keystrokes {
        Keystrokes {
            acting,
            ..Keystrokes::default()
        }
    }

    /// Takes `bytes`, and adds what the editor gets to `out`.
    pub fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for byte in bytes {
            self.byte(*byte, out);
        }
    }

    /// Was a byte that is not UTF-8 left out since the last time?
    pub fn has_left_out(&mut self) -> bool {
        std::mem::take(&mut self.left_out)
    }

    /// Is it undecided whether more will come?
    pub fn is_waiting(&self) -> bool {
        !self.pasting && !matches!(self.state, State::Ready | State::Char)
    }

    /// No more came: what began is a key, or was an answer that broke off.
    pub fn settle(&mut self, out: &mut Vec<u8>) {
        if !self.is_waiting() {
            return;
        }
        let begun = std::mem::take(&mut self.begun);
        match self.state {
            // Alt with a letter that also introduces an answer; or one after
            // which the editor waits for the rest as well.
            State::Escape => out.extend(begun),
            State::Sequence | State::Words if begun.len() <= 2 => out.extend(begun),
            _ => {}
        }
        self.state = State::Ready;
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.state {
            State::Ready => self.first(byte, out),
            State::Char => self.char(byte, out),
            State::Escape => self.escape(byte, out),
            State::Sequence => self.sequence(byte, out),
            State::Words => self.words(byte, out),
            State::Mouse(1) => self.state = State::Ready,
            State::Mouse(left) => self.state = State::Mouse(left - 1),
        }
    }

    fn first(&mut self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            ESC if !self.quoted => self.begin(State::Escape, byte),
            0x80.. => {
                self.begin(State::Char, byte);
                self.check(out);
            }
            _ => self.give(char::from(byte), out),
        }
    }

    fn begin(&mut self, state: State, byte: u8) {
        self.state = state;
        self.begun.push(byte);
    }

    fn char(&mut self, byte: u8, out: &mut Vec<u8>) {
        if byte & 0xc0 != 0x80 {
            // It ended too early.
            self.leave_out(out);
            return self.first(byte, out);
        }
        self.begun.push(byte);
        self.check(out);
    }

    /// Hands on the character if it is whole, and forgets it if it is none.
    fn check(&mut self, out: &mut Vec<u8>) {
        match std::str::from_utf8(&self.begun).map(|text| text.chars().next()) {
            Ok(one) => {
                self.state = State::Ready;
                self.begun.clear();
                one.into_iter().for_each(|one| self.give(one, out));
            }
            Err(why) if why.error_len().is_some() => self.leave_out(out),
            Err(_) => {}
        }
    }

    /// Puts a mark where the byte was: nothing that was not typed may run.
    fn leave_out(&mut self, out: &mut Vec<u8>) {
        self.state = State::Ready;
        self.begun.clear();
        self.left_out = true;
        self.quoted = false;
        out.extend_from_slice(MISSING.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// A character, which is a key unless it was quoted or pasted.
    fn give(&mut self, one: char, out: &mut Vec<u8>) {
        let quoted = std::mem::take(&mut self.quoted);
        let is_line_end = self.pasting && one == '\r';
        let one = match one {
            '\r' if is_line_end => one,
            _ if quoted || self.pasting || !one.is_ascii() => held(one),
            _ => one,
        };
        if self.acting.contains(&one) {
            out.push(NOTHING);
        }
        self.quoted = !quoted && !self.pasting && u32::from(one) == u32::from(QUOTE);
        out.extend_from_slice(one.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.pasting {
            return match byte {
                b'[' => self.begin(State::Sequence, byte),
                _ => self.literally(byte, out),
            };
        }
        match byte {
            b'[' | b'O' => self.begin(State::Sequence, byte),
            b']' | b'P' | b'X' | b'^' | b'_' => self.begin(State::Words, byte),
            // With Alt, some terminals send Escape twice.
            ESC if self.begun.len() == 1 => self.begun.push(byte),
            _ => {
                self.flush(out);
                self.first(byte, out);
            }
        }
    }

    /// What began is keys.
    fn flush(&mut self, out: &mut Vec<u8>) {
        self.state = State::Ready;
        out.append(&mut self.begun);
    }

    fn forget(&mut self) {
        self.state = State::Ready;
        self.begun.clear();
    }

    fn sequence(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.pasting {
            return self.end_of_paste(byte, out);
        }
        let parameters = self.parameters().len();
        let is_ss3 = self.is_ss3();
        match byte {
            // A key that was pressed in the middle of it.
            0..=0x1f | 0x7f.. => {
                self.forget();
                return self.first(byte, out);
            }
            _ if self.begun.len() > LONGEST => return self.forget(),
            // The keys of the Linux console have one more letter.
            b'[' if parameters == 0 && !is_ss3 => return self.begun.push(byte),
            b'M' if parameters == 0 && !is_ss3 => {
                self.forget();
                self.state = State::Mouse(MOUSE);
                return;
            }
            b'0'..=b'9' | b';' => return self.begun.push(byte),
            // As the end of a key of rxvt; else more follows.
            b' '..=b'?' if byte != b'$' || !self.is_rxvt() => return self.begun.push(byte),
            _ => self.begun.push(byte),
        }
        let bare = self.bare().to_vec();
        match bare.as_slice() {
            PASTE => {
                self.pasting = true;
                self.flush(out);
            }
            keys if is_key(keys) => self.flush(out),
            _ => self.forget(),
        }
    }

    /// The sequence with one Escape.
    fn bare(&self) -> &[u8] {
        match self.begun.as_slice() {
            [ESC, rest @ ..] if rest.first() == Some(&ESC) => rest,
            all => all,
        }
    }

    fn parameters(&self) -> &[u8] {
        self.bare().get(2..).unwrap_or_default()
    }

    fn is_ss3(&self) -> bool {
        self.bare().get(1) == Some(&b'O')
    }

    fn is_rxvt(&self) -> bool {
        matches!(self.parameters(), [b'5'..=b'8'])
    }

    /// Within a paste nothing but its end is a sequence.
    fn end_of_paste(&mut self, byte: u8, out: &mut Vec<u8>) {
        if PASTED.get(self.begun.len()) != Some(&byte) {
            return self.literally(byte, out);
        }
        self.begun.push(byte);
        if self.begun == PASTED {
            self.pasting = false;
            self.flush(out);
        }
    }

    /// What looked like the end of a paste is part of it.
    fn literally(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.state = State::Ready;
        for one in std::mem::take(&mut self.begun) {
            self.give(char::from(one), out);
        }
        self.first(byte, out);
    }

    /// Up to BEL or `ESC \`.
    fn words(&mut self, byte: u8, out: &mut Vec<u8>) {
        let is_escaped = self.begun.len() > 2 && self.begun.last() == Some(&ESC);
        self.begun.push(byte);
        match byte {
            0x07 => self.forget(),
            b'\\' if is_escaped => self.forget(),
            // No answer holds these. So it was Alt with a letter, typed ahead
            // of other keys.
            0..=0x1a | 0x1c..=0x1f | 0x7f => self.replay(out),
            _ if is_escaped => {
                // It broke off, and a key follows.
                self.forget();
                self.begin(State::Escape, ESC);
                self.escape(byte, out);
            }
            _ if self.begun.len() > LONGEST => self.forget(),
            _ if !self.is_answer() => self.replay(out),
            _ => {}
        }
    }

    /// Does an answer of a terminal begin so? Colours and titles, what it is,
    /// its settings, pictures.
    fn is_answer(&self) -> bool {
        match self.bare() {
            [_, b']', next, ..] => matches!(next, b'0'..=b'9' | b'l' | b'L'),
            [_, b'P', next, ..] => matches!(next, b'0'..=b'9' | b'>' | b'!' | b'='),
            [_, b'_', next, ..] => *next == b'G',
            [_, _, ..] => false,
            _ => true,
        }
    }

    /// The first two bytes are Alt with a letter, the rest keys.
    fn replay(&mut self, out: &mut Vec<u8>) {
        let begun = std::mem::take(&mut self.begun);
        self.state = State::Ready;
        let (alt, rest) = begun.split_at(begun.len().min(2));
        out.extend_from_slice(alt);
        self.take(rest, out);
    }
}

/// Does the editor know this sequence as a key, and take all of it?
fn is_key(sequence: &[u8]) -> bool {
    match sequence {
        [ESC, b'O', key] => b"ABCDFHMPQRSabcdltuvwx".contains(key),
        [ESC, b'[', b'[', b'A'..=b'E'] => true,
        [ESC, b'[', key] => b"ABCDFHZabcd".contains(key),
        [ESC, b'[', b'1'..=b'8', b'~'] => true,
        [ESC, b'[', b'1', b'1'..=b'5' | b'7'..=b'9', b'~'] => true,
        [ESC, b'[', b'2', b'0' | b'1' | b'3' | b'4', b'~'] => true,
        [ESC, b'[', b'1', b';', b'2'..=b'9', key] => b"ABCDFHPQSpqrstuvwxy".contains(key),
        [ESC, b'[', key, b';', b'2'..=b'8', b'~'] => b"2356".contains(key),
        [ESC, b'[', tens, units, b';', b'5', b'~'] => {
            matches!(
                (tens, units),
                (b'1', b'5' | b'7'..=b'9') | (b'2', b'0' | b'1' | b'3' | b'4')
            )
        }
        [ESC, b'[', b'3' | b'5'..=b'8', b'$' | b'^' | b'@'] => true,
        [ESC, b'[', b'5', b'A'..=b'D'] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
