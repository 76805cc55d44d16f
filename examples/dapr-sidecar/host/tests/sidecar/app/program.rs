//! A program over gRPC, as it is written without an SDK.

use std::collections::HashMap;
use std::sync::Arc;

use dapr::dapr::proto::common::v1::{InvokeRequest, InvokeResponse};
use dapr::dapr::proto::runtime::v1::app_callback_server::AppCallback;
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use dapr::dapr::proto::runtime::v1::{
    BindingEventRequest, BindingEventResponse, JobEventRequest, JobEventResponse,
    ListInputBindingsResponse, ListTopicSubscriptionsResponse, TopicEventBulkRequest,
    TopicEventBulkResponse, TopicEventRequest, TopicEventResponse, TopicRoutes, TopicRule,
    TopicSubscription,
};
use parking_lot::Mutex;
use tonic::{Request, Response, Status};

/// What a program was called for.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) events: Vec<TopicEventRequest>,
    pub(super) invoked: Vec<(InvokeRequest, HashMap<String, String>)>,
    pub(super) ticks: Vec<BindingEventRequest>,
    pub(super) tokens: Vec<String>,
}

/// A program over gRPC.
#[derive(Clone, Default)]
pub(super) struct Program(pub(super) Arc<Mutex<Seen>>);

impl Program {
    fn token<T>(&self, request: &Request<T>) {
        let shown = request.metadata().get("dapr-api-token");
        let shown = shown.map_or("", |shown| shown.to_str().unwrap());
        self.0.lock().tokens.push(shown.to_owned());
    }
}

#[tonic::async_trait]
impl AppCallback for Program {
    async fn on_invoke(
        &self,
        request: Request<InvokeRequest>,
    ) -> Result<Response<InvokeResponse>, Status> {
        self.token(&request);
        let fields = request.metadata().iter().filter_map(|field| match field {
            tonic::metadata::KeyAndValueRef::Ascii(name, value) => {
                Some((name.to_string(), value.to_str().ok()?.to_owned()))
            }
            tonic::metadata::KeyAndValueRef::Binary(..) => None,
        });
        let fields = fields.collect();
        let request = request.into_inner();
        let method = request.method.clone();
        self.0.lock().invoked.push((request.clone(), fields));
        match &*method {
            "missing" => Err(Status::not_found("there is none")),
            "broken" => Err(Status::internal("it broke")),
            _ => {
                let mut answer = Response::new(InvokeResponse {
                    data: request.data,
                    content_type: request.content_type,
                });
                answer
                    .metadata_mut()
                    .insert("x-said", "yes".parse().unwrap());
                Ok(answer)
            }
        }
    }

    async fn list_topic_subscriptions(
        &self,
        request: Request<()>,
    ) -> Result<Response<ListTopicSubscriptionsResponse>, Status> {
        self.token(&request);
        let rule = TopicRule {
            r#match: r#"event.type == "special""#.to_owned(),
            path: "/special".to_owned(),
        };
        let orders = TopicSubscription {
            pubsub_name: "pubsub".to_owned(),
            topic: "orders".to_owned(),
            routes: Some(TopicRoutes {
                rules: vec![rule],
                default: "/orders".to_owned(),
            }),
            dead_letter_topic: "dead".to_owned(),
            ..TopicSubscription::default()
        };
        let dead = TopicSubscription {
            pubsub_name: "pubsub".to_owned(),
            topic: "dead".to_owned(),
            ..TopicSubscription::default()
        };
        Ok(Response::new(ListTopicSubscriptionsResponse {
            subscriptions: vec![orders, dead],
        }))
    }

    async fn on_topic_event(
        &self,
        request: Request<TopicEventRequest>,
    ) -> Result<Response<TopicEventResponse>, Status> {
        self.token(&request);
        let event = request.into_inner();
        let mut seen = self.0.lock();
        let tried = seen.events.iter().filter(|of| of.id == event.id).count();
        let status = match (&*event.topic, &*event.data) {
            ("orders", b"twice") if tried == 0 => TopicEventResponseStatus::Retry,
            ("orders", b"bad") => TopicEventResponseStatus::Drop,
            ("orders", b"failing") if tried == 0 => {
                seen.events.push(event);
                return Err(Status::internal("it broke"));
            }
            _ => TopicEventResponseStatus::Success,
        };
        seen.events.push(event);
        Ok(Response::new(TopicEventResponse {
            status: status.into(),
        }))
    }

    async fn list_input_bindings(
        &self,
        _: Request<()>,
    ) -> Result<Response<ListInputBindingsResponse>, Status> {
        Ok(Response::new(ListInputBindingsResponse {
            bindings: vec!["ticks".to_owned()],
        }))
    }

    async fn on_binding_event(
        &self,
        request: Request<BindingEventRequest>,
    ) -> Result<Response<BindingEventResponse>, Status> {
        self.token(&request);
        self.0.lock().ticks.push(request.into_inner());
        Ok(Response::new(BindingEventResponse::default()))
    }

    async fn on_bulk_topic_event(
        &self,
        _: Request<TopicEventBulkRequest>,
    ) -> Result<Response<TopicEventBulkResponse>, Status> {
        Err(Status::unimplemented("one by one"))
    }

    async fn on_job_event(
        &self,
        _: Request<JobEventRequest>,
    ) -> Result<Response<JobEventResponse>, Status> {
        Err(Status::unimplemented("there are none"))
    }
}
