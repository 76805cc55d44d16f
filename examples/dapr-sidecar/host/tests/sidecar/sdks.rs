//! The official SDKs, with the guest of the example and the program that the SDK is for. Those for
//! Python and JavaScript are where `cargo xtask test` puts them.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use abide_dapr_tests::block_on;
use dapr::client::TonicClientWithAuth;
use dapr::dapr::proto::common::v1::StateItem;
use dapr::dapr::proto::runtime::v1::{TryLockRequest, UnlockRequest};

use crate::sidecar::{guest, write};
use crate::{Sidecar, folder, root};

/// A sidecar with the components of the example, and its guest under the id `orders`.
pub(crate) fn start(name: &str, more: &[&str]) -> (Sidecar, PathBuf) {
    start_with(name, more, &[])
}

/// The same, with more variables in its environment.
pub(crate) fn start_with(
    name: &str,
    more: &[&str],
    variables: &[(&str, &str)],
) -> (Sidecar, PathBuf) {
    let folder = folder(name);
    std::fs::create_dir_all(&folder).unwrap();
    let settings = folder.join("settings.json");
    write(&settings, r#"{ "greeting": "hello" }"#);
    let guest = format!("orders={}", guest().to_str().unwrap());
    let arguments = [
        "--guest",
        &guest,
        "--settings",
        settings.to_str().unwrap(),
        "--resources-path",
        "examples/dapr-sidecar/components",
    ];
    let arguments = [&arguments[..], more].concat();
    let sidecar = Sidecar::started_with(folder, &arguments, variables);
    (sidecar.unwrap(), settings)
}

/// Where set-up puts what it gets for an SDK.
fn sdk(name: &str) -> Option<PathBuf> {
    let folder = root().join("target/dapr-sdks").join(name);
    folder.join("done").is_file().then_some(folder)
}

/// Says what could not be tested, where nobody can miss it.
fn missing(what: &str) {
    let text =
        format!("\n!!! NOT TESTED: {what}. `cargo xtask test` gets it, where it can be had.\n");
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Runs a program that ends well, and wants these lines of it.
fn run(command: &mut Command, sidecar: &Sidecar, expected: &[&str]) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{said}\n{error}\n{}",
        sidecar.log()
    );
    for line in expected {
        assert!(
            said.lines().any(|said| said == *line),
            "no `{line}` in: {said}"
        );
    }
}

/// What the SDK for Python does, but for one part.
const PARTS: [&str; 7] = [
    "state",
    "pubsub",
    "invocation",
    "secrets",
    "bindings",
    "lock",
    "metadata",
];
/// The SDK shows no token when it subscribes to configuration, so this part cannot be had with one.
const WITHOUT_A_TOKEN: &str = "configuration";

fn python_does(name: &str, parts: &[&str], variables: &[(&str, &str)]) {
    let Some(python) = sdk("python") else {
        return missing("the SDK for Python");
    };
    let (sidecar, settings) = start_with(name, &[], variables);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sidecar/sdks/sdk.py");
    let mut command = Command::new(python.join("bin/python"));
    command
        .arg(script)
        .arg(settings)
        .args(parts)
        .envs(variables.iter().copied())
        .env("DAPR_HTTP_PORT", sidecar.http.port().to_string())
        .env("DAPR_GRPC_PORT", sidecar.grpc.port().to_string());
    let done: Vec<_> = parts.iter().map(|part| format!("ok {part}")).collect();
    let done: Vec<_> = done.iter().map(String::as_str).collect();
    run(&mut command, &sidecar, &done);
}

#[test]
fn python() {
    python_does("python", &[&PARTS[..], &[WITHOUT_A_TOKEN]].concat(), &[]);
}

#[test]
fn python_with_a_token() {
    let token = ("DAPR_API_TOKEN", "open sesame");
    python_does("python-token", &PARTS, &[token]);
}

#[test]
fn javascript() {
    let Some(node) = sdk("node") else {
        return missing("the SDK for JavaScript");
    };
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let port = free.port().to_string();
    let (sidecar, settings) = start("javascript", &["--app-port", &port]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sidecar/sdks/sdk.js");
    let mut command = Command::new("node");
    command
        .env("NODE_PATH", node.join("node_modules"))
        .arg(script)
        .arg("127.0.0.1")
        .args([sidecar.http.port(), sidecar.grpc.port()].map(|port| port.to_string()))
        .arg(port)
        .arg(settings);
    let parts = [
        "ok pubsub",
        "ok state http",
        "ok state grpc",
        "ok invocation http",
        "ok secrets http",
        "ok bindings http",
        "ok lock http",
        "ok configuration grpc",
    ];
    run(&mut command, &sidecar, &parts);
}

#[test]
fn rust() {
    let (sidecar, settings) = start("rust", &[]);
    block_on(async {
        let mut client = dapr::Client::connect_with_address(sidecar.address())
            .await
            .unwrap();
        state(&mut client).await;
        invocation(&mut client).await;
        let secret = client.get_secret("secretstore", "password").await.unwrap();
        assert_eq!(secret.data["password"], "open sesame");
        let all = client.get_bulk_secret("secretstore", None).await.unwrap();
        assert!(all.data.contains_key("database:user"));
        bindings(&mut client).await;
        configuration(&mut client, &settings).await;
        client.set_metadata("colour", "blue").await.unwrap();
        let told = client.get_metadata().await.unwrap();
        assert_eq!(told.extended_metadata["colour"], "blue");
        // It has no locks and no stream of events but in what it is generated from.
        let mut raw =
            dapr::dapr::proto::runtime::v1::dapr_client::DaprClient::connect(sidecar.address())
                .await
                .unwrap();
        let lock = TryLockRequest {
            store_name: "lockstore".to_owned(),
            resource_id: "rust".to_owned(),
            lock_owner: "me".to_owned(),
            expiry_in_seconds: 60,
        };
        let taken = raw.try_lock_alpha1(lock.clone()).await.unwrap();
        assert!(taken.into_inner().success);
        assert!(
            !raw.try_lock_alpha1(lock)
                .await
                .unwrap()
                .into_inner()
                .success
        );
        let unlock = UnlockRequest {
            store_name: "lockstore".to_owned(),
            resource_id: "rust".to_owned(),
            lock_owner: "me".to_owned(),
        };
        assert_eq!(
            raw.unlock_alpha1(unlock).await.unwrap().into_inner().status,
            0
        );
    });
}

type Client = dapr::Client<TonicClientWithAuth>;

async fn state(client: &mut Client) {
    client
        .save_state("statestore", "k", b"one".to_vec(), None, None, None)
        .await
        .unwrap();
    let found = client.get_state("statestore", "k", None).await.unwrap();
    assert_eq!(found.data, b"one");
    let item = StateItem {
        key: "k".to_owned(),
        value: b"two".to_vec(),
        etag: Some(dapr::dapr::proto::common::v1::Etag {
            value: found.etag.clone(),
        }),
        ..StateItem::default()
    };
    client
        .save_bulk_states("statestore", vec![item.clone()])
        .await
        .unwrap();
    let refused = client.save_bulk_states("statestore", vec![item]).await;
    assert!(refused.is_err(), "a stale etag was taken");
    client.delete_state("statestore", "k", None).await.unwrap();
    let gone = client.get_state("statestore", "k", None).await.unwrap();
    assert!(gone.data.is_empty());
}

async fn invocation(client: &mut Client) {
    let any = |text: &str| prost_types::Any {
        type_url: String::new(),
        value: text.as_bytes().to_vec(),
    };
    let more = any(r#"{"article":"aster","count":3}"#);
    let stocked = client
        .invoke_service("orders", "restock", Some(more))
        .await
        .unwrap();
    let stocked = stocked.data.unwrap_or_default().value;
    assert_eq!(stocked, br#"{"article":"aster","count":3}"#);
    let content_type = "application/json";
    let order = br#"{"article":"aster","count":1}"#.to_vec();
    client
        .publish_event("pubsub", "orders", content_type, order, None)
        .await
        .unwrap();
    let left = br#"{"article":"aster","count":0}"#;
    let nothing = any(r#"{"article":"aster","count":0}"#);
    // Restocking nothing tells what there is.
    for _ in 0..500 {
        let told = client
            .invoke_service("orders", "restock", Some(nothing.clone()))
            .await;
        let told = told.unwrap().data.unwrap_or_default().value;
        if told.ends_with(br#""count":2}"#) {
            return;
        }
        assert_ne!(told, left);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the order was never handled");
}

async fn bindings(client: &mut Client) {
    let name = || {
        let pair = ("fileName".to_owned(), "rust.txt".to_owned());
        Some([pair].into_iter().collect())
    };
    client
        .invoke_binding("files", b"hello".to_vec(), "create", name())
        .await
        .unwrap();
    let got = client
        .invoke_binding("files", Vec::new(), "get", name())
        .await
        .unwrap();
    assert_eq!(got.data, b"hello");
}

async fn configuration(client: &mut Client, settings: &Path) {
    let items = client
        .get_configuration("configstore", vec!["greeting".to_owned()], None)
        .await
        .unwrap();
    assert_eq!(items.items["greeting"].value, "hello");
    let mut changes = client
        .subscribe_configuration("configstore", vec!["greeting"], None)
        .await
        .unwrap();
    write(settings, r#"{ "greeting": "good evening" }"#);
    while let Some(changed) = changes.message().await.unwrap() {
        if let Some(item) = changed.items.get("greeting") {
            assert_eq!(item.value, "good evening");
            return;
        }
    }
    panic!("the change was not told");
}
