//! Which keys the Actions of Asterisk 1.4 to 23 take, in our own words, for
//! servers that will not tell; and what the documentation of those that do
//! leaves out.

use super::super::listing::order;
use super::super::page::{Choice, Origin, Page, Parameter};
use std::sync::LazyLock;

/// A line for each Action that takes any: `Key!` is required, `Key*` may be
/// given more than once, `Key=a|b` names values. In the order of [`super::ACTIONS`].
#[rustfmt::skip]
const KEYS: &str = "\
AbsoluteTimeout Channel! Timeout!
AgentCallbackLogin Agent! Exten! Context AckCall=true|false WrapupTime
AgentLogoff Agent! Soft=true|false
AGI Channel! Command! CommandID
AOCMessage Channel ChannelPrefix MsgType!=S|D|E ChargeType=NA|Free|Currency|Unit \
    UnitAmount(0) UnitType(0) CurrencyName CurrencyAmount \
    CurrencyMultiplier=OneThousandth|OneHundredth|OneTenth|One|Ten|Hundred|Thousand \
    TotalType=Total|SubTotal \
    AOCBillingId=Normal|ReverseCharge|CreditCard|CallFwdUnconditional|CallFwdBusy|CallFwdNoReply|CallDeflection|CallTransfer \
    ChargingAssociationId ChargingAssociationNumber ChargingAssociationPlan \
    ChargedItem*=NA|SpecialArrangement|BasicCommunication|CallAttempt|CallSetup|UserUserInfo|SupplementaryService \
    RateType=NA|Free|FreeFromBeginning|Duration|Flat|Volume|SpecialCode Time \
    TimeScale=OneHundredthSecond|OneTenthSecond|Second|TenSeconds|Minute|Hour|Day Granularity \
    GranularityTimeScale=OneHundredthSecond|OneTenthSecond|Second|TenSeconds|Minute|Hour|Day \
    ChargingType=ContinuousCharging|StepFunction VolumeUnit=Octet|Segment|Message Code
Atxfer Channel! Exten! Context
BlindTransfer Channel! Context Exten
Bridge Channel1! Channel2! Tone=no|Channel1|Channel2|Both
BridgeDestroy BridgeUniqueid!
BridgeInfo BridgeUniqueid!
BridgeKick BridgeUniqueid Channel!
BridgeList BridgeType
BridgeTechnologySuspend BridgeTechnology!
BridgeTechnologyUnsuspend BridgeTechnology!
CancelAtxfer Channel!
Challenge AuthType!=MD5
ChangeMonitor Channel! File!
Command Command!
ConfbridgeKick Conference! Channel!=all|participants
ConfbridgeList Conference!
ConfbridgeLock Conference!
ConfbridgeMute Conference! Channel!=all|participants
ConfbridgeSetSingleVideoSrc Conference! Channel!
ConfbridgeStartRecord Conference! RecordFile
ConfbridgeStopRecord Conference!
ConfbridgeUnlock Conference!
ConfbridgeUnmute Conference! Channel!=all|participants
ControlPlayback Channel! Control!=stop|forward|reverse|pause|restart
CoreShowChannelMap Channel
CreateConfig Filename!
DAHDIDialOffhook DAHDIChannel! Number!
DAHDIDNDoff DAHDIChannel!
DAHDIDNDon DAHDIChannel!
DAHDIHangup DAHDIChannel!
DAHDIShowChannels DAHDIChannel
DAHDITransfer DAHDIChannel!
DataGet Path! Search Filter
DBDel Family! Key!
DBDelTree Family! Key
DBGet Family! Key!
DBGetTree Family Key
DBPut Family! Key! Val
DialplanExtensionAdd Context! Extension! Priority! Application! ApplicationData \
    Replace=yes|no
DialplanExtensionRemove Context! Extension! Priority
Events EventMask!=on|off
ExtensionState Exten! Context!
FAXSession SessionNumber!
Filter Operation=Add MatchCriteria Filter
GetConfig Filename! Category Filter
GetConfigJSON Filename! Category Filter
Getvar Channel Variable!
Hangup Channel! Cause
JabberSend Jabber! JID! Message!
ListCategories Filename!
LocalOptimizeAway Channel!
Login Username! AuthType=plain|MD5 Secret Key Events=on|off
MailboxCount Mailbox!
MailboxStatus Mailbox!
MeetmeList Conference
MeetmeMute Meetme! Usernum!
MeetmeUnmute Meetme! Usernum!
MessageSend Destination To From Body Base64Body Variable*
MixMonitor Channel! File Options Command
MixMonitorMute Channel! Direction=read|write|both State=0|1
ModuleCheck Module!
ModuleLoad \
    Module=cdr|dnsmgr|extconfig|enum|acl|manager|http|logger|features|dsp|udptl|indications|cel|plc \
    LoadType!=load|unload|reload|refresh Recursive=true|false
Monitor Channel! File Format Mix=true|false
MuteAudio Channel! Direction!=in|out|all State!=on|off
MWIDelete Mailbox!
MWIGet Mailbox!
MWIUpdate Mailbox! OldMessages NewMessages
Originate Channel! Exten Context Priority Application Data Timeout CallerID Variable* \
    Account EarlyMedia=true|false Async=true|false Codecs ChannelId OtherChannelId PreDialGoSub
Park Channel! TimeoutChannel AnnounceChannel Timeout Parkinglot ParkingSpace
ParkedCalls ParkingLot
PauseMonitor Channel!
PJSIPHangup Channel! Cause!
PJSIPNotify Endpoint URI channel Option Variable*
PJSIPQualify Endpoint!
PJSIPRegister Registration!
PJSIPSetMaintenance Endpoint! State!=on|off
PJSIPShowEndpoint Endpoint!
PJSIPShowMaintenance Endpoint
PJSIPUnregister Registration!
PlayDTMF Channel! Digit! Duration Receive=true|false
PlayMF Channel! Digit! Duration
PresenceState Provider!
PRIDebugFileSet File!
PRIDebugSet Span! Level!
PRIShowSpans Span
QueueAdd Queue! Interface! Penalty Paused=true|false Reason MemberName StateInterface
QueueChangePriorityCaller Queue! Caller! Priority! Immediate=true|false
QueueLog Queue! Event! Uniqueid Interface Message
QueueMemberRingInUse Interface! RingInUse!=true|false Queue
QueuePause Interface! Paused!=true|false Queue Reason
QueuePenalty Interface! Penalty! Queue
QueueReload Queue Members=yes|no Rules=yes|no Parameters=yes|no
QueueRemove Queue! Interface!
QueueReset Queue
QueueRule Rule
QueueStatus Queue Member
QueueSummary Queue
QueueWithdrawCaller Queue! Caller! WithdrawInfo
Redirect Channel! ExtraChannel Exten! ExtraExten Context! ExtraContext Priority! \
    ExtraPriority
Reload Module
SendFlash Channel! Receive=true|false
SendText Channel! Message! Content-Type
SetCDRUserField Channel! UserField! Append=true|false
Setvar Channel Variable! Value!
ShowDialPlan Extension Context
SIPnotify Channel! Variable!* Call-ID
SIPpeerstatus Peer
SIPqualifypeer Peer!
SIPshowpeer Peer!
SKINNYshowdevice Device!
SKINNYshowline Line!
SorceryMemoryCacheExpire Cache!
SorceryMemoryCacheExpireObject Cache! Object!
SorceryMemoryCachePopulate Cache!
SorceryMemoryCacheStale Cache!
SorceryMemoryCacheStaleObject Cache! Object! Reload=true|false
Status Channel Variables AllVariables=true|false
StopMixMonitor Channel! MixMonitorID
StopMonitor Channel!
UnpauseMonitor Channel!
UpdateConfig SrcFilename! DstFilename! Reload=yes|no PreserveEffectiveContext=true|false \
    Action-000000=NewCat|RenameCat|DelCat|EmptyCat|Update|Delete|Append|Insert Cat-000000 \
    Var-000000 Value-000000 Match-000000 Line-000000 Options-000000
UserEvent UserEvent! Header1 HeaderN
VoicemailBoxSummary Context! Mailbox!
VoicemailForward Mailbox! Context! Folder! ID! ToMailbox! ToContext! ToFolder!
VoicemailMove Mailbox! Context! Folder! ID! ToFolder!
VoicemailRefresh Context Mailbox
VoicemailRemove Mailbox! Context! Folder! ID!
VoicemailUserStatus Context! Mailbox!
WaitEvent Timeout!
ZapDialOffhook ZapChannel! Number!
ZapDNDoff ZapChannel!
ZapDNDon ZapChannel!
ZapHangup ZapChannel!
ZapTransfer ZapChannel!
";

/// The same of keys that a server's own page does not list, but the Action takes.
const OMITTED: &str = "\
Challenge Username
Login AuthType=plain|MD5 Key Events=on|off
JabberSend ScreenName
QueueAdd StateInterface
";

/// Documented as required by some versions, which do without (Status of 1.8,
/// AOCMessage up to 16, where ChannelPrefix does as well).
const NOT_REQUIRED: [(&str, &str); 2] = [("Status", "Channel"), ("AOCMessage", "Channel")];

/// In the order of [`super::ACTIONS`].
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let pages = super::ACTIONS.iter().map(|(name, synopsis)| Page {
        name: (*name).to_owned(),
        synopsis: (*synopsis).to_owned(),
        parameters: row(KEYS, name),
        origin: Origin::BuiltIn,
        ..Page::default()
    });
    pages.collect()
});

/// What amish itself knows of the Action `name`, in any case.
pub(in super::super) fn page(name: &str) -> Option<&'static Page> {
    PAGES.get(super::at(name)?)
}

/// A server's `page` with what it is known to leave out: keys, values, and that
/// a key may be given more than once.
pub(in super::super) fn complete(mut page: Page) -> Page {
    let omitted = row(OMITTED, &page.name).into_iter();
    let omitted: Vec<Parameter> = omitted.filter(|one| !page.knows(&one.key)).collect();
    let ours = self::page(&page.name);
    for one in &mut page.parameters {
        let itself = (page.name.as_str(), one.key.as_str());
        one.required &= !NOT_REQUIRED.contains(&itself);
        let Some(ours) = ours.and_then(|ours| ours.parameter(&one.key)) else {
            continue;
        };
        one.repeatable |= ours.repeatable;
        if one.choices.is_empty() {
            one.choices.clone_from(&ours.choices);
        }
    }
    page.parameters.extend(omitted);
    page
}

fn row(table: &str, name: &str) -> Vec<Parameter> {
    let mut rows = table.lines().map(str::split_whitespace);
    let found = rows.find_map(|mut words| {
        let first = words.next()?;
        order(first, name).is_eq().then_some(words)
    });
    found.into_iter().flatten().map(parameter).collect()
}

fn parameter(word: &str) -> Parameter {
    let (key, values) = word.split_once('=').unwrap_or((word, ""));
    let values = values.split('|').filter(|value| !value.is_empty());
    let choices = values.map(|value| Choice {
        value: value.to_owned(),
        about: String::new(),
    });
    Parameter {
        key: key.trim_end_matches(['!', '*']).to_owned(),
        required: key.contains('!'),
        repeatable: key.contains('*'),
        choices: choices.collect(),
        about: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A row that is misspelt or repeated would be of no use to anybody, silently.
    #[test]
    fn every_row_is_of_an_action_and_read() {
        let names: Vec<&str> = KEYS
            .lines()
            .filter_map(|row| row.split(' ').next())
            .collect();
        for pair in names.windows(2) {
            assert!(order(pair[0], pair[1]).is_lt(), "{pair:?}");
        }
        for name in names {
            assert!(!page(name).unwrap().parameters.is_empty(), "{name}");
        }
        let originate = page("originate").unwrap();
        assert!(originate.parameter("Channel").unwrap().required);
        assert!(originate.parameter("Variable").unwrap().repeatable);
        assert_eq!(originate.parameter("Async").unwrap().choices.len(), 2);
        assert!(page("Queues").unwrap().parameters.is_empty());
    }

    // Documentation leaves out what Actions take all the same, and it must be
    // known beside what it lists.
    #[test]
    fn a_servers_page_is_completed() {
        let bare = |name: &str| Page {
            name: name.to_owned(),
            parameters: vec![
                parameter("Username!"),
                parameter("Paused"),
                parameter("Variable"),
            ],
            ..Page::default()
        };
        let login = complete(bare("Login"));
        assert!(login.knows("authtype") && login.knows("Key") && login.knows("Events"));
        assert_eq!(
            complete(bare("QueueAdd"))
                .parameter("paused")
                .unwrap()
                .choices
                .len(),
            2
        );
        assert!(
            complete(bare("Originate"))
                .parameter("variable")
                .unwrap()
                .repeatable
        );
        assert_eq!(complete(login.clone()), login);
    }
}
