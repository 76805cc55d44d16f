//! An application that speaks gRPC: Dapr's callbacks.

use std::time::Duration;

use abide_dapr::app::{Event, Rule, Subscription, Verdict};
use abide_dapr::invocation::{Request as Invoked, Response as Answer};
use abide_dapr_host::{App, Error, Result, failed};
use async_trait::async_trait;
use dapr::dapr::proto::common::v1::http_extension::Verb as Said;
use dapr::dapr::proto::common::v1::{HttpExtension, InvokeRequest};
use dapr::dapr::proto::runtime::v1::app_callback_client::AppCallbackClient;
use dapr::dapr::proto::runtime::v1::{BindingEventRequest, TopicSubscription};
use prost_types::Any;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue, KeyAndValueRef};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tracing::warn;

use crate::grpc::{message, verdict};
use crate::token::Shown;

#[derive(Debug)]
pub(super) struct Grpc {
    client: AppCallbackClient<InterceptedService<Channel, Shown>>,
}

impl Grpc {
    pub(super) fn new(
        address: &str,
        deadline: Duration,
        max_body: usize,
        shown: Shown,
    ) -> Result<Self, tonic::transport::Error> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
        let channel = endpoint.timeout(deadline).connect_lazy();
        let client = AppCallbackClient::with_interceptor(channel, shown);
        let client = client.max_decoding_message_size(max_body);
        Ok(Self {
            client: client.max_encoding_message_size(usize::MAX),
        })
    }
}

#[async_trait]
impl App for Grpc {
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        match self.client.clone().list_topic_subscriptions(()).await {
            Ok(answer) => {
                let all = answer.into_inner().subscriptions;
                Ok(all.into_iter().map(subscription).collect())
            }
            Err(status) if status.code() == Code::Unimplemented => Ok(Vec::new()),
            Err(status) => Err(error(&status)),
        }
    }

    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        let handled = self.client.clone().on_topic_event(message(event)).await;
        match handled {
            Ok(answer) => Ok(verdict(Some(answer.into_inner()))),
            Err(status) if status.code() == Code::Unimplemented => Ok(Verdict::Drop),
            Err(status) => Err(error(&status)),
        }
    }

    async fn on_invoke(&self, request: &Invoked) -> Result<Answer> {
        let query = request
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let said = InvokeRequest {
            method: request.method.clone(),
            data: Some(Any {
                type_url: String::new(),
                value: request.data.clone(),
            }),
            content_type: request.content_type.clone(),
            http_extension: Some(HttpExtension {
                // They have the same names.
                verb: Said::from_str_name(request.verb.name())
                    .unwrap_or(Said::Post)
                    .into(),
                querystring: query.collect::<Vec<_>>().join("&"),
            }),
        };
        let mut said = Request::new(said);
        for (name, value) in &request.metadata {
            let name = AsciiMetadataKey::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, AsciiMetadataValue::try_from(value)) {
                said.metadata_mut().append(name, value);
            }
        }
        let answered = self.client.clone().on_invoke(said).await;
        match answered {
            Ok(answer) => {
                let (head, answer, _) = answer.into_parts();
                let metadata = head.iter().filter_map(|field| match field {
                    KeyAndValueRef::Ascii(name, value) => {
                        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
                    }
                    KeyAndValueRef::Binary(..) => None,
                });
                Ok(Answer {
                    status: 200,
                    content_type: answer.content_type,
                    data: answer.data.unwrap_or_default().value,
                    metadata: metadata.collect(),
                })
            }
            Err(status) => Ok(Answer {
                status: http_status(status.code()),
                content_type: "text/plain".to_owned(),
                data: status.message().as_bytes().to_vec(),
                metadata: Vec::new(),
            }),
        }
    }

    async fn bindings(&self) -> Result<Vec<String>> {
        match self.client.clone().list_input_bindings(()).await {
            Ok(answer) => Ok(answer.into_inner().bindings),
            Err(status) if status.code() == Code::Unimplemented => Ok(Vec::new()),
            // As Dapr does: there are programs, those of the SDK for Rust among them, that fail when
            // they are asked for it and are to be called all the same.
            Err(status) => {
                warn!("the application does not say which bindings it wants: {status}");
                Ok(Vec::new())
            }
        }
    }

    async fn on_binding(
        &self,
        name: &str,
        data: &[u8],
        metadata: &[(String, String)],
    ) -> Result<Vec<u8>> {
        let request = BindingEventRequest {
            name: name.to_owned(),
            data: data.to_vec(),
            metadata: metadata.iter().cloned().collect(),
        };
        let handled = self.client.clone().on_binding_event(request).await;
        handled
            .map(|answer| answer.into_inner().data)
            .map_err(|status| error(&status))
    }
}

fn subscription(wanted: TopicSubscription) -> Subscription {
    let routes = wanted.routes.unwrap_or_default();
    let rules = routes.rules.into_iter().map(|rule| Rule {
        matching: rule.r#match,
        path: rule.path,
    });
    // An application without paths has one function for all events.
    let path = match routes.default.is_empty() {
        true => wanted.topic.clone(),
        false => routes.default,
    };
    Subscription {
        pubsub: wanted.pubsub_name,
        topic: wanted.topic,
        path,
        rules: rules.collect(),
        dead_letter: Some(wanted.dead_letter_topic).filter(|topic| !topic.is_empty()),
        metadata: wanted.metadata.into_iter().collect(),
    }
}

fn error(status: &Status) -> Error {
    let text = status.message().to_owned();
    match status.code() {
        Code::Unavailable => Error::Unavailable(text),
        Code::DeadlineExceeded | Code::Cancelled => Error::Timeout,
        code => failed(format!("{code:?}"), text),
    }
}

/// What a code of gRPC is in HTTP.
fn http_status(code: Code) -> u16 {
    match code {
        Code::Ok => 200,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => 400,
        Code::Unauthenticated => 401,
        Code::PermissionDenied => 403,
        Code::NotFound => 404,
        Code::AlreadyExists | Code::Aborted => 409,
        Code::ResourceExhausted => 429,
        Code::Unimplemented => 501,
        Code::Unavailable => 503,
        Code::DeadlineExceeded => 504,
        Code::Cancelled | Code::Unknown | Code::Internal | Code::DataLoss => 500,
    }
}
