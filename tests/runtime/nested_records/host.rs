//! Records in records, in tuples, in lists and in options.

abide::abi!({ wit: "nested_records/test.wit", module: "nested_records" });

use self::trees::{Branch, Leaf, Node, Point, Span};

#[derive(Clone)]
struct App;

impl host_async::Trees for App {
    async fn mirrored(&mut self, of: Branch) -> Branch {
        Branch {
            left: of.right,
            right: of.left,
            depth: of.depth - 1,
        }
    }

    async fn path(&mut self, nodes: Vec<Node>, from: u32) -> Vec<String> {
        let parent = |index: &u32| nodes[*index as usize].parent;
        std::iter::successors(Some(from), parent)
            .map(|index| nodes[index as usize].name.clone())
            .collect()
    }

    async fn bounds(&mut self, nodes: Vec<Node>) -> Option<Span> {
        let mut bounds: Option<Span> = None;
        for Node { payload, .. } in &nodes {
            let (Point { x, y }, _) = payload;
            let span = bounds.get_or_insert(Span {
                from: payload.0,
                to: payload.0,
                label: None,
            });
            span.from.x = span.from.x.min(*x);
            span.from.y = span.from.y.min(*y);
            span.to.x = span.to.x.max(*x);
            span.to.y = span.to.y.max(*y);
        }
        let count: usize = nodes.iter().map(|node| node.payload.1.len()).sum();
        bounds.map(|span| Span {
            label: Some(format!("{count} spans")),
            ..span
        })
    }
}

fn leaf(y: i64, label: Option<&str>) -> Leaf {
    Leaf {
        at: Span {
            from: Point { x: -128, y },
            to: Point { x: 127, y: !y },
            label: label.map(str::to_owned),
        },
        weight: 0.125,
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::NestedRecords, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::NestedRecords, App);
    let trees = guest.trees();
    let branch = Branch {
        left: leaf(1 << 62, Some("")),
        right: leaf(-1, None),
        depth: 254,
    };
    let mirrored = trees.mirrored(&branch).await.unwrap();
    assert_eq!(mirrored.left, branch.right);
    assert_eq!(mirrored.right, branch.left);
    assert_eq!(mirrored.depth, 255);
    let node = |parent, name: &str, y| Node {
        parent,
        name: name.to_owned(),
        payload: (Point { x: 1, y }, vec![leaf(y, None).at]),
    };
    let nodes = [
        node(Some(1), "a", i64::MIN),
        node(Some(2), "b", 0),
        node(None, "c\0", 7),
    ];
    assert_eq!(trees.path(&nodes, 0).await.unwrap(), ["a", "b", "c\0"]);
    assert_eq!(
        trees.bounds(&nodes).await.unwrap(),
        Some(Span {
            from: Point { x: 1, y: i64::MIN },
            to: Point { x: 1, y: 7 },
            label: Some("3 spans".to_owned()),
        })
    );
    assert_eq!(trees.bounds(&[]).await.unwrap(), None);
}
