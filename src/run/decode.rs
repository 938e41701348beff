//! `--decode`: prints captured bytes in any form, without a connection.

mod source;

use super::output::Output;
use crate::ami::banner::ASTERISK;
use crate::ami::frame::MAX_PACKET;
use crate::ami::{Frame, Framer, Kind, Packet};
use crate::engine::Face;
use crate::exit_code::Code;
use crate::language::Expr;
use crate::output::{Form, Printer};
use source::Source;
use std::io::{self, Read, Write};

/// Why decoding stopped; the message depends on which side failed.
#[derive(Debug)]
pub enum Broken {
    /// The capture cannot be read.
    Input(io::Error),
    /// The output cannot be written.
    Output(io::Error),
    /// The capture holds nothing that a server of AMI sent; what to do.
    Foreign(&'static str),
}

impl From<io::Error> for Broken {
    fn from(why: io::Error) -> Broken {
        Broken::Output(why)
    }
}

/// Which packets are shown.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those that match.
    pub filter: Option<Expr>,
    /// The one that ends it; it is shown.
    pub until: Option<Expr>,
    /// At most so many.
    pub count: Option<u64>,
    /// No notes on what is not lost.
    pub quiet: bool,
}

/// Memory limit for the packets of one table, in bytes. Beyond it the tables
/// start again.
const MOST_GATHERED: usize = 256 * 1024 * 1024;

/// How much text without a frame may stand before the first packet, in bytes.
/// Beyond it the file is taken for something else.
const MOST_FOREIGN: usize = 1024 * 1024;

const NO_PACKET: &str = "this is not AMI: no Response and no Event in it; --decode takes the bytes that a server sent, a --trace file, or text copied from telnet";
const PCAP: &str = "this is a capture of a network: give --decode the bytes of the connection, as tcpflow or `tshark -z follow,tcp,raw` take them out";

/// Memory of a packet, including twelve bytes per header for the index built
/// for its row.
fn weight(packet: &Packet) -> usize {
    packet.bytes().len() + 12 * packet.headers().len() + size_of::<Packet>()
}

/// Prints the packets in `input` that are `wanted`: of bytes received from a
/// server, of text copied from a terminal, or of a trace, of which only the
/// received packets are printed. So are Actions that were typed among them, with
/// their secrets, left out.
///
/// Packet, raw and json are written packet by packet. Rows and tables are
/// collected first, since the columns are only known at the end; a capture that
/// takes more than 256 MiB of memory gets several tables per kind.
///
/// # Errors
/// Reading or writing failed, or it is not AMI. Anything left out is reported: a packet over 64 MiB ([`Code::Lost`]), an unfinished packet at the end.
pub fn run(
    input: &mut dyn Read,
    to: &mut Output<'_>,
    printer: Printer,
    wanted: Wanted,
) -> Result<Code, Broken> {
    decode(input, to, Pages::new(printer, wanted, MOST_GATHERED))
}

fn decode(input: &mut dyn Read, to: &mut Output<'_>, mut pages: Pages) -> Result<Code, Broken> {
    let mut input = received(input, &mut pages)?;
    let mut framer = Framer::for_capture();
    let mut code = Code::Ok;
    let read = loop {
        code = code.with(whole(&mut framer, &mut pages, to));
        pages.is_ami |= begins_packet(framer.rest());
        let waiting = pages.text.len() + pages.bytes + framer.rest().len();
        if !pages.is_ami && waiting > MOST_FOREIGN {
            break Ok(());
        }
        // Write before reading on, which may block: a capture may still be
        // growing.
        pages.write(to.out)?;
        if pages.done {
            break Ok(());
        }
        match input.read(framer.space()) {
            Ok(0) => break Ok(()),
            Ok(count) => framer.filled(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(Broken::Input(error)),
        }
    };
    if !pages.is_ami {
        read?;
        return Err(Broken::Foreign(NO_PACKET));
    }
    let is_cut = !pages.done && !framer.rest().trim_ascii().is_empty();
    let code = code.with(pages.end(to)?);
    // Report a read error only after printing what was read.
    read?;
    if is_cut {
        let count = framer.rest().len();
        to.say(&format!(
            "the last {count} bytes are not a whole packet and were left out"
        ));
    }
    Ok(code)
}

/// What `input` holds of a server.
fn received<'a>(input: &'a mut dyn Read, pages: &mut Pages) -> Result<Box<dyn Read + 'a>, Broken> {
    match Source::of(input).map_err(Broken::Input)? {
        Source::Pcap => Err(Broken::Foreign(PCAP)),
        Source::Bytes(bytes) => Ok(bytes),
        Source::Trace(received) => {
            pages.is_ami = true;
            Ok(received)
        }
        Source::Empty => {
            pages.is_ami = true;
            Ok(Box::new(io::empty()))
        }
    }
}

/// Takes the packets that are whole.
fn whole(framer: &mut Framer, pages: &mut Pages, to: &mut Output<'_>) -> Code {
    let mut code = Code::Ok;
    while let Some(frame) = framer.next_frame().filter(|_| !pages.done) {
        match frame {
            Frame::Packet(one) => pages.add(one),
            // A banner is not a packet, and no form shows it.
            Frame::Banner(line) => pages.is_ami |= line.starts_with(ASTERISK.as_bytes()),
            Frame::Oversize(bytes) => {
                code = Code::Lost;
                let most = MAX_PACKET >> 20;
                to.say(&format!(
                    "a packet of {bytes} bytes was left out: the limit is {most} MiB"
                ));
            }
        }
    }
    code
}

/// Whether a packet begins here, however long it will be.
fn begins_packet(rest: &[u8]) -> bool {
    let keys: [&[u8]; 2] = [b"Response:", b"Event:"];
    keys.iter().any(|key| {
        let head = rest.get(..key.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(key))
    })
}

/// What is printed of a capture.
struct Pages {
    printer: Printer,
    wanted: Wanted,
    /// What can be written now.
    text: Vec<u8>,
    /// The packets of the table that has not ended, and their memory in bytes.
    gathered: Vec<Packet>,
    bytes: usize,
    most_gathered: usize,
    /// A Response, an Event or a banner has come: nothing is shown before.
    is_ami: bool,
    /// Nothing more is shown.
    done: bool,
    /// Actions that were left out.
    requests: usize,
}

impl Pages {
    fn new(printer: Printer, wanted: Wanted, most_gathered: usize) -> Pages {
        Pages {
            printer,
            wanted,
            text: Vec::new(),
            gathered: Vec::new(),
            bytes: 0,
            most_gathered,
            is_ami: false,
            done: false,
            requests: 0,
        }
    }

    fn add(&mut self, packet: Packet) {
        match packet.kind() {
            // A server sends none. It may hold a secret.
            Kind::Unframed if packet.get("Action").is_some() => {
                self.requests += 1;
                return;
            }
            Kind::Unframed => {}
            Kind::Event | Kind::Response => self.is_ami = true,
        }
        let matches = |expr: &Option<Expr>| expr.as_ref().map(|expr| expr.matches(&packet));
        let is_last = matches(&self.wanted.until).unwrap_or(false);
        if !is_last && !matches(&self.wanted.filter).unwrap_or(true) {
            return;
        }
        if let Some(left) = &mut self.wanted.count {
            *left = left.saturating_sub(1);
            self.done = *left == 0;
        }
        if is_last {
            self.wanted.until = None;
            self.done = true;
        }
        self.show(packet);
    }

    fn show(&mut self, packet: Packet) {
        if !self.printer.form.is_rows() && self.printer.form != Form::Table {
            self.printer.captured(&mut self.text, &packet);
            return;
        }
        let packet = packet.kept();
        self.bytes += weight(&packet);
        self.gathered.push(packet);
        if self.bytes > self.most_gathered {
            self.table();
        }
    }

    fn table(&mut self) {
        self.printer.capture(&mut self.text, &self.gathered);
        self.gathered.clear();
        self.bytes = 0;
    }

    /// Writes what is there, once it is known to be AMI.
    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.is_ami {
            out.write_all(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }

    fn end(mut self, to: &mut Output<'_>) -> io::Result<Code> {
        self.table();
        self.write(to.out)?;
        to.out.flush()?;
        let mut notes = self.printer.notes();
        if !self.wanted.quiet {
            notes.extend(self.printer.unmet());
            let left_out = match self.requests {
                0 => None,
                1 => Some("1 Action among them was left out".to_owned()),
                many => Some(format!("{many} Actions among them were left out")),
            };
            notes.extend(left_out);
        }
        notes.iter().for_each(|note| to.say(note));
        let Some(until) = &self.wanted.until else {
            return Ok(Code::Ok);
        };
        to.say(&format!("no packet matched --until: {until}"));
        Ok(Code::Unmet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{Form, Look};

    // Decoding a week's capture must not need as much memory as the capture has
    // bytes, and no row may be lost.
    #[test]
    fn a_capture_that_does_not_fit_is_several_tables() {
        let events = (0..10).map(|n| format!("Event: A\r\nNumber: {n}\r\n\r\n"));
        let capture = events.collect::<String>();
        let rows = |most| {
            let look = Look {
                terminal: false,
                ..Look::STDERR
            };
            let printer = Printer::new(Form::Tsv, look, String::new());
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let pages = Pages::new(printer, Wanted::default(), most);
            let mut to = Output {
                out: &mut out,
                err: &mut err,
                columns: usize::MAX,
                progress: None,
                ask: None,
            };
            let done = decode(&mut capture.as_bytes(), &mut to, pages);
            assert!(done.is_ok_and(|code| code == Code::Ok) && err.is_empty());
            String::from_utf8(out).unwrap()
        };
        let (whole, cut) = (rows(MOST_GATHERED), rows(500));
        assert_eq!(whole.matches("Event\tNumber\n").count(), 1);
        assert!(cut.matches("Event\tNumber\n").count() > 2, "{cut}");
        let numbers = |text: &str| text.matches("A\t").count();
        assert_eq!((numbers(&whole), numbers(&cut)), (10, 10));
    }
}
