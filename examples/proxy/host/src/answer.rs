//! The answer to a request of a filter's own, whole.

use abide_proxy::host;
use abide_proxy::types::Field;

use crate::exchange::part_of;

/// An answer; one without fields says that there was none, and that the proxy is why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Why there is no answer.
    pub(crate) reason: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: Vec<Field>,
}

impl Answer {
    /// There is none, for this reason.
    pub(crate) fn none(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ..Self::default()
        }
    }

    /// What the proxy answers in the place of an upstream that does not, as Envoy does.
    pub(crate) fn instead(status: u16, text: &str) -> Self {
        let field = |name: &str, value: String| (name.to_owned(), value.into_bytes());
        Self {
            status,
            fields: vec![
                field(":status", status.to_string()),
                field("content-length", text.len().to_string()),
                field("content-type", "text/plain".to_owned()),
            ],
            body: text.into(),
            ..Self::default()
        }
    }
}

impl host::callout::Answer for Answer {
    fn status(&mut self) -> (u32, String) {
        (self.status.into(), self.reason.clone())
    }

    fn fields(&mut self) -> Vec<Field> {
        self.fields.clone()
    }

    fn body_size(&mut self) -> u64 {
        self.body.len() as u64
    }

    fn body(&mut self, start: u64, size: u64) -> Vec<u8> {
        part_of(&self.body, start, size)
    }

    fn trailers(&mut self) -> Vec<Field> {
        self.trailers.clone()
    }
}
