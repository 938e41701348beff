//! Rules that hold for any bytes.

use super::*;
use crate::catalog::Catalog;
use proptest::prelude::*;

/// Text of the bytes that mean something here.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop::sample::select(b"aA1=:'\"\\$${}()#- \t\r\n/\0\xff&|!?_x".to_vec());
    prop_oneof![
        prop::collection::vec(bytes, 0..40),
        prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // Whatever is typed or piped in: an answer, never a panic, and every place
    // inside the buffer.
    #[test]
    fn nothing_typed_panics(buffer in texts()) {
        for place in [Place::Shell, Place::Script] {
            match parse(&buffer, place) {
                Ok(statements) => for one in statements {
                    prop_assert!(buffer.get(one.span.clone()).is_some());
                    for word in &one.words {
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

    // Completion inserts values this way: another value must never come out.
    #[test]
    fn a_quoted_value_is_read_back(value in texts()) {
        let value: Vec<u8> = value.into_iter().filter(|byte| *byte != b'\n').collect();
        for place in [Place::Shell, Place::Script] {
            let quoted = quote(&value, place);
            let line = [b"A k=", &quoted[..], b" ", &quoted].concat();
            let statements = parse(&line, place).expect("reads");
            let Command::Action(line) = &statements[0].command else { panic!() };
            let (with_key, bare) = (&line.arguments[0], &line.arguments[1]);
            prop_assert_eq!(&with_key.value, &value);
            prop_assert_eq!(with_key.key.as_deref(), Some("k"));
            prop_assert_eq!(&bare.value, &value);
            prop_assert_eq!(bare.key.as_deref(), None);
        }
    }
}
