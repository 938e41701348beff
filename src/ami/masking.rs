//! Decides what is a secret in a packet, and replaces secrets by `***` in
//! packets that are shown or kept.
//!
//! Secrets are the values of the headers `Secret`, `Password` and `Md5Cred`;
//! `Key` in a Login; the `Value-N` beside a `Var-N` that names one
//! (UpdateConfig); what a CLI command has after such a name, or prints after
//! one; such lines of GetConfig; and the secret in a URL. GetConfig,
//! PJSIPShowAuths and `pjsip show auth` print secrets in clear (16 and 22).

use super::packet::lines::is_follows;
use memchr::memmem;
use std::borrow::Cow;
use std::ops::Range;

/// Replaces a secret of any length.
const STARS: &[u8] = b"***";

/// Names of secrets, in headers and in Asterisk's configuration.
const NAMES: [&str; 4] = ["secret", "password", "md5cred", "md5_cred"];

/// Whether the value of `name`, a header or an option, is a secret. `Key` is
/// one in a Login only: in DBPut it names an entry. Blanks around the name are
/// ignored: a server would reject them, but the value is a secret all the same.
pub fn names_secret(name: &str, in_login: bool) -> bool {
    let name = name.trim();
    let mut all = NAMES.iter();
    all.any(|one| name.eq_ignore_ascii_case(one)) || (in_login && name.eq_ignore_ascii_case("Key"))
}

/// Masks a packet sent to a server. It counts as a Login if any Action header
/// says so, because versions differ in which of several they use.
pub fn request(packet: &[u8]) -> Cow<'_, [u8]> {
    let says = |wanted: &str, is: &dyn Fn(&[u8]) -> bool| {
        let mut headers = lines(packet, CRLF).filter_map(header);
        headers.any(|(key, value)| key.eq_ignore_ascii_case(wanted) && is(value.trim_ascii()))
    };
    let login = says("Action", &|value| value.eq_ignore_ascii_case(b"Login"));
    masked(packet, CRLF, |line| {
        let (key, value) = header(line)?;
        let (what, number) = key.split_once('-').unwrap_or_default();
        let beside = ["Value", "Match"];
        let beside = beside.iter().any(|one| what.eq_ignore_ascii_case(one));
        let start = line.len() - value.len();
        if names_secret(key, login) || (beside && says(&format!("Var-{number}"), &is_name)) {
            return Some(start);
        }
        let is_cli = key.eq_ignore_ascii_case("Command");
        in_cli(value).filter(|_| is_cli).map(|at| start + at)
    })
}

/// Masks a packet from a server. GetConfigJSON is one line, shown whole or not
/// at all. CLI output is in `Output:` lines, and up to Asterisk 13 in lines
/// without a key that end in LF.
pub fn reply(packet: &[u8]) -> Cow<'_, [u8]> {
    if lines(packet, CRLF).next().is_some_and(is_follows) {
        return masked(packet, b"\n", in_option);
    }
    masked(packet, CRLF, |line| {
        let (key, value) = header(line)?;
        let start = line.len() - value.len();
        if names_secret(key, false) || (key == "JSON" && in_json(value)) {
            return Some(start);
        }
        let is_option = key == "Output" || key.starts_with("Line-");
        in_option(value).filter(|_| is_option).map(|at| start + at)
    })
}

/// The ranges of secrets in URLs: in each `scheme://user:SECRET@host`.
pub fn in_urls(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| memmem::find(rest, b"://")) {
        let (before, rest) = text.split_at(from + at);
        let rest = rest.get(3..).unwrap_or_default();
        from += at + 3;
        let word = until(rest, b" \t\r\n\"'<>");
        let authority = match before.to_ascii_lowercase() {
            // amish reads a target up to the last @, whatever comes before it.
            ours if ours.ends_with(b"ami") || ours.ends_with(b"amis") => word,
            _ => authority(word),
        };
        let at_sign = authority.iter().rposition(|byte| *byte == b'@');
        let colon = authority.iter().position(|byte| *byte == b':');
        if let (Some(colon), Some(at_sign)) = (colon, at_sign)
            && colon < at_sign
        {
            found.push(from + colon + 1..from + at_sign);
            from += at_sign;
        }
    }
    found
}

/// Whether `word` is a target or URL with a secret: `user:SECRET@host`, with or
/// without a scheme.
pub fn has_credentials(word: &str) -> bool {
    let target = word.split_once("://").map_or(word, |(_, target)| target);
    let user = target.rsplit_once('@').map(|(user, _)| user);
    user.is_some_and(|user| user.contains(':'))
}

/// The part of a URL before its path. A slash in a secret is not always
/// escaped, so unless the colon is followed by a port, the text after a slash
/// may belong to the secret.
fn authority(url: &[u8]) -> &[u8] {
    let strict = until(url, b"/");
    let port = strict.iter().position(|byte| *byte == b':');
    let port = port.and_then(|at| strict.get(at + 1..));
    let is_port = port.is_none_or(|port| port.iter().all(u8::is_ascii_digit));
    match is_port || strict.contains(&b'@') || strict.starts_with(b"[") {
        true => strict,
        false => url,
    }
}

fn until<'a>(text: &'a [u8], ends: &[u8]) -> &'a [u8] {
    let end = text.iter().position(|byte| ends.contains(byte));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Where the secret begins in a CLI command: after a word that names one
/// (`realtime update peers name bob secret NEW`, `database put a/b secret NEW`)
/// or assigns one (`secret=NEW`), and in `ari mkpasswd NEW`.
fn in_cli(text: &[u8]) -> Option<usize> {
    let mut before: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(u8::is_ascii_whitespace) {
        let word = part.trim_ascii();
        let bare = word.strip_prefix(b"\"").unwrap_or(word);
        let start = at + word.len() - bare.len();
        at += part.len();
        if word.is_empty() {
            continue;
        }
        let is_named = before
            .last()
            .copied()
            .is_some_and(|name| is_name(last_part(name)));
        let is_hashed = matches!(before[..], [ari, mkpasswd]
            if ari.eq_ignore_ascii_case(b"ari") && mkpasswd.eq_ignore_ascii_case(b"mkpasswd"));
        if is_named || is_hashed {
            return Some(start);
        }
        if let Some(value) = in_option(bare) {
            return Some(start + value);
        }
        before.push(bare.strip_suffix(b"\"").unwrap_or(bare));
    }
    None
}

/// The last part of an AstDB key: `secret` of `/family/secret`.
fn last_part(name: &[u8]) -> &[u8] {
    let last = name.iter().rposition(|byte| *byte == b'/');
    name.get(last.map_or(0, |at| at + 1)..).unwrap_or_default()
}

/// Where the value begins in a line `option = value` or `option : value`, if
/// the option is a secret.
fn in_option(line: &[u8]) -> Option<usize> {
    let sign = line.iter().position(|byte| b"=:".contains(byte))?;
    let (option, value) = line.split_at_checked(sign)?;
    let value = value.get(1..)?.trim_ascii_start();
    is_name(last_part(option.trim_ascii())).then_some(line.len() - value.len())
}

fn is_name(name: &[u8]) -> bool {
    std::str::from_utf8(name).is_ok_and(|name| names_secret(name, false))
}

fn in_json(json: &[u8]) -> bool {
    json.split(|&byte| byte == b'"').any(is_name)
}

/// `packet`, whose lines end in `end`, without its secrets: those in URLs, and
/// from the place that `secret` finds in a line to the end of the lines that
/// continue it.
fn masked<'a>(
    packet: &'a [u8],
    end: &'static [u8],
    secret: impl Fn(&'a [u8]) -> Option<usize>,
) -> Cow<'a, [u8]> {
    let mut safe = Vec::new();
    // How much of the packet is already in `safe`.
    let mut done = 0;
    let mut hide = |range: Range<usize>| {
        safe.extend_from_slice(packet.get(done..range.start).unwrap_or_default());
        safe.extend_from_slice(STARS);
        done = range.end;
    };
    let mut at = 0;
    let mut continues = false;
    for line in lines(packet, end) {
        let text = line.strip_suffix(end).unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        continues &= header(text).is_none() && !text.is_empty();
        let rest = secret(text).or_else(|| continues.then_some(0));
        continues = rest.is_some();
        let shown = rest.unwrap_or(text.len());
        for url in in_urls(text) {
            if url.end <= shown {
                hide(at + url.start..at + url.end);
            }
        }
        if rest.is_some() {
            hide(at + shown..at + text.len());
        }
        at += line.len();
    }
    if safe.is_empty() {
        return Cow::Borrowed(packet);
    }
    safe.extend_from_slice(packet.get(done..).unwrap_or_default());
    Cow::Owned(safe)
}

/// The line end of AMI; a lone LF belongs to a value.
const CRLF: &[u8] = b"\r\n";

/// The lines, each including its `end`.
fn lines<'a>(packet: &'a [u8], end: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = packet;
    std::iter::from_fn(move || {
        let at = memmem::find(rest, end);
        let (line, after) = rest.split_at_checked(at.map_or(rest.len(), |at| at + end.len()))?;
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// The key without surrounding blanks, and the value without leading ones.
fn header(line: &[u8]) -> Option<(&str, &[u8])> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (key, value) = line.split_at_checked(colon)?;
    let key = std::str::from_utf8(key).ok()?.trim();
    Some((key, value.get(1..)?.trim_ascii_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn crlf(text: &str) -> Vec<u8> {
        text.replace('\n', "\r\n").into_bytes()
    }

    // Traces and dry runs are passed on to others: they must show no part of a
    // secret, however the header is spelled, and all the rest.
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
                "Action: UpdateConfig\nValue-000: x\nVar-000: secret\nValue-0: y\n\n",
                "Action: UpdateConfig\nValue-000: ***\nVar-000: secret\nValue-0: y\n\n",
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

    // What people type after `cli`, and addresses that hold a secret.
    #[test]
    fn a_request_shows_no_secret_inside_a_value() {
        for (sent, shown) in [
            ("Command: ari mkpasswd s3cret", "Command: ari mkpasswd ***"),
            (
                "Command: realtime update peers name bob  secret \"s3 cret\"",
                "Command: realtime update peers name bob  secret \"***",
            ),
            (
                "COMMAND: database put a pbx/Password s3cret",
                "COMMAND: database put a pbx/Password ***",
            ),
            (
                "Command: dialplan set global md5_cred=s3cret",
                "Command: dialplan set global md5_cred=***",
            ),
            (
                "Data: http://me:s3cret@a/x,https://you:0ther@b:8088/?a=b@c",
                "Data: http://me:***@a/x,https://you:***@b:8088/?a=b@c",
            ),
            ("X: ami://me:s3/cr@et@pbx:5038", "X: ami://me:***@pbx:5038"),
            ("X: ami://me:s://3:4@y/z@pbx w", "X: ami://me:***@pbx w"),
            ("X: ftp://me:s3/cr@et@pbx/", "X: ftp://me:***@pbx/"),
            ("X: http://[::1]:80/a@b http://h:80/a@b:c", ""),
            ("Command: core show help ari mkpasswd", ""),
            ("Command: config show help res_pjsip auth password", ""),
            ("Data: http://me@a:80/x:y@z sip:me@b", ""),
            ("Channel: PJSIP/alice/sip:alice@10.0.0.1:5060", ""),
        ] {
            let shown = if shown.is_empty() { sent } else { shown };
            let wrapped = |line: &str| format!("Action: X\r\n{line}\r\nY: z\r\n\r\n");
            assert_eq!(
                String::from_utf8_lossy(&request(wrapped(sent).as_bytes())),
                wrapped(shown)
            );
        }
    }

    // What 16 and 22 answer to GetConfig and GetConfigJSON of manager.conf and
    // pjsip.conf, and to PJSIPShowAuths.
    #[test]
    fn a_reply_shows_no_secret() {
        let came = "Response: Success\nCategory-000001: admin\n\
            Line-000001-000000: secret=s3cret\nLine-000001-000001: Password = a=b\n\
            Line-000001-000002: md5_cred=f00\nLine-000001-000003: write=all\n\n\
            Event: AuthDetail\nPassword: one\ntwo\nthree\nMd5Cred: \nKey: k\n\
            JSON: {\"admin\":{\"secret\":\"s3cret\"}}\n\
            JSON: {\"admin\":{\"read\":\"all\"}}\nOutput: secret=in clear\n\
            Output:  password   : s3cret\nOutput: /a/secret    : s3cret\nOutput: secrets: none\n\n";
        let shown = "Response: Success\nCategory-000001: admin\n\
            Line-000001-000000: secret=***\nLine-000001-000001: Password = ***\n\
            Line-000001-000002: md5_cred=***\nLine-000001-000003: write=all\n\n\
            Event: AuthDetail\nPassword: ***\n***\n***\nMd5Cred: ***\nKey: k\n\
            JSON: ***\n\
            JSON: {\"admin\":{\"read\":\"all\"}}\nOutput: secret=***\n\
            Output:  password   : ***\nOutput: /a/secret    : ***\nOutput: secrets: none\n\n";
        let came = crlf(came);
        assert_eq!(
            String::from_utf8_lossy(&reply(&came)),
            String::from_utf8_lossy(&crlf(shown))
        );
    }

    // 1.4 to 13 separate the lines with LF and put no key before them. Framing
    // takes the words in any case, as another product may write them.
    #[test]
    fn an_output_without_keys_shows_no_secret() {
        for first in ["Response: Follows", "response: FOLLOWS"] {
            let came = format!(
                "{first}\r\nPrivilege: Command\r\n\
                ParameterName : ParameterValue\n password  : s3cret\nsecret=s3cret\r\n\
                /a/secret   : s3cret\n plain : http://me:s3cret@pbx/\n--END COMMAND--\r\n\r\n"
            );
            let shown = came.replace("s3cret", "***");
            assert_eq!(String::from_utf8_lossy(&reply(came.as_bytes())), shown);
        }
    }

    proptest! {
        // Overlapping ranges would bring back part of a secret.
        #[test]
        fn what_is_masked_has_nothing_left_to_mask(
            text in "(Secret: |Command: |secret |ami://|http://|@|:|/|=|\r\n|\n|a| |Response: Follows\r\n){0,30}"
        ) {
            // Masking may change the kind of packet, and with it how line ends
            // count.
            prop_assume!(!text.contains("Response: Follows") || text.starts_with("Response: Follows"));
            for mask in [request, reply] {
                let once = mask(text.as_bytes()).into_owned();
                let twice = mask(&once).into_owned();
                prop_assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice));
            }
        }
    }

    // Most packets have no secret and must pass through unchanged.
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
