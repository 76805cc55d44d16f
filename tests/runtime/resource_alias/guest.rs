//! Uses one resource under all the names it has.

abide::abi!("test.wit");

use guest::base::{self as nodes, Node};
use guest::graphs as other;

struct Plugin;

impl guest::ResourceAlias for Plugin {
    fn run() {
        let (a, b) = (Node::new("a"), Node::new("b"));
        assert_eq!(other::join(&a, &b), "a-b");
        assert_eq!(other::join(&b, &b), "b-b");
        let copy: Node = other::copy_of(&a);
        assert_eq!(copy.name(), "copy of a");
        assert_eq!(guest::paint(&copy).name(), "painted copy of a");
        let linked = nodes::linked(a, b);
        assert_eq!(
            linked.iter().map(Node::name).collect::<Vec<_>>(),
            ["b", "a"]
        );
        assert_eq!(other::all(linked), 2);
    }
}

export!(Plugin);
