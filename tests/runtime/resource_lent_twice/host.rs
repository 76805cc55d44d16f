//! One thing lent several times in one call: by parameters, in a record, in a list.

use super::Shared;

abide::abi!({ wit: "resource_lent_twice/test.wit", module: "resource_lent_twice" });

use self::cells::Pair;

#[derive(Clone)]
struct App;

struct Cell(Shared<u32>);

impl host_async::Cells for App {
    type Cell = Cell;

    async fn cell_new(&mut self, value: u32) -> Cell {
        Cell(Shared::new(value))
    }

    async fn same(&mut self, a: &Cell, b: &Cell) -> bool {
        super::pause().await;
        std::ptr::eq(a, b)
    }

    async fn in_pair(&mut self, of: Pair<&Cell>) -> bool {
        super::pause().await;
        std::ptr::eq(of.a, of.b)
    }

    async fn sum(&mut self, of: Vec<&Cell>) -> u32 {
        of.iter().map(|cell| cell.0.get()).sum()
    }

    async fn maybe(&mut self, a: &Cell, b: Option<&Cell>) -> u32 {
        a.0.get() + b.map_or(0, |b| b.0.get())
    }

    async fn bump(&mut self, of: &mut Cell) {
        *of.0.get_mut() += 1;
    }
}

impl host_async::cells::Cell for Cell {
    async fn value(&mut self) -> u32 {
        self.0.get()
    }

    async fn swap(&self, other: &Self) -> bool {
        self.0.swap(&other.0);
        !std::ptr::eq(self, other)
    }
}

#[awaited::test]
async fn the_guest_lends_one_twice() {
    load!(host_async::ResourceLentTwice, App)
        .run()
        .await
        .unwrap();
}

#[awaited::test]
async fn the_host_lends_one_twice() {
    let session = load!(host_async::ResourceLentTwice, App)
        .session()
        .await
        .unwrap();
    let nodes = session.nodes();
    let (a, b) = (
        nodes.node_new(1).await.unwrap(),
        nodes.node_new(1).await.unwrap(),
    );
    assert!(a.same(&a).await.unwrap() && !a.same(&b).await.unwrap());
    assert_eq!(nodes.distinct(vec![&a, &b, &a, &b, &a]).await.unwrap(), 2);
    assert_eq!(nodes.distinct(Vec::new()).await.unwrap(), 0);
    assert!(b.same(&b).await.unwrap(), "lending ends with the call");
}
