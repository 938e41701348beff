//! The Asterisk CLI: its words, and what differs between AMI and the console.

/// First words of its commands after which `show` only shows, in 1.6 to 23. In
/// 1.4 `show` came first.
const SHOW: &str = "\
    acl aeap agent agi ari bridge calendar cdr cel cli confbridge config core dahdi database \
    dialplan dundi fax features geoloc group h323 http iax2 indication jabber jingle keys \
    local logger manager memory mfcr2 mgcp minivm misdn module moh odbc opus parking phoneprov \
    pjproject pjsip pri queue realtime rtp sip skinny sla ss7 stasis stir_shaken test udptl \
    unistim voicemail xmpp zap";

/// The other first words that are not Actions, from 1.4 to 23.
const OTHER: &str = "\
    ael aoc cc channel console devstate dnsmgr enum file hint malloc media meetme mixmonitor \
    presencestate res_config restart rtcp say sorcery stop stun taskprocessor timing translate \
    ulimit xmldoc";

/// What `core show` shows, in 16 to 22.
const CORE_SHOW: &str = "\
    application applications calls channel channels channeltype channeltypes codec codecs \
    config file function functions hanguphandlers help hint hints image license profile \
    settings sound sounds switches sysinfo taskprocessor taskprocessors threads translation \
    uptime version warranty";

/// First words after which `show` only shows.
pub fn topics_of_show() -> impl Iterator<Item = &'static str> {
    SHOW.split(' ')
}

/// Does a command begin with `word`?
pub fn is_first_word(word: &str) -> bool {
    let mut words = topics_of_show().chain(OTHER.split(' '));
    words.any(|one| one.eq_ignore_ascii_case(word))
}

/// The command that is meant by `show WHAT …`, the order of Asterisk 1.2: in
/// 1.4 it was on its way out, and later servers do not know it. None: nobody
/// knows.
pub fn shown(rest: &str) -> Option<String> {
    let (what, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let is = |word: &str| word.eq_ignore_ascii_case(what);
    if CORE_SHOW.split(' ').any(is) {
        return Some(format!("core show {rest}"));
    }
    let command = || format!("{what} show {behind}").trim_end().to_owned();
    topics_of_show().any(is).then(command)
}

/// Why a command is blocked over AMI, and the alternative. The server only says
/// `Command blacklisted` (16 and 22, which look at the first two words).
pub fn blacklisted(text: &str) -> Option<String> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let module = |at: usize| words.get(at).map_or("NAME", String::as_str);
    let instead = match lower.as_slice() {
        ["module", "load", ..] => format!("ModuleLoad Module={} LoadType=load", module(2)),
        ["module", "unload", "-f" | "-h", ..] => {
            format!("ModuleLoad Module={} LoadType=unload", module(3))
        }
        ["module", "unload", ..] => format!("ModuleLoad Module={} LoadType=unload", module(2)),
        ["restart", ..] => "cli core restart gracefully".to_owned(),
        _ => return None,
    };
    Some(format!("not available over AMI; type `{instead}`"))
}

/// Is it about the live console, which only `asterisk -r` has? 16 and 22 accept
/// such a command, but the output it turns on does not come here.
pub fn is_of_console(text: &[u8]) -> bool {
    let words = words(&String::from_utf8_lossy(text));
    let is = |at: usize, word: &str| {
        words
            .get(at)
            .is_some_and(|one| one.eq_ignore_ascii_case(word))
    };
    is(0, "logger") || (is(0, "core") && is(1, "set") && (is(2, "verbose") || is(2, "debug")))
}

/// The words of a CLI command as Asterisk splits them: at blanks outside
/// quotes, with quotes and backslashes removed. Words are not abbreviated, and
/// case does not matter (16 and 22).
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(letters.next()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    // The server only says `Command blacklisted`, and the alternative is
    // another Action.
    #[test]
    fn what_is_not_let_through_names_what_is() {
        for (text, instead) in [
            (
                "module load res_x",
                "`ModuleLoad Module=res_x LoadType=load`",
            ),
            (
                "MODULE  unload -f res_x",
                "`ModuleLoad Module=res_x LoadType=unload`",
            ),
            ("module unload", "`ModuleLoad Module=NAME LoadType=unload`"),
            ("restart gracefully", "`cli core restart gracefully`"),
        ] {
            assert!(blacklisted(text).unwrap().ends_with(instead), "{text}");
        }
        assert_eq!(blacklisted("core show channels"), None);
    }

    #[test]
    fn the_live_console_is_told_from_the_rest() {
        for (text, is) in [
            ("core set verbose 5", true),
            ("Core Set debug 5", true),
            ("logger mute", true),
            ("core show settings", false),
            ("core set global x y", false),
        ] {
            assert_eq!(is_of_console(text.as_bytes()), is, "{text}");
        }
    }
}
