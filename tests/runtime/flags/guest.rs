//! Inverts flags; the host turns on the first and the last.

abide::abi!("test.wit");

use flags_of::{Every, F1, F8, F9, F16, F17, F32x, Rights};

use guest::flags_of as host;

struct Plugin;

impl guest::FlagsOf for Plugin {
    fn one(of: F1) -> F1 {
        !of
    }
    fn eight(of: F8) -> F8 {
        !of
    }
    fn nine(of: F9) -> F9 {
        !of
    }
    fn sixteen(of: F16) -> F16 {
        !of
    }
    fn seventeen(of: F17) -> F17 {
        !of
    }
    fn thirty_two(of: F32x) -> F32x {
        !of
    }
    fn named(of: Rights) -> Rights {
        !of
    }
    fn inverted(of: Vec<Every>) -> Vec<Every> {
        of.into_iter()
            .map(|every| Every {
                a: !every.a,
                b: !every.b,
                d: !every.d,
                e: !every.e,
                f: !every.f,
                g: !every.g,
                ..every
            })
            .collect()
    }
}

impl guest::FlagsWorld for Plugin {
    fn run() {
        assert_eq!(host::one(F1::empty()), F1::X0);
        assert_eq!(host::eight(F8::X3), F8::X0 | F8::X3 | F8::X7);
        assert_eq!(host::nine(F9::empty()), F9::X0 | F9::X8);
        assert_eq!(host::sixteen(F16::X8), F16::X0 | F16::X8 | F16::X15);
        assert_eq!(host::seventeen(F17::X15), F17::X0 | F17::X15 | F17::X16);
        assert_eq!(
            host::thirty_two(F32x::X16),
            F32x::X0 | F32x::X16 | F32x::X31
        );
        assert_eq!(host::thirty_two(F32x::all()), F32x::all());
        assert_eq!(
            host::named(Rights::WRITE),
            Rights::READ | Rights::WRITE | Rights::ALL_OF_IT
        );
        assert_eq!(Rights::ASYNC.bits(), 4);
        let every = Every {
            a: F1::empty(),
            b: F9::X8,
            c: 0xAA,
            d: F17::X16,
            e: F8::X7,
            f: F32x::X31,
            g: F16::X15,
            h: 0x55,
        };
        assert_eq!(
            host::inverted(&[every; 3]),
            <Plugin as guest::FlagsOf>::inverted(vec![every; 3])
        );
    }
}

export!(Plugin);
