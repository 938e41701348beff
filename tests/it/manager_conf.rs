//! manager.conf as read by amish, and by real servers.

mod cases;

use crate::program::amish;
use crate::servers::{Spawned, spawn, spawnable};
use amish::settings::manager_conf::ManagerConf;
use amish::settings::{Destination, SecretSource};
use std::path::Path;

use cases::{CASES, Case};
use std::process::Command;

/// Precedes a snippet without `[general]`.
const GENERAL: &str = "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = PORT\n";

fn write(folder: &Path, port: u16, case: &Case<'_>) {
    let (snippet, files, _) = case;
    for (name, text) in *files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let general = GENERAL.replace("PORT", &port.to_string());
    std::fs::write(folder.join("manager.conf"), general + snippet).unwrap();
}

// A secret read differently than by the server causes a refused login that
// nobody can explain.
#[test]
fn snippets_are_read_as_real_servers_read_them() {
    let mut faults = Vec::new();
    for case in CASES {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), 5038, case);
        let read = ManagerConf::read(folder.path());
        let (snippet, _, users) = case;
        let found = read.as_ref().map(|conf| {
            let secret = |name: &str| conf.secret(name).unwrap().to_owned();
            let mut users: Vec<_> = conf
                .names()
                .iter()
                .map(|name| ((*name).to_owned(), secret(name)))
                .collect();
            users.sort();
            users
        });
        let users = users.map(|users| {
            let with_secret = users.iter().filter(|(_, secret)| !secret.is_empty());
            with_secret
                .map(|(name, secret)| ((*name).to_owned(), (*secret).to_owned()))
                .collect::<Vec<_>>()
        });
        if found != users {
            faults.push(format!("{snippet:?}: {found:?}, not {users:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// The table is right only if servers agree.
#[test]
fn real_servers_read_the_snippets_as_the_table_says() {
    for server in spawnable(&["manager-conf-of-today"]) {
        let own = spawn(&server.name);
        let folder = own.folder();
        let faults = CASES.iter().filter_map(|case| fault(&own, &folder, case));
        let faults: Vec<String> = faults.collect();
        assert!(faults.is_empty(), "{}: {}", server.name, faults.join("\n"));
    }
}

/// How the server's reading of `case` differs from the table.
fn fault(own: &Spawned, folder: &Path, case: &Case<'_>) -> Option<String> {
    let (snippet, files, users) = case;
    let port = own.address.port();
    // The secret stays the same if the user does.
    write(folder, port, &("[before]\nsecret = x\n", &[], None));
    own.cli("manager reload");
    write(folder, port, case);
    own.cli("manager reload");
    let listed = own.cli("manager show users");
    for (name, _) in *files {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    let rows = listed
        .lines()
        .skip_while(|line| !line.starts_with("---"))
        .skip(1);
    let mut names: Vec<&str> = rows.take_while(|line| !line.starts_with("---")).collect();
    names.sort_unstable();
    let refused: &[(&str, &str)] = &[("before", "x")];
    let users = users.unwrap_or(refused);
    let wanted: Vec<&str> = users.iter().map(|(name, _)| *name).collect();
    if names != wanted {
        return Some(format!("{snippet:?}: {names:?}, not {wanted:?}"));
    }
    let mut users = users.iter().filter(|(_, secret)| !secret.is_empty());
    users.find_map(|(name, secret)| {
        let run = amish(&format!("{} Ping -u", own.address)).arg(name);
        let done = run.env("AMISH_SECRET", secret).run();
        (done.code != 0).then(|| format!("{snippet:?}: {name}: {}", done.err))
    })
}

/// The directory of a manager.conf.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("manager.conf"), text).unwrap();
    folder
}

// Through a tunnel another server answers on this machine. It must not get the
// secret of the local one.
#[test]
fn the_file_serves_the_server_of_this_machine_at_its_ports() {
    let plain = "[general]\nenabled=yes\n";
    let other = "[general]\nenabled=yes\nport=6000\n";
    let tls = "[general]\nenabled=yes\ntlsenable=yes\n";
    for (general, target, is_tls, serves) in [
        (plain, "127.0.0.1", false, true),
        (plain, "127.1.2.3", false, true),
        (plain, "localhost", false, true),
        (plain, "[::1]:5038", false, true),
        (plain, "127.0.0.1:5039", false, false),
        (plain, "127.0.0.1", true, false),
        (plain, "192.0.2.1", false, false),
        (plain, "localhost.example", false, false),
        (other, "127.0.0.1", false, false),
        (other, "127.0.0.1:6000", false, true),
        (tls, "127.0.0.1", true, true),
        (tls, "127.0.0.1", false, true),
        ("[general]\nport=5038\n", "127.0.0.1", false, false),
        // As in Asterisk 22 and 16: a port in bindaddr and tlsbindport have no
        // effect.
        (
            "[general]\nenabled=1\nbindaddr=0.0.0.0:6000\n",
            "localhost",
            false,
            true,
        ),
        ("[general]\nenabled=on\nport=80\n", "localhost", false, true),
        (
            "[general]\nenabled=y\nport=6000 x\n",
            "localhost",
            false,
            true,
        ),
        ("[general]\nenabled=no\n", "localhost", false, false),
        (
            "[general]\nenabled=yes\n[general]\nport=6000\n",
            "localhost",
            false,
            true,
        ),
        (
            "[general]\nenabled=yes\ntlsenable=yes\ntlsbindport=6000\n",
            "localhost",
            true,
            true,
        ),
        (
            "[general]\nenabled=yes\nsslenable=yes\ntlsbindaddr=[::]:6000\n",
            "localhost:6000",
            true,
            true,
        ),
    ] {
        let folder = folder(&format!("{general}[a]\nsecret = one\n"));
        let read = ManagerConf::of(&target.parse().unwrap(), is_tls, folder.path());
        assert_eq!(read.is_some(), serves, "{general}{target} {is_tls}");
    }
}

// A user who may read the file need not type what it contains, but amish does
// not guess among users.
#[test]
fn user_and_secret_come_from_the_file_where_nothing_else_names_them() {
    let general = "[general]\nenabled=yes\n";
    let one = folder(&format!("{general}[a]\nsecret=one\n[without]\n"));
    let two = folder(&format!("{general}[a]\nsecret=one\n[b]\nsecret=two\n"));
    let local = |user: Option<&str>| Destination {
        target: Some("127.0.0.1".parse().unwrap()),
        user: user.map(str::to_owned),
        ..Destination::default()
    };
    for (folder, user, found) in [
        (&one, None, "a"),
        (&one, Some("A"), "A"),
        (&two, Some("b"), "b"),
    ] {
        let account = local(user).account(folder.path()).unwrap();
        assert_eq!(account.user, found);
        let path = folder.path().join("manager.conf");
        assert_eq!(account.found_in.as_ref(), Some(&path));
        assert!(!format!("{account:?}").contains("one"));
    }
    // A named secret is used, and the file is not reported as its source.
    let named = Destination {
        secret: Some(SecretSource::Text("other".into())),
        ..local(Some("a"))
    };
    let account = named.account(one.path()).unwrap();
    assert_eq!(account.found_in, None);
}

/// The directory of the file, for the test below when run again without a
/// terminal.
const FOLDER: &str = "AMISH_TEST_MANAGER_CONF";

// Users have different rights, so amish must not choose one of two.
#[test]
fn which_of_two_users_is_asked() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let local = Destination {
            target: Some("127.0.0.1".parse().unwrap()),
            ..Destination::default()
        };
        let error = local.account(Path::new(&folder)).unwrap_err().to_string();
        assert!(error.ends_with("manager.conf has a, b"), "{error}");
        return;
    }
    let two = folder("[general]\nenabled=yes\n[a]\nsecret=one\n[b]\nsecret=two\n");
    let done = Command::new("setsid")
        .arg("--wait")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "manager_conf::which_of_two_users_is_asked"])
        .env(FOLDER, two.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

// A file that includes itself endlessly, or a device, must not hang the login.
#[test]
fn a_file_without_end_is_given_up() {
    let many = "#include manager.conf\n".repeat(40);
    let folder = folder(&format!("[general]\nenabled=yes\n[a]\nsecret=one\n{many}"));
    assert!(ManagerConf::read(folder.path()).is_none());
    std::fs::remove_file(folder.path().join("manager.conf")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("manager.conf")).unwrap();
    assert!(ManagerConf::read(folder.path()).is_none());
}
