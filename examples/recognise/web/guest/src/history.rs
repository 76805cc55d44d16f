//! What was seen, in the state store: a list of the last pictures, and a place for each with its
//! grey twin and its thumbnail.
//!
//! There are as many places as the list is long, and they are used again, so that the store does
//! not grow.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::{SystemTime, UNIX_EPOCH};

use abide_dapr::guest::state;
use abide_dapr::sdk::{Error, Request, Response, Store};
use abide_dapr::state::{Consistency, Item};
use recognise_abi::sdk::Refusal;
use serde::{Deserialize, Serialize};

use crate::asked;
use crate::gather::Label;

/// The store, by the name that the host has for it.
const STORE: &str = "statestore";

/// The key of the list.
const LIST: &str = "history";

/// How many pictures are kept.
const PLACES: u8 = 24;

/// A picture that was looked at.
pub(crate) struct Seen<'a> {
    pub(crate) name: &'a str,
    /// Its width and height.
    pub(crate) size: (u32, u32),
    pub(crate) best: Option<&'a Label>,
    pub(crate) grey: &'a [u8],
    pub(crate) thumbnail: &'a [u8],
}

/// What the list has of a picture.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    id: String,
    place: u8,
    name: String,
    width: u32,
    height: u32,
    best: Option<Label>,
    /// Milliseconds since 1970.
    at: u64,
}

/// Keeps a picture, and returns its id.
pub(crate) fn keep(seen: Seen<'_>) -> Result<String, Error> {
    let at = SystemTime::now().duration_since(UNIX_EPOCH);
    let at = at.map_or(0, |time| {
        u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
    });
    // Keys of the standard library's hashes are random.
    let id = format!(
        "{at:x}-{:08x}",
        RandomState::new().build_hasher().finish() as u32
    );
    let taken = Cell::new(0);
    Store::new(STORE).update(LIST, |list: Option<Vec<Entry>>| {
        let mut list = list.unwrap_or_default();
        list.truncate(usize::from(PLACES) - 1);
        let place = (0..PLACES).find(|place| list.iter().all(|entry| entry.place != *place));
        let place = place.unwrap_or_default();
        taken.set(place);
        let entry = Entry {
            id: id.clone(),
            place,
            name: seen.name.to_owned(),
            width: seen.size.0,
            height: seen.size.1,
            best: seen.best.cloned(),
            at,
        };
        list.insert(0, entry);
        list
    })?;
    let place = taken.get();
    let items = [("grey", seen.grey), ("thumbnail", seen.thumbnail)].map(|(kind, bytes)| Item {
        key: key(place, kind),
        value: bytes.to_vec(),
        etag: None,
        options: None,
        metadata: Vec::new(),
    });
    state::save(STORE, &items)?;
    Ok(id)
}

fn key(place: u8, kind: &str) -> String {
    format!("place/{place}/{kind}")
}

fn read() -> Result<Vec<Entry>, Refusal> {
    let list = Store::new(STORE).get::<Vec<Entry>>(LIST);
    Ok(list.map_err(away)?.map_or_else(Vec::new, |list| list.value))
}

/// The last pictures, the last one first.
pub(crate) fn list() -> Result<Response, Refusal> {
    Ok(Response::json(200, &read()?))
}

/// The grey twin or the thumbnail of `?id=…&kind=…`.
pub(crate) fn picture(request: &Request) -> Result<Response, Refusal> {
    let (id, kind) = (asked(request, "id"), asked(request, "kind"));
    let gone = || {
        Refusal::new(
            404,
            "no-such-picture",
            "there is no such picture in the history",
        )
    };
    if !["grey", "thumbnail"].contains(&kind) {
        return Err(gone());
    }
    let entry = read()?
        .into_iter()
        .find(|entry| entry.id == id)
        .ok_or_else(gone)?;
    let found = state::get(
        STORE,
        &key(entry.place, kind),
        Consistency::Unspecified,
        &[],
    );
    let found = found.map_err(away)?.ok_or_else(gone)?;
    Ok(Response::new(200, "image/jpeg", found.value))
}

fn away(error: Error) -> Refusal {
    Refusal::new(
        503,
        "history-away",
        format!("the history cannot be read now: {error}"),
    )
}
