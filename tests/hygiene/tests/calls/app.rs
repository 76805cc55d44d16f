//! The host of the hygiene tests: most imports return their argument.

use abide_hygiene::{
    abide, core, exports, guest_, host, host_, hygiene, keywords, other_send, prelude as p,
    std as wit_std, wasmtime,
};

/// Implements every import of the world.
#[derive(Clone)]
pub(crate) struct App;

impl host::HygieneWorldImports for App {
    fn mut_(&mut self, mut_: u32) -> u32 {
        mut_ + 1
    }

    fn main(&mut self, vec: Vec<p::String>) -> abide_hygiene::Vec {
        let seen = p::String {
            text: ", seen by main".to_owned(),
        };
        abide_hygiene::Vec {
            list: vec.into_iter().chain([seen]).collect(),
        }
    }

    fn drop(&mut self, result: p::Result) -> p::Result {
        p::Result { ok: result.ok + 1 }
    }
}

impl host::Keywords for App {
    fn self_of(&mut self, self_: keywords::Type) -> keywords::Type {
        self_
    }

    fn impl_(
        &mut self,
        impl_: keywords::Move,
        dyn_: keywords::Enum,
        where_: keywords::Unsafe,
        try_: keywords::Static,
    ) -> (
        keywords::Move,
        keywords::Enum,
        keywords::Unsafe,
        keywords::Static,
    ) {
        (impl_, dyn_, where_, try_)
    }

    fn async_(&mut self, await_: keywords::Match) -> Result<keywords::Match, keywords::Match> {
        match await_ {
            keywords::Match::Else(_) => Err(await_),
            await_ => Ok(await_),
        }
    }

    fn become_(&mut self, generation: &str, yield_: &[u8], use_: &[f32]) -> String {
        format!("{generation} {yield_:?} {use_:?}")
    }

    fn loop_(&mut self) {}

    fn macro_rules(&mut self, union: u8, auto: u8, raw: u8, safe: u8) -> u8 {
        union + auto + raw + safe
    }
}

impl host::Prelude for App {
    fn fail(&mut self, error: p::Error) -> Result<p::Result, p::Error> {
        match error {
            p::Error::Error => Ok(p::Result { ok: 1 }),
            error => Err(error),
        }
    }

    fn option_of(&mut self, some: Option<p::Option_>) -> Option<p::Option_> {
        some
    }

    fn list_of(&mut self, vec: Vec<p::Vec>) -> Vec<p::Vec> {
        vec
    }

    fn text(&mut self, string: &str, vec: &[u8], f: &[f64]) -> String {
        format!("{string} {vec:?} {f:?}")
    }

    fn all(
        &mut self,
        a: p::Box,
        b: p::Ordering,
        c: p::Default,
        d: p::Clone,
        e: p::Copy_,
        f: p::Debug,
        h: p::GuestError,
        i: p::Handle,
        j: p::Page,
        k: p::Nested,
    ) -> (
        p::Box,
        p::Ordering,
        p::Default,
        p::Clone,
        p::Copy_,
        p::Debug,
        p::GuestError,
        p::Handle,
        p::Page,
        p::Nested,
    ) {
        (a, b, c, d, e, f, h, i, j, k)
    }

    fn cases(
        &mut self,
        a: p::Ok_,
        b: p::Err,
        c: p::Some_,
        d: p::None_,
    ) -> (p::Ok_, p::Err, p::Some_, p::None_) {
        (a, b, c, d)
    }

    fn more(
        &mut self,
        a: p::Send,
        b: p::Sync,
        c: p::Sized,
        d: p::PartialEq,
        e: p::Eq,
        f: p::Hash,
        g: p::Display,
        h: p::Formatter,
    ) -> u32 {
        sum([a.send, b.sync, c.sized, d.eq, e.eq, f.hash, g.display, h.f])
    }

    fn others(
        &mut self,
        a: p::Iterator,
        b: p::ToOwned,
        c: p::Str,
        d: p::U8,
        e: p::Bool,
        f: p::ComponentType,
        g: p::Lift,
        h: p::Lower,
    ) -> u32 {
        let texts = [a.next, b.to_owned, c.str, f.type_, g.lift, h.lower];
        sum(texts) + u32::from(d.u8) + u32::from(e.bool)
    }
}

/// The sum of numbers that came as text.
fn sum<const N: usize>(texts: [String; N]) -> u32 {
    texts.iter().map(|text| text.parse::<u32>().unwrap()).sum()
}

impl host::Host for App {
    fn host_of(
        &mut self,
        host: host_::Host,
        h: host_::Host,
        cx: &str,
        linker: &[u8],
        interface: u32,
    ) -> host_::Host {
        host_::Host {
            host: host.host + h.host + (cx.len() + linker.len()) as u32 + interface,
        }
    }
}

impl host::Guest for App {
    fn guest_of(
        &mut self,
        guest: guest_::Guest,
        f: &str,
        ptr0: u32,
        result0: u32,
        vec0: &[u8],
        base0: u32,
        ret: &str,
    ) -> guest_::Guest {
        guest_::Guest {
            guest: format!(
                "{} {f} {ptr0} {result0} {vec0:?} {base0} {ret}",
                guest.guest
            ),
        }
    }
}

impl host::Exports for App {
    fn exports_of(&mut self, exports: exports::Exports) -> exports::Exports {
        exports
    }
}

impl host::Hygiene for App {
    fn hygiene_of(&mut self, hygiene: hygiene::Hygiene) -> hygiene::Hygiene {
        hygiene
    }
}

impl host::Std for App {
    fn std_of(&mut self, std: wit_std::Std) -> wit_std::Std {
        std
    }
}

impl host::Core for App {
    fn core_of(&mut self, core: core::Core) -> Result<core::Core, core::Core> {
        match core {
            core::Core::Alloc => Err(core),
            core => Ok(core),
        }
    }
}

impl host::Abide for App {
    fn abide_of(&mut self, abide: abide::Abide) -> abide::Abide {
        abide
    }
}

impl host::Wasmtime for App {
    fn wasmtime_of(&mut self, wasmtime: wasmtime::Wasmtime) -> wasmtime::Wasmtime {
        wasmtime
    }
}

impl host::HygieneSend for App {
    fn send(&mut self, sync: &str) -> String {
        format!("{sync}!")
    }
}

impl host::OtherSend for App {
    fn send_of(&mut self, send: other_send::Send) -> other_send::Send {
        send
    }
}

impl host::Default for App {
    fn default(&mut self, clone: Option<p::Option_>) -> Result<p::Result, p::Result> {
        let ok = clone.and_then(|option| option.some).unwrap_or(0);
        if ok > 0 {
            Ok(p::Result { ok })
        } else {
            Err(p::Result { ok })
        }
    }
}
