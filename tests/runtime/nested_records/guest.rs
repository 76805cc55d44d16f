//! Mirrors branches and walks trees that are lists of records in records.

abide::abi!("test.wit");

use trees::{Branch, Leaf, Node, Point, Span};

use guest::trees as host;

struct Plugin;

impl guest::Trees for Plugin {
    fn mirrored(of: Branch) -> Branch {
        Branch {
            left: of.right,
            right: of.left,
            depth: of.depth + 1,
        }
    }

    fn path(nodes: Vec<Node>, from: u32) -> Vec<String> {
        let mut path = Vec::new();
        let mut here = Some(from);
        while let Some(index) = here {
            let node = &nodes[index as usize];
            path.push(node.name.clone());
            here = node.parent;
        }
        path
    }

    fn bounds(nodes: Vec<Node>) -> Option<Span> {
        let points = || nodes.iter().map(|node| node.payload.0);
        Some(Span {
            from: Point {
                x: points().map(|p| p.x).min()?,
                y: points().map(|p| p.y).min()?,
            },
            to: Point {
                x: points().map(|p| p.x).max()?,
                y: points().map(|p| p.y).max()?,
            },
            label: Some(format!(
                "{} spans",
                nodes.iter().map(|node| node.payload.1.len()).sum::<usize>()
            )),
        })
    }
}

fn leaf(x: i8, label: Option<&str>) -> Leaf {
    let at = Span {
        from: Point { x, y: i64::MIN },
        to: Point { x: -x, y: i64::MAX },
        label: label.map(str::to_owned),
    };
    Leaf {
        at,
        weight: f32::from(x) / 4.0,
    }
}

impl guest::NestedRecords for Plugin {
    fn run() {
        let branch = Branch {
            left: leaf(1, None),
            right: leaf(-127, Some("ñ")),
            depth: 9,
        };
        let mirrored = host::mirrored(&branch);
        assert_eq!(
            mirrored,
            Branch {
                left: branch.right,
                right: branch.left,
                depth: 8
            }
        );
        let node = |parent, name: &str, x| Node {
            parent,
            name: name.to_owned(),
            payload: (
                Point {
                    x,
                    y: i64::from(x) << 40,
                },
                vec![leaf(x, Some(name)).at; x as usize],
            ),
        };
        let nodes = [
            node(None, "root", 2),
            node(Some(0), "ast", 0),
            node(Some(1), "blatt", 5),
        ];
        assert_eq!(host::path(&nodes, 2), ["blatt", "ast", "root"]);
        let bounds = host::bounds(&nodes).unwrap();
        assert_eq!(
            (bounds.from, bounds.to),
            (Point { x: 0, y: 0 }, Point { x: 5, y: 5 << 40 })
        );
        assert_eq!(bounds.label.as_deref(), Some("7 spans"));
        assert_eq!(host::bounds(&[]), None);
    }
}

export!(Plugin);
