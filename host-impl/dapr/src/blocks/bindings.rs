//! What a binding is.

use std::fmt::Debug;
use std::sync::Arc;

use abide_dapr::bindings::Answer;
use async_trait::async_trait;

use super::Metadata;
use crate::failure::{Error, Result};
use crate::running::Running;

/// Who is told of what happens at a binding.
#[async_trait]
pub trait Listener: Send + Sync {
    /// Something happened. An error is that it was not handled.
    async fn happened(&self, data: Vec<u8>, metadata: Metadata) -> Result<Vec<u8>>;
}

/// A binding: what can be done there, what happens there, or both.
#[async_trait]
pub trait Binding: Debug + Send + Sync {
    /// What can be done; nothing where it only tells of what happens.
    fn operations(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether something can be done. Who does not know says yes, and refuses it when it is asked.
    fn can(&self, operation: &str) -> bool {
        self.operations().contains(&operation)
    }

    /// Does something.
    async fn invoke(&self, operation: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        let _ = (data, metadata);
        Err(Error::Unsupported(operation.to_owned()))
    }

    /// Tells of what happens.
    async fn listen(&self, listener: Arc<dyn Listener>) -> Result<Running> {
        let _ = listener;
        Err(Error::Unsupported("nothing happens here".to_owned()))
    }
}
