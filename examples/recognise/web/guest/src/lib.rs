//! The service behind the page: has two others look at a picture, puts together what they say, and
//! keeps it.
//!
//! `gather` asks the others, `history` keeps what was seen.

mod gather;
mod history;

use abide_dapr::sdk::{Request, Response, Routes};
use recognise_abi::sdk::Refusal;

fn routes() -> Routes {
    Routes::new()
        .method("recognise", |request| answer(gather::recognise(&request)))
        .method("history", |_| answer(history::list()))
        .method("picture", |request| answer(history::picture(&request)))
}

fn answer(answer: Result<Response, Refusal>) -> Response {
    answer.unwrap_or_else(Refusal::into_response)
}

/// What stands behind the question mark under a name, or nothing.
fn asked<'a>(request: &'a Request, name: &str) -> &'a str {
    let mut query = request.query.iter();
    let found = query.find(|(of, _)| of == name);
    found.map_or("", |(_, value)| value)
}

abide_dapr::service!(routes);
