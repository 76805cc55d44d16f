//! Guests that are called by a host that a guest called.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use abide::{Error, Isolation};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{App, host};

use super::{LAB, PUT, engine, lab, on, patient, several};

type Nested = Pin<Box<dyn Future<Output = u32> + Send>>;

#[test]
fn calls_that_are_awaited_nest_as_deep_as_there_are_instances() {
    const DEEP: u32 = 60;
    let inner = Arc::new(OnceLock::<Lab>::new());
    let left = Arc::new(AtomicU32::new(DEEP));
    let called = Arc::clone(&inner);
    let counted = Arc::clone(&left);
    let app = App::calling(move || -> Nested {
        let lab = called.get().cloned();
        let again = counted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(1)
        });
        Box::pin(async move {
            tokio::task::yield_now().await;
            match (lab, again) {
                (Some(lab), Ok(_)) => lab.put_all(1).await.unwrap() + 1,
                _ => 0,
            }
        })
    });
    let lab = on(&engine(DEEP + 2), &app, patient(), Isolation::Fresh);
    let lab = inner.get_or_init(|| lab);
    // Each has a stack of its own: the thread's is not used up.
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let lab = lab.clone();
    let thread = small.spawn(move || super::single().block_on(lab.put_all(1)).unwrap());
    assert_eq!(thread.unwrap().join().unwrap(), DEEP);
}

/// A guest that blocks its thread, called on the stack of one that does not.
fn blocking_inside(deep: u32) -> (Lab, Arc<OnceLock<String>>) {
    let said = Arc::new(OnceLock::new());
    let builder = host::Lab::builder(App::default()).engine(&engine(4));
    let inner = builder.limits(patient()).load_bytes(&*LAB).unwrap();
    let told = Arc::clone(&said);
    let app = App::calling(move || {
        let (inner, told) = (inner.clone(), Arc::clone(&told));
        async move {
            tokio::task::yield_now().await;
            let result = inner.deep(deep);
            let text = result
                .as_ref()
                .map_or_else(ToString::to_string, u32::to_string);
            let _ = told.set(text);
            result.unwrap_or(0)
        }
    });
    (lab(&app, patient(), Isolation::Fresh), said)
}

#[test]
fn a_guest_that_blocks_runs_on_the_stack_of_one_that_waits() {
    let (lab, _) = blocking_inside(1000);
    assert_eq!(several().block_on(lab.put_all(2)).unwrap(), 2000);
}

#[test]
fn its_stack_ends_before_the_one_that_it_runs_on() {
    let (lab, said) = blocking_inside(10_000_000);
    // The outer guest is as deep as it gets before that, almost.
    assert_eq!(several().block_on(lab.deep_put(4000)).unwrap(), 4000);
    let text = said.get().unwrap();
    assert!(text.contains("stack"), "{text}");
}

#[test]
fn guests_that_block_inside_of_one_another_are_counted_from_the_stack_that_they_run_on() {
    // The outer one is awaited; those inside of it block, each inside of the one before.
    let innermost = Arc::new(OnceLock::<host::Lab>::new());
    let depth = Arc::new(AtomicU32::new(0));
    #[derive(Clone)]
    struct Deeper(Arc<OnceLock<host::Lab>>, Arc<AtomicU32>);
    impl host::Store for Deeper {
        fn put(&mut self, _: &str, _: &[u8]) -> u32 {
            self.1.fetch_add(1, Ordering::Relaxed);
            match self.0.get().map(|lab| lab.deep_put(1000)) {
                Some(Ok(depth)) => depth,
                Some(Err(Error::TooDeep { .. })) => 1,
                other => panic!("{other:?}"),
            }
        }
        fn now(&mut self) -> u64 {
            0
        }
    }
    let host = Deeper(Arc::clone(&innermost), Arc::clone(&depth));
    let builder = host::Lab::builder(host).engine(&engine(16));
    let blocking = builder.limits(patient()).load_bytes(&*LAB).unwrap();
    let blocking = innermost.get_or_init(|| blocking).clone();
    let app = App::calling(move || {
        let blocking = blocking.clone();
        async move {
            tokio::task::yield_now().await;
            blocking.deep_put(1000).unwrap()
        }
    });
    let lab = lab(&app, patient(), Isolation::Fresh);
    assert!(several().block_on(lab.deep_put(1000)).unwrap() > PUT);
    // One guest is awaited, and three in all may be inside of one another on a stack.
    assert_eq!(depth.load(Ordering::Relaxed), 2);
}

/// A guest that is awaited by a host's function that blocks, inside of a guest that blocks; and the
/// same once more, as deep as that goes.
#[test]
fn calls_are_waited_for_inside_of_guests_that_block_at_the_end_of_each_stack() {
    let runtime = Arc::new(several());
    let innermost = Arc::new(OnceLock::<String>::new());
    // At the bottom a guest of `host` that overflows its stack.
    let engine = engine(16);
    let builder = host::Lab::builder(App::default()).engine(&engine);
    let bottom = builder.limits(patient()).load_bytes(&*LAB).unwrap();
    let told = Arc::clone(&innermost);
    let app = App::calling(move || {
        let (bottom, told) = (bottom.clone(), Arc::clone(&told));
        async move {
            tokio::task::yield_now().await;
            let error = bottom.deep(10_000_000).unwrap_err();
            let _ = told.set(error.to_string());
            1
        }
    });
    let awaited = on(&engine, &app, patient(), Isolation::Fresh);
    #[derive(Clone)]
    struct Waits(
        Lab,
        Arc<tokio::runtime::Runtime>,
        Arc<OnceLock<host::Lab>>,
        Arc<AtomicU32>,
    );
    impl host::Store for Waits {
        fn put(&mut self, _: &str, _: &[u8]) -> u32 {
            // As deep as a thread lets guests be, and then one that is awaited.
            let deeper = self.2.get().map(|lab| lab.deep_put(DEEP));
            match deeper {
                Some(Ok(depth)) => depth,
                Some(Err(Error::TooDeep { .. })) => {
                    self.3.fetch_add(1, Ordering::Relaxed);
                    self.1.block_on(self.0.deep_put(DEEP)).unwrap()
                }
                other => panic!("{other:?}"),
            }
        }
        fn now(&mut self) -> u64 {
            0
        }
    }
    // Most of the stack of a guest.
    const DEEP: u32 = 4000;
    let this = Arc::new(OnceLock::new());
    let waited = Arc::new(AtomicU32::new(0));
    let host = Waits(awaited, runtime, Arc::clone(&this), Arc::clone(&waited));
    let builder = host::Lab::builder(host).engine(&engine).limits(patient());
    let outer = builder.load_bytes(&*LAB).unwrap();
    let outer = this.get_or_init(|| outer);
    // Two megabytes, as Rust gives to a thread.
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    let outer = outer.clone();
    let depth = thread.spawn(move || outer.deep_put(DEEP).unwrap());
    assert_eq!(depth.unwrap().join().unwrap(), 4 * DEEP + 1);
    assert_eq!(waited.load(Ordering::Relaxed), 1);
    let text = innermost.get().unwrap();
    assert!(text.contains("stack"), "{text}");
}
