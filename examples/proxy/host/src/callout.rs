//! Requests of filters' own, from the first byte to the last of the answer.

use std::time::Duration;

use abide_proxy::callout::Request;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use metrics::counter;
use tokio::time::timeout;

use crate::answer::Answer;
use crate::fields;
use crate::refusal::Refusal;
use crate::stream::Body;
use crate::upstream::{Upstream, Upstreams};

/// What Envoy says of an upstream that cannot be reached, and of one that breaks off.
const UNREACHABLE: &str = "upstream connect error or disconnect/reset before headers. \
    reset reason: remote connection failure";
const BROKEN: &str = "upstream connect error or disconnect/reset before headers. \
    reset reason: connection termination";

/// And of one that takes too long.
const LATE: &str = "upstream request timeout";

fn late() -> Answer {
    Answer::instead(504, LATE)
}

/// Makes a request, and has the whole answer, or one that says why there is none.
pub(crate) async fn ask(upstreams: &Upstreams, request: Request) -> Answer {
    let Some(upstream) = upstreams.get(&request.upstream) else {
        return Answer::none("there is no such upstream");
    };
    let limit = Duration::from_millis(request.timeout_ms.into());
    let asked = timeout(limit, answer(&upstream, upstreams.answer_bytes, request));
    let (answer, outcome) = match asked.await {
        Ok(Ok(answer)) => (answer, "answered"),
        Ok(Err(answer)) => (answer, "failed"),
        Err(_) => (late(), "late"),
    };
    let name = upstream.name.to_string();
    counter!("proxy_callouts_total", "upstream" => name, "outcome" => outcome).increment(1);
    answer
}

async fn answer(
    upstream: &std::rc::Rc<Upstream>,
    most: usize,
    request: Request,
) -> Result<Answer, Answer> {
    let body = Body::whole(Bytes::from(request.body), None);
    let response = upstream.send(&request.fields, body).await;
    let response = response.map_err(|refusal| match refusal {
        Refusal::Unreachable => Answer::instead(503, UNREACHABLE),
        Refusal::Broken => Answer::instead(503, BROKEN),
        Refusal::Late => late(),
        other => Answer::none(other.cause()),
    })?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, most).collect().await;
    let body = body.map_err(|error| Answer::none(format!("the answer broke off: {error}")))?;
    let trailers = body.trailers().map(fields::of_trailers);
    Ok(Answer {
        status: parts.status.as_u16(),
        reason: String::new(),
        fields: fields::of_response(&parts),
        trailers: trailers.unwrap_or_default(),
        body: body.to_bytes().into(),
    })
}
