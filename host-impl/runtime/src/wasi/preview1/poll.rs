//! Waiting for one of several things, for no longer than the call may take.
//!
//! Of what preview 1 knows, only clocks and the standard input have anything to wait for.

use wasmtime::component::Resource;
use wasmtime_wasi::clocks::WasiClocksView as _;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock::Host as _;
use wasmtime_wasi::p2::bindings::sync::io::poll::{Host as _, HostPollable};
use wasmtime_wasi::p2::bindings::sync::io::streams::HostInputStream as _;
use wasmtime_wasi::p2::{DynInputStream, DynPollable};

use super::descriptors::Descriptor;
use super::errno::{Done, Errno, Stop};
use super::memory::Guest;
use super::system::{MONOTONIC, REALTIME};
use crate::wasi::granted::Grants;
use crate::wasi::waiting::waiting;

/// The most that a guest waits for at once: no guest has as much open.
const MOST: u32 = 4096;

/// The sizes of what is waited for, and of what has come.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// What is waited for.
#[derive(Debug, Clone, Copy)]
enum For {
    /// So many nanoseconds to pass.
    Time(u64),
    Read(u32),
    Write(u32),
}

/// One of the things that a guest waits for.
#[derive(Debug, Clone, Copy)]
struct Subscription {
    /// What the guest knows it by.
    tag: u64,
    wanted: For,
}

/// What is known of something before anybody waits.
enum Now {
    /// It has come, or never will: that is told, too.
    Ready(Option<Errno>),
    /// It may come on the standard input, of this number.
    Input(u32),
    Later,
}

impl<T: Grants> Guest<'_, T> {
    pub(super) fn poll_oneoff(
        &mut self,
        subscriptions: u32,
        events: u32,
        count: u32,
        place: u32,
    ) -> Done<()> {
        if count == 0 || count > MOST {
            return Err(Errno::Inval.into());
        }
        self.bytes(subscriptions, count * SUBSCRIPTION)?;
        self.place(events, (count * EVENT) as usize)?;
        self.place(place, 4)?;
        // One after the other, as they stand in memory: they are read more than once.
        let (mut soonest, mut input, mut is_ready) = (None::<u64>, None, false);
        for number in 0..count {
            let wanted = self.subscription(subscriptions, number)?.wanted;
            match self.ready(wanted)? {
                Now::Ready(_) => is_ready = true,
                Now::Input(stream) => input = Some(stream),
                Now::Later => {}
            }
            if let For::Time(time) = wanted {
                soonest = Some(soonest.map_or(time, |soonest| soonest.min(time)));
            }
        }
        let mut has_input = false;
        let mut passed = 0;
        if !is_ready {
            (has_input, passed) = self.wait(soonest, input)?;
        }
        let mut written = 0;
        for number in 0..count {
            let Subscription { tag, wanted } = self.subscription(subscriptions, number)?;
            let error = match (self.ready(wanted)?, wanted) {
                (Now::Ready(error), _) => error,
                (Now::Input(_), _) if has_input => None,
                (Now::Later, For::Time(time)) if time <= passed => None,
                _ => continue,
            };
            self.event(events + written * EVENT, tag, wanted, error)?;
            written += 1;
        }
        self.write_u32(place, written)
    }

    /// The subscription of a number, whose place was looked at.
    fn subscription(&mut self, at: u32, number: u32) -> Done<Subscription> {
        let bytes = self.bytes(at + number * SUBSCRIPTION, SUBSCRIPTION)?;
        let (words, _) = bytes.as_chunks::<8>();
        let word = |index: usize| words.get(index).map_or(0, |word| u64::from_le_bytes(*word));
        let (tag, sort, first, timeout, flags) =
            (word(0), word(1) as u8, word(2) as u32, word(3), word(5));
        let wanted = match sort {
            0 => For::Time(self.left(first, timeout, flags & 1 != 0)?),
            1 => For::Read(first),
            2 => For::Write(first),
            _ => return Err(Errno::Inval.into()),
        };
        Ok(Subscription { tag, wanted })
    }

    /// How long it is until a clock says what a guest waits for.
    fn left(&mut self, clock: u32, timeout: u64, is_absolute: bool) -> Done<u64> {
        match (clock, is_absolute) {
            (REALTIME | MONOTONIC, false) => Ok(timeout),
            (REALTIME | MONOTONIC, true) => Ok(timeout.saturating_sub(self.now(clock)?)),
            _ => Err(Errno::Inval.into()),
        }
    }

    fn ready(&mut self, wanted: For) -> Done<Now> {
        let (fd, reads) = match wanted {
            For::Time(0) => return Ok(Now::Ready(None)),
            For::Time(_) => return Ok(Now::Later),
            For::Read(fd) => (fd, true),
            For::Write(fd) => (fd, false),
        };
        let descriptor = match self.descriptor(fd) {
            Ok(descriptor) => descriptor,
            Err(Stop::Errno(errno)) => return Ok(Now::Ready(Some(errno))),
            Err(ended) => return Err(ended),
        };
        Ok(match descriptor {
            Descriptor::Stdin { stream, .. } if reads => Now::Input(*stream),
            Descriptor::Stdout | Descriptor::Stderr if !reads => Now::Ready(None),
            Descriptor::File { .. } => Now::Ready(None),
            _ => Now::Ready(Some(Errno::Badf)),
        })
    }

    /// Waits for a time to pass and for input, whichever is first. Whether there is input, and how
    /// much time has passed that was waited for.
    fn wait(&mut self, soonest: Option<u64>, input: Option<u32>) -> Done<(bool, u64)> {
        let mut pollables: Vec<Resource<DynPollable>> = Vec::with_capacity(2);
        if let Some(time) = soonest {
            pollables.push(self.state.clocks().subscribe_duration(time)?);
        }
        if let Some(input) = input {
            let stream = Resource::<DynInputStream>::new_borrow(input);
            pollables.push(waiting(self.state).subscribe(stream)?);
        }
        let borrowed = pollables.iter().map(|one| Resource::new_borrow(one.rep()));
        let borrowed = borrowed.collect();
        let ready = waiting(self.state).poll(borrowed)?;
        let is_ready = |index: Option<usize>| {
            index.is_some_and(|index| ready.iter().any(|one| *one as usize == index))
        };
        let time = soonest.map(|_| 0);
        let input = input.map(|_| usize::from(soonest.is_some()));
        let found = (
            is_ready(input),
            match is_ready(time) {
                true => soonest.unwrap_or(0),
                false => 0,
            },
        );
        for pollable in pollables {
            HostPollable::drop(&mut waiting(self.state), pollable)?;
        }
        Ok(found)
    }

    fn event(&mut self, at: u32, tag: u64, wanted: For, error: Option<Errno>) -> Done<()> {
        let (sort, bytes) = match wanted {
            For::Time(_) => (0, 0),
            // How many there are is not known before they are read.
            For::Read(_) => (1, 1),
            For::Write(_) => (2, 1),
        };
        self.write(at, &[0; EVENT as usize])?;
        self.write_u64(at, tag)?;
        let error = error.map_or(0, |error| error as u16);
        self.write(at + 8, &error.to_le_bytes())?;
        self.write(at + 10, &[sort])?;
        self.write_u64(at + 16, bytes)
    }
}
