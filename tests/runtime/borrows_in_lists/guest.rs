//! Asks everything that it is lent how large it is.

abide::abi!("test.wit");

use guest::exports::yard::{Box, GuestShelf, Pair, Shelf, Slot};
use guest::parts::Bolt;

struct Plugin;

fn sizes(of: &[&Bolt]) -> Vec<u32> {
    of.iter().map(|bolt| bolt.size()).collect()
}

impl guest::BorrowsInLists for Plugin {
    fn sizes(of: Vec<&Bolt>) -> Vec<u32> {
        sizes(&of)
    }
}

impl guest::Yard for Plugin {
    type Shelf = Sizes;

    fn plain(of: Vec<&Bolt>) -> Vec<u32> {
        sizes(&of)
    }

    fn lists(of: Vec<Vec<&Bolt>>) -> Vec<Vec<u32>> {
        of.iter().map(|of| sizes(of)).collect()
    }

    fn records(of: Vec<Pair<'_>>) -> Vec<(String, u32)> {
        // The last first: all are there at once.
        let pairs = of.into_iter().rev();
        pairs.map(|pair| (pair.name, pair.of.size())).collect()
    }

    fn tuples(of: Vec<(u8, &Bolt, &Bolt)>) -> Vec<u32> {
        let sum = |(a, b, c): (u8, &Bolt, &Bolt)| u32::from(a) + 10 * b.size() + 100 * c.size();
        of.into_iter().map(sum).collect()
    }

    fn options(of: Vec<Option<&Bolt>>) -> Vec<Option<u32>> {
        of.into_iter().map(|of| of.map(Bolt::size)).collect()
    }

    fn results(of: Vec<Result<&Bolt, String>>) -> Vec<Result<u32, String>> {
        of.into_iter().map(|of| of.map(Bolt::size)).collect()
    }

    fn variants(of: Vec<Slot<'_>>) -> Vec<Vec<u32>> {
        let slot = |slot: &Slot<'_>| match slot {
            Slot::Empty => Vec::new(),
            Slot::One(bolt) => vec![bolt.size()],
            Slot::Kept(bolt) => vec![1000, bolt.size()],
            Slot::Many(bolts) => sizes(bolts),
        };
        of.iter().map(slot).collect()
    }

    fn boxes(first: &Bolt, of: Vec<Box<'_>>, more: Option<Vec<&Bolt>>, last: &Bolt) -> Vec<u32> {
        let mut all = vec![first.size()];
        for of in &of {
            all.extend(sizes(&of.bolts));
            all.extend(of.spare.map(Bolt::size));
        }
        all.extend(more.iter().flat_map(|of| sizes(of)));
        all.push(last.size());
        all
    }

    fn many(
        a: Vec<&Bolt>,
        b: Vec<&Bolt>,
        c: Vec<&Bolt>,
        d: Vec<&Bolt>,
        e: Vec<&Bolt>,
        f: Vec<&Bolt>,
        g: Vec<&Bolt>,
        h: Vec<&Bolt>,
        i: &Bolt,
    ) -> Vec<u32> {
        let lists = [a, b, c, d, e, f, g, h].concat();
        [sizes(&lists), vec![i.size()]].concat()
    }
}

/// What the bolts were like that it was made with.
struct Sizes(Vec<u32>);

impl GuestShelf for Sizes {
    fn new(of: Vec<&Bolt>) -> Self {
        Self(sizes(&of))
    }

    fn and(&self, more: Vec<&Bolt>) -> Vec<u32> {
        [self.0.clone(), sizes(&more)].concat()
    }

    fn all(of: Vec<Pair<'_>>) -> Shelf {
        Shelf::new(Self(of.iter().map(|pair| pair.of.size()).collect()))
    }
}

export!(Plugin);
