//! Values of serde as data of events and calls, in JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Event, Request, Response};
use crate::guest::pubsub;

/// The type of JSON.
const JSON: &str = "application/json";

/// Publishes a value.
///
/// # Errors
///
/// Those of publishing, and `invalid` for a value that JSON cannot have.
pub fn publish_json(pubsub: &str, topic: &str, value: &impl Serialize) -> Result<(), Error> {
    pubsub::publish(pubsub, topic, &to_json(value)?, JSON, &[])
}

pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Invalid(error.to_string()))
}

pub(super) fn from_json<T: DeserializeOwned>(data: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(data).map_err(|error| Error::Invalid(error.to_string()))
}

impl Event {
    /// Its data as a value.
    ///
    /// # Errors
    ///
    /// `invalid` if it is none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_json(&self.data)
    }
}

impl Request {
    /// Its data as a value.
    ///
    /// # Errors
    ///
    /// `invalid` if it is none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        from_json(&self.data)
    }
}

impl Response {
    /// An answer of bytes of a type.
    pub fn new(status: u16, content_type: impl Into<String>, data: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: content_type.into(),
            data: data.into(),
            metadata: Vec::new(),
        }
    }

    /// An answer of text.
    pub fn text(status: u16, text: impl ToString) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.to_string())
    }

    /// An answer of a value in JSON; 500 if JSON cannot have it.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match to_json(value) {
            Ok(data) => Self::new(status, JSON, data),
            Err(error) => Self::text(500, error),
        }
    }
}
