//! Queues and agents.

use super::super::cell::Cell::{Device, Duration, Flag, Of, Unit, Word};
use super::{CALLER, CHANNEL, Line, MEMBER, PAUSED, QUEUE, line};

pub(super) const LINES: &[Line] = &[
    line(
        &["QueueCallerJoin", "Join"],
        QUEUE,
        &[CALLER, Word("position", &Of(&["Position"])), CHANNEL],
    ),
    line(
        &["QueueCallerLeave", "Leave"],
        QUEUE,
        &[CALLER, Word("still waiting", &Of(&["Count"])), CHANNEL],
    ),
    line(
        &["QueueCallerAbandon"],
        QUEUE,
        &[CALLER, Word("after", &Duration(&["HoldTime"])), CHANNEL],
    ),
    line(
        &["QueueMemberStatus"],
        QUEUE,
        &[
            MEMBER,
            Device(&["Status"]),
            Flag(&["Paused"], "paused"),
            Word("calls", &Of(&["CallsTaken"])),
        ],
    ),
    line(
        &["QueueMemberAdded", "QueueMemberRemoved"],
        QUEUE,
        &[
            MEMBER,
            Of(&["Interface", "Location"]),
            Flag(&["Paused"], "paused"),
        ],
    ),
    line(
        &["QueueMemberPause", "QueueMemberPaused"],
        QUEUE,
        &[MEMBER, PAUSED, Of(&["PausedReason", "Reason"])],
    ),
    line(
        &["QueueMemberPenalty"],
        QUEUE,
        &[MEMBER, Word("penalty", &Of(&["Penalty"]))],
    ),
    line(
        &["QueueMemberRinginuse"],
        QUEUE,
        &[MEMBER, Word("ring in use:", &Of(&["Ringinuse"]))],
    ),
    line(
        &["AgentCalled"],
        QUEUE,
        &[
            MEMBER,
            CALLER,
            Word("→", &Of(&["DestChannel", "DestinationChannel"])),
        ],
    ),
    line(
        &["AgentConnect"],
        QUEUE,
        &[MEMBER, CALLER, Word("waited", &Duration(&["HoldTime"]))],
    ),
    line(
        &["AgentComplete"],
        QUEUE,
        &[
            MEMBER,
            Word("talked", &Duration(&["TalkTime"])),
            Word("waited", &Duration(&["HoldTime"])),
            Word("ended by", &Of(&["Reason"])),
        ],
    ),
    line(
        &["AgentRingNoAnswer"],
        QUEUE,
        &[MEMBER, CALLER, Word("rang", &Unit(&["RingTime"], "ms"))],
    ),
    line(&["AgentDump"], QUEUE, &[MEMBER, CALLER]),
    line(
        &["AgentLogin", "AgentLogoff"],
        Of(&["Agent"]),
        &[CHANNEL, Word("after", &Duration(&["Logintime"]))],
    ),
    line(
        &["QueueParams"],
        QUEUE,
        &[
            Word("calls", &Of(&["Calls"])),
            Of(&["Strategy"]),
            Word("completed", &Of(&["Completed"])),
            Word("abandoned", &Of(&["Abandoned"])),
        ],
    ),
    line(
        &["QueueEntry"],
        QUEUE,
        &[
            CALLER,
            Word("position", &Of(&["Position"])),
            Word("waits", &Duration(&["Wait"])),
        ],
    ),
    line(
        &["QueueMember"],
        QUEUE,
        &[MEMBER, Device(&["Status"]), Flag(&["Paused"], "paused")],
    ),
    line(
        &["Agents"],
        Of(&["Agent"]),
        &[
            Of(&["Name"]),
            Of(&["Status"]),
            Word("talks to", &Of(&["TalkingToChan"])),
        ],
    ),
    line(
        &["Agentcallbacklogin", "Agentcallbacklogoff"],
        Of(&["Agent"]),
        &[
            Word("at", &Of(&["Loginchan"])),
            Word("after", &Duration(&["Logintime"])),
            Of(&["Reason"]),
        ],
    ),
];
