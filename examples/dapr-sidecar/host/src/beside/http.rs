//! An application that speaks HTTP: it is asked for its subscriptions, and events, calls and what
//! happens at bindings are requests.

use std::collections::BTreeMap;
use std::time::Duration;

use abide_dapr::app::{Event, Rule, Subscription, Verdict};
use abide_dapr::configuration::Item;
use abide_dapr::invocation::{Request as Invoked, Response as Answer, Verb};
use abide_dapr_host::blocks::Publication;
use abide_dapr_host::{App, Error, Result, failed};
use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use crate::items_as_json;
use crate::token::{FIELD, Token};

const JSON: &str = "application/json";
const CLOUD_EVENT: &str = "application/cloudevents+json";

/// How many bytes it may answer with.
const MOST: usize = 64 << 20;

/// What cannot stand in a path as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'#')
    .add(b'%');
/// Nor in what stands behind the question mark.
const QUERY: &AsciiSet = &PATH.add(b'&').add(b'+').add(b'=');

#[derive(Debug)]
pub(super) struct Http {
    address: String,
    deadline: Duration,
    /// What it is shown.
    token: Option<Token>,
    client: Client<HttpConnector, Full<Bytes>>,
    /// Bindings that it may want.
    inputs: Vec<String>,
}

struct Answered {
    status: StatusCode,
    head: HeaderMap,
    data: Bytes,
}

/// A subscription in an application's words.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(rename = "pubsubname", alias = "pubsubName")]
    pubsub: String,
    topic: String,
    #[serde(default)]
    route: String,
    #[serde(default)]
    routes: Routes,
    #[serde(default)]
    dead_letter_topic: String,
    #[serde(default)]
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
struct Routes {
    #[serde(default)]
    rules: Option<Vec<Matched>>,
    #[serde(default)]
    default: String,
}

#[derive(Debug, Deserialize)]
struct Matched {
    #[serde(default, rename = "match")]
    matching: String,
    path: String,
}

#[derive(Debug, Default, Deserialize)]
struct Handled {
    #[serde(default)]
    status: String,
}

impl Http {
    pub(super) fn new(
        address: String,
        deadline: Duration,
        token: Option<Token>,
        inputs: Vec<String>,
    ) -> Self {
        Self {
            address,
            deadline,
            token,
            client: Client::builder(TokioExecutor::new()).build_http(),
            inputs,
        }
    }

    async fn send(
        &self,
        verb: Verb,
        path: &str,
        content_type: &str,
        head: &[(String, String)],
        data: Vec<u8>,
    ) -> Result<Answered> {
        let path = path.trim_start_matches('/');
        let uri = format!("http://{}/{path}", self.address);
        let mut request = Request::new(Full::from(data));
        *request.method_mut() = verb
            .name()
            .parse()
            .map_err(|_| Error::Invalid(format!("`{verb}` is no method of HTTP")))?;
        *request.uri_mut() = uri
            .parse()
            .map_err(|error| Error::Invalid(format!("`{path}` is no path of HTTP: {error}")))?;
        put(request.headers_mut(), head);
        request.headers_mut().remove(FIELD);
        let token = self.token.as_ref();
        if let Some(token) = token.and_then(|token| HeaderValue::from_str(token.as_str()).ok()) {
            request.headers_mut().insert(FIELD, token);
        }
        if let Ok(content_type) = HeaderValue::try_from(content_type)
            && !content_type.is_empty()
        {
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        let answered = tokio::time::timeout(self.deadline, self.exchange(request)).await;
        answered.unwrap_or(Err(Error::Timeout))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answered> {
        let broke = |error: &dyn std::fmt::Display| Error::Unavailable(error.to_string());
        let answered = self.client.request(request).await;
        let (head, body) = answered.map_err(|error| broke(&error))?.into_parts();
        let body = Limited::new(body, MOST).collect().await;
        let body = body.map_err(|error| failed("INTERNAL", error))?;
        Ok(Answered {
            status: head.status,
            head: head.headers,
            data: body.to_bytes(),
        })
    }
}

#[async_trait]
impl App for Http {
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        let path = "dapr/subscribe";
        let answered = self.send(Verb::Get, path, "", &[], Vec::new()).await?;
        if answered.status != StatusCode::OK || answered.data.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Option<Vec<Wanted>> = serde_json::from_slice(&answered.data)
            .map_err(|error| Error::Invalid(format!("what `{path}` says: {error}")))?;
        Ok(wanted
            .unwrap_or_default()
            .into_iter()
            .map(Wanted::subscription)
            .collect())
    }

    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        let publication = Publication {
            event: event.clone(),
            raw: false,
            ttl: None,
            metadata: Vec::new(),
        };
        let path = encoded(&event.path);
        let data = publication.into_bytes();
        let head = &event.extensions;
        let trace = head.iter().filter(|(name, _)| name.starts_with("trace"));
        let trace = trace.cloned().collect::<Vec<_>>();
        let answered = self
            .send(Verb::Post, &path, CLOUD_EVENT, &trace, data)
            .await?;
        match answered.status {
            status if status.is_success() => Ok(verdict(&answered.data)),
            StatusCode::NOT_FOUND => Ok(Verdict::Drop),
            _ => Ok(Verdict::Retry),
        }
    }

    async fn on_invoke(&self, request: &Invoked) -> Result<Answer> {
        let mut path = encoded(&request.method);
        for (index, (name, value)) in request.query.iter().enumerate() {
            let name = utf8_percent_encode(name, QUERY);
            let value = utf8_percent_encode(value, QUERY);
            let separator = if index == 0 { '?' } else { '&' };
            path += &format!("{separator}{name}={value}");
        }
        let (content_type, data) = (&request.content_type, request.data.clone());
        let answered = self
            .send(request.verb, &path, content_type, &request.metadata, data)
            .await?;
        let mut content_type = String::new();
        let fields = answered.head.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            if name == CONTENT_TYPE {
                value.clone_into(&mut content_type);
            }
            let is_more = ![CONTENT_TYPE, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name);
            is_more.then(|| (name.as_str().to_owned(), value.to_owned()))
        });
        let metadata = fields.collect();
        Ok(Answer {
            status: answered.status.as_u16(),
            content_type,
            data: answered.data.into(),
            metadata,
        })
    }

    /// It is asked for each, as Dapr does: what it knows, it wants.
    async fn bindings(&self) -> Result<Vec<String>> {
        let mut wanted = Vec::new();
        for name in &self.inputs {
            let path = encoded(name);
            let asked = self.send(Verb::Options, &path, "", &[], Vec::new()).await?;
            if asked.status.is_success() || asked.status == StatusCode::METHOD_NOT_ALLOWED {
                wanted.push(name.clone());
            }
        }
        Ok(wanted)
    }

    async fn on_binding(
        &self,
        name: &str,
        data: &[u8],
        metadata: &[(String, String)],
    ) -> Result<Vec<u8>> {
        let path = encoded(name);
        let answered = self
            .send(Verb::Post, &path, JSON, metadata, data.to_vec())
            .await?;
        match answered.status.is_success() {
            true => Ok(answered.data.into()),
            false => Err(failed("NOT_HANDLED", answered.status)),
        }
    }

    async fn on_configuration(
        &self,
        store: &str,
        id: &str,
        items: &[(String, Item)],
    ) -> Result<()> {
        let changed = json!({ "id": id, "items": items_as_json(items) }).to_string();
        for (key, _) in items {
            let path = format!("configuration/{}/{}", encoded(store), encoded(key));
            let data = changed.clone().into_bytes();
            let answered = self.send(Verb::Post, &path, JSON, &[], data).await?;
            if !answered.status.is_success() {
                return Err(failed("NOT_HANDLED", answered.status));
            }
        }
        Ok(())
    }
}

impl Wanted {
    fn subscription(self) -> Subscription {
        let rules = self.routes.rules.unwrap_or_default().into_iter();
        let rules = rules.map(|rule| Rule {
            matching: rule.matching,
            path: rule.path,
        });
        let path = match self.routes.default.is_empty() {
            true => self.route,
            false => self.routes.default,
        };
        Subscription {
            pubsub: self.pubsub,
            topic: self.topic,
            path,
            rules: rules.collect(),
            dead_letter: Some(self.dead_letter_topic).filter(|topic| !topic.is_empty()),
            metadata: self.metadata.unwrap_or_default().into_iter().collect(),
        }
    }
}

/// What became of an event. To say nothing is to have handled it.
fn verdict(data: &[u8]) -> Verdict {
    let handled: Handled = serde_json::from_slice(data).unwrap_or_default();
    match &*handled.status {
        "" | "SUCCESS" => Verdict::Success,
        "DROP" => Verdict::Drop,
        _ => Verdict::Retry,
    }
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// Metadata that HTTP can have as fields, without those of the connection.
fn put(head: &mut HeaderMap, metadata: &[(String, String)]) {
    for (name, value) in metadata {
        let name = HeaderName::try_from(name.as_str());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value.as_str()))
            && ![HOST, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name)
        {
            head.append(name, value);
        }
    }
}
