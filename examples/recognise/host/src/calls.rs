//! How other processes call the services of this one over HTTP: by the path that Dapr's sidecars
//! have, or, for a sidecar beside this process, by the method alone.

use std::sync::Arc;

use abide_dapr::invocation::{Request as Invoked, Verb};
use abide_dapr_host::{App, Trace};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use example_service::Failure;

use crate::state::Shared;
use crate::{failure, gate};

/// `/v1.0/invoke/APP/method/METHOD`, for any service of this process.
pub(crate) async fn by_path(
    State(state): State<Shared>,
    Path((app, method)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Failure> {
    let found = state.dapr.app(&app);
    let app = found.ok_or_else(|| Failure::nothing(format!("there is no service `{app}` here")))?;
    call(&state, app, method, request).await
}

/// `/METHOD`, for the one service of this process: what a sidecar calls the program beside it by.
pub(crate) async fn by_sidecar(
    State(state): State<Shared>,
    Path(method): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let app = state.services.first().cloned();
    let app = app.ok_or_else(|| Failure::nothing("there is no service here"))?;
    call(&state, app, method, request).await
}

async fn call(
    state: &Shared,
    app: Arc<dyn App>,
    method: String,
    request: Request,
) -> Result<Response, Failure> {
    let (head, body) = request.into_parts();
    let field = |name: &HeaderName| head.headers.get(name)?.to_str().ok();
    let invoked = Invoked {
        verb: Verb::named(head.method.as_str()).unwrap_or(Verb::Post),
        method,
        query: gate::pairs(head.uri.query().unwrap_or_default()),
        content_type: field(&CONTENT_TYPE).unwrap_or_default().to_owned(),
        data: gate::picture(body, &state.incoming).await?,
        metadata: metadata(&head.headers),
    };
    let trace = Trace::of(&invoked.metadata);
    let answer = trace.scope(app.on_invoke(&invoked)).await;
    Ok(response(answer.map_err(failure::of_call)?))
}

/// What a service answers, over HTTP.
pub(crate) fn response(answer: abide_dapr::invocation::Response) -> Response {
    let mut response = Response::new(Body::from(answer.data));
    let status = StatusCode::from_u16(answer.status);
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_GATEWAY);
    let fields = response.headers_mut();
    for (name, value) in &answer.metadata {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            fields.append(name, value);
        }
    }
    if let Ok(kind) = HeaderValue::try_from(answer.content_type) {
        fields.insert(CONTENT_TYPE, kind);
    }
    response
}

fn metadata(fields: &HeaderMap) -> Vec<(String, String)> {
    let fields = fields.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    fields.collect()
}
