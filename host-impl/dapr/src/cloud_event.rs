//! CloudEvents in JSON, as Dapr writes them. Knows no broker.

use std::time::Duration;

use abide_dapr::app::Event;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};

use crate::failure::{Error, Result};

/// The type of data that is a CloudEvent.
const CLOUD_EVENT: &str = "application/cloudevents+json";
/// That of data whose type nobody said.
const DEFAULT: &str = "text/plain";
const BINARY: &str = "application/octet-stream";
/// What an event is where nobody says.
const KIND: &str = "com.dapr.event.sent";
const SOURCE: &str = "Dapr";
const VERSION: &str = "1.0";
/// What of the metadata is put in the event.
const OVERRIDE: &str = "cloudevent.";
const EXPIRATION: &str = "expiration";

/// What is published.
#[derive(Debug)]
pub(crate) struct Published<'a> {
    pub(crate) app: &'a str,
    pub(crate) pubsub: &'a str,
    pub(crate) topic: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) data: Vec<u8>,
    pub(crate) metadata: &'a [(String, String)],
}

/// Puts what is published in an event: one of its own, or the one that the data is.
pub(crate) fn wrap(published: Published<'_>) -> Result<Event> {
    let essence = essence(published.content_type);
    let mut event = if essence == CLOUD_EVENT {
        decode(&published.data, published.pubsub, published.topic)?
    } else {
        let content_type = match published.content_type {
            "" => DEFAULT,
            said => said,
        };
        let time = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        Event {
            id: String::new(),
            source: published.app.to_owned(),
            kind: KIND.to_owned(),
            spec_version: VERSION.to_owned(),
            topic: published.topic.to_owned(),
            pubsub: published.pubsub.to_owned(),
            path: String::new(),
            content_type: content_type.to_owned(),
            data: published.data,
            extensions: vec![("time".to_owned(), time)],
        }
    };
    // What was said first holds.
    for (name, value) in published.metadata.iter().rev() {
        if let Some(name) = name.strip_prefix(OVERRIDE) {
            put(&mut event, name, value);
        }
    }
    if event.id.is_empty() {
        event.id = new_id()?;
    }
    Ok(event)
}

/// An event around data that was published without one.
pub(crate) fn around(data: Vec<u8>, pubsub: &str, topic: &str) -> Result<Event> {
    Ok(Event {
        id: new_id()?,
        source: SOURCE.to_owned(),
        kind: KIND.to_owned(),
        spec_version: VERSION.to_owned(),
        topic: topic.to_owned(),
        pubsub: pubsub.to_owned(),
        path: String::new(),
        content_type: BINARY.to_owned(),
        data,
        extensions: Vec::new(),
    })
}

/// The event as JSON.
pub(crate) fn encode(event: &Event) -> Vec<u8> {
    let mut map = Map::new();
    let mut text = |name: &str, value: &str| {
        map.insert(name.to_owned(), Value::String(value.to_owned()));
    };
    for (name, value) in &event.extensions {
        text(name, value);
    }
    text("id", &event.id);
    text("source", &event.source);
    text("type", &event.kind);
    text("specversion", &event.spec_version);
    text("datacontenttype", &event.content_type);
    text("pubsubname", &event.pubsub);
    text("topic", &event.topic);
    let (name, data) = data_value(&event.content_type, &event.data);
    map.insert(name.to_owned(), data);
    // A map of texts and values that were JSON can always be written.
    serde_json::to_vec(&map).unwrap_or_default()
}

/// The event in that JSON.
pub(crate) fn decode(bytes: &[u8], pubsub: &str, topic: &str) -> Result<Event> {
    let map: Map<String, Value> = serde_json::from_slice(bytes)
        .map_err(|error| Error::Invalid(format!("this is no CloudEvent: {error}")))?;
    let mut event = Event {
        id: String::new(),
        source: SOURCE.to_owned(),
        kind: KIND.to_owned(),
        spec_version: VERSION.to_owned(),
        topic: topic.to_owned(),
        pubsub: pubsub.to_owned(),
        path: String::new(),
        content_type: String::new(),
        data: Vec::new(),
        extensions: Vec::new(),
    };
    let (mut data, mut base64) = (None, None);
    for (name, value) in map {
        match (name.as_str(), value) {
            // Those of where it is now.
            ("topic" | "pubsubname", _) | (_, Value::Null) => {}
            ("data", value) => data = Some(value),
            ("data_base64", Value::String(text)) => base64 = Some(text),
            (name, Value::String(text)) => put(&mut event, name, &text),
            (name, other) => put(&mut event, name, &other.to_string()),
        }
    }
    if event.content_type.is_empty() {
        // Data that is no text can only be JSON here.
        let is_text = matches!(data, Some(Value::String(_)));
        let kind = if is_text { DEFAULT } else { "application/json" };
        kind.clone_into(&mut event.content_type);
    }
    let is_json = is_json(&event.content_type);
    event.data = match (base64, data) {
        (Some(text), _) => BASE64
            .decode(text)
            .map_err(|error| Error::Invalid(format!("`data_base64`: {error}")))?,
        (None, None) => Vec::new(),
        (None, Some(Value::String(text))) if !is_json => text.into_bytes(),
        (None, Some(value)) => value.to_string().into_bytes(),
    };
    Ok(event)
}

/// Has the event be of no use after that time.
pub(crate) fn expire(event: &mut Event, after: Duration) {
    let at = chrono::Duration::from_std(after).ok();
    if let Some(at) = at.and_then(|after| Utc::now().checked_add_signed(after)) {
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        put(event, EXPIRATION, &at);
    }
}

/// Whether it is.
pub(crate) fn has_expired(event: &Event) -> bool {
    let at = event.extensions.iter().find(|(name, _)| name == EXPIRATION);
    let at = at.and_then(|(_, at)| DateTime::parse_from_rfc3339(at).ok());
    at.is_some_and(|at| at < Utc::now())
}

fn put(event: &mut Event, name: &str, value: &str) {
    let attribute = match name {
        "id" => &mut event.id,
        "source" => &mut event.source,
        "type" => &mut event.kind,
        "specversion" => &mut event.spec_version,
        "datacontenttype" => &mut event.content_type,
        "topic" | "pubsubname" | "data" | "data_base64" => return,
        _ => {
            event.extensions.retain(|(other, _)| other != name);
            event.extensions.push((name.to_owned(), value.to_owned()));
            return;
        }
    };
    value.clone_into(attribute);
}

fn data_value(content_type: &str, data: &[u8]) -> (&'static str, Value) {
    if is_json(content_type)
        && let Ok(value) = serde_json::from_slice(data)
    {
        return ("data", value);
    }
    match std::str::from_utf8(data) {
        Ok(text) if essence(content_type) != BINARY => ("data", Value::String(text.to_owned())),
        _ => ("data_base64", Value::String(BASE64.encode(data))),
    }
}

fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// The type without its parameters, in lower case.
fn essence(content_type: &str) -> String {
    let (essence, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    essence.trim().to_ascii_lowercase()
}

/// A random UUID.
pub(crate) fn new_id() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| crate::failure::failed("INTERNAL", error))?;
    let number = u128::from_be_bytes(bytes);
    // Version 4, variant 1.
    let number = number & !(0xf000 << 64) & !(0xc000 << 48) | (0x4000 << 64) | (0x8000 << 48);
    let (a, b) = ((number >> 96) as u32, (number >> 80) as u16);
    let (c, d) = ((number >> 64) as u16, (number >> 48) as u16);
    let e = number as u64 & 0xffff_ffff_ffff;
    Ok(format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}"))
}

#[cfg(test)]
mod tests {
    use super::{Published, decode, encode, new_id, wrap};

    fn published<'a>(content_type: &'a str, data: &[u8]) -> Published<'a> {
        Published {
            app: "shop",
            pubsub: "pubsub",
            topic: "orders",
            content_type,
            data: data.to_vec(),
            metadata: &[],
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        for (content_type, data) in [
            ("", &b"text"[..]),
            ("text/plain", b"\xff\0"),
            ("application/octet-stream", b"bytes"),
            ("application/json", br#"{"a":[1,2.5,"x"]}"#),
            ("application/json; charset=utf-8", br#""text""#),
            ("application/vnd.x+json", b"no JSON"),
        ] {
            let event = wrap(published(content_type, data)).unwrap();
            let back = decode(&encode(&event), "pubsub", "orders").unwrap();
            match content_type {
                "application/vnd.x+json" => assert_eq!(back.data, br#""no JSON""#),
                _ => assert_eq!(back.data, data, "{content_type}"),
            }
            assert_eq!((&back.id, &back.source), (&event.id, &event.source));
            assert_eq!(back.content_type, event.content_type);
        }
    }

    #[test]
    fn an_event_that_is_published_is_taken_as_it_is() {
        let text = br#"{"id":"7","source":"elsewhere","type":"paid","specversion":"1.0",
            "datacontenttype":"text/plain","data":"x","n":3,"topic":"other"}"#;
        let mut published = published("application/cloudevents+json", text);
        let metadata = [("cloudevent.type".to_owned(), "unpaid".to_owned())];
        published.metadata = &metadata;
        let event = wrap(published).unwrap();
        assert_eq!(
            (&*event.id, &*event.source, &*event.kind),
            ("7", "elsewhere", "unpaid")
        );
        assert_eq!((&*event.topic, &event.data[..]), ("orders", &b"x"[..]));
        assert!(event.extensions.contains(&("n".to_owned(), "3".to_owned())));
    }

    #[test]
    fn ids_are_uuids() {
        let id = new_id().unwrap();
        assert_eq!(id.len(), 36);
        assert_eq!(&id[14..15], "4");
        assert!("89ab".contains(&id[19..20]), "{id}");
        assert_ne!(id, new_id().unwrap());
    }
}
