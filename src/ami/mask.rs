//! Packets as they may be shown or kept: every secret in them as `***`.

use super::login::Secret;
use std::borrow::Cow;

/// What stands in the place of a secret, whatever its length.
const STARS: &[u8] = b"***";

/// The options of Asterisk's own configuration whose value is a secret.
const OPTIONS: [&str; 3] = ["secret", "password", "md5_cred"];

/// The bytes of a packet to a server. `Key` is a secret where any Action
/// header says Login: which of several counts is the server's choice. Of an
/// UpdateConfig the value of a secret option is one.
pub fn request(packet: &[u8]) -> Cow<'_, [u8]> {
    let says = |wanted: &str, is: &dyn Fn(&[u8]) -> bool| {
        let mut headers = lines(packet).filter_map(header);
        headers.any(|(key, value)| key.eq_ignore_ascii_case(wanted) && is(value.trim_ascii()))
    };
    let login = says("Action", &|value| value.eq_ignore_ascii_case(b"Login"));
    masked(packet, |key, value| {
        let (what, number) = key.split_once('-').unwrap_or_default();
        let of_option = ["Value", "Match"]
            .iter()
            .any(|one| what.eq_ignore_ascii_case(one));
        let hides =
            Secret::hides(key, login) || (of_option && says(&format!("Var-{number}"), &is_secret));
        hides.then_some(value)
    })
}

/// The bytes of a packet from a server: in its headers, and in the lines of
/// GetConfig (`Line-000001-000002: secret=…`). GetConfigJSON is one line, shown
/// whole or not at all.
pub fn reply(packet: &[u8]) -> Cow<'_, [u8]> {
    masked(packet, |key, value| {
        let hides = Secret::hides(key, false) || (key == "JSON" && holds_secret(value));
        match hides {
            true => Some(value),
            false => setting(key, value),
        }
    })
}

/// Is it an option whose value is a secret?
fn is_secret(option: &[u8]) -> bool {
    let mut options = OPTIONS.iter();
    options.any(|name| option.eq_ignore_ascii_case(name.as_bytes()))
}

fn holds_secret(json: &[u8]) -> bool {
    json.split(|&byte| byte == b'"').any(is_secret)
}

/// The value of a secret option in a line of GetConfig.
fn setting<'a>(key: &str, value: &'a [u8]) -> Option<&'a [u8]> {
    key.strip_prefix("Line-")?;
    let at = value.iter().position(|&byte| byte == b'=')?;
    let (option, value) = value.split_at_checked(at)?;
    let value = value.get(1..).filter(|_| is_secret(option.trim_ascii()));
    value.map(<[u8]>::trim_ascii_start)
}

/// `packet` without what `secret` finds at the end of a header's value, and
/// without the lines that continue such a value.
fn masked<'a>(
    packet: &'a [u8],
    secret: impl Fn(&str, &'a [u8]) -> Option<&'a [u8]>,
) -> Cow<'a, [u8]> {
    let mut safe: Option<Vec<u8>> = None;
    let mut at = 0;
    let mut inside = false;
    for line in lines(packet) {
        let text = line.strip_suffix(b"\r\n").unwrap_or(line);
        let hidden = match header(text) {
            Some((key, value)) => secret(key, value).map(<[u8]>::len),
            None => (inside && !text.is_empty()).then_some(text.len()),
        };
        inside = hidden.is_some();
        if let Some(hidden) = hidden {
            let safe = safe.get_or_insert_with(|| packet.get(..at).unwrap_or_default().to_vec());
            let shown = text.len().saturating_sub(hidden);
            safe.extend_from_slice(text.get(..shown).unwrap_or_default());
            safe.extend_from_slice(STARS);
            safe.extend_from_slice(line.get(text.len()..).unwrap_or_default());
        } else if let Some(safe) = &mut safe {
            safe.extend_from_slice(line);
        }
        at += line.len();
    }
    safe.map_or(Cow::Borrowed(packet), Cow::Owned)
}

/// Lines with their CRLF; a lone LF belongs to a value.
fn lines(packet: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = packet;
    std::iter::from_fn(move || {
        let end = rest.windows(2).position(|two| two == b"\r\n");
        let (line, after) = rest.split_at_checked(end.map_or(rest.len(), |end| end + 2))?;
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// The key without the blanks around it, and the value without those before it.
fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (key, value) = line.split_at_checked(colon)?;
    let key = std::str::from_utf8(key).ok()?.trim();
    Some((key, value.get(1..)?.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crlf(text: &str) -> Vec<u8> {
        text.replace('\n', "\r\n").into_bytes()
    }

    // A trace and a dry run are passed on to others: nothing of a secret may be
    // in them, however the header is spelled, and everything else must be.
    #[test]
    fn a_request_shows_no_secret() {
        for (sent, shown) in [
            (
                "Action: Login\nUsername: me\nSecret: s3cret\n\n",
                "Action: Login\nUsername: me\nSecret: ***\n\n",
            ),
            (
                "Key: 0123abcd\nAction:\nACTION:  login \nsecret:a: b  \n\n",
                "Key: ***\nAction:\nACTION:  login \nsecret:***\n\n",
            ),
            (
                "Action: DBPut\nKey: mode\n\n",
                "Action: DBPut\nKey: mode\n\n",
            ),
            (
                "Action: UpdateConfig\nAction-000001: update\nVar-000001: Secret\n\
                 Value-000001: new\nMatch-000001: old\nVar-000002: read\nValue-000002: all\n\n",
                "Action: UpdateConfig\nAction-000001: update\nVar-000001: Secret\n\
                 Value-000001: ***\nMatch-000001: ***\nVar-000002: read\nValue-000002: all\n\n",
            ),
            (
                " Secret : one \r two\nPassword: x\nMD5Cred: y\nSecrets: z\n\n",
                " Secret : ***\nPassword: ***\nMD5Cred: ***\nSecrets: z\n\n",
            ),
        ] {
            let sent = crlf(sent);
            assert_eq!(
                String::from_utf8_lossy(&request(&sent)),
                String::from_utf8_lossy(&crlf(shown))
            );
        }
    }

    // The lines are what 16 and 22 answer to GetConfig and GetConfigJSON of
    // manager.conf and pjsip.conf, and to PJSIPShowAuths.
    #[test]
    fn a_reply_shows_no_secret() {
        let came = "Response: Success\nCategory-000001: admin\n\
            Line-000001-000000: secret=s3cret\nLine-000001-000001: Password = a=b\n\
            Line-000001-000002: md5_cred=f00\nLine-000001-000003: write=all\n\n\
            Event: AuthDetail\nPassword: one\ntwo\nthree\nMd5Cred: \nKey: k\n\
            JSON: {\"admin\":{\"secret\":\"s3cret\"}}\n\
            JSON: {\"admin\":{\"read\":\"all\"}}\nOutput: secret=in clear\n\n";
        let shown = "Response: Success\nCategory-000001: admin\n\
            Line-000001-000000: secret=***\nLine-000001-000001: Password = ***\n\
            Line-000001-000002: md5_cred=***\nLine-000001-000003: write=all\n\n\
            Event: AuthDetail\nPassword: ***\n***\n***\nMd5Cred: ***\nKey: k\n\
            JSON: ***\n\
            JSON: {\"admin\":{\"read\":\"all\"}}\nOutput: secret=in clear\n\n";
        let came = crlf(came);
        assert_eq!(
            String::from_utf8_lossy(&reply(&came)),
            String::from_utf8_lossy(&crlf(shown))
        );
    }

    // Most packets hold none: they are passed on as they are, cut or not.
    #[test]
    fn what_holds_no_secret_is_not_touched() {
        for bytes in ["", "\n", "Event: x\nA: one", "Response: Success\n\n"] {
            let bytes = crlf(bytes);
            assert!(matches!(reply(&bytes), Cow::Borrowed(b) if b == bytes));
            assert!(matches!(request(&bytes), Cow::Borrowed(b) if b == bytes));
        }
        let cut: &[u8] = b"Secret: s3cr";
        assert_eq!(&*reply(cut), b"Secret: ***");
    }
}
