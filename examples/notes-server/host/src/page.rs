//! The page for browsers.

use axum::response::IntoResponse;
use example_service::page_file;

/// What the page may load: from here, but pictures, which notes have from anywhere. Notes are shown
/// in a frame in which no script runs; they may have styles.
const POLICY: &str = "default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'; \
                      script-src 'self'; frame-ancestors 'none'";

pub(crate) async fn html() -> impl IntoResponse {
    let text = include_str!("page/page.html");
    page_file("text/html; charset=utf-8", POLICY, text)
}

pub(crate) async fn css() -> impl IntoResponse {
    let text = include_str!("page/page.css");
    page_file("text/css; charset=utf-8", POLICY, text)
}

pub(crate) async fn js() -> impl IntoResponse {
    let text = include_str!("page/page.js");
    page_file("text/javascript; charset=utf-8", POLICY, text)
}
