//! The same parts for hosts that are awaited. None of them waits: what each does is written once, for
//! `host`.

use abide_common::log::Level;
use abide_common::random::Error;
use abide_common::{host, host_async};

use crate::{Environment, FixedClock, SeededRandom, SystemClock, SystemRandom, TracingLog};

/// Implements traits of `host_async` by those of `host`.
macro_rules! never_wait {
    ($($interface:ident for $($part:ident),+ {
        $(fn $name:ident(&mut self $(, $argument:ident: $ty:ty)*) $(-> $result:ty)?;)+
    })+) => {
        $(never_wait!(@ $interface [$($part)+] {
            $(fn $name(&mut self $(, $argument: $ty)*) $(-> $result)?;)+
        });)+
    };
    (@ $interface:ident [] $methods:tt) => {};
    (@ $interface:ident [$part:ident $($parts:ident)*] {
        $(fn $name:ident(&mut self $(, $argument:ident: $ty:ty)*) $(-> $result:ty)?;)+
    }) => {
        impl host_async::$interface for $part {
            $(async fn $name(&mut self $(, $argument: $ty)*) $(-> $result)? {
                host::$interface::$name(self $(, $argument)*)
            })+
        }
        never_wait!(@ $interface [$($parts)*] {
            $(fn $name(&mut self $(, $argument: $ty)*) $(-> $result)?;)+
        });
    };
}

never_wait! {
    Clock for SystemClock, FixedClock {
        fn now_ms(&mut self) -> u64;
        fn monotonic_ns(&mut self) -> u64;
    }
    Random for SystemRandom, SeededRandom {
        fn bytes(&mut self, len: u32) -> Result<Vec<u8>, Error>;
        fn number(&mut self) -> u64;
    }
    Log for TracingLog {
        fn log(&mut self, level: Level, target: &str, message: &str);
    }
    Environment for Environment {
        fn get(&mut self, name: &str) -> Option<String>;
        fn all(&mut self) -> Vec<(String, String)>;
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn what_is_awaited_is_there_at_once() {
        let mut clock = FixedClock::at_ms(7);
        let mut now = pin!(host_async::Clock::now_ms(&mut clock));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(now.as_mut().poll(&mut cx), Poll::Ready(7));
    }
}
