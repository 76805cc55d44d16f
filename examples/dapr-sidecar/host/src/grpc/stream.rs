//! Events of a topic over a stream, to whoever has opened it.
//!
//! The stream is an application with one function: an event goes out, and what became of it comes
//! back under the event's id. With the stream the subscription ends, and what has no answer by then
//! comes again.

use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use abide_dapr::app::{Event, Subscription, Verdict};
use abide_dapr_host::{App, BlockKind, Error, Result, Running};
use async_trait::async_trait;
use dapr::dapr::proto::runtime::v1::subscribe_topic_events_request_alpha1::SubscribeTopicEventsRequestType as Asked;
use dapr::dapr::proto::runtime::v1::subscribe_topic_events_response_alpha1::SubscribeTopicEventsResponseType as Told;
use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;
use dapr::dapr::proto::runtime::v1::{
    SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsRequestInitialAlpha1,
    SubscribeTopicEventsResponseAlpha1, SubscribeTopicEventsResponseInitialAlpha1,
    TopicEventRequest, TopicEventResponse,
};
use futures_util::future::{Either, select};
use futures_util::stream;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};

use super::{Answers, convert};
use crate::api::{Api, Listed, Subscribed};
use crate::refusal::Call;
use crate::serve::Stop;

/// How many events may wait to be written.
const WAITING: usize = 16;

/// Where a subscription says the group that it is of, if that is not the program beside this.
const GROUP: &str = "consumerID";

/// How often it is looked whether events are through, at the end.
const LOOK: Duration = Duration::from_millis(20);

/// Whoever has opened the stream.
struct Subscriber {
    out: mpsc::Sender<SubscribeTopicEventsResponseAlpha1>,
    /// Who waits for what becomes of an event, by its id. Two events may have one.
    waiting: Mutex<HashMap<String, VecDeque<oneshot::Sender<Verdict>>>>,
}

/// What ends with the stream.
struct Held {
    events: mpsc::Receiver<SubscribeTopicEventsResponseAlpha1>,
    answers: tokio::task::JoinHandle<()>,
    running: Running,
    stop: Stop,
    _listed: Listed,
}

impl Held {
    /// The next event. There is none when the client has gone, or when the sidecar ends and what was
    /// begun is through.
    async fn next(&mut self) -> Option<SubscribeTopicEventsResponseAlpha1> {
        let (running, stop) = (&self.running, self.stop.clone());
        let through = async {
            stop.wait().await;
            running.begin_to_stop();
            while !running.is_over() {
                sleep(LOOK).await;
            }
        };
        let through = pin!(through);
        let over = select(through, &mut self.answers);
        match select(pin!(self.events.recv()), over).await {
            Either::Left((event, _)) => event,
            Either::Right(_) => None,
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.answers.abort();
    }
}

pub(super) async fn subscribe(
    api: &Arc<Api>,
    request: Request<Streaming<SubscribeTopicEventsRequestAlpha1>>,
) -> Result<Response<Answers<SubscribeTopicEventsResponseAlpha1>>, Status> {
    let mut asked = request.into_inner();
    let first = asked.message().await?;
    let first = match first.and_then(|first| first.subscribe_topic_events_request_type) {
        Some(Asked::InitialRequest(first)) => first,
        _ => return Err(Status::invalid_argument("initial request is required")),
    };
    let subscription = subscription(first)?;
    let (out, events) = mpsc::channel(WAITING);
    let hello = SubscribeTopicEventsResponseInitialAlpha1 {};
    // There is room for it.
    let _ = out.try_send(told(Told::InitialResponse(hello)));
    let subscriber = Arc::new(Subscriber {
        out,
        waiting: Mutex::default(),
    });
    let listed = api.list(Subscribed {
        pubsub: subscription.pubsub.clone(),
        topic: subscription.topic.clone(),
        dead_letter: subscription.dead_letter.clone(),
        rules: vec![(String::new(), subscription.path.clone())],
        streaming: true,
    });
    let app = Arc::clone(&subscriber);
    let group = group(api, &subscription);
    let running = api.dapr.subscribe(&group, subscription.clone(), app);
    let running = running.await.map_err(|error| {
        let call = Call::Publish {
            pubsub: &subscription.pubsub,
            topic: &subscription.topic,
        };
        api.refusal(call, &error)
    })?;
    let held = Held {
        events,
        answers: tokio::spawn(subscriber.read(asked)),
        running,
        stop: api.stop.clone(),
        _listed: listed,
    };
    let answers = stream::unfold(held, |mut held| async move {
        let event = held.next().await?;
        Some((Ok(event), held))
    });
    Ok(Response::new(Box::pin(answers)))
}

/// Who subscribes: the program beside this, or a group of its own making. That has no more than the
/// program has.
fn group(api: &Api, subscription: &Subscription) -> String {
    let said = subscription.metadata.iter().find(|(name, _)| name == GROUP);
    let mut all = api.dapr.components();
    let is_ours = all.any(|component| {
        component.block().kind() == BlockKind::PubSub
            && component.name() == subscription.pubsub
            && component.is_for(api.id())
    });
    match said {
        Some((_, group)) if is_ours => group.clone(),
        // Where it is not, nothing is subscribed to under the program's own id.
        _ => api.id().to_owned(),
    }
}

fn subscription(first: SubscribeTopicEventsRequestInitialAlpha1) -> Result<Subscription, Status> {
    if first.pubsub_name.is_empty() {
        return Err(Status::invalid_argument("pubsubName is required"));
    }
    if first.topic.is_empty() {
        return Err(Status::invalid_argument("topic is required"));
    }
    Ok(Subscription {
        pubsub: first.pubsub_name,
        topic: first.topic,
        path: "/".to_owned(),
        rules: Vec::new(),
        dead_letter: first.dead_letter_topic.filter(|topic| !topic.is_empty()),
        metadata: convert::metadata(first.metadata),
    })
}

impl Subscriber {
    /// Reads what became of events, until the stream ends.
    async fn read(self: Arc<Self>, mut asked: Streaming<SubscribeTopicEventsRequestAlpha1>) {
        while let Ok(Some(next)) = asked.message().await {
            let Some(Asked::EventProcessed(processed)) = next.subscribe_topic_events_request_type
            else {
                break;
            };
            self.answer(&processed.id, verdict(processed.status));
        }
        // Nobody answers any more.
        self.waiting.lock().clear();
    }

    fn wait_for(&self, id: &str, who: oneshot::Sender<Verdict>) {
        let mut waiting = self.waiting.lock();
        waiting.entry(id.to_owned()).or_default().push_back(who);
    }

    fn answer(&self, id: &str, verdict: Verdict) {
        let mut waiting = self.waiting.lock();
        let Some(first) = waiting.get_mut(id) else {
            return;
        };
        if let Some(who) = first.pop_front() {
            let _ = who.send(verdict);
        }
        if first.is_empty() {
            waiting.remove(id);
        }
    }
}

#[async_trait]
impl App for Subscriber {
    async fn on_event(&self, event: &Event) -> Result<Verdict> {
        let gone = |_| Error::Unavailable("the stream has ended".to_owned());
        let (who, verdict) = oneshot::channel();
        self.wait_for(&event.id, who);
        let event = told(Told::EventMessage(message(event)));
        self.out.send(event).await.map_err(|_| gone(()))?;
        verdict.await.map_err(|_| gone(()))
    }
}

fn told(what: Told) -> SubscribeTopicEventsResponseAlpha1 {
    SubscribeTopicEventsResponseAlpha1 {
        subscribe_topic_events_response_type: Some(what),
    }
}

/// An event as a message.
pub(crate) fn message(event: &Event) -> TopicEventRequest {
    TopicEventRequest {
        id: event.id.clone(),
        source: event.source.clone(),
        r#type: event.kind.clone(),
        spec_version: event.spec_version.clone(),
        data_content_type: event.content_type.clone(),
        data: event.data.clone(),
        topic: event.topic.clone(),
        pubsub_name: event.pubsub.clone(),
        path: event.path.clone(),
        extensions: Some(convert::texts(&event.extensions)),
    }
}

/// What became of an event. Nothing said is that it is handled.
pub(crate) fn verdict(response: Option<TopicEventResponse>) -> Verdict {
    let status = response.map(|response| response.status());
    match status.unwrap_or(TopicEventResponseStatus::Success) {
        TopicEventResponseStatus::Success => Verdict::Success,
        TopicEventResponseStatus::Retry => Verdict::Retry,
        TopicEventResponseStatus::Drop => Verdict::Drop,
    }
}
