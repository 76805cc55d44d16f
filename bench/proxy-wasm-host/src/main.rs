//! Has requests pass a filter in `proxy-wasm-host`, as often as it is told on standard input, and says
//! on standard output how many nanoseconds that took.
//!
//! A line in is the name of a filter, perhaps `apart`, and a number of requests; a line out is a number.
//! The filters' file is the only argument. The calls of one request, and what passes, are those of
//! `../host/src/by_hand/filters.rs`.

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use proxy_wasm_host::abi::v0_2_1::types::{Action, BufferType, LogLevel, MapType, Status};
use proxy_wasm_host::abi::v0_2_1::{
    Access, ContextId, Guest, Host, Invocation, LogContext, LogSink, PluginConfig, Started,
    StreamKind, StreamState, VmServices,
};
use proxy_wasm_host::{Buffer, Engine, HeaderMap, Limits, Module, VecHeaderMap};

type Failed = Box<dyn Error>;

/// Counts messages.
#[derive(Default)]
struct Log(AtomicU64);

impl LogSink for Log {
    fn log(&self, _: LogContext<'_>, _: LogLevel, _: &[u8]) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A request and its response.
#[derive(Default)]
struct Exchange {
    request: VecHeaderMap,
    response: VecHeaderMap,
    body: Vec<u8>,
}

impl StreamState for Exchange {
    fn header_map(
        &mut self,
        _: Invocation,
        _: Access,
        map: MapType,
    ) -> Result<&mut dyn HeaderMap, Status> {
        match map {
            MapType::HttpRequestHeaders => Ok(&mut self.request),
            MapType::HttpResponseHeaders => Ok(&mut self.response),
            _ => Err(Status::BadArgument),
        }
    }

    fn buffer(
        &mut self,
        _: Invocation,
        _: Access,
        buffer: BufferType,
    ) -> Result<&mut dyn Buffer, Status> {
        match buffer {
            BufferType::HttpResponseBody => Ok(&mut self.body),
            _ => Err(Status::NotFound),
        }
    }
}

const REQUEST: [(&str, &str); 8] = [
    (":authority", "example.org"),
    (":path", "/notes"),
    (":method", "GET"),
    (":scheme", "http"),
    ("user-agent", "curl/7.88.1"),
    ("accept", "*/*"),
    ("x-request-id", "8a9172a9-5ac0-4e77-9d8d-6ee7ab5ce1a1"),
    ("x-forwarded-proto", "http"),
];

const LENGTH: (&str, &str) = ("content-length", "1024");

const RESPONSE: [(&str, &str); 5] = [
    (":status", "200"),
    ("server", "upstream"),
    ("content-type", "text/plain"),
    ("cache-control", "no-store"),
    LENGTH,
];

fn map(fields: &[(&str, &str)]) -> VecHeaderMap {
    let fields = fields.iter();
    let fields = fields.map(|(name, value)| (Vec::from(*name), Vec::from(*value)));
    fields.collect()
}

fn body() -> Vec<u8> {
    let line = "Of what a page of text has there are many more lines than this one.\n";
    let mut body: Vec<u8> = line.bytes().cycle().take(1024).collect();
    for at in [100, 900] {
        body[at..at + 6].copy_from_slice(b"secret");
    }
    body
}

/// A filter at work.
struct Filter {
    guest: Guest,
    root: ContextId,
    log: Arc<Log>,
    /// What it is given again and again. It is lent for the callbacks of a moment, as a proxy does
    /// that waits in between, or for each callback.
    exchange: Exchange,
    is_apart: bool,
    original: Vec<u8>,
    sees_response: bool,
    sees_body: bool,
}

impl Filter {
    fn start(host: &Host, module: &Module, name: &str, is_apart: bool) -> Result<Self, Failed> {
        let log = Arc::new(Log::default());
        let services = VmServices::new(log.clone());
        let mut guest = Guest::new(host, module, services, &Limits::default())?;
        let plugin = PluginConfig::new().with_configuration(name);
        let Started::Serving(root) = guest.start(plugin)? else {
            return Err("the filter refuses to start".into());
        };
        Ok(Self {
            guest,
            root,
            log,
            exchange: Exchange {
                request: map(&REQUEST),
                response: map(&RESPONSE),
                body: Vec::new(),
            },
            is_apart,
            original: body(),
            sees_response: matches!(name, "headers" | "body"),
            sees_body: name == "body",
        })
    }

    fn request(&mut self) -> Result<(), Failed> {
        // What the last request has done is taken back.
        let mut exchange = std::mem::take(&mut self.exchange);
        if exchange.request.len() > REQUEST.len() {
            exchange.request.remove(b"x-filter")?;
        }
        if exchange.response.len() < RESPONSE.len() {
            exchange
                .response
                .add(LENGTH.0.as_bytes(), LENGTH.1.as_bytes())?;
        }
        exchange.body.clone_from(&self.original);
        let mut actions = [Action::Continue; 3];

        let mut scope = self.guest.enter(exchange);
        let stream = scope.on_context_create(Some(self.root))?;
        scope.expect_stream_kind(stream, StreamKind::Http)?;
        if self.is_apart {
            let exchange = scope.finish();
            scope = self.guest.enter(exchange);
        }
        actions[0] = scope.on_request_headers(stream, REQUEST.len() as u32, true)?;
        let mut exchange = scope.finish();
        if self.sees_response {
            let mut scope = self.guest.enter(exchange);
            actions[1] = scope.on_response_headers(stream, RESPONSE.len() as u32, false)?;
            exchange = scope.finish();
        }
        if self.sees_body {
            let mut scope = self.guest.enter(exchange);
            actions[2] = scope.on_response_body(stream, 1024, true)?;
            exchange = scope.finish();
        }
        let mut scope = self.guest.enter(exchange);
        scope.on_done(stream)?;
        if self.is_apart {
            let exchange = scope.finish();
            scope = self.guest.enter(exchange);
        }
        scope.on_log(stream)?;
        if self.is_apart {
            let exchange = scope.finish();
            scope = self.guest.enter(exchange);
        }
        scope.on_delete(stream)?;
        self.exchange = scope.finish();
        match actions == [Action::Continue; 3] {
            true => Ok(()),
            false => Err("the filter pauses".into()),
        }
    }

    /// Whether it does what it should.
    fn try_out(&mut self, name: &str) -> Result<(), Failed> {
        self.request()?;
        let logged = self.log.0.load(Ordering::Relaxed);
        let is_added = self.exchange.request.get(b"x-filter").is_some();
        let text = String::from_utf8_lossy(&self.exchange.body);
        let found = (logged, is_added, text.matches("******").count());
        let wanted = match name {
            "headers" => (14, false, 0),
            "add" => (1, true, 0),
            "body" => (0, false, 2),
            other => return Err(format!("`{other}` is no filter").into()),
        };
        match found == wanted {
            true => Ok(()),
            false => Err(format!("the filter has done something else: {found:?}").into()),
        }
    }
}

fn main() -> Result<(), Failed> {
    let file = std::env::args_os().nth(1);
    let file = file.ok_or("the file of the filters is to be the argument")?;
    let engine = Engine::new()?;
    let module = Module::new(&engine, &std::fs::read(file)?)?;
    let host = Host::new(&engine)?;
    let mut started: Option<(String, Filter)> = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (way, requests) = line.rsplit_once(' ').ok_or("a filter and a number")?;
        let requests: u64 = requests.parse()?;
        let filter = match started.take() {
            Some((known, filter)) if known == way => filter,
            _ => {
                let apart = way.strip_suffix(" apart");
                let name = apart.unwrap_or(way);
                let mut filter = Filter::start(&host, &module, name, apart.is_some())?;
                filter.try_out(name)?;
                filter
            }
        };
        let (_, filter) = started.insert((way.to_owned(), filter));
        let start = Instant::now();
        for _ in 0..requests {
            filter.request()?;
        }
        println!("{}", start.elapsed().as_nanos());
        std::io::stdout().flush()?;
    }
    Ok(())
}
