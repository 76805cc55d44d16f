//! Calls by request and reply. The applications of one id are a queue group, of which one answers.
//!
//! What is sent is the length of a head in four bytes, the head as JSON, and the data.

use std::sync::Arc;

use abide_dapr::invocation::{Request, Response, Verb};
use async_nats::client::{PublishErrorKind, RequestErrorKind};
use async_nats::{Client, Subject, Subscriber};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::warn;

use super::client::Connection;
use super::names;
use crate::backoff;
use crate::blocks::{Invoked, Invoker};
use crate::failure::{Error, Failure, Result, failed, within};
use crate::running::{Running, Stopping};

/// What subjects of applications begin with.
const SUBJECT: &str = "abide.dapr.invoke.";

/// How many calls of an application are being served at most; others wait.
const CALLS: usize = 256;

/// Calls between the applications of all hosts that use a server.
#[derive(Debug, Clone)]
pub struct NatsInvoker {
    connection: Arc<Connection>,
}

impl NatsInvoker {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self { connection }
    }
}

fn subject(app: &str) -> String {
    format!("{SUBJECT}{}", names::name(app))
}

#[async_trait]
impl Invoker for NatsInvoker {
    async fn invoke(&self, app: &str, request: Request) -> Result<Response> {
        let client = self.connection.client().await?;
        // How long an application may take is for whoever calls to say.
        let asked = async_nats::Request::new()
            .payload(encode_request(&request))
            .timeout(None);
        match client.send_request(subject(app), asked).await {
            Ok(answer) => decode_answer(&answer.payload)?,
            Err(error) => Err(match error.kind() {
                RequestErrorKind::NoResponders => Error::NotFound(app.to_owned()),
                RequestErrorKind::TimedOut => Error::Timeout,
                RequestErrorKind::MaxPayloadExceeded => too_much(),
                RequestErrorKind::InvalidSubject => Error::NotFound(app.to_owned()),
                RequestErrorKind::Other => Error::Unavailable(format!("NATS: {error}")),
            }),
        }
    }

    async fn serve(&self, app: &str, to: Arc<dyn Invoked>) -> Result<Option<Running>> {
        let client = self.connection.client().await?;
        let subscribed = client.queue_subscribe(subject(app), names::name(app)).await;
        let unavailable = |error: String| Error::Unavailable(format!("NATS: {error}"));
        let calls = subscribed.map_err(|error| unavailable(error.to_string()))?;
        let settled = within(self.connection.options.deadline, settle(&client));
        settled.await?;
        let served = move |stopping| serve(client, calls, to, stopping);
        Ok(Some(Running::spawn(served)))
    }
}

/// Waits until the server has done all that it was told: whoever calls from now on finds it so. It is
/// asked for what nobody answers, and says that at once.
async fn settle(client: &Client) -> Result<()> {
    match client.request(client.new_inbox(), Bytes::new()).await {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            RequestErrorKind::NoResponders => Ok(()),
            RequestErrorKind::TimedOut => Err(Error::Timeout),
            _ => Err(Error::Unavailable(format!("NATS: {error}"))),
        },
    }
}

async fn serve(
    client: Client,
    mut calls: Subscriber,
    to: Arc<dyn Invoked>,
    mut stopping: Stopping,
) {
    let mut working = JoinSet::new();
    let mut is_ending = false;
    loop {
        while working.try_join_next().is_some() {}
        if working.len() >= CALLS {
            working.join_next().await;
            continue;
        }
        let call = match is_ending {
            // What the server has given to this one already is served, too.
            true => calls.next().await,
            false => match stopping.or(calls.next()).await {
                Some(call) => call,
                None => {
                    is_ending = true;
                    match calls.drain().await {
                        Ok(()) => continue,
                        Err(_) => break,
                    }
                }
            },
        };
        let Some(call) = call else {
            break;
        };
        let Some(reply) = call.reply else {
            continue;
        };
        let (client, to) = (client.clone(), Arc::clone(&to));
        working.spawn(async move {
            let answer = match decode_request(&call.payload) {
                Ok(request) => to.invoked(request).await,
                Err(error) => Err(error),
            };
            answer_to(&client, reply, &answer).await;
        });
    }
    while working.join_next().await.is_some() {}
}

async fn answer_to(client: &Client, reply: Subject, answer: &Result<Response>) {
    let sent = client.publish(reply.clone(), encode_answer(answer)).await;
    let Err(error) = sent else {
        return;
    };
    if error.kind() == PublishErrorKind::MaxPayloadExceeded {
        let text = "the answer is more than NATS takes (`max_payload`)";
        let instead = encode_answer(&Err(failed("TOO_LARGE", text)));
        let _ = client.publish(reply, instead).await;
    } else {
        warn!("a call is not answered: {error}");
        sleep(backoff::pause(1)).await;
    }
}

fn too_much() -> Error {
    let text = "NATS: this is more than the server takes (`max_payload`)";
    Error::Invalid(text.to_owned())
}

fn encode_request(request: &Request) -> Bytes {
    let head = json!({
        "verb": request.verb.name(),
        "method": request.method,
        "query": request.query,
        "contentType": request.content_type,
        "metadata": request.metadata,
    });
    encode(&head, &request.data)
}

fn decode_request(bytes: &[u8]) -> Result<Request> {
    let strange = || Error::Invalid("this is no call".to_owned());
    let (head, data) = decode(bytes).ok_or_else(strange)?;
    let verb = head["verb"].as_str().and_then(Verb::named);
    Ok(Request {
        verb: verb.ok_or_else(strange)?,
        method: text(&head["method"]),
        query: pairs(&head["query"]),
        content_type: text(&head["contentType"]),
        data: data.to_vec(),
        metadata: pairs(&head["metadata"]),
    })
}

fn encode_answer(answer: &Result<Response>) -> Bytes {
    match answer {
        Ok(response) => {
            let head = json!({
                "status": response.status,
                "contentType": response.content_type,
                "metadata": response.metadata,
            });
            encode(&head, &response.data)
        }
        Err(error) => {
            let (kind, code, message) = match error {
                Error::NoComponent(text) => ("no-component", "", &**text),
                Error::Unsupported(text) => ("unsupported", "", &**text),
                Error::Conflict(text) => ("conflict", "", &**text),
                Error::Invalid(text) => ("invalid", "", &**text),
                Error::Denied(text) => ("denied", "", &**text),
                Error::NotFound(text) => ("not-found", "", &**text),
                Error::Unavailable(text) => ("unavailable", "", &**text),
                Error::Timeout => ("timeout", "", ""),
                Error::Failed(Failure { code, message }) => ("failed", &**code, &**message),
            };
            let head = json!({ "error": kind, "code": code, "message": message });
            encode(&head, &[])
        }
    }
}

/// What an application answered, or else that this is no answer.
fn decode_answer(bytes: &[u8]) -> Result<Result<Response>> {
    let strange = || failed("NATS", "the application answers in a strange way");
    let (head, data) = decode(bytes).ok_or_else(strange)?;
    let message = text(&head["message"]);
    Ok(Err(match head["error"].as_str() {
        None => {
            let status = head["status"].as_u64();
            let status = status.and_then(|status| u16::try_from(status).ok());
            return Ok(Ok(Response {
                status: status.ok_or_else(strange)?,
                content_type: text(&head["contentType"]),
                data: data.to_vec(),
                metadata: pairs(&head["metadata"]),
            }));
        }
        Some("no-component") => Error::NoComponent(message),
        Some("unsupported") => Error::Unsupported(message),
        Some("conflict") => Error::Conflict(message),
        Some("invalid") => Error::Invalid(message),
        Some("denied") => Error::Denied(message),
        Some("not-found") => Error::NotFound(message),
        Some("unavailable") => Error::Unavailable(message),
        Some("timeout") => Error::Timeout,
        Some("failed") => failed(text(&head["code"]), message),
        Some(_) => return Err(strange()),
    }))
}

fn encode(head: &Value, data: &[u8]) -> Bytes {
    let head = head.to_string();
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), head.as_bytes(), data]
        .concat()
        .into()
}

fn decode(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (head, data) = rest.split_at_checked(length)?;
    Some((serde_json::from_slice(head).ok()?, data))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let pairs = value.as_array().into_iter().flatten();
    let pairs = pairs.map(|pair| (text(&pair[0]), text(&pair[1])));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use abide_dapr::invocation::{Request, Response, Verb};

    use super::{decode_answer, decode_request, encode_answer, encode_request};
    use crate::failure::{Error, failed};

    #[test]
    fn what_goes_in_comes_out() {
        let request = Request {
            verb: Verb::Patch,
            method: "orders/7".to_owned(),
            query: vec![("a".to_owned(), "ä=&".to_owned())],
            content_type: "text/plain".to_owned(),
            data: b"\0\xff".to_vec(),
            metadata: vec![("x".to_owned(), String::new())],
        };
        assert_eq!(decode_request(&encode_request(&request)).unwrap(), request);
        let response = Response {
            status: 404,
            content_type: String::new(),
            data: Vec::new(),
            metadata: request.metadata,
        };
        let answers = [
            Ok(response),
            Err(Error::NotFound("x".to_owned())),
            Err(Error::Timeout),
            Err(failed("ERR_X", "why")),
        ];
        for answer in answers {
            assert_eq!(decode_answer(&encode_answer(&answer)).unwrap(), answer);
        }
        for strange in [&b""[..], b"\0\0\0\x09{}", b"\0\0\0\x02{}"] {
            decode_request(strange).unwrap_err();
            decode_answer(strange).unwrap_err();
        }
    }
}
