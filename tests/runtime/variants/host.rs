//! Variants: without payloads, with payloads of every size, in each other and in lists.

abide::abi!({ wit: "variants/test.wit", module: "variants" });

use self::shapes::{Bare, Outer, Point, Shape, Single};

#[derive(Clone)]
struct App;

impl host_async::Shapes for App {
    async fn next(&mut self, of: Shape) -> Shape {
        super::pause().await;
        match of {
            Shape::Nothing => Shape::AlsoNothing,
            Shape::AlsoNothing => Shape::Tried(Err("host".to_owned())),
            Shape::Tried(Ok(_)) => Shape::Maybe(None),
            Shape::Tried(Err(text)) => Shape::Maybe(Some(text.len() as u8)),
            Shape::Maybe(byte) => Shape::Labelled(byte.map(char::from).into_iter().collect()),
            Shape::Labelled(text) => Shape::Polygon(
                (0..)
                    .zip(text.bytes())
                    .map(|(y, byte)| Point { x: byte.into(), y })
                    .collect(),
            ),
            Shape::Polygon(points) => Shape::Circle((points[0], points.len() as f64)),
            Shape::Circle((at, _)) => Shape::Dot(at),
            Shape::Dot(_) => Shape::Nothing,
        }
    }

    async fn one(&mut self, Single::Only(of): Single) -> Single {
        super::pause().await;
        Single::Only(of + 1)
    }

    async fn turned(&mut self, of: Bare) -> Bare {
        match of {
            Bare::Left => Bare::Right,
            Bare::Right => Bare::Left,
        }
    }

    async fn wrapped(&mut self, of: Vec<Shape>) -> Vec<Outer> {
        of.into_iter()
            .map(|shape| match shape {
                Shape::Nothing => Outer::Bare(Bare::Left),
                Shape::AlsoNothing => Outer::Single(Single::Only(0)),
                other => Outer::Inner(other),
            })
            .collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::Variants, App).run().await.unwrap();
}

#[awaited::test]
async fn every_case_becomes_the_next() {
    let guest = load!(host_async::Variants, App);
    let shapes = guest.shapes();
    let point = Point { x: -300, y: 300 };
    for (given, expected) in [
        (Shape::Nothing, Shape::Dot(Point { x: 1, y: -1 })),
        (Shape::Dot(point), Shape::Circle((point, 0.5))),
        (Shape::Circle((point, 3.9)), Shape::Polygon(vec![point; 3])),
        (Shape::Circle((point, -1.0)), Shape::Polygon(Vec::new())),
        (
            Shape::Polygon(vec![point; 70_000]),
            Shape::Labelled("70000 Ecken".to_owned()),
        ),
        (Shape::Labelled(String::new()), Shape::Maybe(None)),
        (Shape::Labelled("é".to_owned()), Shape::Maybe(Some(0xC3))),
        (Shape::Maybe(Some(255)), Shape::Tried(Ok(255 << 40))),
        (Shape::Maybe(None), Shape::Tried(Err("leer".to_owned()))),
        (Shape::Tried(Ok(u64::MAX)), Shape::AlsoNothing),
        (Shape::Tried(Err("\0".to_owned())), Shape::AlsoNothing),
        (Shape::AlsoNothing, Shape::Nothing),
    ] {
        assert_eq!(shapes.next(&given).await.unwrap(), expected);
    }
}

#[awaited::test]
async fn small_ones_and_nested_ones() {
    let guest = load!(host_async::Variants, App);
    let shapes = guest.shapes();
    assert_eq!(shapes.one(&Single::Only(7)).await.unwrap(), Single::Only(9));
    assert_eq!(shapes.turned(&Bare::Left).await.unwrap(), Bare::Right);
    let circle = Shape::Circle((Point { x: 1, y: 2 }, f64::MIN));
    let given = [Shape::AlsoNothing, circle.clone(), Shape::Nothing];
    assert_eq!(
        shapes.wrapped(&given).await.unwrap(),
        [
            Outer::Single(Single::Only(u64::MAX)),
            Outer::Inner(circle),
            Outer::Bare(Bare::Right),
        ]
    );
}
