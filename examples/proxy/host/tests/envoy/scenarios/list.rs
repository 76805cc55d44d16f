//! All scenarios.

use super::What::{Answers, Calls};
use super::{Module, Scenario};

/// Why answers of the proxy itself are not Envoy's.
const CAUSE: &str = "the proxy's own answers have a cause in them, and its own text and status";

/// All of them.
pub(crate) fn all() -> Vec<Scenario> {
    let s = Scenario::new;
    // Chunks whose sizes have no letters, of which Envoy writes small ones and hyper large ones.
    let parts = ["one", "second", "seventh"];
    let large = format!("x-large: {}\n", "l".repeat(20_000));
    vec![
        // Envoy counts what is shared by all scenarios: this is the first that shares.
        s("shared").get("/shared", "").get("/shared", ""),
        s("plain").get("/", ""),
        s("query").get("/names?a=b&c=%20d/e?f", ""),
        s("names").get("/names", "x-a: 1\nx-b: 2\naccept: */*\n"),
        s("add").get("/add", ""),
        s("replace").get("/replace", "x-many: a\nx-many: b\nx-last: c\n"),
        s("remove").get("/remove", "x-many: a\nx-many: b\nx-last: c\n"),
        s("joined").get("/joined", "x-many: a\nx-many: b\nx-empty:\n"),
        s("case").get("/case", "X-MIXED-Case: Kept\n"),
        s("pseudo").get("/pseudo", ""),
        s("all").get("/all", "x-gone: 1\n"),
        s("large").get("/names", &format!("{large}x-up: 404\n")),
        s("methods")
            .head("PURGE", "/names", "")
            .answer()
            .head("OPTIONS", "/names", "")
            .answer()
            .head("PATCH", "/names", "content-length: 0\n")
            .answer()
            .head("DELETE", "/names", "")
            .answer(),
        s("kept-alive")
            .get("/add", "")
            .get("/replace", "")
            .get("/", ""),
        s("closed").get("/", "connection: close\n").end(),
        s("head")
            .head("HEAD", "/response-names", "x-up: head\n")
            .answer_to_head(),
        s("no-content").get("/response-append", "x-up: 204\n"),
        s("not-modified").get("/response-append", "x-up: 304\n"),
        s("not-found").get("/response-names", "x-up: 404\n"),
        s("continue")
            .head(
                "POST",
                "/append",
                "expect: 100-continue\ncontent-length: 5\n",
            )
            .wait(40)
            .send("hello")
            .answer(),
        // Fields of responses.
        s("response-names").get("/response-names", ""),
        s("response-add").get("/response-add", ""),
        s("response-replace").get("/response-replace", ""),
        s("response-remove").get("/response-remove", ""),
        s("response-status").get("/response-status", ""),
        s("response-all").get("/response-all", "x-up: empty\n"),
        // Bodies of requests.
        s("body").post("/", "", "hello"),
        s("body-empty").post("/append", "", ""),
        s("body-held").post("/hold", "", "hello"),
        s("body-longer").post("/longer", "", "hello"),
        s("body-shorter").post("/shorter", "", "hello world"),
        s("body-cut").post("/cut", "", "hello world"),
        s("body-appended").post("/append", "", "hello"),
        s("body-prepended").post("/prepend", "", "hello"),
        s("body-parts").post("/parts", "", "hello world"),
        s("chunks").stream("/", "", &parts, ""),
        s("chunks-held").stream("/hold", "", &parts, ""),
        s("chunks-longer").stream("/longer", "", &parts, ""),
        s("chunks-prepended").stream("/prepend", "", &parts, ""),
        s("chunks-appended").stream("/append", "", &parts, ""),
        s("chunks-none").stream("/append", "", &[], ""),
        s("trailers").stream(
            "/trailers",
            "trailer: x-sum, x-more\n",
            &parts,
            "x-sum: 7\nx-other: 8\n",
        ),
        // Bodies of responses.
        s("response-empty").get("/response-append", "x-up: empty\n"),
        s("response-held").get("/response-hold", ""),
        s("response-longer").get("/response-longer", ""),
        s("response-shorter").get("/response-shorter", ""),
        s("response-cut").get("/response-cut", ""),
        s("response-appended").get("/response-append", ""),
        s("response-prepended").get("/response-prepend", ""),
        s("response-parts").get("/response-parts", ""),
        s("response-chunks").get("/", "x-up: chunks\n"),
        s("response-chunks-held").get("/response-hold", "x-up: chunks\n"),
        s("response-chunks-longer").get("/response-longer", "x-up: chunks\n"),
        s("response-chunks-prepended").get("/response-prepend", "x-up: chunks\n"),
        s("response-chunks-appended").get("/response-append", "x-up: chunks\n"),
        s("response-to-the-end").get("/", "x-up: to-the-end\n"),
        s("response-trailers").get(
            "/response-trailers",
            "te: trailers\nx-up: chunks-and-trailers\n",
        ),
        s("early")
            .head(
                "POST",
                "/append",
                "x-up: early\ntransfer-encoding: chunked\n",
            )
            .wait(40)
            .send("3\r\none\r\n")
            .answer()
            .end(),
        // Answers of filters.
        s("deny").get("/deny", "").get("/", ""),
        s("deny-plainly").get("/deny-plainly", ""),
        s("deny-empty").get("/deny-empty", ""),
        s("deny-head").head("HEAD", "/deny", "").answer_to_head(),
        s("deny-going-on").get("/deny-going-on", ""),
        s("deny-twice").get("/deny-twice", ""),
        s("deny-body").post("/deny-body", "", "hello"),
        s("deny-post").post("/deny", "", "hello").end(),
        s("response-deny").get("/response-deny", ""),
        s("reset").get("/reset", ""),
        s("response-reset").get("/response-reset", ""),
        // Waiting.
        s("tick").get("/tick", ""),
        s("tick-body").post("/tick-body", "", "hello"),
        s("tick-deny").get("/tick-deny", ""),
        s("response-tick").get("/response-tick", ""),
        s("response-tick-chunks").get("/response-tick", "x-up: chunks\n"),
        // Requests of filters' own.
        s("callout").get("/callout", ""),
        s("callout-body").post("/callout-body", "", "hello"),
        s("callout-response").get("/callout-response", ""),
        s("callout-deny").get("/callout-deny", ""),
        s("callouts").get("/callouts", ""),
        s("callout-aside").get("/callout-aside", "x-up: slow\n"),
        s("callout-refused").get("/callout-refused", ""),
        s("callout-late").get("/callout-late", ""),
        s("callout-bad").get("/callout-bad", ""),
        // What requests have in common.
        s("queue")
            .configured("queue")
            .get("/queue", "")
            .wait(100)
            .get("/queue", ""),
        s("metrics")
            .configured("metrics")
            .get("/metrics", "")
            .get("/metrics", ""),
        s("properties").get("/properties?a=b", "x-many: a\nx-many: b\nreferer: r\n"),
        s("time").get("/time", ""),
        s("memory").get("/spin-memory", ""),
        s("end").get("/end", ""),
        s("callout-at-the-end")
            .get("/callout-at-the-end", "")
            .wait(150),
        s("context").get("/context", ""),
        // Several filters.
        s("chain").filters(2).get("/add", ""),
        s("chain-bodies")
            .filters(2)
            .stream("/append", "", &parts, ""),
        s("chain-held").filters(2).stream("/longer", "", &parts, ""),
        s("chain-response")
            .filters(2)
            .get("/response-append", "x-up: chunks\n"),
        s("chain-deny").filters(2).get("/deny", ""),
        s("chain-tick")
            .filters(2)
            .get("/response-add", "")
            .get("/tick", ""),
        // What goes wrong.
        s("panic")
            .get("/panic", "")
            .wait(400)
            .get("/", "")
            .differs(&[Answers], CAUSE),
        s("panic-body")
            .post("/panic-body", "", "hello")
            .differs(&[Answers], CAUSE),
        s("response-panic")
            .get("/response-panic", "")
            .differs(&[Answers], CAUSE),
        s("refused")
            .upstream("nobody")
            .get("/", "")
            .differs(&[Calls, Answers], CAUSE),
        s("no-answer")
            .get("/", "x-up: none\n")
            .differs(&[Calls, Answers], CAUSE),
        s("gone")
            .head("GET", "/end", "x-up: slow\n")
            .wait(100)
            .leave()
            .wait(100),
        s("gone-while-it-waits")
            .head("GET", "/callout-late", "")
            .wait(100)
            .leave()
            .wait(400),
        s("gone-in-the-body")
            .head("POST", "/append", "content-length: 10\n")
            .wait(40)
            .send("hello")
            .wait(40)
            .leave()
            .wait(100),
        s("late").post("/late", "", "hello"),
        s("late-chunks").stream("/late", "trailer: x-late\n", &parts, ""),
        s("two-at-a-time")
            .head("GET", "/callout-late", "")
            .wait(50)
            .client(1)
            .get("/response-add", "")
            .client(0)
            .answer(),
        s("calls")
            .module(Module::Calls)
            .post("/", "x-empty:\nx-up: 404\n", "hello"),
        // HTTP/2.
        s("http2").http2("GET", "/names", &[("x-a", "1")], &[], &[]),
        s("http2-upstream")
            .upstream("up2")
            .http2("GET", "/response-names", &[], &[], &[]),
        s("http2-body").http2("POST", "/longer", &[], &["one", "second"], &[]),
        s("http2-trailers").upstream("up2").http2(
            "POST",
            "/trailers",
            &[],
            &["one"],
            &[("x-sum", "7"), ("x-other", "8")],
        ),
        s("http2-response-trailers").upstream("up2").http2(
            "GET",
            "/response-trailers",
            &[("x-up", "trailers")],
            &[],
            &[],
        ),
        s("http2-deny").http2("POST", "/deny", &[], &["one", "second"], &[]),
        s("http2-late")
            .upstream("up2")
            .http2("POST", "/late", &[], &["one"], &[]),
        // What is another way here.
        s("properties-late")
            .get("/properties-late?a=b", "x-many: a\nx-many: b\n")
            .differs(
                &[Calls, Answers],
                "what is known of a request is known to its end",
            ),
        s("scattered")
            .get("/names", "x-b: 1\nx-a: 2\nx-b: 3\n")
            .differs(
                &[Answers],
                "the crate `http` keeps the values of one name together",
            ),
        s("known").get("/add-agent", "").differs(
            &[Calls, Answers],
            "Envoy keeps fields that it knows as one, with commas",
        ),
        s("length").get("/", "x-up: two-parts\n").differs(
            &[Answers],
            "a filter might yet change the body, whose length is told no more",
        ),
        // The last one, for what Envoy sends breaks its connection.
        s("long").post("/longer-than-told", "", "hello").differs(
            &[Calls, Answers],
            "Envoy tells the length that the client told",
        ),
    ]
}
