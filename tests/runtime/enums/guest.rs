//! Steps through enums of every size and checks that the host steps back.

abide::abi!("test.wit");

use enums::{Byte, Color, More, One};

use guest::enums as host;

struct Plugin;

impl guest::Enums for Plugin {
    fn only(of: One) -> One {
        of
    }

    fn next(of: Color) -> Color {
        match of {
            Color::Red => Color::Green,
            Color::Green => Color::Blue,
            Color::Blue => Color::Type,
            Color::Type => Color::Red,
        }
    }

    fn of_bytes(mut of: Vec<Byte>) -> Vec<Byte> {
        of.reverse();
        of
    }

    fn of_more(mut of: Vec<More>) -> Vec<More> {
        of.reverse();
        of
    }

    fn both(of: Vec<(Byte, More, u8)>) -> Vec<(u8, More, Byte)> {
        of.into_iter()
            .map(|(byte, more, n)| (n, more, byte))
            .collect()
    }
}

impl guest::EnumsWorld for Plugin {
    fn run() {
        assert_eq!(host::only(One::Only), One::Only);
        assert_eq!(host::next(Color::Red), Color::Type);
        assert_eq!(host::next(Color::Type), Color::Blue);
        assert_eq!(
            host::of_bytes(&[Byte::B0, Byte::B128, Byte::B255]),
            [Byte::B255, Byte::B128, Byte::B0]
        );
        assert_eq!(
            host::of_more(&[More::M0, More::M255, More::M256]),
            [More::M256, More::M255, More::M0]
        );
        let both = host::both(&[(Byte::B255, More::M256, 1), (Byte::B1, More::M2, 255)]);
        assert_eq!(
            both,
            [(1, More::M256, Byte::B255), (255, More::M2, Byte::B1)]
        );
        assert_eq!((size_of::<Byte>(), size_of::<More>()), (1, 2));
    }
}

export!(Plugin);
