//! Warm instances: when one is kept, by whom it is seen, and when it is replaced.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use abide_host::{Engine, Error, Isolation, Limits, Warm};

use crate::kit::{App, Fail, KIT, Kit, component, limits};

fn warm(warm: Warm) -> Kit {
    loaded(warm, limits(), None)
}

fn loaded(warm: Warm, limits: Limits, engine: Option<&Engine>) -> Kit {
    let builder = Kit::builder(App::default()).isolation(warm).limits(limits);
    let builder = match engine {
        Some(engine) => builder.engine(engine),
        None => builder,
    };
    builder.load_bytes(component(KIT)).unwrap()
}

/// Until `done`, but not for ever.
fn wait_until(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "it never happened"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_instance_serves_one_call_after_another_of_all_clones() {
    let kit = warm(Warm::new());
    assert_eq!(kit.count().unwrap(), 1);
    assert_eq!(kit.clone().count().unwrap(), 2);
    assert_eq!(kit.count().unwrap(), 3);
    let stats = kit.stats();
    assert_eq!((stats.calls, stats.started, stats.instances), (3, 1, 1));
    assert!(stats.memory_peak >= 64 * 1024, "{stats:?}");
}

#[test]
fn handles_never_share_an_instance() {
    let (one, other) = (warm(Warm::new()), warm(Warm::new()));
    assert_eq!(one.count().unwrap(), 1);
    assert_eq!(other.count().unwrap(), 1);
    assert_eq!(one.session().unwrap().count().unwrap(), 1);
    assert_eq!(one.count().unwrap(), 2);
}

#[test]
fn fresh_instances_serve_one_call_each() {
    let kit = Kit::builder(App::default())
        .limits(limits())
        .isolation(Isolation::Fresh)
        .load_bytes(component(KIT))
        .unwrap();
    assert_eq!(kit.count().unwrap(), 1);
    assert_eq!(kit.count().unwrap(), 1);
    let stats = kit.stats();
    assert_eq!((stats.calls, stats.started, stats.instances), (2, 2, 0));
}

#[test]
fn any_failure_ends_the_instance_and_a_guests_own_error_does_not() {
    let kit = warm(Warm::new());
    for how in [
        Fail::Unreachable,
        Fail::HostPanic,
        Fail::HostRefuses,
        Fail::LogInvalidText,
    ] {
        assert_eq!(kit.count().unwrap(), 1);
        kit.halve(7).unwrap_err();
        assert_eq!(kit.count().unwrap(), 2);
        kit.bad().fail(how).unwrap_err();
    }
    assert_eq!(kit.count().unwrap(), 1);
    kit.bad().text().unwrap_err();
    assert_eq!(kit.count().unwrap(), 1, "a bad result ends it as well");
    let stats = kit.stats();
    assert_eq!(stats.failed_by_guest, 3);
    assert_eq!(stats.failed_by_host, 2);
    assert_eq!(stats.instances, 1);
}

#[test]
fn it_is_replaced_after_so_many_calls() {
    let kit = warm(Warm::new().max_calls(3));
    let counts: Vec<_> = (0..7).map(|_| kit.count().unwrap()).collect();
    assert_eq!(counts, [1, 2, 3, 1, 2, 3, 1]);
}

#[test]
fn it_is_replaced_when_it_is_too_old() {
    let kit = warm(Warm::new().max_age(Duration::from_millis(50)));
    assert_eq!(kit.count().unwrap(), 1);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn an_idle_one_goes_away_by_itself() {
    let kit = warm(Warm::new().max_idle(Duration::from_millis(50)));
    kit.count().unwrap();
    assert_eq!(kit.stats().instances, 1);
    wait_until(|| kit.stats().instances == 0);
    assert_eq!(kit.count().unwrap(), 1);
}

#[test]
fn calls_at_the_same_time_have_instances_of_their_own() {
    const THREADS: usize = 4;
    let engine = Engine::builder().instances(8).build().unwrap();
    let kit = loaded(Warm::new().max_parked(2), limits(), Some(&engine));
    let barrier = Arc::new(Barrier::new(THREADS));
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let (kit, barrier) = (kit.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                (0..500).for_each(|n| assert_eq!(kit.add(n, 1).unwrap(), n + 1));
            })
        })
        .collect();
    threads
        .into_iter()
        .for_each(|thread| thread.join().unwrap());
    let stats = kit.stats();
    assert_eq!(stats.calls, 2000);
    assert!(stats.instances <= 2, "{stats:?}");
}

#[test]
fn a_call_from_inside_of_an_import_has_another_instance() {
    let app = App::default();
    let kit = Kit::builder(app.clone())
        .isolation(Warm::new())
        .load_bytes(component(KIT))
        .unwrap();
    kit.count().unwrap();
    let again = kit.clone();
    *app.again.lock() = Some(Arc::new(move |_| again.count().unwrap()));
    assert_eq!(
        kit.again(0).unwrap(),
        1,
        "the inner call began at the beginning"
    );
    *app.again.lock() = None;
    assert_eq!(kit.stats().instances, 2);
}

#[test]
fn parked_instances_make_room_for_others() {
    let engine = Engine::builder().instances(2).build().unwrap();
    let limits = limits().wait(Duration::from_secs(30));
    let parked = loaded(Warm::new(), limits.clone(), Some(&engine));
    parked.count().unwrap();
    let others: Vec<_> = (0..2)
        .map(|_| loaded(Warm::new(), limits.clone(), Some(&engine)))
        .map(|other| other.session().unwrap())
        .collect();
    assert_eq!(parked.stats().instances, 0, "it had to go");
    drop(others);
    assert_eq!(parked.count().unwrap(), 1);
}

#[test]
fn an_instance_is_not_parked_while_somebody_waits_for_its_room() {
    let engine = Engine::builder().instances(1).build().unwrap();
    let limits = limits().wait(Duration::from_secs(30));
    let busy = loaded(Warm::new(), limits.clone(), Some(&engine));
    let waiting = loaded(Warm::new(), limits, Some(&engine));
    let stop = Arc::new(AtomicBool::new(false));
    let caller = {
        let (busy, stop) = (busy.clone(), Arc::clone(&stop));
        thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                busy.add(1, 2).unwrap();
            }
        })
    };
    for _ in 0..20 {
        assert_eq!(waiting.add(1, 2).unwrap(), 3);
    }
    stop.store(true, Ordering::Relaxed);
    caller.join().unwrap();
}

#[test]
fn a_full_engine_is_busy_after_the_wait() {
    let engine = Engine::builder().instances(1).build().unwrap();
    let limits = limits().wait(Duration::from_millis(30));
    let kit = loaded(Warm::new(), limits, Some(&engine));
    let session = kit.session().unwrap();
    let error = kit.count().unwrap_err();
    assert!(
        matches!(error, Error::Busy { session: false, .. }),
        "{error}"
    );
    assert!(error.is_transient());
    drop(session);
    assert_eq!(kit.count().unwrap(), 1);
}

/// A guest with more memories than two: an instance takes the room of three.
fn with_six_memories() -> String {
    KIT.replacen(
        "(core module $libc",
        "(core module $libc (memory $m1 1) (memory $m2 1) (memory $m3 1) (memory $m4 1) (memory $m5 1)",
        1,
    )
    .replacen("(memory (export \"memory\") 16)", "(memory $m0 16) (export \"memory\" (memory $m0))", 1)
}

#[test]
fn guests_with_many_memories_take_the_room_of_several_instances() {
    let engine = Engine::builder().instances(3).build().unwrap();
    let limits = limits().wait(Duration::from_millis(30));
    let many = Kit::builder(App::default())
        .engine(&engine)
        .limits(limits.clone())
        .load_bytes(component(&with_six_memories()))
        .unwrap();
    let one = loaded(Warm::new(), limits.clone(), Some(&engine));
    let other = loaded(Warm::new(), limits, Some(&engine));
    one.count().unwrap();
    other.count().unwrap();

    // Parked instances go until there is enough.
    let session = many.session().unwrap();
    assert_eq!((one.stats().instances, other.stats().instances), (0, 0));
    let error = one.count().unwrap_err();
    assert!(
        matches!(error, Error::Busy { waited, .. } if waited >= Duration::from_millis(30)),
        "{error}"
    );
    drop(session);
    let all: Vec<_> = (0..3).map(|_| one.session().unwrap()).collect();
    assert!(matches!(many.count().unwrap_err(), Error::Busy { .. }));
    drop(all);
    assert_eq!(many.count().unwrap(), 1);

    // Whoever needs more than there is is told so, and keeps nobody waiting who does not.
    let two: Vec<_> = (0..2).map(|_| one.session().unwrap()).collect();
    let error = many.count().unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `guest` could not be called for `count`: it takes the room of 3 instances, because of its many \
         memories or tables, and the engine had room for 1 after 30ms of waiting; call it less often at the same \
         time, or wait longer with `Limits::wait`"
    );
    assert!(matches!(
        error,
        Error::Busy {
            needed: 3,
            free: 1,
            ..
        }
    ));
    thread::scope(|scope| {
        let waits = scope.spawn(|| many.count().map(drop));
        while !waits.is_finished() {
            one.count().unwrap();
        }
    });
    drop(two);
}

#[test]
fn a_guest_for_which_an_engine_never_has_room_is_refused() {
    let engine = Engine::builder().instances(2).build().unwrap();
    let error = Kit::builder(App::default())
        .engine(&engine)
        .name("many")
        .load_bytes(component(&with_six_memories()))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `many` could not be loaded: it needs more than an engine has room for in one instance: it has 6 \
         memories and 0 tables, which is too much for an engine with room for 2 instances; build it with fewer or \
         smaller tables, memories and modules"
    );
}
