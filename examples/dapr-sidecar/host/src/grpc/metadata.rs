//! What there is to know of the sidecar itself.

use std::sync::Arc;

use dapr::dapr::proto::runtime::v1::actor_runtime::ActorRuntimeStatus;
use dapr::dapr::proto::runtime::v1::{
    ActorRuntime, AppConnectionProperties, GetMetadataRequest, GetMetadataResponse,
    PubsubSubscription, PubsubSubscriptionRule, PubsubSubscriptionRules, PubsubSubscriptionType,
    RegisteredComponents, SetMetadataRequest, ShutdownRequest,
};

use crate::api::{Api, Subscribed};
use crate::components::capabilities;
use crate::refusal::Refusal;
use crate::version;

pub(super) async fn get(
    api: &Arc<Api>,
    _: GetMetadataRequest,
) -> Result<GetMetadataResponse, Refusal> {
    let components = api.dapr.components().map(|component| RegisteredComponents {
        name: component.name().to_owned(),
        r#type: component.type_name().to_owned(),
        version: component.version().to_owned(),
        capabilities: capabilities(component)
            .iter()
            .map(ToString::to_string)
            .collect(),
    });
    let beside = api.beside.as_ref().map(|beside| AppConnectionProperties {
        port: beside.port.into(),
        protocol: beside.protocol.to_owned(),
        channel_address: "127.0.0.1".to_owned(),
        ..AppConnectionProperties::default()
    });
    let mut extended = api.extended();
    extended.insert("daprRuntimeVersion".to_owned(), version().to_owned());
    Ok(GetMetadataResponse {
        id: api.id().to_owned(),
        registered_components: components.collect(),
        extended_metadata: extended.into_iter().collect(),
        subscriptions: api.subscribed().into_iter().map(subscription).collect(),
        app_connection_properties: beside,
        runtime_version: version().to_owned(),
        actor_runtime: Some(ActorRuntime {
            runtime_status: ActorRuntimeStatus::Disabled.into(),
            ..ActorRuntime::default()
        }),
        ..GetMetadataResponse::default()
    })
}

pub(super) async fn set(api: &Arc<Api>, request: SetMetadataRequest) -> Result<(), Refusal> {
    api.extend(request.key, request.value);
    Ok(())
}

pub(super) async fn shutdown(api: &Arc<Api>, _: ShutdownRequest) -> Result<(), Refusal> {
    api.shutdown.notify_one();
    Ok(())
}

fn subscription(subscribed: Subscribed) -> PubsubSubscription {
    let rules = subscribed.rules.into_iter();
    let rules = rules.map(|(matching, path)| PubsubSubscriptionRule {
        r#match: matching,
        path,
    });
    let kind = match subscribed.streaming {
        true => PubsubSubscriptionType::Streaming,
        false => PubsubSubscriptionType::Programmatic,
    };
    PubsubSubscription {
        pubsub_name: subscribed.pubsub,
        topic: subscribed.topic,
        rules: Some(PubsubSubscriptionRules {
            rules: rules.collect(),
        }),
        dead_letter_topic: subscribed.dead_letter.unwrap_or_default(),
        r#type: kind.into(),
        ..PubsubSubscription::default()
    }
}
