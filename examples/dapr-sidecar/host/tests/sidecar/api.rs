//! Answers over HTTP: statuses, bodies and fields, as Dapr's API reference has them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::sdks::start;
use crate::{Sidecar, folder};

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
}

/// That something is refused so.
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    let body = body(answer);
    assert_eq!(body["errorCode"], code, "{answer:?}");
    assert!(body["message"].is_string(), "{answer:?}");
}

#[test]
fn state() {
    let (sidecar, _) = start("api-state", &[]);
    let client = Client(sidecar.http);
    let store = "/v1.0/state/statestore";
    let saved = client.ask(
        "POST",
        store,
        r#"[{"key":"a","value":"x"},{"key":"b","value":{"n":1}}]"#,
    );
    assert_eq!((saved.status, &*saved.body), (204, ""));
    let found = client.ask("GET", &format!("{store}/a"), "");
    assert_eq!((found.status, &*found.body), (200, "\"x\""));
    assert_eq!(found.head["content-type"], "application/json");
    let etag = found.head["etag"].clone();
    assert_eq!(client.ask("GET", &format!("{store}/none"), "").status, 204);
    let first = |etag: &str| json!([{ "key": "a", "value": 2, "etag": etag, "options": { "concurrency": "first-write" } }]);
    let again = client.ask("PUT", store, &first(&etag).to_string());
    assert_eq!(again.status, 204, "{again:?}");
    refused(
        &client.ask("POST", store, &first(&etag).to_string()),
        409,
        "ERR_STATE_SAVE",
    );
    refused(
        &client.ask("POST", store, &first("no etag").to_string()),
        400,
        "ERR_STATE_SAVE",
    );
    refused(
        &client.ask("POST", store, "{"),
        400,
        "ERR_MALFORMED_REQUEST",
    );
    refused(
        &client.ask("POST", store, r#"[{"value":1}]"#),
        400,
        "ERR_MALFORMED_REQUEST",
    );
    refused(
        &client.ask("POST", store, r#"[{"key":"a||b"}]"#),
        400,
        "ERR_MALFORMED_REQUEST",
    );
    let bulk = client.ask("POST", &format!("{store}/bulk"), r#"{"keys":["b","none"]}"#);
    let found = body(&bulk);
    assert_eq!(
        (&found[0]["data"], &found[1]["data"]),
        (&json!({ "n": 1 }), &Value::Null)
    );
    assert!(found[0]["etag"].is_string());
    let stale = client.ask_with("DELETE", &format!("{store}/a"), &[("if-match", &etag)], "");
    refused(&stale, 409, "ERR_STATE_DELETE");
    assert_eq!(client.ask("DELETE", &format!("{store}/a"), "").status, 204);
    let steps = r#"{"operations":[{"operation":"upsert","request":{"key":"c","value":1}},
        {"operation":"delete","request":{"key":"b"}}]}"#;
    let done = client.ask("POST", &format!("{store}/transaction"), steps);
    assert_eq!(done.status, 204, "{done:?}");
    assert_eq!(client.ask("GET", &format!("{store}/b"), "").status, 204);
    let odd = r#"{"operations":[{"operation":"append","request":{"key":"c"}}]}"#;
    let odd = client.ask("POST", &format!("{store}/transaction"), odd);
    refused(&odd, 400, "ERR_NOT_SUPPORTED_STATE_OPERATION");
    let ends = client.ask(
        "POST",
        store,
        r#"[{"key":"t","value":1,"metadata":{"ttlInSeconds":"100"}}]"#,
    );
    assert_eq!(ends.status, 204);
    let ends = client.ask("GET", &format!("{store}/t"), "");
    assert!(ends.head.contains_key("metadata.ttlexpiretime"), "{ends:?}");
    refused(
        &client.ask("GET", "/v1.0/state/nowhere/a", ""),
        400,
        "ERR_STATE_STORE_NOT_FOUND",
    );
    refused(
        &client.ask("POST", "/v1.0-alpha1/state/statestore/query", "{}"),
        501,
        "ERR_API_UNIMPLEMENTED",
    );
}

#[test]
fn the_rest() {
    let (sidecar, _) = start("api-rest", &[]);
    let client = Client(sidecar.http);
    assert_eq!(client.ask("GET", "/v1.0/healthz", "").status, 204);
    assert_eq!(client.ask("GET", "/v1.0/healthz/outbound", "").status, 204);
    refused(
        &client.ask("GET", "/v1.0/healthz?appid=other", ""),
        500,
        "ERR_HEALTH_APPID_NOT_MATCH",
    );
    assert_eq!(
        client.ask("PUT", "/v1.0/metadata/colour", "blue").status,
        204
    );
    let told = body(&client.ask("GET", "/v1.0/metadata", ""));
    assert_eq!(
        (&told["id"], &told["extended"]["colour"]),
        (&json!("app"), &json!("blue"))
    );
    assert_eq!(told["extended"]["guests"], "orders");

    assert_eq!(
        client.ask("POST", "/v1.0/publish/pubsub/t", "{}").status,
        204
    );
    refused(
        &client.ask("POST", "/v1.0/publish/nowhere/t", "{}"),
        404,
        "ERR_PUBSUB_NOT_FOUND",
    );
    refused(
        &client.ask("POST", "/v1.0/publish/pubsub/", "{}"),
        404,
        "ERR_TOPIC_NAME_EMPTY",
    );
    for version in ["v1.0", "v1.0-alpha1"] {
        let path = format!("/{version}/publish/bulk/pubsub/t");
        let events = r#"[{"entryId":"1","event":"x","contentType":"text/plain"}]"#;
        assert_eq!(client.ask("POST", &path, events).status, 204);
        let twice = r#"[{"entryId":"1","event":"x"},{"entryId":"1","event":"y"}]"#;
        refused(
            &client.ask("POST", &path, twice),
            400,
            "ERR_PUBSUB_EVENTS_SER",
        );
    }

    let echo = client.ask("POST", "/v1.0/invoke/orders/method/echo", r#"{"a":1}"#);
    assert_eq!((echo.status, &*echo.body), (200, r#"{"a":1}"#));
    let echo = client.ask_with("PUT", "/echo", &[("dapr-app-id", "orders")], "hello");
    assert_eq!((echo.status, &*echo.body), (200, "hello"));
    assert_eq!(
        client
            .ask("GET", "/v1.0/invoke/orders/method/none", "")
            .status,
        404
    );
    refused(
        &client.ask("GET", "/v1.0/invoke/nobody/method/x", ""),
        500,
        "ERR_DIRECT_INVOKE",
    );
    refused(
        &client.ask("GET", "/nothing/here", ""),
        404,
        "ERR_DIRECT_INVOKE",
    );

    let secret = client.ask("GET", "/v1.0/secrets/secretstore/password", "");
    assert_eq!(body(&secret), json!({ "password": "open sesame" }));
    assert_eq!(
        client
            .ask("GET", "/v1.0/secrets/secretstore/none", "")
            .status,
        204
    );
    let all = body(&client.ask("GET", "/v1.0/secrets/secretstore/bulk", ""));
    assert_eq!(all["database:user"], json!({ "database:user": "orders" }));
    refused(
        &client.ask("GET", "/v1.0/secrets/nowhere/x", ""),
        401,
        "ERR_SECRET_STORE_NOT_FOUND",
    );

    let made = r#"{"operation":"create","data":"hello","metadata":{"fileName":"api.txt"}}"#;
    assert_eq!(client.ask("POST", "/v1.0/bindings/files", made).status, 200);
    let got = r#"{"operation":"get","metadata":{"fileName":"api.txt"}}"#;
    assert_eq!(
        client.ask("PUT", "/v1.0/bindings/files", got).body,
        "\"hello\""
    );
    for (name, body) in [("files", r#"{"operation":"fly"}"#), ("nowhere", got)] {
        let path = format!("/v1.0/bindings/{name}");
        refused(
            &client.ask("POST", &path, body),
            500,
            "ERR_INVOKE_OUTPUT_BINDING",
        );
    }

    let lock = |owner: &str, seconds: i32| {
        json!({ "resourceId": "r", "lockOwner": owner, "expiryInSeconds": seconds }).to_string()
    };
    let (locks, unlocks) = (
        "/v1.0-alpha1/lock/lockstore",
        "/v1.0-alpha1/unlock/lockstore",
    );
    assert_eq!(
        body(&client.ask("POST", locks, &lock("me", 60))),
        json!({ "success": true })
    );
    assert_eq!(
        body(&client.ask("POST", locks, &lock("you", 60))),
        json!({ "success": false })
    );
    assert_eq!(
        body(&client.ask("POST", unlocks, &lock("you", 0))),
        json!({ "status": 2 })
    );
    assert_eq!(
        body(&client.ask("POST", unlocks, &lock("me", 0))),
        json!({ "status": 0 })
    );
    assert_eq!(
        body(&client.ask("POST", unlocks, &lock("me", 0))),
        json!({ "status": 1 })
    );
    refused(
        &client.ask("POST", locks, &lock("me", 0)),
        400,
        "ERR_MALFORMED_REQUEST",
    );
    let nowhere = client.ask("POST", "/v1.0-alpha1/lock/nowhere", &lock("me", 1));
    refused(&nowhere, 400, "ERR_LOCK_STORE_NOT_FOUND");

    let items = body(&client.ask("GET", "/v1.0/configuration/configstore?key=greeting", ""));
    assert_eq!(items["greeting"]["value"], "hello");
    assert_eq!(
        client
            .ask("GET", "/v1.0/configuration/configstore?key=none", "")
            .status,
        204
    );
    let nowhere = client.ask("GET", "/v1.0/configuration/nowhere", "");
    refused(&nowhere, 400, "ERR_CONFIGURATION_STORE_NOT_FOUND");
    let subscribed = client.ask("GET", "/v1.0/configuration/configstore/subscribe", "");
    refused(&subscribed, 500, "ERR_APP_CHANNEL_NIL");
    let ended = client.ask("GET", "/v1.0/configuration/configstore/7/unsubscribe", "");
    assert_eq!((ended.status, &body(&ended)["ok"]), (500, &json!(false)));
    refused(
        &client.ask("POST", "/v1.0/actors/a/b/method/c", ""),
        501,
        "ERR_API_UNIMPLEMENTED",
    );
}

/// Ten million bytes go through where they may, and are refused where not.
#[test]
fn much_at_once() {
    let state = "/v1.0/state/statestore";
    let value = "x".repeat(10_000_000);
    let item = format!(r#"[{{"key":"much","value":"{value}"}}]"#);
    let (sidecar, _) = start("api-much", &["--max-body-size", "16Mi"]);
    let client = Client(sidecar.http);
    assert_eq!(client.ask("POST", state, &item).status, 204);
    let found = client.ask("GET", &format!("{state}/much"), "");
    assert!(found.status == 200 && found.body == format!("\"{value}\""));
    let (sidecar, _) = start("api-little", &[]);
    let client = Client(sidecar.http);
    let refused = client.ask("POST", state, &item);
    assert_eq!(refused.status, 413, "{}", refused.body);
    assert_eq!(client.ask("GET", &format!("{state}/much"), "").status, 204);
    assert_eq!(client.ask("GET", "/v1.0/healthz", "").status, 204);
}

#[test]
fn it_starts_and_ends_as_it_should() {
    let refused = |name: &str, arguments: &[&str]| Sidecar::started(name, arguments).unwrap_err();
    assert!(refused("api-flag", &["--fast"]).starts_with("error: invalid option '--fast'"));
    let bad = folder("api-resources");
    std::fs::create_dir_all(&bad).unwrap();
    let text = "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: s\nspec:\n  type: state.abacus\n  version: v1\n";
    std::fs::write(bad.join("bad.yaml"), text).unwrap();
    let log = refused("api-bad", &["--resources-path", bad.to_str().unwrap()]);
    assert!(log.contains("state.abacus"), "{log}");
    let log = refused("api-guest", &["--guest", "a=/no/such.wasm"]);
    assert!(log.contains("the guest `a`"), "{log}");
    for end in ["TERM", "shutdown"] {
        let mut sidecar = Sidecar::start("api-end", &[]);
        match end {
            "TERM" => sidecar.signal("TERM"),
            _ => {
                let ended = Client(sidecar.http).ask("POST", "/v1.0/shutdown", "");
                assert_eq!(ended.status, 204);
            }
        }
        assert!(
            sidecar.wait(Duration::from_secs(10)).success(),
            "{}",
            sidecar.log()
        );
    }
}
