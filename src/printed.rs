//! What is only printed: completions, the manual page, the profiles.

use crate::cli::Cli;
use crate::error::Error;
use crate::manual;
use crate::settings::Config;
use clap::CommandFactory;

/// The text that `cli` asks for instead of a session, if it does.
pub fn text(cli: &Cli) -> Option<Result<Vec<u8>, Error>> {
    if let Some(shell) = cli.completions {
        // It panics where it cannot write, so it gets memory.
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "amish", &mut text);
        return Some(Ok(text));
    }
    if cli.man {
        return Some(manual::page().map_err(Error::Output));
    }
    cli.list_profiles.then(profiles)
}

fn profiles() -> Result<Vec<u8>, Error> {
    let config = Config::find(|name| std::env::var_os(name))?;
    if let (None, Some(place)) = (&config.path, Config::usual_place()) {
        let place = place.display();
        crate::note(&format!(
            "there is no configuration file; yours would be {place}"
        ));
    }
    Ok(config.list().into_bytes())
}
