//! Stories of servers up to Asterisk 11.

use super::told;

// Up to Asterisk 11 there is no Linkedid, no DialEnd, and no named bridge.
#[test]
fn calls_of_1_8_are_told() {
    let call = include_bytes!("../../../tests/transcripts/asterisk-1.8/originate_dial_bridge.txt");
    insta::assert_snapshot!(told(call), @r"
        Local/700@default | Carol <1003> | +0.0 | +3.0 | +4.6 | 16 Normal clearing
        Local/100@default | Carol <700> | +1.0 | +1.7 | +4.5 | 16 Normal clearing
        +1.4 – +2.5   Local/700@default rings Local/100@default: answered
        +2.5 – +3.8   Local/700@default speaks with Local/100@default, 1.3 s
        = Local/700@default hung up: 16 Normal clearing
        ");
    let queue = include_bytes!("../../../tests/transcripts/asterisk-1.8/queue_call.txt");
    insta::assert_snapshot!(told(queue), @r"
        Local/300@default |  | +0.0 | +0.6 | +3.8 | 0 Unknown
        Alice (Local/200@default) | 300 | +1.1 | +1.7 | +3.9 | 0 Unknown
        +1.0 – +2.0   Local/300@default waits in queue support
        +1.4 – +2.2   Local/300@default rings Alice (Local/200@default): answered
        +2.2          the queue gives Local/300@default to Alice (Local/200@default)
        +2.6 – +3.4   Local/300@default speaks with Alice (Local/200@default), 0.8 s
        = Local/300@default hung up: 0 Unknown
        ");
}

// Up to 11 a leg hangs up before Dial or Queue says why, a masquerade moves a
// phone to another Uniqueid, and bridges flicker. Recorded from 1.8.
#[test]
fn masquerades_of_1_8_are_told() {
    insta::assert_snapshot!(told(include_bytes!("../../../tests/calls/busy-1.8.txt")), @r"
        Local/110@default | Ann <101> | +0.0 | +0.6 | +3.8 | 16 Normal clearing
        Local/400@default | Ann <130> | +2.4 |  | +4.0 | 0 Unknown
        +1.7          Local/110@default goes on to 130@default
        +2.8 – +3.1   Local/110@default rings Local/400@default: busy
        = Local/400@default was busy
        ");
    insta::assert_snapshot!(told(include_bytes!("../../../tests/calls/park-1.8.txt")), @r"
        Local/110@default | Ann <101> | +0.0 | +0.8 | +9.3 | 0 Unknown
        Local/200@default | Ann <120> | +2.3 | +3.1 | +6.3 | 16 Normal clearing
        Local/701@parkedcalls | Ann <101> | +7.1 | +7.8 | +9.5 | 0 Unknown
        +1.7          Local/110@default goes on to 120@default
        +2.8 – +4.1   Local/110@default rings Local/200@default: answered
        +4.1 – +5.6   Local/110@default speaks with Local/200@default, 1.5 s
        +6.1 – +7.6   Local/110@default is parked on 701
        +7.6          Local/701@parkedcalls retrieves Local/110@default
        +8.5 – +9.0   Local/110@default speaks with Local/701@parkedcalls, 0.5 s
        = Local/110@default or Local/701@parkedcalls hung up: 0 Unknown
        ");
    insta::assert_snapshot!(told(include_bytes!("../../../tests/calls/queue-1.8.txt")), @r"
        Local/110@default | Ann <101> | +0.0 | +0.6 | +7.2 | 0 Unknown
        Dora (Local/500@default) | Ann <101> | +1.9 |  | +4.3 | 26 Answered elsewhere
        Erin (Local/200@default) | Ann <101> | +3.0 | +3.9 | +7.4 | 0 Unknown
        +1.6          Local/110@default goes on to 320@default
        +1.8 – +4.4   Local/110@default waits in queue desk
        +2.9 – +4.3   Local/110@default rings Dora (Local/500@default): answered elsewhere
        +3.3 – +4.6   Local/110@default rings Erin (Local/200@default): answered
        +4.6          the queue gives Local/110@default to Erin (Local/200@default)
        +5.0 – +6.6   Local/110@default speaks with Erin (Local/200@default), 1.6 s
        = Local/110@default hung up: 0 Unknown
        ");
}

// 1.4 has Link for Bridge, Source for Channel, and no end of a Dial. Taken from
// its source: no such server was available.
#[test]
fn a_call_of_1_4_is_told() {
    let events = b"Event: Newchannel\r\nChannel: SIP/101-0a1b2c3d\r\nState: Ring\r\nCallerIDNum: 101\r\nCallerIDName: Ann\r\nUniqueid: 1.1\r\n\r\n\
        Event: Newexten\r\nChannel: SIP/101-0a1b2c3d\r\nContext: default\r\nExtension: 102\r\nPriority: 1\r\nApplication: Dial\r\nAppData: SIP/102\r\nUniqueid: 1.1\r\n\r\n\
        Event: Newchannel\r\nChannel: SIP/102-0a1b2c3e\r\nState: Down\r\nUniqueid: 1.2\r\n\r\n\
        Event: Dial\r\nSource: SIP/101-0a1b2c3d\r\nDestination: SIP/102-0a1b2c3e\r\nSrcUniqueID: 1.1\r\nDestUniqueID: 1.2\r\n\r\n\
        Event: Newstate\r\nChannel: SIP/102-0a1b2c3e\r\nState: Ringing\r\nUniqueid: 1.2\r\n\r\n\
        Event: Newstate\r\nChannel: SIP/102-0a1b2c3e\r\nState: Up\r\nUniqueid: 1.2\r\n\r\n\
        Event: Newstate\r\nChannel: SIP/101-0a1b2c3d\r\nState: Up\r\nUniqueid: 1.1\r\n\r\n\
        Event: Link\r\nChannel1: SIP/101-0a1b2c3d\r\nChannel2: SIP/102-0a1b2c3e\r\nUniqueid1: 1.1\r\nUniqueid2: 1.2\r\n\r\n\
        Event: Unlink\r\nChannel1: SIP/101-0a1b2c3d\r\nChannel2: SIP/102-0a1b2c3e\r\nUniqueid1: 1.1\r\nUniqueid2: 1.2\r\n\r\n\
        Event: Hangup\r\nChannel: SIP/102-0a1b2c3e\r\nUniqueid: 1.2\r\nCause: 16\r\n\r\n\
        Event: Hangup\r\nChannel: SIP/101-0a1b2c3d\r\nUniqueid: 1.1\r\nCause: 16\r\n\r\n";
    insta::assert_snapshot!(told(events), @r"
        SIP/101 | Ann <101> | +0.0 | +0.6 | +1.0 | 16 Normal clearing
        SIP/102 |  | +0.2 | +0.5 | +0.9 | 16 Normal clearing
        +0.1          SIP/101 calls 102@default
        +0.3 – +0.7   SIP/101 rings SIP/102: answered
        +0.7 – +0.8   SIP/101 speaks with SIP/102, 0.1 s
        = SIP/101 or SIP/102 hung up: 16 Normal clearing
        ");
}

/// Events written as `Name|Key: value|Key: value`, a line each.
fn written(lines: &str) -> Vec<u8> {
    let events = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let events = events.map(|line| format!("Event: {}\r\n\r\n", line.replace('|', "\r\n")));
    events.collect::<String>().into_bytes()
}

// On 1.4 a Redirect is three Renames and nothing else, the halves of a Local
// channel are `,1` and `,2`, and that a call was not answered is known from the
// caller's next step.
#[test]
fn a_redirected_call_of_1_4_is_told() {
    insta::assert_snapshot!(told(&written("
        Newchannel|Channel: Local/110@default-5f2a,1|State: Down|CallerIDNum: <unknown>|CallerIDName: <Unknown>|Uniqueid: 1.1
        Newchannel|Channel: Local/110@default-5f2a,2|State: Ring|Uniqueid: 1.2
        Newcallerid|Channel: Local/110@default-5f2a,1|CallerID: 101|CallerIDName: <Unknown>|Uniqueid: 1.1
        Newexten|Channel: Local/110@default-5f2a,2|Context: default|Extension: 110|Priority: 1|Application: Answer|AppData: |Uniqueid: 1.2
        Newstate|Channel: Local/110@default-5f2a,2|State: Up|Uniqueid: 1.2
        Newstate|Channel: Local/110@default-5f2a,1|State: Up|Uniqueid: 1.1
        Newchannel|Channel: AsyncGoto/Local/110@default-5f2a,1|State: Up|Uniqueid: 1.3
        Rename|Oldname: Local/110@default-5f2a,1|Newname: Local/110@default-5f2a,1<MASQ>|Uniqueid: 1.1
        Rename|Oldname: AsyncGoto/Local/110@default-5f2a,1|Newname: Local/110@default-5f2a,1|Uniqueid: 1.3
        Rename|Oldname: Local/110@default-5f2a,1<MASQ>|Newname: AsyncGoto/Local/110@default-5f2a,1<ZOMBIE>|Uniqueid: 1.1
        Hangup|Channel: AsyncGoto/Local/110@default-5f2a,1<ZOMBIE>|Uniqueid: 1.1|Cause: 0
        Newexten|Channel: Local/110@default-5f2a,1|Context: default|Extension: 140|Priority: 1|Application: Dial|AppData: SIP/500,20|Uniqueid: 1.3
        Newchannel|Channel: SIP/500-0a1b2c3e|State: Down|Uniqueid: 1.4
        Dial|Source: Local/110@default-5f2a,1|Destination: SIP/500-0a1b2c3e|SrcUniqueID: 1.3|DestUniqueID: 1.4
        Newstate|Channel: SIP/500-0a1b2c3e|State: Ringing|Uniqueid: 1.4
        Hangup|Channel: SIP/500-0a1b2c3e|Uniqueid: 1.4|Cause: 0
        Newexten|Channel: Local/110@default-5f2a,1|Context: default|Extension: 140|Priority: 2|Application: Dial|AppData: SIP/501,20|Uniqueid: 1.3
        Newchannel|Channel: SIP/501-0a1b2c3f|State: Down|Uniqueid: 1.5
        Dial|Source: Local/110@default-5f2a,1|Destination: SIP/501-0a1b2c3f|SrcUniqueID: 1.3|DestUniqueID: 1.5
        Hangup|Channel: SIP/501-0a1b2c3f|Uniqueid: 1.5|Cause: 0
        Hangup|Channel: Local/110@default-5f2a,1|Uniqueid: 1.3|Cause: 0
        Hangup|Channel: Local/110@default-5f2a,2|Uniqueid: 1.2|Cause: 0
    ")), @r"
        Local/110@default | 101 | +0.0 | +0.5 | +2.1 | 0 Unknown
        SIP/500 |  | +1.2 |  | +1.5 | 0 Unknown
        SIP/501 |  | +1.7 |  | +1.9 | 0 Unknown
        +1.1          Local/110@default goes on to 140@default
        +1.3 – +1.5   Local/110@default rings SIP/500: no answer
        +1.8 – +1.9   Local/110@default rings SIP/501: given up
        = the caller gave up before SIP/501 answered
        ");
}

// A phone that connects two others: the caller takes its place in the second
// call, with its Uniqueid.
#[test]
fn a_connected_call_of_1_8_is_told() {
    insta::assert_snapshot!(told(&written("
        Newchannel|Channel: SIP/101-00000001|ChannelStateDesc: Ring|CallerIDNum: 101|Uniqueid: 1.1
        Newexten|Channel: SIP/101-00000001|Context: in|Extension: 102|Application: Dial|AppData: SIP/102|Uniqueid: 1.1
        Newchannel|Channel: SIP/102-00000002|ChannelStateDesc: Down|Uniqueid: 1.2
        Dial|SubEvent: Begin|Channel: SIP/101-00000001|Destination: SIP/102-00000002|UniqueID: 1.1|DestUniqueID: 1.2
        Newstate|Channel: SIP/102-00000002|ChannelStateDesc: Up|Uniqueid: 1.2
        Newstate|Channel: SIP/101-00000001|ChannelStateDesc: Up|Uniqueid: 1.1
        Bridge|Bridgestate: Link|Channel1: SIP/101-00000001|Channel2: SIP/102-00000002|Uniqueid1: 1.1|Uniqueid2: 1.2
        Newchannel|Channel: SIP/102-00000003|ChannelStateDesc: Ring|CallerIDNum: 102|Uniqueid: 1.3
        Newexten|Channel: SIP/102-00000003|Context: in|Extension: 103|Application: Dial|AppData: SIP/103|Uniqueid: 1.3
        Newchannel|Channel: SIP/103-00000004|ChannelStateDesc: Down|Uniqueid: 1.4
        Dial|SubEvent: Begin|Channel: SIP/102-00000003|Destination: SIP/103-00000004|UniqueID: 1.3|DestUniqueID: 1.4
        Newstate|Channel: SIP/103-00000004|ChannelStateDesc: Up|Uniqueid: 1.4
        Newstate|Channel: SIP/102-00000003|ChannelStateDesc: Up|Uniqueid: 1.3
        Bridge|Bridgestate: Link|Channel1: SIP/102-00000003|Channel2: SIP/103-00000004|Uniqueid1: 1.3|Uniqueid2: 1.4
        Masquerade|Clone: SIP/101-00000001|CloneState: Up|Original: SIP/102-00000003|OriginalState: Up
        Transfer|TransferMethod: SIP|TransferType: Attended|Channel: SIP/102-00000002|Uniqueid: 1.2|TargetChannel: SIP/102-00000003|TargetUniqueid: 1.3
        Rename|Channel: SIP/101-00000001|Newname: SIP/101-00000001<MASQ>|Uniqueid: 1.1
        Rename|Channel: SIP/102-00000003|Newname: SIP/101-00000001|Uniqueid: 1.3
        Rename|Channel: SIP/101-00000001<MASQ>|Newname: SIP/102-00000003<ZOMBIE>|Uniqueid: 1.1
        Unlink|Channel1: SIP/102-00000003<ZOMBIE>|Channel2: SIP/102-00000002|Uniqueid1: 1.1|Uniqueid2: 1.2
        Hangup|Channel: SIP/102-00000002|Uniqueid: 1.2|Cause: 16
        Dial|SubEvent: End|Channel: SIP/102-00000003<ZOMBIE>|UniqueID: 1.1|DialStatus: ANSWER
        Hangup|Channel: SIP/102-00000003<ZOMBIE>|Uniqueid: 1.1|Cause: 16
        Unlink|Channel1: SIP/101-00000001|Channel2: SIP/103-00000004|Uniqueid1: 1.3|Uniqueid2: 1.4
        Hangup|Channel: SIP/103-00000004|Uniqueid: 1.4|Cause: 16
        Dial|SubEvent: End|Channel: SIP/101-00000001|UniqueID: 1.3|DialStatus: ANSWER
        Hangup|Channel: SIP/101-00000001|Uniqueid: 1.3|Cause: 16
    ")), @r"
        SIP/101 | 101 | +0.0 | +0.5 | +2.6 | 16 Normal clearing
        SIP/102-02 |  | +0.2 | +0.4 | +2.0 | 16 Normal clearing
        SIP/102-03 | 102 | +0.7 | +1.2 | +2.2 | 16 Normal clearing
        SIP/103 |  | +0.9 | +1.1 | +2.4 | 16 Normal clearing
        +0.1          SIP/101 calls 102@in
        +0.3 – +0.6   SIP/101 rings SIP/102-02: answered
        +0.6 – +1.7   SIP/101 speaks with SIP/102-02, 1.1 s
        +0.8          SIP/102-03 calls 103@in
        +1.0 – +1.3   SIP/102-03 rings SIP/103: answered
        +1.3 – +1.7   SIP/102-03 speaks with SIP/103, 0.4 s
        +1.5          SIP/102-02 connects the other side with SIP/102-03
        +1.7 – +2.3   SIP/101 speaks with SIP/103, 0.6 s
        = SIP/101 or SIP/103 hung up: 16 Normal clearing
        ");
}

// One cause was "busy" here and "given up" from Asterisk 12 on.
#[test]
fn a_phone_that_rejects_the_call_is_told() {
    for events in [
        "
        Newchannel|Channel: SIP/101-00000001|ChannelStateDesc: Ring|CallerIDNum: 101|Uniqueid: 1.1
        Newexten|Channel: SIP/101-00000001|Context: in|Extension: 102|Application: Dial|AppData: SIP/102|Uniqueid: 1.1
        Newchannel|Channel: SIP/102-00000002|ChannelStateDesc: Down|Uniqueid: 1.2
        Dial|SubEvent: Begin|Channel: SIP/101-00000001|Destination: SIP/102-00000002|UniqueID: 1.1|DestUniqueID: 1.2
        Hangup|Channel: SIP/102-00000002|Uniqueid: 1.2|Cause: 21
        Newexten|Channel: SIP/101-00000001|Context: in|Extension: 102|Application: Hangup|AppData: |Uniqueid: 1.1
        Hangup|Channel: SIP/101-00000001|Uniqueid: 1.1|Cause: 21",
        "
        Newchannel|Channel: SIP/101-00000001|ChannelStateDesc: Ring|CallerIDNum: 101|Uniqueid: 1.1|Linkedid: 1.1
        Newchannel|Channel: SIP/102-00000002|ChannelStateDesc: Down|Uniqueid: 1.2|Linkedid: 1.1
        DialBegin|Channel: SIP/101-00000001|Uniqueid: 1.1|Linkedid: 1.1|DestChannel: SIP/102-00000002|DestUniqueid: 1.2|DestLinkedid: 1.1
        Hangup|Channel: SIP/102-00000002|Uniqueid: 1.2|Linkedid: 1.1|Cause: 21
        Hangup|Channel: SIP/101-00000001|Uniqueid: 1.1|Linkedid: 1.1|Cause: 21",
    ] {
        let told = told(&written(events));
        assert!(told.contains("SIP/101 rings SIP/102: rejected\n"), "{told}");
        let end = "= SIP/102 rejected the call (21 Call rejected)\n";
        assert!(told.ends_with(end), "{told}");
    }
}

// 1.4 has a name each for the start and the end of a hold, 1.6 and 1.8 have a
// Status. Written after chan_sip of 1.4 and 1.8.
#[test]
fn a_hold_ends_where_the_phone_takes_the_call_back() {
    let call = |on: &str, off: &str| {
        told(&written(&format!("
            Newchannel|Channel: SIP/101-0a1b2c3d|State: Ring|CallerIDNum: 101|Uniqueid: 1.1
            Newchannel|Channel: SIP/102-0a1b2c3e|State: Down|Uniqueid: 1.2
            Dial|Source: SIP/101-0a1b2c3d|Destination: SIP/102-0a1b2c3e|SrcUniqueID: 1.1|DestUniqueID: 1.2
            Link|Channel1: SIP/101-0a1b2c3d|Channel2: SIP/102-0a1b2c3e|Uniqueid1: 1.1|Uniqueid2: 1.2
            {on}|Channel: SIP/101-0a1b2c3d|Uniqueid: 1.1
            {off}|Channel: SIP/101-0a1b2c3d|Uniqueid: 1.1
            Unlink|Channel1: SIP/101-0a1b2c3d|Channel2: SIP/102-0a1b2c3e|Uniqueid1: 1.1|Uniqueid2: 1.2
            Hangup|Channel: SIP/102-0a1b2c3e|Uniqueid: 1.2|Cause: 16
            Hangup|Channel: SIP/101-0a1b2c3d|Uniqueid: 1.1|Cause: 16")))
    };
    for (on, off) in [("Hold", "Unhold"), ("Hold|Status: On", "Hold|Status: Off")] {
        let told = call(on, off);
        let held = "+0.4 – +0.5   SIP/101 puts the others on hold";
        assert!(told.contains(held), "{on}: {told}");
    }
}
