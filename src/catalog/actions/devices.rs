//! Phones, peers and trunks, and their states.

use super::row::{Known, ValuesOf, known};

pub(super) const ROWS: &[Known] = &[
    known("DAHDIDialOffhook: Dial a number on an open DAHDI channel")
        .keys("DAHDIChannel! Number!"),
    known("DAHDIDNDoff: Take a DAHDI channel out of do-not-disturb").keys("DAHDIChannel!"),
    known("DAHDIDNDon: Put a DAHDI channel into do-not-disturb").keys("DAHDIChannel!"),
    known("DAHDIHangup: Hang up a DAHDI channel").keys("DAHDIChannel!"),
    known("DAHDIRestart: Restart all DAHDI channels, ending their calls"),
    known("DAHDIShowChannels: List the DAHDI channels")
        .keys("DAHDIChannel")
        .reads(),
    known("DAHDIShowStatus: List the DAHDI spans and their alarms").reads(),
    known("DAHDITransfer: Flash a DAHDI channel, as for a transfer").keys("DAHDIChannel!"),
    known("DeviceStateList call,reporting: List the device states")
        .reads(),
    // Without Context it uses `default`: 16.28 and 22.10.
    known("ExtensionState call,reporting: Show the state of an extension's hint")
        .keys("Exten! Context?")
        .needs_in_1_4("call")
        .values(&[("Exten", ValuesOf::Hints)])
        .reads(),
    known("ExtensionStateList call,reporting: List the states of all hints")
        .reads(),
    known("IAXnetstats system,reporting: Show the network quality of IAX calls")
        .needs_in_1_4("")
        .reads(),
    known("IAXpeerlist system,reporting: List the IAX peers")
        .reads(),
    known("IAXpeers system,reporting: List the IAX peers")
        .needs_in_1_4("")
        .reads(),
    known("IAXregistry system,reporting: List the IAX registrations with others")
        .reads(),
    // The key documented as JID is read as ScreenName: 16.28 and 22.10.
    known("JabberSend system: Send a message by Jabber")
        .keys("Jabber! JID? Message! +ScreenName")
        .one_of(&["JID", "ScreenName"], "ScreenName")
        .words("Jabber ScreenName Message"),
    known("MessageSend message: Send a text message outside of a call")
        .keys("Destination To?? From Body Base64Body Variable*")
        .one_of(&["To", "Destination"], "To")
        .words("To From Body"),
    // Without Cause it uses normal clearing: 22.10.
    known("PJSIPHangup system,call: Hang up an incoming PJSIP channel with a SIP code")
    .keys("Channel! Cause?"),
    // Without Variable the NOTIFY has no body: 16.28.
    known("PJSIPNotify system: Send a SIP NOTIFY")
        .keys("Endpoint URI channel Option Variable??*")
        .one_of(&["Endpoint", "URI", "Channel"], "Endpoint, URI or Channel")
        .words("Endpoint Option"),
    known("PJSIPQualify system,reporting: Check whether the contacts of a PJSIP endpoint are reachable")
    .keys("Endpoint!"),
    known("PJSIPRegister system,reporting: Send an outbound PJSIP registration now")
        .keys("Registration!"),
    known("PJSIPSetMaintenance system: Take a PJSIP endpoint into or out of maintenance")
    .keys("Endpoint! State!=on|off"),
    known("PJSIPShowAors system: List the PJSIP addresses of record")
        .reads()
        .error_may_be_empty(),
    known("PJSIPShowAuths system: List the PJSIP credentials")
        .reads()
        .error_may_be_empty(),
    known("PJSIPShowContacts system: List the PJSIP contacts")
        .reads()
        .error_may_be_empty(),
    known("PJSIPShowEndpoint system: Show a PJSIP endpoint and everything that belongs to it")
    .keys("Endpoint!")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowEndpoints system: List the PJSIP endpoints")
        .reads()
        .error_may_be_empty(),
    known("PJSIPShowMaintenance system,reporting: Tell which PJSIP endpoints are in maintenance")
    .keys("Endpoint")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowRegistrationInboundContactStatuses system: List the states of registered PJSIP contacts")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowRegistrationsInbound system: List the PJSIP registrations with this server")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowRegistrationsOutbound system,reporting: List the PJSIP registrations with others")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowResourceLists system: List the PJSIP resource lists")
        .reads()
        .error_may_be_empty(),
    known("PJSIPShowSubscriptionsInbound system: List the PJSIP subscriptions of others")
    .reads()
    .error_may_be_empty(),
    known("PJSIPShowSubscriptionsOutbound system: List the PJSIP subscriptions with others")
    .reads()
    .error_may_be_empty(),
    known("PJSIPUnregister system,reporting: End an outbound PJSIP registration")
        .keys("Registration!"),
    known("PresenceState call,reporting: Show a presence state")
        .keys("Provider!")
        .reads(),
    known("PresenceStateList call,reporting: List the presence states")
        .reads(),
    known("PRIDebugFileSet: Write the PRI debug output to a file").keys("File!"),
    known("PRIDebugFileUnset: Stop writing the PRI debug output to a file"),
    known("PRIDebugSet: Set the debug level of a PRI span").keys("Span! Level!"),
    known("PRIShowSpans: List the PRI spans")
        .keys("Span")
        .reads(),
    known("SIPnotify system: Send a NOTIFY to a SIP peer")
        .keys("Channel! Variable!* Call-ID")
        .words("Channel Variable")
        .values(&[("Channel", ValuesOf::SipPeers)]),
    known("SIPpeers system,reporting: List the SIP peers")
        .needs_in_1_4("system")
        .reads(),
    known("SIPpeerstatus system: Show the state of SIP peers")
        .keys("Peer")
        .reads(),
    known("SIPqualifypeer system,reporting: Check whether a SIP peer is reachable")
        .keys("Peer!"),
    known("SIPshowpeer system,reporting: Show a SIP peer")
        .keys("Peer!")
        .needs_in_1_4("system")
        .reads(),
    known("SIPshowregistry system,reporting: List the SIP registrations with others")
        .reads(),
    known("SKINNYdevices system,reporting: List the Skinny devices")
        .reads(),
    known("SKINNYlines system,reporting: List the Skinny lines")
        .reads(),
    known("SKINNYshowdevice system,reporting: Show a Skinny device")
        .keys("Device!")
        .reads(),
    known("SKINNYshowline system,reporting: Show a Skinny line")
        .keys("Line!")
        .reads(),
    known("ZapDialOffhook: Dial a number on an open Zaptel channel").keys("ZapChannel! Number!"),
    known("ZapDNDoff: Take a Zaptel channel out of do-not-disturb").keys("ZapChannel!"),
    known("ZapDNDon: Put a Zaptel channel into do-not-disturb").keys("ZapChannel!"),
    known("ZapHangup: Hang up a Zaptel channel").keys("ZapChannel!"),
    known("ZapRestart: Restart all Zaptel channels, ending their calls"),
    known("ZapShowChannels: List the Zaptel channels").reads(),
    known("ZapTransfer: Flash a Zaptel channel, as for a transfer").keys("ZapChannel!"),
];
