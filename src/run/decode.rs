//! `--decode`: captured bytes in any form, with no connection.

use crate::ami::{Frame, Framer};
use crate::output::Printer;
use crate::perform::Code;
use crate::session::trace;
use std::io::{self, BufRead, BufReader, Read, Write};

/// Why decoding went no further: whose fault it is decides what is said.
pub enum Broken {
    /// The capture cannot be read.
    Input(io::Error),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<io::Error> for Broken {
    fn from(why: io::Error) -> Broken {
        Broken::Output(why)
    }
}

/// Prints every packet that `input` holds: bytes of a server, or a trace, of
/// which it is those that were received.
///
/// # Errors
/// Reading or writing failed.
pub fn run(
    input: &mut dyn Read,
    out: &mut dyn Write,
    err: &mut dyn Write,
    mut printer: Printer,
) -> Result<Code, Broken> {
    let mut input = BufReader::new(input);
    let start = input.fill_buf().map_err(Broken::Input)?;
    let is_trace = start.starts_with(trace::MAGIC);
    let mut input: Box<dyn Read> = match is_trace {
        true => Box::new(trace::Received::of(input)),
        false => Box::new(input),
    };
    let mut framer = Framer::for_capture();
    let mut text = Vec::new();
    let mut gathered = Vec::new();
    let mut code = Code::Ok;
    loop {
        while let Some(frame) = framer.next_frame() {
            match frame {
                // What columns a table has is known at its end.
                Frame::Packet(one) if printer.form.is_rows() => gathered.push(one),
                Frame::Packet(one) => printer.captured(&mut text, &one),
                // It is no packet; the forms have no place for it.
                Frame::Banner(_) => {}
                Frame::Oversize(bytes) => {
                    code = Code::Lost;
                    writeln!(
                        err,
                        "amish: a packet of {bytes} bytes was left out: 64 MiB are kept at most"
                    )?;
                }
            }
        }
        // Before reading on, which may wait: a capture can still be growing.
        out.write_all(&text)?;
        text.clear();
        match input.read(framer.space()) {
            Ok(0) => break,
            Ok(count) => framer.filled(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Broken::Input(error)),
        }
    }
    printer.capture(&mut text, &gathered);
    out.write_all(&text)?;
    out.flush()?;
    for note in printer.notes().into_iter().chain(printer.unmet()) {
        writeln!(err, "amish: {note}")?;
    }
    if !framer.rest().trim_ascii().is_empty() {
        let count = framer.rest().len();
        writeln!(
            err,
            "amish: the last {count} bytes are not a whole packet and were left out"
        )?;
    }
    Ok(code)
}
