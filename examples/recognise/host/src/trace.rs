//! What a request is part of, in W3C's words: what its client says, or else something new.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use axum::http::HeaderMap;

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";

/// The metadata that says it. Services pass it on, and log it with each call.
pub(crate) fn of(fields: &HeaderMap) -> Vec<(String, String)> {
    let said = |name: &str| {
        let value = fields.get(name)?.to_str().ok()?;
        Some((name.to_owned(), value.to_owned()))
    };
    match said(PARENT) {
        Some(parent) => [Some(parent), said(STATE)].into_iter().flatten().collect(),
        None => vec![(PARENT.to_owned(), new())],
    }
}

fn new() -> String {
    // Keys of the standard library's hashes are random.
    let random = || RandomState::new().build_hasher().finish();
    format!(
        "00-{:016x}{:016x}-{:016x}-01",
        random(),
        random(),
        random() | 1
    )
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::of;

    #[test]
    fn what_a_client_says_is_passed_on_and_else_there_is_a_new_one() {
        let mut fields = HeaderMap::new();
        let [(name, one)] = &of(&fields)[..] else {
            panic!("one field");
        };
        let parts: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!((&**name, &*parts), ("traceparent", &[2, 32, 16, 2][..]));
        assert_ne!(of(&fields)[0].1, *one);
        fields.insert("traceparent", one.parse().unwrap());
        fields.insert("tracestate", "a=b".parse().unwrap());
        let state = ("tracestate".to_owned(), "a=b".to_owned());
        assert_eq!(
            of(&fields),
            [("traceparent".to_owned(), one.clone()), state]
        );
    }
}
