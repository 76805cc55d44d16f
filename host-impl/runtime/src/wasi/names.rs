//! The interface by which guests look up names.
//!
//! It says who may, and hands out what was found. How a name is found is the job of `resolve`.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::vec;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress, Network};
use wasmtime_wasi::p2::{Pollable, subscribe};
use wasmtime_wasi::runtime::{AbortOnDropJoinHandle, spawn};

use super::granted::{Grants, close};
use super::resolve::{look_up, resolve};
use crate::guard::quota::Share;

/// The interface under the name that wasmtime-wasi gives it, so that this one takes its place.
const LOOKUP: &str = "wasi:sockets/ip-name-lookup@0.2.12";

type Cx<'a, T> = StoreContextMut<'a, T>;
type Found = Result<vec::IntoIter<IpAddr>, ErrorCode>;

/// The answer to a guest that looks up a name.
enum Answer {
    Awaited(AbortOnDropJoinHandle<Found>),
    There(Found),
}

/// Adds the interface.
pub(super) fn link<T: Grants>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    let mut lookup = linker.instance(LOOKUP)?;
    let answer = ResourceType::host::<Answer>();
    lookup.resource("resolve-address-stream", answer, close::<T, Answer>)?;
    lookup.func_wrap(
        "resolve-addresses",
        |mut cx: Cx<'_, T>, (network, name): (Resource<Network>, String)| {
            let granted = cx.data_mut().granted();
            granted.table.get(&network)?;
            if !granted.may_look_up() {
                return Ok((Err(ErrorCode::PermanentResolverFailure),));
            }
            match Answer::of(&name, granted.share()) {
                Answer::There(Err(code)) => Ok((Err(code),)),
                answer => Ok((Ok(granted.table.push(answer)?),)),
            }
        },
    )?;
    lookup.func_wrap(
        "[method]resolve-address-stream.resolve-next-address",
        |mut cx: Cx<'_, T>, (answer,): (Resource<Answer>,)| {
            let answer = cx.data_mut().granted().table.get_mut(&answer)?;
            Ok((answer.next(),))
        },
    )?;
    lookup.func_wrap(
        "[method]resolve-address-stream.subscribe",
        |mut cx: Cx<'_, T>, (answer,): (Resource<Answer>,)| {
            Ok((subscribe(&mut cx.data_mut().granted().table, answer)?,))
        },
    )
}

impl Answer {
    fn of(name: &str, share: &Share) -> Self {
        let domain = match url::Host::parse(name) {
            Ok(url::Host::Domain(domain)) => domain,
            Ok(url::Host::Ipv4(ip)) => return Self::one(ip.into()),
            Ok(url::Host::Ipv6(ip)) => return Self::one(ip.into()),
            // One without brackets is no host of a URL.
            Err(_) => match name.parse::<Ipv6Addr>() {
                Ok(ip) => return Self::one(ip.into()),
                Err(_) => return Self::There(Err(ErrorCode::InvalidArgument)),
            },
        };
        let share = share.clone();
        Self::Awaited(spawn(async move {
            let found = look_up(domain, &share, resolve).await;
            found.map(Vec::into_iter)
        }))
    }

    fn one(ip: IpAddr) -> Self {
        Self::There(Ok(vec![ip].into_iter()))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<&mut Found> {
        if let Self::Awaited(found) = self {
            match Pin::new(found).poll(cx) {
                Poll::Ready(found) => *self = Self::There(found),
                Poll::Pending => return Poll::Pending,
            }
        }
        match self {
            Self::There(found) => Poll::Ready(found),
            Self::Awaited(_) => Poll::Pending,
        }
    }

    fn next(&mut self) -> Result<Option<IpAddress>, ErrorCode> {
        match self.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Err(ErrorCode::WouldBlock),
            Poll::Ready(Ok(found)) => Ok(found.next().map(IpAddress::from)),
            Poll::Ready(Err(code)) => Err(*code),
        }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Answer {
    async fn ready(&mut self) {
        poll_fn(|cx| self.poll(cx).map(|_| ())).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::guard::limits::Limits;
    use crate::guard::quota::Quota;

    #[test]
    fn addresses_are_no_names_and_text_is_neither() {
        let share = Share::new(&Arc::new(Quota::new(1, 1)), &Limits::new());
        for (text, ip) in [("127.0.0.1", "127.0.0.1"), ("[::1]", "::1"), ("::1", "::1")] {
            let Answer::There(Ok(found)) = Answer::of(text, &share) else {
                panic!("{text} is looked up");
            };
            let ip: IpAddr = ip.parse().unwrap();
            assert_eq!(found.collect::<Vec<_>>(), [ip]);
        }
        for text in ["", "a b", "http://a", "a\0b"] {
            assert!(
                matches!(
                    Answer::of(text, &share),
                    Answer::There(Err(ErrorCode::InvalidArgument))
                ),
                "{text}"
            );
        }
    }
}
