//! Events up to Asterisk 11: legs are related by who dials, bridges, parks or
//! replaces whom.

use super::bridges::pair_id;
use super::{Calls, What, said};
use crate::ami::Packet;
use std::time::SystemTime;

/// Events about the one channel that they name. In others, such as AgentConnect
/// of 1.8, Channel and Uniqueid belong to different channels.
const OF_ONE: [&str; 23] = [
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
    "unhold",
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
            "newexten" => {
                // The dialplan's `h` runs after a hangup.
                match (own, said(event, "", "Extension").as_deref()) {
                    (Some(own), Some("h")) => self.calls_no_more(own, at),
                    _ => self.dials_over(own, at),
                }
                self.went(own, event, at);
            }
            "hangup" => {
                if let Some(own) = self.at(event, "Uniqueid", "Channel") {
                    self.close(&own, at, said(event, "", "Cause"));
                    self.calls_no_more(&own, at);
                }
            }
            "hanguprequest" | "softhanguprequest" => {
                let own = self.at(event, "Uniqueid", "Channel");
                self.hangup(name, own.as_deref(), event, at);
            }
            "rename" => self.rename(event, at),
            "dial" => self.dial_of_old(event, at),
            "bridge" | "link" | "unlink" => self.link_of_old(name, event, at),
            "localbridge" => {
                drop(self.pair(event, ("Uniqueid1", "Channel1"), ("Uniqueid2", "Channel2")))
            }
            "masquerade" => drop(self.pair(event, ("", "Original"), ("", "Clone"))),
            "hold" | "unhold" => {
                // 1.6 and 1.8 use one name for start and end, 1.4 a name each.
                let off = said(event, "", "Status").is_some_and(|status| status != "On");
                self.hold(name == "hold" && !off, own, at);
            }
            "transfer" => self.transfer_of_old(own, event, at),
            _ => self.queue_of_old(name, own, event, at),
        }
    }

    /// What queues, conferences and parking lots say.
    fn queue_of_old(&mut self, name: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        match name {
            "agentcalled" | "agentconnect" => self.agent_of_old(name, event, at),
            "agentringnoanswer" => self.agent_is_away(event, at),
            "agentcomplete" => self.agent_is_done(event, at),
            "join" => self.queue(name, own, event, at),
            "leave" | "queuecallerabandon" => {
                let name = name.trim_start_matches("queuecaller");
                let now = own.map(|own| self.by_now(own.to_owned()));
                // A caller who is redirected away has not given up.
                if name == "leave" || now.as_deref() == own {
                    self.queue(name, now.as_deref(), event, at);
                }
            }
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

    /// The channel that a header gives by Uniqueid or by name.
    fn at(&self, event: &Packet, uid: &str, name: &str) -> Option<String> {
        let uid = said(event, "", uid).filter(|uid| self.legs.contains_key(uid));
        uid.or_else(|| {
            let name = said(event, "", name)?;
            self.named(&name).map(str::to_owned)
        })
    }

    /// Makes the two channels of an event one call.
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

    /// As [`Calls::pair`], adding channels that are not known yet.
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

    /// 1.4 reports only the beginning, with Source and Destination.
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
        // The end names only the dialling channel, whose phone may have moved.
        if let Some(from) = self.at(event, from.0, from.1) {
            let from = self.by_now(from);
            let outcome = said(event, "", "DialStatus").unwrap_or_default();
            for to in self.dialled_by(&from) {
                self.missed(&to, at, &outcome);
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
            // A linked channel has answered; 1.4 reports that only here.
            self.dialled(uid, at, "ANSWER");
            if let Some(leg) = self.legs.get_mut(uid) {
                leg.state = "Up".to_owned();
            }
        }
        let id = pair_id(&one, &two);
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
                self.dials_over(Some(&caller), at);
                let what = What::Dials(Some(caller), member.clone(), None);
                self.turn(&member, at, what);
            }
            _ => {
                self.dialled(&member, at, "ANSWER");
                for other in self.dialled_by(&caller) {
                    self.missed(&other, at, "ANSWER");
                }
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
