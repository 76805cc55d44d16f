//! Records: fields of unlike sizes, of one field, and with more fields than fit in registers.

abide::abi!({ wit: "records/test.wit", module: "records" });

use self::people::{Flat, Inner, Narrow, One, Person, Wide};

#[derive(Clone)]
struct App;

impl host_async::People for App {
    async fn flats(&mut self, of: Vec<Flat>) -> Vec<Flat> {
        super::pause().await;
        let turned = |flat: Flat| Flat {
            c: -flat.c,
            inner: Inner {
                a: flat.inner.c,
                c: flat.inner.a,
                ..flat.inner
            },
            ..flat
        };
        of.into_iter().map(turned).collect()
    }

    async fn turned(&mut self, of: Narrow) -> Narrow {
        super::pause().await;
        Narrow { b: !of.b, ..of }
    }

    async fn older(&mut self, of: Person, by: u8) -> Person {
        let email = Some(format!("{}@host", of.name));
        Person {
            age: of.age + by,
            email,
            ..of
        }
    }

    async fn only(&mut self, of: One) -> One {
        One { only: of.only + 1 }
    }

    async fn text(&mut self, of: Wide) -> String {
        format!("host {of:?}")
    }

    async fn made(&mut self, seed: u8) -> Wide {
        Wide {
            m: "host".to_owned(),
            n: vec![seed, seed - 1],
            o: seed + 1,
            l: 'ß',
            ..wide(seed)
        }
    }
}

fn wide(seed: u8) -> Wide {
    Wide {
        a: seed,
        b: i8::MIN,
        c: u16::MAX,
        d: -2,
        e: u32::MAX,
        f: -3,
        g: u64::MAX,
        h: -4,
        i: f32::MIN,
        j: f64::MAX,
        k: false,
        l: '\0',
        m: "\0".to_owned(),
        n: Vec::new(),
        o: 255,
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::Records, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::Records, App);
    let people = guest.people();
    let narrow = Narrow {
        a: 0xA1,
        b: 0xB1B2_B3B4_B5B6_B7B8,
        c: 0xC1,
        d: 0xD1D2_D3D4,
        e: false,
        f: 0xF1F2,
    };
    let turned = Narrow {
        a: 0xC1,
        c: 0xA1,
        e: true,
        ..narrow
    };
    assert_eq!(people.turned(&narrow).await.unwrap(), turned);
    let person = Person {
        name: "Ægir\0".to_owned(),
        age: 200,
        email: Some("e@mail".to_owned()),
        scores: vec![i16::MIN, 0, i16::MAX],
        height: -0.0,
    };
    let older = people.older(&person, 55).await.unwrap();
    assert_eq!((older.age, older.email), (255, None));
    assert_eq!((older.name, older.scores), (person.name, person.scores));
    assert_eq!(
        people.only(&One { only: 5 }).await.unwrap(),
        One { only: 7 }
    );
}

#[awaited::test]
async fn more_fields_than_registers() {
    let guest = load!(host_async::Records, App);
    let given = wide(3);
    assert_eq!(
        guest.people().text(&given).await.unwrap(),
        format!("guest {given:?}")
    );
    let made = guest.people().made(4).await.unwrap();
    assert_eq!((made.a, made.b, made.c, made.d), (4, -1, 0xFFFE, i16::MIN));
    assert_eq!((made.e, made.f), (0xFFFF_FFFD, i32::MIN + 1));
    assert_eq!((made.g, made.h), (1 << 63, i64::MIN));
    assert_eq!((made.i, made.j, made.k, made.l), (0.5, -0.25, true, '🦀'));
    assert_eq!((&*made.m, &*made.n, made.o), ("guest", &[4, 4, 4][..], 9));
}

#[awaited::test]
async fn lists_of_flat_ones() {
    let guest = load!(host_async::Records, App);
    let flats: Vec<Flat> = (0..1000)
        .map(|n| Flat {
            a: n as u8,
            b: f64::from(n) + 0.25,
            c: -(n as i16),
            inner: Inner {
                a: 250,
                b: n << 20,
                c: 251,
            },
            d: 252,
        })
        .collect();
    let turned = guest.people().flats(&flats).await.unwrap();
    assert_eq!(turned.len(), flats.len());
    for (turned, flat) in turned.iter().zip(flats) {
        let expected = Flat {
            a: flat.d,
            d: flat.a,
            b: flat.b * 2.0,
            ..flat
        };
        assert_eq!(*turned, expected);
    }
}
