//! Passes resources about and checks that they are still the same.

abide::abi!("test.wit");

use std::cell::RefCell;

use guest::exports::slips::{GuestSlip, Slip};
use guest::tokens::{self as host, Token};

thread_local! {
    static KEPT: RefCell<Option<Slip>> = const { RefCell::new(None) };
}

struct Plugin;

struct Own(u64);

impl GuestSlip for Own {
    fn new(number: u64) -> Self {
        Self(number)
    }

    fn number(&self) -> u64 {
        self.0
    }

    fn place(&self) -> u64 {
        std::ptr::from_ref(self).addr() as u64
    }
}

impl guest::Slips for Plugin {
    type Slip = Own;

    fn through(of: Slip) -> Slip {
        of
    }

    fn keep(of: Slip) {
        KEPT.set(Some(of));
    }

    fn back() -> Option<Slip> {
        KEPT.take()
    }
}

impl guest::ResourceIdentity for Plugin {
    fn run() {
        let (a, b) = (host::make(), host::make());
        let (first, second) = (a.number(), b.number());
        assert_ne!(first, second);
        a.mark();
        let a = host::through(a);
        a.mark();
        assert_eq!((a.number(), a.marks(), b.marks()), (first, 2, 0));
        assert!(host::kept(Some(a)).is_none());
        let a = host::kept(Some(b)).unwrap();
        assert_eq!((a.number(), a.marks()), (first, 2));
        let b = host::kept(None).unwrap();
        assert_eq!((b.number(), b.marks()), (second, 0));
        assert!(host::kept(None).is_none());
    }

    fn pass(of: Token) -> Token {
        of.mark();
        host::through(of)
    }
}

export!(Plugin);
