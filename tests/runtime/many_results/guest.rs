//! Answers with several values, and expects as many of the host.

abide::abi!("test.wit");

use answers::Point;

use guest::answers as host;

struct Plugin;

type Twelve = (
    u8,
    String,
    i64,
    Vec<u8>,
    f32,
    bool,
    Option<u16>,
    char,
    Point,
    Vec<Point>,
    Result<u8, String>,
    u8,
);

impl guest::Answers for Plugin {
    fn nothing() {
        host::nothing();
    }

    fn one(seed: u8) -> u64 {
        u64::from(seed) << 33
    }

    fn two(seed: u8) -> (u8, u64) {
        (seed + 1, u64::from(seed) << 40)
    }

    fn texts(seed: u8) -> (String, String, String) {
        (
            "é".repeat(seed.into()),
            String::new(),
            format!("Gast {seed}"),
        )
    }

    fn twelve(seed: u8) -> Twelve {
        let point = Point {
            x: seed,
            y: f64::from(seed) / 8.0,
        };
        (
            seed,
            "Gast".to_owned(),
            -1 - i64::from(seed),
            vec![seed; 3],
            0.5,
            true,
            Some(0xFFFF),
            '🦀',
            point,
            vec![point; 2],
            Err("Fehler".to_owned()),
            255,
        )
    }
}

impl guest::ManyResults for Plugin {
    fn run() {
        host::nothing();
        assert_eq!(host::one(255), 255 << 32);
        assert_eq!(host::two(7), (7, 7 << 50));
        assert_eq!(
            host::texts(2),
            ("ab".to_owned(), "Wirt\0".to_owned(), String::new())
        );
        let (a, b, c, d, e, f, g, h, i, j, k, l) = host::twelve(9);
        assert_eq!(
            (a, b.as_str(), c, d.as_slice(), e, f),
            (9, "", i64::MIN, &[][..], -0.25, false)
        );
        assert_eq!(
            (g, h, i, j.len(), k, l),
            (None, '\0', Point { x: 255, y: -1.0 }, 0, Ok(3), 4)
        );
    }
}

export!(Plugin);
