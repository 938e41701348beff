//! How what is written looks: as asked for, and as whatever it is written to
//! can show it.

use crate::ami::Reply;
use crate::output::{Form, Look, Palette, Printer, packet};
use crate::settings::Settings;
use std::io::{self, IsTerminal, Write};

/// How replies and events look that are written for `settings`.
pub fn printer(settings: &Settings, target: String) -> Printer {
    let terminal = io::stdout().is_terminal();
    Printer {
        form: form(settings.form_on(terminal)),
        look: look(settings, terminal),
        target,
    }
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
