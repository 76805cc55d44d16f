//! The functions of proxy-wasm 0.2.1, and what 0.2.0 and 0.1.0 had beside them, each on the traits of
//! `abide-proxy`.

use abide::module::{Bytes, Code};
use abide_proxy::host::callout::Answer as _;
use abide_proxy::host::http::Exchange as _;
use abide_proxy::host::tcp::Connection as _;
use abide_proxy::host::{
    Callout, Ending, Foreign, Grpc, Log, Metrics, Properties, Queues, Shared, Timer,
};
use abide_proxy::types::{Direction, Response};
use abide_proxy::{callout, grpc, metrics, queues};

use crate::codes::{
    Buffer, BufferType, LogLevel, Map, MapType, MetricType, Stream, StreamType, level,
};
use crate::env::{Env, is_headers};
use crate::host::Host;
use crate::pairs::{Pairs, encode, lower};
use crate::results::Wanted;
use crate::status::Status::{
    self, BadArgument, CasMismatch, Empty, InternalFailure, NotFound, ParseFailure,
};

/// The most bytes of a message that are handed on.
const MOST_LOGGED: usize = 64 << 10;

/// The number that stands for no status of gRPC.
const NO_GRPC_STATUS: u32 = u32::MAX;

#[abide::module("env")]
impl<H: Host> Env<H> {
    fn proxy_log(&mut self, level: Code<LogLevel>, message: &[u8]) -> Result<(), Status> {
        let message = &message[..message.len().min(MOST_LOGGED)];
        self.log().log(level.0.0, &String::from_utf8_lossy(message));
        Ok(())
    }

    fn proxy_get_log_level(&mut self) -> Result<u32, Status> {
        Ok(level(self.log().lowest()))
    }

    fn proxy_get_current_time_nanoseconds(&mut self) -> Result<u64, Status> {
        Ok(self.timer().now())
    }

    fn proxy_set_tick_period_milliseconds(&mut self, ms: u32) -> Result<(), Status> {
        self.timer().set_period(ms);
        Ok(())
    }

    fn proxy_set_effective_context(&mut self, id: u32) -> Result<(), Status> {
        if !self.is_context(id) {
            return Err(BadArgument);
        }
        self.effective = id;
        Ok(())
    }

    fn proxy_done(&mut self) -> Result<(), Status> {
        if !self.is_ending {
            return Err(NotFound);
        }
        self.is_ending = false;
        self.ending().done();
        Ok(())
    }

    fn proxy_get_header_map_value(
        &mut self,
        map: Code<MapType>,
        key: &[u8],
    ) -> Result<Bytes, Status> {
        let map = map.0.0;
        let absent = if self.is_logging() {
            NotFound
        } else {
            BadArgument
        };
        if let Map::Of(_) = map {
            let (exchange, part) = self.part(map)?;
            let Some(name) = lower(key) else {
                // There is no such field, if there are fields.
                return Err(exchange.fields(part).map_or(absent, |_| NotFound));
            };
            let found = exchange.get_field(part, &name).or(Err(absent))?;
            return found.map(Bytes).ok_or(NotFound);
        }
        let fields = self.received(map).ok_or(absent)?;
        let name = lower(key).ok_or(NotFound)?;
        let mut fields = fields.into_iter();
        let found = fields.find(|(found, _)| found.eq_ignore_ascii_case(&name));
        found.map(|(_, value)| Bytes(value)).ok_or(NotFound)
    }

    /// Of a list that is not there yet, it is an empty one.
    fn proxy_get_header_map_pairs(&mut self, map: Code<MapType>) -> Result<Bytes, Status> {
        let map = map.0.0;
        let fields = match self.part(map) {
            Ok((exchange, part)) => exchange.fields(part).ok(),
            Err(_) => self.received(map),
        };
        Ok(Bytes(encode(&fields.unwrap_or_default())))
    }

    /// The bytes of all names and values.
    fn proxy_get_header_map_size(&mut self, map: Code<MapType>) -> Result<u32, Status> {
        let map = map.0.0;
        if self.is_logging() && is_headers(map) {
            return Err(BadArgument);
        }
        let fields = match self.part(map) {
            Ok((exchange, part)) => match exchange.fields(part) {
                Ok(fields) => fields,
                // In Envoy there are trailers once somebody asks for their size, where some can be made.
                Err(_) if !is_headers(map) => {
                    exchange.set_fields(part, Vec::new())?;
                    Vec::new()
                }
                Err(unavailable) => return Err(unavailable.into()),
            },
            Err(status) => self.received(map).ok_or(status)?,
        };
        let sizes = fields.iter().map(|(name, value)| name.len() + value.len());
        u32::try_from(sizes.sum::<usize>()).map_err(|_| InternalFailure)
    }

    fn proxy_set_header_map_pairs(
        &mut self,
        map: Code<MapType>,
        fields: Pairs,
    ) -> Result<(), Status> {
        let (exchange, part) = self.part(map.0.0)?;
        exchange.set_fields(part, fields.0.ok_or(BadArgument)?)?;
        Ok(())
    }

    fn proxy_add_header_map_value(
        &mut self,
        map: Code<MapType>,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let (exchange, part) = self.part(map.0.0)?;
        exchange.add_field(part, &lower(key).ok_or(BadArgument)?, value)?;
        Ok(())
    }

    fn proxy_replace_header_map_value(
        &mut self,
        map: Code<MapType>,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let (exchange, part) = self.part(map.0.0)?;
        exchange.set_field(part, &lower(key).ok_or(BadArgument)?, value)?;
        Ok(())
    }

    fn proxy_remove_header_map_value(
        &mut self,
        map: Code<MapType>,
        key: &[u8],
    ) -> Result<(), Status> {
        let (exchange, part) = self.part(map.0.0)?;
        exchange.remove_field(part, &lower(key).ok_or(BadArgument)?)?;
        Ok(())
    }

    /// What lies behind the end of a buffer is nothing, and so is most of what is not there.
    fn proxy_get_buffer_bytes(
        &mut self,
        buffer: Code<BufferType>,
        start: u32,
        size: u32,
    ) -> Result<Bytes, Status> {
        let (from, most) = (start.into(), size.into());
        let kept = match buffer.0.0 {
            Buffer::Body(of) => {
                let exchange = self.exchange();
                let body = exchange.and_then(|exchange| exchange.body(of, from, most).ok());
                return Ok(Bytes(body.unwrap_or_default()));
            }
            Buffer::Data(of) => {
                let connection = self.connection();
                let data = connection.and_then(|connection| connection.data(of, from, most).ok());
                return Ok(Bytes(data.unwrap_or_default()));
            }
            Buffer::AnswerBody => {
                let answer = self.answer().ok_or(NotFound)?;
                return Ok(Bytes(answer.body(from, most)));
            }
            Buffer::GrpcMessage => self.grpc.message.as_deref().unwrap_or_default(),
            Buffer::VmConfiguration => &self.vm_configuration,
            Buffer::Configuration => self.configuring().ok_or(NotFound)?,
            Buffer::Arguments => self.arguments.as_deref().unwrap_or_default(),
        };
        let rest = kept.get(start as usize..).unwrap_or_default();
        Ok(Bytes(rest[..rest.len().min(size as usize)].to_vec()))
    }

    /// The size of a buffer, and flags, of which there are none.
    fn proxy_get_buffer_status(&mut self, buffer: Code<BufferType>) -> Result<(u32, u32), Status> {
        let size = match buffer.0.0 {
            Buffer::Body(of) => {
                let exchange = self.exchange();
                let size = exchange.and_then(|exchange| exchange.body_size(of).ok());
                size.unwrap_or(0)
            }
            Buffer::Data(of) => {
                let connection = self.connection();
                let size = connection.and_then(|connection| connection.data_size(of).ok());
                size.unwrap_or(0)
            }
            Buffer::AnswerBody => self.answer().ok_or(NotFound)?.body_size(),
            Buffer::GrpcMessage => self.grpc.message.as_ref().map_or(0, Vec::len) as u64,
            Buffer::VmConfiguration => self.vm_configuration.len() as u64,
            Buffer::Configuration => self.configuring().ok_or(NotFound)?.len() as u64,
            Buffer::Arguments => self.arguments.as_ref().map_or(0, Vec::len) as u64,
        };
        let size = u32::try_from(size).map_err(|_| InternalFailure)?;
        Ok((size, 0))
    }

    fn proxy_set_buffer_bytes(
        &mut self,
        buffer: Code<BufferType>,
        start: u32,
        size: u32,
        bytes: &[u8],
    ) -> Result<(), Status> {
        let (start, size) = (start.into(), size.into());
        match buffer.0.0 {
            Buffer::Body(of) => {
                let exchange = self.exchange().ok_or(BadArgument)?;
                exchange.replace_body(of, start, size, bytes)?;
            }
            Buffer::Data(of) => {
                let connection = self.connection().ok_or(BadArgument)?;
                connection.replace_data(of, start, size, bytes)?;
            }
            // These can be read only, if they are there.
            Buffer::AnswerBody => {
                self.answer().ok_or(NotFound)?;
                return Err(BadArgument);
            }
            Buffer::Configuration => {
                self.configuring().ok_or(NotFound)?;
                return Err(BadArgument);
            }
            _ => return Err(BadArgument),
        }
        Ok(())
    }

    /// It is no mistake to resume what is not paused, nor what is not there.
    fn proxy_continue_stream(&mut self, of: Code<StreamType>) -> Result<(), Status> {
        match of.0.0 {
            Stream::Http(of) => {
                if let Some(exchange) = self.exchange() {
                    exchange.resume(of)?;
                }
            }
            Stream::Tcp(of) => {
                if let Some(connection) = self.connection() {
                    connection.resume(of)?;
                }
            }
        }
        Ok(())
    }

    fn proxy_close_stream(&mut self, of: Code<StreamType>) -> Result<(), Status> {
        match of.0.0 {
            Stream::Http(of) => {
                if let Some(exchange) = self.exchange() {
                    exchange.reset(of)?;
                }
            }
            Stream::Tcp(of) => {
                if let Some(connection) = self.connection() {
                    connection.close(of)?;
                }
            }
        }
        Ok(())
    }

    fn proxy_send_local_response(
        &mut self,
        status: u32,
        details: &[u8],
        body: &[u8],
        fields: Pairs,
        grpc_status: u32,
    ) -> Result<(), Status> {
        let status = u16::try_from(status).ok();
        let status = status.filter(|status| (200..600).contains(status));
        let status = status.ok_or(BadArgument)?;
        let Some(exchange) = self.exchange() else {
            return Ok(());
        };
        exchange.respond(Response {
            status,
            fields: fields.0.unwrap_or_default(),
            body: body.to_vec(),
            grpc_status: (grpc_status != NO_GRPC_STATUS).then_some(grpc_status),
            details: String::from_utf8_lossy(details).into_owned(),
        })?;
        Ok(())
    }

    /// That of the last answer of another server, and its text.
    fn proxy_get_status(&mut self) -> Result<(u32, Bytes), Status> {
        let (code, message) = match self.answer() {
            Some(answer) => answer.status(),
            None => self.status.clone(),
        };
        Ok((code, Bytes(message.into_bytes())))
    }

    fn proxy_http_call(
        &mut self,
        upstream: &[u8],
        fields: Pairs,
        body: &[u8],
        trailers: Pairs,
        timeout_ms: u32,
    ) -> Result<u32, Status> {
        let upstream = text(upstream).ok_or(BadArgument)?;
        Ok(self.callout().send(callout::Request {
            upstream,
            fields: fields.0.unwrap_or_default(),
            body: body.to_vec(),
            trailers: trailers.0.unwrap_or_default(),
            timeout_ms,
        })?)
    }

    fn proxy_grpc_call(
        &mut self,
        upstream: &[u8],
        service: &[u8],
        method: &[u8],
        metadata: Pairs,
        message: &[u8],
        timeout_ms: u32,
    ) -> Result<u32, Status> {
        let (upstream, service, method) = called(upstream, service, method)?;
        let metadata = metadata.0.unwrap_or_default();
        let calls = self.calls();
        let call = calls.call(&upstream, &service, &method, metadata, message, timeout_ms);
        call.map_err(not_called)
    }

    fn proxy_grpc_stream(
        &mut self,
        upstream: &[u8],
        service: &[u8],
        method: &[u8],
        metadata: Pairs,
    ) -> Result<u32, Status> {
        let (upstream, service, method) = called(upstream, service, method)?;
        let metadata = metadata.0.unwrap_or_default();
        let call = self.calls().open(&upstream, &service, &method, metadata);
        call.map_err(not_called)
    }

    fn proxy_grpc_send(&mut self, call: u32, message: &[u8], last: bool) -> Result<(), Status> {
        self.calls().send(call, message, last).map_err(no_call)
    }

    fn proxy_grpc_cancel(&mut self, call: u32) -> Result<(), Status> {
        self.calls().cancel(call).map_err(no_call)
    }

    fn proxy_grpc_close(&mut self, call: u32) -> Result<(), Status> {
        self.calls().close(call).map_err(no_call)
    }

    fn proxy_get_shared_data(&mut self, key: &[u8]) -> Result<(Bytes, u32), Status> {
        let found = self.shared().get(str::from_utf8(key).or(Err(NotFound))?);
        let found = found.ok_or(NotFound)?;
        Ok((Bytes(found.value), found.version))
    }

    fn proxy_set_shared_data(
        &mut self,
        key: &[u8],
        value: &[u8],
        expected: u32,
    ) -> Result<(), Status> {
        let key = str::from_utf8(key).or(Err(BadArgument))?;
        let set = self.shared().set(key, Some(value.to_vec()), expected);
        set.or(Err(CasMismatch))
    }

    fn proxy_register_shared_queue(&mut self, name: &[u8]) -> Result<u32, Status> {
        Ok(self
            .queues()
            .open(str::from_utf8(name).or(Err(BadArgument))?))
    }

    fn proxy_resolve_shared_queue(&mut self, vm: &[u8], name: &[u8]) -> Result<u32, Status> {
        let vm = str::from_utf8(vm).or(Err(NotFound))?;
        let name = str::from_utf8(name).or(Err(NotFound))?;
        self.queues().find(vm, name).ok_or(NotFound)
    }

    fn proxy_enqueue_shared_queue(&mut self, queue: u32, value: &[u8]) -> Result<(), Status> {
        self.queues()
            .push(queue, value)
            .map_err(|error| match error {
                queues::Error::Unknown => NotFound,
                queues::Error::Full => InternalFailure,
            })
    }

    fn proxy_dequeue_shared_queue(&mut self, queue: u32) -> Result<Bytes, Status> {
        let first = self.queues().pop(queue).or(Err(NotFound))?;
        first.map(Bytes).ok_or(Empty)
    }

    fn proxy_define_metric(&mut self, kind: Code<MetricType>, name: &[u8]) -> Result<u32, Status> {
        let name = str::from_utf8(name).or(Err(BadArgument))?;
        let metric = self.metrics().define(kind.0.0, name);
        metric.ok_or(InternalFailure)
    }

    fn proxy_record_metric(&mut self, metric: u32, value: u64) -> Result<(), Status> {
        let recorded = self.metrics().record_value(metric, value);
        recorded.map_err(|error| match error {
            metrics::Error::Unknown => NotFound,
            metrics::Error::WrongKind => BadArgument,
        })
    }

    fn proxy_increment_metric(&mut self, metric: u32, by: i64) -> Result<(), Status> {
        self.metrics().increment(metric, by).or(Err(BadArgument))
    }

    fn proxy_get_metric(&mut self, metric: u32) -> Result<u64, Status> {
        self.metrics().value(metric).or(Err(BadArgument))
    }

    /// That of the exchange or the connection, or else of the plugin.
    fn proxy_get_property(&mut self, path: &[u8]) -> Result<Bytes, Status> {
        let path = steps(path).ok_or(NotFound)?;
        let property = if let Some(exchange) = self.exchange() {
            exchange.property(path.clone())
        } else if let Some(connection) = self.connection() {
            connection.property(path.clone())
        } else {
            None
        };
        let property = property.or_else(|| self.properties().get(path));
        property.map(Bytes).ok_or(NotFound)
    }

    fn proxy_set_property(&mut self, path: &[u8], value: &[u8]) -> Result<(), Status> {
        let path = steps(path).ok_or(BadArgument)?;
        if let Some(exchange) = self.exchange() {
            exchange.set_property(path, value)?;
        } else if let Some(connection) = self.connection() {
            connection.set_property(path, value)?;
        } else {
            return Err(NotFound);
        }
        Ok(())
    }

    fn proxy_call_foreign_function(
        &mut self,
        name: &[u8],
        arguments: &[u8],
    ) -> Result<Wanted, Status> {
        let name = str::from_utf8(name).or(Err(NotFound))?;
        let result = self.foreign().call(name, arguments);
        result.map(Wanted).ok_or(NotFound)
    }

    // What 0.1.0 had in the place of the above, and beside it.

    fn proxy_get_configuration(&mut self) -> Result<Bytes, Status> {
        Ok(Bytes(self.configuration.clone()))
    }

    fn proxy_continue_request(&mut self) -> Result<(), Status> {
        self.proxy_continue_stream(Code(StreamType(Stream::Http(Direction::Request))))
    }

    fn proxy_continue_response(&mut self) -> Result<(), Status> {
        self.proxy_continue_stream(Code(StreamType(Stream::Http(Direction::Response))))
    }

    fn proxy_clear_route_cache(&mut self) -> Result<(), Status> {
        if let Some(exchange) = self.exchange() {
            exchange.choose_route();
        }
        Ok(())
    }

    // What modules of C++ import.

    fn pthread_equal(&mut self, left: u32, right: u32) -> bool {
        left == right
    }

    fn emscripten_notify_memory_growth(&mut self, memory: u32) {
        let _ = memory;
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// The steps of a property's path, which a zero parts, and may end.
fn steps(path: &[u8]) -> Option<Vec<String>> {
    let path = path.strip_suffix(&[0]).unwrap_or(path);
    path.split(|byte| *byte == 0).map(text).collect()
}

/// Whom a call of gRPC is made to.
fn called(
    upstream: &[u8],
    service: &[u8],
    method: &[u8],
) -> Result<(String, String, String), Status> {
    let upstream = text(upstream).ok_or(ParseFailure)?;
    let service = text(service).ok_or(BadArgument)?;
    Ok((upstream, service, text(method).ok_or(BadArgument)?))
}

fn not_called(why: callout::NotSent) -> Status {
    match why {
        callout::NotSent::UnknownUpstream => ParseFailure,
        other => other.into(),
    }
}

fn no_call(why: grpc::Error) -> Status {
    match why {
        grpc::Error::Unknown => NotFound,
        grpc::Error::NotOpen => BadArgument,
    }
}
