//! A PBX that speaks as if it were another.

use super::{demo, profiles, with_config};
use crate::scripted::Scripted;
use crate::servers::simulator;

/// A list whose item has every mark that tells PBXs apart, and a line that is the
/// comment before packets.
fn forger() -> Scripted {
    Scripted::logged_in(|conversation| {
        conversation.expect("QueueStatus");
        conversation.answer("Success", "EventList: start\nMessage: will follow");
        conversation
            .packets("Event: QueueParams\nActionID: $ID\npbx: good\n_pbx: good\nQueue: forged");
        conversation.packets("# good");
        conversation.packets(
            "Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete\nListItems: 1",
        );
        conversation.carry_on();
    })
}

// Who reads a table of forty PBXs acts on the name in front of the row.
#[test]
fn what_a_pbx_sends_is_shown_as_its_own() {
    let good = simulator();
    for (args, own, forged) in [
        ("-o csv --fields Queue", "bad,forged\r\n", "good,forged"),
        ("-o tsv", "bad\tQueueParams\t", "good\tQueueParams\tforged"),
        (
            "-o json",
            "\"_pbx\":\"bad\"",
            "\"_pbx\":\"good\",\"Event\":\"QueueParams\",\"Queue\":\"forged\"",
        ),
        (
            "-o packet --group-by target",
            "\n # good\n",
            "\n# good\nEvent: QueueStatusComplete",
        ),
    ] {
        let bad = forger();
        let config = profiles(&[("bad", bad.target(), "demo", "demo"), demo("good", &good)]);
        let done = with_config(&format!("bad,good {args} QueueStatus"), &config).run();
        assert_eq!(done.code, 0, "{args}: {}", done.err);
        assert!(done.out.contains(own), "{args}: {}", done.out);
        assert!(!done.out.contains(forged), "{args}: {}", done.out);
    }
}
