//! Locks.

use std::sync::Arc;

use abide_dapr::host_async::Lock as _;
use abide_dapr::lock::Unlocked;
use dapr::dapr::proto::runtime::v1::unlock_response::Status;
use dapr::dapr::proto::runtime::v1::{
    TryLockRequest, TryLockResponse, UnlockRequest, UnlockResponse,
};

use crate::api::Api;
use crate::refusal::{self, Call, Refusal};

pub(super) async fn lock(
    api: &Arc<Api>,
    request: TryLockRequest,
) -> Result<TryLockResponse, Refusal> {
    let store = &*request.store_name;
    let (resource, owner) = (&*request.resource_id, &*request.lock_owner);
    let seconds = refusal::expiry(store, request.expiry_in_seconds)?;
    refusal::check_lock(store, resource, owner)?;
    let taken = api.host().try_lock(store, resource, owner, seconds).await;
    let success = taken.map_err(|error| api.refusal(Call::TryLock { store }, &error))?;
    Ok(TryLockResponse { success })
}

pub(super) async fn unlock(
    api: &Arc<Api>,
    request: UnlockRequest,
) -> Result<UnlockResponse, Refusal> {
    let store = &*request.store_name;
    let (resource, owner) = (&*request.resource_id, &*request.lock_owner);
    refusal::check_lock(store, resource, owner)?;
    let unlocked = api.host().unlock(store, resource, owner).await;
    let unlocked = unlocked.map_err(|error| api.refusal(Call::Unlock { store }, &error))?;
    let status = match unlocked {
        Unlocked::Success => Status::Success,
        Unlocked::NotHeld => Status::LockDoesNotExist,
        Unlocked::OfAnother => Status::LockBelongsToOthers,
    };
    Ok(UnlockResponse {
        status: status.into(),
    })
}
