//! Answers with its arguments, and has the host answer with the same in another order.

abide::abi!("test.wit");

use guest::counts as host;

struct Plugin;

impl guest::Counts for Plugin {
    fn sixteen(
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
    ) -> Vec<u32> {
        let mut turned = host::sixteen(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16,
        );
        turned.reverse();
        turned
    }

    fn seventeen(
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
    ) -> Vec<u32> {
        let mut turned = host::seventeen(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17,
        );
        turned.reverse();
        turned
    }

    fn eighteen(
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
        a18: u32,
    ) -> Vec<u32> {
        let mut turned = host::eighteen(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,
        );
        turned.reverse();
        turned
    }

    fn thirty(
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
        a18: u32,
        a19: u32,
        a20: u32,
        a21: u32,
        a22: u32,
        a23: u32,
        a24: u32,
        a25: u32,
        a26: u32,
        a27: u32,
        a28: u32,
        a29: u32,
        a30: u32,
    ) -> Vec<u32> {
        let mut turned = host::thirty(
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
            a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30,
        );
        turned.reverse();
        turned
    }

    fn mixed(
        a1: u8,
        a2: i64,
        a3: String,
        a4: f32,
        a5: bool,
        a6: Vec<u16>,
        a7: char,
        a8: f64,
        a9: i16,
        a10: u64,
        a11: u8,
        a12: i64,
        a13: String,
        a14: f32,
        a15: bool,
        a16: Vec<u16>,
        a17: char,
        a18: f64,
        a19: i16,
        a20: u64,
        a21: u8,
        a22: i64,
        a23: String,
        a24: f32,
        a25: bool,
        a26: Vec<u16>,
        a27: char,
        a28: f64,
        a29: i16,
        a30: u64,
    ) -> String {
        format!(
            "Gast {a1:?} {a2:?} {a3:?} {a4:?} {a5:?} {a6:?} {a7:?} {a8:?} {a9:?} {a10:?} {a11:?} {a12:?} {a13:?} {a14:?} {a15:?} {a16:?} {a17:?} {a18:?} {a19:?} {a20:?} {a21:?} {a22:?} {a23:?} {a24:?} {a25:?} {a26:?} {a27:?} {a28:?} {a29:?} {a30:?}"
        )
    }
}

impl guest::ManyArguments for Plugin {
    fn run() {
        assert!(
            host::sixteen(
                1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607, 1608, 1609, 1610, 1611, 1612, 1613,
                1614, 1615
            )
            .into_iter()
            .eq((1600..1616).rev())
        );
        assert!(
            host::seventeen(
                1700, 1701, 1702, 1703, 1704, 1705, 1706, 1707, 1708, 1709, 1710, 1711, 1712, 1713,
                1714, 1715, 1716
            )
            .into_iter()
            .eq((1700..1717).rev())
        );
        assert!(
            host::eighteen(
                1800, 1801, 1802, 1803, 1804, 1805, 1806, 1807, 1808, 1809, 1810, 1811, 1812, 1813,
                1814, 1815, 1816, 1817
            )
            .into_iter()
            .eq((1800..1818).rev())
        );
        assert!(
            host::thirty(
                3000, 3001, 3002, 3003, 3004, 3005, 3006, 3007, 3008, 3009, 3010, 3011, 3012, 3013,
                3014, 3015, 3016, 3017, 3018, 3019, 3020, 3021, 3022, 3023, 3024, 3025, 3026, 3027,
                3028, 3029
            )
            .into_iter()
            .eq((3000..3030).rev())
        );
        let text = host::mixed(
            1,
            -2_000_000_000,
            "ä3",
            4.5,
            true,
            &[6, 65_535],
            '\u{10FFF8}',
            -8.25,
            -900,
            u64::MAX - 10,
            11,
            -12_000_000_000,
            "ä13",
            14.5,
            false,
            &[16, 65_535],
            '\u{10FFEE}',
            -18.25,
            -1900,
            u64::MAX - 20,
            21,
            -22_000_000_000,
            "ä23",
            24.5,
            true,
            &[26, 65_535],
            '\u{10FFE4}',
            -28.25,
            -2900,
            u64::MAX - 30,
        );
        assert!(
            text.starts_with("Wirt 1 -2000000000 \"ä3\" 4.5 true [6, 65535] "),
            "{text}"
        );
        assert!(
            text.ends_with(" -28.25 -2900 18446744073709551585"),
            "{text}"
        );
        assert_eq!(text.matches('ä').count(), 3);
    }
}

export!(Plugin);
