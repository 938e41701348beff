//! The actions that clients can send: who may run each, its handler, and one
//! file per family.

mod channels;
mod command;
mod conferences;
pub(super) mod database;
mod dialplan;
mod list;
mod mailboxes;
mod media;
mod originate;
mod parking;
mod pjsip;
mod queues;
mod session;
mod sip;
mod states;
mod system;
mod transfers;

use super::answer::Answer;
use super::class::Classes;
use super::peer::{Handler, Peer};
use super::registry;
use super::wire::Request;

#[rustfmt::skip]
const HANDLERS: &[(&str, Handler)] = &[
    ("AGI", media::agi),
    ("Atxfer", transfers::atxfer),
    ("BlindTransfer", transfers::blind_transfer),
    ("CancelAtxfer", transfers::cancel_atxfer),
    ("Challenge", session::challenge),
    ("Command", command::command),
    ("ConfbridgeKick", conferences::kick),
    ("ConfbridgeList", conferences::list),
    ("ConfbridgeListRooms", conferences::list_rooms),
    ("ConfbridgeMute", conferences::mute),
    ("ConfbridgeUnmute", conferences::unmute),
    ("CoreSettings", system::core_settings),
    ("CoreShowChannels", channels::core_show_channels),
    ("CoreStatus", system::core_status),
    ("DBDel", database::delete),
    ("DBDelTree", database::delete_tree),
    ("DBGet", database::get),
    ("DBGetTree", database::get_tree),
    ("DBPut", database::put),
    ("DeviceStateList", states::device_state_list),
    ("Events", session::events),
    ("ExtensionState", states::extension_state),
    ("ExtensionStateList", states::extension_state_list),
    ("Getvar", channels::getvar),
    ("Hangup", channels::hangup),
    ("ListCommands", session::list_commands),
    ("Login", session::login),
    ("Logoff", session::logoff),
    ("MailboxCount", mailboxes::count),
    ("MailboxStatus", mailboxes::status),
    ("MixMonitor", media::mix_monitor),
    ("MuteAudio", media::mute_audio),
    ("Originate", originate::originate),
    ("Park", parking::park),
    ("ParkedCalls", parking::parked_calls),
    ("Parkinglots", parking::parking_lots),
    ("Ping", session::ping),
    ("PJSIPShowAors", pjsip::show_aors),
    ("PJSIPShowContacts", pjsip::show_contacts),
    ("PJSIPShowEndpoint", pjsip::show_endpoint),
    ("PJSIPShowEndpoints", pjsip::show_endpoints),
    ("PJSIPShowRegistrationsOutbound", pjsip::show_registrations_outbound),
    ("PlayDTMF", media::play_dtmf),
    ("PresenceState", states::presence_state),
    ("PresenceStateList", states::presence_state_list),
    ("QueueAdd", queues::queue_add),
    ("QueuePause", queues::queue_pause),
    ("QueueRemove", queues::queue_remove),
    ("QueueReset", queues::queue_reset),
    ("QueueStatus", queues::queue_status),
    ("QueueSummary", queues::queue_summary),
    ("Redirect", transfers::redirect),
    ("Setvar", channels::setvar),
    ("ShowDialPlan", dialplan::show_dialplan),
    ("SIPpeers", sip::peers),
    ("SIPshowpeer", sip::show_peer),
    ("Status", channels::status),
    ("StopMixMonitor", media::stop_mix_monitor),
    ("UserEvent", system::user_event),
    ("VoicemailUsersList", mailboxes::users_list),
    ("WaitEvent", session::wait_event),
];

fn handler(action: &str) -> Option<Handler> {
    let found = HANDLERS.iter().find(|(name, _)| *name == action);
    found.map(|(_, handler)| *handler)
}

/// Checks and runs a request as Asterisk does. Before login, permission is checked before the action's existence; after
/// login, existence comes first.
pub(super) fn run(peer: &mut Peer, request: &Request) -> Answer {
    let name = request.action();
    if name.is_empty() {
        return Answer::error(request, "Missing action in request");
    }
    let opens = ["Login", "Challenge", "Logoff"]
        .iter()
        .any(|open| open.eq_ignore_ascii_case(&name));
    if peer.user.is_none() && !opens {
        return Answer::error(request, "Permission denied");
    }
    match registry::find(peer.version(), &name) {
        Some(action) if peer.may(Classes::of(action.classes)) => match handler(action.name) {
            Some(handler) => handler(peer, request),
            None => Answer::error(request, "Action is not implemented"),
        },
        Some(_) => Answer::error(request, "Permission denied"),
        None => {
            let unknown = format!(
                "Invalid/unknown command: {name}. Use Action: ListCommands to show available commands."
            );
            Answer::error(request, &unknown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{handler, registry::ACTIONS};

    // The registry and the handlers are in different files, so an action could
    // be listed without being implemented.
    #[test]
    fn every_listed_action_is_carried_out() {
        for action in ACTIONS {
            assert!(handler(action.name).is_some(), "{}", action.name);
        }
    }
}
