//! The socket that serves the metrics, and what may come over it.

use super::scraped::{Exporter, answer};
use crate::program::{amish, signal};
use crate::scripted::Scripted;
use crate::servers::simulator;
use crate::support::until;
use nix::sys::signal::Signal;
use std::io::Write;
use std::net::TcpListener;
use std::process::Command;

// Prometheus asks for OpenMetrics, and gets what it asks for; a person finds the way.
#[test]
fn the_answer_is_in_the_format_that_was_asked_for() {
    let pbx = simulator();
    let exporter = Exporter::start(&[("office", pbx.addr(), "demo")], &[]);
    let accept = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1";
    let open = exporter.ask(format!("GET /metrics HTTP/1.1\r\n{accept}\r\n\r\n"));
    let media_type = "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n";
    assert!(open.contains(media_type), "{open}");
    assert!(
        open.contains("\n# TYPE amish_received_bytes counter\n"),
        "{open}"
    );
    assert!(open.ends_with("\n# EOF\n"), "{open}");
    let plain = exporter.ask("GET /metrics HTTP/1.1\r\n\r\n");
    assert!(
        plain.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"),
        "{plain}"
    );
    assert!(
        plain.contains("\n# TYPE amish_received_bytes_total counter\n"),
        "{plain}"
    );
    let (head, body) = plain.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains(&format!("Content-Length: {}", body.len())),
        "{head}"
    );
    let home = exporter.ask("GET / HTTP/1.1\r\n\r\n");
    assert!(home.ends_with("the metrics are at /metrics\n"), "{home}");
}

// Whoever can reach the port can send anything to it; the next scrape is served.
#[test]
fn requests_of_every_kind_are_answered_or_dropped() {
    let pbx = simulator();
    let exporter = Exporter::start(&[("office", pbx.addr(), "demo")], &[]);
    let long = format!("GET /metrics HTTP/1.1\r\nX: {}", "x".repeat(1 << 20));
    let body = format!(
        "POST /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n{}",
        "y".repeat(9)
    );
    for (request, status) in [
        (long.as_bytes(), "431"),
        (body.as_bytes(), "405"),
        (b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", "404"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "400"),
        (b"Action: Ping\r\n\r\n", "400"),
    ] {
        let answer = exporter.ask(request);
        // A request of a megabyte may be reset before its answer is read.
        let is_dropped = answer.is_empty() && status == "431";
        assert!(
            is_dropped || answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert_eq!(exporter.scrape().of_pbx("up", "office"), Some(1.0));
    }
}

// Connections that say nothing are a few, for a few seconds, and then others are
// served again.
#[test]
fn who_says_nothing_does_not_keep_others_out_for_long() {
    let pbx = simulator();
    let exporter = Exporter::start(&[("office", pbx.addr(), "demo")], &[]);
    let mut silent: Vec<_> = (0..16).map(|_| exporter.connect()).collect();
    until("nobody is refused", || {
        exporter.ask("").starts_with("HTTP/1.1 503 ")
    });
    let mut slow = silent.pop().unwrap();
    slow.write_all(b"GET /met").unwrap();
    let told = answer(&mut slow);
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
    until("nobody is served again", || {
        exporter
            .ask("GET / HTTP/1.1\r\n\r\n")
            .starts_with("HTTP/1.1 200 ")
    });
    drop(silent);
}

// Ctrl-C and systemd end it at once, whatever its PBXs and its readers do.
#[test]
fn a_signal_ends_it_though_a_pbx_hangs() {
    for (sent, code) in [
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
    ] {
        let silent = Scripted::logged_in(|talk| while talk.hear().is_some() {});
        let pbx = simulator();
        let fleet = [
            ("office", pbx.addr(), "demo"),
            ("silent", silent.address(), "demo"),
        ];
        let mut exporter = Exporter::start(&fleet, &[]);
        assert_eq!(exporter.scrape().of_pbx("up", "silent"), Some(0.0));
        let waits = exporter.connect();
        signal(&exporter.child, sent);
        assert_eq!(exporter.child.wait().unwrap().code(), Some(code));
        until("it did not log off", || {
            pbx.received().iter().any(|one| one.contains("Logoff"))
        });
        drop(waits);
    }
}

// Two exporters on one port, and an exporter that all the world can read, are mistakes
// that are seen at the start.
#[test]
fn where_it_listens_is_checked_before_anybody_is_logged_in_to() {
    let pbx = simulator();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let at = |listen: &str| {
        let target = pbx.addr();
        let program = amish(&format!("-u demo {target} metrics --listen {listen}"));
        program.env("AMISH_SECRET", "demo")
    };
    let done = at(&address).run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.err.contains(&format!(
            "cannot listen on {address}: Address already in use"
        )),
        "{done:?}"
    );
    let done = at("9140").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.err.contains("cannot listen on 9140: ") && done.err.contains("127.0.0.1:9140"),
        "{done:?}"
    );
    assert_eq!(pbx.received(), Vec::<String>::new());
    let mut open = Exporter::of(at("0.0.0.0:0"));
    let said = open.end();
    assert!(
        said.contains("warning: anyone who can reach 0.0.0.0:"),
        "{said}"
    );
    let mut near = Exporter::of(at("127.0.0.1:0"));
    assert!(!near.end().contains("warning"));
}

// Without a secret for it nobody is asked at a terminal that is not there, and it says
// what is missing, as for every other mode.
#[test]
fn without_a_secret_it_says_so_and_is_not_up() {
    let pbx = simulator();
    let done = amish(&format!("-u demo {} metrics", pbx.addr()))
        .without_terminal()
        .run();
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.err.contains("no secret for demo"), "{done:?}");
    let down = format!("amish_up{{pbx=\"{}\"}} 0\n", pbx.addr());
    assert!(done.out.contains(&down), "{done:?}");
}

// With many, each is told by its name.
#[test]
fn the_built_in_fleet_is_told_one_by_one() {
    let done = amish("--demo-fleet 3 metrics").run();
    assert_eq!(done.code, 0, "{done:?}");
    for pbx in ["demo1", "demo2", "demo3"] {
        let up = format!("amish_up{{pbx=\"{pbx}\"}} 1\n");
        assert!(done.out.contains(&up), "{}", done.out);
    }
}

// Words that are nearly right must not be sent as an Action, or be ignored.
#[test]
fn what_is_not_for_metrics_is_refused() {
    for (args, words) in [
        ("pbx Ping --listen 127.0.0.1:0", "--listen is for metrics"),
        ("pbx -e --listen 127.0.0.1:0", "--listen is for metrics"),
        ("pbx metrics queues", "metrics takes nothing behind it"),
        ("pbx metrics -c Ping", "exclude each other"),
        ("pbx metrics --dry-run", "--dry-run is not for metrics"),
        ("pbx metrics --no-login", "--no-login is not for metrics"),
        ("pbx -c metrics", "amish TARGET metrics"),
        ("pbx -c /metrics", "amish TARGET metrics"),
    ] {
        let done = amish(args).run();
        assert_eq!(done.code, 2, "{args}: {done:?}");
        assert!(done.err.contains(words), "{args}: {done:?}");
    }
}

// `amish metrics > FILE` of a cron job, for the textfile collector of node_exporter.
#[test]
fn a_broken_pipe_is_no_failure() {
    let text = format!("{} --demo metrics | head -n 1", crate::program::AMISH);
    let done = Command::new("sh").args(["-c", &text]).output().unwrap();
    let out = String::from_utf8(done.stdout).unwrap();
    assert_eq!(
        out,
        "# HELP amish_pbx_info The versions of Asterisk and of AMI.\n"
    );
}
