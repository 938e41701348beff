//! Output that needs no session: completions, the manual and its page, the
//! profiles.

use crate::cli::Cli;
use crate::error::Error;
use crate::output::{Palette, signs};
use crate::settings::Config;

mod completions;
mod manual;
mod markdown;
mod roff;
mod terminal;
mod topics;

/// The text that `cli` asks for, if it asks for one instead of a session;
/// `classes` are those of events.
pub fn text(cli: &Cli, classes: &[&str]) -> Option<Result<Vec<u8>, Error>> {
    if let Some(shell) = cli.information.completions {
        return Some(Ok(completions::script(shell, classes).into_bytes()));
    }
    if cli.information.man {
        return Some(manual::page().map_err(Error::Output));
    }
    cli.information.list_profiles.then(profiles)
}

/// The chapter that `typed` names, or the list of chapters, in lines of `width`
/// columns.
///
/// # Errors
/// There is no such chapter.
pub fn help(typed: Option<&str>, width: usize, palette: Palette) -> Result<String, Error> {
    let text = match typed {
        Some(typed) => topics::find(typed).map_err(Error::Syntax)?.text.to_owned(),
        None => topics::list(),
    };
    // Before lines are measured: three dots are wider than an ellipsis.
    let blocks = markdown::parse(&signs(&text));
    Ok(terminal::page(&blocks, width, palette))
}

fn profiles() -> Result<Vec<u8>, Error> {
    let config = Config::find(|name| std::env::var_os(name))?;
    if let (None, Some(place)) = (&config.path, Config::usual_place()) {
        let place = place.display();
        crate::streams::note(&format!(
            "there is no configuration file; yours would be {place}"
        ));
    }
    Ok(config.list().into_bytes())
}
