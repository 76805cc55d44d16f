//! Changes one field of each record and leaves the others alone.

abide::abi!("test.wit");

use people::{Flat, Inner, Narrow, One, Person, Wide};

use guest::people as host;

struct Plugin;

impl guest::People for Plugin {
    fn flats(of: Vec<Flat>) -> Vec<Flat> {
        of.into_iter()
            .map(|flat| Flat {
                a: flat.d,
                d: flat.a,
                b: flat.b * 2.0,
                ..flat
            })
            .collect()
    }

    fn turned(of: Narrow) -> Narrow {
        Narrow {
            a: of.c,
            c: of.a,
            e: !of.e,
            ..of
        }
    }

    fn older(of: Person, by: u8) -> Person {
        Person {
            age: of.age + by,
            email: None,
            ..of
        }
    }

    fn only(of: One) -> One {
        One { only: of.only + 2 }
    }

    fn text(of: Wide) -> String {
        format!("guest {of:?}")
    }

    fn made(seed: u8) -> Wide {
        Wide {
            a: seed,
            b: -1,
            c: 0xFFFE,
            d: i16::MIN,
            e: 0xFFFF_FFFD,
            f: i32::MIN + 1,
            g: 1 << 63,
            h: i64::MIN,
            i: 0.5,
            j: -0.25,
            k: true,
            l: '🦀',
            m: "guest".to_owned(),
            n: vec![seed; 3],
            o: 9,
        }
    }
}

impl guest::Records for Plugin {
    fn run() {
        let flat = Flat {
            a: 1,
            b: 0.5,
            c: -3,
            inner: Inner {
                a: 4,
                b: 0xFFFF_FFFE,
                c: 6,
            },
            d: 7,
        };
        let expected = Flat {
            c: 3,
            inner: Inner {
                a: 6,
                b: 0xFFFF_FFFE,
                c: 4,
            },
            ..flat
        };
        assert_eq!(
            host::flats(&[flat, Flat { a: 9, ..flat }]),
            [expected, Flat { a: 9, ..expected }]
        );
        let narrow = Narrow {
            a: 1,
            b: u64::MAX - 1,
            c: 3,
            d: 4,
            e: true,
            f: 60_000,
        };
        assert_eq!(host::turned(narrow), Narrow { b: 1, ..narrow });
        let person = Person {
            name: "Zoë".to_owned(),
            age: 41,
            email: None,
            scores: vec![-1, 256],
            height: 1.75,
        };
        let older = host::older(&person, 100);
        assert_eq!(
            older,
            Person {
                age: 141,
                email: Some("Zoë@host".to_owned()),
                ..person
            }
        );
        assert_eq!(host::only(One { only: 254 }), One { only: 255 });
        let wide = host::made(7);
        assert_eq!(host::text(&wide), format!("host {wide:?}"));
        assert_eq!((wide.a, wide.o, wide.l), (7, 8, 'ß'));
        assert_eq!((wide.m.as_str(), wide.n.as_slice()), ("host", &[7, 6][..]));
    }
}

export!(Plugin);
