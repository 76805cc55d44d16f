//! What calls applications elsewhere.

use std::fmt::Debug;
use std::sync::Arc;

use abide_dapr::invocation::{Request, Response};
use async_trait::async_trait;

use crate::failure::Result;
use crate::running::Running;

/// An application of this process, as it is called from elsewhere.
#[async_trait]
pub trait Invoked: Send + Sync {
    /// Calls it.
    async fn invoked(&self, request: Request) -> Result<Response>;
}

/// What calls applications elsewhere.
#[async_trait]
pub trait Invoker: Debug + Send + Sync {
    /// Calls an application. That there is none of that id is
    /// [`Error::NotFound`](crate::Error::NotFound); then the next invoker is asked.
    async fn invoke(&self, app: &str, request: Request) -> Result<Response>;

    /// Has others call an application of this process, if that is possible.
    async fn serve(&self, app: &str, to: Arc<dyn Invoked>) -> Result<Option<Running>> {
        let _ = (app, to);
        Ok(None)
    }
}
