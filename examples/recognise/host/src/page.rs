//! The page for browsers.

use axum::response::IntoResponse;
use example_service::page_file;

/// What the page may load: from here; pictures also out of what an answer or a file has.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'";

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
