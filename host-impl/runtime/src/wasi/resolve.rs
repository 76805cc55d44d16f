//! Names are looked up for guests, a few at a time.
//!
//! The system's resolver takes a thread for each name until it has an answer, and cannot be
//! interrupted. So guests wait in line for one, each for no longer than its call may take.

use std::net::{IpAddr, ToSocketAddrs as _};

use wasmtime_wasi::p2::bindings::sockets::network::ErrorCode;
use wasmtime_wasi::runtime::spawn_blocking;

use crate::guard::quota::Share;

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

    use wasmtime_wasi::runtime::spawn;

    use super::*;
    use crate::guard::limits::Limits;
    use crate::guard::quota::Quota;

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
}
