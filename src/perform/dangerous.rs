//! What takes so much away at once that a person is asked before: in words,
//! what will happen.
//!
//! Only what the server would read as such counts: of a header that is repeated
//! the first, and of the CLI words as Asterisk cuts them.

use super::cli::words;
use crate::ami::Action;

/// What `action` will do, if somebody should be asked before it is sent. The
/// words may hold text of the action's, as it is.
pub fn warning(action: &Action) -> Option<String> {
    let value = |key: &str| {
        let value = action.get(key).unwrap_or_default().trim_ascii();
        String::from_utf8_lossy(value).into_owned()
    };
    let words = match action.name().to_ascii_lowercase().as_str() {
        "hangup" => match value("Channel") {
            channel if channel.starts_with('/') => hang_up(&channel),
            _ => return None,
        },
        "dbdeltree" => delete(&[&value("Family"), &value("Key")]),
        "updateconfig" => changed_file(&value("SrcFilename"), &value("DstFilename")),
        "createconfig" => format!("makes the file {} beside asterisk.conf", value("Filename")),
        "moduleload" if value("LoadType").eq_ignore_ascii_case("unload") => {
            unload(&value("Module"))
        }
        "queuereset" => match value("Queue") {
            queue if queue.is_empty() => "sets the statistics of every queue to zero".to_owned(),
            queue => format!("sets the statistics of the queue {queue} to zero"),
        },
        "bridgedestroy" => format!(
            "ends the bridge {}: whoever talks in it is thrown out",
            value("BridgeUniqueid")
        ),
        "command" => return cli(&value("Command")),
        _ => return None,
    };
    Some(words)
}

/// Of the Asterisk CLI. Up to 1.4 some commands had no first word; aliases of
/// later ones look the same.
fn cli(text: &str) -> Option<String> {
    let words = words(text);
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let named = |from: usize| -> Vec<&str> {
        let rest = words.get(from..).unwrap_or_default().iter();
        rest.map(String::as_str).collect()
    };
    Some(match lower.as_slice() {
        ["core", verb @ ("stop" | "restart"), how @ ..]
        | [verb @ ("stop" | "restart"), how @ ..] => stop(verb, how.first().copied())?,
        ["module", "unload", _, ..] => unload(&named(2).join(" ")),
        ["unload", _, ..] => unload(&named(1).join(" ")),
        ["database", "deltree", _, ..] => delete(&named(2)),
        ["channel", "request", "hangup", "all", ..] | ["hangup", "request", "all", ..] => {
            "hangs up every channel".to_owned()
        }
        // From 22 on; before, it is the name of no channel.
        ["channel", "request", "hangup", names @ ..] if names.iter().any(is_many) => {
            hang_up(&named(3).join(" "))
        }
        _ => return None,
    })
}

/// Is `name` a pattern for names of channels?
fn is_many(name: &&str) -> bool {
    name.starts_with('/') || name.contains(['*', '?', '['])
}

fn hang_up(pattern: &str) -> String {
    format!("hangs up every channel whose name matches {pattern}")
}

/// `family` and `tree`, which may stand in one word too.
fn delete(path: &[&str]) -> String {
    let path: Vec<&str> = path.iter().copied().filter(|one| !one.is_empty()).collect();
    format!(
        "deletes all that the server's database holds below {}",
        path.join("/")
    )
}

fn unload(module: &str) -> String {
    format!("unloads {module}: what needs it stops to work")
}

fn changed_file(from: &str, to: &str) -> String {
    match to.is_empty() || to == from {
        true => format!("changes the file {from} in the server's configuration"),
        false => format!("writes {to} in the server's configuration, from {from} with changes"),
    }
}

fn stop(verb: &str, how: Option<&str>) -> Option<String> {
    let does = match verb {
        "stop" => "stops Asterisk",
        _ => "restarts Asterisk",
    };
    Some(match how? {
        "now" => format!("{does} at once: every call ends"),
        "gracefully" => {
            format!("{does} when the calls of now have ended, and lets no new ones begin")
        }
        "when" => format!("{does} as soon as there is no call"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Command, Place, parse};
    use crate::perform::intended;

    fn of(typed: &str) -> Option<String> {
        let statement = parse(typed.as_bytes(), Place::Shell).unwrap().remove(0);
        assert!(!matches!(statement.command, Command::Builtin { .. }));
        let intended = intended(&statement.command, &crate::catalog::Catalog::default());
        warning(&intended.unwrap().unwrap().0)
    }

    // Each of these has cost somebody an afternoon. Quotes, blanks and case do
    // not hide one: 16 and 22 run `"core" stop now` all the same.
    #[test]
    fn what_takes_much_away_is_asked_about() {
        for (typed, part) in [
            (
                "Hangup /^PJSIP/",
                "every channel whose name matches /^PJSIP/",
            ),
            ("hangup Channel=/./", "matches /./"),
            ("DBDelTree night", "database holds below night"),
            ("DBDelTree Family=night Key=sub", "below night/sub"),
            (
                "UpdateConfig SrcFilename=a.conf DstFilename=b.conf",
                "writes b.conf",
            ),
            (
                "UpdateConfig SrcFilename=a.conf DstFilename=a.conf",
                "changes the file a.conf",
            ),
            ("CreateConfig Filename=a.conf", "makes the file a.conf"),
            ("ModuleLoad Module=res_x LoadType=Unload", "unloads res_x"),
            ("QueueReset", "of every queue"),
            ("QueueReset support", "of the queue support"),
            ("BridgeDestroy abc", "ends the bridge abc"),
            ("action: dbdeltree\nfamily: night\n", "below night"),
            ("Family: night\nAction:\nAction: DBDelTree\n", "below night"),
            (
                "action: command\ncommand: core stop now\n",
                "every call ends",
            ),
            ("Command 'core restart now'", "restarts Asterisk at once"),
            (
                "cli core stop now",
                "stops Asterisk at once: every call ends",
            ),
            ("cli   CORE\t Stop   NOW ", "stops Asterisk at once"),
            ("cli \"core\" st\\op n\"o\"w", "stops Asterisk at once"),
            (
                "cli core stop gracefully",
                "when the calls of now have ended",
            ),
            (
                "cli core restart when convenient",
                "restarts Asterisk as soon as",
            ),
            ("cli stop now", "stops Asterisk at once"),
            ("cli module unload res_x.so", "unloads res_x.so"),
            ("cli module unload -f a b", "unloads -f a b"),
            ("cli unload res_x.so", "unloads res_x.so"),
            ("cli database deltree night/sub", "below night/sub"),
            ("cli database deltree night sub", "below night/sub"),
            ("cli channel request hangup ALL", "every channel"),
            ("cli channel request hangup /^PJSIP/", "matches /^PJSIP/"),
            ("cli channel request hangup Local/*", "matches Local/*"),
        ] {
            let warning = of(typed).unwrap_or_else(|| panic!("{typed:?}"));
            assert!(warning.contains(part), "{typed:?}: {warning}");
        }
    }

    // A question too many teaches people to answer yes.
    #[test]
    fn the_daily_work_is_not_asked_about() {
        for typed in [
            "Hangup PJSIP/101-00000001",
            "DBDel night mode",
            "ModuleLoad Module=res_x LoadType=load",
            "ModuleLoad Module=res_x LoadType=reload",
            "QueueStatus",
            "UserEvent DBDelTree",
            "action: ping\naction: dbdeltree\n",
            "cli core show channels",
            "cli core stop",
            "cli core st now",
            "cli core show help core stop now",
            "cli module show",
            "cli database del night mode",
            "cli channel request hangup PJSIP/101-00000001",
            "cli queue show core stop now",
        ] {
            assert_eq!(of(typed), None, "{typed:?}");
        }
    }
}
