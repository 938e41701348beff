//! Channels that run the dialplan, one application after the other.

use std::time::Duration;

use super::channel::{Id, Party, Runs, State};
use super::dialplan::{self, PHONES};
use super::lot::Stay;
use super::state::{Step, World};

impl World {
    /// The next priority of a channel that runs the dialplan. One that runs a single application is at its end.
    pub(super) fn run_next(&mut self, id: Id) {
        let Some(channel) = self.channel_mut(id).filter(|channel| !channel.ending) else {
            return;
        };
        if channel.runs != Runs::Dialplan {
            self.hang_up(id, 16);
            return;
        }
        let next = channel.priority;
        let found = dialplan::find(&channel.context, &channel.exten);
        let found = found.and_then(|priorities| priorities.get(usize::try_from(next).ok()?));
        let Some((application, data)) = found else {
            self.hang_up(id, 16);
            return;
        };
        self.step_into(id, application, data);
    }

    /// The next priority of a channel is this application.
    pub(super) fn step_into(&mut self, id: Id, application: &str, data: &str) {
        if let Some(channel) = self.channel_mut(id) {
            channel.priority += 1;
            channel.application = application.into();
            channel.data = data.into();
            self.tell(id, "Newexten", &[]);
            self.apply(id, application, data);
        }
    }

    /// Runs one application by itself, as Originate can.
    pub(super) fn run_application(&mut self, id: Id, application: &str, data: &str) {
        if let Some(channel) = self.channel_mut(id) {
            channel.runs = Runs::OneApplication;
            channel.application = application.into();
            channel.data = data.into();
            self.apply(id, application, data);
        }
    }

    fn apply(&mut self, id: Id, application: &str, data: &str) {
        let first = data.split(',').next().unwrap_or_default();
        match application.to_ascii_lowercase().as_str() {
            "answer" => {
                self.answer(id);
                self.soon(Step::Run(id));
            }
            "wait" => {
                let seconds = data.trim().parse().unwrap_or(1.0_f64).clamp(0.0, 1e6);
                self.after(Duration::from_secs_f64(seconds), Step::Run(id));
            }
            "playback" | "background" => {
                self.answer(id);
                self.after(Duration::from_secs(3), Step::Run(id));
            }
            "echo" | "musiconhold" | "milliwatt" => self.answer(id),
            "confbridge" => self.join_conference(id, first),
            "park" => {
                self.answer(id);
                self.park(id, &Stay::default());
            }
            "parkedcall" => self.fetch(id, data.rsplit(',').next().unwrap_or_default()),
            "voicemail" => self.record_message(id, first),
            "ringing" => {
                self.indicate_ringing(id);
                self.soon(Step::Run(id));
            }
            "busy" => self.refuse(id, 17),
            "congestion" => self.refuse(id, 34),
            "set" => {
                let (name, value) = data.split_once('=').unwrap_or((data, ""));
                self.set_variable(Some(id), name, value.as_bytes());
                self.soon(Step::Run(id));
            }
            "noop" | "verbose" => self.soon(Step::Run(id)),
            "userevent" => {
                self.user_event(id, data);
                self.soon(Step::Run(id));
            }
            "dial" => self.dial(id, first, data),
            "queue" => self.join_queue(id, first),
            _ => self.hang_up(id, 16),
        }
    }

    /// Busy or congestion: a Local channel passes it on to the channel that dialed its other half.
    fn refuse(&mut self, id: Id, cause: u32) {
        if let Some(channel) = self.channel_mut(id) {
            channel.state = State::Busy;
            self.tell(id, "Newstate", &[]);
        }
        match self.channels.get(&id).and_then(|channel| channel.half) {
            Some(half) => self.failed(half, cause),
            None => self.hang_up(id, cause),
        }
    }

    fn user_event(&mut self, id: Id, data: &str) {
        let mut parts = data.split(',');
        let name = parts.next().unwrap_or_default();
        let body = parts.filter_map(|part| part.split_once(':'));
        let body = body.map(|(key, value)| (key, value.trim_start()));
        let headers: Vec<(&str, &str)> = [("UserEvent", name)].into_iter().chain(body).collect();
        self.tell(id, "UserEvent", &headers);
    }

    /// `Dial(PJSIP/101&PJSIP/102,20)`.
    fn dial(&mut self, id: Id, targets: &str, data: &str) {
        let patience = data
            .split(',')
            .nth(1)
            .and_then(|seconds| seconds.trim().parse().ok())
            .unwrap_or(60);
        let new_leg = |target| self.new_leg(target, Some(id));
        let mut legs: Vec<Id> = targets.split('&').filter_map(new_leg).collect();
        legs.retain(|leg| self.prepare(id, *leg, "AppDial"));
        if legs.is_empty() {
            self.set_variable(Some(id), "DIALSTATUS", b"CHANUNAVAIL");
            self.soon(Step::Run(id));
            return;
        }
        let nobody = legs.iter().map(|leg| (*leg, None)).collect();
        self.attempt(id, nobody, Duration::from_secs(patience));
        for leg in legs {
            self.start_leg(leg);
        }
    }

    /// Passes the caller's data on to a dialed leg. False if the leg cannot be answered and has been hung up.
    pub(super) fn prepare(&mut self, caller: Id, leg: Id, application: &str) -> bool {
        let Some(from) = self.channels.get(&caller) else {
            return false;
        };
        let party = from.caller.clone();
        let (context, exten) = (from.context.clone(), from.exten.clone());
        if let Some(channel) = self.channel_mut(leg) {
            if channel.half.is_none() {
                (channel.context, channel.exten) = (context, exten.clone());
            }
            channel.application = application.into();
            channel.data = "(Outgoing Line)".into();
        }
        self.tell(leg, "Newexten", &[]);
        let dialed = self.channels.get(&leg).map_or("", |leg| &leg.dialed);
        let owner = PHONES.iter().find(|(phone, _)| *phone == dialed);
        let (num, name) = owner.copied().unwrap_or((&exten, ""));
        let callee = Party::new(num, name);
        self.introduce(leg, &callee, &party);
        let goes = self.leads_somewhere(leg);
        if !goes {
            self.hang_up(leg, 0);
        }
        goes
    }
}
