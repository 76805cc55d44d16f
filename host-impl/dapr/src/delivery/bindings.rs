//! What happens at a binding, to an application.

use std::sync::Arc;

use async_trait::async_trait;

use super::Turns;
use crate::app::App;
use crate::blocks::{Listener, Metadata};
use crate::components::{Block, BlockKind};
use crate::dapr::Dapr;
use crate::failure::{Error, Result, within};
use crate::running::Running;
use crate::trace::Trace;

/// Tells an application of what happens at a binding.
pub(crate) async fn listen(
    dapr: &Dapr,
    id: &str,
    name: &str,
    app: Arc<dyn App>,
    turns: &Turns,
) -> Result<Running> {
    let shared = dapr.shared();
    let component = shared.components.find(BlockKind::Binding, id, name)?;
    let Block::Binding(binding) = &component.block else {
        return Err(Error::NoComponent(name.to_owned()));
    };
    let told = Told {
        name: name.to_owned(),
        app,
        turns: turns.clone(),
    };
    within(shared.limits.deadline, binding.listen(Arc::new(told))).await
}

struct Told {
    name: String,
    app: Arc<dyn App>,
    turns: Turns,
}

#[async_trait]
impl Listener for Told {
    async fn happened(&self, data: Vec<u8>, metadata: Metadata) -> Result<Vec<u8>> {
        let handled = self.app.on_binding(&self.name, &data, &metadata);
        let trace = Trace::of(&metadata);
        self.turns.take(trace.scope(handled)).await
    }
}
