//! Makes of every case the next one; the host makes the one before.

abide::abi!("test.wit");

use shapes::{Bare, Outer, Point, Shape, Single};

use guest::shapes as host;

struct Plugin;

impl guest::Shapes for Plugin {
    fn next(of: Shape) -> Shape {
        match of {
            Shape::Nothing => Shape::Dot(Point { x: 1, y: -1 }),
            Shape::Dot(at) => Shape::Circle((at, 0.5)),
            Shape::Circle((at, radius)) => Shape::Polygon(vec![at; radius as usize]),
            Shape::Polygon(points) => Shape::Labelled(format!("{} Ecken", points.len())),
            Shape::Labelled(text) => Shape::Maybe(text.bytes().next()),
            Shape::Maybe(Some(byte)) => Shape::Tried(Ok(u64::from(byte) << 40)),
            Shape::Maybe(None) => Shape::Tried(Err("leer".to_owned())),
            Shape::Tried(_) => Shape::AlsoNothing,
            Shape::AlsoNothing => Shape::Nothing,
        }
    }

    fn one(Single::Only(of): Single) -> Single {
        Single::Only(of + 2)
    }

    fn turned(of: Bare) -> Bare {
        match of {
            Bare::Left => Bare::Right,
            Bare::Right => Bare::Left,
        }
    }

    fn wrapped(of: Vec<Shape>) -> Vec<Outer> {
        of.into_iter()
            .map(|shape| match shape {
                Shape::Nothing => Outer::Bare(Bare::Right),
                Shape::AlsoNothing => Outer::Single(Single::Only(u64::MAX)),
                other => Outer::Inner(other),
            })
            .collect()
    }
}

impl guest::Variants for Plugin {
    fn run() {
        let point = Point {
            x: i16::MIN,
            y: i16::MAX,
        };
        let steps = [
            (Shape::Nothing, Shape::AlsoNothing),
            (Shape::AlsoNothing, Shape::Tried(Err("host".to_owned()))),
            (Shape::Tried(Ok(1 << 40)), Shape::Maybe(None)),
            (Shape::Tried(Err("é".to_owned())), Shape::Maybe(Some(2))),
            (Shape::Maybe(None), Shape::Labelled(String::new())),
            (Shape::Maybe(Some(65)), Shape::Labelled("A".to_owned())),
            (
                Shape::Labelled("ab".to_owned()),
                Shape::Polygon(vec![Point { x: 97, y: 0 }, Point { x: 98, y: 1 }]),
            ),
            (
                Shape::Polygon(vec![point, point]),
                Shape::Circle((point, 2.0)),
            ),
            (Shape::Circle((point, -1.0)), Shape::Dot(point)),
            (Shape::Dot(point), Shape::Nothing),
        ];
        for (given, expected) in steps {
            assert_eq!(host::next(&given), expected, "{given:?}");
        }
        assert_eq!(
            host::one(Single::Only(1 << 50)),
            Single::Only((1 << 50) + 1)
        );
        assert_eq!(host::turned(Bare::Left), Bare::Right);
        assert_eq!(host::turned(Bare::Right), Bare::Left);
        let wrapped = host::wrapped(&[
            Shape::Labelled("ß".to_owned()),
            Shape::Nothing,
            Shape::AlsoNothing,
        ]);
        let expected = [
            Outer::Inner(Shape::Labelled("ß".to_owned())),
            Outer::Bare(Bare::Left),
            Outer::Single(Single::Only(0)),
        ];
        assert_eq!(wrapped, expected);
    }
}

export!(Plugin);
