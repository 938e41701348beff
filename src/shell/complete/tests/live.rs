//! Values from the server, and those that amish itself knows.

use super::{catalog, folder, holds};
use crate::catalog::{Kind, Value};
use crate::language::{Place, split};
use crate::shell::background;
use crate::shell::complete::{Known, complete};
use std::sync::Arc;

// Current values on the server. Outdated ones are asked for: `?Kind`.
#[rustfmt::skip]
#[test]
fn live() {
    holds(&[
        ("QueueStatus ¦", ">support sales 'Front Desk'"),
        ("QueueStatus s¦", "s>support sales"),
        ("QueueStatus S¦", "S>support sales"),
        ("QueueStatus Queue=¦", ">support sales 'Front Desk'"),
        ("QueueStatus Queue=s¦", "s>support sales"),
        ("QueueStatus Queue=f¦", "f>'Front Desk'"),
        ("QueueStatus Queue='f¦", "'f>'Front Desk'"),
        ("QueueStatus Queue='f¦'", "'f>'Front Desk'"),
        ("QueueStatus Queue=\"Front ¦", "\"Front >\"Front Desk\""),
        ("QueueStatus Queue='Front D¦ Member=x", "'Front D>'Front Desk'"),
        ("QueueStatus support ¦", ">PJSIP/alice Local/200@default"),
        ("QueueStatus Queue=support Member=¦", ">PJSIP/alice Local/200@default"),
        ("QueueStatus Member=¦ Queue=support", ">PJSIP/alice Local/200@default"),
        ("QueueStatus Member=L¦", "L>Local/200@default"),
        ("QueueStatus sales ¦", ">?Members(\"sales\")"),
        ("QueueRemove Queue=support Interface=¦", ">PJSIP/alice Local/200@default"),
        ("QueueRemove support ¦", ">PJSIP/alice Local/200@default"),
        ("QueueRemove Interface=P¦", "P>PJSIP/alice PJSIP/bob"),
        ("QueuePause ¦", ">Interface= Paused= Reason= PJSIP/alice PJSIP/bob Local/200@default"),
        ("QueueAdd support ¦", ">Interface= Penalty= Paused= StateInterface= ActionID= PJSIP/alice PJSIP/bob PJSIP/trunk SIP/desk IAX2/branch Local/200@default"),
        ("QueueAdd Interface=pj¦", "pj>PJSIP/alice PJSIP/bob PJSIP/trunk"),
        ("QueueAdd Interface=SIP/¦", "SIP/>SIP/desk"),
        ("QueueAdd support Local¦", "Local>Local/200@default"),
        ("QueueAdd StateInterface=I¦", "I>IAX2/branch"),
        ("QueueWithdrawCaller Queue=support Caller=¦", ">?Callers(\"support\")"),
        ("QueueWithdrawCaller Caller=L¦", "L>Local/200@default-00000003;1"),
        ("QueueChangePriorityCaller support a ¦", ">"),
        ("Hangup P¦", "P>PJSIP/alice-00000001 PJSIP/bob-00000002"),
        ("Hangup Channel=PJSIP/alice¦", "PJSIP/alice>PJSIP/alice-00000001"),
        ("Hangup Channel=local¦", "local>Local/200@default-00000003;1"),
        ("Hangup pjsip/b¦ Cause=16", "pjsip/b>PJSIP/bob-00000002"),
        ("Redirect Channel=¦", ">PJSIP/alice-00000001 PJSIP/bob-00000002 Local/200@default-00000003;1"),
        ("Redirect Channel=a Context=d¦", "d>default"),
        ("Redirect Context=default Exten=¦", ">100 110 200"),
        ("Redirect Exten=¦ Context=default", ">100 110 200"),
        ("Redirect Exten=¦", ">"),
        ("Redirect a default 1¦", "1>100 110"),
        ("Redirect a default _¦", "_>"),
        ("Redirect a b ¦", ">?Extensions(\"b\")"),
        ("Redirect ExtraContext=default ExtraExten=2¦", "2>200"),
        ("Redirect a default 100 ¦", ">?Priorities(\"default\", \"100\")"),
        ("Redirect Context=default Exten=100 Priority=¦", ">?Priorities(\"default\", \"100\")"),
        ("Bridge P¦", "P>PJSIP/alice-00000001 PJSIP/bob-00000002"),
        ("Bridge Channel1=a Channel2=PJSIP/b¦", "PJSIP/b>PJSIP/bob-00000002"),
        ("Originate Channel=¦", ">PJSIP/alice PJSIP/bob PJSIP/trunk SIP/desk IAX2/branch Local/200@default"),
        ("Originate Channel=iax¦", "iax>IAX2/branch"),
        ("Originate Application=¦", ">?Applications"),
        ("Originate a d¦", "d>default"),
        ("Getvar Variable=c¦", "c>CALLERID( CHANNEL("),
        ("Setvar Channel=x Variable=CH¦", "CH>CHANNEL("),
        ("Getvar 'PJSIP/b¦", "'PJSIP/b>'PJSIP/bob-00000002'"),
        ("BridgeDestroy ¦", ">?Bridges"),
        ("PJSIPShowEndpoint a¦", "a>alice"),
        ("PJSIPQualify Endpoint=t¦", "t>trunk"),
        ("SIPshowpeer ¦", ">desk"),
        ("SIPnotify Channel=¦", ">desk"),
        ("ModuleLoad Module=¦", ">?Modules"),
        ("ModuleLoad LoadType=load Module=¦", ">?LoadableModules"),
        ("ModuleCheck ¦", ">?Modules"),
        ("GetConfig Filename=¦", ">?ConfigFiles"),
        ("GetConfig Filename=queues.conf Category=¦", ">?Categories(\"queues.conf\")"),
        ("GetConfig queues.conf ¦", ">?Categories(\"queues.conf\")"),
        ("UpdateConfig SrcFilename=a.conf Cat-000000=¦", ">?Categories(\"a.conf\")"),
        ("Park ParkingLot=¦", ">?ParkingLots"),
        ("ParkedCalls ¦", ">?ParkingLots"),
        ("ConfbridgeKick Conference=¦", ">?Conferences"),
        ("ConfbridgeKick 100 ¦", ">?Participants(\"100\")"),
        ("MeetmeMute Meetme=¦", ">?MeetmeRooms"),
        ("MailboxCount ¦", ">?Mailboxes"),
        ("VoicemailUserStatus Context=¦", ">"),
        ("AgentLogoff ¦", ">?Agents"),
        ("DBGet ¦", ">?Families"),
        ("DBGet test ¦", ">?Keys(\"test\")"),
        ("DBGet Family=test Key=¦", ">?Keys(\"test\")"),
        ("DBPut Key=¦", ">"),
        ("ExtensionState ¦", ">?Hints"),
        ("ExtensionState Context=¦", ">default parkedcalls"),
        ("DialplanExtensionAdd Application=¦", ">?Applications"),
        ("DialplanExtensionRemove default ¦", ">100 110 200 _X."),
        ("DAHDIHangup ¦", ">?DahdiChannels"),
        ("QueueRule Rule=¦", ">?Rules"),
        ("PresenceState ¦", ">?PresenceStates"),
        ("Login Username=¦", ">?Users"),
        ("Status Channel=PJSIP/bob¦", "PJSIP/bob>PJSIP/bob-00000002"),
        ("Action: Hangup\nChannel: P¦", "P>PJSIP/alice-00000001 PJSIP/bob-00000002"),
        ("Action: QueueStatus\nQueue: f¦", "f>Front Desk"),
        ("Action: QueueStatus\nQueue: support\nMember: ¦", ">PJSIP/alice Local/200@default"),
        ("Action: QueueStatus\nMember: ¦\nQueue: support", ">PJSIP/alice Local/200@default"),
        ("Queue: sup¦", "sup>support"),
    ]);
}

// After `cli` the server's own completion says what may follow.
#[rustfmt::skip]
#[test]
fn lines_of_the_cli() {
    holds(&[
        ("cli ¦", ">core queue"),
        ("cli  ¦", ">core queue"),
        ("CLI core show ch¦", "ch>channel channels channeltypes"),
        ("cli core show ch¦annels", "ch>channel channels channeltypes"),
        ("cli core show  ch¦", "ch>?Cli(\"core show  ch\")"),
        ("cli core show ¦", ">?Cli(\"core show \")"),
        ("cli core show \"x¦", "\"x>?Cli(\"core show \\\"x\")"),
        ("cli module unload res_¦", "res_>?Cli(\"module unload res_\")"),
        ("Command ¦", ">core queue"),
        ("Command Command='core show ch¦'", "ch>channel channels channeltypes"),
        ("Action: Command\nCommand: core show ch¦", "ch>channel channels channeltypes"),
    ]);
}

#[rustfmt::skip]
#[test]
fn words_of_amish() {
    holds(&[
        ("/ev¦", "/ev>/events"),
        ("/qui¦", "/qui>/quit"),
        ("/nosuch¦", "/nosuch>"),
        ("/doctor event Hangupr¦", "Hangupr>HangupRequest"),
        ("/events ca¦", "ca>call"),
        ("/events o¦", "o>on off originate OriginateResponse"),
        ("/events off ¦", ">"),
        ("/events call,agi¦", "agi>agi"),
        ("/events call,¦", ">system call log verbose command agent user config dtmf reporting cdr dialplan originate agi cc aoc test security message"),
        ("/events Hang¦", "Hang>Hangup HangupHandlerPop HangupHandlerPush HangupHandlerRun HangupRequest"),
        ("/events !Hangupr¦", "Hangupr>HangupRequest"),
        ("/events Newchannel|Hangupr¦", "Hangupr>HangupRequest"),
        ("/events Hangup Cause¦", "Cause>"),
        ("/events Hangup Channel=PJSIP/a¦", "PJSIP/a>PJSIP/alice-00000001"),
        ("/events Channel=Local¦", "Local>Local/200@default-00000003;1"),
        ("/events Hangup Cause~1¦", "Cause~1>"),
        ("/events 'Hangup Cau¦", "'Hangup Cau>"),
        ("/filter of¦", "of>off"),
        ("/filter Hangup,Cause¦", "Cause>"),
        ("/last 10 HangupR¦", "HangupR>HangupRequest"),
        ("/set out¦", "out>output"),
        ("/set output j¦", "j>json"),
        ("/set output json x¦", "x>"),
        ("/connect o¦", "o>office outpost"),
        ("/CONNECT  out¦", "out>outpost"),
        ("/connect office o¦", "o>"),
        ("/source ¦", ">calls.ami lib/ 'my calls'"),
        ("/source c¦", "c>calls.ami"),
        ("/source m¦", "m>'my calls'"),
        ("/source 'm¦", "'m>'my calls'"),
        ("/source lib/¦", "lib/>lib/more.ami"),
        ("/source lib/m¦", "lib/m>lib/more.ami"),
        ("/source .¦", ".>.hidden"),
        ("/source nosuch/¦", "nosuch/>"),
        ("/save ¦", ">off calls.ami lib/ 'my calls'"),
        ("/save o¦", "o>off"),
        ("/follow PJSIP/a¦", "PJSIP/a>PJSIP/alice-00000001"),
        ("/help /ev¦", "/ev>/events"),
        ("help event Hangupr¦", "Hangupr>HangupRequest"),
        ("/quit ¦", ">"),
        ("!ls ¦", ">"),
        ("!¦", ">"),
        ("Ping | gr¦", ">"),
        ("Ping |¦", "|>"),
    ]);
}

// Whatever the names on a server are, what Tab inserts means them, in every
// kind of open quote.
#[test]
fn what_is_put_on_the_line_is_read_as_it_was_told() {
    let names = [
        "a b",
        "a=b",
        "=",
        "Key=v",
        "'",
        "\"",
        "a\\b",
        "\\",
        "it's",
        "it's \"x\"",
        "''",
        "#x",
        ";x",
        "|",
        "&",
        "?",
        "$x",
        "${x}",
        "ünï 日本",
        "/x",
        "a:",
        "~",
        "-x",
        "!x",
    ];
    for name in names {
        let values = |kind: &Kind| background::Found {
            values: match kind {
                Kind::Queues => vec![Value {
                    text: super::peer(name),
                    about: super::PeerText::default(),
                }]
                .into(),
                _ => Arc::default(),
            },
            fresh: true,
        };
        let known = Known {
            catalog: &catalog(),
            profiles: &[],
            values: &values,
            files: &folder,
        };
        for begun in ["", "Queue=", "'", "\"", "Queue='", "Queue=\""] {
            let line = format!("QueueStatus {begun}");
            let found = complete(&line, line.len(), &known);
            let one = found.candidates.iter().find(|one| one.name == name);
            let one = one.unwrap_or_else(|| panic!("{name:?} behind {line:?}"));
            let line = format!("{}{}", &line[..found.start], one.text());
            let words = split(line.as_bytes(), 0, Place::Shell);
            let read = words.last().expect("a word");
            let key = begun.contains('=').then_some("Queue");
            assert_eq!(*read.value, *name.as_bytes(), "{line}");
            assert_eq!((read.key.as_deref(), &read.fault), (key, &None), "{line}");
        }
    }
}
