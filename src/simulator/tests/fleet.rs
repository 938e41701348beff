use std::net::TcpListener;
use std::time::Duration;

use super::{Config, Telnet};
use crate::simulator::{Fleet, Life};

fn fleet(count: u16, config: Config) -> Fleet {
    Fleet::listen("127.0.0.1:0", count, &config).unwrap()
}

fn login(fleet: &Fleet, at: usize, events: &str) -> Telnet {
    let mut telnet = Telnet::to_addr(fleet.addrs()[at]);
    telnet.send(&format!(
        "Action: Login\nUsername: demo\nSecret: demo\nEvents: {events}\n\n"
    ));
    telnet.until("Authentication accepted\r\n\r\n");
    telnet
}

const CALL: &str =
    "Action: Originate\nChannel: Local/100@default\nApplication: Wait\nData: 1\nAsync: true";

// As Asterisk does with `systemname`: in every event behind Privilege, in unique IDs, and not in what answers an action.
#[test]
fn a_name_is_told_where_asterisk_tells_it() {
    let fleet = fleet(2, Config::default());
    let mut first = login(&fleet, 0, "call,user");
    let mut second = login(&fleet, 1, "call,user");
    let event = first.ask("Action: UserEvent\nUserEvent: Hello");
    assert!(!event.contains("SystemName"), "{event}");
    let event = first.until("\r\n\r\n");
    let head =
        "Event: UserEvent\r\nPrivilege: user,all\r\nSystemName: demo1\r\nUserEvent: Hello\r\n";
    assert!(event.starts_with(head), "{event}");
    second.ask(CALL);
    let event = second.until("\r\n\r\n");
    assert!(event.contains("\r\nSystemName: demo2\r\n"), "{event}");
    assert!(event.contains("\r\nUniqueid: demo2-"), "{event}");
    let settings = second.until_answer("Action: CoreSettings\nActionID: 7", "7");
    assert!(settings.contains("\r\nSystemName: demo2\r\n"), "{settings}");
}

// Who tries things on a fleet would not believe a thousand PBXs with the same calls, or in which a call of one is seen on
// another.
#[test]
fn each_has_calls_of_its_own() {
    let config = Config {
        life: Life::Seeded(1),
        ..Config::default()
    };
    let fleet = fleet(2, config);
    let clients = [0, 1].map(|at| (at, login(&fleet, at, "call")));
    let [first, second] = clients.map(|(at, mut telnet)| {
        let mut callers = Vec::new();
        while callers.len() < 2 {
            let event = telnet.until("\r\n\r\n");
            assert!(event.contains(&format!("SystemName: demo{}\r\n", at + 1)));
            if event.starts_with("Event: Newchannel\r\n") {
                let lines = event.lines().filter(|line| line.starts_with("CallerIDNum"));
                callers.extend(lines.map(str::to_owned));
            }
        }
        callers
    });
    assert_ne!(first, second);
}

// A fault in one must be a fault in one only.
#[test]
fn one_that_cuts_its_clients_leaves_those_of_the_others() {
    let fleet = fleet(3, Config::default());
    let mut all: Vec<Telnet> = (0..3).map(|at| login(&fleet, at, "off")).collect();
    fleet.kick(fleet.addrs()[1]);
    assert_eq!(all.remove(1).rest(), "");
    for telnet in &mut all {
        assert!(telnet.ask("Action: Ping").contains("Pong"));
    }
    let received = |at: usize| fleet.received(fleet.addrs()[at]);
    let pings = |at| {
        received(at)
            .iter()
            .filter(|one| one.contains("Ping"))
            .count()
    };
    assert_eq!([pings(0), pings(1), pings(2)], [1, 0, 1]);
}

// As with Asterisk, where each server counts its own clients.
#[test]
fn each_has_its_own_limit_on_clients() {
    let config = Config {
        auth_limit: 2,
        ..Config::default()
    };
    let fleet = fleet(2, config);
    let greeted = |at: usize| {
        let mut telnet = Telnet::to_addr(fleet.addrs()[at]);
        telnet.until("/11.0.0\r\n");
        telnet
    };
    let waiting = [greeted(0), greeted(0)];
    assert_eq!(Telnet::to_addr(fleet.addrs()[0]).rest(), "");
    greeted(1);
    drop(waiting);
}

// The measure of what a client loses: a number that is missing.
#[test]
fn a_flood_is_numbered_without_gaps() {
    let config = Config {
        life: Life::Flood(10_000),
        ..Config::default()
    };
    let fleet = fleet(2, config);
    for at in 0..2 {
        let mut telnet = login(&fleet, at, "user");
        let mut numbers = (0..2_000).map(|_| {
            let event = telnet.until("\r\n\r\n");
            let (_, number) = event.split_once("\r\nNumber: ").unwrap();
            number.trim().parse::<u64>().unwrap()
        });
        let first = numbers.next().unwrap();
        assert!(numbers.zip(first + 1..).all(|(number, due)| number == due));
    }
}

#[test]
fn a_fleet_that_is_dropped_says_goodbye_and_frees_its_ports() {
    let fleet = fleet(3, Config::default());
    let addrs = fleet.addrs().to_vec();
    let clients: Vec<Telnet> = (0..3).map(|at| login(&fleet, at, "system")).collect();
    drop(fleet);
    for (client, addr) in clients.into_iter().zip(addrs) {
        let rest = client.rest();
        assert!(rest.contains("Event: Shutdown\r\n"), "{rest}");
        TcpListener::bind(addr).unwrap();
    }
}

// What a client does not read must delay neither the others nor the end.
#[test]
fn a_client_that_does_not_read_delays_no_other() {
    let config = Config {
        life: Life::Flood(50_000),
        auth_timeout: Duration::from_secs(60),
        ..Config::default()
    };
    let fleet = fleet(2, config);
    let _stuck = login(&fleet, 0, "user");
    let mut other = login(&fleet, 0, "off");
    let mut elsewhere = login(&fleet, 1, "off");
    for _ in 0..200 {
        assert!(other.ask("Action: Ping").contains("Pong"));
        assert!(elsewhere.ask("Action: Ping").contains("Pong"));
    }
}
