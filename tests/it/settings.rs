//! The configuration file and its profiles.

use crate::program::{Amish, Done, amish};
use crate::pty::{Key, Pty};
use crate::secured::{Authority, NEW, Secured};
use crate::servers::{simulator, simulator_with};
use amish::simulator::{Config, Simulator, User};

/// The path of the user's own configuration.
pub const OWN: &str = ".config/amish/config.toml";

/// A word that no message may contain.
pub const SECRET: &str = "hunter2";

/// A server whose users all have the same secret.
pub fn pbx() -> Simulator {
    let users = ["option", "environment", "profile"];
    let user = |name: &str| User::new(name, SECRET, "all", "all");
    simulator_with(Config {
        users: users.map(user).to_vec(),
        ..Config::default()
    })
}

/// `amish args` with this configuration; `PBX` in either stands for the server.
pub fn with(config: &str, args: &str, pbx: &Simulator) -> Amish {
    let address = pbx.addr().to_string();
    let run = amish(&args.replace("PBX", &address));
    run.file(OWN, config.replace("PBX", &address))
}

/// Runs it; returns the last user logged in, and the result.
pub fn user_of(run: Amish, pbx: &Simulator) -> (Option<String>, Done) {
    let before = pbx.received().len();
    let done = run.run();
    assert!(!done.err.contains(SECRET), "{}", done.err);
    let heard = pbx.received().split_off(before).join("\n");
    let mut users = heard.lines().filter_map(|l| l.strip_prefix("Username: "));
    (users.next_back().map(|user| user.trim().to_owned()), done)
}

// With NAME empty, `-u "$NAME"` must not log in without a user, or as the user
// of another source.
#[test]
fn a_user_without_a_name_is_refused() {
    let pbx = pbx();
    for blank in ["", " ", "\t "] {
        let done = with("", "-c Ping", &pbx).arg("-u").arg(blank).run();
        assert!(done.code == 2 && done.err.contains("--user"), "{done:?}");
        let place = format!("{blank}@{}", pbx.addr());
        let of_target = with("", "-c Ping --secret-file s", &pbx).arg(place);
        let of_environment = with("", "-c Ping PBX", &pbx).env("AMISH_USER", blank);
        for run in [of_target, of_environment] {
            let done = run.file("s", SECRET).without_terminal().run();
            let is_told =
                ["no AMI user", "the user stands before @"].map(|one| done.err.contains(one));
            assert!(is_told.contains(&true), "{blank:?}: {done:?}");
        }
    }
    assert_eq!(pbx.received(), [""; 0], "nobody has logged in");
}

// The order is option, environment, profile, default: users who override a
// value for one run rely on it.
#[test]
fn option_environment_and_profile_come_in_their_order() {
    let pbx = pbx();
    let profile = "[profile.p]\ntarget='PBX'\nuser='profile'\nsecret='hunter2'\n";
    let default = "[profile.default]\ntarget='profile@PBX'\nsecret='hunter2'\n";
    let elsewhere = "[profile.default]\ntarget='name.invalid'\nuser='profile'\nsecret='wrong'\n";
    let environment = [("AMISH_USER", "environment"), ("AMISH_SECRET", SECRET)];
    type Given<'a> = &'a [(&'a str, &'a str)];
    let rows: [(&str, &str, Given<'_>, &str); 7] = [
        (profile, "p Ping", &[], "profile"),
        (profile, "p Ping", &environment, "environment"),
        (
            profile,
            "-u option --secret-file s p Ping",
            &[("AMISH_USER", "environment"), ("AMISH_SECRET", "wrong")],
            "option",
        ),
        (profile, "-c Ping", &[("AMISH_TARGET", "p")], "profile"),
        // Servers ignore the case of user names.
        (profile, "-u PROFILE p Ping", &[], "PROFILE"),
        (default, "-c Ping", &[], "profile"),
        (
            elsewhere,
            "-c Ping",
            &[environment[0], environment[1], ("AMISH_TARGET", "PBX")],
            "environment",
        ),
    ];
    for (config, args, env, user) in rows {
        let mut run = with(config, args, &pbx).file("s", SECRET);
        for (key, value) in env {
            run = run.env(key, &value.replace("PBX", &pbx.addr().to_string()));
        }
        let (seen, done) = user_of(run, &pbx);
        assert_eq!(done.code, 0, "{args} {env:?}: {}", done.err);
        assert_eq!(seen.as_deref(), Some(user), "{args} {env:?}");
    }
}

// A key that is silently ignored would mislead the user.
#[test]
fn what_is_wrong_in_the_file_is_named_with_its_place() {
    let pbx = simulator();
    for (config, line, words) in [
        (
            "[profile.p]\ncolour = 'never'\n",
            2,
            "did you mean 'color'?",
        ),
        ("\n[profiles.p]\n", 2, "did you mean 'profile'?"),
        (
            "[profile.p]\nsecrets = 'hunter2'\n",
            2,
            "did you mean 'secret'?",
        ),
        ("[profile.p]\nzzzzzzzz = 1\n", 2, "there are cacert, color"),
        ("[profile.p]\nkeys = 'x'\n", 2, "'keys' is not known here"),
        ("[profile.p]\nconfirm = 'no'\n", 2, "true or false"),
        ("[alias]\nx = ''\n", 2, "text in quotes"),
        ("[alias]\nx = \"Ping 'x\"\n", 2, "quote"),
        ("[alias]\nquit = 'Ping'\n", 2, "a word of amish"),
        ("[alias]\n'a b' = 'Ping'\n", 2, "a letter first"),
        ("alias = 1\n", 1, "[alias]"),
        ("[aliases]\n", 1, "did you mean 'alias'"),
        ("[keys]\nF13 = 'Ping'\n", 2, "did you mean 'F1"),
        ("[keys]\nF2 = '/'\n", 2, "needs something after it"),
        ("[keys]\nedit_mode = 'ed'\n", 2, "\"emacs\" or \"vi\""),
        ("profile = 1\n", 1, "[profile.NAME]"),
        ("[profile]\nuser = 'x'\n", 2, "[profile.NAME]"),
        ("[profile.p]\nuser = 5\n", 2, "text in quotes"),
        ("[profile.p]\nsecret = 42\n", 2, "text in quotes"),
        ("[profile.p]\nuser = ''\n", 2, "text in quotes"),
        ("[profile.p]\ntls = 'hunter2'\n", 2, "true or false"),
        (
            "[profile.p]\ntls = true\ntarget = 'ami://x'\n",
            2,
            "without TLS",
        ),
        ("[profile.p]\ncacert = 'x'\n", 2, "add tls = true"),
        ("[profile.p]\nread_only = 1\n", 2, "true or false"),
        ("[profile.p]\ncolor = 'red'\n", 2, "\"always\""),
        ("[profile.p]\ninit = '/events'\n", 2, "[\"…\", \"…\"]"),
        ("[profile.p]\ninit = ['a', 1]\n", 2, "text in quotes"),
        (
            "[profile.p]\ntarget = 'a b'\n",
            2,
            "cannot be part of a target",
        ),
        (
            "[profile.p]\ntarget = 'x:hunter2@pbx'\n",
            2,
            "must not contain a secret",
        ),
        (
            "[profile.p]\nsecret = 'hunter2'\nsecret_file = 'f'\n",
            3,
            "use only one of",
        ),
        ("[profile.p]\nsecret_command = \"x 'hunter2\"\n", 2, "quote"),
        ("[profile.p]\nsecret_command = ' '\n", 2, "empty"),
        ("[profile.p]\nsecret_command = true\n", 2, "array"),
        ("[profile.p]\nsecret = 'hunter2\n", 2, ""),
        ("[profile.p]\nsecret = hunter2\n", 2, ""),
        (
            "[profile.p]\nsecret = 'a'\nsecret = 'hunter2'\n",
            3,
            "duplicate",
        ),
    ] {
        // As a target too, which might be a profile.
        for args in ["p Ping", "x@PBX Ping"] {
            let (_, done) = user_of(with(config, args, &pbx), &pbx);
            assert_eq!(done.code, 2, "{config}: {}", done.err);
            let place = format!("config.toml:{line}: ");
            let named = done.err.contains(&place) && done.err.contains(words);
            assert!(named, "{config}: {place}…{words}: {}", done.err);
        }
    }
    assert!(pbx.received().is_empty());
}

// Which file is read, and what happens if it cannot be.
#[test]
fn the_configuration_is_found_where_it_belongs() {
    let list = |run: Amish| {
        let done = run.run();
        (done.code, done.out, done.err)
    };
    let profile = |name: &str| format!("[profile.{name}]\ntarget='{name}.example'\n");
    let run = amish("--list-profiles").file(OWN, profile("home"));
    let (code, out, _) = list(run);
    assert_eq!((code, &*out), (0, "home  home.example\n"));
    let run = amish("--list-profiles")
        .file(OWN, profile("home"))
        .file("named", profile("named"))
        .env("AMISH_CONFIG", "named");
    assert_eq!(list(run).1, "named  named.example\n");
    let run = amish("--list-profiles")
        .file(OWN, profile("home"))
        .env("AMISH_CONFIG", "missing");
    let (code, out, err) = list(run);
    assert_eq!((code, &*out), (1, ""), "{err}");
    assert!(err.contains("missing: No such file"), "{err}");
    // A directory in its place does not count as a missing file.
    let run = amish("--list-profiles").file(&format!("{OWN}/x"), "");
    assert_eq!(list(run).0, 1);
    // What needs no server needs no configuration either.
    let run = amish("--demo Ping").file(OWN, "nonsense");
    assert_eq!(list(run).0, 0);
    let run = amish("--decode -").file(OWN, "nonsense");
    assert_eq!(list(run).0, 0);
}

#[test]
fn profiles_are_listed_without_their_secrets() {
    let config = "[profile.b]\nuser='ann'\nsecret='hunter2'\n\
                  [profile.longer]\ntarget='bob@pbx.example.com:6000'\nsecret_command='echo hunter2'\n";
    let done = amish("--list-profiles").file(OWN, config).run();
    assert_eq!(
        done.out,
        "b       127.0.0.1                 ann\nlonger  bob@pbx.example.com:6000  bob\n"
    );
    assert!(!format!("{done:?}").contains(SECRET));
}

// Each setting of a profile works like its option.
#[test]
fn a_profile_has_tls_events_and_read_only() {
    let pbx = pbx();
    let authority = Authority::new("Example CA");
    let secured = Secured::before(pbx.addr(), authority.issue(&["127.0.0.1"]), NEW);
    let port = secured.address.port();
    let head = "user='profile'\nsecret='hunter2'\ncacert='ca.pem'\n";
    for target in [
        format!("target='127.0.0.1:{port}'\ntls=true"),
        format!("target='amis://127.0.0.1:{port}'"),
        format!("target='amis://127.0.0.1:{port}'\ntls=true"),
    ] {
        let config = format!("[profile.p]\n{target}\n{head}read_only=true\nevents='user'\n");
        let run = |args: &str| {
            let run = with(&config, args, &pbx);
            run.file(".config/amish/ca.pem", &authority.pem)
        };
        let (user, done) = user_of(run("p Ping"), &pbx);
        assert_eq!(
            (done.code, user.as_deref()),
            (0, Some("profile")),
            "{target}: {}",
            done.err
        );
        let (user, done) = user_of(run("p DBPut a b c"), &pbx);
        assert_eq!((done.code, user), (2, None), "read only: {}", done.err);
        for (args, mask) in [
            ("p -e --for 0.1s", "user"),
            ("p -e=call --for 0.1s", "call"),
        ] {
            let before = pbx.received().len();
            let done = run(args).run();
            assert_eq!(done.code, 0, "{args}: {}", done.err);
            let heard = pbx.received().split_off(before).join("\n");
            assert!(
                heard.contains(&format!("EventMask: {mask}")),
                "{args}: {heard}"
            );
        }
    }
}

// Users look in the manual page.
#[test]
fn the_manual_page_says_what_the_options_do_not() {
    let page = amish("--man").run();
    assert_eq!((page.code, &*page.err), (0, ""));
    let text = page.out.replace('\\', "");
    let help = amish("--help").run().out;
    let words = help
        .split([' ', ',', '\n', '['])
        .filter(|word| word.starts_with("--"));
    let fixed = [
        ".SH \"EXIT STATUS\"",
        ".SH ENVIRONMENT",
        ".SH FILES",
        ".B 128+n",
        "AMISH_TARGET",
        "AMISH_USER",
        "AMISH_SECRET_FILE",
        "AMISH_CONFIG",
        "AMISH_HISTFILE",
        "config.toml",
        "manager.conf",
    ];
    for word in words.chain(fixed) {
        assert!(text.contains(word), "{word}");
    }
}

/// A shell with this configuration, at its first prompt.
fn shell(config: &str, args: &[&str], env: &[(&str, &str)]) -> (Pty, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    crate::support::write_own(&path, config);
    let mut env = env.to_vec();
    env.push(("AMISH_CONFIG", path.to_str().unwrap()));
    let pty = Pty::spawn(args, &env, 100, 30);
    pty.wait_line("> ");
    (pty, folder)
}

// Per-user defaults belong in the profile.
#[test]
fn a_shell_begins_as_its_profile_says() {
    let pbx = pbx();
    let config = format!(
        "[profile.p]\ntarget='{}'\nuser='profile'\nsecret='hunter2'\n\
         events='user,call'\ncolor='never'\ninit=['/set output json', 'Nonsense', '/set timeout 77']\n",
        pbx.addr()
    );
    let (mut pty, _folder) = shell(&config, &["p"], &[]);
    let prompt = format!("profile@{} (events)> ", pbx.addr());
    pty.wait_typed(&prompt);
    pty.wait_line("Nonsense");
    pty.type_line("/set");
    pty.wait_line(r#""color":"never""#);
    pty.wait_line(r#""output":"json""#);
    pty.wait_line(r#""timeout":"77""#);
    pbx.emit("Hello", "user", &[("From", "profile")]);
    pty.wait_line("\"From\":\"profile\"");
}

// In the shell a profile is a server like any other, with its own user and
// secret, even if others were given at the start.
#[test]
fn connect_takes_the_name_of_a_profile() {
    let (first, second) = (pbx(), pbx());
    let config = format!(
        "[profile.office]\ntarget='{}'\nuser='profile'\nsecret='hunter2'\n\
         [profile.outpost]\ntarget='name.invalid'\n",
        second.addr()
    );
    let start = first.addr().to_string();
    let env = [("AMISH_USER", "option"), ("AMISH_SECRET", SECRET)];
    let (mut pty, _folder) = shell(&config, &[&start], &env);
    pty.type_text("/connect of");
    pty.key(Key::Tab);
    pty.wait_typed(&format!("option@{start}> /connect office"));
    pty.key(Key::Enter);
    pty.wait_typed(&format!("profile@{}> ", second.addr()));
    // Not a profile: the user and the secret of the start apply.
    pty.type_line(&format!("/connect {start}"));
    pty.wait_typed(&format!("option@{start}> "));
}

// A server marked read-only must be so in the shell too, without affecting
// other servers.
#[test]
fn connect_to_a_profile_takes_its_read_only_along() {
    let (first, second) = (pbx(), pbx());
    let config = format!(
        "[profile.first]\ntarget='{}'\nuser='profile'\nsecret='hunter2'\n\
         [profile.second]\ntarget='{}'\nuser='profile'\nsecret='hunter2'\nread_only=true\n",
        first.addr(),
        second.addr()
    );
    let (mut pty, _folder) = shell(&config, &["first"], &[]);
    for (name, pbx, refused) in [("second", &second, true), ("first", &first, false)] {
        pty.type_line(&format!("/connect {name}"));
        pty.wait_typed(&format!("profile@{}> ", pbx.addr()));
        pty.type_line(&format!("DBPut family {name} value"));
        match refused {
            true => pty.wait_line("read-only: DBPut"),
            false => pty.wait_line("Updated database successfully"),
        }
    }
    // Its own line: a client of another test, whose server had this port
    // before, may have come back to it.
    let received = second.received().join("\n");
    assert!(!received.contains("Key: second"), "{received}");
}

// The secret of the starting profile is for its server only.
#[test]
fn connect_elsewhere_asks_instead_of_using_the_secret_of_the_profile() {
    let (first, second) = (pbx(), pbx());
    let config = format!(
        "[profile.default]\ntarget='{}'\nuser='profile'\nsecret='hunter2'\n",
        first.addr()
    );
    let (mut pty, _folder) = shell(&config, &[], &[]);
    pty.type_line(&format!("/connect profile@{}", second.addr()));
    pty.wait_line("Secret for profile:");
    pty.wait_silent();
    pty.type_line("typed");
    pty.wait_line("the user or the secret is wrong");
    let tried = second.received().join("\n");
    assert!(tried.contains("Username: profile"), "{tried}");
}
