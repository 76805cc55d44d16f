//! Variants whose payloads have unlike core types and share their slots.

abide::abi!({ wit: "variant_joins/test.wit", module: "variant_joins" });

use self::joins::{All, F32F64, I32F32, I32I64, I64F64, Inner, Nested, Several};

#[derive(Clone)]
struct App;

impl host_async::Joins for App {
    async fn a(&mut self, of: I32F32) -> I32F32 {
        match of {
            I32F32::I(i) => I32F32::I(i + 1),
            I32F32::F(f) => I32F32::F(f + 1.0),
        }
    }

    async fn b(&mut self, of: I32I64) -> I32I64 {
        match of {
            I32I64::Small(i) => I32I64::Small(i + 1),
            I32I64::Large(i) => I32I64::Large(i + 1),
        }
    }

    async fn c(&mut self, of: F32F64) -> F32F64 {
        match of {
            F32F64::Narrow(f) => F32F64::Narrow(f + 1.0),
            F32F64::Wide(f) => F32F64::Wide(f + 1.0),
        }
    }

    async fn d(&mut self, of: I64F64) -> I64F64 {
        match of {
            I64F64::I(i) => I64F64::I(i + 1),
            I64F64::F(f) => I64F64::F(f + 1.0),
        }
    }

    async fn e(&mut self, of: All) -> All {
        match of {
            All::Byte(byte) => All::Int(byte.unsigned_abs().into()),
            All::Int(int) => All::Long(-i64::from(int)),
            All::Long(long) => All::Narrow(long as f32),
            All::Narrow(narrow) => All::Wide(f64::from(narrow) * 1e200),
            All::Wide(wide) => All::Letter(if wide > 0.0 { '🦀' } else { '-' }),
            All::Letter('🦀') => All::None,
            All::Letter(_) => All::Truth(false),
            All::None => All::Truth(true),
            All::Truth(truth) => All::Byte(if truth { -128 } else { 127 }),
        }
    }

    async fn f(&mut self, of: Several) -> Several {
        match of {
            Several::A((a, b, c)) => Several::B((c as f64, a.into(), b)),
            Several::B((a, b, c)) => {
                Several::C((b.into(), c.into(), 255, format!("{a} und nichts")))
            }
            Several::C((a, b, c, d)) => Several::D(format!("{a} {b} {c} {d}")),
            Several::D(text) => Several::A((text.len() as u8, -0.5, i64::MIN)),
            Several::E => Several::E,
        }
    }

    async fn g(&mut self, of: Nested) -> Nested {
        match of {
            Nested::One(Inner::X(x)) => Nested::One(Inner::Y(x as u64)),
            Nested::One(Inner::Y(y)) => Nested::Two(Err(y as i32)),
            Nested::Two(Err(e)) => Nested::Two(Ok(e.into())),
            Nested::Two(Ok(f)) => Nested::Three(Some(f as f32)),
            Nested::Three(None) => Nested::Three(Some(0.5)),
            Nested::Three(Some(f)) => Nested::One(Inner::X(f)),
        }
    }

    async fn between(&mut self, before: u8, of: All, behind: f32) -> (f32, All, u8) {
        (behind * 2.0, of, before * 2)
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::VariantJoins, App).run().await.unwrap();
}

#[awaited::test]
async fn two_types_in_a_slot() {
    let guest = load!(host_async::VariantJoins, App);
    let joins = guest.joins();
    // The host adds one, the guest doubles.
    assert_eq!(joins.a(&I32F32::I(-3)).await.unwrap(), I32F32::I(-4));
    assert_eq!(joins.a(&I32F32::F(0.25)).await.unwrap(), I32F32::F(2.5));
    assert_eq!(
        joins.b(&I32I64::Small(-7)).await.unwrap(),
        I32I64::Small(-12)
    );
    assert_eq!(
        joins.b(&I32I64::Large(1 << 60)).await.unwrap(),
        I32I64::Large((1 << 61) + 2)
    );
    assert_eq!(
        joins.c(&F32F64::Narrow(0.5)).await.unwrap(),
        F32F64::Narrow(3.0)
    );
    assert_eq!(
        joins.c(&F32F64::Wide(-1e300)).await.unwrap(),
        F32F64::Wide(-2e300)
    );
    assert_eq!(
        joins.d(&I64F64::I(i64::MAX as u64 - 1)).await.unwrap(),
        I64F64::I(u64::MAX - 1)
    );
    assert_eq!(joins.d(&I64F64::F(-1.5)).await.unwrap(), I64F64::F(-1.0));
}

#[awaited::test]
async fn all_types_in_a_slot() {
    let guest = load!(host_async::VariantJoins, App);
    let joins = guest.joins();
    let mut value = All::Byte(-128);
    let mut seen = vec![value];
    for _ in 0..8 {
        value = joins.e(&value).await.unwrap();
        seen.push(value);
    }
    let expected = [
        All::Byte(-128),
        All::Int(128),
        All::Long(-128),
        All::Narrow(-128.0),
        All::Wide(-1.28e202),
        All::Letter('-'),
        All::Truth(false),
        All::Byte(127),
        All::Int(127),
    ];
    assert_eq!(seen, expected);
    assert_eq!(joins.e(&All::Wide(1.0)).await.unwrap(), All::Letter('🦀'));
    assert_eq!(joins.e(&All::Letter('🦀')).await.unwrap(), All::None);
    assert_eq!(joins.e(&All::None).await.unwrap(), All::Truth(true));
    for of in [All::Wide(f64::MIN), All::None, All::Int(u32::MAX)] {
        assert_eq!(joins.between(9, &of, 0.5).await.unwrap(), (13.0, of, 30));
    }
}

#[awaited::test]
async fn several_slots_and_nested_ones() {
    let guest = load!(host_async::VariantJoins, App);
    let joins = guest.joins();
    let mut value = Several::D("größe".to_owned());
    let expected = [
        Several::A((7, -0.5, i64::MIN)),
        Several::B((i64::MIN as f64, 7, -0.5)),
        Several::C((7, -0.5, 255, "-9223372036854776000 und nichts".to_owned())),
        Several::D("7 -0.5 255 -9223372036854776000 und nichts".to_owned()),
    ];
    for expected in expected {
        value = joins.f(&value).await.unwrap();
        assert_eq!(value, expected);
    }
    assert_eq!(joins.f(&Several::E).await.unwrap(), Several::E);
    let mut value = Nested::Three(None);
    for expected in [
        Nested::Three(Some(0.5)),
        Nested::One(Inner::X(0.5)),
        Nested::One(Inner::Y(0)),
        Nested::Two(Err(0)),
        Nested::Two(Ok(0.0)),
        Nested::Three(Some(0.0)),
    ] {
        value = joins.g(&value).await.unwrap();
        assert_eq!(value, expected);
    }
}
