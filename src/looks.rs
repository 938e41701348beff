//! How what is written looks: as asked for, and as whatever it is written to
//! can show it.

use crate::ami::Reply;
use crate::error::Error;
use crate::output::{Fields, Form, Look, Palette, Printer, packet};
use crate::settings::Settings;
use std::io::{self, IsTerminal, Write};

/// How replies and events look that are written for `settings`.
///
/// # Errors
/// The fields are none.
pub fn printer(settings: &Settings, target: String) -> Result<Printer, Error> {
    let terminal = io::stdout().is_terminal();
    let form = form(settings.form_on(terminal));
    let mut printer = Printer::new(form, look(settings, terminal), target);
    if let Some(names) = &settings.fields {
        let fields = names.parse::<Fields>();
        printer.set_fields(fields.map_err(|wrong| Error::Syntax(format!("--fields: {wrong}")))?);
    }
    Ok(printer)
}

fn look(settings: &Settings, terminal: bool) -> Look {
    Look {
        palette: Palette::new(settings.colors(terminal)),
        terminal,
        width: terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)),
    }
}

fn form(typed: crate::cli::Form) -> Form {
    match typed {
        crate::cli::Form::Table => Form::Table,
        crate::cli::Form::Packet => Form::Packet,
        crate::cli::Form::Raw => Form::Raw,
        crate::cli::Form::Json => Form::Json,
        crate::cli::Form::Csv => Form::Csv,
        crate::cli::Form::Tsv => Form::Tsv,
    }
}

/// A packet of amish's own business, on stderr.
pub fn say_packets(reply: &Reply) {
    let look = Look {
        palette: Palette::new(false),
        terminal: true,
        width: 80,
    };
    let mut text = Vec::new();
    for one in reply.packets() {
        packet::packet(&mut text, one, &look);
    }
    // There is nowhere left to report that this failed.
    let _ = io::stderr().write_all(&text);
}
