//! Turns tuples round.

abide::abi!("test.wit");

use tuples::Pair;

use guest::tuples as host;

struct Plugin;

type Twelve = (u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool, String);
type Turned = (String, bool, f64, f32, i64, u64, i32, u32, i16, u16, i8, u8);

impl guest::Tuples for Plugin {
    fn swapped((a, b): Pair) -> (String, u8) {
        (b, a + 1)
    }

    fn single((of,): (char,)) -> (char,) {
        (of.to_ascii_uppercase(),)
    }

    fn nested(((a, b), ((c,), d)): ((u8, u16), ((u32,), u64))) -> (u64, (u32, (u16, u8))) {
        (d, (c, (b, a)))
    }

    fn twelve((a, b, c, d, e, f, g, h, i, j, k, l): Twelve) -> Turned {
        (l, k, j, i, h, g, f, e, d, c, b, a)
    }

    fn in_list(of: Vec<(u8, Vec<u32>, bool)>) -> Vec<(bool, u32)> {
        of.into_iter()
            .map(|(a, b, c)| (c, b.iter().sum::<u32>() + u32::from(a)))
            .collect()
    }
}

impl guest::TuplesWorld for Plugin {
    fn run() {
        assert_eq!(
            host::swapped(&(7, "sieben".to_owned())),
            ("sieben".to_owned(), 7)
        );
        assert_eq!(host::single(('ß',)), ('ß',));
        assert_eq!(host::nested(((1, 2), ((3,), 4))), (4, (3, (2, 1))));
        let given = (
            255,
            -128,
            65_535,
            -32_768,
            u32::MAX,
            i32::MIN,
            u64::MAX,
            i64::MIN,
            0.5,
            -0.5,
            true,
            "zwölf",
        );
        let (l, k, j, i, h, g, f, e, d, c, b, a) = host::twelve(given);
        assert_eq!(
            (a, b, c, d, e, f),
            (255, -128, 65_535, -32_768, u32::MAX, i32::MIN)
        );
        assert_eq!(
            (g, h, i, j, k, l.as_str()),
            (u64::MAX, i64::MIN, 0.5, -0.5, true, "zwölf")
        );
        let list = [(1, vec![10, 20], true), (2, vec![], false)];
        assert_eq!(host::in_list(&list), [(true, 31), (false, 2)]);
    }
}

export!(Plugin);
