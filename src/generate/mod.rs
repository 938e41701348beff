//! Output that needs no session: completions, the manual page, the profiles.

use crate::cli::Cli;
use crate::error::Error;
use crate::settings::Config;

mod completions;
mod manual;

pub use manual::Command;

/// The text that `cli` asks for, if it asks for one instead of a session;
/// `commands` are amish's own, `classes` those of events.
pub fn text(cli: &Cli, commands: &[Command], classes: &[&str]) -> Option<Result<Vec<u8>, Error>> {
    if let Some(shell) = cli.information.completions {
        return Some(Ok(completions::script(shell, classes).into_bytes()));
    }
    if cli.information.man {
        return Some(manual::page(commands).map_err(Error::Output));
    }
    cli.information.list_profiles.then(profiles)
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
