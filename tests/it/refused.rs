//! Line breaks and NUL, wherever they can be entered: a second packet hidden in
//! a value would be carried out as if the user had meant it.

use crate::program::{Amish, Done, amish};
use crate::servers::simulator;
use amish::simulator::Simulator;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

fn at(pbx: &Simulator) -> Amish {
    amish(&format!("-u demo {}", pbx.addr())).env("AMISH_SECRET", "demo")
}

/// Nothing was sent except for logging in and off.
#[track_caller]
fn assert_refused(pbx: &Simulator, done: &Done, what: &str) {
    assert_eq!(done.code, 2, "{what}: {} {}", done.out, done.err);
    assert!(!done.err.is_empty(), "{what}: not a word");
    for sent in pbx.received() {
        let own = ["Action: Challenge\n", "Action: Login\n", "Action: Logoff\n"];
        assert!(
            own.iter().any(|own| sent.starts_with(own)),
            "{what}: sent {sent:?}"
        );
    }
}

// Each argument is one word without line structure.
#[test]
fn a_break_in_an_argument_is_refused() {
    let places: [&[&str]; 7] = [
        &["Pi@ng"],
        &["Setvar", "Varia@ble=x", "Value=y"],
        &["Setvar", "Variable=x", "Value=y@Action: Ping"],
        &["Getvar", "chan@nel", "x"],
        &["Ping", "ActionID=a@b"],
        &["cli", "core show@channels"],
        &["-x", "core show@channels"],
    ];
    for place in places {
        for hidden in ["\n", "\r", "\r\n", "\r\n\r\nAction: Ping\r\n\r\n"] {
            let pbx = simulator();
            let words = place.iter().map(|word| word.replace('@', hidden));
            let run = words.fold(at(&pbx), |run, word| run.arg(word));
            assert_refused(&pbx, &run.run(), &format!("{place:?} with {hidden:?}"));
        }
    }
    let pbx = simulator();
    for word in [&b"Pi\xffng"[..], b"Variable=\xed\xa0\x80"] {
        let done = at(&pbx).arg("Ping").arg(OsStr::from_bytes(word)).run();
        assert_refused(&pbx, &done, "an argument that is not UTF-8");
    }
}

// In a script a line feed ends the line, and a carriage return is allowed only
// before one.
#[test]
fn a_break_in_a_script_is_refused() {
    let places = [
        "Pi@ng",
        "Setvar Varia@ble=x Value=y",
        "Setvar Variable=x Value=y@Action:Ping",
        "Setvar Variable=x Value=\"y@z\"",
        "Setvar Variable=x Value='y@z'",
        "Getvar \"chan@nel\" x",
        "Ping ActionID=a@b",
        "cli core show@channels",
        "Action: Pi@ng\n",
        "Action: Getvar\nVari@able: x\n",
        "Action: Getvar\nVariable: x@y\n",
        "Action: Ping\nActionID: a@b\n",
    ];
    for place in places {
        for hidden in ["\r", "\0", "\rAction: Ping"] {
            let line = place.replace('@', hidden);
            let what = format!("{line:?}");
            let pbx = simulator();
            assert_refused(&pbx, &at(&pbx).input(&line).run(), &format!("piped {what}"));
            let file = at(&pbx).file("s", &line).arg("-f").arg("s").run();
            assert_refused(&pbx, &file, &format!("in a file {what}"));
            if hidden != "\0" {
                assert_refused(
                    &pbx,
                    &at(&pbx).arg("-c").arg(&line).run(),
                    &format!("-c {what}"),
                );
            }
        }
    }
}

// The user's name is put into the Login unchanged.
#[test]
fn a_break_in_a_users_name_is_refused() {
    for hidden in ["\n", "\r\nAction: Ping"] {
        let pbx = simulator();
        let name = format!("demo{hidden}");
        let address = pbx.addr().to_string();
        let begin = || amish("").env("AMISH_SECRET", "demo");
        let given = begin().arg("-u").arg(&name).arg(&address).arg("Ping");
        let in_target = begin().arg(format!("{name}@{address}")).arg("Ping");
        let in_environment = begin().env("AMISH_USER", &name).arg(&address).arg("Ping");
        for (run, what) in [
            (given, "-u"),
            (in_target, "user@host"),
            (in_environment, "AMISH_USER"),
        ] {
            let done = run.run();
            assert_refused(&pbx, &done, what);
            assert!(
                !pbx.received().iter().any(|one| one.contains("Ping")),
                "{what}"
            );
        }
    }
}

// A secret is not shown, so nobody sees what else it contains. In clear it
// would become lines of the packet.
#[test]
fn a_break_in_a_secret_sends_no_second_action() {
    for hidden in ["\n", "\r", "\r\n\r\nAction: Ping\r\n\r\n"] {
        let pbx = simulator();
        let secret = format!("demo{hidden}x");
        let from_environment = at(&pbx).env("AMISH_SECRET", &secret).arg("Ping").run();
        let from_file = amish(&format!("-u demo {} --secret-file s Ping", pbx.addr()));
        let from_file = from_file.file("s", &secret).run();
        for done in [from_environment, from_file] {
            assert!(matches!(done.code, 0 | 2 | 4), "{hidden:?}: {done:?}");
        }
        for sent in pbx.received() {
            assert!(!sent.contains("\nSecret:"), "{sent:?}");
            assert!(sent.matches("Action:").count() == 1, "{sent:?}");
        }
    }
}
