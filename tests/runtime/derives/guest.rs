//! Compares what WIT knows no order for.

abide::abi!({ wit: "test.wit", derives: [PartialOrd, Ord] });

use std::collections::{BTreeSet, HashSet};

use ranks::{Card, Hand, Measured};

use guest::ranks as host;

struct Plugin;

impl guest::Ranks for Plugin {
    fn best(of: Vec<Card>) -> Option<Card> {
        let best = of.iter().max().copied();
        assert_eq!(host::best(&of), best);
        best
    }

    fn sorted(of: Vec<Hand>) -> Vec<Hand> {
        // Each once: by its hash on one side, by its order on the other.
        let hands: HashSet<Hand> = of.iter().cloned().collect();
        let sorted: BTreeSet<Hand> = hands.into_iter().collect();
        let sorted: Vec<Hand> = sorted.into_iter().collect();
        assert_eq!(host::sorted(&of), sorted);
        sorted
    }

    fn heaviest(of: Vec<Measured>) -> Measured {
        let greater = |a: Measured, b: Measured| if b.weight > a.weight { b } else { a };
        of.into_iter().reduce(greater).unwrap()
    }
}

export!(Plugin);
