//! Bindings.

use std::sync::Arc;

use abide_dapr::bindings::Answer;
use abide_dapr::host_async;

use super::{Host, other_kind};
use crate::blocks::Metadata;
use crate::components::{Block, BlockKind};
use crate::failure::{Result, unsupported};

impl host_async::Bindings for Host {
    async fn invoke(
        &mut self,
        name: &str,
        operation: &str,
        data: &[u8],
        metadata: Metadata,
    ) -> Result<Answer> {
        let component = self.find(BlockKind::Binding, name)?;
        let Block::Binding(binding) = &component.block else {
            return Err(other_kind(&component));
        };
        let binding = Arc::clone(binding);
        self.limits().check_name("an operation", operation)?;
        self.limits().check_value(data.len())?;
        if !binding.can(operation) {
            return Err(unsupported(name, operation));
        }
        let metadata = self.carried(metadata)?;
        self.call(binding.invoke(operation, data.to_vec(), metadata))
            .await
    }
}
