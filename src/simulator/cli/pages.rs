//! `manager show command NAME`: the documentation of the simulator's actions, in the layout of each version.

use crate::simulator::config::Version;
use crate::simulator::registry::{Action, Argument};

const ACTION_ID: Argument = (
    "ActionID",
    false,
    "An identifier that every answer to this action carries.",
);

/// Which module an action is from, by the beginning of its name; the core has the others.
const MODULES: [(&str, &str); 14] = [
    ("AGI", "res_agi"),
    ("Confbridge", "app_confbridge"),
    ("DeviceState", "res_manager_devicestate"),
    ("MixMonitor", "app_mixmonitor"),
    ("MuteAudio", "res_mutestream"),
    ("PJSIPShowRegistrationsO", "res_pjsip_outbound_registration"),
    ("PJSIP", "res_pjsip"),
    ("Park", "parking_manager"),
    ("PlayDTMF", "app_senddtmf"),
    ("PresenceStateList", "res_manager_presencestate"),
    ("Queue", "app_queue"),
    ("SIP", "chan_sip"),
    ("StopMixMonitor", "app_mixmonitor"),
    ("Voicemail", "app_voicemail"),
];

/// A page as it is printed. Asterisk 22 has more sections, in another order, and blank lines between arguments.
pub(super) fn page(action: &Action, version: Version) -> String {
    let name = action.name;
    let synopsis = format!("[Synopsis]\n{}\n\n", action.synopsis);
    let description = format!("[Description]\n{}\n\n", action.description);
    let syntax = syntax(action);
    let arguments = |blank: &str| {
        let all = [ACTION_ID].iter().chain(action.arguments);
        let text: String = all
            .map(|(key, _, what)| format!("{key}\n    {what}\n{blank}"))
            .collect();
        format!("[Arguments]\n{blank}{text}")
    };
    match version {
        Version::V22 => {
            let module = MODULES.iter().find(|(begin, _)| name.starts_with(begin));
            let module = module.map_or("builtin", |(_, module)| module);
            let head = format!("\n  -= Info about Manager Command '{name}' =- \n\n{synopsis}");
            let origin = format!("[Provided By]\n{module}\n\n[Since]\n{}\n\n", action.since);
            let privilege = format!(
                "[Privilege]\n{}\n\n[See Also]\nNot available\n\n",
                action.privilege()
            );
            let ends = "[List Responses]\nNone\n\n[End List Responses]\n\n[Final Response]\nNone\n\n[End Final Response]\n";
            format!(
                "{head}{origin}{description}{syntax}{}{privilege}{ends}",
                arguments("\n")
            )
        }
        Version::V18 => format!(
            "{syntax}{synopsis}{description}{}\n[See Also]\nNot available\n\n",
            arguments("")
        ),
    }
}

fn syntax(action: &Action) -> String {
    let line = |(key, required, _): &Argument| match required {
        true => format!("{key}: <value>\n"),
        false => format!("[{key}:] <value>\n"),
    };
    let (name, lines) = (action.name, action.arguments.iter().map(line));
    let lines: String = lines.collect();
    format!("[Syntax]\nAction: {name}\n[ActionID:] <value>\n{lines}\n")
}
