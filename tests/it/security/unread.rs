//! What `doctor security` did not read is not good.

use super::sample;
use crate::program::amish;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

const GENERAL: &str = "[general]\nenabled = yes\nbindaddr = 127.0.0.1\nallowmultiplelogin = no\n";

// Whoever watches the exit code must not see green for a file of which only the
// beginning was judged.
#[test]
fn a_part_that_is_not_read_is_no_success() {
    let ann = "secret = 4f0c9a1d7be2538864c1f0aa92d7be53\ndeny = 0.0.0.0/0.0.0.0\n";
    let users: String = (0..1_001).map(|n| format!("[u{n}]\n{ann}")).collect();
    let bad = "[admin]\nsecret = admin\nwrite = all\n";
    let run = amish("doctor security --file m").file("m", format!("{GENERAL}{users}{bad}"));
    let done = run.run();
    assert_eq!(done.code, 7, "{}", done.out);
    assert!(
        done.out.contains("sections after the first 1000"),
        "{}",
        done.out
    );
}

// Up to Asterisk 20 users.conf has users of the manager, too.
#[test]
fn users_conf_is_named_where_it_lets_somebody_in() {
    for (text, code) in [
        ("[bob]\nhasmanager = yes\n", 7),
        ("[bob]\nhassip = yes\n", 0),
    ] {
        let done = sample("hardened", "").file("users.conf", text).run();
        assert_eq!(done.code, code, "{text}: {}", done.out);
        assert_eq!(done.out.contains("users.conf"), code == 7, "{}", done.out);
    }
}

// A file that is closed is of no use where anybody can put another in its place,
// and of a hundred files the last one counts as well.
#[test]
fn a_directory_that_others_write_to_and_the_last_of_many_files_are_seen() {
    let run = sample("hardened", "");
    std::fs::set_permissions(run.home(), Permissions::from_mode(0o777)).unwrap();
    let done = run.run();
    assert_eq!(done.code, 3, "{}", done.out);
    assert!(
        done.out.contains("put another file in its place"),
        "{}",
        done.out
    );

    let mut run = amish("doctor security --file m")
        .file("m", format!("{GENERAL}#include \"inc*\"\n"))
        .file_with(0o646, "inc999", "; empty\n");
    for number in 100..230 {
        run = run.file(&format!("inc{number}"), "; empty\n");
    }
    let done = run.run();
    assert!(done.out.contains("inc999"), "{}", done.out);
}

// Asterisk gives every class to a user whose write= has an empty word.
#[test]
fn classes_are_read_as_asterisk_reads_them() {
    for (write, said) in [
        ("call,,reporting", "write = all is a shell"),
        ("s,co,call", "write = system,command,config is a shell"),
        ("call,reporting", ""),
        ("call, system", ""),
        ("yes", ""),
    ] {
        let text = format!(
            "{GENERAL}[a]\nsecret = 4f0c9a1d7be2538864c1f0aa92d7be53\ndeny = 0.0.0.0/0.0.0.0\nwrite = {write}\n"
        );
        let done = amish("doctor security --file m").file("m", text).run();
        let has = done.out.contains("is a shell");
        assert!(
            done.out.contains(said) && has != said.is_empty(),
            "{write}: {}",
            done.out
        );
    }
}
