//! One thing lent several times in one call: by parameters, in a record, in a list.

use std::cell;

abide::abi!({ wit: "resource_lent_twice/test.wit", module: "resource_lent_twice" });

use self::cells::Pair;

#[derive(Clone)]
struct App;

struct Cell(cell::Cell<u32>);

impl host::Cells for App {
    type Cell = Cell;

    fn cell_new(&mut self, value: u32) -> Cell {
        Cell(cell::Cell::new(value))
    }

    fn same(&mut self, a: &Cell, b: &Cell) -> bool {
        std::ptr::eq(a, b)
    }

    fn in_pair(&mut self, of: Pair<&Cell>) -> bool {
        std::ptr::eq(of.a, of.b)
    }

    fn sum(&mut self, of: Vec<&Cell>) -> u32 {
        of.iter().map(|cell| cell.0.get()).sum()
    }

    fn maybe(&mut self, a: &Cell, b: Option<&Cell>) -> u32 {
        a.0.get() + b.map_or(0, |b| b.0.get())
    }

    fn bump(&mut self, of: &mut Cell) {
        *of.0.get_mut() += 1;
    }
}

impl host::cells::Cell for Cell {
    fn value(&mut self) -> u32 {
        self.0.get()
    }

    fn swap(&self, other: &Self) -> bool {
        self.0.swap(&other.0);
        !std::ptr::eq(self, other)
    }
}

#[test]
fn the_guest_lends_one_twice() {
    load!(host::ResourceLentTwice, App).run().unwrap();
}

#[test]
fn the_host_lends_one_twice() {
    let session = load!(host::ResourceLentTwice, App).session().unwrap();
    let nodes = session.nodes();
    let (a, b) = (nodes.node_new(1).unwrap(), nodes.node_new(1).unwrap());
    assert!(a.same(&a).unwrap() && !a.same(&b).unwrap());
    assert_eq!(nodes.distinct(vec![&a, &b, &a, &b, &a]).unwrap(), 2);
    assert_eq!(nodes.distinct(Vec::new()).unwrap(), 0);
    assert!(b.same(&b).unwrap(), "lending ends with the call");
}
