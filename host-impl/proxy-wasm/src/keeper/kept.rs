//! One VM, and what is counted of its use.

use std::time::{Duration, Instant};

use super::keep::Keep;
use crate::host::Host;
use crate::vm::FilterVm;

/// Why a VM takes no new streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaves {
    /// There is another plugin.
    Replaced,
    /// It has served its time.
    UsedUp,
}

/// A VM in use.
pub(super) struct Kept<H: Host> {
    pub(super) number: u64,
    pub(super) vm: Box<dyn FilterVm<H>>,
    started: Instant,
    opened: u64,
    closed: u64,
    /// Since when it takes no new streams.
    leaving: Option<Instant>,
    /// Whether its plugin was asked to end.
    is_asked: bool,
}

impl<H: Host> Kept<H> {
    pub(super) fn new(number: u64, vm: Box<dyn FilterVm<H>>, now: Instant) -> Self {
        Self {
            number,
            vm,
            started: now,
            opened: 0,
            closed: 0,
            leaving: None,
            is_asked: false,
        }
    }

    pub(super) fn opens(&mut self) {
        self.opened += 1;
    }

    pub(super) fn closes(&mut self) {
        self.closed += 1;
    }

    pub(super) fn leaves(&mut self) {
        self.leaving = Some(Instant::now());
    }

    pub(super) fn has_streams(&self) -> bool {
        self.opened != self.closed
    }

    /// Whether a stream of it was through.
    pub(super) fn was_of_use(&self) -> bool {
        self.closed != 0
    }

    /// Whether another is to take its place.
    pub(super) fn is_used_up(&self, keep: &Keep, now: Instant) -> bool {
        let has_served = |most| self.opened >= most;
        let is_old = |most| now.duration_since(self.started) >= most;
        let is_large = |most| self.vm.memory().is_ok_and(|memory| memory >= most);
        keep.max_streams.is_some_and(has_served)
            || keep.max_age.is_some_and(is_old)
            || keep.max_memory.is_some_and(is_large)
    }

    /// Whether its time is over.
    pub(super) fn is_over(&self, drain: Duration) -> bool {
        let leaving = self.leaving.is_some_and(|since| since.elapsed() >= drain);
        leaving || !self.vm.is_alive()
    }

    /// Whether it has no streams, and its plugin has ended. It is asked once; one that wants time has
    /// it as long as there is some.
    pub(super) fn is_done(&mut self) -> bool {
        if self.has_streams() || self.is_asked {
            return false;
        }
        self.is_asked = true;
        self.vm.finish().unwrap_or(true)
    }
}
