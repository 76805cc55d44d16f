//! The calls, each as it is written with Abide and with `bindgen!`. Knows both, but not how either
//! is set up.

use std::hint::black_box;

use wasmtime::Store;

use crate::by_hand::{self, State, System};
use crate::through_abide;

/// A call of the guest, with its arguments.
pub(crate) trait Call: Clone + 'static {
    type Output;

    fn through_abide(&self, guest: &through_abide::Bench) -> abide::Result<Self::Output>;

    fn by_hand<S: System>(
        &self,
        guest: &by_hand::Bench,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<Self::Output>;

    /// Whether it is what the guest should return.
    fn is_right(&self, output: &Self::Output) -> bool;

    /// How many operations a call is.
    fn operations(&self) -> u32 {
        1
    }
}

/// `add`.
#[derive(Debug, Clone)]
pub(crate) struct Add;

impl Call for Add {
    type Output = u32;

    fn through_abide(&self, guest: &through_abide::Bench) -> abide::Result<u32> {
        guest.add(black_box(2), black_box(3))
    }

    fn by_hand<S: System>(
        &self,
        guest: &by_hand::Bench,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<u32> {
        guest.call_add(store, black_box(2), black_box(3))
    }

    fn is_right(&self, output: &u32) -> bool {
        *output == 5
    }
}

/// `greet`.
#[derive(Debug, Clone)]
pub(crate) struct Greet;

impl Call for Greet {
    type Output = String;

    fn through_abide(&self, guest: &through_abide::Bench) -> abide::Result<String> {
        guest.greet(black_box("Grace"))
    }

    fn by_hand<S: System>(
        &self,
        guest: &by_hand::Bench,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<String> {
        guest.call_greet(store, black_box("Grace"))
    }

    fn is_right(&self, output: &String) -> bool {
        output == "Hello, Grace!"
    }
}

/// `echo` of some bytes.
#[derive(Debug, Clone)]
pub(crate) struct Echo(Vec<u8>);

impl Echo {
    pub(crate) fn of(size: usize) -> Self {
        Self((0..=u8::MAX).cycle().take(size).collect())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Call for Echo {
    type Output = Vec<u8>;

    fn through_abide(&self, guest: &through_abide::Bench) -> abide::Result<Vec<u8>> {
        guest.echo(black_box(&self.0))
    }

    fn by_hand<S: System>(
        &self,
        guest: &by_hand::Bench,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<Vec<u8>> {
        guest.call_echo(store, black_box(&self.0))
    }

    fn is_right(&self, output: &Vec<u8>) -> bool {
        *output == self.0
    }
}

/// `push`: the import `take`, many times.
#[derive(Debug, Clone)]
pub(crate) struct Push {
    pub(crate) size: u32,
    pub(crate) times: u32,
}

impl Call for Push {
    type Output = ();

    fn through_abide(&self, guest: &through_abide::Bench) -> abide::Result<()> {
        guest.push(self.size, self.times)
    }

    fn by_hand<S: System>(
        &self,
        guest: &by_hand::Bench,
        store: &mut Store<State<S>>,
    ) -> wasmtime::Result<()> {
        guest.call_push(store, self.size, self.times)
    }

    fn is_right(&self, (): &()) -> bool {
        true
    }

    fn operations(&self) -> u32 {
        self.times
    }
}

/// What a host does with bytes that it takes: it looks at their number, the first and the last.
pub(crate) fn glance(bytes: &[u8]) -> u64 {
    match black_box(bytes) {
        [] => 0,
        [first, .., last] => bytes.len() as u64 + u64::from(*first) + u64::from(*last),
        [only] => 1 + u64::from(*only),
    }
}
