//! Every amish command of the README is run, so that none of them can rot.

use crate::program::AMISH;
use crate::secured::{Identity, NEW, Secured};
use crate::servers::simulator_with;
use amish::simulator::{Config, User};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// The lines of every `console` block that are typed, joined with the
/// here-document that follows one.
fn commands(readme: &str) -> Vec<String> {
    let blocks = readme.split("```console\n").skip(1);
    let lines = blocks.flat_map(|rest| rest.split("```").next().unwrap().lines());
    let mut commands: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push(command.to_owned()),
            (None, Some(last)) => *last = format!("{last}\n{line}"),
            (None, None) => panic!("{line}: a block begins with a command"),
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_works() {
    let readme = include_str!("../../README.md");
    let config = Config {
        users: vec![User::new("admin", "secret", "all", "all")],
        ..Config::default()
    };
    let simulator = simulator_with(config);
    let home = tempfile::TempDir::new().unwrap();
    let secret = home.path().join(".secret");
    std::fs::write(&secret, "secret\n").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let identity = Identity::self_signed(&["127.0.0.1", "pbx"]);
    std::fs::write(home.path().join("pbx.pem"), &identity.pem).unwrap();
    let secured = Secured::before(simulator.addr(), identity, NEW);
    let bin = std::path::Path::new(AMISH).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    // Something must happen for a stream of events to show.
    let noise = std::sync::atomic::AtomicBool::new(true);
    let commands = commands(readme);
    assert!(commands.len() > 15, "the README shows its commands");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while noise.load(std::sync::atomic::Ordering::Relaxed) {
                simulator.emit("Newchannel", "call", &[("Channel", "PJSIP/101-1")]);
                std::thread::yield_now();
            }
        });
        for command in &commands {
            let address = match command.contains("amis://") || command.contains("--tls") {
                true => secured.address,
                false => simulator.addr(),
            };
            let here = command.replace("pbx.example.com", &address.to_string());
            let done = Command::new("sh")
                .args(["-c", &here])
                .env_clear()
                .env("HOME", home.path())
                .env("PATH", format!("{}:{path}", bin.display()))
                .env("AMISH_USER", "admin")
                .env("AMISH_SECRET", "secret")
                .current_dir(home.path())
                .output()
                .unwrap();
            let err = String::from_utf8_lossy(&done.stderr);
            if !done.status.success() {
                noise.store(false, std::sync::atomic::Ordering::Relaxed);
                panic!("$ {command}\n{err}");
            }
        }
        noise.store(false, std::sync::atomic::Ordering::Relaxed);
    });
}
