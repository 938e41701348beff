//! A hostile server as a value: everything that a server can send is a field
//! that a test can set.

mod inserted;
mod modes;
mod shell;

use crate::pty::Pty;
use crate::scripted::{Conversation, Request, Scripted};
use crate::support::Watched;
use std::sync::Arc;

/// As sent; nothing is escaped or checked.
pub type Text = Vec<u8>;

/// Follows every hostile text, so that a test knows whether it was shown at
/// all.
pub const MARK: &str = "MARK";

/// What this server sends. The fields are the places whose text amish shows,
/// offers, inserts or keeps.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// After `Asterisk Call Manager/`.
    pub banner: Text,
    /// Names and synopses in ListCommands.
    pub actions: Vec<(Text, Text)>,
    /// The privileges of each, and of every event.
    pub privileges: Text,
    /// The output of `manager show command`, for each action that is asked for.
    pub action_page: Page,
    /// The completions of `manager show event`.
    pub event_names: Vec<Text>,
    /// The output of `manager show event`.
    pub event_page: Page,
    /// The values of lists: queues, members, channels.
    pub items: Vec<Text>,
    /// `Message` of every response.
    pub message: Text,
    /// The output of all other CLI commands, and of `core show version`.
    pub output: Vec<Text>,
    /// The completions of a CLI line, one answer per query; the last one
    /// repeats.
    pub candidates: Vec<Vec<Text>>,
    /// Who calls.
    pub caller: Text,
    /// Unsolicited events: names, keys and values.
    pub events: Vec<(Text, Vec<(Text, Text)>)>,
    /// Categories and lines of GetConfig.
    pub config: Vec<(Text, Text)>,
}

/// Documentation of an action or event.
#[derive(Debug, Clone)]
pub struct Page {
    pub synopsis: Text,
    pub description: Text,
    /// Keys, descriptions and possible values.
    pub parameters: Vec<(Text, Text, Vec<Text>)>,
    pub see_also: Text,
}

/// A running hostile server. Ends when dropped.
pub struct Serving {
    server: Scripted,
    heard: Arc<Watched<Vec<Request>>>,
}

impl Serving {
    /// As a TARGET.
    pub fn target(&self) -> String {
        self.server.target()
    }

    /// The requests since its start, including the login.
    pub fn heard(&self) -> Vec<Request> {
        self.heard.look().clone()
    }
}

/// Types `mark` after a Tab and waits until it is shown, which means that the
/// Tab has been answered. If nothing of the server's is left, amish offers what
/// it knows itself, and asks whether to list all of it.
fn after_tab(pty: &mut Pty, mark: &str) {
    const ASKED: &str = "Display all";
    pty.type_text(mark);
    pty.wait_for(mark, |screen| {
        let shown = screen.contents();
        shown.contains(mark) || shown.contains(ASKED)
    });
    if pty.look(|screen| !screen.contents().contains(mark)) {
        pty.type_text(&format!("n{mark}"));
        pty.wait_for(mark, |screen| screen.contents().contains(mark));
    }
}

fn text(text: impl AsRef<[u8]>) -> Text {
    text.as_ref().to_vec()
}

impl Hostile {
    /// A well-behaved server.
    pub fn honest() -> Hostile {
        let page = |key: &str| Page {
            synopsis: text("What it does."),
            description: text("Does it."),
            parameters: vec![(
                text(key),
                text("What it is."),
                vec![text("yes"), text("no")],
            )],
            see_also: text("Ping"),
        };
        let action = |name: &str| (text(name), text("What it does."));
        Hostile {
            banner: text("11.0.0"),
            actions: ["Command", "Ping", "QueueRemove", "QueueStatus"]
                .map(action)
                .to_vec(),
            privileges: text("call,all"),
            action_page: page("Zebra"),
            event_names: vec![text("Hangup")],
            event_page: page("Channel"),
            items: vec![text("support"), text("sales")],
            message: text("Fine"),
            output: vec![text("Asterisk 22.0.0")],
            candidates: vec![vec![text("core"), text("queue")]],
            caller: text("Alice"),
            events: vec![(text("UserEvent"), vec![(text("Key"), text("value"))])],
            config: vec![(text("general"), text("enabled=yes"))],
        }
    }

    /// The same text in every place at once, each time with [`MARK`] after it.
    /// Names that amish needs to get to the next place stay valid.
    pub fn everywhere(evil: &[u8]) -> Hostile {
        let evil = [evil, MARK.as_bytes()].concat();
        // A line end would end the banner, and the rest would precede the first
        // answer, so that the login fails.
        let mut banner = [b"11.0.0", &*evil].concat();
        banner.retain(|byte| !b"\r\n".contains(byte));
        let page = |key: &str| Page {
            synopsis: evil.clone(),
            description: evil.clone(),
            parameters: vec![
                (text(key), evil.clone(), vec![evil.clone(), text("no")]),
                (evil.clone(), evil.clone(), vec![text("yes"), evil.clone()]),
            ],
            see_also: evil.clone(),
        };
        let honest = Hostile::honest();
        let mut actions: Vec<_> = honest
            .actions
            .into_iter()
            .map(|(name, _)| (name, evil.clone()))
            .collect();
        actions.push((evil.clone(), evil.clone()));
        actions.push(([b"Queue", &*evil].concat(), evil.clone()));
        let call = [
            ("Channel", &evil),
            ("CallerIDNum", &evil),
            ("CallerIDName", &evil),
            ("Cause-txt", &evil),
        ];
        let call: Vec<_> = call.map(|(key, value)| (text(key), value.clone())).to_vec();
        Hostile {
            banner,
            actions,
            privileges: [b"call,", &*evil].concat(),
            action_page: page("Zebra"),
            event_names: vec![text("Hangup"), evil.clone()],
            event_page: page("Channel"),
            items: vec![evil.clone(), text("support"), text("sales")],
            message: evil.clone(),
            output: vec![evil.clone(), [b"\ta\t", &*evil].concat()],
            candidates: vec![vec![text("core"), evil.clone()]],
            caller: evil.clone(),
            events: vec![
                (text("Newchannel"), call.clone()),
                (text("Hangup"), call),
                (evil.clone(), vec![(evil.clone(), evil.clone())]),
            ],
            config: vec![(evil.clone(), evil.clone())],
        }
    }

    /// Serves it on its own thread and port.
    pub fn serve(self) -> Serving {
        let heard = Watched::new(Vec::new());
        let hearing = heard.clone();
        let server = Scripted::start(move |conversation| {
            conversation.send([b"Asterisk Call Manager/", &*self.banner, b"\r\n"].concat());
            let mut asked = 0;
            while let Some(request) = conversation.hear() {
                let action = request.get("Action").unwrap_or_default().to_owned();
                let answer = match action.as_str() {
                    "Command" => self.command(&request, &mut asked),
                    _ => self.answer(&action, &request),
                };
                hearing.change(|heard| heard.push(request));
                self.reply(conversation, answer);
                if action == "Logoff" {
                    return;
                }
            }
        });
        Serving { server, heard }
    }

    fn reply(&self, conversation: &mut Conversation, packets: Vec<Packet>) {
        let bytes = packets
            .into_iter()
            .flat_map(|packet| packet.0)
            .collect::<Vec<_>>();
        conversation.send(bytes);
    }

    fn answer(&self, action: &str, request: &Request) -> Vec<Packet> {
        let response = |status: &str| Packet::response(status, request);
        let said = |status: &str| response(status).header("Message", &self.message);
        match action {
            "Challenge" => vec![response("Success").header("Challenge", "123456789").end()],
            "ListCommands" => {
                let row = |packet: Packet, (name, synopsis): &(Text, Text)| {
                    let rights = [b" (Priv: ", &*self.privileges, b")"].concat();
                    packet.header(name, [&**synopsis, &rights].concat())
                };
                vec![self.actions.iter().fold(response("Success"), row).end()]
            }
            "CoreShowChannels" => self.list(request, "CoreShowChannel", &["Channel", "Uniqueid"]),
            "Status" => self.list(request, "Status", &["Channel", "Uniqueid", "State"]),
            "QueueStatus" => {
                let mut packets = self.list(request, "QueueMember", &["Queue", "Name", "Location"]);
                let end = packets.split_off(1);
                packets.extend(self.items(request, "QueueParams", &["Queue", "Calls"]));
                packets.extend(end);
                packets
            }
            "GetConfig" => {
                let row = |packet: Packet, (number, (category, line)): (usize, &(Text, Text))| {
                    let packet = packet.header(format!("Category-{number:06}"), category);
                    packet.header(format!("Line-{number:06}-000000"), line)
                };
                let rows = self.config.iter().enumerate();
                vec![rows.fold(response("Success"), row).end()]
            }
            "Getvar" => {
                let packet = response("Success").header("Variable", "x");
                vec![packet.header("Value", &self.caller).end()]
            }
            "Ping" => vec![said("Success").header("Ping", "Pong").end()],
            "Hangup" => vec![said("Error").end()],
            "Events" => {
                let events = self.events.iter().map(|(name, headers)| {
                    let packet = Packet::event(name).header("Privilege", &self.privileges);
                    let headers = headers.iter();
                    headers
                        .fold(packet, |packet, (key, value)| packet.header(key, value))
                        .end()
                });
                let late = Packet::default().header("Response", "Success");
                let late = late
                    .header("ActionID", "nobody")
                    .header("Message", &self.message);
                let unframed = Packet::default().line(&self.message);
                let response = said("Success").header("Events", "On").end();
                [response]
                    .into_iter()
                    .chain(events)
                    .chain([late.end(), unframed.end()])
                    .collect()
            }
            "Logoff" => vec![said("Goodbye").end()],
            _ => vec![said("Success").end()],
        }
    }

    fn items(&self, request: &Request, event: &str, keys: &[&str]) -> Vec<Packet> {
        let item = |value: &Text| {
            let packet = Packet::event(event).id(request);
            let packet = keys
                .iter()
                .fold(packet, |packet, key| packet.header(key, value));
            packet.header("CallerIDName", &self.caller).end()
        };
        self.items.iter().map(item).collect()
    }

    fn list(&self, request: &Request, event: &str, keys: &[&str]) -> Vec<Packet> {
        let start = Packet::response("Success", request).header("EventList", "start");
        let end = Packet::event(format!("{event}Complete")).id(request);
        let end = end
            .header("EventList", "Complete")
            .header("Note", &self.message);
        let mut packets = vec![start.header("Message", &self.message).end()];
        packets.extend(self.items(request, event, keys));
        packets.push(end.end());
        packets
    }

    fn command(&self, request: &Request, asked: &mut usize) -> Vec<Packet> {
        let command = request.get("Command").unwrap_or_default();
        let matches = |candidates: &[Text]| {
            let words = candidates.join(&b' ');
            vec![[b"- ", &*words, b" _EOF_"].concat()]
        };
        let lines = if let Some(names) = command.strip_prefix("manager show command ") {
            let page = |name: &str| self.action_page.lines("Action", name, &self.privileges);
            names.split(' ').flat_map(page).collect()
        } else if let Some(name) = command.strip_prefix("manager show event ") {
            self.event_page.lines("Event", name, &self.privileges)
        } else if command.starts_with("_command matchesarray \"manager show event ") {
            matches(&self.event_names)
        } else if command.starts_with("_command matchesarray ") {
            let last = self.candidates.len() - 1;
            *asked += 1;
            matches(&self.candidates[(*asked - 1).min(last)])
        } else {
            self.output.clone()
        };
        let packet = Packet::response("Success", request).header("Message", &self.message);
        let output = |packet: Packet, line: &Text| packet.header("Output", line);
        vec![lines.iter().fold(packet, output).end()]
    }
}

impl Page {
    /// In the layout of Asterisk 22.
    fn lines(&self, kind: &str, name: &str, privileges: &[u8]) -> Vec<Text> {
        let mut lines = vec![text("[Synopsis]"), self.synopsis.clone(), Text::new()];
        lines.extend([text("[Description]"), self.description.clone(), Text::new()]);
        lines.extend([text("[Syntax]"), text(format!("{kind}: {name}"))]);
        let syntax = |(key, ..): &(Text, Text, Vec<Text>)| [b"[", &**key, b":] <value>"].concat();
        lines.extend(self.parameters.iter().map(syntax));
        lines.extend([Text::new(), text("[Arguments]")]);
        for (key, about, choices) in &self.parameters {
            lines.extend([key.clone(), [b"    ", &**about].concat()]);
            lines.extend(choices.iter().map(|choice| [b"    ", &**choice].concat()));
        }
        lines.extend([
            Text::new(),
            text("[See Also]"),
            self.see_also.clone(),
            Text::new(),
        ]);
        lines.extend([text("[Privilege]"), text(privileges), Text::new()]);
        lines
    }
}

/// An outgoing packet.
#[derive(Default)]
struct Packet(Text);

impl Packet {
    fn response(status: &str, request: &Request) -> Packet {
        Packet::default().header("Response", status).id(request)
    }

    fn event(name: impl AsRef<[u8]>) -> Packet {
        Packet::default().header("Event", name)
    }

    fn id(self, request: &Request) -> Packet {
        self.header("ActionID", request.get("ActionID").unwrap_or_default())
    }

    fn header(self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Packet {
        self.line([key.as_ref(), b": ", value.as_ref()].concat())
    }

    fn line(mut self, line: impl AsRef<[u8]>) -> Packet {
        self.0.extend_from_slice(line.as_ref());
        self.0.extend_from_slice(b"\r\n");
        self
    }

    fn end(self) -> Packet {
        self.line("")
    }
}
