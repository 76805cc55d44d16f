//! Arguments, the environment, clocks, random numbers, and the end of a guest.

use wasmtime_wasi::I32Exit;
use wasmtime_wasi::cli::WasiCliView as _;
use wasmtime_wasi::clocks::WasiClocksView as _;
use wasmtime_wasi::p2::bindings::cli::environment::Host as _;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock::Host as Monotonic;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::{Datetime, Host as Wall};
use wasmtime_wasi::p2::bindings::random::random::Host as _;

use super::errno::{Done, Errno};
use super::memory::Guest;
use crate::wasi::granted::Grants;

/// The clocks that there are: the time of day, and one that runs.
pub(super) const REALTIME: u32 = 0;
pub(super) const MONOTONIC: u32 = 1;

/// Ends the guest, whatever its code.
pub(super) fn exit(code: u32) -> wasmtime::Result<()> {
    Err(I32Exit(code.cast_signed()).into())
}

/// A time of day in nanoseconds.
pub(super) fn nanoseconds(time: Datetime) -> Done<u64> {
    let seconds = time.seconds.checked_mul(1_000_000_000);
    let all = seconds.and_then(|nanoseconds| nanoseconds.checked_add(time.nanoseconds.into()));
    Ok(all.ok_or(Errno::Overflow)?)
}

impl<T: Grants> Guest<'_, T> {
    /// What the environment is, as it stands in a guest's memory.
    fn variables(&mut self) -> Done<Vec<String>> {
        let variables = self.state.cli().get_environment()?.into_iter();
        Ok(variables
            .map(|(name, value)| format!("{name}={value}"))
            .collect())
    }

    /// Writes how many texts there are, and how many bytes, each with its zero.
    fn sizes(&mut self, texts: &[String], count: u32, bytes: u32) -> Done<()> {
        let all: usize = texts.iter().map(|text| text.len() + 1).sum();
        let all = u32::try_from(all).map_err(|_| Errno::Overflow)?;
        let len = u32::try_from(texts.len()).map_err(|_| Errno::Overflow)?;
        self.write_u32(count, len)?;
        self.write_u32(bytes, all)
    }

    /// Writes texts one behind the other, and where each of them begins.
    fn texts(&mut self, texts: &[String], mut places: u32, mut text: u32) -> Done<()> {
        for one in texts {
            self.write_u32(places, text)?;
            places = places.checked_add(4).ok_or(Errno::Fault)?;
            let len = u32::try_from(one.len()).map_err(|_| Errno::Overflow)?;
            self.write(text, one.as_bytes())?;
            text = text.checked_add(len).ok_or(Errno::Fault)?;
            self.write(text, &[0])?;
            text = text.checked_add(1).ok_or(Errno::Fault)?;
        }
        Ok(())
    }

    pub(super) fn args_get(&mut self, places: u32, text: u32) -> Done<()> {
        let args = self.state.cli().get_arguments()?;
        self.texts(&args, places, text)
    }

    pub(super) fn args_sizes_get(&mut self, count: u32, bytes: u32) -> Done<()> {
        let args = self.state.cli().get_arguments()?;
        self.sizes(&args, count, bytes)
    }

    pub(super) fn environ_get(&mut self, places: u32, text: u32) -> Done<()> {
        let variables = self.variables()?;
        self.texts(&variables, places, text)
    }

    pub(super) fn environ_sizes_get(&mut self, count: u32, bytes: u32) -> Done<()> {
        let variables = self.variables()?;
        self.sizes(&variables, count, bytes)
    }

    pub(super) fn clock_res_get(&mut self, clock: u32, place: u32) -> Done<()> {
        let mut clocks = self.state.clocks();
        let resolution = match clock {
            REALTIME => nanoseconds(Wall::resolution(&mut clocks)?)?,
            MONOTONIC => Monotonic::resolution(&mut clocks)?,
            _ => return Err(Errno::Badf.into()),
        };
        self.write_u64(place, resolution)
    }

    pub(super) fn clock_time_get(&mut self, clock: u32, _precision: u64, place: u32) -> Done<()> {
        let now = self.now(clock)?;
        self.write_u64(place, now)
    }

    /// What time it is by a clock.
    pub(super) fn now(&mut self, clock: u32) -> Done<u64> {
        let mut clocks = self.state.clocks();
        match clock {
            REALTIME => nanoseconds(Wall::now(&mut clocks)?),
            MONOTONIC => Ok(Monotonic::now(&mut clocks)?),
            _ => Err(Errno::Badf.into()),
        }
    }

    pub(super) fn random_get(&mut self, buffer: u32, len: u32) -> Done<()> {
        self.bytes(buffer, len)?;
        let view = self.state.ctx();
        let random = view.ctx.random().get_random_bytes(len.into())?;
        self.write(buffer, &random)
    }

    pub(super) fn proc_raise(&mut self, _signal: u32) -> Done<()> {
        Err(Errno::Notsup.into())
    }

    pub(super) fn sched_yield(&mut self) -> Done<()> {
        Ok(())
    }

    /// What every function of sockets says: preview 1 has none that makes any.
    fn no_socket(&mut self, fd: u32) -> Done<()> {
        self.descriptor(fd)?;
        Err(Errno::Notsock.into())
    }

    pub(super) fn sock_accept(&mut self, fd: u32, _flags: u32, _place: u32) -> Done<()> {
        self.no_socket(fd)
    }

    pub(super) fn sock_recv(
        &mut self,
        fd: u32,
        _buffers: u32,
        _count: u32,
        _flags: u32,
        _place: u32,
        _flags_place: u32,
    ) -> Done<()> {
        self.no_socket(fd)
    }

    pub(super) fn sock_send(
        &mut self,
        fd: u32,
        _buffers: u32,
        _count: u32,
        _flags: u32,
        _place: u32,
    ) -> Done<()> {
        self.no_socket(fd)
    }

    pub(super) fn sock_shutdown(&mut self, fd: u32, _how: u32) -> Done<()> {
        self.no_socket(fd)
    }
}
