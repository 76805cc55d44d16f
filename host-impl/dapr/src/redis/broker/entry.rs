//! An entry of a stream, as it comes from the server.

use redis::Value;

use crate::blocks::{Delivery, Metadata, Payload};
use crate::failure::Result;
use crate::redis::error::strange;

/// An entry that was delivered.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) id: String,
    /// How often it was delivered, this time included.
    pub(super) attempt: u32,
    pub(super) data: Vec<u8>,
    pub(super) metadata: Metadata,
}

impl Entry {
    pub(super) fn delivery(&self) -> Delivery {
        Delivery {
            payload: Payload::Bytes(self.data.clone()),
            attempt: self.attempt,
            metadata: self.metadata.clone(),
        }
    }

    fn new(id: Value, attempt: u32, fields: Value) -> Result<Self> {
        let id = redis::from_redis_value(id).map_err(|_| strange("reading a stream"))?;
        let fields: Vec<(Vec<u8>, Vec<u8>)> = match fields {
            // It was removed from the stream after it was delivered for the first time.
            Value::Nil => Vec::new(),
            fields => redis::from_redis_value(fields).map_err(|_| strange("reading a stream"))?,
        };
        let mut entry = Self {
            id,
            attempt,
            data: Vec::new(),
            metadata: Metadata::new(),
        };
        for (name, value) in fields {
            match &*name {
                b"data" => entry.data = value,
                // A map of texts. What is none is of no use to anybody.
                b"metadata" => {
                    let map: serde_json::Map<_, _> =
                        serde_json::from_slice(&value).unwrap_or_default();
                    let texts = map.into_iter().filter_map(|(name, value)| match value {
                        serde_json::Value::String(value) => Some((name, value)),
                        _ => None,
                    });
                    entry.metadata = texts.collect();
                }
                _ => {}
            }
        }
        Ok(entry)
    }
}

/// What `XREADGROUP` answers for one stream: entries that nobody has had before.
pub(super) fn new_entries(answer: Value) -> Result<Vec<Entry>> {
    let strange = || strange("reading a stream");
    let mut streams = match answer {
        Value::Nil => return Ok(Vec::new()),
        Value::Array(streams) => streams,
        _ => return Err(strange()),
    };
    let Some(Value::Array(mut stream)) = streams.pop() else {
        return Err(strange());
    };
    let Some(Value::Array(entries)) = stream.pop() else {
        return Err(strange());
    };
    let entries = entries.into_iter().map(|entry| one(entry, 1));
    entries.collect()
}

/// What `XCLAIM` answers for one entry. None is that the stream has it no more.
pub(super) fn claimed(answer: Value, attempt: u32) -> Result<Option<Entry>> {
    let Value::Array(mut entries) = answer else {
        return Err(strange("claiming"));
    };
    match entries.pop() {
        None | Some(Value::Nil) => Ok(None),
        Some(entry) => one(entry, attempt).map(Some),
    }
}

/// What the script answers that claims.
pub(super) fn taken_over(answer: Value) -> Result<Vec<Entry>> {
    let entries: Vec<(Value, u32, Value)> =
        redis::from_redis_value(answer).map_err(|_| strange("claiming"))?;
    let entries = entries
        .into_iter()
        .map(|(id, attempt, fields)| Entry::new(id, attempt, fields));
    entries.collect()
}

fn one(entry: Value, attempt: u32) -> Result<Entry> {
    let (id, fields): (Value, Value) =
        redis::from_redis_value(entry).map_err(|_| strange("reading a stream"))?;
    Entry::new(id, attempt, fields)
}
