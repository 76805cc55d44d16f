//! Events to a broker.

use std::sync::Arc;

use abide_dapr::host_async;
use abide_dapr::pubsub::Message;

use super::{Host, other_kind};
use crate::blocks::{Metadata, PubSub, Publication};
use crate::cloud_event::{self, Published};
use crate::components::{Block, BlockKind};
use crate::failure::Result;
use crate::metadata;
use crate::trace::Trace;

/// The feature of a broker that takes care of the ends of events.
const TTL: &str = "MESSAGE_TTL";

impl Host {
    fn broker(&self, name: &str) -> Result<Arc<dyn PubSub>> {
        let component = self.find(BlockKind::PubSub, name)?;
        match &component.block {
            Block::PubSub(broker) => Ok(Arc::clone(broker)),
            _ => Err(other_kind(&component)),
        }
    }

    fn publication(
        &self,
        broker: &dyn PubSub,
        (pubsub, topic): (&str, &str),
        data: Vec<u8>,
        content_type: &str,
        metadata: Metadata,
    ) -> Result<Publication> {
        self.limits().check_metadata(&metadata)?;
        let (raw, ttl) = (metadata::is_raw(&metadata)?, metadata::ttl(&metadata)?);
        let mut event = cloud_event::wrap(Published {
            app: &self.app,
            pubsub,
            topic,
            content_type,
            data,
            metadata: &metadata,
        })?;
        Trace::of(&metadata).put_into(&mut event.extensions);
        Trace::current().put_into(&mut event.extensions);
        if let Some(ttl) = ttl
            && !broker.features().contains(&TTL)
        {
            cloud_event::expire(&mut event, ttl);
        }
        Ok(Publication {
            event,
            raw,
            ttl,
            metadata,
        })
    }
}

impl host_async::Pubsub for Host {
    async fn publish(
        &mut self,
        pubsub: &str,
        topic: &str,
        data: &[u8],
        content_type: &str,
        metadata: Metadata,
    ) -> Result<()> {
        let broker = self.broker(pubsub)?;
        self.limits().check_name("a topic", topic)?;
        self.limits().check_value(data.len())?;
        let to = (pubsub, topic);
        let publication = self.publication(&*broker, to, data.to_vec(), content_type, metadata)?;
        self.call(broker.publish(topic, publication)).await
    }

    async fn publish_bulk(
        &mut self,
        pubsub: &str,
        topic: &str,
        messages: Vec<Message>,
        metadata: Metadata,
    ) -> Result<Vec<(u32, String)>> {
        let broker = self.broker(pubsub)?;
        self.limits().check_name("a topic", topic)?;
        self.limits().check_items(messages.len())?;
        let bytes = messages.iter().map(|message| message.data.len());
        let bytes = bytes.fold(0_usize, usize::saturating_add);
        self.limits().check_value(bytes)?;
        let publications = messages.into_iter().map(|message| {
            let (data, kind) = (message.data, &*message.content_type);
            // What is said of all holds where a message does not say otherwise.
            let metadata = [message.metadata, metadata.clone()].concat();
            self.publication(&*broker, (pubsub, topic), data, kind, metadata)
        });
        let publications = publications.collect::<Result<Vec<_>>>()?;
        self.call(broker.publish_many(topic, publications)).await
    }
}
