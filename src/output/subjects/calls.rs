//! Channels, dialing, bridges, transfers, parking.

use super::super::cell::Cell::{App, Caller, Cause, Of, Pair, Place, Reason, Unit, Word};
use super::{BRIDGE, CALLER, CHANNEL, Line, NO_NAMES, PLACE, line};

pub(super) const LINES: &[Line] = &[
    line(
        &["Newchannel"],
        CHANNEL,
        &[
            CALLER,
            Word("to", &Place(&["Exten"], &["Context"], NO_NAMES)),
        ],
    ),
    line(
        &["Newstate"],
        CHANNEL,
        &[Of(&["ChannelStateDesc", "State"]), CALLER],
    ),
    line(
        &["Newexten"],
        CHANNEL,
        &[App(&["Application"], &["AppData"]), PLACE],
    ),
    line(
        &["Hangup", "HangupRequest", "SoftHangupRequest"],
        CHANNEL,
        &[Cause(&["Cause"]), CALLER],
    ),
    line(&["NewCallerid"], CHANNEL, &[CALLER]),
    line(
        &["NewConnectedLine"],
        CHANNEL,
        &[Word(
            "connected to",
            &Caller(&["ConnectedLineName"], &["ConnectedLineNum"]),
        )],
    ),
    line(
        &["NewAccountCode"],
        CHANNEL,
        &[Of(&["AccountCode"]), Word("was", &Of(&["OldAccountCode"]))],
    ),
    line(&["Rename"], CHANNEL, &[Word("now", &Of(&["Newname"]))]),
    line(&["VarSet"], CHANNEL, &[Pair(&["Variable"], &["Value"])]),
    line(
        &["DialBegin"],
        CHANNEL,
        &[Word("→", &Of(&["DestChannel"])), Of(&["DialString"])],
    ),
    line(
        &["DialState", "DialEnd"],
        CHANNEL,
        &[
            Word("→", &Of(&["DestChannel"])),
            Of(&["DialStatus"]),
            Word("forwarded to", &Of(&["Forward"])),
        ],
    ),
    line(
        &["Dial"],
        CHANNEL,
        &[
            Of(&["SubEvent"]),
            Word("→", &Of(&["Destination"])),
            Of(&["DialStatus"]),
        ],
    ),
    line(
        &["Bridge", "Link", "Unlink"],
        Of(&["Channel1"]),
        &[Word("↔", &Of(&["Channel2"])), Of(&["Bridgestate"])],
    ),
    line(
        &["BridgeEnter", "BridgeLeave"],
        CHANNEL,
        &[
            Word("bridge", &BRIDGE),
            Word("now", &Of(&["BridgeNumChannels"])),
        ],
    ),
    line(
        &["BridgeCreate", "BridgeDestroy", "BridgeMerge"],
        BRIDGE,
        &[Of(&["BridgeType"]), Of(&["BridgeTechnology"])],
    ),
    line(
        &["LocalBridge"],
        Of(&["LocalOneChannel", "Channel1"]),
        &[Word("↔", &Of(&["LocalTwoChannel", "Channel2"]))],
    ),
    line(
        &["BlindTransfer"],
        Of(&["TransfererChannel"]),
        &[
            Word("to", &Place(&["Extension"], &["Context"], NO_NAMES)),
            Of(&["Result"]),
        ],
    ),
    line(
        &["AttendedTransfer"],
        Of(&["OrigTransfererChannel"]),
        &[Word("to", &Of(&["TransferTargetChannel"])), Of(&["Result"])],
    ),
    line(
        &["DTMF", "DTMFBegin", "DTMFEnd"],
        CHANNEL,
        &[
            Of(&["Digit"]),
            Of(&["Direction"]),
            Unit(&["DurationMs"], "ms"),
        ],
    ),
    line(
        &["OriginateResponse"],
        Of(&["Channel"]),
        &[Of(&["Response"]), Reason(&["Reason"]), PLACE],
    ),
    line(
        &[
            "ParkedCall",
            "UnParkedCall",
            "ParkedCallTimeOut",
            "ParkedCallGiveUp",
            "ParkedCallSwap",
        ],
        Of(&["ParkeeChannel", "Channel"]),
        &[
            Word(
                "space",
                &Place(
                    &["ParkingSpace", "Exten"],
                    &["ParkingLot", "Parkinglot"],
                    NO_NAMES,
                ),
            ),
            Word("by", &Of(&["ParkerDialString", "RetrieverChannel", "From"])),
        ],
    ),
    line(
        &[
            "ConfbridgeJoin",
            "ConfbridgeLeave",
            "ConfbridgeTalking",
            "ConfbridgeMute",
            "ConfbridgeUnmute",
        ],
        Of(&["Conference"]),
        &[CHANNEL, CALLER, Word("talking:", &Of(&["TalkingStatus"]))],
    ),
    line(
        &[
            "Hold",
            "Unhold",
            "MusicOnHold",
            "MusicOnHoldStart",
            "MusicOnHoldStop",
        ],
        CHANNEL,
        &[Of(&["State"]), Of(&["Class", "MusicClass"])],
    ),
    line(
        &["HangupHandlerRun", "HangupHandlerPush", "HangupHandlerPop"],
        CHANNEL,
        &[Of(&["Handler"])],
    ),
    line(&["Flash", "Wink"], CHANNEL, &[CALLER]),
    line(
        &["Pickup"],
        CHANNEL,
        &[Word("picks up", &Of(&["TargetChannel"])), CALLER],
    ),
    line(
        &["ChannelTalkingStart", "ChannelTalkingStop"],
        CHANNEL,
        &[CALLER, Word("after", &Unit(&["Duration"], "ms"))],
    ),
    line(
        &["ChanSpyStart", "ChanSpyStop"],
        Of(&["SpyerChannel"]),
        &[Word("listens to", &Of(&["SpyeeChannel"]))],
    ),
    line(
        &["LocalOptimizationBegin", "LocalOptimizationEnd"],
        Of(&["LocalOneChannel"]),
        &[
            Word("↔", &Of(&["LocalTwoChannel"])),
            Word("from", &Of(&["SourceChannel"])),
            Word("success", &Of(&["Success"])),
        ],
    ),
    line(
        &["BridgeVideoSourceUpdate"],
        BRIDGE,
        &[
            Word("shows", &Of(&["BridgeVideoSource"])),
            Word("before", &Of(&["BridgePreviousVideoSource"])),
        ],
    ),
    line(
        &["DAHDIChannel"],
        CHANNEL,
        &[
            Word("span", &Of(&["DAHDISpan"])),
            Word("channel", &Of(&["DAHDIChannel"])),
        ],
    ),
    line(
        &["MCID"],
        CHANNEL,
        &[Caller(&["MCallerIDName"], &["MCallerIDNum"])],
    ),
    line(
        &["CEL"],
        CHANNEL,
        &[
            Of(&["EventName"]),
            Caller(&["CallerIDname"], &["CallerIDnum"]),
            App(&["Application"], &["AppData"]),
        ],
    ),
    line(
        &["Masquerade"],
        Of(&["Original"]),
        &[Word("becomes", &Of(&["Clone"])), Of(&["OriginalState"])],
    ),
    line(
        &["Transfer"],
        Of(&["Channel"]),
        &[
            Word(
                "to",
                &Place(&["TransferExten"], &["TransferContext"], NO_NAMES),
            ),
            Word("→", &Of(&["TargetChannel"])),
            Of(&["TransferMethod"]),
        ],
    ),
    line(
        &["ChannelUpdate"],
        CHANNEL,
        &[Of(&["Channeltype"]), Of(&["SIPcallid"])],
    ),
    line(
        &["NewPeerAccount"],
        CHANNEL,
        &[Of(&["PeerAccount"]), Word("was", &Of(&["OldPeerAccount"]))],
    ),
    line(
        &["BridgeExec"],
        Of(&["Channel1"]),
        &[
            Word("↔", &Of(&["Channel2"])),
            Of(&["Response"]),
            Of(&["Reason"]),
        ],
    ),
    line(
        &["BridgeAction"],
        Of(&["Channel1"]),
        &[Word("↔", &Of(&["Channel2"])), Of(&["Response"])],
    ),
    line(
        &["OriginateSuccess", "OriginateFailure"],
        CHANNEL,
        &[Reason(&["Reason"]), PLACE],
    ),
    line(&["Placed"], CHANNEL, &[PLACE]),
];
