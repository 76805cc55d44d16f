//! The world that most tests use, written out by hand the way `abide::abi!` generates it, and its
//! host.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use abide_host::__private::{
    self as __abide, Check, Description, Export, FloatList, Handle, Linker, Signature, Step,
    WasmList, WasmStr, World, WorldHandle,
};
use abide_host::{Builder, CallError, CancelHandle, Limits, Result, Session, Stats};
use parking_lot::Mutex;

/// The guest's text form; see the file.
pub(crate) const KIT: &str = include_str!("kit.wat");

/// How the guest's `fail` fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fail {
    Unreachable,
    Loop,
    MemoryBomb,
    Recursion,
    DivideByZero,
    OutOfBounds,
    LogInvalidText,
    LogBadPointer,
    HostPanic,
    HostRefuses,
    Panic,
}

__abide::bitflags::bitflags! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) struct Perms: u8 {
        const READ = 1;
        const WRITE = 2;
    }
}
__abide::component_flags!(Perms: u8, ["read", "write"]);

/// What a guest of the world may import.
pub(crate) trait Host {
    fn log(&mut self, message: &str);
    fn put(&mut self, message: &str, data: &[u8], xs: &[f64]) -> u64;
    fn boom(&mut self);
    fn refuse(&mut self) -> Result<u32>;
    fn again(&mut self, what: u32) -> u32;
}

/// The world's handle.
#[derive(Debug, Clone)]
pub(crate) struct Kit(Handle<Kit>);

impl Kit {
    pub(crate) fn cancellable(&self) -> (Self, CancelHandle) {
        let (handle, cancel) = self.0.cancellable();
        (Self(handle), cancel)
    }

    pub(crate) fn reload(&self, path: impl AsRef<Path>) -> Result<()> {
        self.0.reload(path)
    }

    pub(crate) fn reload_bytes(&self, component: impl AsRef<[u8]>) -> Result<()> {
        self.0.reload_bytes(component)
    }

    pub(crate) fn stats(&self) -> Stats {
        self.0.stats()
    }

    pub(crate) fn builder<H>(host: H) -> Builder<Self>
    where
        H: Host + Clone + Send + Sync + 'static,
    {
        Builder::new::<H, ()>(host, link::<H>)
    }

    pub(crate) fn load(path: impl AsRef<Path>, host: App) -> Result<Self> {
        Self::builder(host).load(path)
    }

    pub(crate) fn session(&self) -> Result<Session<Self>> {
        self.0.session()
    }

    pub(crate) fn count(&self) -> Result<u32> {
        let (result,) = self.0.call(0, |exports| &exports.count, ())?;
        Ok(result)
    }

    pub(crate) fn add(&self, a: u32, b: u32) -> Result<u32> {
        let (result,) = self.0.call(1, |exports| &exports.add, (a, b))?;
        Ok(result)
    }

    pub(crate) fn again(&self, what: u32) -> Result<u32> {
        let (result,) = self.0.call(2, |exports| &exports.again, (what,))?;
        Ok(result)
    }

    pub(crate) fn put(&self) -> Result<u64> {
        let (result,) = self.0.call(3, |exports| &exports.put, ())?;
        Ok(result)
    }

    pub(crate) fn greet(&self, name: &str) -> Result<String> {
        let (result,) = self.0.call(4, |exports| &exports.greet, (name,))?;
        Ok(result)
    }

    pub(crate) fn halve(&self, n: u32) -> Result<u32, CallError<String>> {
        let (result,) = self.0.call(5, |exports| &exports.halve, (n,))?;
        result.map_err(CallError::Guest)
    }

    pub(crate) fn swap(&self, perms: Perms) -> Result<Perms> {
        let (result,) = self.0.call(6, |exports| &exports.swap, (perms,))?;
        Ok(result)
    }

    pub(crate) fn huge_text(&self) -> Result<String> {
        let (result,) = self.0.call(7, |exports| &exports.huge_text, ())?;
        Ok(result)
    }

    pub(crate) fn log(&self) -> Result<()> {
        let () = self.0.call(8, |exports| &exports.log, ())?;
        Ok(())
    }

    pub(crate) fn bad(&self) -> Bad<'_> {
        Bad(&self.0)
    }
}

/// The interface `bad` of a guest.
#[derive(Debug)]
pub(crate) struct Bad<'a>(&'a Handle<Kit>);

impl Bad<'_> {
    pub(crate) fn text(&self) -> Result<String> {
        let (result,) = self.0.call(9, |exports| &exports.bad_text, ())?;
        Ok(result)
    }

    pub(crate) fn option(&self) -> Result<Option<u32>> {
        let (result,) = self.0.call(10, |exports| &exports.bad_option, ())?;
        Ok(result)
    }

    pub(crate) fn fail(&self, how: Fail) -> Result<()> {
        let () = self.0.call(11, |exports| &exports.fail, (how as u32,))?;
        Ok(())
    }
}

fn link<H: Host + Send + 'static>(linker: &mut Linker) -> Step {
    let mut interface = linker.interface("test:kit/host@0.1.0")?;
    interface.func("log", |cx: __abide::Cx<'_>, (message,): (WasmStr,)| {
        __abide::call_host(
            cx,
            "test:kit/host.log",
            |host: &mut H, (): &mut (), guest| {
                let message = guest.string(&message)?;
                Host::log(host, &message);
                Ok(())
            },
        )
    })?;
    interface.func(
        "put",
        |cx: __abide::Cx<'_>, (message, data, xs): (WasmStr, WasmList<u8>, FloatList<f64>)| {
            __abide::call_host(
                cx,
                "test:kit/host.put",
                |host: &mut H, (): &mut (), guest| {
                    let message = guest.string(&message)?;
                    let data = guest.list(&data);
                    let xs = guest.floats(&xs);
                    Ok((Host::put(host, &message, data, xs),))
                },
            )
        },
    )?;
    interface.func("boom", |cx: __abide::Cx<'_>, (): ()| {
        __abide::call_host(
            cx,
            "test:kit/host.boom",
            |host: &mut H, (): &mut (), _guest| {
                Host::boom(host);
                Ok(())
            },
        )
    })?;
    interface.func("refuse", |cx: __abide::Cx<'_>, (): ()| {
        __abide::call_host(
            cx,
            "test:kit/host.refuse",
            |host: &mut H, (): &mut (), _guest| {
                let refused = Host::refuse(host);
                let refused =
                    refused.map_err(|error| __abide::aborted("test:kit/host.refuse", error));
                Ok((refused?,))
            },
        )
    })?;
    interface.func("again", |cx: __abide::Cx<'_>, (what,): (u32,)| {
        __abide::call_host(
            cx,
            "test:kit/host.again",
            |host: &mut H, (): &mut (), _guest| Ok((Host::again(host, what),)),
        )
    })?;
    Ok(())
}

#[derive(Debug)]
pub(crate) struct KitExports {
    count: Export<(), (u32,)>,
    add: Export<(u32, u32), (u32,)>,
    again: Export<(u32,), (u32,)>,
    put: Export<(), (u64,)>,
    greet: Export<(&'static str,), (String,)>,
    halve: Export<(u32,), (Result<u32, String>,)>,
    swap: Export<(Perms,), (Perms,)>,
    huge_text: Export<(), (String,)>,
    log: Export<(), ()>,
    bad_text: Export<(), (String,)>,
    bad_option: Export<(), (Option<u32>,)>,
    fail: Export<(u32,), ()>,
}

const fn world(
    name: &'static str,
    params: &'static [(&'static str, &'static str)],
    result: Option<&'static str>,
) -> Signature {
    Signature {
        interface: "",
        name,
        params,
        result,
    }
}

const fn inside(
    interface: &'static str,
    name: &'static str,
    params: &'static [(&'static str, &'static str)],
    result: Option<&'static str>,
) -> Signature {
    Signature {
        interface,
        name,
        params,
        result,
    }
}

const HOST: &str = "test:kit/host@0.1.0";
const BAD: &str = "test:kit/bad@0.1.0";

impl World for Kit {
    type Exports = KitExports;

    const DESCRIPTION: &'static Description = &Description {
        name: "test:kit/kit@0.1.0",
        functions: &[
            world("count", &[], Some("u32")),
            world("add", &[("a", "u32"), ("b", "u32")], Some("u32")),
            world("again", &[("what", "u32")], Some("u32")),
            world("put", &[], Some("u64")),
            world("greet", &[("name", "string")], Some("string")),
            world("halve", &[("n", "u32")], Some("result<u32, string>")),
            world(
                "swap",
                &[("perms", "flags { read, write }")],
                Some("flags { read, write }"),
            ),
            world("huge-text", &[], Some("string")),
            world("log", &[], None),
            inside(BAD, "text", &[], Some("string")),
            inside(BAD, "option", &[], Some("option<u32>")),
            inside(BAD, "fail", &[("how", "u32")], None),
            inside(HOST, "log", &[("message", "string")], None),
            inside(
                HOST,
                "put",
                &[
                    ("message", "string"),
                    ("data", "list<u8>"),
                    ("xs", "list<f64>"),
                ],
                Some("u64"),
            ),
            inside(HOST, "boom", &[], None),
            inside(HOST, "refuse", &[], Some("u32")),
            inside(HOST, "again", &[("what", "u32")], Some("u32")),
        ],
        exports: ..12,
        imports: 12..,
        resources: &[],
    };

    fn exports(check: &mut Check<'_>) -> Option<KitExports> {
        let count = check.export(0);
        let add = check.export(1);
        let again = check.export(2);
        let put = check.export(3);
        let greet = check.export(4);
        let halve = check.export(5);
        let swap = check.export(6);
        let huge_text = check.export(7);
        let log = check.export(8);
        let bad_text = check.export(9);
        let bad_option = check.export(10);
        let fail = check.export(11);
        Some(KitExports {
            count: count?,
            add: add?,
            again: again?,
            put: put?,
            greet: greet?,
            halve: halve?,
            swap: swap?,
            huge_text: huge_text?,
            log: log?,
            bad_text: bad_text?,
            bad_option: bad_option?,
            fail: fail?,
        })
    }
}

impl WorldHandle for Kit {
    fn from_handle(handle: Handle<Self>) -> Self {
        Self(handle)
    }

    fn handle(&self) -> &Handle<Self> {
        &self.0
    }
}

/// What the host of the tests does when its guest calls `again`.
pub(crate) type Again = Arc<dyn Fn(u32) -> u32 + Send + Sync>;

/// The host of the tests. Clones share what they record.
#[derive(Clone, Default)]
pub(crate) struct App {
    pub(crate) logged: Arc<Mutex<Vec<String>>>,
    pub(crate) again: Arc<Mutex<Option<Again>>>,
    /// How often a clone of this was made, and so an instance.
    pub(crate) instances: Instances,
}

/// Counts its clones.
#[derive(Debug, Default)]
pub(crate) struct Instances(pub(crate) Arc<AtomicU32>);

impl Clone for Instances {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&self.0))
    }
}

impl Host for App {
    fn log(&mut self, message: &str) {
        self.logged.lock().push(message.to_owned());
    }

    fn put(&mut self, message: &str, data: &[u8], xs: &[f64]) -> u64 {
        assert_eq!(message, "hello");
        assert_eq!(data, [1, 2, 3, 4]);
        assert_eq!(xs, [1.5, -2.25]);
        // The distances in the guest's memory. Copies would lie elsewhere.
        let start = message.as_ptr().addr();
        assert_eq!(data.as_ptr().addr() - start, 64 - 16);
        assert_eq!(xs.as_ptr().addr() - start, 128 - 16);
        u64::MAX
    }

    fn boom(&mut self) {
        panic!("the clock fell off the {}", "wall");
    }

    fn refuse(&mut self) -> Result<u32> {
        Err(abide_host::Error::host("not on a Sunday"))
    }

    fn again(&mut self, what: u32) -> u32 {
        let again = self.again.lock().clone();
        again.map_or(0, |again| again(what))
    }
}

/// The bytes of a component given as text.
pub(crate) fn component(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's component is valid")
}

/// Limits for tests: as the default, with a deadline that one can wait for.
pub(crate) fn limits() -> Limits {
    Limits::new().deadline(Duration::from_millis(100))
}

/// The guest of the tests and its host.
pub(crate) fn kit() -> (Kit, App) {
    let app = App::default();
    let kit = Kit::builder(app.clone())
        .name("kit")
        .limits(limits())
        .load_bytes(component(KIT))
        .expect("the guest fits its world");
    (kit, app)
}
