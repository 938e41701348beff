//! `confbridge …`, `parking …`, `voicemail …`, `core show hints`, `pjsip show registrations`.

use super::output::{Failed, Handled};
use crate::simulator::peer::Peer;
use crate::simulator::world::dialplan::{self, PHONES};
use crate::simulator::world::{Conference, SPACES, STAY, Seat, World};

pub(super) fn confbridge_list(peer: &Peer, words: &[&str]) -> Handled {
    peer.server.in_world(|world| match words {
        [] => Ok(rooms(world)),
        [name] => Ok(match world.conference(name) {
            Some(room) => room_of(world, room),
            None => format!("No conference bridge named '{name}' found!\n"),
        }),
        _ => Err(Failed::Usage),
    })
}

fn rooms(world: &World) -> String {
    let line = |room: &Conference| {
        let users = room.seats.len();
        format!("{:<32} {users:>6}      0 No     No\n", room.name)
    };
    let lines: String = world.conferences.iter().map(line).collect();
    let head = "Conference Bridge Name           Users  Marked Locked Muted";
    let rule = "================================ ====== ====== ====== =====";
    format!("{head}\n{rule}\n{lines}")
}

fn room_of(world: &World, room: &Conference) -> String {
    let line = |seat: &Seat| {
        let channel = world.channel(seat.channel)?;
        let flags = if seat.is_muted { "m" } else { "" };
        let profiles = "default_user     default_bridge   default_menu    ";
        let (name, num) = (&channel.name, &channel.caller.num);
        Some(format!("{name:<30} {flags:<6} {profiles} {num}\n"))
    };
    let lines: String = room.seats.iter().filter_map(line).collect();
    let head = "Channel                        Flags  User Profile     Bridge Profile   Menu             CallerID";
    let rule = "============================== ====== ================ ================ ================ ================";
    format!("{head}\n{rule}\n{lines}")
}

pub(super) fn parking_show(peer: &Peer, words: &[&str]) -> Handled {
    let lot = format!(
        "Parking Lot: default\n{}\n\
         Parking Extension   :  \n\
         Parking Context     :  {}\n\
         Parking Spaces      :  {}-{}\n\
         Parking Time        :  {STAY} sec\n\
         Comeback to Origin  :  yes\n\
         Comeback Context    :  parkedcallstimeout (comebacktoorigin=yes, not used)\n\
         Comeback Dial Time  :  30 sec\n\
         MusicOnHold Class   :  \n\
         Enabled             :  yes\n\
         Dynamic             :  no\n\n",
        "-".repeat(74),
        dialplan::PARKED,
        SPACES.start(),
        SPACES.end(),
    );
    match words {
        [] => {
            let head =
                "\nParking General Options\n-----------------------\nDynamic Parking     :  no\n\n";
            Ok(format!("{head}{lot}\n"))
        }
        ["default"] => {
            let calls = peer.server.in_world(|world| parked(world));
            Ok(format!("\n{lot}Parked Calls\n------------\n{calls}\n\n"))
        }
        [name] => Ok(format!("\nCould not find parking lot '{name}'\n\n")),
        _ => Err(Failed::Usage),
    }
}

fn parked(world: &World) -> String {
    let calls = world.parking.calls.iter();
    let calls = calls.filter_map(|call| Some((call.space, world.channel(call.channel)?)));
    let lines = calls.map(|(space, channel)| {
        format!(
            "  Space               :  {space}\n  Channel             :  {}\n",
            channel.name
        )
    });
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => "  (none)\n".into(),
        false => lines,
    }
}

pub(super) fn voicemail_users(peer: &Peer, words: &[&str]) -> Handled {
    match words {
        [] | ["for", "default"] => {}
        ["for", context] => {
            return Err(Failed::Told(format!(
                "No such voicemail context \"{context}\"\nCommand 'voicemail show users for {context}' failed.\n"
            )));
        }
        _ => return Err(Failed::Usage),
    }
    let lines: String = peer.server.in_world(|world| {
        let line = |(phone, name): (&str, &str)| {
            let new = world.mailbox(phone).new;
            format!(
                "{:<10} {phone:<5} {name:<25} {:<10} {new:>6}\n",
                "default", ""
            )
        };
        PHONES.map(line).concat()
    });
    let head = "Context    Mbox  User                      Zone       NewMsg\n";
    let count = PHONES.len();
    Ok(format!(
        "{head}{lines}{count} voicemail users configured.\n"
    ))
}

pub(super) fn hints(peer: &Peer, _: &[&str]) -> Handled {
    let lines: Vec<String> = peer.server.in_world(|world| {
        let line = |(exten, hint): (&str, String)| {
            let (_, state) = world.extension_state(&hint);
            let place = format!("{exten}@default");
            format!(
                "{place:<30}: {hint:<60}  State:{state:<15} Presence:not_set         Watchers  0\n"
            )
        };
        dialplan::hints().map(line).collect()
    });
    let (lines, count) = (lines.concat(), lines.len());
    Ok(format!(
        "\n    -= Registered Asterisk Dial Plan Hints =-\n{lines}----------------\n- {count} hints registered\n"
    ))
}

pub(super) fn registrations(_: &Peer, _: &[&str]) -> Handled {
    let head = " <Registration/ServerURI..............................>  <Auth....................>  <Status.......>";
    let rule = "=".repeat(90);
    let line = format!(
        " {:<55} {:<27} Registered        (exp. 2712s)",
        "trunk/sip:sip.example.net", "trunk-auth"
    );
    Ok(format!(
        "\n{head}\n{rule}\n\n{line}\n\nObjects found: 1\n\n"
    ))
}
