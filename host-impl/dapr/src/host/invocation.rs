//! Calls of other applications.

use abide_dapr::host_async;
use abide_dapr::invocation::{Request, Response};

use super::Host;
use crate::failure::Result;

/// Who calls. No guest can say that it is another.
const CALLER: &str = "dapr-caller-app-id";
const CALLEE: &str = "dapr-callee-app-id";

impl host_async::Invocation for Host {
    async fn invoke(&mut self, app: &str, mut request: Request) -> Result<Response> {
        let limits = self.limits();
        limits.check_name("an application's id", app)?;
        limits.check_value(request.data.len())?;
        limits.check_metadata(&request.query)?;
        if request.method.len() > limits.key {
            limits.check_name("a method", &request.method)?;
        }
        let mut metadata = self.carried(std::mem::take(&mut request.metadata))?;
        metadata.retain(|(name, _)| {
            !name.eq_ignore_ascii_case(CALLER) && !name.eq_ignore_ascii_case(CALLEE)
        });
        metadata.push((CALLER.to_owned(), self.app.to_string()));
        metadata.push((CALLEE.to_owned(), app.to_owned()));
        request.metadata = metadata;
        let method = request.method.trim_start_matches('/');
        request.method = method.to_owned();
        self.dapr.invoke(app, request).await
    }
}
