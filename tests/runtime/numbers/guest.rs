//! Subtracts three from whatever it is given, and checks that the host adds three.

abide::abi!("test.wit");

use guest::numbers as host;

struct Plugin;

impl guest::Numbers for Plugin {
    fn on_u8(a: u8) -> u8 {
        a.wrapping_sub(3)
    }
    fn on_s8(a: i8) -> i8 {
        a.wrapping_sub(3)
    }
    fn on_u16(a: u16) -> u16 {
        a.wrapping_sub(3)
    }
    fn on_s16(a: i16) -> i16 {
        a.wrapping_sub(3)
    }
    fn on_u32(a: u32) -> u32 {
        a.wrapping_sub(3)
    }
    fn on_s32(a: i32) -> i32 {
        a.wrapping_sub(3)
    }
    fn on_u64(a: u64) -> u64 {
        a.wrapping_sub(3)
    }
    fn on_s64(a: i64) -> i64 {
        a.wrapping_sub(3)
    }
    fn on_bool(a: bool) -> bool {
        !a
    }
    fn mixed(a: u8, b: i16, c: u32, d: i64, e: bool, f: i8, g: u16, h: i32, i: u64) -> String {
        let here = format!("{a} {b} {c} {d} {e} {f} {g} {h} {i}");
        assert_eq!(
            host::mixed(a, b, c, d, e, f, g, h, i),
            format!("host {here}")
        );
        format!("guest {here}")
    }
}

impl guest::NumbersWorld for Plugin {
    fn run() {
        for (given, expected) in [
            (0, 3),
            (127, 130),
            (128, 131),
            (252, 255),
            (253, 0),
            (255, 2),
        ] {
            assert_eq!(host::on_u8(given), expected);
        }
        for (given, expected) in [(0, 3), (-1, 2), (-128, -125), (127, -126), (124, 127)] {
            assert_eq!(host::on_s8(given), expected);
        }
        assert_eq!(host::on_u16(u16::MAX), 2);
        assert_eq!(host::on_u16(0x8000), 0x8003);
        assert_eq!(host::on_s16(i16::MIN), i16::MIN + 3);
        assert_eq!(host::on_s16(-3), 0);
        assert_eq!(host::on_u32(u32::MAX), 2);
        assert_eq!(host::on_u32(0x8000_0000), 0x8000_0003);
        assert_eq!(host::on_s32(i32::MIN), i32::MIN + 3);
        assert_eq!(host::on_s32(-4), -1);
        assert_eq!(host::on_u64(u64::MAX), 2);
        assert_eq!(host::on_u64(0xFFFF_FFFF), 0x1_0000_0002);
        assert_eq!(host::on_s64(i64::MIN), i64::MIN + 3);
        assert_eq!(host::on_s64(-4), -1);
        assert!(host::on_bool(false));
        assert!(!host::on_bool(true));
    }
}

export!(Plugin);
