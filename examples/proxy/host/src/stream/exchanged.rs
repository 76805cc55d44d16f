//! The way of a stream from its first byte to the head of its response.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use abide_proxy::types::{Direction, Field, Part, Response as Given};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Request, Response, Version};

use super::body::{Body, BrokenOff};
use super::source::Source;
use super::stages::{Event, Over};
use super::way::Way;
use super::{Stream, answer};
use crate::config::ms;
use crate::exchange::{Ending, Waiting};
use crate::fields;
use crate::generation::Generation;
use crate::refusal::Refusal;
use crate::upstream::Lends;

/// Passes on a request, and has its response. The rest of both goes on in their bodies.
///
/// # Errors
///
/// A filter wants no answer at all.
pub(crate) async fn exchanged(
    generation: Rc<Generation>,
    request: Request<Incoming>,
    addresses: [SocketAddr; 2],
    is_tls: bool,
) -> Result<Response<Body>, BrokenOff> {
    let (parts, body) = request.into_parts();
    let fields = fields::of_request(&parts, is_tls);
    let stream = Stream::open(&generation, fields, addresses);
    stream.state.lock().protocol = protocol(parts.version);
    let response = match asked(&stream, Source::incoming(body, parts.version)).await {
        Ok(response) => answered(&stream, response).await,
        Err(Over) => Err(Over),
    };
    let mut response = match response {
        Ok(response) => response,
        Err(Over) => ended(&stream).await?,
    };
    if response.body().is_whole() {
        stream.stop_request();
    }
    // Nobody waits for the rest of a request that is answered.
    if !stream.is_received.get() && parts.version < Version::HTTP_2 {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
}

/// What filters know a version of HTTP by.
fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

/// Passes on the request, and has the head of the response, which is in the stream then.
async fn asked(stream: &Rc<Stream>, source: Source) -> Result<Source, Over> {
    let generation = &stream.generation;
    let over = |refusal| {
        stream.state.lock().end(Ending::Refused(refusal));
        Over
    };
    let route = generation.choose(stream.state.lock().part(Part::RequestHeaders));
    let mut way = new_way(stream, Direction::Request, source)?;
    let last = head(&mut way).await?;
    let upstream = {
        let state = stream.state.lock();
        // Filters may have made it another request.
        match state.is_rerouted || route.is_none() {
            true => generation.choose(state.part(Part::RequestHeaders)),
            false => route,
        }
    };
    let upstream = upstream.ok_or_else(|| over(Refusal::NoRoute))?;
    stream.access.borrow_mut().upstream = Some(Arc::clone(&upstream.name));
    stream.state.lock().upstream = Some(Arc::clone(&upstream.name));
    let body = match last {
        true => Body::whole(Bytes::new(), Some(Rc::clone(stream))),
        false => Body::of(way),
    };
    let sent = upstream.send(&**stream, body);
    let response = unless_over(stream, sent).await?.map_err(over)?;
    let (parts, body) = response.into_parts();
    let fields = fields::of_response(&parts);
    stream.state.lock().fields[Part::ResponseHeaders as usize] = Some(fields);
    Ok(Source::incoming(body, parts.version))
}

/// The request is sent with the fields that it has then.
impl Lends for Stream {
    fn lend<R>(&self, work: impl FnOnce(&[Field]) -> R) -> R {
        work(self.state.lock().part(Part::RequestHeaders))
    }
}

fn new_way(stream: &Rc<Stream>, of: Direction, source: Source) -> Result<Way, Over> {
    let idle = ms(stream.generation.config.limits.idle_ms);
    Way::new(Rc::clone(stream), of, source, idle)
}

/// Waits until the head comes out of a way. Whether nothing follows.
async fn head(way: &mut Way) -> Result<bool, Over> {
    match poll_fn(|cx| way.poll_next(cx)).await {
        Some(Ok(Event::Head { last })) => Ok(last),
        _ => Err(Over),
    }
}

/// Waits for something, unless the stream ends otherwise.
async fn unless_over<T>(stream: &Stream, work: impl Future<Output = T>) -> Result<T, Over> {
    let mut work = pin!(work);
    poll_fn(|cx| {
        {
            let mut state = stream.state.lock();
            if state.ending.is_some() {
                return Poll::Ready(Err(Over));
            }
            state.wait(Waiting::Head, cx.waker());
        }
        work.as_mut().poll(cx).map(Ok)
    })
    .await
}

/// Passes on the response, whose head is in the stream.
async fn answered(stream: &Rc<Stream>, source: Source) -> Result<Response<Body>, Over> {
    let mut way = new_way(stream, Direction::Response, source)?;
    let last = head(&mut way).await?;
    let body = match last {
        true => Body::whole(Bytes::new(), Some(Rc::clone(stream))),
        false => Body::of(way),
    };
    let response = answer::of_stream(stream, body).map_err(|refusal| {
        stream.state.lock().end(Ending::Refused(refusal));
        Over
    })?;
    stream.is_answered.set(true);
    let mut access = stream.access.borrow_mut();
    access.status = response.status().as_u16();
    if access.by == "nobody" {
        access.by = "upstream";
    }
    Ok(response)
}

/// The stream has ended otherwise.
async fn ended(stream: &Rc<Stream>) -> Result<Response<Body>, BrokenOff> {
    let ending = stream.state.lock().ending.take();
    let given = match ending {
        Some(Ending::Answered(given)) => {
            stream.access.borrow_mut().by = "filter";
            given
        }
        Some(Ending::Refused(refusal)) if refusal.is_shown() => {
            stream.access.borrow_mut().refused(&refusal);
            stream.state.lock().is_refused = true;
            answer::instead(&refusal)
        }
        Some(Ending::Refused(refusal)) => return Ok(answer::refused(&refusal, stream)),
        Some(Ending::Reset) | None => {
            stream.access.borrow_mut().by = "reset";
            return Err(BrokenOff);
        }
    };
    let is_on_its_way_back = stream.state.lock().fields[Part::ResponseHeaders as usize].is_some();
    match self::given(stream, given, is_on_its_way_back).await {
        Ok(response) => Ok(response),
        Err(Over) => match stream.state.lock().ending.take() {
            Some(Ending::Refused(refusal)) => Ok(answer::refused(&refusal, stream)),
            _ => Err(BrokenOff),
        },
    }
}

/// A filter answers, or the proxy itself. Filters see that as any other response, unless they have
/// seen one.
async fn given(
    stream: &Rc<Stream>,
    given: Given,
    is_on_its_way_back: bool,
) -> Result<Response<Body>, Over> {
    if !given.details.is_empty() {
        tracing::debug!("a filter answers: {}", given.details);
    }
    let fields = {
        let mut state = stream.state.lock();
        state.is_rewritten = [false; 2];
        let fields = answer::given(&given, state.part(Part::RequestHeaders));
        state.fields[Part::ResponseHeaders as usize] = Some(fields.clone());
        fields
    };
    // Who asks for the head only has the length of the body.
    let is_head = {
        let state = stream.state.lock();
        fields::first(state.part(Part::RequestHeaders), ":method") == Some(b"HEAD")
    };
    let body = match is_head {
        true => Bytes::new(),
        false => Bytes::from(given.body),
    };
    stream.is_answered.set(true);
    if !is_on_its_way_back {
        return answered(stream, Source::Whole(body)).await;
    }
    let body = Body::whole(body, Some(Rc::clone(stream)));
    let response = fields::response(&fields, body).map_err(|_| {
        stream.state.lock().end(Ending::Refused(Refusal::NoMessage));
        Over
    })?;
    stream.access.borrow_mut().status = response.status().as_u16();
    Ok(response)
}
