//! The server itself: modules, security, what ends a list.

use super::super::cell::Cell::{App, Duration, Flag, Of, Pair, Word};
use super::{CALLER, CHANNEL, Line, line};

pub(super) const LINES: &[Line] = &[
    line(
        &["Cdr"],
        Of(&["Channel"]),
        &[
            Of(&["Disposition"]),
            Word("from", &Of(&["Source"])),
            Word("to", &Of(&["Destination"])),
            Word("billed", &Duration(&["BillableSeconds"])),
        ],
    ),
    line(
        &[
            "SuccessfulAuth",
            "InvalidPassword",
            "InvalidAccountID",
            "ChallengeResponseFailed",
            "ChallengeSent",
            "FailedACL",
            "RequestBadFormat",
            "UnexpectedAddress",
        ],
        Of(&["AccountID"]),
        &[Of(&["Service"]), Of(&["RemoteAddress"]), Of(&["Module"])],
    ),
    line(
        &["FullyBooted"],
        Of(&["Status"]),
        &[
            Word("up", &Duration(&["Uptime"])),
            Word("last reload", &Duration(&["LastReload"])),
        ],
    ),
    line(
        &["Reload"],
        Of(&["Module"]),
        &[Word("status", &Of(&["Status"])), Of(&["Message"])],
    ),
    line(
        &["Shutdown"],
        Of(&["Shutdown"]),
        &[Flag(&["Restart"], "it will start again")],
    ),
    line(
        &[
            "AuthMethodNotAllowed",
            "InvalidTransport",
            "LoadAverageLimit",
            "MemoryLimit",
            "RequestNotAllowed",
            "RequestNotSupported",
            "SessionLimit",
            "SessionTimeout",
        ],
        Of(&["AccountID"]),
        &[
            Of(&["Service"]),
            Of(&["RemoteAddress"]),
            Of(&["RequestType", "AuthMethod", "AttemptedTransport", "Source"]),
        ],
    ),
    line(&["Load", "Unload"], Of(&["Module"]), &[Of(&["Status"])]),
    line(
        &["ModuleLoadReport"],
        Of(&["ModuleSelection"]),
        &[
            Word("modules", &Of(&["ModuleCount"])),
            Word("status", &Of(&["ModuleLoadStatus"])),
        ],
    ),
    line(
        &["LogChannel"],
        Of(&["Channel"]),
        &[Of(&["Enabled"]), Of(&["Reason"])],
    ),
    line(&["DeadlockStart"], Of(&["Mutex"]), &[]),
    line(
        &["ChannelReload"],
        Of(&["ChannelType", "Channel"]),
        &[
            Of(&["ReloadReason"]),
            Word("peers", &Of(&["Peer_Count"])),
            Word("users", &Of(&["User_Count"])),
        ],
    ),
    line(
        &["CoreShowChannel"],
        CHANNEL,
        &[
            Of(&["ChannelStateDesc"]),
            App(&["Application"], &["ApplicationData"]),
            CALLER,
        ],
    ),
    line(
        &["Status"],
        CHANNEL,
        &[Of(&["ChannelStateDesc", "State"]), CALLER],
    ),
    line(
        &[
            "AgentsComplete",
            "CoreShowChannelMapComplete",
            "CoreShowChannelsComplete",
            "FAXSessionsComplete",
            "MWIGetComplete",
            "StatusComplete",
        ],
        Word("items", &Of(&["ListItems", "Items", "Total"])),
        &[],
    ),
    line(
        &["DBGetResponse"],
        Pair(&["Key"], &["Val"]),
        &[Of(&["Family"])],
    ),
];
