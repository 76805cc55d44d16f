//! Dapr's API over gRPC: which function answers which call. Knows nothing of connections.

mod bindings;
mod configuration;
mod convert;
mod events;
mod invocation;
mod locks;
mod metadata;
mod missing;
mod secrets;
mod state;
mod stream;

pub(crate) use stream::{message, verdict};

use std::pin::Pin;
use std::sync::Arc;

use abide_dapr_host::Trace;
use dapr::dapr::proto::common::v1::InvokeResponse;
use dapr::dapr::proto::runtime::v1::dapr_server::{Dapr, DaprServer};
use dapr::dapr::proto::runtime::v1::*;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use tonic::service::interceptor::InterceptedService;
use tonic::{Request, Response, Status, Streaming};

use crate::api::Api;
use crate::metrics;
use crate::refusal::Refusal;
use crate::token::Wanted;

/// A stream of answers.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// What answers calls.
pub(crate) struct Calls(Arc<Api>);

/// The service, as a server takes it.
pub(crate) fn service(api: Arc<Api>) -> InterceptedService<DaprServer<Calls>, Wanted> {
    let (most, wanted) = (api.max_body, Wanted(api.token.clone()));
    let server = DaprServer::new(Calls(api))
        .max_decoding_message_size(most)
        .max_encoding_message_size(usize::MAX);
    InterceptedService::new(server, wanted)
}

/// Calls that a function of this crate answers. A macro, for the trait has ninety functions that all
/// look like this.
macro_rules! answered {
    ($($call:ident($request:ty) -> $response:ty = $function:path;)*) => {
        $(fn $call<'a, 'b>(
            &'a self,
            request: Request<$request>,
        ) -> BoxFuture<'b, Result<Response<$response>, Status>>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(watched(stringify!($call), trace(&request), async move {
                let answered = $function(&self.0, request.into_inner()).await;
                answered.map(Response::new).map_err(Status::from)
            }))
        })*
    };
}

/// Those whose functions want more than the message, or answer with more.
macro_rules! streamed {
    ($($call:ident($request:ty) -> $response:ty = $function:path;)*) => {
        $(fn $call<'a, 'b>(
            &'a self,
            request: Request<$request>,
        ) -> BoxFuture<'b, Result<Response<$response>, Status>>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(watched(stringify!($call), trace(&request), async move {
                $function(&self.0, request).await
            }))
        })*
    };
}

/// Those that this sidecar does not have.
macro_rules! missing {
    ($($call:ident($request:ty) -> $response:ty;)*) => {
        $(fn $call<'a, 'b>(
            &'a self,
            _: Request<$request>,
        ) -> BoxFuture<'b, Result<Response<$response>, Status>>
        where
            'a: 'b,
            Self: 'b,
        {
            let missing = async { Err(Refusal::unimplemented().into()) };
            Box::pin(watched(stringify!($call), Trace::default(), missing))
        })*
    };
}

impl Dapr for Calls {
    answered! {
        get_state(GetStateRequest) -> GetStateResponse = state::get;
        get_bulk_state(GetBulkStateRequest) -> GetBulkStateResponse = state::get_bulk;
        save_state(SaveStateRequest) -> () = state::save;
        delete_state(DeleteStateRequest) -> () = state::delete;
        delete_bulk_state(DeleteBulkStateRequest) -> () = state::delete_bulk;
        execute_state_transaction(ExecuteStateTransactionRequest) -> () = state::transact;
        publish_event(PublishEventRequest) -> () = events::publish;
        bulk_publish_event(BulkPublishRequest) -> BulkPublishResponse = events::publish_bulk;
        bulk_publish_event_alpha1(BulkPublishRequest) -> BulkPublishResponse
            = events::publish_bulk;
        invoke_binding(InvokeBindingRequest) -> InvokeBindingResponse = bindings::invoke;
        get_secret(GetSecretRequest) -> GetSecretResponse = secrets::get;
        get_bulk_secret(GetBulkSecretRequest) -> GetBulkSecretResponse = secrets::get_bulk;
        get_configuration(GetConfigurationRequest) -> GetConfigurationResponse
            = configuration::get;
        get_configuration_alpha1(GetConfigurationRequest) -> GetConfigurationResponse
            = configuration::get;
        unsubscribe_configuration(UnsubscribeConfigurationRequest)
            -> UnsubscribeConfigurationResponse = configuration::unsubscribe;
        unsubscribe_configuration_alpha1(UnsubscribeConfigurationRequest)
            -> UnsubscribeConfigurationResponse = configuration::unsubscribe;
        try_lock_alpha1(TryLockRequest) -> TryLockResponse = locks::lock;
        unlock_alpha1(UnlockRequest) -> UnlockResponse = locks::unlock;
        get_metadata(GetMetadataRequest) -> GetMetadataResponse = metadata::get;
        set_metadata(SetMetadataRequest) -> () = metadata::set;
        shutdown(ShutdownRequest) -> () = metadata::shutdown;
    }

    type SubscribeTopicEventsAlpha1Stream = Answers<SubscribeTopicEventsResponseAlpha1>;
    type SubscribeConfigurationStream = Answers<SubscribeConfigurationResponse>;
    type SubscribeConfigurationAlpha1Stream = Answers<SubscribeConfigurationResponse>;
    type EncryptAlpha1Stream = Answers<EncryptResponse>;
    type DecryptAlpha1Stream = Answers<DecryptResponse>;

    streamed! {
        invoke_service(InvokeServiceRequest) -> InvokeResponse = invocation::invoke;
        subscribe_topic_events_alpha1(Streaming<SubscribeTopicEventsRequestAlpha1>)
            -> Self::SubscribeTopicEventsAlpha1Stream = stream::subscribe;
        subscribe_configuration(SubscribeConfigurationRequest)
            -> Self::SubscribeConfigurationStream = configuration::subscribe;
        subscribe_configuration_alpha1(SubscribeConfigurationRequest)
            -> Self::SubscribeConfigurationAlpha1Stream = configuration::subscribe;
    }

    missing::calls!();
}

async fn watched<T>(
    call: &'static str,
    trace: Trace,
    answer: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    let watch = metrics::Call::new(call);
    let answered = trace.scope(answer).await;
    watch.ended(
        answered
            .as_ref()
            .map_or_else(Status::code, |_| tonic::Code::Ok),
    );
    answered
}

/// What a call is part of.
fn trace<T>(request: &Request<T>) -> Trace {
    let field = |name: &str| {
        let value = request.metadata().get(name)?.to_str().ok()?;
        Some((name.to_owned(), value.to_owned()))
    };
    let fields = ["traceparent", "tracestate"].into_iter().filter_map(field);
    Trace::of(&fields.collect::<Vec<_>>())
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code, refusal.message)
    }
}
