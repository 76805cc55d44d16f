//! Which request is answered by what.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use example_service::watched;
use notebook_abi::notes::Error;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::gate::{gate, text};
use crate::page;
use crate::state::Shared;

type Answer = Result<Response, Failure>;

/// The whole server, as a service.
pub(crate) fn routes(state: Shared) -> Router {
    let api = Router::new()
        .route("/api/{tenant}/render", post(render))
        .route("/api/{tenant}/notes", get(search))
        .route("/api/{tenant}/notes/{name}", get(show).put(save))
        .route("/api/{tenant}/notes/{name}/markdown", get(markdown))
        .route_layer(from_fn_with_state(state.clone(), gate));
    Router::new()
        .route("/", get(page::html))
        .route("/page.css", get(page::css))
        .route("/page.js", get(page::js))
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics))
        .merge(api)
        .fallback(nothing)
        .layer(from_fn(watched))
        .with_state(state)
}

async fn render(State(state): State<Shared>, Path(tenant): Path<String>, body: Body) -> Answer {
    let tenant = state.tenant(&tenant)?;
    let text = text(body, &state.incoming).await?;
    let page = tenant.call()?.notebook.render(&text).await?;
    Ok(Json(page).into_response())
}

async fn save(
    State(state): State<Shared>,
    Path((tenant, name)): Path<(String, String)>,
    body: Body,
) -> Answer {
    let tenant = state.tenant(&tenant)?;
    let text = text(body, &state.incoming).await?;
    let page = tenant.call()?.notebook.save(&name, &text).await?;
    Ok(Json(page).into_response())
}

async fn show(State(state): State<Shared>, Path((tenant, name)): Path<(String, String)>) -> Answer {
    let page = state.tenant(&tenant)?.call()?.notebook.show(&name).await?;
    Ok(Json(page).into_response())
}

/// What is looked for.
#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    words: String,
}

async fn search(
    State(state): State<Shared>,
    Path(tenant): Path<String>,
    Query(search): Query<Search>,
) -> Answer {
    let call = state.tenant(&tenant)?.call()?;
    let hits = call.notebook.search(&search.words).await?;
    Ok(Json(hits).into_response())
}

/// The text of a note as it was kept, for whoever wants to change it. There is nothing for a guest
/// to decide.
async fn markdown(
    State(state): State<Shared>,
    Path((tenant, name)): Path<(String, String)>,
) -> Answer {
    let tenant = state.tenant(&tenant)?;
    let note = state.store.get(tenant.name.clone(), &name).await?;
    let mut response = note.ok_or(Error::NoSuchNote)?.into_response();
    let kind = HeaderValue::from_static("text/markdown; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// Who is served.
#[derive(Serialize)]
struct Health<'a> {
    status: &'static str,
    tenants: Vec<&'a str>,
}

/// That this is answered says that the server works: it takes requests after all is loaded only.
async fn healthz(State(state): State<Shared>) -> Response {
    let tenants = state.tenants.keys().map(|name| &**name).collect();
    let status = "ok";
    Json(Health { status, tenants }).into_response()
}

async fn metrics(State(state): State<Shared>) -> Response {
    let text = state.metrics.text(&state.tenants);
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, kind)], text).into_response()
}

async fn nothing() -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        "nothing-here",
        "there is nothing here",
    )
}
