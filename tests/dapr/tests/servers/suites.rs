//! The suite, on each kind of server.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_dapr_host::{Builder, Component};
use abide_dapr_tests::{Backend, Can, suite};
use abide_test_servers::{Nats as Version, Server, nats, redis, redis_cli};

async fn on_redis(builder: Builder) -> Option<Backend> {
    let server = Arc::new(redis()?);
    let redis = Redis::new(RedisOptions::new(server.address()));
    let broker = redis.broker().patience(Duration::from_secs(1));
    let dapr = builder
        .component(Component::state("store", redis.state()))
        .component(Component::pubsub(
            "pubsub",
            broker.redelivery(Duration::from_millis(100)),
        ))
        .component(Component::lock("lock", redis.locks()))
        .component(Component::configuration("configuration", redis.settings()))
        .build();
    let configured = Arc::clone(&server);
    Some(Backend {
        dapr: dapr.unwrap(),
        can: Can {
            configure: Some(Arc::new(move |key, value| {
                redis_cli(&configured, &["SET", &key, &value]);
                Box::pin(std::future::ready(()))
            })),
            ..Can::everything()
        },
        keep: Box::new(server),
    })
}

fn on_nats(builder: Builder, server: Server, locks: bool) -> Backend {
    let nats = Nats::new(NatsOptions::new(server.address()));
    let broker = nats.broker().patience(Duration::from_secs(1));
    let dapr = builder
        .component(Component::state("store", nats.state("state")))
        .component(Component::pubsub("pubsub", broker))
        .component(Component::lock("lock", nats.locks("locks")))
        .invoker(Arc::new(nats.invoker()))
        .build();
    Backend {
        dapr: dapr.unwrap(),
        can: Can {
            ttl: true,
            locks,
            // One mebibyte is what a server takes with what stands before it.
            value: Some(1_000_000),
            ..Can::default()
        },
        keep: Box::new(server),
    }
}

async fn on_old_nats(builder: Builder) -> Option<Backend> {
    Some(on_nats(builder, nats(Version::Debian)?, false))
}

async fn on_current_nats(builder: Builder) -> Option<Backend> {
    Some(on_nats(builder, nats(Version::Current)?, true))
}

suite!(redis_server, on_redis);
suite!(nats_of_debian, on_old_nats);
suite!(current_nats, on_current_nats);
