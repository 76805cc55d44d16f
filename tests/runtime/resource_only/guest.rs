//! Uses and has resources that have next to nothing.

abide::abi!("test.wit");

use std::cell::RefCell;

use guest::exports::own_tools::{GuestRack, GuestSaw, Saw};
use guest::tools::{Hammer, Nail};

struct Plugin;

struct OwnSaw;

impl GuestSaw for OwnSaw {}

struct OwnRack(RefCell<Vec<Saw>>);

impl GuestRack for OwnRack {
    fn new() -> Self {
        Self(RefCell::default())
    }

    fn hang(&self, of: Saw) -> u32 {
        let mut saws = self.0.borrow_mut();
        saws.push(of);
        saws.len() as u32
    }

    fn make() -> Saw {
        Saw::new(OwnSaw)
    }
}

impl guest::OwnTools for Plugin {
    type Saw = OwnSaw;
    type Rack = OwnRack;
}

impl guest::ResourceOnly for Plugin {
    fn run() {
        let (light, heavy) = (Hammer::new(3), Hammer::new(u32::MAX));
        let (first, second) = (light.mark(), heavy.mark());
        assert_eq!(light.marked(second), u32::MAX);
        assert_eq!(heavy.marked(first), 3);
        let nail = Nail::new();
        assert!(!nail.hit(&light) && nail.hit(&heavy));
    }
}

export!(Plugin);
