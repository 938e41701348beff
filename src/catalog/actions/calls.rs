//! Calls: channels, bridges, transfers, parking.

use super::row::{Danger, Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("AbsoluteTimeout system,call: Hang up a channel after a number of seconds")
        .keys("Channel! Timeout!")
        .needs_in_1_4("call"),
    known("AGI agi: Run an AGI command on a channel in Async AGI")
        .keys("Channel! Command! CommandID"),
    // Up to 16 Channel is documented as required, but ChannelPrefix suffices.
    known("AOCMessage aoc: Send an advice of charge to a channel")
        .keys("Channel?? ChannelPrefix MsgType!=S|D|E ChargeType=NA|Free|Currency|Unit \
             UnitAmount(0) UnitType(0) CurrencyName CurrencyAmount \
             CurrencyMultiplier=OneThousandth|OneHundredth|OneTenth|One|Ten|Hundred|Thousand \
             TotalType=Total|SubTotal \
             AOCBillingId=Normal|ReverseCharge|CreditCard|CallFwdUnconditional|CallFwdBusy|CallFwdNoReply|CallDeflection|CallTransfer \
             ChargingAssociationId ChargingAssociationNumber ChargingAssociationPlan \
             ChargedItem*=NA|SpecialArrangement|BasicCommunication|CallAttempt|CallSetup|UserUserInfo|SupplementaryService \
             RateType=NA|Free|FreeFromBeginning|Duration|Flat|Volume|SpecialCode Time \
             TimeScale=OneHundredthSecond|OneTenthSecond|Second|TenSeconds|Minute|Hour|Day \
             Granularity \
             GranularityTimeScale=OneHundredthSecond|OneTenthSecond|Second|TenSeconds|Minute|Hour|Day \
             ChargingType=ContinuousCharging|StepFunction \
             VolumeUnit=Octet|Segment|Message Code")
        .one_of(&["Channel", "ChannelPrefix"], "Channel or ChannelPrefix")
        .words("Channel MsgType ChargeType"),
    known("Atxfer call: Transfer a call after speaking to the new party")
        .keys("Channel! Exten! Context"),
    // 16.28 and 22.10 answer with an Error without Exten.
    known("BlindTransfer call: Transfer a call without speaking to the new party")
        .keys("Channel! Context Exten!!"),
    known("Bridge call: Connect two channels")
        .keys("Channel1! Channel2! Tone=no|Channel1|Channel2|Both")
        .words("Channel1 Channel2"),
    known("BridgeDestroy: End a bridge; its channels leave it")
        .keys("BridgeUniqueid!")
        .asks(Danger::DestroyBridge),
    known("BridgeInfo: Show a bridge and the channels in it")
        .keys("BridgeUniqueid!")
        .reads(),
    known("BridgeKick: Take a channel out of its bridge")
        .keys("BridgeUniqueid Channel!"),
    known("BridgeList: List the bridges")
        .keys("BridgeType")
        .reads(),
    known("BridgeTechnologyList: List the bridge technologies and whether each is suspended")
        .reads(),
    known("BridgeTechnologySuspend: Stop using a bridge technology for new bridges")
        .keys("BridgeTechnology!"),
    known("BridgeTechnologyUnsuspend: Use a bridge technology again")
        .keys("BridgeTechnology!"),
    known("CancelAtxfer call: Cancel an attended transfer")
        .keys("Channel!"),
    known("CoreShowChannelMap system,reporting: List the channels connected to a channel")
        .keys("Channel")
        .reads(),
    known("CoreShowChannels system,reporting: List the channels in use")
        .reads(),
    known("Getvar call,reporting: Read a variable or function, of a channel or global")
        .keys("Channel Variable!")
        .fewer_words("Variable")
        .needs_in_1_4("call")
        .values(&[("Variable", ValuesOf::Functions)])
        .reads_unless("Variable"),
    known("Hangup system,call: Hang up a channel")
        .keys("Channel! Cause")
        .needs_in_1_4("call")
        .asks(Danger::HangUpMany),
    known("LocalOptimizeAway system,call: Let a Local channel drop out of its call")
        .keys("Channel!"),
    // Up to 13 servers accept it without Exten or Context: only what all
    // versions require is required here.
    known("Originate originate: Place a call")
        .keys("Channel! Exten Context Priority Application Data Timeout CallerID \
             Variable* Account EarlyMedia=true|false Async=true|false Codecs \
             ChannelId OtherChannelId PreDialGoSub")
        .one_of(&["Application", "Priority"], "Context, Exten, Priority (or Application)")
        .words("Channel Context Exten Priority")
        .needs_in_1_4("call")
        .values(&[("Channel", ValuesOf::Interfaces)]),
    known("Park call: Park a call")
        .keys("Channel! TimeoutChannel AnnounceChannel Timeout Parkinglot ParkingSpace")
        .words("Channel"),
    known("ParkedCalls call: List the parked calls")
        .keys("ParkingLot")
        .needs_in_1_4("")
        .reads(),
    known("Parkinglots call: List the parking lots")
        .reads(),
    known("PlayDTMF call: Send a DTMF digit on a channel")
        .keys("Channel! Digit! Duration Receive=true|false")
        .words("Channel Digit Duration"),
    known("PlayMF call: Send an MF digit on a channel")
        .keys("Channel! Digit! Duration"),
    known("Redirect call: Send a channel to another place in the dialplan")
        .keys("Channel! ExtraChannel Exten! ExtraExten Context! ExtraContext Priority! \
             ExtraPriority")
        .words("Channel Context Exten Priority"),
    known("SendFlash call: Send a hook flash on a channel")
        .keys("Channel! Receive=true|false")
        .words("Channel"),
    known("SendText call: Send a text message to a channel")
        .keys("Channel! Message! Content-Type")
        .words("Channel Message"),
    known("SetCDRUserField call: Set the user field of a call's detail record")
        .keys("Channel! UserField! Append=true|false")
        .words("Channel UserField"),
    // Without Value the variable is set to an empty value: 16.28 and 22.10.
    known("Setvar call: Set a variable or function, of a channel or global")
        .keys("Channel Variable! Value?")
        .fewer_words("Variable Value")
        .values(&[("Variable", ValuesOf::Functions)]),
    // 1.8 documents Channel as required, but works without.
    known("Status system,call,reporting: Show channels with their callers and times")
        .keys("Channel?? Variables AllVariables=true|false")
        .words("Channel")
        .needs_in_1_4("call")
        .reads_unless("Variables"),
];
