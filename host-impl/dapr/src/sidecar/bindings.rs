//! Bindings, what can be done there. What happens there a sidecar tells an application that it calls,
//! and it calls none of these.

use abide_dapr::bindings::Answer;
use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::InvokeBindingRequest;

use super::{Named, error, map};
use crate::blocks::{Binding, Metadata};
use crate::failure::Result;

#[async_trait]
impl Binding for Named {
    /// Nobody here knows: the sidecar says what cannot be done.
    fn can(&self, _: &str) -> bool {
        true
    }

    async fn invoke(&self, operation: &str, data: Vec<u8>, metadata: Metadata) -> Result<Answer> {
        let request = self.sidecar.request(InvokeBindingRequest {
            name: self.name.clone(),
            data,
            metadata: map(metadata),
            operation: operation.to_owned(),
        });
        let answer = self.sidecar.client().invoke_binding(request).await;
        let answer = answer.map_err(|status| error::of(&status, &self.name))?;
        let answer = answer.into_inner();
        Ok(Answer {
            data: answer.data,
            metadata: answer.metadata.into_iter().collect(),
        })
    }
}
