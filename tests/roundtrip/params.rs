//! Functions with no parameters, with as many as wasmtime has tuples for, and with more.

use std::sync::OnceLock;

use abide_build::Target;

use crate::{seconds, support};

abide::abi!({ wit: "tests/fixtures/params/wit", module: "params" });

use counts::{Color, Point, Rights};

/// Returns what it gets as text. The guest compares that with its own.
#[derive(Clone)]
struct Texts;

/// Each argument as text.
macro_rules! texts {
    ($($argument:expr),*) => { vec![$(format!("{:?}", $argument)),*] };
}

#[rustfmt::skip]
impl host::Counts for Texts {
    fn none(&mut self) -> Vec<String> {
        texts![]
    }

    fn one(&mut self, a: &str) -> Vec<String> {
        texts![a]
    }

    fn sixteen(
        &mut self,
        a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8,
        i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u64,
    ) -> Vec<String> {
        texts![a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    fn seventeen(
        &mut self,
        a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8,
        i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u64, q: &str,
    ) -> Vec<String> {
        texts![a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q]
    }

    fn eighteen(
        &mut self,
        a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8,
        i: u8, j: u8, k: u8, l: u8, m: u8, n: u8, o: u8, p: u64, q: &str, r: u8,
    ) -> Vec<String> {
        texts![a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r]
    }

    fn twenty(
        &mut self,
        boolean: bool,
        unsigned8: u8,
        signed8: i8,
        unsigned16: u16,
        signed16: i16,
        unsigned32: u32,
        signed32: i32,
        unsigned64: u64,
        signed64: i64,
        float32: f32,
        float64: f64,
        character: char,
        text: &str,
        bytes: &[u8],
        texts: Vec<String>,
        maybe: Option<String>,
        pair: (u8, u64),
        color: Color,
        rights: Rights,
        point: Point,
    ) -> Vec<String> {
        texts![
            boolean, unsigned8, signed8, unsigned16, signed16, unsigned32, signed32, unsigned64, signed64,
            float32, float64, character, text, bytes, texts, maybe, pair, color, rights, point
        ]
    }

    fn twenty_and_an_error(
        &mut self,
        p1: f64, p2: f64, p3: f64, p4: f64, p5: f64, p6: f64, p7: f64, p8: f64, p9: f64, p10: f64,
        p11: f64, p12: f64, p13: f64, p14: f64, p15: f64, p16: f64, p17: f64, p18: f64, p19: f64, p20: &str,
    ) -> Result<(), String> {
        let sum: f64 = [
            p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17, p18, p19,
        ]
        .iter()
        .sum();
        if p20.is_empty() { Ok(()) } else { Err(format!("{p20} {sum}")) }
    }
}

fn guests() -> &'static [host::Params; 2] {
    static GUESTS: OnceLock<[host::Params; 2]> = OnceLock::new();
    GUESTS.get_or_init(|| {
        Target::ALL.map(|target| {
            host::Params::builder(Texts)
                .limits(seconds(60))
                .load(support::guest("params", target))
                .unwrap()
        })
    })
}

#[test]
fn none_and_one() {
    for guest in guests() {
        assert_eq!(guest.counts().none().unwrap(), [""; 0]);
        assert_eq!(guest.counts().one("only").unwrap(), ["\"only\""]);
    }
}

#[test]
fn around_the_longest_tuple() {
    let numbers: Vec<String> = (1..=16).map(|number| number.to_string()).collect();
    for guest in guests() {
        let counts = guest.counts();
        let sixteen = counts
            .sixteen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
            .unwrap();
        assert_eq!(sixteen, numbers);
        let seventeen = counts
            .seventeen(
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                10,
                11,
                12,
                13,
                14,
                15,
                16,
                "seventeen",
            )
            .unwrap();
        assert_eq!(seventeen[..16], numbers);
        assert_eq!(seventeen[16..], ["\"seventeen\""]);
        let eighteen = counts
            .eighteen(
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                10,
                11,
                12,
                13,
                14,
                15,
                16,
                "seventeen",
                18,
            )
            .unwrap();
        assert_eq!(eighteen[..16], numbers);
        assert_eq!(eighteen[16..], ["\"seventeen\"", "18"]);
    }
}

#[test]
fn twenty_of_every_type() {
    let texts = ["a".to_owned(), String::new()];
    let point = Point {
        x: i32::MIN,
        y: i32::MAX,
    };
    for guest in guests() {
        let seen = guest
            .counts()
            .twenty(
                true,
                8,
                -8,
                16,
                -16,
                32,
                -32,
                u64::MAX,
                i64::MIN,
                1.5,
                -0.0,
                '\u{10ffff}',
                "text",
                &[1, 2],
                &texts,
                Some("some"),
                (255, 64),
                Color::Blue,
                Rights::WRITE,
                &point,
            )
            .unwrap();
        assert_eq!(
            seen,
            [
                "true",
                "8",
                "-8",
                "16",
                "-16",
                "32",
                "-32",
                "18446744073709551615",
                "-9223372036854775808",
                "1.5",
                "-0.0",
                "'\\u{10ffff}'",
                "\"text\"",
                "[1, 2]",
                "[\"a\", \"\"]",
                "Some(\"some\")",
                "(255, 64)",
                "Blue",
                "Rights(WRITE)",
                "Point { x: -2147483648, y: 2147483647 }",
            ]
        );
    }
}

#[test]
fn twenty_and_an_error() {
    for guest in guests() {
        let call = |text| {
            guest.counts().twenty_and_an_error(
                1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0,
                16.0, 17.0, 18.0, 19.0, text,
            )
        };
        call("").unwrap();
        assert_eq!(
            call("the sum is").unwrap_err().guest().unwrap(),
            "the sum is 190"
        );
    }
}

#[test]
fn twenty_at_world_level() {
    for guest in guests() {
        let sum = guest
            .twenty_here(
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
            )
            .unwrap();
        assert_eq!(sum, (1..=20).map(|number| number * number).sum::<u32>());
    }
}
