//! `doctor security`: of a file, of a server that is asked, and of what is meant
//! to break it. The files are in tests/security, made after published ones.

mod asked;
mod unread;

use crate::calm::assert_calm;
use crate::program::{Amish, Done, amish};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::path::Path;

/// amish about the sample `name`, whose files only their owner may read.
fn sample(name: &str, args: &str) -> Amish {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/security");
    let mut run = amish(&format!("doctor security --file manager.conf {args}"));
    for entry in folder.join(name).read_dir().unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        run = run.file(name, std::fs::read(&path).unwrap());
    }
    run
}

/// Each finding as `severity section: its first words`, as csv has them.
fn findings(done: &Done) -> Vec<String> {
    let lines = done.out.lines().skip(1);
    let rows = lines.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let words: Vec<&str> = cells[4].split(' ').take(4).collect();
        format!("{} {}: {}", cells[0], cells[1], words.join(" "))
    });
    rows.collect()
}

// The four configurations that people have: what is found in each, and nothing in
// the one that is as it should be.
#[test]
fn published_configurations_have_their_findings_and_a_hardened_one_has_none() {
    let expected: [(&str, i32, &[&str]); 4] = [
        (
            "asterisk",
            0,
            &[
                "grade : grade B, at best:",
                "note general: allowmultiplelogin = yes, as",
                "note general: it listens without TLS",
            ],
        ),
        (
            "freepbx",
            3,
            &[
                "grade : grade F, at best:",
                "critical crm: the secret is the",
                "serious crm: disabled is no option",
                "serious general: it listens without TLS",
                "serious crm: permit= without deny= forbids",
                "warning admin: the secret is a",
                "warning monitor: write = command is",
                "note general: allowmultiplelogin = yes, as",
                "note general: displayconnects = no: logins",
                "note monitor: read = all: it",
                "note admin: write = system,command,config is",
            ],
        ),
        (
            "vicidial",
            3,
            &[
                "grade : grade F, at best:",
                "critical cron: the secret is a",
                "critical updatecron: the secret is a",
                "critical listencron: the secret is a",
                "critical sendcron: the secret is a",
                "serious general: it listens without TLS",
                "serious cron: there is no permit=",
                "serious updatecron: there is no permit=",
                "serious listencron: there is no permit=",
                "serious sendcron: there is no permit=",
                "serious updatecron: write = command is",
                "serious listencron: write = command is",
                "serious cron: write = system,command is",
                "serious sendcron: write = system,command is",
                "note general: allowmultiplelogin = yes, as",
            ],
        ),
        ("hardened", 0, &["grade : grade A, at best:"]),
    ];
    for (name, code, wanted) in expected {
        let done = sample(name, "-o tsv").run();
        assert_eq!(findings(&done), wanted, "{name}: {}", done.err);
        assert_eq!((done.code, &*done.err), (code, ""), "{name}");
    }
}

// What somebody reads: the grade first, then what is not known, then the worst,
// with its line and lines to copy.
#[test]
fn a_person_sees_the_grade_first_and_lines_to_copy() {
    let done = sample("vicidial", "-o table").run();
    let lines: Vec<&str> = done.out.lines().collect();
    assert!(
        lines[0].starts_with("grade F   at best: 4 critical, 9 serious, 1 note (manager.conf)"),
        "{}",
        done.out
    );
    assert!(lines[1].contains("not checked: advisories: the version of Asterisk is not known"));
    let worst = done
        .out
        .find("critical  [cron] manager.conf:8, [updatecron] manager.conf:13");
    let cure = done.out.find("\ndeny = 0.0.0.0/0.0.0.0\n");
    assert!(worst.is_some() && worst < cure, "{}", done.out);
    assert!(!done.out.contains("1234"), "{}", done.out);
    // No grade is better than a guess: whose secret is none, and where.
    let grade = sample("hardened", "-o json").run();
    let first = grade.out.lines().next().unwrap();
    assert!(
        first.starts_with(r#"{"_kind":"security_grade","grade":"A","findings":"nothing found""#),
        "{first}"
    );
    assert!(first.contains("before 18.24.2, 20.9.2, 21.4.2"), "{first}");
}

// Each line of a hardened file that is taken away must be missed.
#[test]
fn each_thing_that_a_hardened_file_has_is_missed_when_it_is_gone() {
    for (line, instead, found) in [
        ("bindaddr = 127.0.0.1", "", "it listens without TLS"),
        ("tlscertfile", ";", "TLS is on without"),
        ("tlsdisablev11 = yes", "", "TLS 1.1 is not"),
        (
            "allowmultiplelogin = no",
            "",
            "allowmultiplelogin = yes, as",
        ),
        (
            "displayconnects = yes",
            "displayconnects = no",
            "displayconnects = no: logins",
        ),
        ("authlimit = 20", "authlimit = 5000", "authlimit = 5000: so"),
        (
            "authtimeout = 10",
            "authtimeout = 600",
            "authtimeout = 600: who",
        ),
        (
            "deny = 0.0.0.0/0.0.0.0",
            "",
            "permit= without deny= forbids",
        ),
        (
            "permit = 10.20.0.17/255.255.255.255",
            "permit = 0.0.0.0/0",
            "permit= and deny= keep",
        ),
        ("read = call,agent", "read = all", "read = all: it"),
        ("write = reporting", "write = config", "write = config is"),
        ("write = reporting", "write = all", "write = all is"),
        ("port = 5038", "webenabled = yes", "webenabled = yes: the"),
        (
            "secret = 4f0c9a1d7be2538864c1f0aa92d7be53",
            "secret =",
            "the secret is empty,",
        ),
        (
            "secret = 4f0c9a1d7be2538864c1f0aa92d7be53",
            "",
            "there is no secret,",
        ),
        (
            "secret = 4f0c9a1d7be2538864c1f0aa92d7be53",
            "secret = k3Yx9",
            "the secret is shorter",
        ),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/security/hardened");
        let text = std::fs::read_to_string(folder.join("manager.conf")).unwrap();
        assert!(text.contains(line), "{line}");
        let text = text.replace(line, instead);
        let run = amish("doctor security --file manager.conf -o tsv");
        let done = run.file("manager.conf", text).run();
        let all = findings(&done).join("\n");
        assert!(all.contains(found), "{line}: {all}{}", done.err);
    }
    // On IPv6 an ACL of IPv4 keeps out nobody; that of both does.
    let text = "[general]\nenabled = yes\nbindaddr = ::\n[a]\nsecret = 4f0c9a1d7be2538864c1\n\
                deny = 0.0.0.0/0.0.0.0\npermit = 10.0.0.5\n";
    let run = amish("doctor security --file m -o tsv").file("m", format!("{text}deny = ::/0\n"));
    let both = run.run();
    assert!(!both.out.contains("keeps out"), "{}", both.out);
    let run = amish("doctor security --file m -o tsv").file("m", text);
    let done = run.run();
    assert!(
        done.out.contains("keeps out nobody who comes by IPv6"),
        "{}",
        done.out
    );
}

// The secrets are in clear in the file.
#[test]
fn a_file_that_others_may_read_or_write_is_told_with_the_command_that_cures_it() {
    let text = "[general]\nenabled = yes\nbindaddr = 127.0.0.1\n";
    for (mode, severity, cure) in [
        (0o640, "", ""),
        (0o644, "serious", "chmod o-r "),
        (0o646, "critical", "chmod o-rw "),
    ] {
        let run = amish("doctor security --file m -o tsv").file_with(mode, "m", text);
        let done = run.run();
        let line = done
            .out
            .lines()
            .find(|line| line.contains("every user of this"));
        let line = line.unwrap_or_default();
        assert!(
            line.starts_with(severity) && line.contains(cure),
            "{mode:o}: {}",
            done.out
        );
        assert_eq!(line.is_empty(), severity.is_empty(), "{mode:o}");
    }
}

// A file may be anything: amish neither hangs nor fills the memory, runs nothing,
// and says what it did not look at.
#[test]
fn no_file_holds_it_up() {
    let general = "[general]\nenabled = yes\nbindaddr = 127.0.0.1\n";
    let bomb: String = (0..40).fold("[t0](!)\na = b\n".to_owned(), |text, n| {
        text + &format!("[t{}](!,t{n},t{n})\n", n + 1)
    });
    let many = "#include m\n".repeat(9);
    let long = format!("{general};{}\n", "x".repeat(2 * 1024 * 1024));
    let binary: Vec<u8> = (0..=255u8).cycle().take(100_000).collect();
    let lines = "a = b\n".repeat(200_000);
    let cases: [(&str, Vec<u8>, i32, &str); 8] = [
        (
            "templates",
            format!("{general}{bomb}").into(),
            2,
            "Asterisk does not take",
        ),
        (
            "a loop",
            format!("{general}#include m\n").into(),
            0,
            "grade",
        ),
        (
            "many loops",
            format!("{general}{many}").into(),
            2,
            "Asterisk does not take",
        ),
        ("long", long.into(), 7, "it is too long"),
        ("binary", binary, 2, "Asterisk does not take"),
        (
            "lines",
            format!("{general}{lines}").into(),
            2,
            "Asterisk does not take",
        ),
        (
            "a device",
            format!("{general}#include /dev/zero\n").into(),
            2,
            "m:4: ",
        ),
        (
            "a program",
            format!("{general}#exec touch RAN\n").into(),
            7,
            "what #exec prints there; it was not run",
        ),
    ];
    for (name, text, code, said) in cases {
        let run = amish("doctor security --file m").file("m", text);
        let ran = run.home().join("RAN");
        let done = run.run();
        assert_eq!(done.code, code, "{name}: {}{}", done.out, done.err);
        let all = format!("{}{}", done.out, done.err);
        assert!(all.contains(said), "{name}: {all}");
        assert!(!ran.exists(), "{name}");
        assert_calm(name, all.as_bytes());
    }
    for (path, said) in [
        ("fifo", "it is a FIFO"),
        ("/dev/zero", "it is a device"),
        ("nowhere", "No such file"),
        ("/", "it is a directory"),
    ] {
        let run = amish(&format!("doctor security --file {path}"));
        mkfifo(&run.home().join("fifo"), Mode::S_IRWXU).unwrap();
        let done = run.run();
        assert!(
            done.code == 1 && done.err.contains(said),
            "{path}: {}",
            done.err
        );
    }
}
