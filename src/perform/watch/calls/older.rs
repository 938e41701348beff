//! Events up to Asterisk 11: who belongs to whom is told by who dials, bridges,
//! parks or replaces whom.

use super::{Calls, What, said};
use crate::ami::Packet;
use std::time::SystemTime;

/// Those that are about the channel they name; in others, such as AgentConnect
/// of 1.8, Channel and Uniqueid belong to two.
const OF_ONE: [&str; 22] = [
    "newchannel",
    "newstate",
    "newcallerid",
    "newexten",
    "newaccountcode",
    "varset",
    "hanguprequest",
    "softhanguprequest",
    "join",
    "leave",
    "queuecallerabandon",
    "meetmejoin",
    "meetmeleave",
    "confbridgejoin",
    "confbridgeleave",
    "hold",
    "musiconhold",
    "parkedcall",
    "parkedcalltimeout",
    "parkedcallgiveup",
    "dtmf",
    "transfer",
];

impl Calls {
    pub(super) fn older(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let own = match OF_ONE.contains(&name) {
            true => self
                .see(event, "", at)
                .or_else(|| self.at(event, "", "Channel")),
            false => None,
        };
        let own = own.as_deref();
        match name {
            "newchannel" => self.begin(own, at),
            "newexten" => self.went(own, event, at),
            "hangup" | "hanguprequest" | "softhanguprequest" => {
                let own = self.at(event, "Uniqueid", "Channel");
                self.hangup(name, own.as_deref(), event, at);
            }
            "rename" => self.rename(event),
            "dial" => self.dial_of_old(event, at),
            "bridge" | "link" | "unlink" => self.link_of_old(name, event, at),
            "localbridge" => {
                drop(self.pair(event, ("Uniqueid1", "Channel1"), ("Uniqueid2", "Channel2")))
            }
            "masquerade" => drop(self.pair(event, ("", "Original"), ("", "Clone"))),
            "agentcalled" | "agentconnect" => self.agent_of_old(name, event, at),
            "join" | "leave" => self.queue(name, own, event, at),
            "queuecallerabandon" => self.queue("abandon", own, event, at),
            "hold" => {
                // 1.6 and 1.8 tell both ends of it by one name.
                let on = said(event, "", "Status").is_none_or(|status| status == "On");
                self.hold(on, own, at);
            }
            "transfer" => self.transfer_of_old(own, event, at),
            "meetmejoin" | "confbridgejoin" => self.confer(own, event, at),
            "meetmeleave" | "confbridgeleave" => {
                if let Some(own) = own {
                    self.leave(own, at);
                }
            }
            "unparkedcall" | "parkedcall" | "parkedcalltimeout" | "parkedcallgiveup" => {
                let space = said(event, "", "Exten").unwrap_or_default();
                let by = self
                    .at(event, "", "From")
                    .filter(|_| name == "unparkedcall");
                if let Some(parked) = self.at(event, "Uniqueid", "Channel") {
                    self.parked(name, &parked, space, by, at);
                }
            }
            _ => {}
        }
    }

    /// The channel that a header tells the Uniqueid or the name of.
    fn at(&self, event: &Packet, uid: &str, name: &str) -> Option<String> {
        let uid = said(event, "", uid).filter(|uid| self.legs.contains_key(uid));
        uid.or_else(|| {
            let name = said(event, "", name)?;
            self.named(&name).map(str::to_owned)
        })
    }

    /// Two channels of one event: they are one call from now on.
    fn pair(
        &mut self,
        event: &Packet,
        one: (&str, &str),
        two: (&str, &str),
    ) -> Option<(String, String)> {
        let one = self.at(event, one.0, one.1)?;
        let two = self.at(event, two.0, two.1)?;
        self.unite(&one, &two);
        Some((one, two))
    }

    /// As [`Calls::pair`]; channels that are not known yet appear.
    fn pair_seen(
        &mut self,
        event: &Packet,
        at: SystemTime,
        pair: [(&str, &str); 2],
    ) -> Option<(String, String)> {
        for (uid, name) in pair {
            if let (Some(uid), Some(name)) = (said(event, "", uid), said(event, "", name))
                && !self.legs.contains_key(&uid)
            {
                self.appear(&uid, &name, None, at);
            }
        }
        let [one, two] = pair;
        self.pair(event, one, two)
    }

    fn rename(&mut self, event: &Packet) {
        let uid = self.at(event, "Uniqueid", "Channel");
        let to = said(event, "", "Newname").or_else(|| said(event, "", "New"));
        if let Some(leg) = uid.and_then(|uid| self.legs.get_mut(&uid))
            && let Some(to) = to
        {
            leg.name = to;
        }
    }

    /// 1.4 knows only the beginning, with Source and Destination.
    fn dial_of_old(&mut self, event: &Packet, at: SystemTime) {
        let end = said(event, "", "SubEvent").is_some_and(|sub| sub == "End");
        let from = match event.get("Source") {
            Some(_) => ("SrcUniqueID", "Source"),
            None => ("UniqueID", "Channel"),
        };
        if !end {
            let pair = [from, ("DestUniqueID", "Destination")];
            if let Some((from, to)) = self.pair_seen(event, at, pair) {
                self.turn(&to.clone(), at, What::Dials(Some(from), to, None));
            }
            return;
        }
        // The end names who has dialled, and not whom.
        let Some(from) = self.at(event, from.0, from.1) else {
            return;
        };
        let outcome = said(event, "", "DialStatus").unwrap_or_default();
        let call = self
            .legs
            .get(&from)
            .and_then(|leg| self.calls.get(&leg.call));
        let turns = call.into_iter().flat_map(|call| &call.turns);
        let open = turns.filter_map(|turn| match &turn.what {
            What::Dials(Some(by), to, None) if *by == from => Some(to.clone()),
            _ => None,
        });
        for to in open.collect::<Vec<_>>() {
            let answered = self.legs.get(&to).is_some_and(|leg| leg.answered.is_some());
            match answered || outcome != "ANSWER" {
                true => self.dialled(&to, at, &outcome),
                false => self.dialled(&to, at, "CANCEL"),
            }
        }
    }

    fn link_of_old(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let pair = [("Uniqueid1", "Channel1"), ("Uniqueid2", "Channel2")];
        let Some((one, two)) = self.pair_seen(event, at, pair) else {
            return;
        };
        let state = said(event, "", "Bridgestate");
        if name == "unlink" || state.is_some_and(|state| state != "Link") {
            self.leave(&one, at);
            self.leave(&two, at);
            return;
        }
        for uid in [&one, &two] {
            // Who is linked was answered; 1.4 tells it only here.
            self.dialled(uid, at, "ANSWER");
            if let Some(leg) = self.legs.get_mut(uid) {
                leg.state = "Up".to_owned();
            }
        }
        let id = format!("{one} {two}");
        self.enter(&one, &id, at);
        self.enter(&two, &id, at);
    }

    fn agent_of_old(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let caller = ("Uniqueid", "ChannelCalling");
        let member = match name {
            "agentcalled" => ("", "DestinationChannel"),
            _ => ("BridgedChannel", "Channel"),
        };
        let Some((caller, member)) = self.pair(event, caller, member) else {
            return;
        };
        let agent = said(event, "", "MemberName").or_else(|| said(event, "", "AgentName"));
        if let Some(leg) = self.legs.get_mut(&member) {
            leg.agent = agent;
        }
        match name {
            // Queues send no Dial before 12.
            "agentcalled" => {
                let what = What::Dials(Some(caller), member.clone(), None);
                self.turn(&member, at, what);
            }
            _ => {
                self.dialled(&member, at, "ANSWER");
                self.turn(&caller.clone(), at, What::Connects(caller, member));
            }
        }
    }

    fn transfer_of_old(&mut self, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(by) = own.map(str::to_owned) else {
            return;
        };
        let target = self.at(event, "TargetUniqueid", "TargetChannel");
        if let Some(target) = &target {
            self.unite(&by, target);
        }
        let what = match said(event, "", "TransferExten") {
            Some(exten) => {
                let context = said(event, "", "TransferContext").unwrap_or_default();
                What::Blind(by.clone(), target, format!("{exten}@{context}"), true)
            }
            None => What::Attended(by.clone(), None, target, true),
        };
        self.turn(&by, at, what);
    }

    fn confer(&mut self, own: Option<&str>, event: &Packet, at: SystemTime) {
        let name = said(event, "", "Conference").or_else(|| said(event, "", "Meetme"));
        if let (Some(own), Some(name)) = (own, name) {
            let id = format!("conference {name}");
            self.bridge(&id).conference = Some(name);
            self.enter(own, &id, at);
        }
    }
}
