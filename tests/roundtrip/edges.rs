//! Values at the edges that are not left to chance, and those that the guest makes itself.

use crate::echo::seen;
use crate::guests;
use crate::types::{Many, Person, Point};

const MIB: usize = 1024 * 1024;

#[test]
fn what_the_guest_makes_reaches_the_host_and_comes_back() {
    for guest in guests() {
        seen();
        assert_eq!(guest.made().edges().unwrap(), [""; 0]);
        let seen = seen();
        // That the guest got back what it sent does not show that the host understood it.
        for expected in [
            "boolean true",
            "unsigned64 18446744073709551615",
            "signed8 -128",
            "signed64 -9223372036854775808",
            "float32 -0.0",
            "float32 1e-45",
            "float64 -inf",
            "float64 NaN",
            "character '\\u{e000}'",
            "character '\\u{10ffff}'",
            "text \"\"",
            "text \"a\\0b\"",
            "text \"𝄞 clef\"",
            "unsigned8 []",
            "unsigned8 [0, 255]",
            "float64 [0.0, -0.0, 1.0, 2.2250738585072014e-308, 5e-324, 1.7976931348623157e308, \
             -1.7976931348623157e308, inf, -inf, NaN]",
            "flags [Flags9(0x0), Flags9(F8), \
             Flags9(F0 | F1 | F2 | F3 | F4 | F5 | F6 | F7 | F8)]",
            "maybe_maybe Some(None)",
            "maybe_text Some(\"\")",
            "maybe_text None",
            "one_shape Polygon([])",
            "one_shape Line((Point { x: -1, y: 1 }, Point { x: -1, y: 1 }))",
            "one_shape Tiny(255)",
            "one_color Green",
            "one_many C256",
            "one_flags17 Flags17(F16)",
            "one_flags32 Flags32(F31)",
            "nothing Err(())",
            "only_err Err(\"\\0\")",
            "named Err(Refused(\"no\"))",
            "in_err Err(Err(\"two\"))",
        ] {
            assert!(
                seen.iter().any(|one| one == expected),
                "{expected} is not in {seen:#?}"
            );
        }
    }
}

#[test]
fn a_nan_stays_a_nan() {
    // The canonical ABI lets both sides change the payload and the sign of a NaN, so no more than
    // this can be relied on; every other float keeps its bits.
    let f32s = [
        f32::NAN,
        f32::from_bits(0x7f80_0001),
        f32::from_bits(0xffff_ffff),
    ];
    let f64s = [
        f64::NAN,
        f64::from_bits(0x7ff0_0000_0000_0001),
        f64::from_bits(u64::MAX),
    ];
    for guest in guests() {
        for nan in f32s {
            assert!(guest.scalars().float32(nan).unwrap().is_nan());
        }
        for nan in f64s {
            assert!(guest.scalars().float64(nan).unwrap().is_nan());
        }
        assert!(
            guest
                .lists()
                .float32(&f32s)
                .unwrap()
                .iter()
                .all(|float| float.is_nan())
        );
        assert!(
            guest
                .lists()
                .float64(&f64s)
                .unwrap()
                .iter()
                .all(|float| float.is_nan())
        );
    }
}

#[test]
fn floats_keep_their_bits() {
    let floats = [
        0.0,
        -0.0,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.1,
    ];
    let bits = floats.map(f64::to_bits);
    for guest in guests() {
        let back = guest.lists().float64(&floats).unwrap();
        assert_eq!(
            back.iter().map(|float| float.to_bits()).collect::<Vec<_>>(),
            bits
        );
        for float in floats {
            assert_eq!(
                guest.scalars().float64(float).unwrap().to_bits(),
                float.to_bits()
            );
            let narrow = float as f32;
            assert_eq!(
                guest.scalars().float32(narrow).unwrap().to_bits(),
                narrow.to_bits()
            );
        }
    }
}

#[test]
fn huge_values_from_the_host() {
    // One more than a power of two, so that a length cut to fewer bits would be seen.
    let length = MIB + 1;
    for guest in guests() {
        let session = guest.session().unwrap();
        let text = "é\0€𝄞".repeat(length / 10 + 1);
        assert!(text.len() > MIB);
        assert!(session.scalars().text(&text).unwrap() == text);
        let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
        assert!(session.lists().unsigned8(&bytes).unwrap() == bytes);
        let numbers: Vec<u64> = (0..length as u64 / 8)
            .map(|n| n * 0x0101_0101_0101)
            .collect();
        assert!(session.lists().unsigned64(&numbers).unwrap() == numbers);
        let floats: Vec<f32> = (0..length / 4).map(|n| n as f32 / 3.0).collect();
        assert!(session.lists().float32(&floats).unwrap() == floats);
        let texts: Vec<String> = (0..20_000).map(|n| format!("text {n}")).collect();
        assert!(session.lists().texts(&texts).unwrap() == texts);
        let manies = vec![Many::C299; 50_000];
        assert!(session.lists().manies(&manies).unwrap() == manies);
        let people: Vec<Person> = (0..2_000).map(person).collect();
        assert!(session.lists().people(&people).unwrap() == people);
    }
}

fn person(number: i32) -> Person {
    Person {
        name: format!("person {number}"),
        initial: '\u{10ffff}',
        age: 255,
        score: f64::from(number) / 7.0,
        email: (number % 2 == 0).then(|| number.to_string()),
        tags: vec![String::new(); 3],
        home: Point {
            x: number,
            y: -number,
        },
    }
}

#[test]
fn huge_values_from_the_guest() {
    for guest in guests() {
        let (text, bytes) = guest.made().huge(MIB as u32 + 1).unwrap();
        assert!(text == "€".repeat((MIB + 1) / 3));
        assert!(bytes.len() == MIB + 1);
        assert!(
            bytes
                .iter()
                .zip((0..=255).cycle())
                .all(|(byte, expected)| *byte == expected)
        );
    }
}
