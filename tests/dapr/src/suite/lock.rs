//! Locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use abide_dapr::host_async::Lock as _;
use abide_dapr::lock::Unlocked;
use abide_dapr_host::Error;

use crate::{Backend, Random};

/// Many want a lock, and never do two have it.
pub async fn never_two_holders(backend: Backend) {
    let app = Random::new().name("locks");
    if !backend.can.locks {
        let refused = backend.dapr.host(&app).try_lock("lock", "r", "me", 1).await;
        let is_clear = matches!(refused, Err(Error::Unsupported(_) | Error::NoComponent(_)));
        assert!(is_clear, "{refused:?}");
        return;
    }
    let held = Arc::new(AtomicBool::new(false));
    let taken = Arc::new(AtomicUsize::new(0));
    let tasks = (0..8).map(|task| {
        let (held, taken) = (Arc::clone(&held), Arc::clone(&taken));
        let mut host = backend.dapr.host(&app);
        tokio::spawn(async move {
            let owner = format!("owner {task}");
            while taken.load(Ordering::SeqCst) < 200 {
                if !host.try_lock("lock", "resource", &owner, 60).await.unwrap() {
                    let unlocked = host.unlock("lock", "resource", &owner).await.unwrap();
                    assert_ne!(unlocked, Unlocked::Success, "it was another's");
                    tokio::task::yield_now().await;
                    continue;
                }
                assert!(!held.swap(true, Ordering::SeqCst), "two have it");
                tokio::task::yield_now().await;
                taken.fetch_add(1, Ordering::SeqCst);
                held.store(false, Ordering::SeqCst);
                let unlocked = host.unlock("lock", "resource", &owner).await.unwrap();
                assert_eq!(unlocked, Unlocked::Success);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// Locks expire, are not taken twice, and are given back by their owners only.
pub async fn locks_expire(backend: Backend) {
    if !backend.can.locks {
        return;
    }
    let mut host = backend.dapr.host(&Random::new().name("expire"));
    assert_eq!(host.unlock("lock", "r", "a").await, Ok(Unlocked::NotHeld));
    assert_eq!(host.try_lock("lock", "r", "a", 1).await, Ok(true));
    assert_eq!(host.try_lock("lock", "r", "a", 1).await, Ok(false));
    assert_eq!(host.try_lock("lock", "r", "b", 1).await, Ok(false));
    assert_eq!(host.try_lock("lock", "other", "b", 60).await, Ok(true));
    assert_eq!(host.unlock("lock", "r", "b").await, Ok(Unlocked::OfAnother));
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(host.unlock("lock", "r", "a").await, Ok(Unlocked::NotHeld));
    assert_eq!(host.try_lock("lock", "r", "b", 60).await, Ok(true));
    assert_eq!(host.unlock("lock", "r", "a").await, Ok(Unlocked::OfAnother));
    assert_eq!(host.unlock("lock", "r", "b").await, Ok(Unlocked::Success));
    for (resource, owner, seconds) in [("", "a", 1), ("r", "", 1), ("r", "a", 0), ("a||b", "a", 1)]
    {
        let refused = host.try_lock("lock", resource, owner, seconds).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    let error = host.try_lock("nowhere", "r", "a", 1).await;
    assert_eq!(error, Err(Error::NoComponent("nowhere".to_owned())));
}
