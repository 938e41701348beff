//! The shell on several PBXs: whom a line is for, and what is shown of all.

mod commands;

use crate::back::at;
use crate::pty::{Key, Pty, rows};
use crate::servers::simulator;
use crate::support::until;
use crate::suspend::job_with;
use amish::simulator::{Config, Simulator};
use std::fs;
use std::net::TcpListener;
use tempfile::TempDir;

const NAMES: [&str; 3] = ["branch", "depot", "office"];

/// Three PBXs as profiles, and a group of two.
struct House {
    pbxs: Vec<Simulator>,
    folder: TempDir,
}

impl House {
    fn new() -> House {
        House::of(NAMES.map(|_| simulator()).into())
    }

    fn of(pbxs: Vec<Simulator>) -> House {
        let targets = pbxs.iter().map(|pbx| pbx.addr().to_string()).collect();
        House {
            folder: config(targets),
            pbxs,
        }
    }

    fn shell(&self, word: &str, args: &[&str]) -> Pty {
        shell(&self.folder, word, args)
    }
}

fn config(targets: Vec<String>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "[group.small]\nmembers = [\"office\", \"branch\"]\n".to_owned();
    for (name, target) in NAMES.iter().zip(targets) {
        text += &format!("[profile.{name}]\ntarget = \"{target}\"\nuser = \"demo\"\n");
    }
    fs::write(folder.path().join("config.toml"), text).unwrap();
    folder
}

fn shell(folder: &TempDir, word: &str, args: &[&str]) -> Pty {
    let config = folder.path().join("config.toml");
    let env = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_CONFIG", config.to_str().unwrap()),
    ];
    let args: Vec<&str> = args.iter().copied().chain([word]).collect();
    Pty::spawn(&args, &env, 120, 40)
}

/// The rows of the screen below the last line with `line`.
fn below(pty: &Pty, line: &str) -> Vec<String> {
    pty.look(|screen| {
        let rows = rows(screen);
        let at = rows.iter().rposition(|row| row.contains(line)).unwrap();
        rows[at + 1..].to_vec()
    })
}

fn pings(pbx: &Simulator) -> usize {
    let is_ping = |text: &&String| text.to_lowercase().contains("actionid: mine");
    pbx.received().iter().filter(is_ping).count()
}

// What forty windows were for: one line, one table, and each PBX was asked once.
#[test]
fn a_line_is_for_all_and_shown_as_one_table() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_line("3 of 3 PBXs connected");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("3 answers of 3 PBXs");
    pty.wait_typed("all> ");
    let shown = below(&pty, "Ping ActionID=mine");
    assert!(shown[0].starts_with("PBX"), "{shown:?}");
    for (row, name) in shown[2..].iter().zip(NAMES) {
        assert!(row.starts_with(name) && row.contains("Pong"), "{shown:?}");
    }
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [1, 1, 1]);
}

// One of many is asked as if it were alone, and the next line is for all again.
#[test]
fn a_name_before_a_line_sends_it_to_that_one() {
    let house = House::new();
    let mut pty = house.shell("office,branch,depot", &["-o", "packet"]);
    pty.wait_typed("office,branch,depot> ");
    pty.type_line("@branch Ping ActionID=mine");
    pty.wait_line("Ping: Pong");
    pty.wait_typed("office,branch,depot> ");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [1, 0, 0]);
    pty.type_line("@depot,office Ping ActionID=mine");
    pty.wait_line("# depot");
    pty.wait_line("# office");
    pty.wait_typed("office,branch,depot> ");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [1, 1, 1]);
    pty.type_line("@brnch Ping ActionID=mine");
    pty.wait_line("there is no PBX brnch here; did you mean @branch?");
    pty.type_line("@small Ping ActionID=mine");
    pty.wait_line("# branch");
    pty.wait_typed("office,branch,depot> ");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [2, 1, 2]);
    // A packet is for one until it ends, and a note may name another in each line.
    pty.paste("@depot Action: Ping\nActionID: mine1\n\n@branch Ping ActionID=mine2\n");
    pty.key(Key::Enter);
    pty.wait_line("ActionID: mine1");
    pty.wait_line("ActionID: mine2");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [3, 2, 2]);
}

// Whoever works on one for an hour does not name it in each line.
#[test]
fn use_changes_whom_lines_are_for() {
    let house = House::new();
    let mut pty = house.shell("@all", &["-o", "packet"]);
    pty.wait_typed("all> ");
    pty.type_line("/use @branch");
    pty.wait_typed("branch> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("Ping: Pong");
    pty.type_line("/use @nowhere");
    pty.wait_line("there is no PBX nowhere here; /pbxs lists them");
    pty.wait_typed("branch> ");
    pty.type_line("/use @all");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("# depot");
    pty.wait_typed("all> ");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [2, 1, 1]);
}

// Nobody knows from the event alone whose call has ended.
#[test]
fn events_say_whose_they_are() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("/events user");
    pty.wait_line("events: user");
    pty.wait_typed("all (events)> ");
    pty.type_text("Ping");
    for (pbx, number) in house.pbxs.iter().zip(1..) {
        pbx.emit("UserEvent", "user", &[("Number", &format!("<{number}>"))]);
    }
    for (name, number) in NAMES.iter().zip(1..) {
        pty.wait_for("an event with its PBX", |screen| {
            let said = |row: &String| row.contains(name) && row.contains(&format!("<{number}>"));
            rows(screen).iter().any(said)
        });
    }
    pty.wait_typed("all (events)> Ping");
    // On one the others are left as they are.
    pty.key(Key::Ctrl('c'));
    pty.type_line("@branch /events off");
    pty.wait_line("events: off");
    for pbx in &house.pbxs {
        pbx.emit("UserEvent", "user", &[("Number", "<later>")]);
    }
    pty.wait_for("those of the others", |screen| {
        let later = |row: &&String| row.contains("<later>");
        let rows = rows(screen);
        let rows: Vec<&String> = rows.iter().filter(later).collect();
        rows.len() == 2 && !rows.iter().any(|row| row.contains("branch"))
    });
}

// One that is gone must not take the others with it, and nobody may think that its
// calls were watched meanwhile.
#[test]
fn one_that_is_gone_holds_up_nobody_and_comes_back() {
    let mut house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("/events user");
    pty.wait_typed("all (events)> ");
    let gone = house.pbxs.remove(0);
    let address = gone.addr();
    drop(gone);
    pty.wait_line("branch: the server closed the connection; connecting again");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("2 answers of 2 PBXs");
    pty.wait_line("branch: not connected, retrying: nothing was sent");
    pty.wait_typed("all (events)> ");
    let _back = at(address);
    pty.wait_line("branch: connected again after");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("3 answers of 3 PBXs");
}

// Forty of fifty answer while the others are repaired.
#[test]
fn one_that_is_not_there_at_the_start_comes_later() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let later = free.local_addr().unwrap();
    drop(free);
    let (office, depot) = (simulator(), simulator());
    let places = [later, depot.addr(), office.addr()];
    let folder = config(places.map(|place| place.to_string()).into());
    let mut pty = shell(&folder, "@all", &[]);
    pty.wait_line("2 of 3 PBXs connected");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("2 answers of 2 PBXs");
    pty.wait_line("branch: not connected, nothing was sent: cannot connect to");
    let branch = at(later);
    pty.wait_line("branch: connected");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("3 answers of 3 PBXs");
    assert_eq!(pings(&branch), 1);
}

// A person looks here first when something is wrong somewhere.
#[test]
fn pbxs_tells_how_each_is() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("/pbxs");
    pty.wait_line("3 of 3 PBXs up");
    pty.wait_typed("all> ");
    let shown = below(&pty, "/pbxs");
    for head in [
        "PBX", "Target", "State", "Version", "User", "Ping", "Calls", "Since",
    ] {
        assert!(shown[0].contains(head), "{head}: {shown:?}");
    }
    for ((row, name), pbx) in shown[2..].iter().zip(NAMES).zip(&house.pbxs) {
        assert!(row.starts_with(name), "{shown:?}");
        for cell in [&pbx.addr().to_string(), "up", "22.", "demo", " ms"] {
            assert!(row.contains(cell), "{cell}: {shown:?}");
        }
    }
}

// Hundreds of PBXs must not be changed by one key too many.
#[test]
fn what_changes_something_names_the_pbxs_and_asks_once() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("DBPut a b c ActionID=mine");
    pty.wait_line("this may change 3 PBXs: branch, depot, office");
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("n");
    pty.wait_line("nothing was sent");
    pty.wait_typed("all> ");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [0, 0, 0]);
    pty.type_line("DBPut a b c ActionID=mine");
    pty.wait_typed("send it? [y/N] ");
    pty.type_line("y");
    pty.wait_line("3 answers of 3 PBXs");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [1, 1, 1]);
}

// The names are long, and a line for the wrong one is expensive.
#[test]
fn tab_completes_names_and_what_the_one_that_is_meant_has() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_text("@bra\t");
    pty.wait_typed("all> @branch");
    pty.type_text("QueueSt\tsup\t");
    pty.wait_typed("all> @branch QueueStatus support");
    pty.key(Key::Enter);
    pty.wait_line("support");
    pty.wait_typed("all> ");
    pty.type_text("/use @dep\t");
    pty.wait_typed("all> /use @depot");
    pty.key(Key::Enter);
    pty.wait_typed("depot> ");
    // Of several names each is completed.
    pty.type_text("@depot,off\tPin\t");
    pty.wait_typed("depot> @depot,office Ping");
}

// A blocked PBX must not hold the prompt, and Ctrl-C is for all that wait.
#[test]
fn ctrl_c_gives_the_prompt_back_while_all_wait() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("WaitEvent Timeout=60 ActionID=mine");
    let all_asked = |house: &House| house.pbxs.iter().all(|pbx| pings(pbx) == 1);
    pty.until("not all were asked", |_| all_asked(&house));
    pty.key(Key::Ctrl('c'));
    pty.wait_line("stopped waiting: the outcome of WaitEvent");
    // Of several lines none is sent behind the one that was stopped.
    pty.paste("@branch WaitEvent Timeout=60 ActionID=mine\n@depot Ping ActionID=mine\n");
    pty.key(Key::Enter);
    pty.until("it was not asked", |_| pings(&house.pbxs[0]) == 2);
    pty.key(Key::Ctrl('c'));
    pty.wait_line("the lines behind it were not sent");
    assert_eq!(pings(&house.pbxs[1]), 1);
    pty.wait_typed("all> ");
    pty.type_line("@depot,office Ping ActionID=other");
    pty.wait_line("2 answers of 2 PBXs");
    pty.wait_typed("all> ");
}

// A secret is one for whomever the line is.
#[test]
fn a_secret_for_one_is_kept_nowhere() {
    let house = House::new();
    let mut pty = house.shell("@all", &["-o", "packet"]);
    pty.wait_typed("all> ");
    pty.type_line("@branch Ping ActionID=mine");
    pty.wait_line("Ping: Pong");
    pty.wait_typed("all> ");
    pty.type_line("@branch Login Username=demo Secret=hunter2");
    pty.wait_line("Message: Already authenticated");
    pty.type_line("/history");
    pty.wait_line("1  @branch Ping ActionID=mine");
    pty.wait_line("2  /history");
}

// The last PBX that is there is a shell; none is an error with a code.
#[test]
fn without_any_there_is_no_prompt() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = free.local_addr().unwrap();
    drop(free);
    let folder = config(vec![place.to_string()]);
    let pty = shell(&folder, "@all", &[]);
    assert_eq!(pty.exit_code(), 5);
    pty.wait_line("branch: cannot connect to");
}

// While amish is stopped nobody reads, and Asterisk drops who does not read.
#[test]
fn ctrl_z_turns_off_the_events_of_all() {
    let house = House::new();
    let config = house.folder.path().join("config.toml");
    let mut pty = job_with(&format!("AMISH_CONFIG={}", config.display()), "@all");
    pty.wait_typed("all> ");
    pty.type_line("/events user");
    pty.wait_typed("all (events)> ");
    pty.key(Key::Ctrl('z'));
    pty.wait_line("same");
    for pbx in &house.pbxs {
        let is_off = |one: &String| one.contains("EventMask: off");
        until("one was not asked", || pbx.received().iter().any(is_off));
    }
    pty.key(Key::Enter);
    for name in NAMES {
        pty.wait_line(&format!("{name}: stopped for"));
    }
    pty.wait_typed("all (events)> ");
}

// The editor can wait for no descriptor above 1023, and five hundred sessions have
// more.
#[test]
fn a_prompt_on_hundreds_takes_lines() {
    let pbxs = NAMES.map(|_| Simulator::listen("0.0.0.0:0", Config::default()).unwrap());
    let targets = pbxs.iter().flat_map(|pbx| {
        let port = pbx.addr().port();
        (1..=180).map(move |host| format!("127.0.0.{host}:{port}\n"))
    });
    let list = tempfile::NamedTempFile::new().unwrap();
    fs::write(list.path(), targets.collect::<String>()).unwrap();
    let script = format!(
        "ulimit -n 4096; exec {} -u demo --parallel 40 --no-pager --targets {}",
        env!("CARGO_BIN_EXE_amish"),
        list.path().display()
    );
    let env = [("AMISH_SECRET", "demo")];
    let mut pty = Pty::program("/bin/sh", &["-c", &script], &env, 120, 40);
    pty.wait_line("540 of 540 PBXs connected");
    pty.type_line("Ping");
    pty.wait_line("540 answers of 540 PBXs");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
}
