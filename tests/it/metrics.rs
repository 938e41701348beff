//! `metrics`: what the figures say, how often a PBX is asked for them, and whom a
//! scrape waits for.

mod hostile;
mod older;
mod scraped;
mod served;

use crate::live::Client;
use crate::program::{amish, amish_at};
use crate::scripted::Scripted;
use crate::servers::{Server, servers, simulator, simulator_with};
use crate::support::{BOUND, until};
use amish::ami::Packet;
use amish::simulator::{Config, Simulator, User};
use scraped::{Exporter, Figures, judged_by_promtool};
use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

const DEVICE: [&str; 9] = [
    "unknown",
    "not_in_use",
    "in_use",
    "busy",
    "invalid",
    "unavailable",
    "ringing",
    "ring_inuse",
    "on_hold",
];

fn value(packet: &Packet, key: &str) -> String {
    String::from_utf8_lossy(packet.get(key).unwrap_or_default()).into_owned()
}

fn number(packet: &Packet, key: &str) -> f64 {
    value(packet, key).parse().unwrap_or(0.0)
}

/// What a server says of its channels and queues, as the figures that it must be.
fn said(client: &mut Client, pbx: &str) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    let channels = client.ask("CoreShowChannels", &[]);
    let channels = channels
        .iter()
        .filter(|one| one.is_event("CoreShowChannel"));
    all.push((
        format!("amish_channels{{pbx=\"{pbx}\"}}"),
        channels.count() as f64,
    ));
    let status = client.ask("QueueStatus", &[]);
    let of = |event: &'static str| status.iter().filter(move |one| one.is_event(event));
    for params in of("QueueParams") {
        let queue = value(params, "Queue");
        let mut add = |name: &str, labels: &str, figure: f64| {
            all.push((
                format!("amish_queue_{name}{{pbx=\"{pbx}\",queue=\"{queue}\"{labels}}}"),
                figure,
            ));
        };
        let own = |event| of(event).filter(|one| value(one, "Queue") == queue);
        add("waiting", "", number(params, "Calls"));
        add("completed_total", "", number(params, "Completed"));
        add("abandoned_total", "", number(params, "Abandoned"));
        let waits = own("QueueEntry").map(|one| number(one, "Wait"));
        add("longest_wait_seconds", "", waits.fold(0.0, f64::max));
        let paused = own("QueueMember").filter(|one| value(one, "Paused") == "1");
        add("paused_members", "", paused.count() as f64);
        for (state, word) in DEVICE.iter().enumerate() {
            let members =
                own("QueueMember").filter(|one| value(one, "Status") == state.to_string());
            add(
                "members",
                &format!(",state=\"{word}\""),
                members.count() as f64,
            );
        }
    }
    all
}

/// The calls and channels that the CLI counts.
fn counted(client: &mut Client, pbx: &str) -> Vec<(String, f64)> {
    let answer = client.ask("Command", &[("Command", "core show channels count")]);
    let text = String::from_utf8_lossy(answer[0].bytes()).into_owned();
    let count = |what: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.contains(what))
            .expect("a count");
        let line = line.trim_start_matches("Output: ");
        line.split(' ').next().unwrap().parse().unwrap()
    };
    vec![
        (
            format!("amish_calls{{pbx=\"{pbx}\"}}"),
            count("active call"),
        ),
        (
            format!("amish_channels{{pbx=\"{pbx}\"}}"),
            count("active channel"),
        ),
    ]
}

fn place(client: &mut Client, channel: &str, exten: &str) {
    let call = [
        ("Channel", channel),
        ("Context", "default"),
        ("Exten", exten),
        ("Priority", "1"),
        ("Async", "true"),
    ];
    assert_eq!(client.ask("Originate", &call)[0].name(), b"Success");
}

fn once(server: &Server) -> Figures {
    let done = amish_at(server.address, server.user, server.secret, "metrics").run();
    assert_eq!(done.code, 0, "{}: {done:?}", server.name);
    Figures::of(&done.out)
}

// A figure that is not what the CLI shows at that moment wakes somebody at night, or
// does not. Calls are there, and callers who wait, and a member who is paused.
#[test]
fn figures_are_what_the_server_says_at_that_moment() {
    for server in servers() {
        let pbx = server.address.to_string();
        let mut client = Client::log_in(&server, "off");
        place(&mut client, "Local/100@default", "310");
        place(&mut client, "Local/100@default", "100");
        if !server.is_real() {
            let pause = [
                ("Queue", "sales"),
                ("Interface", "PJSIP/104"),
                ("Paused", "true"),
            ];
            client.ask("QueuePause", &pause);
        }
        // A real server has other clients, and calls of theirs.
        until(&format!("{}: it never says the same", server.name), || {
            let before = [said(&mut client, &pbx), counted(&mut client, &pbx)].concat();
            let figures = once(&server);
            let after = [said(&mut client, &pbx), counted(&mut client, &pbx)].concat();
            assert_eq!(
                figures.get(&format!("amish_up{{pbx=\"{pbx}\"}}")),
                Some(1.0)
            );
            let is_told = |(name, figure): &(String, f64)| figures.get(name) == Some(*figure);
            before == after && before.len() > 20 && before.iter().all(is_told)
        });
        client.ask("Hangup", &[("Channel", "/^Local.100@default/")]);
    }
}

// The text is for a program of others, which refuses all of it for one line.
#[test]
fn promtool_takes_what_every_server_says() {
    for server in servers() {
        let done = amish_at(server.address, server.user, server.secret, "metrics").run();
        judged_by_promtool(&done.out);
    }
    let done = amish("--demo metrics").run();
    assert_eq!(done.code, 0, "{done:?}");
    judged_by_promtool(&done.out);
    assert!(
        done.out.contains("amish_up{pbx=\"demo\"} 1\n"),
        "{}",
        done.out
    );
}

// A right that is missing is one line on the terminal of who starts it, and no reason
// to have nothing of this PBX, nor a line with every scrape.
#[test]
fn what_a_user_may_not_ask_is_absent_and_told_once() {
    let config = Config {
        users: vec![User::new("watch", "watch", "", "")],
        ..Config::default()
    };
    let pbx = simulator_with(config);
    let mut exporter = Exporter::start(&[("office", pbx.addr(), "watch")], &[]);
    let (first, second) = (exporter.scrape(), exporter.scrape());
    for figures in [&first, &second] {
        assert_eq!(figures.of_pbx("up", "office"), Some(1.0));
        assert_eq!(
            figures.get("amish_queue_waiting{pbx=\"office\",queue=\"sales\"}"),
            Some(0.0)
        );
        assert_eq!(figures.of_pbx("channels", "office"), None);
    }
    let told = exporter.end();
    let lacks = told
        .lines()
        .filter(|line| line.contains("no figures of channels"));
    assert_eq!(lacks.count(), 1, "{told}");
    assert!(
        !pbx.received()
            .iter()
            .any(|one| one.contains("CoreShowChannels")),
        "not asked"
    );
}

/// How often each of these was asked for.
fn asked(pbx: &Simulator, action: &str) -> usize {
    let line = format!("Action: {action}\n");
    let requests = pbx.received().into_iter();
    requests
        .filter(|one| format!("{one}\n").starts_with(&line))
        .count()
}

// Two Prometheus servers, a person with curl and a dashboard at once are no reason to
// ask a busy PBX more often.
#[test]
fn however_many_scrape_a_pbx_is_asked_once() {
    let pbx = simulator();
    let exporter = Exporter::start(&[("office", pbx.addr(), "demo")], &[]);
    let scrapes = || {
        std::thread::scope(|scope| {
            let each: Vec<_> = (0..8).map(|_| scope.spawn(|| exporter.scrape())).collect();
            each.into_iter()
                .map(|one| one.join().unwrap())
                .collect::<Vec<_>>()
        })
    };
    for figures in scrapes().into_iter().chain(scrapes()) {
        assert_eq!(figures.of_pbx("up", "office"), Some(1.0));
        assert_eq!(figures.of_pbx("channels", "office"), Some(0.0));
    }
    for action in [
        "Ping",
        "QueueStatus",
        "CoreShowChannels",
        "CoreStatus",
        "Command",
    ] {
        assert_eq!(asked(&pbx, action), 1, "{action}");
    }
}

// One PBX that hangs must not take the figures of the others away, or hold them up
// until Prometheus gives up; that it is not up must be seen.
#[test]
fn a_pbx_that_hangs_is_not_up_and_holds_up_nobody() {
    let pbx = simulator();
    let silent = Scripted::logged_in(|talk| while talk.hear().is_some() {});
    let fleet = [
        ("office", pbx.addr(), "demo"),
        ("silent", silent.address(), "demo"),
    ];
    let exporter = Exporter::start(&fleet, &["--timeout", "600"]);
    for _ in 0..2 {
        let figures = exporter.scrape();
        assert_eq!(figures.of_pbx("up", "office"), Some(1.0));
        assert_eq!(figures.of_pbx("up", "silent"), Some(0.0));
        assert_eq!(figures.of_pbx("channels", "silent"), None);
    }
    drop(exporter);
}

// A question that is never answered is the end of its link, or an exporter would wait
// until somebody starts it anew.
#[test]
fn a_link_over_which_nothing_is_answered_is_made_anew() {
    let mut links = 0;
    let server = Scripted::logged_in(move |talk| {
        links += 1;
        match links {
            1 => {
                while talk
                    .hear()
                    .is_some_and(|one| one.get("Action") != Some("Logoff"))
                {}
            }
            _ => talk.carry_on(),
        }
    });
    let mut exporter = Exporter::start(&[("office", server.address(), "demo")], &["-t", "1"]);
    until("it is never up", || {
        exporter.scrape().of_pbx("up", "office") == Some(1.0)
    });
    assert_eq!(
        exporter.scrape().of_pbx("reconnects_total", "office"),
        Some(1.0)
    );
    let told = exporter.end();
    assert!(
        told.contains("office: no answer to Events in time: the connection counts as dead"),
        "{told}"
    );
}

// What was true when the PBX was last heard must not go on being told.
#[test]
fn figures_of_a_pbx_that_is_gone_are_not_told_and_come_back_with_it() {
    let pbx = simulator();
    let exporter = Exporter::start(&[("office", pbx.addr(), "demo")], &[]);
    assert_eq!(exporter.scrape().of_pbx("channels", "office"), Some(0.0));
    pbx.emit("Hangup", "call", &[]);
    until("events are not counted", || {
        let events = "amish_events_total{pbx=\"office\",class=\"call\"}";
        exporter.scrape().get(events) == Some(1.0)
    });
    pbx.kick();
    until("the end is not seen", || {
        let figures = exporter.scrape();
        assert!(figures.of_pbx("received_bytes_total", "office") > Some(1_000.0));
        figures.of_pbx("up", "office") == Some(0.0)
            && figures.of_pbx("channels", "office").is_none()
    });
    until("it is not up again", || {
        let figures = exporter.scrape();
        figures.of_pbx("up", "office") == Some(1.0)
            && figures.of_pbx("channels", "office") == Some(0.0)
            && figures.of_pbx("reconnects_total", "office") == Some(1.0)
            && figures.get("amish_gaps_total{pbx=\"office\",reason=\"reconnect\"}") == Some(1.0)
    });
}

// A wrong secret is tried once: an exporter runs for months, and must not be what
// fail2ban sees. The others are as they are, and one that was away is tried again.
#[test]
fn who_refuses_the_login_is_not_asked_again_and_who_was_away_is() {
    let (pbx, other) = (simulator(), simulator());
    let away = scraped::free_address();
    let fleet = [
        ("office", pbx.addr(), "demo"),
        ("wrong", other.addr(), "nobody"),
        ("away", away, "demo"),
    ];
    let mut exporter = Exporter::start(&fleet, &[]);
    let up = |figures: &Figures| ["office", "wrong", "away"].map(|pbx| figures.of_pbx("up", pbx));
    until("they never settle", || {
        up(&exporter.scrape()) == [Some(1.0), Some(0.0), Some(0.0)]
    });
    let late = Simulator::listen(&away.to_string(), Config::default()).unwrap();
    until("it is not found", || {
        up(&exporter.scrape()) == [Some(1.0), Some(0.0), Some(1.0)]
    });
    assert_eq!(asked(&other, "Login"), 1);
    let told = exporter.end();
    assert!(
        told.contains("amish: wrong: the server refused the login"),
        "{told}"
    );
    assert!(
        told.contains("amish: away: ") && told.contains("; trying again"),
        "{told}"
    );
    drop(late);
    // Printed once, it is a failure like any other.
    let done = amish_at(other.addr(), "nobody", "nobody", "metrics").run();
    assert_eq!(done.code, 4, "{done:?}");
    assert!(
        done.out
            .contains(&format!("amish_up{{pbx=\"{}\"}} 0\n", other.addr())),
        "{}",
        done.out
    );
    let done = amish_at(scraped::free_address(), "demo", "demo", "metrics").run();
    assert_eq!(done.code, 5, "{done:?}");
    assert!(done.took < BOUND + Duration::from_secs(10), "{done:?}");
}

// A cron job at the start of the machine is earlier than Asterisk.
#[test]
fn printed_once_it_waits_for_a_pbx_if_asked_to() {
    let away = scraped::free_address();
    let program = amish_at(away, "demo", "demo", "metrics --reconnect");
    let (mut child, _home) = program.spawn();
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    err.read_line(&mut told).unwrap();
    assert!(told.ends_with("; trying again\n"), "{told}");
    let _pbx = Simulator::listen(&away.to_string(), Config::default()).unwrap();
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(Figures::of(&out).of_pbx("up", &away.to_string()), Some(1.0));
}
