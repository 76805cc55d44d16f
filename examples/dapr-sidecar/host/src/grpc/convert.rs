//! Messages of gRPC as what the host takes, and back.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use abide_dapr::state::{Concurrency, Consistency, Item, Options, Removal};
use abide_dapr_host::blocks::Metadata;
use dapr::dapr::proto::common::v1::state_options::{StateConcurrency, StateConsistency};
use dapr::dapr::proto::common::v1::{Etag, StateItem, StateOptions};
use prost_types::value::Kind;
use prost_types::{Struct, Value};

/// In an order, so that what is done with them is the same each time.
pub(super) fn metadata<S: BuildHasher>(map: HashMap<String, String, S>) -> Metadata {
    let ordered: BTreeMap<_, _> = map.into_iter().collect();
    ordered.into_iter().collect()
}

/// An empty etag is none.
pub(super) fn etag(etag: Option<Etag>) -> Option<String> {
    etag.map(|etag| etag.value).filter(|etag| !etag.is_empty())
}

pub(super) fn consistency(number: i32) -> Consistency {
    match StateConsistency::try_from(number) {
        Ok(StateConsistency::ConsistencyEventual) => Consistency::Eventual,
        Ok(StateConsistency::ConsistencyStrong) => Consistency::Strong,
        _ => Consistency::Unspecified,
    }
}

pub(super) fn options(options: StateOptions) -> Options {
    let concurrency = match StateConcurrency::try_from(options.concurrency) {
        Ok(StateConcurrency::ConcurrencyFirstWrite) => Concurrency::FirstWrite,
        Ok(StateConcurrency::ConcurrencyLastWrite) => Concurrency::LastWrite,
        _ => Concurrency::Unspecified,
    };
    Options {
        concurrency,
        consistency: consistency(options.consistency),
    }
}

pub(super) fn item(item: StateItem) -> Item {
    Item {
        key: item.key,
        value: item.value,
        etag: etag(item.etag),
        options: item.options.map(options),
        metadata: metadata(item.metadata),
    }
}

pub(super) fn removal(item: StateItem) -> Removal {
    Removal {
        key: item.key,
        etag: etag(item.etag),
        options: item.options.map(options),
        metadata: metadata(item.metadata),
    }
}

/// Texts as values of JSON.
pub(super) fn texts(texts: &[(String, String)]) -> Struct {
    let fields = texts.iter().map(|(name, text)| {
        let kind = Some(Kind::StringValue(text.clone()));
        (name.clone(), Value { kind })
    });
    Struct {
        fields: fields.collect(),
    }
}
