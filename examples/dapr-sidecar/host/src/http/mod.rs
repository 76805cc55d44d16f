//! Dapr's API over HTTP: who answers which path. Knows nothing of connections.

mod answer;
mod bindings;
mod configuration;
mod events;
mod invocation;
mod locks;
mod metadata;
mod secrets;
mod state;

pub(crate) use configuration::items_as_json;

use std::sync::Arc;

use abide_dapr_host::Trace;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};

use crate::api::Api;
use crate::metrics;
use crate::token::FIELD;

/// What handlers are given.
type Shared = axum::extract::State<Arc<Api>>;

/// All paths of the API.
pub(crate) fn routes(api: Arc<Api>) -> Router {
    // What is alpha in Dapr's words has paths of its own; some of it has the others, too.
    Router::new()
        .route("/v1.0/healthz", get(metadata::health))
        .route("/v1.0/healthz/outbound", get(metadata::outbound_health))
        .route("/v1.0/metadata", get(metadata::get))
        .route("/v1.0/metadata/{key}", axum::routing::put(metadata::set))
        .route("/v1.0/shutdown", post(metadata::shutdown))
        .route("/v1.0/state/{store}", post(state::save).put(state::save))
        .route(
            "/v1.0/state/{store}/bulk",
            post(state::bulk)
                .put(state::bulk)
                .get(state::get_named)
                .delete(state::delete_named),
        )
        .route(
            "/v1.0/state/{store}/transaction",
            post(state::transact)
                .put(state::transact)
                .get(state::get_named)
                .delete(state::delete_named),
        )
        .route(
            "/v1.0/state/{store}/{key}",
            get(state::get).delete(state::delete),
        )
        .route("/v1.0-alpha1/state/{store}/query", any(unimplemented))
        .route(
            "/v1.0/publish/{pubsub}/{*topic}",
            post(events::publish).put(events::publish),
        )
        .route("/v1.0/publish/{pubsub}/", any(events::no_topic))
        .route("/v1.0/publish/{pubsub}", any(events::no_topic))
        .route(
            "/v1.0/publish/bulk/{pubsub}/{*topic}",
            post(events::publish_bulk).put(events::publish_bulk),
        )
        .route(
            "/v1.0-alpha1/publish/bulk/{pubsub}/{*topic}",
            post(events::publish_bulk).put(events::publish_bulk),
        )
        .route("/v1.0/invoke/{*rest}", any(invocation::by_path))
        .route("/v1.0/secrets/{store}/bulk", get(secrets::bulk))
        .route("/v1.0/secrets/{store}/{key}", get(secrets::get))
        .route(
            "/v1.0/bindings/{name}",
            post(bindings::invoke).put(bindings::invoke),
        )
        .route("/v1.0-alpha1/lock/{store}", post(locks::lock))
        .route("/v1.0-alpha1/unlock/{store}", post(locks::unlock))
        .merge(configurations("/v1.0"))
        .merge(configurations("/v1.0-alpha1"))
        .route("/v1.0/actors/{*rest}", any(unimplemented))
        .route("/v1.0/workflows/{*rest}", any(unimplemented))
        .route("/v1.0-alpha1/jobs/{*rest}", any(unimplemented))
        .route("/v1.0-alpha1/crypto/{*rest}", any(unimplemented))
        .route("/v1.0-alpha1/conversation/{*rest}", any(unimplemented))
        .route("/v1.0-alpha2/conversation/{*rest}", any(unimplemented))
        .fallback(invocation::by_head)
        .layer(middleware::from_fn_with_state(Arc::clone(&api), let_in))
        .layer(middleware::from_fn(traced))
        .layer(middleware::from_fn(metrics::watched))
        .layer(DefaultBodyLimit::max(api.max_body))
        .with_state(api)
}

fn configurations(version: &str) -> Router<Arc<Api>> {
    let path = |rest: &str| format!("{version}/configuration/{{store}}{rest}");
    Router::new()
        .route(&path(""), get(configuration::get))
        .route(&path("/subscribe"), get(configuration::subscribe))
        .route(&path("/{id}/unsubscribe"), get(configuration::unsubscribe))
}

async fn unimplemented() -> crate::refusal::Refusal {
    crate::refusal::Refusal::unimplemented()
}

/// Lets in who shows the token, if one is wanted. Everybody may ask whether this is well.
async fn let_in(State(api): Shared, mut request: Request, next: Next) -> Response {
    // Nobody else learns of it.
    let shown = request.headers_mut().remove(FIELD);
    let is_health = request.uri().path().starts_with("/v1.0/healthz");
    match (&api.token, shown) {
        (Some(token), Some(shown)) if token.is(shown.as_bytes()) => next.run(request).await,
        (Some(_), _) if !is_health => {
            (StatusCode::UNAUTHORIZED, "invalid api token\n").into_response()
        }
        _ => next.run(request).await,
    }
}

/// Has what is called be part of what the request is part of.
async fn traced(request: Request, next: Next) -> Response {
    let field = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some((name.to_owned(), value.to_owned()))
    };
    let fields = ["traceparent", "tracestate"].into_iter().filter_map(field);
    let fields = fields.collect::<Vec<_>>();
    Trace::of(&fields).scope(next.run(request)).await
}
