//! The calls of the table, with what the reference expects of their answers: its statuses for each
//! call, and the codes of its list of errors.

use super::expect::{Body, Expect};

/// A call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// What is done, and in which case.
    pub(super) call: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Fields beside the usual ones.
    pub(super) head: &'static [(&'static str, &'static str)],
    pub(super) body: &'static str,
    pub(super) expect: Expect,
    /// Why an answer differs, or what else there is to say.
    pub(super) why: &'static str,
}

const fn row(
    call: &'static str,
    method: &'static str,
    path: &'static str,
    body: &'static str,
    expect: Expect,
) -> Row {
    Row {
        call,
        method,
        path,
        head: &[],
        body,
        expect,
        why: "",
    }
}

impl Row {
    const fn because(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }

    const fn with(mut self, head: &'static [(&'static str, &'static str)]) -> Self {
        self.head = head;
        self
    }
}

/// An error.
const fn error(status: &'static [u16], codes: &'static [&'static str]) -> Expect {
    Expect::new(status, Body::Error(codes))
}

/// A body of JSON.
const fn json(text: &'static str) -> Expect {
    Expect::new(&[200], Body::Json(text))
}

/// An object, or a list of such.
const fn names(names: &'static [&'static str]) -> Expect {
    Expect::new(&[200], Body::Names(names))
}

const DONE: Expect = Expect::DONE;
const APPLICATION: Expect = Expect::APPLICATION;
const STORE: &str = "/v1.0/state/statestore";
const NO_STORE: &[&str] = &["ERR_STATE_STORE_NOT_FOUND"];
const MALFORMED: &[&str] = &["ERR_MALFORMED_REQUEST"];
const UNIMPLEMENTED: &str = "it is not there";
const AS_DAPR: &str = "Dapr's own answer is this one, too";

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("save state", "POST", STORE, r#"[{"key":"a","value":"x"},{"key":"b","value":{"n":1}}]"#, DONE),
    row("… with `PUT`", "PUT", STORE, r#"[{"key":"a","value":"x"}]"#, DONE),
    row("… for a time", "POST", STORE, r#"[{"key":"t","value":1,"metadata":{"ttlInSeconds":"100"}}]"#, DONE),
    row("… for no time that there is", "POST", STORE, r#"[{"key":"t","value":1,"metadata":{"ttlInSeconds":"soon"}}]"#, error(&[400, 500], &["ERR_STATE_SAVE"])),
    row("… first write", "POST", STORE, r#"[{"key":"a","value":"y","options":{"concurrency":"first-write"}}]"#, error(&[500], &["ERR_STATE_SAVE"])).because(AS_DAPR),
    row("… with an etag that is old", "POST", STORE, r#"[{"key":"a","value":1,"etag":"7777"}]"#, error(&[500], &["ERR_STATE_SAVE"])).because(AS_DAPR),
    row("… with an etag that is none", "POST", STORE, r#"[{"key":"a","value":1,"etag":"?"}]"#, error(&[400], &["ERR_STATE_SAVE"])),
    row("… that is malformed", "POST", STORE, "{", error(&[400], MALFORMED)),
    row("… without a key", "POST", STORE, r#"[{"value":1}]"#, error(&[400], MALFORMED)),
    row("… of an empty key", "POST", STORE, r#"[{"key":"","value":1}]"#, error(&[400], MALFORMED)),
    row("… of a key that cannot be", "POST", STORE, r#"[{"key":"a||b","value":1}]"#, error(&[400, 500], &["ERR_MALFORMED_REQUEST", "ERR_STATE_SAVE"])),
    row("… in no store", "POST", "/v1.0/state/nowhere", r#"[{"key":"a"}]"#, error(&[400], NO_STORE)),
    row("get state", "GET", "/v1.0/state/statestore/b", "", json(r#"{"n":1}"#).head(&["ETag"])),
    row("… that has an end", "GET", "/v1.0/state/statestore/t?consistency=strong", "", json("1").head(&["ETag"])),
    row("… that is not there", "GET", "/v1.0/state/statestore/none", "", DONE),
    row("… of a key that cannot be", "GET", "/v1.0/state/statestore/a%7C%7Cb", "", error(&[400, 500], &["ERR_MALFORMED_REQUEST", "ERR_STATE_GET"])),
    row("… of a key that is no text", "GET", "/v1.0/state/statestore/%FF%FE", "", Expect::new(&[400, 204], Body::Any)),
    row("… of no store", "GET", "/v1.0/state/nowhere/a", "", error(&[400], NO_STORE)),
    row("get bulk state", "POST", "/v1.0/state/statestore/bulk", r#"{"keys":["a","none"],"parallelism":2}"#, names(&["key"])),
    row("… of no store", "POST", "/v1.0/state/nowhere/bulk", r#"{"keys":["a"]}"#, error(&[400], NO_STORE)),
    row("… that is malformed", "POST", "/v1.0/state/statestore/bulk", "{", error(&[400], MALFORMED)),
    row("delete state with an etag that is old", "DELETE", "/v1.0/state/statestore/a", "", error(&[500], &["ERR_STATE_DELETE"])).with(&[("if-match", "7777")]).because(AS_DAPR),
    row("delete state", "DELETE", "/v1.0/state/statestore/a", "", DONE),
    row("… that is not there", "DELETE", "/v1.0/state/statestore/none", "", DONE),
    row("… of no store", "DELETE", "/v1.0/state/nowhere/a", "", error(&[400], NO_STORE)),
    row("query state", "POST", "/v1.0-alpha1/state/statestore/query", "{}", Expect::new(&[200], Body::Names(&["results"]))).because("it is alpha, few stores have it, and it is not there"),
    row("state transaction", "POST", "/v1.0/state/statestore/transaction", r#"{"operations":[{"operation":"upsert","request":{"key":"c","value":1}},{"operation":"delete","request":{"key":"b"}}]}"#, DONE),
    row("… with an etag that is old", "POST", "/v1.0/state/statestore/transaction", r#"{"operations":[{"operation":"delete","request":{"key":"c","etag":"7777"}}]}"#, error(&[500], &["ERR_STATE_TRANSACTION"])),
    row("… of an unknown operation", "POST", "/v1.0/state/statestore/transaction", r#"{"operations":[{"operation":"fly","request":{"key":"c"}}]}"#, error(&[400], &["ERR_NOT_SUPPORTED_STATE_OPERATION"])),
    row("… that is malformed", "POST", "/v1.0/state/statestore/transaction", "{", error(&[400], MALFORMED)),
    row("publish", "POST", "/v1.0/publish/pubsub/news", r#"{"a":1}"#, DONE),
    row("… bytes", "POST", "/v1.0/publish/pubsub/news?metadata.rawPayload=true&metadata.ttlInSeconds=60", "x", DONE),
    row("… to no broker", "POST", "/v1.0/publish/nowhere/news", "{}", error(&[404], &["ERR_PUBSUB_NOT_FOUND"])),
    row("… to no topic", "POST", "/v1.0/publish/pubsub/", "{}", error(&[404], &["ERR_TOPIC_NAME_EMPTY"])),
    row("publish many", "POST", "/v1.0/publish/bulk/pubsub/news", r#"[{"entryId":"1","event":"x","contentType":"text/plain"}]"#, DONE),
    row("… of which two have one id", "POST", "/v1.0/publish/bulk/pubsub/news", r#"[{"entryId":"1","event":"x"},{"entryId":"1","event":"y"}]"#, error(&[400], &["ERR_PUBSUB_EVENTS_SER"])),
    row("… to no broker", "POST", "/v1.0/publish/bulk/nowhere/news", r#"[{"entryId":"1","event":"x"}]"#, error(&[400], &["ERR_PUBSUB_NOT_FOUND"])).because(AS_DAPR),
    row("invoke a method", "POST", "/v1.0/invoke/orders/method/echo", r#"{"a":1}"#, APPLICATION),
    row("… by a field", "PUT", "/echo", "x", APPLICATION).with(&[("dapr-app-id", "orders")]),
    row("… that is not there", "GET", "/v1.0/invoke/orders/method/none", "", APPLICATION),
    row("… of no application", "GET", "/v1.0/invoke/nobody/method/x", "", error(&[500], &["ERR_DIRECT_INVOKE"])),
    row("get a secret", "GET", "/v1.0/secrets/secretstore/password", "", json(r#"{"password":"open sesame"}"#)),
    row("… that is not there", "GET", "/v1.0/secrets/secretstore/none", "", DONE).because("Dapr itself answers 500 for most stores"),
    row("… of no store", "GET", "/v1.0/secrets/nowhere/password", "", error(&[400], &["ERR_SECRET_STORE_NOT_FOUND"])).because(AS_DAPR),
    row("get all secrets", "GET", "/v1.0/secrets/secretstore/bulk", "", names(&["password", "database:user"])),
    row("invoke a binding", "POST", "/v1.0/bindings/files", r#"{"operation":"create","data":"x","metadata":{"fileName":"table.txt"}}"#, json(r#"{"fileName":"table.txt"}"#)),
    row("… that answers nothing", "POST", "/v1.0/bindings/files", r#"{"operation":"delete","metadata":{"fileName":"table.txt"}}"#, DONE),
    row("… with an unknown operation", "POST", "/v1.0/bindings/files", r#"{"operation":"fly"}"#, error(&[500], &["ERR_INVOKE_OUTPUT_BINDING"])),
    row("… that is malformed", "POST", "/v1.0/bindings/files", "{", error(&[400], MALFORMED)),
    row("… that is not there", "POST", "/v1.0/bindings/nowhere", r#"{"operation":"get"}"#, error(&[500], &["ERR_INVOKE_OUTPUT_BINDING"])),
    row("take a lock", "POST", "/v1.0-alpha1/lock/lockstore", r#"{"resourceId":"r","lockOwner":"me","expiryInSeconds":60}"#, json(r#"{"success":true}"#)),
    row("… that another has", "POST", "/v1.0-alpha1/lock/lockstore", r#"{"resourceId":"r","lockOwner":"you","expiryInSeconds":60}"#, json(r#"{"success":false}"#)).because("Dapr itself leaves out what is false"),
    row("… for no time", "POST", "/v1.0-alpha1/lock/lockstore", r#"{"resourceId":"r","lockOwner":"me"}"#, error(&[400], MALFORMED)),
    row("… of no store", "POST", "/v1.0-alpha1/lock/nowhere", r#"{"resourceId":"r","lockOwner":"me","expiryInSeconds":60}"#, error(&[400, 500], &["ERR_LOCK_STORE_NOT_FOUND"])),
    row("give back the lock of another", "POST", "/v1.0-alpha1/unlock/lockstore", r#"{"resourceId":"r","lockOwner":"you"}"#, json(r#"{"status":2}"#)),
    row("give back a lock", "POST", "/v1.0-alpha1/unlock/lockstore", r#"{"resourceId":"r","lockOwner":"me"}"#, json(r#"{"status":0}"#)),
    row("… that nobody has", "POST", "/v1.0-alpha1/unlock/lockstore", r#"{"resourceId":"r","lockOwner":"me"}"#, json(r#"{"status":1}"#)),
    row("get configuration", "GET", "/v1.0/configuration/configstore?key=greeting", "", Expect::new(&[200], Body::Names(&["greeting"]))),
    row("… that is not there", "GET", "/v1.0/configuration/configstore?key=none", "", DONE),
    row("… of no store", "GET", "/v1.0/configuration/nowhere", "", error(&[400], &["ERR_CONFIGURATION_STORE_NOT_FOUND"])),
    row("subscribe to configuration", "GET", "/v1.0/configuration/configstore/subscribe?key=greeting", "", names(&["id"])).because("without `--app-port` nobody could be told, as with Dapr"),
    row("end a subscription that is none", "GET", "/v1.0/configuration/configstore/7/unsubscribe", "", Expect::new(&[500], Body::Names(&["ok", "message"]))),
    row("health", "GET", "/v1.0/healthz", "", DONE),
    row("… of another", "GET", "/v1.0/healthz?appid=other", "", error(&[500], &["ERR_HEALTH_APPID_NOT_MATCH"])),
    row("outbound health", "GET", "/v1.0/healthz/outbound", "", DONE),
    row("set metadata", "PUT", "/v1.0/metadata/colour", "blue", DONE),
    row("get metadata", "GET", "/v1.0/metadata", "", names(&["id", "runtimeVersion", "enabledFeatures", "actors", "extended", "components", "httpEndpoints", "subscriptions", "appConnectionProperties"])).because("a sidecar of one's own: there is no more to tell"),
    row("call an actor", "POST", "/v1.0/actors/a/1/method/m", "{}", Expect::new(&[200], Body::Any)).because(UNIMPLEMENTED),
    row("actor state", "POST", "/v1.0/actors/a/1/state", "[]", DONE).because(UNIMPLEMENTED),
    row("get actor state", "GET", "/v1.0/actors/a/1/state/k", "", Expect::new(&[200, 204], Body::Any)).because(UNIMPLEMENTED),
    row("actor reminder", "POST", "/v1.0/actors/a/1/reminders/r", "{}", DONE).because(UNIMPLEMENTED),
    row("get an actor reminder", "GET", "/v1.0/actors/a/1/reminders/r", "", names(&["dueTime"])).because(UNIMPLEMENTED),
    row("end an actor reminder", "DELETE", "/v1.0/actors/a/1/reminders/r", "", DONE).because(UNIMPLEMENTED),
    row("actor timer", "POST", "/v1.0/actors/a/1/timers/t", "{}", DONE).because(UNIMPLEMENTED),
    row("end an actor timer", "DELETE", "/v1.0/actors/a/1/timers/t", "", DONE).because(UNIMPLEMENTED),
    row("start a workflow", "POST", "/v1.0/workflows/dapr/w/start", "{}", Expect::new(&[202], Body::Names(&["instanceID"]))).because(UNIMPLEMENTED),
    row("get a workflow", "GET", "/v1.0/workflows/dapr/1", "", names(&["instanceID", "runtimeStatus"])).because(UNIMPLEMENTED),
    row("raise an event for a workflow", "POST", "/v1.0/workflows/dapr/1/raiseEvent/e", "{}", Expect::new(&[202], Body::Empty)).because(UNIMPLEMENTED),
    row("pause a workflow", "POST", "/v1.0/workflows/dapr/1/pause", "", Expect::new(&[202], Body::Empty)).because(UNIMPLEMENTED),
    row("resume a workflow", "POST", "/v1.0/workflows/dapr/1/resume", "", Expect::new(&[202], Body::Empty)).because(UNIMPLEMENTED),
    row("end a workflow", "POST", "/v1.0/workflows/dapr/1/terminate", "", Expect::new(&[202], Body::Empty)).because(UNIMPLEMENTED),
    row("forget a workflow", "POST", "/v1.0/workflows/dapr/1/purge", "", Expect::new(&[202], Body::Empty)).because(UNIMPLEMENTED),
    row("schedule a job", "POST", "/v1.0-alpha1/jobs/j", "{}", DONE).because(UNIMPLEMENTED),
    row("get a job", "GET", "/v1.0-alpha1/jobs/j", "", names(&["name"])).because(UNIMPLEMENTED),
    row("end a job", "DELETE", "/v1.0-alpha1/jobs/j", "", DONE).because(UNIMPLEMENTED),
    row("encrypt", "PUT", "/v1.0-alpha1/crypto/c/encrypt", "x", Expect::new(&[200], Body::Any)).because(UNIMPLEMENTED),
    row("decrypt", "PUT", "/v1.0-alpha1/crypto/c/decrypt", "x", Expect::new(&[200], Body::Any)).because(UNIMPLEMENTED),
    row("a conversation", "POST", "/v1.0-alpha1/conversation/c/converse", "{}", names(&["outputs"])).because(UNIMPLEMENTED),
    row("shut down", "POST", "/v1.0/shutdown", "", DONE),
];
