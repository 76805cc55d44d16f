//! Lends any number of its values to exports at once, in lists of everything that can hold a
//! handle. All are back when the call is over: a handle that a guest kept would end its instance.

use crate::alive::{Alive, One};

abide::abi!({ wit: "borrows_in_lists/test.wit", module: "borrows_in_lists" });

use self::yard::{Box, Pair, Slot};

#[derive(Clone, Default)]
struct App(Alive);

#[derive(Debug)]
struct Bolt(u32, #[expect(dead_code, reason = "counts the value")] One);

impl App {
    fn bolts(&self, count: u32) -> Vec<Bolt> {
        let bolt = |size: u32| Bolt(size, self.0.one(&size.to_string()));
        (1..=count).map(bolt).collect()
    }
}

impl host_async::Parts for App {
    type Bolt = Bolt;

    async fn bolt_new(&mut self, size: u32) -> Bolt {
        super::pause().await;
        Bolt(size, self.0.one("the guest's"))
    }
}

impl host_async::parts::Bolt for Bolt {
    async fn size(&mut self) -> u32 {
        self.0
    }
}

/// A session, for a call after which a handle is left to make the next one fail, and `N` bolts.
async fn yard<const N: usize>() -> (abide::Session<host_async::BorrowsInLists>, [Bolt; N]) {
    let app = App::default();
    let session = load!(host_async::BorrowsInLists, app.clone())
        .session()
        .await
        .unwrap();
    (session, app.bolts(N as u32).try_into().unwrap())
}

#[awaited::test]
async fn lists_of_any_length() {
    let app = App::default();
    let session = load!(host_async::BorrowsInLists, app.clone())
        .session()
        .await
        .unwrap();
    for count in [0, 1, 2, 3, 1000, 0, 5] {
        let mut bolts = app.bolts(count);
        let expected: Vec<u32> = (1..=count).collect();
        assert_eq!(
            session.sizes(bolts.iter_mut().collect()).await.unwrap(),
            expected
        );
        let found = session.yard().plain(bolts.iter_mut().collect()).await;
        assert_eq!(found.unwrap(), expected);
    }
    assert_eq!(app.0.count(), 0);
}

#[awaited::test]
async fn lists_of_lists() {
    let (session, [mut a, mut b, mut c]) = yard().await;
    let lists = vec![vec![&mut a], vec![], vec![&mut c, &mut b]];
    assert_eq!(
        session.yard().lists(lists).await.unwrap(),
        [vec![1], vec![], vec![3, 2]]
    );
    assert!(session.sizes::<Bolt>(Vec::new()).await.unwrap().is_empty());
}

#[awaited::test]
async fn records_and_tuples() {
    let (session, mut bolts) = yard::<4>().await;
    let pairs = bolts.iter_mut().zip(["a", "ß", "", "d"]);
    let pairs = pairs.map(|(of, name)| Pair {
        name: name.to_owned(),
        of,
    });
    let found = session.yard().records(pairs.collect()).await.unwrap();
    let expected =
        [("d", 4), ("", 3), ("ß", 2), ("a", 1)].map(|(name, size)| (name.to_owned(), size));
    assert_eq!(found, expected);

    let [a, b, c, d] = &mut bolts;
    let found = session
        .yard()
        .tuples(vec![(5, a, d), (6, c, b)])
        .await
        .unwrap();
    assert_eq!(found, [415, 236]);
}

#[awaited::test]
async fn options_results_and_variants() {
    let (session, mut bolts) = yard::<3>().await;
    let [a, b, _] = &mut bolts;
    let found = session
        .yard()
        .options(vec![None, Some(b), None, Some(a)])
        .await;
    assert_eq!(found.unwrap(), [None, Some(2), None, Some(1)]);

    let [a, b, _] = &mut bolts;
    let found = session
        .yard()
        .results(vec![Ok(b), Err("no".to_owned()), Ok(a)])
        .await;
    assert_eq!(found.unwrap(), [Ok(2), Err("no".to_owned()), Ok(1)]);

    let app = App::default();
    let kept = app.bolts(1).remove(0);
    let [a, b, c] = &mut bolts;
    let slots = vec![
        Slot::Many(vec![c, b]),
        Slot::Kept(kept),
        Slot::Empty,
        Slot::One(a),
        Slot::Many(vec![]),
    ];
    let found = session.yard().variants(slots).await.unwrap();
    assert_eq!(found, [vec![3, 2], vec![1000, 1], vec![], vec![1], vec![]]);
    assert_eq!(app.0.count(), 0, "the guest has dropped what it was given");
}

#[awaited::test]
async fn beside_handles_that_are_lent_once() {
    let (session, [mut a, mut b, mut c, mut d, mut e, mut f]) = yard().await;
    let boxes = vec![
        Box {
            bolts: vec![&mut b, &mut c],
            spare: None,
        },
        Box {
            bolts: vec![],
            spare: Some(&mut d),
        },
    ];
    let found = session
        .yard()
        .boxes(&mut a, boxes, Some(vec![&mut e]), &mut f)
        .await;
    assert_eq!(found.unwrap(), [1, 2, 3, 4, 5, 6]);
    let found = session.yard().boxes(&mut f, vec![], None, &mut a).await;
    assert_eq!(found.unwrap(), [6, 1]);
}

#[awaited::test]
async fn through_memory() {
    let (session, [mut a, mut b, mut c, mut d]) = yard().await;
    let (some, none) = (vec![&mut a, &mut b], Vec::new);
    let found = session
        .yard()
        .many(
            some,
            none(),
            vec![&mut c],
            none(),
            none(),
            none(),
            none(),
            none(),
            &mut d,
        )
        .await;
    assert_eq!(found.unwrap(), [1, 2, 3, 4]);
}

#[awaited::test]
async fn constructors_methods_and_static_functions() {
    let (session, mut bolts) = yard::<4>().await;
    let yard = session.yard();
    let [a, b, c, d] = &mut bolts;
    let shelf = yard.shelf_new(vec![a, b]).await.unwrap();
    assert_eq!(shelf.and(vec![d, c]).await.unwrap(), [1, 2, 4, 3]);
    let pairs = bolts.iter_mut().map(|of| Pair {
        name: String::new(),
        of,
    });
    let shelf = yard.shelf_all(pairs.collect()).await.unwrap();
    assert_eq!(shelf.and::<Bolt>(vec![]).await.unwrap(), [1, 2, 3, 4]);
}
