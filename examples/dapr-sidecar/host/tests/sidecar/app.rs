//! The program beside the sidecar, as it is called: over gRPC by a program of the test's own and by
//! one of the official SDK for Rust, and over HTTP for what happens at bindings.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use abide_dapr_tests::{block_on, until};
use dapr::appcallback::{AppCallbackService, Handler, HandlerMethod};
use dapr::dapr::proto::common::v1::{InvokeRequest, InvokeResponse};
use dapr::dapr::proto::runtime::v1::app_callback_server::{AppCallback, AppCallbackServer};
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use dapr::dapr::proto::runtime::v1::{
    BindingEventRequest, BindingEventResponse, JobEventRequest, JobEventResponse,
    ListInputBindingsResponse, ListTopicSubscriptionsResponse, TopicEventBulkRequest,
    TopicEventBulkResponse, TopicEventRequest, TopicEventResponse, TopicRoutes, TopicRule,
    TopicSubscription,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::client::Client;
use crate::{Sidecar, folder};

/// A clock that ticks each second, and a broker.
const COMPONENTS: &str = r#"
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: ticks }
spec:
  type: bindings.cron
  version: v1
  metadata:
    - { name: schedule, value: "@every 1s" }
    - { name: direction, value: input }
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: pubsub }
spec: { type: pubsub.in-memory, version: v1 }
"#;

const TOKEN: (&str, &str) = ("APP_API_TOKEN", "show me");

/// A sidecar beside a program that listens there.
fn beside(name: &str, app: SocketAddr, protocol: &str) -> Sidecar {
    let folder = folder(name);
    let resources = folder.join("resources");
    std::fs::create_dir_all(&resources).unwrap();
    std::fs::write(resources.join("all.yaml"), COMPONENTS).unwrap();
    let port = app.port().to_string();
    let resources = resources.to_str().unwrap().to_owned();
    let arguments = [
        "--app-port",
        &port,
        "--app-protocol",
        protocol,
        "--resources-path",
        &resources,
    ];
    Sidecar::started_with(folder, &arguments, &[TOKEN]).unwrap()
}

/// What a program was called for.
#[derive(Default)]
struct Seen {
    events: Vec<TopicEventRequest>,
    invoked: Vec<(InvokeRequest, HashMap<String, String>)>,
    ticks: Vec<BindingEventRequest>,
    tokens: Vec<String>,
}

/// A program over gRPC.
#[derive(Clone, Default)]
struct Program(Arc<Mutex<Seen>>);

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

/// Serves a program over gRPC; it ends with what is returned.
async fn serve(app: impl AppCallback) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().add_service(AppCallbackServer::new(app));
    let served = tokio::spawn(async move {
        let incoming = TcpIncoming::from(listener);
        server.serve_with_incoming(incoming).await.unwrap();
    });
    (address, served)
}

/// Waits until the sidecar has asked the program for all that it wants.
async fn ready(client: Client) {
    until("the sidecar was ready", || {
        client.ask("GET", "/v1.0/healthz", "").status == 204
    })
    .await;
}

#[test]
fn a_program_over_grpc() {
    block_on(async {
        let program = Program::default();
        let (address, served) = serve(program.clone()).await;
        let sidecar = beside("app-grpc", address, "grpc");
        let client = Client(sidecar.http);
        ready(client).await;
        let publish = |data: &str, kind: &str| {
            let path = format!("/v1.0/publish/pubsub/orders?metadata.cloudevent.type={kind}");
            let fields = [("content-type", "text/plain")];
            assert_eq!(client.ask_with("POST", &path, &fields, data).status, 204);
        };
        for (data, kind) in [
            ("plain", "new"),
            ("chosen", "special"),
            ("twice", "new"),
            ("failing", "new"),
            ("bad", "new"),
        ] {
            publish(data, kind);
        }
        let of = |topic: &str, data: &str| {
            let seen = program.0.lock();
            let events = seen.events.iter();
            let wanted =
                |event: &&TopicEventRequest| event.topic == topic && event.data == data.as_bytes();
            events.filter(wanted).cloned().collect::<Vec<_>>()
        };
        until("all events were there", || {
            of("orders", "twice").len() == 2
                && of("orders", "failing").len() == 2
                && of("dead", "bad").len() == 1
                && !of("orders", "chosen").is_empty()
                && !of("orders", "plain").is_empty()
        })
        .await;
        let plain = of("orders", "plain").remove(0);
        assert_eq!(
            (&*plain.path, &*plain.pubsub_name, &*plain.r#type),
            ("/orders", "pubsub", "new")
        );
        assert_eq!(
            (&*plain.source, &*plain.data_content_type),
            ("app", "text/plain")
        );
        assert_eq!(of("orders", "chosen")[0].path, "/special");
        assert_eq!(
            of("orders", "bad").len(),
            1,
            "what is dropped is not tried again"
        );

        let method = "/v1.0/invoke/app/method/greet/7?a=1&b=x%20y";
        let fields = [
            ("content-type", "text/plain"),
            ("x-own", "7"),
            // Nobody from outside says what the program is shown.
            ("dapr-api-token", "another"),
        ];
        let answer = client.ask_with("PUT", method, &fields, "hello");
        assert_eq!((answer.status, &*answer.body), (200, "hello"), "{answer:?}");
        assert_eq!(answer.head["x-said"], "yes");
        let (request, metadata) = program.0.lock().invoked.remove(0);
        assert_eq!(
            (&*request.method, &*request.content_type),
            ("greet/7", "text/plain")
        );
        assert_eq!(metadata["x-own"], "7");
        let more = request.http_extension.unwrap();
        assert_eq!(more.verb().as_str_name(), "PUT");
        assert!(more.querystring.contains("a=1"), "{}", more.querystring);
        for (method, status) in [("missing", 404), ("broken", 500)] {
            let path = format!("/v1.0/invoke/app/method/{method}");
            assert_eq!(client.ask("GET", &path, "").status, status, "{method}");
        }
        until("the clock has ticked", || program.0.lock().ticks.len() >= 2).await;
        let tick = program.0.lock().ticks.remove(0);
        assert_eq!(tick.name, "ticks");
        let tokens = program.0.lock().tokens.clone();
        assert!(tokens.iter().all(|token| token == TOKEN.1), "{tokens:?}");
        served.abort();
    });
}

/// A handler of the SDK, which collects.
struct Collecting(Arc<Mutex<Vec<TopicEventRequest>>>);

#[tonic::async_trait]
impl HandlerMethod for Collecting {
    async fn handler(
        &self,
        request: TopicEventRequest,
    ) -> Result<Response<TopicEventResponse>, Status> {
        let mut seen = self.0.lock();
        let tried = seen.iter().any(|event| event.id == request.id);
        let status = match !tried && request.data == br#"{"n":2}"# {
            true => TopicEventResponseStatus::Retry,
            false => TopicEventResponseStatus::Success,
        };
        seen.push(request);
        Ok(Response::new(TopicEventResponse {
            status: status.into(),
        }))
    }
}

/// Events to a program of the official SDK for Rust: its callback service has a handler by topic, and
/// fails when it is asked for bindings.
#[test]
fn a_program_of_the_sdk_for_rust() {
    block_on(async {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut service = AppCallbackService::new();
        service.add_handler(Handler {
            pub_sub_name: "pubsub".to_owned(),
            topic: "rust".to_owned(),
            handler: Box::new(Collecting(Arc::clone(&seen))),
        });
        let (address, served) = serve(service).await;
        let sidecar = beside("app-sdk", address, "grpc");
        ready(Client(sidecar.http)).await;
        let mut client = dapr::Client::connect_with_address(sidecar.address())
            .await
            .unwrap();
        for n in 0..5 {
            let data = json!({ "n": n }).to_string().into_bytes();
            client
                .publish_event("pubsub", "rust", "application/json", data, None)
                .await
                .unwrap();
        }
        // Of the five one is tried again.
        until("all events were there", || seen.lock().len() == 6).await;
        let mut numbers: Vec<_> = seen
            .lock()
            .iter()
            .map(|event| serde_json::from_slice::<Value>(&event.data).unwrap()["n"].as_u64())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [0, 1, 2, 2, 3, 4].map(Some));
        served.abort();
    });
}

/// A request as a program over HTTP has it: its first line, its fields and its data.
type Asked = (String, String, String);

async fn answer(mut stream: TcpStream, seen: Arc<Mutex<Vec<Asked>>>) {
    loop {
        let mut text = String::new();
        let (head, length) = loop {
            let mut part = [0; 4096];
            match stream.read(&mut part).await {
                Ok(0) | Err(_) => return,
                Ok(read) => text.push_str(&String::from_utf8_lossy(&part[..read])),
            }
            let Some((head, _)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                let length = line.to_ascii_lowercase();
                length
                    .strip_prefix("content-length: ")?
                    .parse::<usize>()
                    .ok()
            });
            let length = length.unwrap_or(0);
            if text.len() >= head.len() + 4 + length {
                break (head.to_owned(), length);
            }
        };
        let data = text[text.len() - length..].to_owned();
        let (first, fields) = head.split_once("\r\n").unwrap_or((&head, ""));
        let (status, body) = match first.split(' ').nth(1) {
            Some("/dapr/subscribe") => ("200 OK", "[]"),
            Some("/ticks") => ("200 OK", ""),
            _ => ("404 Not Found", ""),
        };
        seen.lock()
            .push((first.to_owned(), fields.to_ascii_lowercase(), data));
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[test]
fn what_happens_at_bindings_goes_to_a_program_over_http() {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&seen);
        let served = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&shared)));
            }
        });
        let sidecar = beside("app-http", address, "http");
        ready(Client(sidecar.http)).await;
        let ticks = || {
            let seen = seen.lock();
            let ticks = seen
                .iter()
                .filter(|(first, ..)| first.starts_with("POST /ticks "));
            ticks.cloned().collect::<Vec<_>>()
        };
        until("the clock has ticked", || ticks().len() >= 2).await;
        let asked = seen
            .lock()
            .iter()
            .map(|(first, ..)| first.clone())
            .collect::<Vec<_>>();
        assert!(
            asked
                .iter()
                .any(|first| first.starts_with("OPTIONS /ticks ")),
            "{asked:?}"
        );
        let token = format!("dapr-api-token: {}", TOKEN.1);
        assert!(
            seen.lock()
                .iter()
                .all(|(_, fields, _)| fields.contains(&token))
        );
        served.abort();
    });
}
