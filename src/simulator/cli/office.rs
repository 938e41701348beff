//! The office's dialplan, phones and modules.

use super::super::Version;
use super::super::peer::Peer;
use super::super::world::dialplan::{self, PHONES, Priority};
use super::{Handled, failed, ok};

/// What a small installation has loaded, with a line on each.
const MODULES: [(&str, &str); 12] = [
    ("app_dial.so", "Dialing Application"),
    ("app_echo.so", "Simple Echo Application"),
    ("app_playback.so", "Sound File Playback Application"),
    ("app_queue.so", "True Call Queueing"),
    ("app_userevent.so", "Custom User Event Application"),
    ("bridge_simple.so", "Simple two channel bridging module"),
    ("chan_pjsip.so", "PJSIP Channel Driver"),
    ("codec_ulaw.so", "mu-Law Coder/Decoder"),
    ("func_callerid.so", "Party ID related dialplan functions"),
    ("pbx_config.so", "Text Extension Configuration"),
    ("res_musiconhold.so", "Music On Hold Resource"),
    ("res_pjsip.so", "Basic SIP resource"),
];

/// The applications that the dialplan and Originate may run.
pub(super) const APPLICATIONS: &[&str] = &[
    "Answer",
    "Busy",
    "Congestion",
    "Dial",
    "Echo",
    "Hangup",
    "MusicOnHold",
    "NoOp",
    "Playback",
    "Queue",
    "Ringing",
    "Set",
    "UserEvent",
    "Verbose",
    "Wait",
];

pub(super) fn show_applications(_: &Peer, words: &[&str]) -> Handled {
    let lines: String = APPLICATIONS
        .iter()
        .map(|name| format!("{name:>22}: {} \n", synopsis(name)))
        .collect();
    let head = "    -= Registered Asterisk Applications =-\n";
    let foot = format!("    -= {} Applications Registered =-\n", APPLICATIONS.len());
    words.is_empty().then(|| ok(format!("{head}{lines}{foot}")))
}

pub(super) fn show_application(_: &Peer, words: &[&str]) -> Handled {
    let [wanted] = words else { return None };
    Some(
        match APPLICATIONS
            .iter()
            .find(|name| name.eq_ignore_ascii_case(wanted))
        {
            Some(name) => {
                let head = format!("\n  -= Info about Application '{name}' =- \n\n");
                ok(format!("{head}[Synopsis]\n{} \n\n", synopsis(name)))
            }
            None => ok("Your application(s) is (are) not registered\n".into()),
        },
    )
}

fn synopsis(application: &str) -> &'static str {
    match application {
        "Answer" => "Answers the channel.",
        "Busy" => "Says that the line is busy.",
        "Congestion" => "Says that there is congestion.",
        "Dial" => "Calls one device or more, and connects the channel to it.",
        "Echo" => "Sends back what it hears.",
        "Hangup" => "Ends the channel.",
        "MusicOnHold" => "Plays music.",
        "Playback" => "Plays a file.",
        "Queue" => "Waits in a queue.",
        "Ringing" => "Says that the line rings.",
        "Set" => "Sets a variable.",
        "UserEvent" => "Sends an event to manager sessions.",
        "Wait" => "Waits for some seconds.",
        _ => "Does nothing.",
    }
}

pub(super) fn module_show(_: &Peer, words: &[&str]) -> Handled {
    let like = match words {
        [] => "",
        ["like", like] => like,
        _ => return None,
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
    Some(ok(format!(
        "{head}{}{} modules loaded\n",
        lines.concat(),
        lines.len()
    )))
}

pub(super) fn dialplan_show(peer: &Peer, words: &[&str]) -> Handled {
    let wanted = match words {
        [] => "",
        [wanted] => wanted,
        _ => return None,
    };
    let (exten, context) = wanted.split_once('@').unwrap_or(("", wanted));
    let missing = |what: String| {
        let text =
            format!("There is no existence of {what}\nCommand 'dialplan show {wanted}' failed.\n");
        Some(failed(text))
    };
    if !["", "default"].contains(&context) && !dialplan::INCLUDING.contains(&context) {
        return missing(format!("'{context}' context"));
    }
    let met = |(name, _): &&(&str, &[Priority])| exten.is_empty() || *name == exten;
    let extensions: Vec<_> = dialplan::DEFAULT.iter().filter(met).collect();
    if extensions.is_empty() {
        return missing(format!("{exten}@{context} extension"));
    }
    let registrar = match peer.version() {
        Version::V22 => "extensions.conf",
        Version::V18 => "pbx_config",
    };
    let mut text = including(context);
    text.push_str("[ Context 'default' created by 'pbx_config' ]\n");
    for (name, priorities) in &extensions {
        text.push_str(&extension(name, priorities, registrar));
    }
    let priorities = extensions
        .iter()
        .map(|(_, priorities)| priorities.len())
        .sum();
    let (extensions, priorities) = (
        counted(extensions.len(), "extension", "extensions"),
        counted(priorities, "priority", "priorities"),
    );
    Some(ok(format!(
        "{text}\n-= {extensions} ({priorities}) in 1 context. =-\n"
    )))
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The contexts that only include another, or the one of them that is asked for.
fn including(context: &str) -> String {
    let shown = |name: &&&str| context.is_empty() || **name == context;
    let line = |name: &&str| {
        let include = "Include =>        'default'";
        format!("[ Context '{name}' created by 'pbx_config' ]\n  {include:<63} [pbx_config]\n\n")
    };
    dialplan::INCLUDING.iter().filter(shown).map(line).collect()
}

fn extension(name: &str, priorities: &[Priority], registrar: &str) -> String {
    let line = |(at, (application, data)): (usize, &Priority)| {
        let head = if at == 0 {
            format!("'{name}' =>")
        } else {
            String::new()
        };
        let step = format!("{}. {application}({data})", at + 1);
        format!("  {head:<17} {step:<45} [{registrar}]\n")
    };
    priorities.iter().enumerate().map(line).collect()
}

pub(super) fn show_globals(peer: &Peer, words: &[&str]) -> Handled {
    let lines: Vec<String> = peer.server.in_world(|world| {
        let line = |(name, value): (&String, &Vec<u8>)| {
            format!("   {name}={}\n", String::from_utf8_lossy(value))
        };
        world.globals.iter().map(line).collect()
    });
    words.is_empty().then(|| {
        ok(format!(
            "{}\n    -- {} variable(s)\n",
            lines.concat(),
            lines.len()
        ))
    })
}

/// Address, qualify time and contact hash of a phone, made up from its number.
fn contact(phone: &str) -> (String, String, String) {
    let number: u32 = phone.parse().unwrap_or(0);
    let time = format!("{}.{:03}", 5 + number % 17, number * 37 % 1000);
    (
        format!("192.0.2.{number}"),
        time,
        format!("{:010x}", u64::from(number) * 0x09e3_779b),
    )
}

fn states(peer: &Peer) -> Vec<(&'static str, &'static str, usize)> {
    peer.server.in_world(|world| {
        let state = |(phone, _): &(&'static str, &str)| {
            let device = format!("PJSIP/{phone}-");
            let channels = world
                .channels()
                .filter(|channel| channel.name.starts_with(&device))
                .count();
            (
                *phone,
                if channels == 0 {
                    "Not in use"
                } else {
                    "In use"
                },
                channels,
            )
        };
        PHONES.iter().map(state).collect()
    })
}

const ENDPOINT_HEAD: &str = "
 Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>
        Aor:  <Aor............................................>  <MaxContact>
      Contact:  <Aor/ContactUri..........................> <Hash....> <Status> <RTT(ms)..>
==========================================================================================

";

fn endpoint((phone, state, channels): &(&str, &str, usize)) -> String {
    let (address, time, hash) = contact(phone);
    let uri = format!("{phone}/sip:{phone}@{address}:5060");
    format!(
        " Endpoint:  {phone:<52} {state:<12}  {channels} of inf\n        Aor:  {phone:<50} 1\n      Contact:  {uri:<44} {hash} {:<10} {time:>9}\n\n",
        "Avail",
    )
}

pub(super) fn pjsip_endpoints(peer: &Peer, words: &[&str]) -> Handled {
    let endpoints: String = states(peer).iter().map(endpoint).collect();
    words.is_empty().then(|| {
        ok(format!(
            "{ENDPOINT_HEAD}{endpoints}\nObjects found: {}\n\n",
            PHONES.len()
        ))
    })
}

pub(super) fn pjsip_endpoint(peer: &Peer, words: &[&str]) -> Handled {
    let [name] = words else { return None };
    Some(
        match states(peer).iter().find(|(phone, _, _)| phone == name) {
            Some(found) => ok(format!("{ENDPOINT_HEAD}{}", endpoint(found))),
            None => failed(format!("Unable to find object {name}.\n\n")),
        },
    )
}

pub(super) fn pjsip_contacts(_: &Peer, words: &[&str]) -> Handled {
    let line = |(phone, _): &(&str, &str)| {
        let (address, time, hash) = contact(phone);
        let uri = format!("{phone}/sip:{phone}@{address}:5060");
        format!("  Contact:  {uri:<44} {hash} {:<10} {time:>9}\n", "Avail")
    };
    let head = "\n  Contact:  <Aor/ContactUri..............................> <Hash....> <Status> <RTT(ms)..>\n";
    let rule = "==========================================================================================\n\n";
    let lines: String = PHONES.iter().map(line).collect();
    words.is_empty().then(|| {
        ok(format!(
            "{head}{rule}{lines}\nObjects found: {}\n\n",
            PHONES.len()
        ))
    })
}

pub(super) fn sip_peers(_: &Peer, words: &[&str]) -> Handled {
    let line = |(phone, _): &(&str, &str)| {
        let (address, time, _) = contact(phone);
        let time = time.split('.').next().unwrap_or_default().to_owned();
        format!(
            "{:<26} {address:<39} {:<3} {:<10} {:<3} {:<8} {:<11}\n",
            format!("{phone}/{phone}"),
            "D",
            "",
            "",
            "5060",
            format!("OK ({time} ms)")
        )
    };
    let head = format!(
        "{:<26} {:<39} Dyn Forcerport ACL {:<8} {:<11}\n",
        "Name/username", "Host", "Port", "Status"
    );
    let lines: String = PHONES.iter().map(line).collect();
    let count = PHONES.len();
    let foot = format!(
        "{count} sip peers [Monitored: {count} online, 0 offline Unmonitored: 0 online, 0 offline]\n"
    );
    words.is_empty().then(|| ok(head + &lines + &foot))
}
