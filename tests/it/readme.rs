//! Runs every amish command of the README, so that none becomes outdated.

use crate::program::{AMISH, amish};
use crate::pty::Pty;
use crate::secured::{Identity, NEW, Secured};
use crate::servers::simulator_with;
use amish::exit_code;
use amish::language::TABLE;
use amish::simulator::{Config, User};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// The typed lines of every `console` block, each joined with its
/// here-document.
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
    // A stream of events needs something to show.
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

// The example is copied by whoever has no user yet: one that listens on
// loopback and permits an address elsewhere lets nobody in.
#[test]
fn the_example_of_manager_conf_lets_its_users_in() {
    let readme = include_str!("../../README.md");
    let blocks = readme.split("```ini\n").skip(1);
    let mut block = blocks.filter_map(|rest| rest.split("```").next());
    let block = block.find(|text| text.contains("permit")).unwrap();
    let values = |key: &str| -> Vec<&str> {
        let lines = block.lines().filter_map(|line| line.split_once('='));
        let lines = lines.filter(|(name, _)| name.trim() == key);
        lines
            .map(|(_, value)| value.split([';', '/']).next().unwrap().trim())
            .collect()
    };
    let is_near = |address: &&str| address.starts_with("127.");
    assert_eq!(values("enabled"), ["yes"]);
    assert!(values("permit").len() > 1);
    for bound in values("bindaddr") {
        let permits = values("permit");
        assert!(!is_near(&bound) || permits.iter().all(is_near), "{block}");
    }
}

// A code or command missing from one of the four would be looked up in vain:
// the manual page once lacked 7.
#[test]
fn codes_and_commands_are_told_alike_everywhere() {
    let readme = include_str!("../../README.md");
    let help = amish("--help").run().out;
    let manual = amish("--man").run().out.replace("\\-", "-");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let help = words(&help);
    for (code, meaning) in exit_code::TABLE {
        let name = code.name();
        let row = format!("| {name} | {meaning} |\n");
        assert!(readme.contains(&row), "README needs {row}");
        let told = format!("{name} {meaning}");
        assert!(help.contains(&told), "--help needs {told}: {help}");
        let told = format!(".B {name}\n{meaning}\n");
        assert!(manual.contains(&told), "--man needs {told}");
    }
    let ranks = format!("the first of {}", exit_code::ranks());
    for text in [readme, &help, &manual] {
        assert!(text.contains(&ranks), "{ranks}");
    }
    for one in TABLE {
        let typed = format!("/{} {}", one.name, one.takes);
        let cell = |text: &str| text.trim().replace('|', "\\|");
        let row = format!("| `{}` | {} |\n", cell(&typed), cell(one.about));
        assert!(readme.contains(&row), "README needs {row}");
        let named = help
            .split([' ', '.'])
            .any(|word| word == format!("/{}", one.name));
        assert!(named, "--help needs /{}", one.name);
        let told = format!("\\fB/{}\\fR {}\n{}\n", one.name, one.takes, one.about);
        assert!(manual.contains(&told), "--man needs {told}");
    }
    let mut pty = Pty::spawn(&["--demo", "--no-pager"], &[], 120, 60);
    pty.wait_for("a prompt", |screen| screen.contents().contains("> "));
    pty.type_line("?");
    for one in TABLE {
        pty.wait_line(format!("/{} {}", one.name, one.takes).trim());
    }
}
