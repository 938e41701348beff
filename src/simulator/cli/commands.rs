//! The table of CLI commands: their words, their help, and their handlers.

use super::output::{Failed, Handled};
use super::{calls, core, database, event_pages, manager, office, queue};
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;

/// A command, its documentation, and what its arguments may be.
pub(super) struct Command {
    pub(super) words: &'static str,
    /// What `core show help` shows after the words.
    options: &'static str,
    summary: &'static str,
    usage: &'static str,
    pub(super) arguments: Arguments,
    run: fn(&Peer, &[&str]) -> Handled,
}

/// What completion offers after a command's own words.
pub(super) enum Arguments {
    None,
    Words(&'static [&'static str]),
    Applications,
    Channels,
    Queues,
    Actions,
    Events,
    Contexts,
    Families,
    Phones,
    Commands,
}

#[rustfmt::skip]
static COMMANDS: &[Command] = &[
    command("channel request hangup", "", "Request a hangup on a given channel", "<all>|<channel>", Arguments::Channels, core::request_hangup),
    command("confbridge list", "", "List conference bridges and participants.", "[<name>]", Arguments::Words(&["800"]), calls::confbridge_list),
    command("core reload", "", "Global reload", "", Arguments::None, core::reload),
    command("core set verbose", "", "Set level of verbose chattiness", "<level>|off", Arguments::Words(&["off"]), core::set_verbose),
    command("core show application", "", "Describe a specific dialplan application", "<application>", Arguments::Applications, office::show_application),
    command("core show applications", "", "Shows registered dialplan applications", "", Arguments::None, office::show_applications),
    command("core show calls", " [uptime]", "Display information on calls", "[uptime]", Arguments::Words(&["uptime"]), core::show_calls),
    command("core show channel", "", "Display information on a specific channel", "<channel>", Arguments::Channels, core::show_channel),
    command("core show channels", " [concise|verbose|count]", "Display information on channels", "[concise|verbose|count]", Arguments::Words(&["concise", "count", "verbose"]), core::show_channels),
    command("core show help", "", "Display help list, or specific help on a command", "[topic]", Arguments::Commands, help),
    command("core show hints", "", "Show dialplan hints", "", Arguments::None, calls::hints),
    command("core show uptime", " [seconds]", "Show uptime information", "[seconds]", Arguments::Words(&["seconds"]), core::show_uptime),
    command("core show version", "", "Display version info", "", Arguments::None, core::show_version),
    command("core stop now", "", "Shut down Asterisk immediately", "", Arguments::None, |_, _| Ok(String::new())),
    command("database del", "", "Removes database key/value", "<family> <key>", Arguments::Families, database::del),
    command("database deltree", "", "Removes database keytree/values", "<family> [keytree]", Arguments::Families, database::deltree),
    command("database get", "", "Gets database value", "<family> <key>", Arguments::Families, database::get),
    command("database put", "", "Adds/updates database value", "<family> <key> <value>", Arguments::Families, database::put),
    command("database show", "", "Shows database contents", "[family [keytree]]", Arguments::Families, database::show),
    command("dialplan show", "", "Show dialplan", "[[exten@]context]", Arguments::Contexts, office::dialplan_show),
    command("dialplan show globals", "", "Show global dialplan variables", "", Arguments::None, office::show_globals),
    command("manager show command", "", "Show a manager interface command", "<actionname> [<actionname> [...]]", Arguments::Actions, manager::show_command),
    command("manager show commands", "", "List manager interface commands", "", Arguments::None, manager::show_commands),
    command("manager show connected", "", "List connected manager interface users", "", Arguments::None, manager::show_connected),
    command("manager show event", "", "Show a manager interface event", "<eventname>", Arguments::Events, event_pages::show_event),
    command("manager show events", "", "List manager interface events", "", Arguments::None, event_pages::show_events),
    command("manager show user", "", "Display information on a specific manager user", "<user>", Arguments::None, manager::show_user),
    command("manager show users", "", "List configured manager users", "", Arguments::None, manager::show_users),
    command("module show", " [like]", "List modules and info", "[like keyword]", Arguments::Words(&["like"]), office::module_show),
    command("parking show", "", "Shows a parking lot or a list of all parking lots.", "[name]", Arguments::Words(&["default"]), calls::parking_show),
    command("pjsip show contacts", "", "Show PJSIP Contacts", "", Arguments::None, office::pjsip_contacts),
    command("pjsip show endpoint", "", "Show PJSIP Endpoint", "<id>", Arguments::Phones, office::pjsip_endpoint),
    command("pjsip show endpoints", "", "Show PJSIP Endpoints", "", Arguments::None, office::pjsip_endpoints),
    command("pjsip show registrations", "", "Show PJSIP Registrations", "", Arguments::None, calls::registrations),
    command("queue show", "", "Show status of a specified queue", "[queue]", Arguments::Queues, queue::show),
    command("sip show peers", "", "List defined SIP peers", "", Arguments::None, office::sip_peers),
    command("voicemail show users", " [for]", "List defined voicemail boxes", "[for <context>]", Arguments::Words(&["for"]), calls::voicemail_users),
];

const fn command(
    words: &'static str,
    options: &'static str,
    summary: &'static str,
    usage: &'static str,
    arguments: Arguments,
    run: fn(&Peer, &[&str]) -> Handled,
) -> Command {
    Command {
        words,
        options,
        summary,
        usage,
        arguments,
        run,
    }
}

impl Command {
    /// A command whose usage shows no arguments takes none.
    pub(super) fn run(&self, peer: &Peer, arguments: &[&str]) -> Handled {
        if self.usage.is_empty() && !arguments.is_empty() {
            return Err(Failed::Usage);
        }
        (self.run)(peer, arguments)
    }

    pub(super) fn usage(&self) -> String {
        format!(
            "Usage: {} {}\n       {}\n",
            self.words, self.usage, self.summary
        )
    }

    /// The arguments, if the line begins with the command's words.
    pub(super) fn leads<'a, 'b>(&self, line: &'a [&'b str]) -> Option<&'a [&'b str]> {
        let (head, rest) = line.split_at_checked(self.words.split(' ').count())?;
        self.agrees(head).then_some(rest)
    }

    /// The command's word after these, if it begins with them.
    pub(super) fn next_word(&self, line: &[&str]) -> Option<String> {
        let next = self.words.split(' ').nth(line.len())?;
        self.agrees(line).then(|| next.to_owned())
    }

    fn agrees(&self, line: &[&str]) -> bool {
        let mut both = line.iter().zip(self.words.split(' '));
        both.all(|(word, own)| word.eq_ignore_ascii_case(own))
    }
}

/// The commands of this version: chan_sip was before PJSIP.
pub(super) fn of(version: Version) -> impl Iterator<Item = &'static Command> {
    let other: &[&str] = match version {
        Version::V22 => &["sip "],
        Version::V18 => &["pjsip ", "confbridge ", "parking "],
    };
    let is_other = |words: &str, other: &[&str]| other.iter().any(|one| words.starts_with(one));
    COMMANDS
        .iter()
        .filter(move |command| !is_other(command.words, other))
        .filter(move |command| {
            // Events have pages from Asterisk 11 on.
            version == Version::V22 || !command.words.starts_with("manager show event")
        })
}

/// `core show help`, alone, with the beginning of commands, or with a whole command.
fn help(peer: &Peer, topic: &[&str]) -> Handled {
    let topic = topic.join(" ").to_ascii_lowercase();
    if let Some(command) = of(peer.version()).find(|command| command.words == topic) {
        return Ok(command.usage());
    }
    let line = |command: &Command| match peer.version() {
        Version::V22 => format!(
            "{:<30} -- {}\n",
            format!("{}{}", command.words, command.options),
            command.summary
        ),
        Version::V18 => format!("{:>30.30}  {}\n", command.words, command.summary),
    };
    let text: String = of(peer.version())
        .filter(|command| command.words.starts_with(&topic))
        .map(line)
        .collect();
    if text.is_empty() {
        return Err(Failed::Told(format!("No such command '{topic}'.\n")));
    }
    Ok(text)
}
