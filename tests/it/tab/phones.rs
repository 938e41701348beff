//! Phones and lines behind Tab, on a server that has just been told of them.

use super::{Row, Shell, listed};
use crate::live::Client;
use crate::servers::{real_servers, spawn};

const PHONES: &str = "\n[alice]\ntype = endpoint\naors = alice\n\n[alice]\ntype = aor\n\n\
    [bob]\ntype = endpoint\naors = bob\n\n[bob]\ntype = aor\nmax_contacts = 1\n";

// What was added a moment ago is what one types next.
#[test]
fn phones_are_offered() {
    let endpoints = &["PJSIPShowEndpoints"][..];
    let endpoint = "EndpointList";
    let rows: &[Row<'_>] = &[
        (
            "PJSIPShowEndpoint Endpoint=",
            endpoints,
            endpoint,
            "ObjectName",
        ),
        ("PJSIPQualify Endpoint=", endpoints, endpoint, "ObjectName"),
        ("PJSIPNotify Endpoint=", endpoints, endpoint, "ObjectName"),
    ];
    for server in real_servers() {
        let own = spawn(&server.name);
        let file = own.folder().join("pjsip.conf");
        let before = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, before + PHONES).unwrap();
        own.cli("module reload res_pjsip.so");
        let own = own.server();
        let mut client = Client::log_in(&own, "off");
        let mut shell = Shell::on(&own);
        for (line, action, event, key) in rows {
            shell.offers(line, || listed(&mut client, action, event, key));
        }
    }
}
