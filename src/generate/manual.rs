//! The manual page: the options as clap knows them, then the chapters.

use super::markdown::parse;
use super::roff;
use super::topics::TOPICS;
use crate::cli::Cli;
use clap::CommandFactory;
use clap_mangen::Man;
use std::io::{self, Write};

/// The page, in roff.
///
/// # Errors
/// None in practice, because it is written to memory.
pub fn page() -> io::Result<Vec<u8>> {
    // `-h` leaves out what a screen has no room for; the page has it all.
    let command = Cli::command().mut_args(|arg| arg.hide_short_help(false));
    let man = Man::new(command);
    let mut page = Vec::new();
    let version = env!("CARGO_PKG_VERSION");
    writeln!(page, ".TH AMISH 1 \"\" \"amish {version}\"")?;
    // Options are copied from the page: none must be broken at a hyphen.
    writeln!(page, ".nh\n.ad l")?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    page.extend(options(&man)?.bytes());
    for topic in &TOPICS {
        let chapter = roff::section(topic.section, &parse(topic.text));
        page.write_all(chapter.as_bytes())?;
    }
    Ok(page)
}

/// One section, whose parts are the groups that the options are in.
fn options(man: &Man) -> io::Result<String> {
    let mut text = Vec::new();
    man.render_options_section(&mut text)?;
    let text = String::from_utf8(text).unwrap_or_default();
    let parts = text.replace(".SH OPTIONS\n", "").replace(".SH ", ".SS ");
    // What mandoc warns of.
    let parts = parts.replace("\n.br\n\n.br\n", "\n.sp\n");
    Ok(format!(".SH OPTIONS\n{parts}"))
}
