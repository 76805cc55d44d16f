//! State as somebody would have it who writes it by hand, with the client and nothing else: the same
//! requests to the same server, with neither etags of others' making nor errors of one type.

use abide_test_servers::Server;
use anyhow::{Context as _, Result};
use async_nats::jetstream;
use async_nats::jetstream::stream::Stream;
use bytes::Bytes;
use redis::aio::MultiplexedConnection;

use crate::backends::Kind;

/// A client.
#[derive(Debug)]
pub(crate) enum ByHand {
    Redis(MultiplexedConnection),
    Nats(jetstream::Context, Box<Stream>),
}

impl ByHand {
    /// Connects. None is that there is nothing to connect to.
    pub(crate) async fn connect(kind: Kind, server: Option<&Server>) -> Result<Option<Self>> {
        let Some(server) = server else {
            return Ok(None);
        };
        Ok(match kind {
            Kind::Memory | Kind::Redb => None,
            Kind::Redis => {
                let client = redis::Client::open(format!("redis://{}", server.address()))?;
                let connection = client.get_multiplexed_async_connection().await?;
                Some(Self::Redis(connection))
            }
            Kind::Nats => {
                let client = async_nats::connect(server.address()).await?;
                let context = jetstream::new(client);
                // The bucket is there when the backend has written.
                let stream = context.get_stream("KV_state").await?;
                Some(Self::Nats(context, Box::new(stream)))
            }
        })
    }

    /// Reads a value that is there, by the key that the backend gave it.
    pub(crate) async fn get(&mut self, key: &str) -> Result<Vec<u8>> {
        match self {
            Self::Redis(connection) => {
                let mut both = redis::pipe();
                both.cmd("HMGET").arg(key).arg("data").arg("version");
                both.cmd("PTTL").arg(key);
                let found: ((Vec<u8>, String), i64) = both.query_async(connection).await?;
                Ok(found.0.0)
            }
            Self::Nats(_, stream) => {
                let message = stream.direct_get_last_for_subject(subject(key)).await?;
                Ok(message.payload.to_vec())
            }
        }
    }

    /// Writes a value.
    pub(crate) async fn set(&mut self, key: &str, value: &[u8]) -> Result<()> {
        match self {
            Self::Redis(connection) => {
                let mut both = redis::pipe();
                both.atomic();
                both.cmd("HSET").arg(key).arg("data").arg(value).ignore();
                both.cmd("HINCRBY").arg(key).arg("version").arg(1).ignore();
                both.cmd("PERSIST").arg(key).ignore();
                let () = both.query_async(connection).await?;
                Ok(())
            }
            Self::Nats(context, _) => {
                let value = Bytes::copy_from_slice(value);
                let sent = context.publish(subject(key), value).await?;
                sent.await.context("nobody acknowledges")?;
                Ok(())
            }
        }
    }
}

/// A key of letters and digits as the backend has it: `bench||k1` is `bench.k1`.
fn subject(key: &str) -> String {
    format!("$KV.state.{}", key.replace("||", "."))
}
