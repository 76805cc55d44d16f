//! The program beside the sidecar, as it is called: over gRPC by a program of the test's own and by
//! one of the official SDK for Rust, and over HTTP for what happens at bindings.

mod http;
mod program;

use std::net::SocketAddr;
use std::sync::Arc;

use abide_dapr_tests::{block_on, until};
use dapr::appcallback::{AppCallbackService, Handler, HandlerMethod};
use dapr::dapr::proto::runtime::v1::app_callback_server::{AppCallback, AppCallbackServer};
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use dapr::dapr::proto::runtime::v1::{TopicEventRequest, TopicEventResponse};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Response, Status};

use crate::client::Client;
use crate::{Sidecar, folder};
use program::Program;

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
