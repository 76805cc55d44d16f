//! Redis over TLS: with a server that is who it says, one that is not, and one that wants to know who
//! comes.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use abide_dapr::app::Verdict;
use abide_dapr::state::Consistency;
use abide_dapr_host::blocks::{
    Condition, Delivery, PubSub as _, Publication, Read, Receiver, Set, StateStore as _, Subscribe,
};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_dapr_host::{Dapr, Error, Identity, Tls, files};
use abide_test_servers::{Server, free_port, redis_with};
use async_trait::async_trait;
use tokio::sync::mpsc;

use crate::started::{block_on, lacking};

/// What a test wants of `openssl`: an authority, and certificates of it for a server at 127.0.0.1 and
/// for a client. A line for each call.
const CERTIFICATES: &str = "\
req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server -keyout server.key -out server.csr
x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem
req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=client -keyout client.key -out client.csr
x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile client -out client.pem
req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=other -keyout other.key -out other.pem
";

/// Makes certificates in a folder. False is that there is no `openssl`.
fn certificates(folder: &Path) -> bool {
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    fs::write(folder.join("client"), "extendedKeyUsage=clientAuth\n").unwrap();
    for line in CERTIFICATES.lines() {
        let made = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(folder)
            .output();
        let Ok(made) = made else {
            return false;
        };
        assert!(made.status.success(), "openssl {line}: {made:?}");
    }
    true
}

/// A server with TLS on a second port, and the address of that.
fn server(folder: &Path, wants_clients: bool) -> Option<(Server, String)> {
    let port = free_port().to_string();
    let file = |name: &str| folder.join(name).display().to_string();
    let (certificate, key, authority) = (file("server.pem"), file("server.key"), file("ca.pem"));
    let server = redis_with(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &authority,
        "--tls-auth-clients",
        if wants_clients { "yes" } else { "no" },
    ])?;
    Some((server, format!("127.0.0.1:{port}")))
}

fn set(value: &str) -> Set {
    Set {
        key: "app||k".to_owned(),
        value: value.as_bytes().to_vec(),
        condition: Condition::Any,
        consistency: Consistency::Strong,
        ttl: None,
        metadata: Vec::new(),
    }
}

struct Heard(mpsc::UnboundedSender<Delivery>);

#[async_trait]
impl Receiver for Heard {
    async fn receive(&self, delivery: Delivery) -> Verdict {
        let _ = self.0.send(delivery);
        Verdict::Success
    }
}

/// Certificates in a folder of this test, or none, which is said.
fn folder(name: &str) -> Option<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("dapr-tls")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    match certificates(&folder) {
        true => Some(folder),
        false => lacking("`openssl`, for certificates"),
    }
}

#[test]
fn who_answers_has_to_be_who_it_should_be() {
    let Some(folder) = folder("server") else {
        return;
    };
    let Some((_server, address)) = server(&folder, false) else {
        return;
    };
    let pem = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let redis = |address: &str, authority: Option<&str>| {
        let tls = Tls::new(authority, None).unwrap();
        Redis::new(RedisOptions::new(address).tls(tls))
    };
    block_on(async {
        let trusting = redis(&address, Some(&pem("ca.pem")));
        let state = trusting.state();
        state.set(set("secret")).await.unwrap();
        let read = Read {
            consistency: Consistency::Strong,
            metadata: Vec::new(),
        };
        let found = state.get("app||k", &read).await.unwrap().unwrap();
        assert_eq!(found.value, b"secret");
        // Events have connections of their own.
        let (told, mut heard) = mpsc::unbounded_channel();
        let subscribe = Subscribe {
            topic: "t".to_owned(),
            group: "app".to_owned(),
            raw: true,
            concurrency: 1,
            metadata: Vec::new(),
        };
        let broker = trusting.broker();
        let subscribed = broker.subscribe(subscribe, std::sync::Arc::new(Heard(told)));
        let running = subscribed.await.unwrap();
        broker.publish("t", publication()).await.unwrap();
        assert!(heard.recv().await.is_some());
        running.stop(Duration::from_secs(5)).await;
        // Another authority, those of browsers, another name, and no TLS at all.
        let name = address.replace("127.0.0.1", "localhost");
        for stranger in [
            redis(&address, Some(&pem("other.pem"))),
            redis(&address, None),
            redis(&name, Some(&pem("ca.pem"))),
            Redis::new(RedisOptions::new(&*address).deadline(Duration::from_secs(2))),
        ] {
            let refused = stranger.state().set(set("stolen")).await;
            let is_clear = matches!(refused, Err(Error::Unavailable(_) | Error::Timeout));
            assert!(is_clear, "{refused:?}");
        }
        let found = state.get("app||k", &read).await.unwrap().unwrap();
        assert_eq!(found.value, b"secret");
    });
}

fn publication() -> Publication {
    Publication {
        event: abide_dapr::app::Event {
            id: "1".to_owned(),
            source: "test".to_owned(),
            kind: "test".to_owned(),
            spec_version: "1.0".to_owned(),
            topic: "t".to_owned(),
            pubsub: "pubsub".to_owned(),
            path: String::new(),
            content_type: "text/plain".to_owned(),
            data: b"x".to_vec(),
            extensions: Vec::new(),
        },
        raw: true,
        ttl: None,
        metadata: Vec::new(),
    }
}

#[test]
fn who_asks_says_who_it_is() {
    let Some(folder) = folder("client") else {
        return;
    };
    let Some((_server, address)) = server(&folder, true) else {
        return;
    };
    let pem = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (authority, certificate, key) = (pem("ca.pem"), pem("client.pem"), pem("client.key"));
    block_on(async {
        let state = |identity| {
            let tls = Tls::new(Some(&authority), identity).unwrap();
            Redis::new(RedisOptions::new(&*address).tls(tls)).state()
        };
        let identity = Identity {
            certificate: &certificate,
            key: &key,
        };
        state(Some(identity)).set(set("1")).await.unwrap();
        let refused = state(None).set(set("2")).await;
        let is_clear = matches!(refused, Err(Error::Unavailable(_) | Error::Timeout));
        assert!(is_clear, "{refused:?}");
        // The same by a component file.
        let indented = |text: &str| text.replace('\n', "\n          ");
        let text = format!(
            "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: store\nspec:\n  \
             type: state.redis\n  version: v1\n  metadata:\n    - name: redisHost\n      value: \
             \"{address}\"\n    - name: enableTLS\n      value: \"true\"\n    - name: caCert\n      \
             value: |\n          {}\n    - name: clientCert\n      value: |\n          {}\n    - \
             name: clientKey\n      value: |\n          {}\n",
            indented(&authority),
            indented(&certificate),
            indented(&key)
        );
        let file = folder.join("store.yaml");
        fs::write(&file, &text).unwrap();
        let components = files::read(&file).await;
        let components = components.unwrap_or_else(|problems| panic!("{problems}"));
        let dapr = Dapr::builder().components(components).build().unwrap();
        let mut host = dapr.host("app");
        let any = Consistency::Unspecified;
        let found = abide_dapr::host_async::State::get(&mut host, "store", "k", any, Vec::new());
        assert_eq!(found.await.unwrap().unwrap().value, b"1");
        fs::write(&file, text.replace("clientKey", "clientkeys")).unwrap();
        let problems = files::read(&file).await.unwrap_err().to_string();
        assert!(problems.contains("belong together"), "{problems}");
        assert!(!problems.contains("PRIVATE KEY"), "{problems}");
    });
}
