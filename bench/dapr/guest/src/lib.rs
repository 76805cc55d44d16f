//! The service of the benchmarks on Dapr: reads and writes state as often as it is told in one call,
//! and takes events. It does not know what stands behind its stores, nor what is measured.

use std::hint::black_box;

use abide_dapr::guest::state;
use abide_dapr::sdk::{Error, Request, Response, Routes, Verdict};
use abide_dapr::state::{Consistency, Item};

/// How many keys there are.
const KEYS: usize = 64;

fn routes() -> Routes {
    Routes::new()
        .topic("pubsub", "warm", |_| Verdict::Success)
        .topic("pubsub", "fresh", |_| Verdict::Success)
        .topic("pubsub", "long", |_| Verdict::Success)
        .method("*", called)
}

abide_dapr::service!(routes);

/// A method is `get/STORE/TIMES` or `set/STORE/TIMES`, and the data is the value to write.
fn called(request: Request) -> Response {
    let mut words = request.method.split('/');
    let (Some(what), Some(store), Some(times)) = (words.next(), words.next(), words.next()) else {
        return Response::text(404, "a method is `get/STORE/TIMES` or `set/STORE/TIMES`");
    };
    let Ok(times) = times.parse() else {
        return Response::text(400, format!("`{times}` is no number"));
    };
    let done = match what {
        "get" => get(store, times),
        "set" => set(store, times, &request.data),
        _ => return Response::text(404, format!("there is no `{what}`")),
    };
    match done {
        Ok(()) => Response::text(200, times),
        Err(error) => Response::text(500, error),
    }
}

fn keys() -> Vec<String> {
    (0..KEYS).map(|key| format!("k{key}")).collect()
}

fn get(store: &str, times: usize) -> Result<(), Error> {
    let keys = keys();
    for key in keys.iter().cycle().take(times) {
        let entry = state::get(store, key, Consistency::Unspecified, &[])?;
        if black_box(entry).is_none() {
            return Err(Error::NotFound(key.clone()));
        }
    }
    Ok(())
}

fn set(store: &str, times: usize, value: &[u8]) -> Result<(), Error> {
    let item = |key| Item {
        key,
        value: value.to_vec(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    };
    let items: Vec<_> = keys().into_iter().map(|key| [item(key)]).collect();
    for item in items.iter().cycle().take(times) {
        state::save(store, item)?;
    }
    Ok(())
}
