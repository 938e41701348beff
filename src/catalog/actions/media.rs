//! Conferences, recordings, playback and fax.

use super::row::{Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("ChangeMonitor call: Change the file a channel is recorded to").keys("Channel! File!"),
    known("ConfbridgeKick call: Remove somebody from a conference")
        .keys("Conference! Channel!=all|participants")
        .values(&[("Channel", ValuesOf::Participants)]),
    known("ConfbridgeList reporting: List who is in a conference")
        .keys("Conference!")
        .reads()
        .error_may_be_empty(),
    known("ConfbridgeListRooms reporting: List the active conferences")
        .reads()
        .error_may_be_empty(),
    known("ConfbridgeLock call: Lock a conference so that nobody can join").keys("Conference!"),
    known("ConfbridgeMute call: Mute somebody in a conference")
        .keys("Conference! Channel!=all|participants")
        .values(&[("Channel", ValuesOf::Participants)]),
    known("ConfbridgeSetSingleVideoSrc call: Show one participant's video to all others")
        .keys("Conference! Channel!")
        .values(&[("Channel", ValuesOf::Participants)]),
    known("ConfbridgeStartRecord system: Start recording a conference")
        .keys("Conference! RecordFile"),
    known("ConfbridgeStopRecord system: Stop recording a conference").keys("Conference!"),
    known("ConfbridgeUnlock call: Unlock a conference so that people can join").keys("Conference!"),
    known("ConfbridgeUnmute call: Unmute somebody in a conference")
        .keys("Conference! Channel!=all|participants")
        .values(&[("Channel", ValuesOf::Participants)]),
    known("ControlPlayback call: Stop, pause or wind what is being played to a channel")
        .keys("Channel! Control!=stop|forward|reverse|pause|restart"),
    known("FAXSession call: Show a fax session")
        .keys("SessionNumber!")
        .reads(),
    known("FAXSessions call: List the fax sessions").reads(),
    known("FAXStats reporting: Show the numbers of faxes sent and received").reads(),
    known("MeetmeList reporting: List who is in a MeetMe conference")
        .keys("Conference")
        .values(&[("Conference", ValuesOf::MeetmeRooms)])
        .reads()
        .error_may_be_empty(),
    known("MeetmeListRooms reporting: List the active MeetMe conferences")
        .reads()
        .error_may_be_empty(),
    known("MeetmeMute call: Mute somebody in a MeetMe conference").keys("Meetme! Usernum!"),
    known("MeetmeUnmute call: Unmute somebody in a MeetMe conference").keys("Meetme! Usernum!"),
    known("MixMonitor system: Record a call, both sides mixed")
        .keys("Channel! File Options Command")
        .words("Channel File Options"),
    // 16.28 and 22.10 answer with an Error without Direction, or without State.
    known("MixMonitorMute system,call: Mute or unmute a recording")
        .keys("Channel! Direction!!=read|write|both State!!=0|1"),
    known("Monitor call: Record a channel").keys("Channel! File Format Mix=true|false"),
    known("MuteAudio system: Mute or unmute a channel in one or both directions")
        .keys("Channel! Direction!=in|out|all State!=on|off"),
    known("PauseMonitor call: Pause the recording of a channel").keys("Channel!"),
    known("StopMixMonitor system,call: Stop recording a call").keys("Channel! MixMonitorID"),
    known("StopMonitor call: Stop recording a channel").keys("Channel!"),
    known("UnpauseMonitor call: Go on recording a channel").keys("Channel!"),
];
