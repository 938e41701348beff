//! Queues, agents and mailboxes.

use super::row::{Danger, Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("AgentCallbackLogin agent: Log an agent in with a number to call back")
        .keys("Agent! Exten! Context AckCall=true|false WrapupTime")
        .words("Agent Exten Context"),
    known("AgentLogoff agent: Log an agent off").keys("Agent! Soft=true|false"),
    known("Agents agent: List the agents and their states").reads(),
    known("MailboxCount call,reporting: Count the messages of a mailbox")
        .keys("Mailbox!")
        .needs_in_1_4("call")
        .reads(),
    known("MailboxStatus call,reporting: Tell whether a mailbox has new messages")
        .keys("Mailbox!")
        .needs_in_1_4("call")
        .reads(),
    known("MWIDelete call: Delete the message count of an external mailbox").keys("Mailbox!"),
    known("MWIGet call,reporting: Show the message counts of external mailboxes")
        .keys("Mailbox!")
        .reads(),
    known("MWIUpdate call: Set the message count of an external mailbox")
        .keys("Mailbox! OldMessages NewMessages"),
    known("QueueAdd agent: Add a member to a queue")
        .keys("Queue! Interface! Penalty Paused=true|false Reason MemberName +StateInterface")
        .words("Queue Interface Penalty")
        .values(&[("Interface", ValuesOf::Interfaces)]),
    known("QueueChangePriorityCaller: Change the priority of a waiting caller")
        .keys("Queue! Caller! Priority! Immediate=true|false")
        .words("Queue Caller Priority")
        .values(&[("Priority", ValuesOf::Nothing)]),
    known("QueueLog agent: Write a line to the queue log")
        .keys("Queue! Event! Uniqueid Interface Message")
        .words("Queue Event"),
    known("QueueMemberRingInUse agent: Set whether a queue member rings while in use")
        .keys("Interface! RingInUse!=true|false Queue"),
    known("QueuePause agent: Pause or unpause a queue member")
        .keys("Interface! Paused!=true|false Queue Reason"),
    known("QueuePenalty agent: Set the penalty of a queue member")
        .keys("Interface! Penalty! Queue"),
    known("QueueReload: Reload the queue configuration")
        .keys("Queue Members=yes|no Rules=yes|no Parameters=yes|no")
        .words("Queue"),
    known("QueueRemove agent: Take a member out of a queue").keys("Queue! Interface!"),
    known("QueueReset: Set the statistics of a queue to zero")
        .keys("Queue")
        .asks(Danger::ResetStatistics),
    known("QueueRule: Show the penalty rules of queues")
        .keys("Rule")
        .reads(),
    known("Queues: Show the queues as text").reads(),
    known("QueueStatus: List queues with their members and callers")
        .keys("Queue Member")
        .values(&[("Member", ValuesOf::Members)])
        .reads(),
    known("QueueSummary: Count the members and callers of queues")
        .keys("Queue")
        .reads(),
    known("QueueWithdrawCaller: Send a waiting caller back to the dialplan")
        .keys("Queue! Caller! WithdrawInfo"),
    known("VoicemailBoxSummary call,reporting: List the messages of a mailbox")
        .keys("Context! Mailbox!")
        .values(&[("Context", ValuesOf::Nothing)])
        .reads(),
    known("VoicemailForward user: Copy a voicemail message to another mailbox")
        .keys("Mailbox! Context! Folder! ID! ToMailbox! ToContext! ToFolder!")
        .words("Context Mailbox Folder ID ToContext ToMailbox ToFolder")
        .values(&[("Context", ValuesOf::Nothing)]),
    known("VoicemailMove user: Move a voicemail message to another folder")
        .keys("Mailbox! Context! Folder! ID! ToFolder!")
        .words("Context Mailbox Folder ID ToFolder")
        .values(&[("Context", ValuesOf::Nothing)]),
    known("VoicemailRefresh user: Look for changes in mailboxes now")
        .keys("Context Mailbox")
        .values(&[("Context", ValuesOf::Nothing)]),
    known("VoicemailRemove user: Delete a voicemail message")
        .keys("Mailbox! Context! Folder! ID!")
        .words("Context Mailbox Folder ID")
        .values(&[("Context", ValuesOf::Nothing)]),
    known("VoicemailUsersList call,reporting: List the voicemail users").reads(),
    known("VoicemailUserStatus call,reporting: Show a voicemail user")
        .keys("Context! Mailbox!")
        .values(&[("Context", ValuesOf::Nothing)])
        .reads(),
];
