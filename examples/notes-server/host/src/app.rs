//! What the server offers its guests: the notes of one tenant, whom the guest cannot choose.

use std::sync::Arc;

use abide::Error;
use notebook_abi::host_async;

use crate::store::{Put, Store};

/// The host state: one value of it is cloned for every instance of the guest.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) tenant: Arc<str>,
    /// How many notes the tenant may keep.
    pub(crate) most: u32,
}

/// While the database works, the guest waits and no thread does. What fails there ends the call: a
/// guest could do nothing about it.
impl host_async::Store for App {
    async fn get(&mut self, name: &str) -> abide::Result<Option<String>> {
        let note = self.store.get(Arc::clone(&self.tenant), name);
        note.await.map_err(Error::host)
    }

    async fn put(&mut self, name: &str, markdown: &str) -> abide::Result<Result<(), u32>> {
        let tenant = Arc::clone(&self.tenant);
        let put = self.store.put(tenant, name, markdown, self.most);
        match put.await.map_err(Error::host)? {
            Put::Kept => Ok(Ok(())),
            Put::Full => Ok(Err(self.most)),
        }
    }

    async fn names(&mut self) -> abide::Result<Vec<String>> {
        let names = self.store.names(Arc::clone(&self.tenant));
        names.await.map_err(Error::host)
    }
}
