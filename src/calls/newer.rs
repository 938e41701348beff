//! Events from Asterisk 12 on, which describe each of their channels, including
//! its Linkedid.

use super::{Calls, Place, Side, What, said};
use crate::ami::Packet;
use std::time::SystemTime;

/// Events that follow a channel's end and must not revive it.
const AFTERWARDS: [&str; 5] = ["cdr", "cel", "agentcomplete", "originateresponse", "hangup"];

impl Calls {
    pub(super) fn newer(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let known = said(event, "", "Uniqueid");
        let known = known.filter(|uid| self.legs.contains_key(uid));
        let own = match AFTERWARDS.contains(&name) {
            true => known,
            false => self.see(event, "", at),
        };
        let own = own.as_deref();
        match name {
            "newchannel" => self.begin(own, at),
            "newexten" => self.went(own, event, at),
            "hangup" | "hanguprequest" | "softhanguprequest" => self.hangup(name, own, event, at),
            "dialbegin" | "dialend" => self.dial(name, own, event, at),
            "localbridge" => self.halves(event, at),
            "agentcalled" | "agentconnect" => self.agent(name, own, event, at),
            "pickup" => {
                let target = self.see(event, "Target", at);
                if let (Some(own), Some(target)) = (own, target) {
                    let what = What::PicksUp(own.to_owned(), target);
                    self.turn(own, at, what);
                }
            }
            "hold" | "unhold" => self.hold(name == "hold", own, at),
            _ if name.starts_with("queuecaller") => {
                self.queue(name.trim_start_matches("queuecaller"), own, event, at);
            }
            _ if name.contains("transfer") => self.transfer(name, event, at),
            _ if name.contains("park") => self.parking(name, event, at),
            _ if name.contains("bridge") => self.bridging(name, own, event, at),
            _ => {}
        }
    }

    /// A channel has just been created.
    pub(super) fn begin(&mut self, uid: Option<&str>, at: SystemTime) {
        if let Some(leg) = uid.and_then(|uid| self.legs.get_mut(uid)) {
            leg.created.get_or_insert(at);
            if leg.state == "Up" {
                leg.answered.get_or_insert(at);
            }
        }
    }

    /// The dialplan runs a step for a channel.
    pub(super) fn went(&mut self, uid: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(leg) = uid.and_then(|uid| self.legs.get_mut(uid)) else {
            return;
        };
        let application = said(event, "", "Application").unwrap_or_default();
        leg.application = (application, said(event, "", "AppData").unwrap_or_default());
        // Extensions that dialplans enter implicitly and return from.
        let passing = ["", "s", "h", "i", "t"].contains(&&leg.exten.0[..]);
        if leg.is_dialled() || passing || leg.went.as_ref() == Some(&leg.exten.0) {
            return;
        }
        let before = leg.went.replace(leg.exten.0.clone());
        let exten = format!("{}@{}", leg.exten.0, leg.exten.1);
        // The name of a Local channel says where it goes.
        let named = leg.name.strip_prefix("Local/");
        let is_told = named.is_some_and(|rest| rest.starts_with(&exten));
        let uid = leg.uid.clone();
        let what = match before {
            Some(_) => What::GoesOn(uid.clone(), exten),
            None if leg.created.is_none() || is_told => return,
            None => What::Calls(uid.clone(), exten),
        };
        self.turn(&uid, at, what);
    }

    pub(super) fn hangup(&mut self, name: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(uid) = own else {
            return;
        };
        let side = match name {
            "hangup" => return self.end(uid, at, said(event, "", "Cause")),
            "hanguprequest" => Side::Far,
            _ => Side::Server,
        };
        let order = self.fed;
        if let Some(leg) = self.legs.get_mut(uid) {
            leg.asked.get_or_insert((at, side));
            leg.order.get_or_insert(order);
        }
    }

    fn dial(&mut self, name: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(to) = self.see(event, "Dest", at) else {
            return;
        };
        match name {
            "dialbegin" => {
                let what = What::Dials(own.map(str::to_owned), to.clone(), None);
                self.turn(&to, at, what);
            }
            _ => {
                let outcome = said(event, "", "DialStatus").unwrap_or_default();
                self.dialled(&to, at, &outcome);
            }
        }
    }

    fn halves(&mut self, event: &Packet, at: SystemTime) {
        let halves = [
            self.see(event, "LocalOne", at),
            self.see(event, "LocalTwo", at),
        ];
        if let [Some(one), Some(two)] = halves {
            self.unite(&one, &two);
        }
    }

    fn agent(&mut self, name: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(member) = self.see(event, "Dest", at) else {
            return;
        };
        if let Some(leg) = self.legs.get_mut(&member) {
            leg.agent = said(event, "", "MemberName");
        }
        if let (Some(own), "agentconnect") = (own, name) {
            self.turn(own, at, What::Connects(own.to_owned(), member));
        }
    }

    /// `what` is join, leave or abandon.
    pub(super) fn queue(&mut self, what: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(queue) = said(event, "", "Queue") else {
            return;
        };
        let Some(leg) = own.and_then(|uid| self.legs.get_mut(uid)) else {
            return;
        };
        let uid = leg.uid.clone();
        match what {
            "join" => {
                leg.place = Some(Place::Queue(queue.clone()));
                self.turn(&uid.clone(), at, What::Queues(uid, queue));
            }
            "abandon" => self.turn(&uid.clone(), at, What::Abandons(uid, queue)),
            _ => {
                leg.place = None;
                self.over(&What::Queues(uid.clone(), queue), &uid, at);
            }
        }
    }

    pub(super) fn hold(&mut self, on: bool, own: Option<&str>, at: SystemTime) {
        let Some(leg) = own.and_then(|uid| self.legs.get_mut(uid)) else {
            return;
        };
        let uid = leg.uid.clone();
        let was = std::mem::replace(&mut leg.held, on);
        if on && !was {
            self.turn(&uid.clone(), at, What::Holds(uid));
        } else if was && !on {
            self.over(&What::Holds(uid.clone()), &uid, at);
        }
    }

    fn transfer(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let succeeded = said(event, "", "Result").is_none_or(|result| result == "Success");
        let whom = self.see(event, "Transferee", at);
        if name == "blindtransfer" {
            if let Some(by) = self.see(event, "Transferer", at) {
                let part = |key| said(event, "", key).unwrap_or_default();
                let to = format!("{}@{}", part("Extension"), part("Context"));
                let leg = whom.as_ref().and_then(|whom| self.legs.get_mut(whom));
                if let Some(leg) = leg {
                    leg.went = Some(part("Extension"));
                }
                self.turn(&by.clone(), at, What::Blind(by, whom, to, succeeded));
            }
        } else if let Some(by) = self.see(event, "OrigTransferer", at) {
            let second = self.see(event, "SecondTransferer", at);
            let target = self.see(event, "TransferTarget", at);
            // Not reported if the transferer hangs up at that moment (22).
            let target = target.or_else(|| {
                let bridge = self.bridges.get(&said(event, "", "DestBridgeUniqueid")?)?;
                bridge.another_than(&[Some(&by), whom.as_ref()])
            });
            for other in second.iter().chain(&target).chain(&whom) {
                self.unite(&by, other);
            }
            self.turn(&by.clone(), at, What::Attended(by, whom, target, succeeded));
        }
    }

    fn parking(&mut self, name: &str, event: &Packet, at: SystemTime) {
        let Some(parked) = self.see(event, "Parkee", at) else {
            return;
        };
        let space = said(event, "", "ParkingSpace").unwrap_or_default();
        let by = self.see(event, "Retriever", at);
        self.parked(name, &parked, space, by, at);
    }

    pub(super) fn parked(
        &mut self,
        name: &str,
        parked: &str,
        space: String,
        by: Option<String>,
        at: SystemTime,
    ) {
        let place = (name == "parkedcall").then(|| Place::Parked(space.clone()));
        if let Some(leg) = self.legs.get_mut(parked) {
            leg.place = place;
        }
        let uid = parked.to_owned();
        let what = match name {
            "parkedcall" => What::Parks(uid, space),
            "unparkedcall" => {
                self.over(&What::Parks(uid.clone(), space), parked, at);
                if let Some(by) = &by {
                    self.unite(parked, by);
                }
                What::Retrieves(uid, by)
            }
            "parkedcalltimeout" => What::ParkedTooLong(uid),
            _ => return,
        };
        self.turn(parked, at, what);
    }

    fn bridging(&mut self, name: &str, own: Option<&str>, event: &Packet, at: SystemTime) {
        let Some(id) = said(event, "", "BridgeUniqueid") else {
            return;
        };
        match (name, own) {
            ("bridgedestroy", _) => return self.destroy(&id, at),
            ("bridgeleave", Some(own)) => {
                let leg = self.legs.get(own);
                if leg.is_some_and(|leg| leg.bridge.as_ref() == Some(&id)) {
                    self.leave(own, at);
                }
                return;
            }
            ("bridgecreate" | "bridgeenter" | "confbridgejoin", _) => {}
            _ => return,
        }
        let technology = said(event, "", "BridgeTechnology");
        let creator = said(event, "", "BridgeCreator");
        let conference = said(event, "", "Conference").or_else(|| {
            creator.filter(|creator| creator == "ConfBridge")?;
            said(event, "", "BridgeName")
        });
        let bridge = self.bridge(&id);
        bridge.holding = technology.as_deref() == Some("holding_bridge");
        if conference.is_some() {
            bridge.conference = conference;
        }
        if let Some(own) = own {
            self.enter(own, &id, at);
        }
    }
}
