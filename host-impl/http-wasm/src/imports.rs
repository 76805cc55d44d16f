//! What guests import: the functions of `http_handler`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use abide::module::{Code, Imports, Linker, Trap};

use crate::current::{self, Progress};
use crate::values::{Counted, Fit, Part, Room, Space};
use crate::{Body, Exchange, Features, Fields, Host, Level};

/// How much of a message is logged, in bytes.
const LONGEST: usize = 8 * 1024;

/// The host of one instance.
#[derive(Clone)]
pub(crate) struct Env<H> {
    host: H,
    /// What was enabled while the guest started.
    initial: Arc<AtomicU32>,
}

impl<H> Env<H> {
    pub(crate) fn new(host: H, initial: Arc<AtomicU32>) -> Self {
        Self { host, initial }
    }
}

impl<H: Host> Imports for Env<H> {
    fn offer(linker: &mut Linker<'_, Self>) {
        Self::offer_http_handler(linker);
    }
}

/// Works on the exchange that the call is about.
fn with<H: Host, R>(
    work: impl FnOnce(&mut Progress<H::Exchange>) -> Result<R, Trap>,
) -> Result<R, Trap> {
    current::with(work)
}

/// Refuses what can only be done before a request is passed on.
fn before<X>(progress: &Progress<X>, what: &str) -> Result<(), Trap> {
    match progress.is_answered {
        false => Ok(()),
        true => Err(Trap::new(format_args!(
            "{what} after the request was passed on"
        ))),
    }
}

/// Refuses what can be done after a request was passed on only where a feature is enabled.
fn before_or<X>(progress: &Progress<X>, feature: Features, what: &str) -> Result<(), Trap> {
    match progress.features.contains(feature) {
        true => Ok(()),
        false => before(progress, what),
    }
}

/// Whether fields are there to be read. Who has not enabled trailers sees none.
fn are_there<X>(progress: &Progress<X>, fields: Fields) -> bool {
    !fields.are_trailers() || progress.features.contains(Features::TRAILERS)
}

/// Refuses to change fields that cannot be changed, and names that are none.
fn may_change<X>(progress: &Progress<X>, fields: Fields, name: &str) -> Result<(), Trap> {
    if !are_there(progress, fields) {
        return Err(Trap::new("trailers were changed and are not enabled"));
    }
    if name.is_empty() {
        return Err(Trap::new("the name of a field is empty"));
    }
    match fields {
        Fields::Request | Fields::RequestTrailers => before(progress, "the request was changed"),
        Fields::Response | Fields::ResponseTrailers => {
            let what = "the response was changed";
            before_or(progress, Features::BUFFER_RESPONSE, what)
        }
    }
}

/// The name of a field as hosts know it.
fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[abide::module("http_handler")]
impl<H: Host> Env<H> {
    fn enable_features(&mut self, wanted: u32) -> Result<u32, Trap> {
        let supported = self.host.features();
        let wanted = Features::of(wanted) & supported;
        match current::is_any::<H::Exchange>() {
            true => with::<H, _>(|progress| {
                progress.features = progress.features | wanted;
                progress.exchange.enable(wanted);
                Ok(())
            })?,
            false => {
                self.initial.fetch_or(wanted.number(), Ordering::Relaxed);
            }
        }
        Ok(supported.number())
    }

    fn get_config(&mut self, into: Room) -> Fit {
        Fit(into, self.host.config().to_vec())
    }

    fn log_enabled(&mut self, level: i32) -> bool {
        Level::of(level).is_some_and(|level| self.host.is_logged(level))
    }

    fn log(&mut self, level: i32, message: &[u8]) {
        let Some(level) = Level::of(level).filter(|level| self.host.is_logged(*level)) else {
            return;
        };
        let message = &message[..message.len().min(LONGEST)];
        self.host.log(level, &String::from_utf8_lossy(message));
    }

    fn get_method(&mut self, into: Room) -> Result<Fit, Trap> {
        with::<H, _>(|progress| Ok(Fit(into, progress.exchange.method().into())))
    }

    fn set_method(&mut self, method: &str) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            before(progress, "the method was set")?;
            match method {
                "" => Err(Trap::new("the method is empty")),
                method => progress.exchange.set_method(method),
            }
        })
    }

    fn get_uri(&mut self, into: Room) -> Result<Fit, Trap> {
        with::<H, _>(|progress| {
            let uri = match progress.exchange.uri() {
                "" => "/",
                uri => uri,
            };
            Ok(Fit(into, uri.into()))
        })
    }

    fn set_uri(&mut self, uri: &str) -> Result<(), Trap> {
        with::<H, _>(|progress| progress.exchange.set_uri(uri))
    }

    fn get_protocol_version(&mut self, into: Room) -> Result<Fit, Trap> {
        with::<H, _>(|progress| Ok(Fit(into, progress.exchange.protocol().into())))
    }

    fn get_source_addr(&mut self, into: Room) -> Result<Fit, Trap> {
        with::<H, _>(|progress| Ok(Fit(into, progress.exchange.source().into())))
    }

    fn get_header_names(&mut self, kind: Code<Fields>, into: Room) -> Result<Counted, Trap> {
        with::<H, _>(|progress| {
            let names = match are_there(progress, kind.0) {
                true => progress.exchange.names(kind.0),
                false => Vec::new(),
            };
            Ok(Counted(
                into,
                names.into_iter().map(String::into_bytes).collect(),
            ))
        })
    }

    fn get_header_values(
        &mut self,
        kind: Code<Fields>,
        name: &str,
        into: Room,
    ) -> Result<Counted, Trap> {
        with::<H, _>(|progress| {
            if name.is_empty() {
                return Err(Trap::new("the name of a field is empty"));
            }
            let values = match are_there(progress, kind.0) {
                true => progress.exchange.values(kind.0, &lower(name)),
                false => Vec::new(),
            };
            Ok(Counted(into, values))
        })
    }

    fn set_header_value(
        &mut self,
        kind: Code<Fields>,
        name: &str,
        value: &[u8],
    ) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            may_change(progress, kind.0, name)?;
            progress.exchange.set(kind.0, &lower(name), value)
        })
    }

    fn add_header_value(
        &mut self,
        kind: Code<Fields>,
        name: &str,
        value: &[u8],
    ) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            may_change(progress, kind.0, name)?;
            progress.exchange.add(kind.0, &lower(name), value)
        })
    }

    fn remove_header(&mut self, kind: Code<Fields>, name: &str) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            may_change(progress, kind.0, name)?;
            progress.exchange.remove(kind.0, &lower(name))
        })
    }

    fn read_body(&mut self, kind: Code<Body>, into: Space) -> Result<Part, Trap> {
        with::<H, _>(|progress| {
            let (feature, what) = match kind.0 {
                Body::Request => (Features::BUFFER_REQUEST, "the request's body was read"),
                Body::Response => (Features::BUFFER_RESPONSE, "the response's body was read"),
            };
            before_or(progress, feature, what)?;
            if into.len == 0 {
                return Err(Trap::new("a body was read into no room at all"));
            }
            let read = progress.exchange.read(kind.0, into.len)?;
            Ok(Part(into, read.bytes, read.is_last))
        })
    }

    fn write_body(&mut self, kind: Code<Body>, part: &[u8]) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            match kind.0 {
                Body::Request => before(progress, "the request's body was written")?,
                Body::Response => {
                    let what = "the response's body was written";
                    before_or(progress, Features::BUFFER_RESPONSE, what)?;
                }
            }
            let replaces = progress.begins(kind.0);
            progress.exchange.write(kind.0, part, replaces)
        })
    }

    fn get_status_code(&mut self) -> Result<u32, Trap> {
        with::<H, _>(|progress| {
            before_or(progress, Features::BUFFER_RESPONSE, "the status was read")?;
            Ok(progress.exchange.status().into())
        })
    }

    fn set_status_code(&mut self, status: u32) -> Result<(), Trap> {
        with::<H, _>(|progress| {
            before_or(progress, Features::BUFFER_RESPONSE, "the status was set")?;
            let status = u16::try_from(status).ok();
            let status = status.filter(|status| (100..1000).contains(status));
            let status = status.ok_or_else(|| Trap::new("the status is none of HTTP"))?;
            progress.exchange.set_status(status)
        })
    }
}
