//! Lends one thing several times in one call.

abide::abi!("test.wit");

use guest::cells::{self as host, Cell, Pair};
use guest::exports::nodes::{GuestNode, NodeBorrow};

struct Plugin;

struct Own(#[expect(dead_code, reason = "gives it a size, so that no two have one place")] u32);

impl GuestNode for Own {
    fn new(value: u32) -> Self {
        Self(value)
    }

    fn same(&self, other: NodeBorrow<'_>) -> bool {
        std::ptr::eq(self, other.get::<Own>())
    }
}

impl guest::Nodes for Plugin {
    type Node = Own;

    fn distinct(of: Vec<NodeBorrow<'_>>) -> u32 {
        let mut places: Vec<_> = of
            .iter()
            .map(|node| std::ptr::from_ref(node.get::<Own>()))
            .collect();
        places.sort();
        places.dedup();
        places.len() as u32
    }
}

impl guest::ResourceLentTwice for Plugin {
    fn run() {
        let (a, b) = (Cell::new(3), Cell::new(40));
        assert!(host::same(&a, &a) && host::same(&b, &b) && !host::same(&a, &b));
        assert!(host::in_pair(&Pair { a: &b, b: &b }));
        assert!(!host::in_pair(&Pair { a: &b, b: &a }));
        assert_eq!(host::sum(&[&a, &b, &a, &a]), 49);
        assert_eq!(host::sum(&[&a; 100]), 300);
        assert_eq!(host::maybe(&a, Some(&a)), 6);
        assert_eq!(host::maybe(&a, None), 3);
        assert!(a.swap(&b));
        assert_eq!((a.value(), b.value()), (40, 3));
        assert!(!a.swap(&a));
        host::bump(&a);
        host::bump(&a);
        assert_eq!((a.value(), b.value()), (42, 3));
    }
}

export!(Plugin);
