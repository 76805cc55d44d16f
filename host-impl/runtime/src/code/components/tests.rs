//! What is shared and what is not, with real components.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use wasmtime::component::Component;

use super::*;
use crate::code::compile::PROCESS;
use crate::engine::Engine;
use crate::error::Result;

const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn work(
    engine: &Engine,
    runs: &Arc<AtomicUsize>,
) -> impl FnOnce() -> Result<Compiled, Failure> + Send + 'static {
    let (engine, runs) = (engine.wasmtime().clone(), Arc::clone(runs));
    move || {
        runs.fetch_add(1, Ordering::Relaxed);
        let compiled = Component::from_binary(&engine, COMPONENT);
        compiled
            .map(Compiled::Component)
            .map_err(|error| Failure::Refused(Arc::from(error.to_string())))
    }
}

fn key() -> Hash {
    blake3::hash(COMPONENT)
}

#[test]
fn threads_that_come_at_the_same_time_share_one_compilation() -> Result<()> {
    const THREADS: usize = 8;
    let engine = Engine::new()?;
    let runs = Arc::default();
    let (components, start) = (engine.components(), Barrier::new(THREADS));
    let codes: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    components.compile(&PROCESS, key(), None, work(&engine, &runs))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap().unwrap())
            .collect()
    });
    assert!(codes.iter().all(|code| Arc::ptr_eq(code, &codes[0])));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    Ok(())
}

#[test]
fn code_is_shared_while_it_is_used_and_no_longer() -> Result<()> {
    let engine = Engine::new()?;
    let components = engine.components();
    let runs = Arc::default();
    let load = || components.compile(&PROCESS, key(), None, work(&engine, &runs));
    let first = load().unwrap();
    assert!(Arc::ptr_eq(&first, &load().unwrap()));
    assert!(components.in_use(&key()).is_some());
    drop(first);
    wait_until_unused(components);
    let component = load().unwrap().compiled.clone();
    assert_eq!(runs.load(Ordering::Relaxed), 2);
    wait_until_unused(components);
    // The next to enter something sweeps up.
    let other = blake3::hash(b"another");
    let adopted = components.adopt(other, component);
    assert!(
        components
            .in_use(&other)
            .is_some_and(|code| Arc::ptr_eq(&code, &adopted))
    );
    assert_eq!(components.entries.lock().len(), 1);
    Ok(())
}

/// Waits until nobody has the code. The thread that compiled it lets go of it shortly after the
/// others have it.
fn wait_until_unused(components: &Components) {
    let begun = Instant::now();
    while components.in_use(&key()).is_some() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it is kept");
        thread::yield_now();
    }
}

#[test]
fn a_failure_is_told_to_all_who_wait_and_then_forgotten() -> Result<()> {
    let engine = Engine::new()?;
    let components = engine.components();
    let refused = Failure::Refused(Arc::from("no"));
    let failed = components.compile(&PROCESS, key(), None, {
        let refused = refused.clone();
        move || Err(refused)
    });
    assert_eq!(failed.err(), Some(refused));
    let panicked = components.compile(&PROCESS, key(), None, || panic!("ouch"));
    assert_eq!(panicked.err(), Some(Failure::Panicked(Arc::from("ouch"))));
    let runs = Arc::default();
    assert!(
        components
            .compile(&PROCESS, key(), None, work(&engine, &runs))
            .is_ok()
    );
    Ok(())
}

#[test]
fn who_has_no_time_leaves_and_who_has_gets_the_code() -> Result<()> {
    let engine = Engine::new()?;
    let components = engine.components();
    let runs = Arc::default();
    let work = work(&engine, &runs);
    let (release, held) = std::sync::mpsc::channel::<()>();
    let slow = move || {
        let _ = held.recv();
        work()
    };
    let soon = Instant::now() + Duration::from_millis(1);
    let outcome = components.compile(&PROCESS, key(), Some(soon), slow);
    assert_eq!(outcome.err(), Some(Failure::TimedOut));
    // It still runs, and is joined and not begun again.
    let Some(Found::Compiling(job)) = components.find(&key()) else {
        panic!("it ended by itself");
    };
    let code = thread::scope(|scope| {
        let twice = || Err(Failure::Refused(Arc::from("twice")));
        let waiting = scope.spawn(move || components.compile(&PROCESS, key(), None, twice));
        while job.waiting() == 0 {
            thread::yield_now();
        }
        drop(release);
        waiting.join().unwrap()
    });
    assert_eq!(code.err(), None);
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    Ok(())
}
