//! A service on Dapr, as a component. It keeps a stock of articles: others call it, and send it
//! orders as events.

use abide_dapr::sdk::{Error, Event, Request, Response, Routes, Store, Verdict, publish_json};
use serde::{Deserialize, Serialize};

const STORE: Store<'_> = Store::new("statestore");
const PUBSUB: &str = "pubsub";

/// What somebody orders, or what has come in.
#[derive(Debug, Serialize, Deserialize)]
struct Articles {
    article: String,
    count: u32,
}

fn routes() -> Routes {
    Routes::new()
        .topic(PUBSUB, "orders", ordered)
        .method("restock", restock)
        .method("stock", stock)
        .method("echo", echo)
}

fn key(article: &str) -> String {
    format!("stock/{article}")
}

/// An order: the stock shrinks, and that is told. What is more than there is, is an order for nobody.
fn ordered(event: Event) -> Verdict {
    let Ok(order) = event.json::<Articles>() else {
        return Verdict::Drop;
    };
    let changed = STORE.update(&key(&order.article), |left: Option<u32>| {
        left.unwrap_or_default().saturating_sub(order.count)
    });
    let told = changed.and_then(|_| publish_json(PUBSUB, "shipped", &order));
    told.map_or(Verdict::Retry, |()| Verdict::Success)
}

/// More of an article.
fn restock(request: Request) -> Response {
    let Ok(more) = request.json::<Articles>() else {
        return Response::text(400, "an article and a count are wanted");
    };
    let changed = STORE.update(&key(&more.article), |left: Option<u32>| {
        left.unwrap_or_default().saturating_add(more.count)
    });
    answer(changed.map(|count| Articles { count, ..more }))
}

/// How much there is of `?article=…`.
fn stock(request: Request) -> Response {
    let mut query = request.query.into_iter();
    let Some((_, article)) = query.find(|(name, _)| name == "article") else {
        return Response::text(400, "an article is wanted");
    };
    let count = STORE.get::<u32>(&key(&article));
    let count = count.map(|stored| stored.map_or(0, |stored| stored.value));
    answer(count.map(|count| Articles { article, count }))
}

/// What was sent.
fn echo(request: Request) -> Response {
    Response::new(200, request.content_type, request.data)
}

fn answer(articles: Result<Articles, Error>) -> Response {
    match articles {
        Ok(articles) => Response::json(200, &articles),
        Err(error) => Response::text(500, error),
    }
}

abide_dapr::service!(routes);
