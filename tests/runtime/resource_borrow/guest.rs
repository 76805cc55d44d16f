//! Lends its counters to the host, and uses one that the host lends.

abide::abi!("test.wit");

use guest::counters::{self as host, Counter};

struct Plugin;

impl guest::ResourceBorrow for Plugin {
    fn run() {
        let (a, b) = (Counter::new(40), Counter::new(-5));
        assert_eq!(a.add(2), 42);
        assert_eq!(host::read(&a), 42);
        assert_eq!(host::larger(&a, &b), 42);
        assert_eq!(host::larger(&b, &a), 42);
        assert_eq!(b.add_all_of(&a), 37);
        // Lending changes neither the owner nor, here, what is lent.
        assert_eq!((host::read(&a), host::read(&b)), (42, 37));
        host::reset(&b, i64::MIN);
        assert_eq!(b.add(0), i64::MIN);
    }

    fn doubled(of: &Counter) -> i64 {
        of.add(host::read(of))
    }
}

export!(Plugin);
