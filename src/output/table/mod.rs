//! Replies for people: a list as one table per kind of item, anything else as its
//! status, message and headers.

mod config;
mod grid;
mod known;
mod merged;
mod unknown;

pub(super) use grid::{GAP, Grid};
pub(super) use merged::reply as merged;

use super::actions::actions;
use super::columns::{end_line, hang, room, width};
use super::groups::{groups, shown};
use super::headers::{all_headers, block, headers, is_protocol, texts};
use super::moments::NEVER;
use super::{Fields, Look, Role, words};
use crate::ami::{self, Ending, Packet, Reply, Status};
use crate::catalog::{Catalog, Listing};
use crate::peer_text::visible;
use known::{Kind, Nouns};

/// Appends `reply`, or `fields` of its items or Response.
pub(super) fn reply(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    // Whoever waited for it says that nothing came.
    if reply.ending == Ending::Unanswered || output(out, reply, look) {
        return;
    }
    // Whoever waited for the packet that followed a single Response (an
    // OriginateResponse) reports it in words.
    let is_list = reply.ending != Ending::Response;
    if is_list {
        list(out, reply, fields, look);
    }
    let message = reply.message().unwrap_or_default();
    if reply.status() == Status::Error && words::is_empty_list(&message) {
        let line = format!("{}.", message.terminal().trim_end_matches('.'));
        end_line(out, &look.palette.paint(Role::Dim, &line));
    } else if !is_list || reply.status() == Status::Error {
        response(out, reply, fields, look);
    }
}

/// Appends the output of a Command, as Asterisk's own console would show it.
/// False if `reply` does not answer a Command.
pub(super) fn output(out: &mut Vec<u8>, reply: &Reply, look: &Look) -> bool {
    let Some(lines) = reply.output() else {
        return false;
    };
    for line in lines {
        match look.terminal {
            true => out.extend_from_slice(visible::line(line).as_bytes()),
            false => out.extend_from_slice(line),
        }
        out.push(b'\n');
    }
    true
}

fn list(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    let is_incomplete = words::incomplete(reply).is_some();
    if reply.items.is_empty() && reply.status() != Status::Error && !is_incomplete {
        let completion = reply.completion.as_ref().map(|packet| packet.name());
        let line = match known::none_of(completion.unwrap_or_default()) {
            Some(nouns) => format!("No {nouns}."),
            None => "The list is empty.".to_owned(),
        };
        end_line(out, &look.palette.paint(Role::Dim, &line));
    }
    for (i, (name, items)) in shown(groups(&reply.items), fields).iter().enumerate() {
        if i > 0 {
            out.push(b'\n');
        }
        let kind = match name.is_empty() {
            true => known::of_list(reply.completion.as_ref().map_or(b"", |end| end.name())),
            false => known::of(name),
        };
        one_kind(out, kind, items, ("item", "items"), fields, look);
    }
    if let Some(words) = words::incomplete(reply) {
        end_line(out, &look.palette.paint(Role::Warning, &words));
    }
}

/// The `items` of one kind, or of one that amish does not know, whose nouns are
/// `other`.
fn one_kind(
    out: &mut Vec<u8>,
    kind: Option<&known::Kind>,
    items: &[&Packet],
    other: Nouns,
    fields: &Fields,
    look: &Look,
) {
    let nouns = kind.map_or(other, |kind| kind.nouns);
    match (kind, fields) {
        _ if items.iter().any(|item| item.is_text()) => unknown::lines(out, items),
        (_, Fields::Named(names)) => unknown::named(out, items, names, nouns, look),
        (Some(kind), Fields::Chosen) => known_items(out, kind, items, look),
        (None, Fields::Chosen) => unknown::items(out, items, nouns, look),
        (_, Fields::All) => unknown::whole(out, items, nouns, look),
    }
}

/// Appends the packets of a capture: a table for each kind, below its name, and
/// what Commands have printed as it is.
pub(super) fn capture(out: &mut Vec<u8>, packets: &[Packet], fields: &Fields, look: &Look) {
    let is_output = |packet: &Packet| {
        ami::Kind::Response == packet.kind()
            && (packet.body().is_some() || packet.get("Output").is_some())
    };
    let (outputs, others): (Vec<&Packet>, Vec<&Packet>) =
        packets.iter().partition(|packet| is_output(packet));
    let is_named = fields.named().is_some();
    let mut is_first = true;
    let mut part = |out: &mut Vec<u8>| {
        if !std::mem::replace(&mut is_first, false) {
            out.push(b'\n');
        }
    };
    for (name, items) in &shown(groups(others), fields) {
        part(out);
        let nouns = match items.first().map(|item| item.kind()) {
            Some(ami::Kind::Response) => ("response", "responses"),
            _ => ("event", "events"),
        };
        if !name.is_empty() {
            let name = visible::text(name);
            end_line(out, &look.palette.paint(Role::Event, &name));
        }
        one_kind(out, known::of(name), items, nouns, fields, look);
    }
    for packet in outputs.into_iter().filter(|_| !is_named) {
        part(out);
        output(out, &Reply::single(packet.clone()), look);
    }
}

fn known_items(out: &mut Vec<u8>, kind: &Kind, items: &[&Packet], look: &Look) {
    let longest = (room(look) / 2).max(24);
    let row = |packet: &&Packet| -> Vec<String> {
        let texts = kind
            .columns
            .iter()
            .map(|column| column.cell.text(packet, look.now));
        texts.map(|text| text.into_owned()).collect()
    };
    let mut rows: Vec<Vec<String>> = items.iter().map(row).collect();
    // A column of nothing but `never` takes room from others.
    for at in (0..kind.columns.len()).filter(|at| kind.is_moment(*at)) {
        let mut cells: Vec<&mut String> =
            rows.iter_mut().filter_map(|row| row.get_mut(at)).collect();
        if cells.iter().all(|text| *text == NEVER) {
            cells.iter_mut().for_each(|text| text.clear());
        }
    }
    let heads = kind.columns.iter();
    let heads: Vec<_> = heads.map(|one| (one.heading, one.number)).collect();
    let footer = known::count(items.len(), kind.nouns);
    // A single item with a value too long for a cell is better shown whole than
    // as a row.
    if let [row] = &rows[..]
        && row.iter().any(|text| width(text) > longest)
    {
        let heads = heads.iter().map(|(head, _)| (*head).to_owned());
        let pairs = heads.zip(row.iter().cloned());
        return block(out, pairs.filter(|(_, text)| !text.is_empty()), "", look);
    }
    let kept = kind.columns.iter().filter(|column| column.kept);
    Grid::of_used(&heads, rows)
        .keeping(kept.map(|column| column.heading))
        .write(out, &footer, room(look), look);
}

fn response(out: &mut Vec<u8>, reply: &Reply, fields: &Fields, look: &Look) {
    let says = match (&reply.completion, &reply.response) {
        (Some(error), _) if reply.ending == Ending::Error => error,
        (_, Some(response)) => response,
        _ => return,
    };
    let listing = Listing::of(reply);
    // Another value may contain `(Priv: ` too; in ListCommands every one does.
    let is_listing = |header: ami::Header<'_>| {
        is_protocol(&header) || listing.get(&visible::text(header.key)).is_some()
    };
    let is_chosen = *fields == Fields::Chosen;
    if is_chosen && !listing.is_empty() && says.headers().all(is_listing) {
        return actions(out, Catalog::with(listing).actions(), look);
    }
    if is_chosen && config::file(out, says, look) {
        return;
    }
    let role = match Status::of(says) {
        Status::Error => Role::Error,
        _ => Role::Ok,
    };
    let status = visible::text(says.name());
    let message = reply.message().unwrap_or_default();
    let message = message.terminal();
    let indent = width(&status) + 2;
    let status = look.palette.paint(role, &status);
    for line in hang(&format!("{status}  "), indent, &message, room(look)) {
        end_line(out, &line);
    }
    match fields {
        Fields::Chosen => headers(out, says, look),
        Fields::All => all_headers(out, says, look),
        Fields::Named(names) => {
            let named: Vec<_> = names.iter().flat_map(|name| says.all(name)).collect();
            block(
                out,
                named.iter().map(|header| texts(says, header, look)),
                "  ",
                look,
            );
        }
    }
}

#[cfg(test)]
mod tests;
