//! Requests of filters' own, from the first byte to the last of the answer.

use std::time::Duration;

use abide_proxy::callout::Request;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use metrics::counter;
use tokio::time::timeout;

use crate::answer::Answer;
use crate::fields;
use crate::stream::Body;
use crate::upstream::{Upstream, Upstreams};

/// Makes a request, and has the whole answer, or one that says that there is none.
pub(crate) async fn ask(upstreams: &Upstreams, request: Request) -> Answer {
    let Some(upstream) = upstreams.get(&request.upstream) else {
        return Answer::none("there is no such upstream");
    };
    let limit = Duration::from_millis(request.timeout_ms.into());
    let asked = timeout(limit, answer(&upstream, upstreams.answer_bytes, request));
    let (answer, outcome) = match asked.await {
        Ok(Ok(answer)) => (answer, "answered"),
        Ok(Err(reason)) => (Answer::none(reason), "failed"),
        Err(_) => (Answer::none("it takes too long"), "late"),
    };
    let name = upstream.name.to_string();
    counter!("proxy_callouts_total", "upstream" => name, "outcome" => outcome).increment(1);
    answer
}

async fn answer(
    upstream: &std::rc::Rc<Upstream>,
    most: usize,
    request: Request,
) -> Result<Answer, String> {
    let body = Body::whole(Bytes::from(request.body), None);
    let response = upstream.send(&request.fields, body).await;
    let response = response.map_err(|refusal| refusal.cause().to_owned())?;
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, most).collect().await;
    let body = body.map_err(|error| format!("the answer broke off: {error}"))?;
    let trailers = body.trailers().map(fields::of_trailers);
    Ok(Answer {
        status: parts.status.as_u16(),
        reason: String::new(),
        fields: fields::of_response(&parts),
        trailers: trailers.unwrap_or_default(),
        body: body.to_bytes().into(),
    })
}
