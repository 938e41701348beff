//! Rules that hold for any bytes.

use super::*;
use crate::ami::Packet;
use crate::catalog::Catalog;
use proptest::prelude::*;

/// Text made of significant bytes.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::sample::select(b"aA1=:'\"\\$${}()#- \t\r\n/\0\xff&|!?_x".to_vec());
    prop_oneof![
        prop::collection::vec(bytes, 0..40),
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

/// Text made of bytes significant in an expression.
fn expressions() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::sample::select(b"aA1=!~,|*'\"\\$( )[].{}?+^\t\xff".to_vec());
    prop::collection::vec(bytes, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    // Any input gives a result, never a panic, with every position inside the
    // buffer.
    #[test]
    fn nothing_typed_panics(buffer in texts()) {
        for place in [Place::Shell, Place::Script] {
            match parse(&buffer, place) {
                Ok(statements) => for one in statements {
                    prop_assert!(buffer.get(one.span.clone()).is_some());
                    let line = &buffer[one.span.clone()];
                    for word in split(line, one.span.start, place) {
                        prop_assert!(buffer.get(word.span.clone()).is_some());
                        prop_assert!(buffer.get(word.value_span.clone()).is_some());
                    }
                    if let Command::Action(line) = &one.command {
                        let _ = check(line, &Catalog::default());
                        let _ = line.action(&Catalog::default());
                    }
                },
                Err(error) => {
                    prop_assert!(buffer.get(error.span.clone()).is_some());
                    prop_assert!(error.column > 0 && error.line > 0);
                }
            }
        }
        raw_packet_open(&buffer);
    }

    // Completion inserts values this way, so they must parse back to
    // themselves.
    #[test]
    fn a_quoted_value_is_read_back(value in texts()) {
        let value: Vec<u8> = value.into_iter().filter(|byte| *byte != b'\n').collect();
        for place in [Place::Shell, Place::Script] {
            let quoted = quote(&value, place);
            let line = [b"A k=", &quoted[..], b" ", &quoted].concat();
            let statements = parse(&line, place).expect("reads");
            let Command::Action(line) = &statements[0].command else { panic!() };
            let (with_key, bare) = (&line.arguments[0], &line.arguments[1]);
            prop_assert_eq!(&*with_key.value, &value[..]);
            prop_assert_eq!(with_key.key.as_deref(), Some("k"));
            prop_assert_eq!(&*bare.value, &value[..]);
            prop_assert_eq!(bare.key.as_deref(), None);
        }
    }

    // Expressions never panic either; their faults are inside them, and they
    // accept any packet.
    #[test]
    fn no_expression_panics(text in expressions(), packet in texts()) {
        let packet = Packet::new([b"Event: aA\r\n", &packet[..], b"\r\n\r\n"].concat().into());
        for place in [Place::Shell, Place::Script] {
            match Expr::read(&text, 0, place) {
                Ok(expr) => {
                    expr.matches(&packet);
                    // Outside scripts there are no variables.
                    if place == Place::Shell && text.is_ascii() {
                        prop_assert_eq!(Expr::parse(expr.to_string().as_bytes()), Ok(expr));
                    }
                }
                Err((span, _)) => prop_assert!(text.get(span).is_some()),
            }
        }
    }

    // `*` matches any text, as the regular expression engine confirms.
    #[test]
    fn a_star_is_any_text(pattern in "[aB*]{1,8}", name in "[abAB]{0,8}") {
        let regex = format!("(?i)^{}$", pattern.replace('*', ".*"));
        let regex = regex::Regex::new(&regex).expect("is one");
        let packet = Packet::new(format!("Event: {name}\r\n\r\n").into_bytes().into());
        let expr = Expr::parse(pattern.as_bytes()).expect("is one");
        prop_assert_eq!(expr.matches(&packet), regex.is_match(&name));
    }
}
