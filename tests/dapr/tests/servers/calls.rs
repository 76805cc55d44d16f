//! Calls between applications of different hosts, over NATS.

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::invocation::{Request, Verb};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::{Dapr, Error};
use abide_dapr_tests::Recorder;
use abide_test_servers::{Nats as Version, Server, nats};

use crate::started::block_on;

fn host(server: &Server) -> Dapr {
    let nats = Nats::new(NatsOptions::new(server.address()));
    let dapr = Dapr::builder().invoker(Arc::new(nats.invoker()));
    dapr.build().unwrap()
}

fn request(data: &[u8]) -> Request {
    Request {
        verb: Verb::Post,
        method: "orders/7".to_owned(),
        query: vec![("a".to_owned(), "1".to_owned())],
        content_type: "application/octet-stream".to_owned(),
        data: data.to_vec(),
        metadata: Vec::new(),
    }
}

fn over(version: Version) {
    let Some(server) = nats(version) else {
        return;
    };
    block_on(async {
        let (here, there) = (host(&server), host(&server));
        let nobody = here.invoke("shop.1", request(b"x")).await;
        assert_eq!(nobody, Err(Error::NotFound("shop.1".to_owned())));
        let recorder = Recorder::of(Vec::new());
        let running = there.run("shop.1", recorder.clone()).await.unwrap();
        let answer = here.invoke("shop.1", request(b"\0\xff")).await.unwrap();
        assert_eq!((answer.status, &*answer.data), (200, &b"\0\xff"[..]));
        let request_there = recorder.requests().remove(0);
        assert_eq!(request_there.query, request(b"").query);
        assert_eq!(request_there.verb, Verb::Post);
        let too_much = here.invoke("shop.1", request(&[0; 2_000_000])).await;
        assert!(matches!(too_much, Err(Error::Invalid(_))), "{too_much:?}");
        running.stop(Duration::from_secs(5)).await;
        let nobody = here.invoke("shop.1", request(b"x")).await;
        assert_eq!(nobody, Err(Error::NotFound("shop.1".to_owned())));
    });
}

#[test]
fn hosts_call_one_another_over_an_old_nats() {
    over(Version::Debian);
}

#[test]
fn hosts_call_one_another_over_a_current_nats() {
    over(Version::Current);
}
