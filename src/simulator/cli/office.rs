//! The office's dialplan, phones and modules.

use super::output::{Failed, Handled};
use crate::simulator::config::Version;
use crate::simulator::peer::Peer;
use crate::simulator::phones;
use crate::simulator::world::World;
use crate::simulator::world::dialplan::{self, Extension, PHONES};

/// What a small installation has loaded, with a line on each.
const MODULES: [(&str, &str); 16] = [
    ("app_confbridge.so", "Conference Bridge Application"),
    ("app_dial.so", "Dialing Application"),
    ("app_echo.so", "Simple Echo Application"),
    ("app_mixmonitor.so", "Mixed Audio Monitoring Application"),
    ("app_playback.so", "Sound File Playback Application"),
    ("app_queue.so", "True Call Queueing"),
    ("app_userevent.so", "Custom User Event Application"),
    ("app_voicemail.so", "Comedian Mail (Voicemail System)"),
    ("bridge_simple.so", "Simple two channel bridging module"),
    ("chan_pjsip.so", "PJSIP Channel Driver"),
    ("codec_ulaw.so", "mu-Law Coder/Decoder"),
    ("func_callerid.so", "Party ID related dialplan functions"),
    ("pbx_config.so", "Text Extension Configuration"),
    ("res_musiconhold.so", "Music On Hold Resource"),
    ("res_parking.so", "Call Parking Resource"),
    ("res_pjsip.so", "Basic SIP resource"),
];

/// The applications that the dialplan and Originate may run.
pub(super) const APPLICATIONS: [(&str, &str); 19] = [
    ("Answer", "Answers the channel."),
    ("Busy", "Says that the line is busy."),
    ("ConfBridge", "Joins a conference."),
    ("Congestion", "Says that there is congestion."),
    (
        "Dial",
        "Calls one device or more, and connects the channel to it.",
    ),
    ("Echo", "Sends back what it hears."),
    ("Hangup", "Ends the channel."),
    ("MusicOnHold", "Plays music."),
    ("NoOp", "Does nothing."),
    ("Park", "Parks the channel."),
    ("ParkedCall", "Fetches a parked call."),
    ("Playback", "Plays a file."),
    ("Queue", "Waits in a queue."),
    ("Ringing", "Says that the line rings."),
    ("Set", "Sets a variable."),
    ("UserEvent", "Sends an event to manager sessions."),
    ("Verbose", "Does nothing."),
    ("VoiceMail", "Leaves a message in a mailbox."),
    ("Wait", "Waits for some seconds."),
];

pub(super) fn show_applications(_: &Peer, _: &[&str]) -> Handled {
    let line = |(name, synopsis)| format!("{name:>22}: {synopsis} \n");
    let lines: String = APPLICATIONS.map(line).concat();
    let head = "    -= Registered Asterisk Applications =-\n";
    let foot = format!("    -= {} Applications Registered =-\n", APPLICATIONS.len());
    Ok(format!("{head}{lines}{foot}"))
}

pub(super) fn show_application(_: &Peer, words: &[&str]) -> Handled {
    let [wanted] = words else {
        return Err(Failed::Usage);
    };
    let mut all = APPLICATIONS.iter();
    Ok(
        match all.find(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
            Some((name, synopsis)) => {
                let head = format!("\n  -= Info about Application '{name}' =- \n\n");
                format!("{head}[Synopsis]\n{synopsis} \n\n")
            }
            None => "Your application(s) is (are) not registered\n".into(),
        },
    )
}

pub(super) fn module_show(_: &Peer, words: &[&str]) -> Handled {
    let like = match words {
        [] => "",
        ["like", like] => like,
        _ => return Err(Failed::Usage),
    };
    let met = MODULES
        .iter()
        .filter(|(name, _)| name.contains(&like.to_ascii_lowercase()));
    let line = |(name, what): &(&str, &str)| {
        format!("{name:<30} {what:<40.40} 0          Running              core\n")
    };
    let lines: Vec<String> = met.map(line).collect();
    let head = format!(
        "{:<30} {:<40} Use Count  Status      Support Level\n",
        "Module", "Description"
    );
    Ok(format!(
        "{head}{}{} modules loaded\n",
        lines.concat(),
        lines.len()
    ))
}

pub(super) fn dialplan_show(peer: &Peer, words: &[&str]) -> Handled {
    let wanted = match words {
        [] => "",
        [wanted] => wanted,
        _ => return Err(Failed::Usage),
    };
    let (exten, context) = wanted.split_once('@').unwrap_or(("", wanted));
    let missing = |what: String| {
        Err(Failed::Told(format!(
            "There is no existence of {what}\nCommand 'dialplan show {wanted}' failed.\n"
        )))
    };
    let with_own = ["", "default", dialplan::PARKED];
    if !with_own.contains(&context) && !dialplan::INCLUDING.contains(&context) {
        return missing(format!("'{context}' context"));
    }
    let registrar = match peer.version() {
        Version::V22 => "extensions.conf",
        Version::V18 => "pbx_config",
    };
    let parked = (dialplan::PARKED, dialplan::SPACES, "res_parking/default");
    let default = ("default", dialplan::DEFAULT, registrar);
    // A context shows also those that it includes.
    let all = match context {
        dialplan::PARKED => vec![parked],
        _ => vec![parked, default],
    };
    let shown = all.into_iter().filter_map(|one| own_context(one, exten));
    let shown: Vec<_> = shown.collect();
    let sum = |of: fn(&(String, usize, usize)) -> usize| shown.iter().map(of).sum();
    if shown.is_empty() {
        return missing(format!("{exten}@{context} extension"));
    }
    let (extensions, priorities, contexts) = (
        counted(sum(|one| one.1), "extension", "extensions"),
        counted(sum(|one| one.2), "priority", "priorities"),
        counted(shown.len(), "context", "contexts"),
    );
    let texts: String = shown.iter().map(|(text, ..)| &**text).collect();
    let including = including(context);
    Ok(format!(
        "{including}{texts}-= {extensions} ({priorities}) in {contexts}. =-\n"
    ))
}

/// A context that has extensions of its own, if it has this one, and how many extensions and priorities are shown.
fn own_context(
    (name, all, registrar): (&str, &[Extension], &str),
    exten: &str,
) -> Option<(String, usize, usize)> {
    let met = |(own, _): &&Extension| exten.is_empty() || *own == exten;
    let met: Vec<_> = all.iter().filter(met).collect();
    let priorities = met.iter().map(|(_, priorities)| priorities.len()).sum();
    let creator = match name {
        dialplan::PARKED => registrar,
        _ => "pbx_config",
    };
    let lines = met
        .iter()
        .map(|one| extension(one, name == "default", registrar));
    let lines: String = lines.collect();
    let include = match name == "default" && exten.is_empty() {
        true => include(dialplan::PARKED),
        false => String::new(),
    };
    let text = format!("[ Context '{name}' created by '{creator}' ]\n{lines}{include}\n");
    (!met.is_empty()).then_some((text, met.len(), priorities))
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn include(name: &str) -> String {
    let include = format!("Include =>        '{name}'");
    format!("  {include:<63} [pbx_config]\n")
}

/// The contexts that only include another, or the one of them that is asked for.
fn including(context: &str) -> String {
    let shown = |name: &&&str| context.is_empty() || **name == context;
    let line = |name: &&str| {
        let include = include("default");
        format!("[ Context '{name}' created by 'pbx_config' ]\n{include}\n")
    };
    dialplan::INCLUDING.iter().filter(shown).map(line).collect()
}

fn extension((name, priorities): &Extension, has_hints: bool, registrar: &str) -> String {
    let hint = dialplan::hints().find(|(hinted, _)| has_hints && hinted == name);
    let hint = hint.map(|(_, hint)| format!("hint: {hint}"));
    let steps = priorities.iter().enumerate();
    let steps = steps.map(|(at, (application, data))| format!("{}. {application}({data})", at + 1));
    let line = |(at, step): (usize, String)| {
        let head = match at {
            0 => format!("'{name}' =>"),
            _ => String::new(),
        };
        format!("  {head:<17} {step:<45} [{registrar}]\n")
    };
    hint.into_iter()
        .chain(steps)
        .enumerate()
        .map(line)
        .collect()
}

pub(super) fn show_globals(peer: &Peer, _: &[&str]) -> Handled {
    let lines: Vec<String> = peer.server.in_world(|world| {
        let line = |(name, value): (&String, &Vec<u8>)| {
            format!("   {name}={}\n", String::from_utf8_lossy(value))
        };
        world.globals.iter().map(line).collect()
    });
    let count = lines.len();
    Ok(format!("{}\n    -- {count} variable(s)\n", lines.concat()))
}

fn contact_line(phone: &str) -> String {
    let contact = phones::contact(phone);
    let (uri, hash) = (format!("{phone}/{}", contact.uri), &contact.hash);
    let time = contact.round_trip();
    format!("  Contact:  {uri:<44} {hash} Avail      {time:>9}\n")
}

const RULE: &str = "==========================================================================================\n\n";
const ENDPOINT_HEAD: &str = "
 Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>
        Aor:  <Aor............................................>  <MaxContact>
      Contact:  <Aor/ContactUri..........................> <Hash....> <Status> <RTT(ms)..>
";

fn endpoint(world: &World, phone: &str) -> String {
    let device = format!("PJSIP/{phone}-");
    let channels = world
        .channels()
        .filter(|channel| channel.name.starts_with(&device));
    let (state, channels) = match channels.count() {
        0 => ("Not in use", 0),
        channels => ("In use", channels),
    };
    let contact = contact_line(phone);
    format!(
        " Endpoint:  {phone:<52} {state:<12}  {channels} of inf\n        Aor:  {phone:<50} 1\n    {contact}\n"
    )
}

pub(super) fn pjsip_endpoints(peer: &Peer, _: &[&str]) -> Handled {
    let endpoints: String = peer
        .server
        .in_world(|world| PHONES.map(|(phone, _)| endpoint(world, phone)).concat());
    let count = PHONES.len();
    Ok(format!(
        "{ENDPOINT_HEAD}{RULE}{endpoints}\nObjects found: {count}\n\n"
    ))
}

pub(super) fn pjsip_endpoint(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else {
        return Err(Failed::Usage);
    };
    if !PHONES.iter().any(|(phone, _)| phone == name) {
        return Err(Failed::Told(format!("Unable to find object {name}.\n\n")));
    }
    let endpoint = peer.server.in_world(|world| endpoint(world, name));
    Ok(format!("{ENDPOINT_HEAD}{RULE}{endpoint}"))
}

pub(super) fn pjsip_contacts(_: &Peer, _: &[&str]) -> Handled {
    let head = "\n  Contact:  <Aor/ContactUri..............................> <Hash....> <Status> <RTT(ms)..>\n";
    let lines = PHONES.map(|(phone, _)| contact_line(phone)).concat();
    let count = PHONES.len();
    Ok(format!("{head}{RULE}{lines}\nObjects found: {count}\n\n"))
}

pub(super) fn sip_peers(_: &Peer, _: &[&str]) -> Handled {
    let line = |(phone, _)| {
        let contact = phones::contact(phone);
        let (address, name) = (contact.address, format!("{phone}/{phone}"));
        let status = format!("OK ({} ms)", contact.milliseconds);
        format!("{name:<26} {address:<39} D                  5060     {status:<11}\n")
    };
    let head = format!(
        "{:<26} {:<39} Dyn Forcerport ACL Port     Status     \n",
        "Name/username", "Host"
    );
    let lines = PHONES.map(line).concat();
    let count = PHONES.len();
    Ok(format!(
        "{head}{lines}{count} sip peers [Monitored: {count} online, 0 offline Unmonitored: 0 online, 0 offline]\n"
    ))
}
