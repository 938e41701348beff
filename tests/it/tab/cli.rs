//! What Tab offers after `cli`.

use super::prompt::Shell;
use super::{call, servers_of_our_own};
use crate::live::Client;

/// The server's own completion, parsed independently.
fn completed(client: &mut Client, line: &str) -> Vec<String> {
    let word = line.rsplit(' ').next().unwrap_or_default();
    let text = format!("_command matchesarray \"{line}\" \"{word}\"");
    let answer = client.ask("Command", &[("Command", &text)]);
    let said = match answer[0].get("Output") {
        Some(line) => line,
        None => answer[0].body().expect("an output"),
    };
    let said = String::from_utf8_lossy(said).into_owned();
    let mut names: Vec<String> = Vec::new();
    for name in said.split(' ').skip(1).filter(|name| !name.is_empty()) {
        let name = name.trim_end().to_owned();
        // Over AMI there is no command `!`; at the prompt it runs a local one.
        let is_local = name == "!" && line.is_empty();
        if name != "_EOF_" && !is_local && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

// Users of `asterisk -r` find the same after `cli`, with any rights and
// remotely.
#[test]
fn the_cli_is_completed_as_the_server_completes_it() {
    let lines = [
        "",
        "c",
        "core ",
        "core s",
        "core show ",
        "core show ch",
        "core show channel ",
        "core show channels ",
        "core show channels c",
        "core show calls ",
        "core show help ",
        "core show help core ",
        "core set ",
        "core stop ",
        "core nosuch",
        "database ",
        "database show ",
        "dialplan ",
        "dialplan show ",
        "dialplan show d",
        "manager ",
        "manager show ",
        "manager show command Q",
        "manager show command Ping Q",
        "manager show user ",
        "module ",
        "module show ",
        "queue ",
        "queue show ",
        "queue show s",
        "QUEUE SH",
        "channel request hangup ",
        "pjsip show ",
        "nosuch ",
    ];
    for (server, _own) in servers_of_our_own() {
        let mut client = Client::log_in(&server, "off");
        call(&mut client, &server);
        let mut shell = Shell::on(&server);
        for line in lines {
            let typed = format!("cli {line}");
            shell.offers(&typed, || completed(&mut client, line));
        }
    }
}
