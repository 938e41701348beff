//! What is done at every key: the hint behind a line and its colours, with as
//! many Actions as a server of today has, each with ten keys.
//!
//! Wanted, of medians: each under a millisecond.

use amish::ami::{Packet, Reply};
use amish::catalog::{Catalog, Listing, Name, Page, Parameter};
use amish::output::Palette;
use amish::peer_text::PeerText;
use amish::shell::highlight::highlight;
use amish::shell::hint::hint;
use divan::{Bencher, black_box};

const ACTIONS: usize = 130;

const ABOUT: &[u8] = b"What it is, told at length. ";

const LINES: [&str; 3] = ["Action77", "Action77 ", "Action77 Key3=abc Key4='d e' Key"];

fn main() {
    divan::main();
}

fn catalog() -> Catalog {
    let name = |number: usize| format!("Action{number}");
    let listed = (0..ACTIONS).map(|one| format!("{}: Does it.  (Priv: call,all)\r\n", name(one)));
    let text = format!("Response: Success\r\n{}\r\n", listed.collect::<String>());
    let listing = Listing::of(&Reply::single(Packet::new(text.into_bytes().into())));
    let key = |number: usize| {
        let key = Name::of_key(format!("Key{number}").as_bytes())?;
        Some(Parameter {
            required: number < 2,
            about: vec![PeerText::new(ABOUT.repeat(10))],
            ..Parameter::of(key)
        })
    };
    let pages = (0..ACTIONS).filter_map(|one| {
        let name = Name::of_action(name(one).as_bytes())?;
        Some(Page {
            parameters: (0..10).filter_map(key).collect(),
            ..Page::of(name)
        })
    });
    Catalog::with(listing).and(pages)
}

#[divan::bench(args = LINES)]
fn hinted(bencher: Bencher<'_, '_>, line: &str) {
    let catalog = catalog();
    bencher.bench(|| {
        let hint = hint(black_box(line), &catalog, None);
        hint.and_then(|hint| hint.cut(line, 200))
    });
}

#[divan::bench(args = LINES)]
fn painted(bencher: Bencher<'_, '_>, line: &str) {
    let catalog = catalog();
    let palette = Palette::new(true);
    bencher.bench(|| highlight(black_box(line), 0, &catalog, palette));
}
