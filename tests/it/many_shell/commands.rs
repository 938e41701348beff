//! Commands of amish in a shell on several PBXs.

use super::{House, NAMES, below, pings};
use crate::pty::rows;
use crate::servers::simulator_with;
use amish::simulator::{Config, Life, Simulator};

// The calls of forty PBXs are one list, in every form.
#[test]
fn calls_of_all_are_one_list() {
    let pbxs = NAMES.map(|_| {
        simulator_with(Config {
            life: Life::Seeded(1),
            ..Config::default()
        })
    });
    let house = House::of(pbxs.into());
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.until("not all have calls", |pty| {
        pty.type_text("\x0c/calls\r");
        pty.wait_for("an answer of all", |screen| {
            let screen = screen.contents();
            (screen.contains("of 3 PBXs") || screen.contains("No calls."))
                && screen.trim_end().ends_with("all>")
        });
        let shown = pty.look(rows);
        let has_calls = |name: &&str| {
            let mut rows = shown.iter();
            rows.any(|row| row.starts_with(name) && row.contains('/'))
        };
        NAMES.iter().all(has_calls)
    });
    assert!(pty.look(rows).iter().any(|row| row.starts_with("PBX ")));
    pty.type_text("\x0c");
    pty.type_line("/set output json");
    pty.wait_typed("all> ");
    // Calls come and go.
    pty.until("no call of branch", |pty| {
        pty.type_text("\x0c/calls\r");
        pty.wait_for("an answer", |screen| {
            screen.contents().trim_end().ends_with("\nall>")
        });
        let shown = pty.look(rows);
        let is_call = |row: &String| row.starts_with("{\"_kind\":\"call\",\"_pbx\":\"branch\",");
        shown.iter().any(is_call)
    });
}

// A question about one call, or a file, is no question to forty PBXs.
#[test]
fn what_is_for_one_says_how_to_name_it() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    for line in ["/save x", "/x", "/watch 1 Ping"] {
        pty.type_line(line);
        pty.wait_line("is for one PBX at a time: name it, as in @branch");
        pty.wait_typed("all> ");
        pty.type_text("\x0c");
        pty.wait_for("an empty screen", |screen| {
            !screen.contents().contains("at a time")
        });
    }
    pty.type_line("@depot /x");
    pty.wait_line("no reply or event was shown yet");
    // What all say is said once, and a line that no PBX can take is not asked about.
    pty.type_line("/follow PJSIP/999");
    pty.wait_line("no call of PJSIP/999");
    pty.wait_typed("all> ");
    assert_eq!(below(&pty, "/follow PJSIP/999")[1].trim(), "all>");
    pty.type_line("QueueAdd support");
    pty.wait_line("QueueAdd needs Interface");
    pty.type_line("@small /whoami");
    pty.wait_line("2 rows of 2 PBXs");
}

// PBXs are added while a person works, and taken away before they are repaired.
#[test]
fn one_is_added_and_one_is_taken_away() {
    let house = House::new();
    let mut pty = house.shell("@small", &[]);
    pty.wait_line("2 of 2 PBXs connected");
    pty.wait_typed("small> ");
    pty.type_line("/events user");
    pty.wait_typed("small (events)> ");
    pty.type_line("/connect depot");
    // What the environment has is for those of the start.
    pty.wait_line("Secret for demo:");
    pty.wait_silent();
    pty.type_line("demo");
    pty.wait_line("depot: connected");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("3 answers of 3 PBXs");
    pty.wait_typed("small (events)> ");
    house.pbxs[1].emit("UserEvent", "user", &[("Number", "<1>")]);
    pty.wait_for("its event", |screen| {
        let is_it = |row: &String| row.contains("depot") && row.contains("<1>");
        rows(screen).iter().any(is_it)
    });
    pty.type_line("/disconnect @branch");
    pty.wait_line("branch: disconnected");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("2 answers of 2 PBXs");
    assert_eq!(house.pbxs.iter().map(pings).collect::<Vec<_>>(), [1, 2, 2]);
    pty.type_line("/disconnect depot,office");
    pty.wait_line("nothing would be left: quit leaves the shell");
}

// The form that a person has chosen holds for all, and for one.
#[test]
fn settings_are_those_of_all() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("/set output csv");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("depot,Success,Pong");
    pty.wait_typed("all> ");
    pty.type_line("/set fields Event,Number");
    pty.wait_typed("all> ");
    pty.type_line("/events user");
    pty.wait_line("pbx,Event,Number");
    pty.wait_typed("all (events)> ");
    house.pbxs[0].emit("UserEvent", "user", &[("Number", "<1>")]);
    pty.wait_line("branch,UserEvent,<1>");
    pty.type_line("/events off");
    pty.wait_typed("all> ");
    pty.type_line("@depot /set output packet");
    pty.wait_typed("all> ");
    pty.type_line("Ping ActionID=mine");
    pty.wait_line("# office");
}

// What all answer is counted and sorted as what one does.
#[test]
fn a_local_command_reads_what_all_answer() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_line("QueueStatus | grep -c ' Alice '; echo done");
    pty.wait_line("done");
    pty.wait_typed("all> ");
    assert_eq!(below(&pty, "QueueStatus")[0].trim(), "3");
    pty.type_line("/set output packet");
    pty.wait_typed("all> ");
    pty.type_line("Ping | grep -c -e '^# ' -e Pong");
    pty.wait_line("6");
    pty.wait_typed("all> ");
}

// Help is the same for all, and one screen of it is enough.
#[test]
fn one_explains_what_all_take() {
    let house = House::new();
    let mut pty = house.shell("@all", &[]);
    pty.wait_typed("all> ");
    pty.type_text("@depot QueueAdd ?");
    pty.wait_line("QueueAdd");
    pty.wait_line("Interface");
    pty.wait_typed("all> @depot QueueAdd");
    pty.type_line("\x15/cli");
    pty.wait_typed("all*CLI> ");
    pty.type_text("queue ?");
    let asked = |pbx: &&Simulator| {
        let received = pbx.received();
        received
            .iter()
            .any(|text| text.contains("core show help queue"))
    };
    pty.until("nobody was asked", |_| {
        house.pbxs.iter().any(|pbx| asked(&pbx))
    });
    pty.wait_typed("all*CLI> queue");
    assert_eq!(house.pbxs.iter().filter(asked).count(), 1);
    pty.type_line("\x15@depot core show uptime");
    pty.wait_line("System uptime");
    pty.wait_typed("all*CLI> ");
}
