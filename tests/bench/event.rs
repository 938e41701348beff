//! What every bench measures with.

/// An event of 462 bytes and 20 headers, as of a Newexten of Asterisk 22.
pub fn event() -> Vec<u8> {
    let mut event = b"Event: Newexten\r\nPrivilege: dialplan,all\r\n\
        Channel: PJSIP/trunk-out-0000a1b2\r\nChannelState: 6\r\nChannelStateDesc: Up\r\n\
        CallerIDNum: 15551230001\r\nCallerIDName: Front Desk\r\nConnectedLineNum: <unknown>\r\n\
        ConnectedLineName: <unknown>\r\nLanguage: en\r\nAccountCode: acct-1\r\n\
        Context: from-internal\r\nExten: 15551239999\r\nPriority: 4\r\n\
        Uniqueid: 1795385794.1234\r\nLinkedid: 1795385794.1234\r\nExtension: 15551239999\r\n\
        Application: Set\r\nAppData: __X="
        .to_vec();
    let tail = b"\r\nTenantid: 1\r\n\r\n";
    event.resize(462 - tail.len(), b'x');
    event.extend_from_slice(tail);
    event
}
