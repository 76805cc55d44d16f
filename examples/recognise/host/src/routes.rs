//! Which request is answered by what.

use std::time::Duration;

use abide_dapr::invocation::{Request as Invoked, Verb};
use abide_dapr_host::Trace;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use example_service::{Failure, watched};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::calls::{self, response};
use crate::config::{Over, Role};
use crate::failure;
use crate::gate::{gate, picture};
use crate::page;
use crate::service::{FIGURES, Figures};
use crate::state::Shared;
use crate::trace;

type Answer = Result<Response, Failure>;

/// For how long a service may say nothing of itself before it counts as away.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a picture of the history may be kept by browsers: its address means it for ever.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400, immutable");

/// All that this process answers.
pub(crate) fn routes(state: Shared, over: &Over) -> Router {
    let web = state.service(Role::Web).is_some();
    let mut router = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .route("/v1.0/invoke/{app}/method/{*method}", any(calls::by_path));
    if web {
        let pictures = Router::new()
            .route("/api/recognise", post(recognise))
            .route_layer(from_fn_with_state(state.clone(), gate));
        router = router
            .route("/", get(page::html))
            .route("/page.css", get(page::css))
            .route("/page.js", get(page::js))
            .route("/api/history", get(history))
            .route("/api/pictures/{id}/{kind}", get(kept))
            .route("/api/figures", get(figures))
            .merge(pictures);
    } else if matches!(over, Over::Sidecar(_)) {
        // What a sidecar asks for itself is no call of the service.
        router = router
            .route("/dapr/{*rest}", any(nothing))
            .route("/{*method}", any(calls::by_sidecar));
    }
    router
        .fallback(nothing)
        .layer(from_fn(watched))
        .with_state(state)
}

/// What a picture is sent with.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

async fn recognise(
    State(state): State<Shared>,
    Query(named): Query<Named>,
    fields: HeaderMap,
    body: Body,
) -> Answer {
    let data = picture(body, &state.incoming).await?;
    let query = vec![("name".to_owned(), named.name)];
    ask(&state, &fields, "recognise", query, data).await
}

async fn history(State(state): State<Shared>, fields: HeaderMap) -> Answer {
    ask(&state, &fields, "history", Vec::new(), Vec::new()).await
}

/// A picture of the history.
async fn kept(
    State(state): State<Shared>,
    Path((id, kind)): Path<(String, String)>,
    fields: HeaderMap,
) -> Answer {
    let query = vec![("id".to_owned(), id), ("kind".to_owned(), kind)];
    let mut response = ask(&state, &fields, "picture", query, Vec::new()).await?;
    if response.status().is_success() {
        response.headers_mut().insert(CACHE_CONTROL, KEPT);
    }
    Ok(response)
}

/// Asks the guest behind the page.
async fn ask(
    state: &Shared,
    fields: &HeaderMap,
    method: &str,
    query: Vec<(String, String)>,
    data: Vec<u8>,
) -> Answer {
    let web = state.service(Role::Web);
    let web = web.ok_or_else(|| Failure::nothing("there is no page here"))?;
    let asked = Invoked {
        verb: Verb::Post,
        method: method.to_owned(),
        query,
        content_type: "application/octet-stream".to_owned(),
        data,
        metadata: trace::of(fields),
    };
    let trace = Trace::of(&asked.metadata);
    let answer = trace.scope(web.on_invoke(&asked)).await;
    Ok(response(answer.map_err(failure::of_call)?))
}

/// How a service is doing, or that it says nothing.
#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Here(Figures),
    Away { service: &'static str, away: bool },
}

/// How all services are doing, wherever they are.
async fn figures(State(state): State<Shared>) -> Response {
    let asked = Role::ALL.map(|role| told(&state, role));
    Json(join_all(asked).await).into_response()
}

async fn told(state: &Shared, role: Role) -> Told {
    let asked = Invoked {
        verb: Verb::Get,
        method: FIGURES.to_owned(),
        query: Vec::new(),
        content_type: String::new(),
        data: Vec::new(),
        metadata: Vec::new(),
    };
    let answer = timeout(PATIENCE, state.dapr.invoke(role.name(), asked)).await;
    let figures = match answer {
        Ok(Ok(answer)) => serde_json::from_slice(&answer.data).ok(),
        _ => None,
    };
    figures.map_or(
        Told::Away {
            service: role.name(),
            away: true,
        },
        Told::Here,
    )
}

/// Who is served.
#[derive(Serialize)]
struct Health {
    status: &'static str,
    services: Vec<&'static str>,
}

/// That this is answered says that the services work: requests are taken after all is loaded only.
async fn healthz(State(state): State<Shared>) -> Json<Health> {
    let services = state.services.iter();
    Json(Health {
        status: "ok",
        services: services.map(|service| service.role().name()).collect(),
    })
}

async fn metrics(State(state): State<Shared>) -> Response {
    for service in &state.services {
        service.record();
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], state.recorder.text()).into_response()
}

async fn nothing() -> Failure {
    Failure::nothing("there is nothing here")
}
