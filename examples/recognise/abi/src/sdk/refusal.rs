//! What goes wrong, as an answer that people and programs understand.

use std::borrow::Cow;

use abide_dapr::sdk::Response;
use abide_image::codec;
use abide_inference::model;
use serde::Serialize;

/// An answer that is no good news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    kind: Cow<'static, str>,
    message: String,
}

/// How it looks to whoever asked.
#[derive(Serialize)]
struct Told<'a> {
    error: &'a str,
    message: &'a str,
}

impl Refusal {
    /// An answer with this status, a word for programs and a sentence for people.
    pub fn new(
        status: u16,
        kind: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            kind: kind.into(),
            message: message.into(),
        }
    }

    /// The model is another one than was expected.
    pub fn model_is_strange() -> Self {
        Self::new(
            500,
            "strange-model",
            "the model does not take one picture of bytes and give one list of bytes",
        )
    }

    /// It as what a service answers.
    pub fn into_response(self) -> Response {
        let Self {
            status,
            kind,
            message,
        } = &self;
        Response::json(
            *status,
            &Told {
                error: kind,
                message,
            },
        )
    }
}

impl From<codec::Error> for Refusal {
    fn from(error: codec::Error) -> Self {
        match error {
            codec::Error::UnknownFormat => Self::new(
                415,
                "no-picture",
                "this is no picture that is known here: JPEG, PNG, GIF, BMP and WebP are",
            ),
            codec::Error::Broken(why) => Self::new(
                422,
                "broken-picture",
                format!("the picture is broken: {why}"),
            ),
            codec::Error::TooLarge(size) => Self::new(
                413,
                "too-many-pixels",
                format!(
                    "{} × {} pixels are more than are decoded here",
                    size.width, size.height
                ),
            ),
            codec::Error::Unsupported(what) => Self::new(
                415,
                "unsupported",
                format!("that cannot be decoded here: {what}"),
            ),
            codec::Error::Limit(what) => Self::new(413, "too-large", what),
            codec::Error::Invalid(what) => Self::new(422, "broken-picture", what),
            codec::Error::Busy => Self::new(
                503,
                "busy",
                "as many pictures are decoded as this machine can; come back soon",
            ),
        }
    }
}

impl From<model::Error> for Refusal {
    fn from(error: model::Error) -> Self {
        match error {
            model::Error::Busy => Self::new(
                503,
                "busy",
                "as many pictures are looked at as this machine can; come back soon",
            ),
            model::Error::NotFound(name) => {
                Self::new(500, "no-model", format!("there is no model `{name}` here"))
            }
            other => Self::new(500, "model-failed", format!("the model failed: {other}")),
        }
    }
}
