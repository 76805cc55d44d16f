//! Bindings.

use std::sync::Arc;

use abide_dapr::host_async::Bindings as _;
use dapr::dapr::proto::runtime::v1::{InvokeBindingRequest, InvokeBindingResponse};

use super::convert;
use crate::api::Api;
use crate::refusal::{Call, Refusal};

pub(super) async fn invoke(
    api: &Arc<Api>,
    request: InvokeBindingRequest,
) -> Result<InvokeBindingResponse, Refusal> {
    let name = &*request.name;
    let metadata = convert::metadata(request.metadata);
    let mut host = api.host();
    let answered = host
        .invoke(name, &request.operation, &request.data, metadata)
        .await;
    let answered = answered.map_err(|error| api.refusal(Call::Binding { name }, &error))?;
    Ok(InvokeBindingResponse {
        data: answered.data,
        metadata: answered.metadata.into_iter().collect(),
    })
}
