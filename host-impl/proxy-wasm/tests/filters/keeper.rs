//! VMs are replaced when they fail, are used up or are reloaded, and streams stay with theirs.

use std::thread::sleep;
use std::time::Duration;

use abide_build::Target;
use abide_proxy::types::{Action, Part};
use abide_proxy_wasm::{Broken, Configuration, Keep, Keeper, OnFailure, Stream};

use crate::app::{Answer, App, Exchange};
use crate::guests::{Form, load, load_within};

/// One that both machines have; the other form is tested where a VM differs.
const FORMS: [Form; 2] = [Form::Component, Form::Module(Target::Unknown)];

const MS: fn(u64) -> Duration = Duration::from_millis;

fn configured(plugin: &str) -> Configuration {
    Configuration {
        vm: Vec::new(),
        plugin: plugin.into(),
    }
}

fn keeper(form: Form, keep: Keep) -> Keeper<App> {
    Keeper::new(load(form, &App::default()), configured("abide"), keep)
}

fn headers(keeper: &mut Keeper<App>, stream: Stream) -> Result<Action, Broken> {
    keeper.call(stream, |vm, id| vm.request_headers(id, 4, true))
}

/// Passes a whole request: what its filter added, if it did not fail.
fn request(keeper: &mut Keeper<App>, path: &str) -> Result<Option<String>, Broken> {
    let exchange = Exchange::of(path);
    let stream = keeper.open(exchange.clone())?;
    headers(keeper, stream)?;
    keeper.close(stream)?;
    Ok(exchange.field(Part::RequestHeaders, "x-filter"))
}

#[test]
fn a_vm_that_was_of_use_is_replaced_at_once() {
    for form in FORMS {
        let mut keeper = keeper(form, Keep::new().on_failure(OnFailure::Open));
        for _ in 0..20 {
            let filter = request(&mut keeper, "/").unwrap();
            assert_eq!(filter.as_deref(), Some("abide"), "{form:?}");
            let broken = request(&mut keeper, "/panic").unwrap_err();
            assert_eq!(broken.on_failure, OnFailure::Open);
            assert!(broken.cause.contains("on purpose") || broken.cause.contains("unreachable"));
        }
        let stats = keeper.stats();
        assert_eq!((stats.started, stats.failed, stats.draining), (20, 20, 0));
    }
}

#[test]
fn streams_of_a_vm_that_failed_are_told_why() {
    for form in FORMS {
        let mut keeper = keeper(form, Keep::new());
        let waiting = keeper.open(Exchange::of("/callout")).unwrap();
        assert_eq!(headers(&mut keeper, waiting).unwrap(), Action::Pause);
        request(&mut keeper, "/").unwrap();
        assert!(keeper.broken(waiting).is_none());
        request(&mut keeper, "/panic").unwrap_err();
        let broken = keeper.broken(waiting).unwrap();
        assert_eq!(broken.on_failure, OnFailure::Closed, "{form:?}");
        assert!(headers(&mut keeper, waiting).is_err());
        // The answer that it waited for has nobody to go to, also not in the new VM.
        request(&mut keeper, "/").unwrap();
        let answer = Answer::new(&[], "");
        let answered = keeper.answered(waiting.vm(), Some(waiting.id()), 1, answer);
        answered.unwrap();
    }
}

#[test]
fn vms_that_are_of_no_use_are_started_ever_more_rarely() {
    for form in FORMS {
        let keep = Keep::new().backoff(MS(60), MS(120));
        let mut keeper = keeper(form, keep);
        request(&mut keeper, "/panic").unwrap_err();
        let broken = request(&mut keeper, "/").unwrap_err();
        assert!(broken.cause.contains("tried again"), "{form:?}: {broken}");
        assert!(keeper.pause().is_some_and(|pause| pause <= MS(60)));
        sleep(MS(70));
        request(&mut keeper, "/panic").unwrap_err();
        assert!(keeper.pause().is_some_and(|pause| pause > MS(60)));
        sleep(MS(130));
        request(&mut keeper, "/").unwrap();
        assert_eq!(keeper.pause(), None);
        let stats = keeper.stats();
        assert_eq!((stats.started, stats.failed), (3, 2));
    }
}

#[test]
fn a_plugin_that_does_not_start_is_told_and_replaces_none() {
    for form in FORMS {
        let mut refused = Keeper::new(
            load(form, &App::default()),
            configured("refused"),
            Keep::new(),
        );
        let broken = request(&mut refused, "/").unwrap_err();
        assert!(
            broken.cause.contains("does not start"),
            "{form:?}: {broken}"
        );
        assert!(refused.pause().is_some());
        let mut keeper = keeper(form, Keep::new().max_streams(1));
        request(&mut keeper, "/").unwrap();
        let plugin = load(form, &App::default());
        keeper.replace(plugin, configured("refused")).unwrap_err();
        assert_eq!(request(&mut keeper, "/").unwrap().as_deref(), Some("abide"));
        let plugin = load(form, &App::default());
        refused.replace(plugin, configured("again")).unwrap();
        assert_eq!(
            request(&mut refused, "/").unwrap().as_deref(),
            Some("again")
        );
    }
}

#[test]
fn a_reload_leaves_streams_their_vm_within_a_bound() {
    for form in FORMS {
        let mut keeper = keeper(form, Keep::new().drain(MS(80)));
        let (one, other) = (Exchange::of("/one"), Exchange::of("/other"));
        let first = keeper.open(one.clone()).unwrap();
        let second = keeper.open(other).unwrap();
        let plugin = load(form, &App::default());
        keeper.replace(plugin, configured("new")).unwrap();
        assert_eq!(request(&mut keeper, "/").unwrap().as_deref(), Some("new"));
        headers(&mut keeper, first).unwrap();
        let filter = one.field(Part::RequestHeaders, "x-filter");
        assert_eq!(filter.as_deref(), Some("abide"), "{form:?}");
        keeper.close(first).unwrap();
        assert_eq!(keeper.stats().draining, 1);
        sleep(MS(90));
        keeper.tend();
        let stats = keeper.stats();
        assert_eq!((stats.draining, stats.cut), (0, 1));
        assert!(keeper.broken(second).unwrap().cause.contains("replaced"));
        // One without streams goes at once.
        let plugin = load(form, &App::default());
        keeper.replace(plugin, configured("newest")).unwrap();
        assert_eq!(keeper.stats().draining, 0);
    }
}

#[test]
fn vms_are_recycled() {
    for form in FORMS {
        let mut used = keeper(form, Keep::new().max_streams(3));
        for _ in 0..10 {
            request(&mut used, "/").unwrap();
        }
        let stats = used.stats();
        assert_eq!((stats.started, stats.recycled), (4, 3), "{form:?}");
        let mut large = keeper(form, Keep::new().max_memory(1));
        let mut old = keeper(form, Keep::new().max_age(MS(1)));
        for _ in 0..3 {
            request(&mut large, "/").unwrap();
            request(&mut old, "/").unwrap();
            sleep(MS(2));
        }
        assert_eq!(large.stats().recycled, 2);
        assert_eq!(old.stats().recycled, 2);
        assert_eq!(old.stats().draining, 0);
    }
}

#[test]
fn a_vm_is_started_before_there_is_a_stream() {
    for form in FORMS {
        let mut keeper = keeper(form, Keep::new());
        let vm = keeper.start().unwrap();
        assert_eq!(keeper.start().unwrap(), vm);
        let mut ticks = 0;
        keeper.each(|_, root| {
            ticks += 1;
            root.tick()
        });
        let stream = keeper.open(Exchange::of("/")).unwrap();
        assert_eq!((stream.vm(), ticks, keeper.stats().started), (vm, 1, 1));
        let plugin = load(form, &App::default());
        let mut refused = Keeper::new(plugin, configured("refused"), Keep::new());
        assert!(refused.start().is_err() && refused.pause().is_some());
    }
}

/// Passes requests of which the filter gets all fields, one of them long: the most memory that any
/// of their VMs had.
fn counted(keeper: &mut Keeper<App>, requests: u32) -> usize {
    let mut most = 0;
    for _ in 0..requests {
        let exchange = Exchange::of("/count");
        let long = "p".repeat(10_000);
        exchange.set(
            Part::RequestHeaders,
            &[(":path", "/count"), ("x-long", &long)],
        );
        let stream = keeper.open(exchange.clone()).unwrap();
        headers(keeper, stream).unwrap();
        let memory = keeper.call(stream, |vm, _| vm.memory());
        most = most.max(memory.unwrap());
        keeper.close(stream).unwrap();
        let count = exchange.field(Part::RequestHeaders, "x-count");
        assert_eq!(count.as_deref(), Some("3"));
    }
    most
}

#[test]
fn a_module_that_leaks_is_recycled_and_no_request_fails() {
    const MIB: usize = 1 << 20;
    // Many calls, each of which is in time on a busy machine.
    let keeper = |form, keep| {
        let plugin = load_within(form, &App::default(), Duration::from_secs(60));
        Keeper::new(plugin, configured("abide"), keep)
    };
    let mut sound = keeper(Form::Module(Target::Unknown), Keep::new());
    let before = counted(&mut sound, 10);
    assert_eq!(
        counted(&mut sound, 1_000),
        before,
        "nothing is left of a request"
    );
    assert_eq!(sound.stats().started, 1);
    let mut leaky = keeper(Form::Leaky, Keep::new());
    let most = counted(&mut leaky, 1_000);
    assert!(most > 9 * MIB, "each leaves ten kilobytes: {most}");
    for (keep, bound) in [
        (Keep::new().max_memory(2 * MIB), 3 * MIB),
        (Keep::new().max_streams(100), 3 * MIB),
        (Keep::new().max_age(MS(5)), most),
    ] {
        let mut recycled = keeper(Form::Leaky, keep);
        let most = counted(&mut recycled, 1_000);
        let stats = recycled.stats();
        assert!(most < bound && stats.recycled > 0, "{most}, {stats:?}");
        assert_eq!((stats.failed, stats.cut, stats.draining), (0, 0, 0));
    }
}

#[test]
fn ticks_reach_every_vm() {
    for form in FORMS {
        let mut keeper = keeper(form, Keep::new());
        let first = keeper.open(Exchange::of("/")).unwrap();
        let plugin = load(form, &App::default());
        keeper.replace(plugin, configured("new")).unwrap();
        keeper.open(Exchange::of("/")).unwrap();
        let mut seen = Vec::new();
        keeper.each(|vm, root| {
            seen.push(vm);
            root.tick()
        });
        seen.sort_unstable();
        assert_eq!(seen, [first.vm(), first.vm() + 1]);
    }
}
