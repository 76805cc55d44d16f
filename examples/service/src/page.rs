//! A file of a page for browsers, which is compiled in: no build step.

use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::IntoResponse;

/// A file of a page: `kind` and `policy` are the fields `Content-Type` and `Content-Security-Policy`.
/// Browsers ask for it anew each time, as it changes with the program.
pub fn page_file(
    kind: &'static str,
    policy: &'static str,
    text: &'static str,
) -> impl IntoResponse + use<> {
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text)
}
