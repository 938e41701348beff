//! What Originate asks for.

use std::sync::mpsc::Sender;
use std::time::Duration;

use super::channel::Party;

/// One Originate.
#[derive(Debug)]
pub(in crate::simulator) struct Order {
    /// The dial string, `Local/200@default` or `PJSIP/101`.
    pub(in crate::simulator) channel: String,
    pub(in crate::simulator) target: Target,
    pub(in crate::simulator) caller: Party,
    pub(in crate::simulator) account: String,
    pub(in crate::simulator) variables: Vec<(String, Vec<u8>)>,
    pub(in crate::simulator) timeout: Duration,
    pub(in crate::simulator) action_id: Vec<u8>,
    /// Who waits for the outcome. Nobody does with `Async`: then an OriginateResponse event tells of it.
    pub(in crate::simulator) waiter: Option<Sender<bool>>,
}

/// Where the call goes once its channel has answered.
#[derive(Clone, Debug)]
pub(in crate::simulator) enum Target {
    Extension {
        context: String,
        exten: String,
        priority: u32,
    },
    Application {
        name: String,
        data: String,
    },
}
