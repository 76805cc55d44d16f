//! The table of `docs/dapr-http.md`: what the sidecar answers to every call of Dapr's API reference,
//! beside what the reference says. It is written from a run, and compared with one.

use std::fmt::Write as _;
use std::fs;

use crate::client::{Answer, Client};
use crate::root;
use crate::sdks::start;

const FILE: &str = "docs/dapr-http.md";

/// What stands above the table.
const HEAD: &str = "\
# Dapr's HTTP API, and what the sidecar answers

Every call of [Dapr's API reference](https://docs.dapr.io/reference/api/) to a fresh
[sidecar](../examples/dapr-sidecar/README.md) with the components of its example, in this order. *Reference* are the
statuses that the reference has for the case. Where the reference says nothing, or Dapr 1.17 itself does something else, it
stands under *differs*. `cargo test --workspace --test sidecar -- --ignored write_the_table` writes this page.

| call | reference | answer | differs |
| --- | --- | --- | --- |
";

/// What stands below it.
const TAIL: &str = "
Bodies of errors have `errorCode` and `message`, and `details` with `google.rpc.ErrorInfo` where Dapr has a `reason`; Dapr's
details have the resource, too. Objects of JSON have their names in the order of the alphabet.
";

/// A call, with the case; what is sent; what the reference says, and what differs.
struct Row(
    &'static str,
    (&'static str, &'static str),
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row("save state", ("POST", "/v1.0/state/statestore"), r#"[{"key":"a","value":"x"},{"key":"b","value":{"n":1}}]"#, "204", ""),
    Row("… with an etag that is old", ("POST", "/v1.0/state/statestore"), r#"[{"key":"a","value":1,"etag":"7"}]"#, "500", "Dapr answers 409, too"),
    Row("… with an etag that is none", ("POST", "/v1.0/state/statestore"), r#"[{"key":"a","value":1,"etag":"?"}]"#, "400", ""),
    Row("… that is malformed", ("POST", "/v1.0/state/statestore"), "{", "400", "Dapr's text is that of its parser"),
    Row("… without a key", ("POST", "/v1.0/state/statestore"), r#"[{"value":1}]"#, "400", ""),
    Row("… in no store", ("POST", "/v1.0/state/nowhere"), r#"[{"key":"a"}]"#, "400", ""),
    Row("get state", ("GET", "/v1.0/state/statestore/b"), "", "200", ""),
    Row("… that is not there", ("GET", "/v1.0/state/statestore/none"), "", "204", ""),
    Row("… of a key that cannot be", ("GET", "/v1.0/state/statestore/a%7C%7Cb"), "", "400", ""),
    Row("… of no store", ("GET", "/v1.0/state/nowhere/a"), "", "400", ""),
    Row("get bulk state", ("POST", "/v1.0/state/statestore/bulk"), r#"{"keys":["a","none"]}"#, "200", "values that are no JSON are texts, or base64; Dapr answers with nothing then"),
    Row("delete state", ("DELETE", "/v1.0/state/statestore/a"), "", "204", ""),
    Row("… that is not there", ("DELETE", "/v1.0/state/statestore/none"), "", "204", ""),
    Row("query state", ("POST", "/v1.0-alpha1/state/statestore/query"), "{}", "200", "not there; it is alpha, and few stores have it"),
    Row("state transaction", ("POST", "/v1.0/state/statestore/transaction"), r#"{"operations":[{"operation":"upsert","request":{"key":"c","value":1}},{"operation":"delete","request":{"key":"b"}}]}"#, "204", ""),
    Row("… with an etag that is old", ("POST", "/v1.0/state/statestore/transaction"), r#"{"operations":[{"operation":"delete","request":{"key":"c","etag":"99"}}]}"#, "500", ""),
    Row("… of an unknown operation", ("POST", "/v1.0/state/statestore/transaction"), r#"{"operations":[{"operation":"fly","request":{"key":"c"}}]}"#, "400", ""),
    Row("publish", ("POST", "/v1.0/publish/pubsub/news"), r#"{"a":1}"#, "204", ""),
    Row("… to no broker", ("POST", "/v1.0/publish/nowhere/news"), "{}", "404", ""),
    Row("… to no topic", ("POST", "/v1.0/publish/pubsub/"), "{}", "404", ""),
    Row("publish many", ("POST", "/v1.0/publish/bulk/pubsub/news"), r#"[{"entryId":"1","event":"x","contentType":"text/plain"}]"#, "204", ""),
    Row("… of which two have one id", ("POST", "/v1.0/publish/bulk/pubsub/news"), r#"[{"entryId":"1","event":"x"},{"entryId":"1","event":"y"}]"#, "–", ""),
    Row("… to no broker", ("POST", "/v1.0/publish/bulk/nowhere/news"), r#"[{"entryId":"1","event":"x"}]"#, "400", "Dapr answers 404, too"),
    Row("invoke a method", ("POST", "/v1.0/invoke/orders/method/echo"), r#"{"a":1}"#, "as the application", ""),
    Row("… that is not there", ("GET", "/v1.0/invoke/orders/method/none"), "", "as the application", ""),
    Row("… of no application", ("GET", "/v1.0/invoke/nobody/method/x"), "", "500", "Dapr's text is that of its name resolution"),
    Row("get a secret", ("GET", "/v1.0/secrets/secretstore/password"), "", "200", ""),
    Row("… that is not there", ("GET", "/v1.0/secrets/secretstore/none"), "", "204", "Dapr answers 500 for most stores"),
    Row("… of no store", ("GET", "/v1.0/secrets/nowhere/password"), "", "400", "Dapr answers 401, too"),
    Row("get all secrets", ("GET", "/v1.0/secrets/secretstore/bulk"), "", "200", ""),
    Row("invoke a binding", ("POST", "/v1.0/bindings/files"), r#"{"operation":"create","data":"x","metadata":{"fileName":"table.txt"}}"#, "200", ""),
    Row("… with an unknown operation", ("POST", "/v1.0/bindings/files"), r#"{"operation":"fly"}"#, "500", ""),
    Row("… that is malformed", ("POST", "/v1.0/bindings/files"), "{", "400", "Dapr's text is that of its parser"),
    Row("… that is not there", ("POST", "/v1.0/bindings/nowhere"), r#"{"operation":"get"}"#, "500", ""),
    Row("take a lock", ("POST", "/v1.0-alpha1/lock/lockstore"), r#"{"resourceId":"r","lockOwner":"me","expiryInSeconds":60}"#, "200", ""),
    Row("… that another has", ("POST", "/v1.0-alpha1/lock/lockstore"), r#"{"resourceId":"r","lockOwner":"you","expiryInSeconds":60}"#, "200", "Dapr leaves `success` out where it is false"),
    Row("… for no time", ("POST", "/v1.0-alpha1/lock/lockstore"), r#"{"resourceId":"r","lockOwner":"me"}"#, "400", ""),
    Row("… of no store", ("POST", "/v1.0-alpha1/lock/nowhere"), r#"{"resourceId":"r","lockOwner":"me","expiryInSeconds":60}"#, "400", ""),
    Row("give back a lock", ("POST", "/v1.0-alpha1/unlock/lockstore"), r#"{"resourceId":"r","lockOwner":"me"}"#, "200", ""),
    Row("… that nobody has", ("POST", "/v1.0-alpha1/unlock/lockstore"), r#"{"resourceId":"r","lockOwner":"me"}"#, "200", ""),
    Row("get configuration", ("GET", "/v1.0/configuration/configstore?key=greeting"), "", "200", ""),
    Row("… that is not there", ("GET", "/v1.0/configuration/configstore?key=none"), "", "204", ""),
    Row("… of no store", ("GET", "/v1.0/configuration/nowhere"), "", "400", ""),
    Row("subscribe to configuration", ("GET", "/v1.0/configuration/configstore/subscribe"), "", "500", "no `--app-port`: nobody could be told"),
    Row("end a subscription that is none", ("GET", "/v1.0/configuration/configstore/7/unsubscribe"), "", "500", ""),
    Row("health", ("GET", "/v1.0/healthz"), "", "204", ""),
    Row("outbound health", ("GET", "/v1.0/healthz/outbound"), "", "204", ""),
    Row("set metadata", ("PUT", "/v1.0/metadata/colour"), "blue", "204", ""),
    Row("call an actor", ("POST", "/v1.0/actors/a/1/method/m"), "{}", "as the actor", "not there"),
    Row("start a workflow", ("POST", "/v1.0/workflows/dapr/w/start"), "{}", "202", "not there"),
    Row("schedule a job", ("POST", "/v1.0-alpha1/jobs/j"), "{}", "204", "not there"),
];

fn table() -> String {
    let (sidecar, _) = start("table", &[]);
    let client = Client(sidecar.http);
    let mut page = HEAD.to_owned();
    for Row(call, (method, path), body, reference, differs) in ROWS {
        let answer = told(&client.ask(method, path, body));
        let body = match body.is_empty() {
            true => String::new(),
            false => format!(" `{body}`"),
        };
        let asked = format!("{call}: `{method} {path}`{body}");
        writeln!(page, "| {asked} | {reference} | {answer} | {differs} |").unwrap();
    }
    page + TAIL
}

fn told(answer: &Answer) -> String {
    let mut told = answer.status.to_string();
    for (name, value) in &answer.head {
        if name == "etag" || name.starts_with("metadata.") {
            write!(told, ", `{name}: {value}`").unwrap();
        }
    }
    if !answer.body.is_empty() {
        write!(told, " `{}`", answer.body.replace('|', "\\|")).unwrap();
    }
    told
}

#[test]
fn the_table_is_as_it_was_run() {
    let page = fs::read_to_string(root().join(FILE)).unwrap();
    assert_eq!(page, table());
}

#[test]
#[ignore = "writes the page"]
fn write_the_table() {
    fs::write(root().join(FILE), table()).unwrap();
}
