//! Threads with little stack, and processes without threads. What could take the process down is
//! done in another.

use std::env;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use abide_host::{Error, TrapKind, Warm};

use crate::kit::{App, Fail, KIT, Kit, component, limits};

const KIB: usize = 1024;

/// Runs a test in a process of its own, which is this program again, and there only.
fn alone(name: &str, test: fn()) {
    const ALONE: &str = "ABIDE_TEST_ALONE";
    if env::var_os(ALONE).is_some_and(|alone| alone == name) {
        return test();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(ALONE, name)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Recurses as often as the argument of `again` says, and only then calls the host.
fn deep() -> Vec<u8> {
    let shallow = "(func (export \"again\") (param i32) (result i32) (call $again (local.get 0)))";
    assert!(KIT.contains(shallow), "the kit has a function to change");
    component(&KIT.replace(
        shallow,
        "(func $down (export \"again\") (param $left i32) (result i32)
          (if (result i32) (local.get $left)
            (then (i32.add (call $down (i32.sub (local.get $left) (i32.const 1))) (i32.const 1)))
            (else (call $again (i32.const 0)))))",
    ))
}

/// As many levels as the guest can go down before its stack is exhausted.
fn deepest(kit: &Kit) -> u32 {
    let (mut fine, mut too_deep) = (0_u32, 1 << 20);
    while too_deep - fine > 1 {
        let middle = fine.midpoint(too_deep);
        match kit.again(middle) {
            Ok(_) => fine = middle,
            Err(Error::Trap {
                kind: TrapKind::StackOverflow,
                ..
            }) => too_deep = middle,
            Err(other) => panic!("{other}"),
        }
    }
    fine
}

/// A guest that uses up all of its stack and then has the host call it again, and so on.
fn exhausts_all(stack: usize, levels: u32, kit: &Kit, app: &App) {
    let again = kit.clone();
    *app.again.lock() = Some(Arc::new(move |_| match again.again(levels) {
        // However deep it got, it came back.
        Ok(_) => 0,
        Err(Error::TooDeep { .. } | Error::SmallStack { .. }) => {
            // And the innermost may also recurse until it is stopped.
            match again.bad().fail(Fail::Recursion) {
                Err(
                    Error::TooDeep { .. }
                    | Error::SmallStack { .. }
                    | Error::Trap {
                        kind: TrapKind::StackOverflow,
                        ..
                    },
                ) => 0,
                other => panic!("{other:?}"),
            }
        }
        Err(other) => panic!("{other}"),
    }));
    let kit = kit.clone();
    let thread = thread::Builder::new().stack_size(stack * KIB);
    let ended = thread.spawn(move || kit.again(levels)).unwrap().join();
    *app.again.lock() = None;
    match ended.unwrap() {
        Ok(_) => {}
        Err(Error::SmallStack { left, needed, .. }) => assert!(left < needed, "{left} {needed}"),
        Err(other) => panic!("{stack}: {other}"),
    }
}

#[test]
fn no_thread_is_too_small_for_nested_calls() {
    alone("threads::no_thread_is_too_small_for_nested_calls", || {
        for warm in [false, true] {
            let app = App::default();
            let builder = Kit::builder(app.clone()).name("kit");
            let builder = builder.limits(limits().deadline(std::time::Duration::from_secs(600)));
            let builder = match warm {
                true => builder.isolation(Warm::new()),
                false => builder,
            };
            let kit = builder.load_bytes(deep()).unwrap();
            let levels = deepest(&kit);
            assert!(levels > 1000, "{levels}");
            for stack in [
                64, 128, 256, 512, 640, 768, 832, 896, 1024, 1280, 1536, 2048, 8192,
            ] {
                exhausts_all(stack, levels, &kit, &app);
            }
        }
    });
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
#[test]
fn a_call_on_a_small_thread_is_refused_in_words_and_changes_nothing() {
    let kit = Kit::builder(App::default())
        .name("kit")
        .load_bytes(component(KIT))
        .unwrap();
    let session = kit.session().unwrap();
    let (error, opened) = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(128 * KIB);
        let call = || (session.count().unwrap_err(), kit.session().unwrap_err());
        thread.spawn_scoped(scope, call).unwrap().join().unwrap()
    });
    let Error::SmallStack { left, needed, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(needed, (512 + 256) * KIB);
    assert_eq!(
        error.to_string(),
        format!(
            "guest `kit` cannot be called for `count`: its thread has {left} bytes of stack left, and the call may \
             need 786432; call it on a thread with more (`std::thread::Builder::stack_size`) or with fewer calls \
             inside of one another, or give the guest less with `Limits::stack`"
        )
    );
    assert!(matches!(opened, Error::SmallStack { .. }), "{opened}");
    assert_eq!(session.count().unwrap(), 1);
}

#[cfg(unix)]
mod forks {
    use abide_host::{Engine, Result};

    use super::*;

    /// The exit code of a process that is forked off to do something, which has 30 seconds for it.
    fn in_child(work: impl FnOnce() -> i32) -> i32 {
        // SAFETY: this process has one thread that does anything; the new one may do all that it
        // may do.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: both only ask something of the system. `alarm` ends a process that hangs.
            unsafe {
                libc::alarm(30);
                libc::_exit(work());
            }
        }
        let mut status = 0;
        // SAFETY: it is told a process of ours, and where to write an integer.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        match libc::WIFEXITED(status) {
            true => libc::WEXITSTATUS(status),
            false => panic!("ended by signal {}", libc::WTERMSIG(status)),
        }
    }

    fn is_refused<T>(result: Result<T>) -> bool {
        matches!(result, Err(Error::Forked))
    }

    #[test]
    fn a_forked_process_has_no_deadlines_and_calls_nothing() {
        alone(
            "threads::forks::a_forked_process_has_no_deadlines_and_calls_nothing",
            || {
                let builder = || Kit::builder(App::default()).name("kit").limits(limits());
                let fresh = builder().load_bytes(component(KIT)).unwrap();
                let warm = builder()
                    .isolation(Warm::new())
                    .load_bytes(component(KIT))
                    .unwrap();
                warm.count().unwrap();
                let session = fresh.session().unwrap();
                let (cancellable, _cancel) = fresh.cancellable();
                let code = in_child(|| {
                    let mut wrong = 0;
                    for handle in [&fresh, &warm, &*session, &cancellable] {
                        wrong += i32::from(!is_refused(handle.bad().fail(Fail::Loop)));
                        wrong += i32::from(!is_refused(handle.session()));
                    }
                    wrong += i32::from(!is_refused(builder().load_bytes(component(KIT))));
                    wrong += i32::from(!is_refused(fresh.reload_bytes(component(KIT))));
                    wrong += i32::from(!is_refused(Engine::new()));
                    wrong += i32::from(
                        !thread::spawn({
                            let fresh = fresh.clone();
                            move || is_refused(fresh.count())
                        })
                        .join()
                        .unwrap(),
                    );
                    // Nothing is waited for either where it is dropped.
                    drop((fresh, warm, session, cancellable));
                    wrong
                });
                assert_eq!(code, 0);
            },
        );
    }

    #[test]
    fn whoever_forks_before_there_is_an_engine_calls_as_always() {
        alone(
            "threads::forks::whoever_forks_before_there_is_an_engine_calls_as_always",
            || {
                let code = in_child(|| {
                    let kit = Kit::builder(App::default()).limits(limits());
                    let kit = kit.load_bytes(component(KIT)).unwrap();
                    let ended = kit.bad().fail(Fail::Loop);
                    i32::from(!matches!(ended, Err(Error::Timeout { .. })))
                });
                assert_eq!(code, 0);
                let kit = Kit::builder(App::default())
                    .name("kit")
                    .load_bytes(component(KIT))
                    .unwrap();
                assert_eq!(kit.count().unwrap(), 1);
                let text = in_child(|| {
                    let text = kit.count().unwrap_err().to_string();
                    i32::from(
                        text != "no guest can be loaded or called in a process that was forked off one with an engine: \
                             the threads that keep its deadlines are not in it; fork before anything is loaded, or \
                             start another program",
                    )
                });
                assert_eq!(text, 0);
            },
        );
    }
}
