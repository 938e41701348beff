//! The Actions that need a confirmation, and what each of them will do in
//! words.
//!
//! Judged as the server would read it: the first of a repeated header, and CLI
//! words split the way Asterisk splits them.

use crate::ami::Action;
use crate::catalog::{self, Danger};
use crate::language::asterisk_cli::words;

/// What `action` will do, if it needs a confirmation. May contain text of the
/// action verbatim.
pub fn warning(action: &Action) -> Option<String> {
    let value = |key: &str| {
        let value = action.get(key).unwrap_or_default().trim_ascii();
        String::from_utf8_lossy(value).into_owned()
    };
    let words = match catalog::action(&action.name())?.danger? {
        Danger::HangUpMany => match value("Channel") {
            channel if channel.starts_with('/') => hang_up(&channel),
            _ => return None,
        },
        Danger::DeleteTree => delete(&[&value("Family"), &value("Key")]),
        Danger::ChangeFile => changed_file(&value("SrcFilename"), &value("DstFilename")),
        Danger::CreateFile => format!(
            "creates the file {} next to asterisk.conf",
            value("Filename")
        ),
        Danger::Unload if value("LoadType").eq_ignore_ascii_case("unload") => {
            unload(&value("Module"))
        }
        Danger::Unload => return None,
        Danger::ResetStatistics => match value("Queue") {
            queue if queue.is_empty() => "resets the statistics of every queue".to_owned(),
            queue => format!("resets the statistics of the queue {queue}"),
        },
        Danger::DestroyBridge => format!(
            "ends the bridge {}: everybody in it is thrown out",
            value("BridgeUniqueid")
        ),
        Danger::RunCommand => return cli(&value("Command")),
    };
    Some(words)
}

/// Up to 1.4 some CLI commands had no first word (`stop now`); aliases in later
/// versions look the same.
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
        // Patterns work from 22 on; earlier versions find no channel of that
        // name.
        ["channel", "request", "hangup", names @ ..] if names.iter().any(is_many) => {
            hang_up(&named(3).join(" "))
        }
        _ => return None,
    })
}

/// Is `name` a pattern rather than one channel?
fn is_many(name: &&str) -> bool {
    name.starts_with('/') || name.contains(['*', '?', '['])
}

fn hang_up(pattern: &str) -> String {
    format!("hangs up every channel whose name matches {pattern}")
}

/// `family` and `tree`, which may also be given as one word.
fn delete(path: &[&str]) -> String {
    let path: Vec<&str> = path.iter().copied().filter(|one| !one.is_empty()).collect();
    format!(
        "deletes everything below {} in the server's database",
        path.join("/")
    )
}

fn unload(module: &str) -> String {
    format!("unloads {module}: whatever needs it stops working")
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
            format!("{does} when the current calls have ended, and allows no new ones")
        }
        "when" => format!("{does} as soon as there are no calls"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::intended;
    use crate::language::{Command, Place, parse};

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
            ("DBDelTree night", "deletes everything below night"),
            ("DBDelTree Family=night Key=sub", "below night/sub"),
            (
                "UpdateConfig SrcFilename=a.conf DstFilename=b.conf",
                "writes b.conf",
            ),
            (
                "UpdateConfig SrcFilename=a.conf DstFilename=a.conf",
                "changes the file a.conf",
            ),
            ("CreateConfig Filename=a.conf", "creates the file a.conf"),
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
                "when the current calls have ended",
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

    // Too many questions teach people to answer yes.
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
