//! Names that guests look up, a few at a time.
//!
//! The system's resolver takes a thread for each name until it has an answer, and cannot be
//! interrupted. So guests wait in line for one, each for no longer than its call may take.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv6Addr, ToSocketAddrs as _};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::vec;

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, ResourceType};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress, Network};
use wasmtime_wasi::p2::{Pollable, subscribe};
use wasmtime_wasi::runtime::{AbortOnDropJoinHandle, spawn, spawn_blocking};

use crate::quota::Share;
use crate::state::State;

/// The interface under the name that wasmtime-wasi gives it, so that this one takes its place.
const LOOKUP: &str = "wasi:sockets/ip-name-lookup@0.2.12";

type Cx<'a> = StoreContextMut<'a, State>;
type Found = Result<vec::IntoIter<IpAddr>, ErrorCode>;

/// The answer to a guest that looks up a name.
enum Answer {
    Awaited(AbortOnDropJoinHandle<Found>),
    There(Found),
}

/// Adds the interface.
pub(super) fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut lookup = linker.instance(LOOKUP)?;
    lookup.resource(
        "resolve-address-stream",
        ResourceType::host::<Answer>(),
        |mut cx, rep| {
            let table = &mut cx.data_mut().granted().table;
            let answer = table.delete(Resource::<Answer>::new_own(rep));
            answer.map(drop).map_err(Into::into)
        },
    )?;
    lookup.func_wrap(
        "resolve-addresses",
        |mut cx: Cx<'_>, (network, name): (Resource<Network>, String)| {
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
        |mut cx: Cx<'_>, (answer,): (Resource<Answer>,)| {
            let answer = cx.data_mut().granted().table.get_mut(&answer)?;
            Ok((answer.next(),))
        },
    )?;
    lookup.func_wrap(
        "[method]resolve-address-stream.subscribe",
        |mut cx: Cx<'_>, (answer,): (Resource<Answer>,)| {
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

/// Has a name looked up on a thread, as soon as it may be.
pub(super) async fn look_up(
    domain: String,
    share: &Share,
    resolve: fn(&str) -> Result<Vec<IpAddr>, ErrorCode>,
) -> Result<Vec<IpAddr>, ErrorCode> {
    let lookup = share.look_up().await;
    // The thread goes on when nobody waits for it any more, and has the right to until then.
    let found = spawn_blocking(move || {
        let found = resolve(&domain);
        drop(lookup);
        found
    });
    found.await
}

/// Asks the system.
pub(super) fn resolve(domain: &str) -> Result<Vec<IpAddr>, ErrorCode> {
    let found = (domain, 0).to_socket_addrs();
    let found = found.map_err(|_| ErrorCode::NameUnresolvable)?;
    Ok(found.map(|found| found.ip().to_canonical()).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::limits::Limits;
    use crate::quota::Quota;

    static NOW: AtomicUsize = AtomicUsize::new(0);
    static MOST: AtomicUsize = AtomicUsize::new(0);

    /// A resolver that takes its time and counts who asks at the same time.
    fn slow(_: &str) -> Result<Vec<IpAddr>, ErrorCode> {
        MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        NOW.fetch_sub(1, Ordering::SeqCst);
        Ok(Vec::new())
    }

    #[test]
    fn names_take_no_more_threads_than_they_may_even_if_nobody_waits() {
        let engine = Arc::new(Quota::new(1, 3));
        let share = || Share::new(&engine, &Limits::new().name_lookups(2));
        let (one, other) = (share(), share());
        let ask = |share: &Share| {
            let share = share.clone();
            spawn(async move { look_up("slow".to_owned(), &share, slow).await })
        };
        // Given up at once, one after the other: what runs already goes on.
        for _ in 0..50 {
            drop([ask(&one), ask(&other)]);
            std::thread::yield_now();
        }
        let waited: Vec<_> = (0..20).flat_map(|_| [ask(&one), ask(&other)]).collect();
        wasmtime_wasi::runtime::in_tokio(async {
            for answer in waited {
                assert!(answer.await.is_ok());
            }
        });
        let most = MOST.load(Ordering::SeqCst);
        assert!((1..=3).contains(&most), "{most} at the same time");
    }

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
