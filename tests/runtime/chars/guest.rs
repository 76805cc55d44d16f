//! Steps through characters by hand, and checks that the host steps the same way.

abide::abi!("test.wit");

use guest::chars as host;

struct Plugin;

impl guest::Chars for Plugin {
    fn next(of: char) -> char {
        match of {
            '\u{D7FF}' => '\u{E000}',
            char::MAX => '\0',
            other => char::from_u32(other as u32 + 1).unwrap(),
        }
    }

    fn reversed(of: Vec<char>) -> Vec<char> {
        of.into_iter().rev().collect()
    }

    fn number(of: char) -> u32 {
        of as u32
    }
}

impl guest::CharsWorld for Plugin {
    fn run() {
        for c in [
            '\0',
            'a',
            '\u{7F}',
            'ß',
            '\u{7FF}',
            '€',
            '\u{D7FF}',
            '\u{E000}',
            '\u{FEFF}',
            '\u{FFFF}',
            '🦀',
            char::MAX,
        ] {
            assert_eq!(host::next(c), <Plugin as guest::Chars>::next(c), "{c:?}");
            assert_eq!(host::number(c), c as u32);
        }
        assert_eq!(
            host::reversed(&['a', '\u{10FFFF}', '\0']),
            ['\0', '\u{10FFFF}', 'a']
        );
        assert_eq!(host::reversed(&[]), []);
    }
}

export!(Plugin);
