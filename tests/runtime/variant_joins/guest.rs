//! Hands every value to the host, which changes it in a way that this side can check, and changes
//! it again.

abide::abi!("test.wit");

use joins::{All, F32F64, I32F32, I32I64, I64F64, Inner, Nested, Several};

use guest::joins as host;

struct Plugin;

impl guest::Joins for Plugin {
    fn a(of: I32F32) -> I32F32 {
        match host::a(of) {
            I32F32::I(i) => I32F32::I(i * 2),
            I32F32::F(f) => I32F32::F(f * 2.0),
        }
    }

    fn b(of: I32I64) -> I32I64 {
        match host::b(of) {
            I32I64::Small(i) => I32I64::Small(i * 2),
            I32I64::Large(i) => I32I64::Large(i * 2),
        }
    }

    fn c(of: F32F64) -> F32F64 {
        match host::c(of) {
            F32F64::Narrow(f) => F32F64::Narrow(f * 2.0),
            F32F64::Wide(f) => F32F64::Wide(f * 2.0),
        }
    }

    fn d(of: I64F64) -> I64F64 {
        match host::d(of) {
            I64F64::I(i) => I64F64::I(i * 2),
            I64F64::F(f) => I64F64::F(f * 2.0),
        }
    }

    fn e(of: All) -> All {
        host::e(of)
    }

    fn f(of: Several) -> Several {
        host::f(&of)
    }

    fn g(of: Nested) -> Nested {
        host::g(of)
    }

    fn between(before: u8, of: All, behind: f32) -> (f32, All, u8) {
        let (behind, of, before) = host::between(before + 1, of, behind + 1.0);
        (behind + 10.0, of, before + 10)
    }
}

impl guest::VariantJoins for Plugin {
    fn run() {
        assert_eq!(host::a(I32F32::I(-5)), I32F32::I(-4));
        assert_eq!(host::a(I32F32::F(-0.5)), I32F32::F(0.5));
        assert_eq!(host::b(I32I64::Small(-1)), I32I64::Small(0));
        assert_eq!(
            host::b(I32I64::Large(i64::MIN)),
            I32I64::Large(i64::MIN + 1)
        );
        assert_eq!(host::c(F32F64::Narrow(1e38)), F32F64::Narrow(1e38));
        assert_eq!(host::c(F32F64::Wide(1e300)), F32F64::Wide(1e300));
        assert_eq!(host::d(I64F64::I(u64::MAX - 1)), I64F64::I(u64::MAX));
        assert_eq!(host::d(I64F64::F(0.25)), I64F64::F(1.25));
        assert_eq!(
            host::g(Nested::One(Inner::X(1.0))),
            Nested::One(Inner::Y(1))
        );
        assert_eq!(host::g(Nested::Two(Err(-9))), Nested::Two(Ok(-9.0)));
        assert_eq!(host::g(Nested::Three(None)), Nested::Three(Some(0.5)));
    }
}

export!(Plugin);
