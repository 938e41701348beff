//! Servers of long ago, which are many: chan_sip, and AMI without lists that end.

use super::scraped::{Figures, judged_by_promtool};
use crate::program::amish;
use crate::scripted::{Conversation, Scripted};

/// What a server of this version of AMI says; `answers` has its lists.
fn figures(version: &'static str, answers: &'static [(&'static str, &'static str)]) -> Figures {
    let server = Scripted::start(move |talk: &mut Conversation| {
        talk.greet(version);
        while let Some(request) = talk.hear() {
            let action = request.get("Action").unwrap_or_default().to_owned();
            let known = answers.iter().find(|(name, _)| *name == action);
            match (known, &action[..]) {
                (Some((_, answer)), _) => talk.packets(answer),
                (None, "Ping") => talk.answer("Success", "Ping: Pong"),
                (None, "Logoff") => return talk.answer("Goodbye", ""),
                (None, _) => panic!("{action} was asked"),
            }
        }
    });
    let target = server.target();
    let done = amish(&format!("-u me {target} metrics"));
    let done = done.env("AMISH_SECRET", "secret").run();
    assert_eq!(done.code, 0, "{done:?}");
    judged_by_promtool(&done.out);
    Figures::of(&done.out.replace(&target, "pbx"))
}

// Half of the installations that are monitored have chan_sip: its words are not those
// of PJSIP.
#[test]
fn chan_sip_is_counted_by_state() {
    let figures = figures(
        "1.1",
        &[
            (
                "ListCommands",
                "Response: Success\nActionID: $ID\nSIPpeers: x (Priv: system,reporting,all)\n\
                 SIPshowregistry: x (Priv: system,reporting,all)\nIAXpeerlist: x (Priv: all)",
            ),
            (
                "SIPpeers",
                "Response: Success\nActionID: $ID\nEventList: start\n\n\
                 Event: PeerEntry\nActionID: $ID\nChanneltype: SIP\nObjectName: a\nStatus: OK (12 ms)\n\n\
                 Event: PeerEntry\nActionID: $ID\nObjectName: b\nStatus: UNREACHABLE\n\n\
                 Event: PeerEntry\nActionID: $ID\nObjectName: c\nStatus: LAGGED (3100 ms)\n\n\
                 Event: PeerlistComplete\nEventList: Complete\nListItems: 3\nActionID: $ID",
            ),
            (
                "IAXpeerlist",
                "Response: Success\nActionID: $ID\nMessage: IAX Peer status list will follow\n\n\
                 Event: PeerEntry\nActionID: $ID\nChanneltype: IAX\nObjectName: b\nStatus: Unmonitored\n\n\
                 Event: PeerlistComplete\nActionID: $ID\nListItems: 1",
            ),
            (
                "SIPshowregistry",
                "Response: Success\nActionID: $ID\nEventList: start\n\n\
                 Event: RegistryEntry\nActionID: $ID\nHost: trunk\nUsername: u\nState: Auth. Sent\n\n\
                 Event: RegistrationsComplete\nEventList: Complete\nListItems: 1\nActionID: $ID",
            ),
        ],
    );
    for (labels, count) in [
        (
            "endpoints{pbx=\"pbx\",technology=\"sip\",state=\"ok\"}",
            1.0,
        ),
        (
            "endpoints{pbx=\"pbx\",technology=\"sip\",state=\"unreachable\"}",
            1.0,
        ),
        (
            "endpoints{pbx=\"pbx\",technology=\"sip\",state=\"lagged\"}",
            1.0,
        ),
        (
            "endpoints{pbx=\"pbx\",technology=\"sip\",state=\"unknown\"}",
            0.0,
        ),
        (
            "endpoints{pbx=\"pbx\",technology=\"iax2\",state=\"unmonitored\"}",
            1.0,
        ),
        (
            "registrations{pbx=\"pbx\",technology=\"sip\",state=\"auth_sent\"}",
            1.0,
        ),
    ] {
        assert_eq!(
            figures.get(&format!("amish_{labels}")),
            Some(count),
            "{labels}"
        );
    }
    assert_eq!(figures.of_pbx("up", "pbx"), Some(1.0));
}

// 1.4 has no CoreShowChannels and no CoreStatus, and its lists have no EventList.
#[test]
fn the_channels_of_1_4_are_those_of_status() {
    let figures = figures(
        "1.0",
        &[
            (
                "ListCommands",
                "Response: Success\nActionID: $ID\nStatus: x (Priv: call,all)\n\
                 QueueStatus: x (Priv: <none>)",
            ),
            (
                "Status",
                "Response: Success\nActionID: $ID\nMessage: Channel status will follow\n\n\
                 Event: Status\nPrivilege: Call\nChannel: SIP/a-1\nState: Up\nContext: default\n\
                 Extension: 300\nUniqueid: 1.1\nActionID: $ID\n\n\
                 Event: Status\nPrivilege: Call\nChannel: SIP/b-2\nState: Up\nUniqueid: 1.2\nActionID: $ID\n\n\
                 Event: StatusComplete\nActionID: $ID",
            ),
            (
                "QueueStatus",
                "Response: Success\nActionID: $ID\nMessage: Queue status will follow\n\n\
                 Event: QueueParams\nQueue: sales\nCalls: 1\nCompleted: 4\nAbandoned: 2\nActionID: $ID\n\n\
                 Event: QueueMember\nQueue: sales\nLocation: SIP/b\nStatus: 2\nPaused: 1\nActionID: $ID\n\n\
                 Event: QueueEntry\nQueue: sales\nPosition: 1\nWait: 33\nActionID: $ID\n\n\
                 Event: QueueStatusComplete\nActionID: $ID",
            ),
        ],
    );
    for (name, count) in [("up", 1.0), ("calls", 1.0), ("channels", 2.0)] {
        assert_eq!(figures.of_pbx(name, "pbx"), Some(count), "{name}");
    }
    for (labels, count) in [
        ("waiting{pbx=\"pbx\",queue=\"sales\"}", 1.0),
        ("longest_wait_seconds{pbx=\"pbx\",queue=\"sales\"}", 33.0),
        ("completed_total{pbx=\"pbx\",queue=\"sales\"}", 4.0),
        ("abandoned_total{pbx=\"pbx\",queue=\"sales\"}", 2.0),
        ("members{pbx=\"pbx\",queue=\"sales\",state=\"in_use\"}", 1.0),
        ("paused_members{pbx=\"pbx\",queue=\"sales\"}", 1.0),
    ] {
        assert_eq!(
            figures.get(&format!("amish_queue_{labels}")),
            Some(count),
            "{labels}"
        );
    }
}
