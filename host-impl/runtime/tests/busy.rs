//! Compilations that nobody waits for are bounded. It stands alone, because it uses up what a
//! process has.

use std::time::Duration;

use abide_host::__private::{Check, Description, Handle, Linker, Step, World, WorldHandle};
use abide_host::{Builder, Engine, Error, LimitKind, Limits, LoadError, Result};

/// A world of nothing.
#[derive(Debug)]
struct Empty {
    handle: Handle<Empty>,
}

impl World for Empty {
    type Exports = ();

    const DESCRIPTION: &'static Description = &Description {
        name: "test:busy/empty",
        functions: &[],
        exports: ..0,
        imports: 0..,
        resources: &[],
    };

    fn exports(_: &mut Check<'_>) -> Option<()> {
        Some(())
    }
}

impl WorldHandle for Empty {
    fn from_handle(handle: Handle<Self>) -> Self {
        Self { handle }
    }

    fn handle(&self) -> &Handle<Self> {
        &self.handle
    }
}

fn load(bytes: &[u8], time: Duration) -> Result<Empty> {
    fn link(_: &mut Linker) -> Step {
        Ok(())
    }
    Builder::<Empty>::new::<(), ()>((), link)
        .limits(Limits::new().compile_time(time))
        .load_bytes(bytes)
}

/// A component that the compiler needs a while for: loops in loops.
fn laborious(depth: usize) -> Vec<u8> {
    let (begin, end) = ("(loop ".repeat(depth), ")".repeat(depth));
    let text = format!("(component (core module (func {begin} {end})))");
    wat::parse_str(text).expect("the test's component is valid")
}

#[test]
fn compilations_that_nobody_waits_for_are_bounded() {
    // Those that may run for somebody, and those that may run beside them for nobody.
    const MOST: usize = 8 + 8;
    const SHORT: Duration = Duration::from_millis(1);
    // What is compiled is shared on one engine. Nothing else here would keep it from one load to
    // the next.
    let _engine = Engine::shared().unwrap();
    let all: Vec<_> = (0..=MOST).map(|more| laborious(1200 + more)).collect();
    for bytes in &all[..MOST] {
        let error = load(bytes, SHORT).unwrap_err();
        let in_time = matches!(
            error,
            Error::Limit {
                what: LimitKind::CompileTime,
                ..
            }
        );
        assert!(in_time, "{error}");
    }
    // However much time it has, there is nothing to wait for.
    let error = load(&all[MOST], Duration::MAX).unwrap_err();
    let Error::Load { reason, .. } = &error else {
        panic!("{error}");
    };
    assert!(
        matches!(
            **reason,
            LoadError::AllBusy {
                running: MOST,
                given_up: MOST
            }
        ),
        "{error}"
    );
    assert!(
        error.to_string().contains(
            "this process is compiling 16 components, which is as many as it may at the same time (16 of them \
             took too long"
        ),
        "{error}"
    );
    // Who loads one of them again waits for what is running.
    load(&all[0], Duration::MAX).unwrap();
    // And that is one less, so there is room again.
    load(&all[MOST], Duration::MAX).unwrap();
}
