//! Tuples: of one, nested, of twelve, and in lists.

abide::abi!({ wit: "tuples/test.wit", module: "tuples" });

use self::tuples::Pair;

#[derive(Clone)]
struct App;

type Twelve = (u8, i8, u16, i16, u32, i32, u64, i64, f32, f64, bool, String);
type Turned = (String, bool, f64, f32, i64, u64, i32, u32, i16, u16, i8, u8);

impl host_async::Tuples for App {
    async fn swapped(&mut self, (a, b): Pair) -> (String, u8) {
        super::pause().await;
        (b, a)
    }

    async fn single(&mut self, of: (char,)) -> (char,) {
        super::pause().await;
        of
    }

    async fn nested(
        &mut self,
        ((a, b), ((c,), d)): ((u8, u16), ((u32,), u64)),
    ) -> (u64, (u32, (u16, u8))) {
        (d, (c, (b, a)))
    }

    async fn twelve(&mut self, (a, b, c, d, e, f, g, h, i, j, k, l): Twelve) -> Turned {
        (l, k, j, i, h, g, f, e, d, c, b, a)
    }

    async fn in_list(&mut self, of: Vec<(u8, Vec<u32>, bool)>) -> Vec<(bool, u32)> {
        of.into_iter()
            .map(|(a, b, c)| (c, b.iter().sum::<u32>() + u32::from(a)))
            .collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::TuplesWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::TuplesWorld, App);
    let tuples = guest.tuples();
    assert_eq!(
        tuples.swapped((8, "ächt")).await.unwrap(),
        ("ächt".to_owned(), 9)
    );
    assert_eq!(tuples.single(('x',)).await.unwrap(), ('X',));
    assert_eq!(
        tuples
            .nested(((255, 1), ((1 << 31,), 1 << 63)))
            .await
            .unwrap(),
        (1 << 63, (1 << 31, (1, 255)))
    );
    let turned = tuples
        .twelve((1, -2, 3, -4, 5, -6, 7, -8, 9.5, -10.5, false, "十二"))
        .await
        .unwrap();
    let expected: Turned = (
        "十二".to_owned(),
        false,
        -10.5,
        9.5,
        -8,
        7,
        -6,
        5,
        -4,
        3,
        -2,
        1,
    );
    assert_eq!(turned, expected);
    assert_eq!(
        tuples.in_list(&[(9, vec![1, 2, 3], false)]).await.unwrap(),
        [(false, 15)]
    );
}
