//! `init`: from nothing to a profile that works, with options, on a terminal, and
//! with everything that may be wrong.

mod asked;
mod tls;
mod written;

use crate::program::{Done, amish};
use crate::scripted::Scripted;
use crate::secured::{Identity, NEW, Secured};
use crate::servers::{servers, simulator, simulator_with};
use amish::simulator::{Config, User};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// A directory for configuration and secret, `s`, of one test.
pub struct Home(TempDir);

impl Home {
    pub fn new(secret: &str) -> Home {
        let home = Home(TempDir::new().unwrap());
        home.write("s", secret, 0o600);
        home
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn mode(&self, name: &str) -> u32 {
        let about = self.path().join(name).symlink_metadata().unwrap();
        about.permissions().mode() & 0o777
    }

    /// Nothing but the secret is there.
    pub fn is_empty(&self) -> bool {
        !self.path().join("amish").exists()
    }

    /// All that is in it, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(self.path()).unwrap();
                found.push(name.to_str().unwrap().to_owned());
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }

    /// Runs amish with `args`, in which `|` separates, without anybody to ask.
    pub fn run(&self, args: &str) -> Done {
        let secret = self.path().join("s");
        let words = args.split('|');
        let words = words.map(|word| word.replace("SECRET", secret.to_str().unwrap()));
        let run = words.fold(amish(""), |run, word| run.arg(word));
        let run = run.env("XDG_CONFIG_HOME", self.path().to_str().unwrap());
        run.without_terminal().run()
    }
}

// What a playbook does for a hundred PBXs: one line, a code, and a profile that the
// next line uses.
#[test]
fn options_alone_make_a_profile_that_works() {
    for server in servers() {
        let home = Home::new(server.secret);
        let (address, user) = (server.address, server.user);
        let done = home.run(&format!(
            "init|{address}|-u|{user}|--secret-file|SECRET|--name|office|--rights|all"
        ));
        assert_eq!(done.code, 0, "{}: {done:?}", server.name);
        for mark in ["address", "TLS", "login", "rights", "events"] {
            let is_ok = done.out.lines().any(|line| {
                let words: Vec<&str> = line.split_whitespace().take(3).collect();
                words.get(1..) == Some(&["ok", mark])
            });
            assert!(is_ok, "{}: {mark}: {}", server.name, done.out);
        }
        assert!(done.out.ends_with(
            "amish office            a shell on it; help is there\n\
             amish office -e=call    calls as they happen\n"
        ));
        assert!(!done.out.contains("secret\nsecret"), "{}", done.out);
        assert_eq!(
            home.read("amish/office.secret"),
            format!("{}\n", server.secret)
        );
        assert_eq!(
            (home.mode("amish"), home.mode("amish/office.secret")),
            (0o700, 0o600)
        );
        let ping = home.run("office|Ping");
        assert_eq!(ping.code, 0, "{}: {ping:?}", server.name);
    }
}

// Each of the things that go wrong in the first five minutes has its own code, and
// leaves nothing behind that looks as if it worked.
#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let users = [
        User::new("ann", "s3cret", "all", "all"),
        User::new("poor", "s3cret", "call", ""),
    ];
    let pbx = simulator_with(Config {
        users: users.to_vec(),
        ..Config::default()
    });
    let tls = Secured::before(pbx.addr(), Identity::self_signed(&["127.0.0.1"]), NEW);
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = free.local_addr().unwrap();
    drop(free);
    let at = pbx.addr();
    let secured = tls.address;
    for (target, user, secret, mode, code, words) in [
        (
            closed.to_string(),
            "ann",
            "s3cret",
            0o600,
            5,
            "connection refused",
        ),
        (
            at.to_string(),
            "ann",
            "wr0ng",
            0o600,
            4,
            "permit = 127.0.0.1/255.255.255.255",
        ),
        (
            at.to_string(),
            "poor",
            "s3cret",
            0o600,
            7,
            "write = call,agent,user,reporting,originate",
        ),
        (at.to_string(), "ann", "s3cret", 0o644, 2, "chmod 600"),
        (
            format!("amis://{secured}"),
            "ann",
            "s3cret",
            0o600,
            4,
            "SHA-256      ",
        ),
        (
            format!("amis://{at}"),
            "ann",
            "s3cret",
            0o600,
            5,
            "speaks AMI without TLS",
        ),
    ] {
        let home = Home::new(secret);
        home.write("s", secret, mode);
        let before = pbx.received().len();
        let done = home.run(&format!(
            "init|{target}|-u|{user}|--secret-file|SECRET|--rights|act"
        ));
        assert_eq!(done.code, code, "{target} {user}: {done:?}");
        let said = format!("{}{}", done.out, done.err);
        assert!(said.contains(words), "{target} {user}: {said}");
        assert!(!said.contains(secret), "{said}");
        assert!(home.is_empty(), "{target} {user}");
        let heard = pbx.received().split_off(before);
        let logins = heard
            .iter()
            .filter(|one| one.contains("Action: Login"))
            .count();
        assert!(logins <= 1, "a secret is tried once: {heard:?}");
    }
}

// Whoever forgets an option sees all that are missing, in one line.
#[test]
fn what_is_missing_is_told_in_one_line() {
    let pbx = simulator();
    let home = Home::new("demo");
    for (args, words) in [
        (
            "init".to_owned(),
            "needs TARGET, -u NAME, --secret-file FILE, --rights watch|act|stream|all",
        ),
        (
            format!("init|demo@{}", pbx.addr()),
            "needs --secret-file FILE, --rights ",
        ),
        ("init|a|b".to_owned(), "init takes one target"),
        (
            "init|a|-c|Ping".to_owned(),
            "init takes no -c: amish init [TARGET]",
        ),
        (
            "init|a|--insecure".to_owned(),
            "init takes no --insecure: amish init [TARGET]",
        ),
        (
            format!(
                "init|x@{}|--secret-file|SECRET|--rights|all|--name|help",
                pbx.addr()
            ),
            "amish help is a command: choose another name",
        ),
        ("pbx|Ping|--name|x".to_owned(), "--name is for init"),
        ("pbx|--rights|all".to_owned(), "--rights is for init"),
    ] {
        let done = home.run(&args);
        assert_eq!(done.code, 2, "{args}: {done:?}");
        assert!(done.err.contains(words), "{args}: {}", done.err);
        assert_eq!(done.err.lines().count(), 1, "{args}: {}", done.err);
    }
    assert!(home.is_empty() && pbx.received().is_empty());
}

// The lines are pasted into manager.conf: a user of this name would be its head.
#[test]
fn no_user_can_write_other_lines_than_his_own() {
    let pbx = simulator();
    let home = Home::new("demo");
    for user in ["general", "x];y[general]", "a\nb"] {
        for dry in ["", "|--dry-run"] {
            let done = home.run(&format!(
                "init|{}|-u|{user}|--secret-file|SECRET|--rights|watch{dry}",
                pbx.addr()
            ));
            assert_eq!(done.code, 2, "{user}: {done:?}");
            assert!(done.err.contains("the user "), "{user}: {}", done.err);
            assert!(done.out.is_empty(), "{user}: {}", done.out);
        }
    }
    let done = home.run(&format!(
        "init|general@{}|--secret-file|SECRET|--rights|watch",
        pbx.addr()
    ));
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("is not a user"), "{}", done.err);
    assert!(home.is_empty() && pbx.received().is_empty());
}

// A look at what would be done must do nothing, and show no secret.
#[test]
fn a_dry_run_writes_and_connects_to_nothing() {
    let pbx = simulator();
    let home = Home::new("s3cret");
    let done = home.run(&format!(
        "init|{}|-u|ann|--secret-file|SECRET|--rights|watch|--name|office|--dry-run",
        pbx.addr()
    ));
    assert_eq!(done.code, 0, "{done:?}");
    for line in [
        "[ann]",
        "write = reporting",
        "[profile.office]",
        "secret_file = \"office.secret\"",
        "***",
    ] {
        assert!(
            done.out.lines().any(|one| one == line),
            "{line}: {}",
            done.out
        );
    }
    assert!(!done.out.contains("s3cret"), "{}", done.out);
    assert!(home.is_empty() && pbx.received().is_empty());
}

// A profile of such a name could never be reached, and its owner would look for the
// reason on the PBX.
#[test]
fn a_profile_cannot_be_called_as_a_command() {
    for name in ["help", "init", "doctor"] {
        let home = Home::new("x");
        home.write(
            "amish/config.toml",
            &format!("\n[profile.{name}]\ntarget='x'\n"),
            0o600,
        );
        let done = home.run("--list-profiles");
        assert_eq!(done.code, 2, "{done:?}");
        let words =
            format!("config.toml:2: amish {name} is a command: give this profile another name");
        assert!(done.err.contains(&words), "{}", done.err);
    }
}

// The first line of a server, and its refusal, come from whoever listens there.
#[test]
fn what_a_server_says_does_nothing_to_the_terminal() {
    let pbx = Scripted::start(|server| {
        server.send("Asterisk Call Manager/\x1b]0;gone\x07\r\n");
        while server.hear().is_some() {
            server.answer("Error", "Message: \x1b[2Jdenied\r\n");
        }
    });
    let home = Home::new("s3cret");
    let done = home.run(&format!(
        "init|{}|-u|ann|--secret-file|SECRET|--rights|all",
        pbx.address()
    ));
    assert_eq!(done.code, 4, "{done:?}");
    assert!(done.out.contains("\\x1b]0;gone\\x07"), "{}", done.out);
    assert!(done.out.contains("\\x1b[2Jdenied"), "{}", done.out);
    assert!(!done.out.contains('\x1b') && !done.err.contains('\x1b'));
    assert!(home.is_empty());
}
