//! Import arguments that are borrowed: the host sees the guest's own memory, no copy of it.
//!
//! The proof needs no look inside of the runtime. The guest lends two *overlapping* parts of one
//! buffer in one call. Two copies would stand apart; two slices that overlap in the host's memory
//! as they do in the guest's are one and the same bytes. And in all calls of one instance, host
//! address minus guest address must be the same number: the place of the guest's memory. That tells
//! it from one shared copy.

mod support;

use std::mem::size_of;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use abide::Limits;
use abide_build::Target;

abide::abi!("tests/fixtures/borrowing/wit");

/// What the host saw in one call.
#[derive(Debug, Clone, PartialEq)]
struct Lent {
    /// Host addresses of the two slices.
    front: usize,
    back: usize,
    /// Lengths in elements.
    lengths: (usize, usize),
    /// The end of the front and the start of the back are the same elements.
    overlap: bool,
}

#[derive(Clone, Default)]
struct Host {
    lent: Arc<Mutex<Vec<Lent>>>,
}

impl Host {
    fn see<T: PartialEq>(&self, front: &[T], back: &[T]) {
        let shared = front.len() / 2;
        let overlap = front[front.len() - shared..] == back[..shared];
        self.lent.lock().unwrap().push(Lent {
            front: front.as_ptr() as usize,
            back: back.as_ptr() as usize,
            lengths: (front.len(), back.len()),
            overlap,
        });
    }

    fn last(&self) -> Lent {
        self.lent.lock().unwrap().pop().unwrap()
    }
}

impl host::Lend for Host {
    fn texts(&mut self, front: &str, back: &str) {
        self.see(front.as_bytes(), back.as_bytes());
    }

    fn bytes(&mut self, front: &[u8], back: &[u8]) {
        self.see(front, back);
    }

    fn words(&mut self, front: &[u16], back: &[u16]) {
        self.see(front, back);
    }

    fn numbers(&mut self, front: &[u64], back: &[u64]) {
        self.see(front, back);
    }

    fn signed(&mut self, front: &[i32], back: &[i32]) {
        self.see(front, back);
    }

    fn singles(&mut self, front: &[f32], back: &[f32]) {
        self.see(front, back);
    }

    fn doubles(&mut self, front: &[f64], back: &[f64]) {
        self.see(front, back);
    }

    fn owned(&mut self, front: Vec<Vec<u8>>) {
        self.see(&front[0], &front[1]);
    }
}

/// A call that lends two parts of a buffer of so many elements.
type Call = fn(&host::Borrowing, u32) -> abide::Result<(u32, u32)>;

/// Every kind of argument that is borrowed, with the size of its elements.
const KINDS: [(&str, usize, Call); 7] = [
    ("string", 1, |guest, length| guest.texts(length)),
    ("list<u8>", size_of::<u8>(), |guest, length| {
        guest.bytes(length)
    }),
    ("list<u16>", size_of::<u16>(), |guest, length| {
        guest.words(length)
    }),
    ("list<u64>", size_of::<u64>(), |guest, length| {
        guest.numbers(length)
    }),
    ("list<s32>", size_of::<i32>(), |guest, length| {
        guest.signed(length)
    }),
    ("list<f32>", size_of::<f32>(), |guest, length| {
        guest.singles(length)
    }),
    ("list<f64>", size_of::<f64>(), |guest, length| {
        guest.doubles(length)
    }),
];

fn load(target: Target) -> (host::Borrowing, Host) {
    let host = Host::default();
    let guest = host::Borrowing::builder(host.clone())
        .limits(Limits::default().deadline(Duration::from_secs(60)))
        .load(support::guest("borrowing", target))
        .unwrap();
    (guest, host)
}

#[test]
fn arguments_are_the_guests_own_memory() {
    for target in Target::ALL {
        let (guest, host) = load(target);
        let session = guest.session().unwrap();
        let mut memory = None;
        for (kind, size, call) in KINDS {
            // Small and huge: the allocator of the guest puts them in different places.
            for length in [3, 300, 3 * 1024 * 1024 / 8] {
                let (front, back) = call(&session, length).unwrap();
                let lent = host.last();
                let third = length as usize / 3;
                assert_eq!(lent.lengths, (third * 2, third * 2), "{kind}");
                assert!(lent.overlap, "{kind}");
                assert_eq!(lent.back - lent.front, third * size, "{kind}: two copies");
                assert_eq!((back - front) as usize, third * size, "{kind}");
                let base = lent.front - front as usize;
                assert_eq!(
                    *memory.get_or_insert(base),
                    base,
                    "{kind} of {length} stands elsewhere"
                );
            }
        }
    }
}

#[test]
fn each_instance_lends_its_own_memory() {
    let (guest, host) = load(Target::Unknown);
    let sessions = [guest.session().unwrap(), guest.session().unwrap()];
    let [first, second] = sessions.map(|session| {
        let (front, _) = session.bytes(300).unwrap();
        // Kept, so that the second instance cannot get the first one's place.
        (session, host.last().front - front as usize)
    });
    assert_ne!(first.1, second.1);
}

#[test]
fn a_list_of_lists_is_a_copy() {
    // The other way round, so that the tests above are known to be able to fail.
    let (guest, host) = load(Target::Wasip2);
    let session = guest.session().unwrap();
    let (front, _) = session.bytes(300).unwrap();
    let base = host.last().front - front as usize;
    session.owned().unwrap();
    let four_gib = 1 << 32;
    assert!(!(base..base + four_gib).contains(&host.last().front));
}

#[test]
fn nothing_can_be_lent_too() {
    let (guest, host) = load(Target::Wasip2);
    guest.nothing().unwrap();
    let lent = host.lent.lock().unwrap();
    assert_eq!(
        lent.iter().map(|lent| lent.lengths).collect::<Vec<_>>(),
        [(0, 0); 3]
    );
}
