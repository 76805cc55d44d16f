//! The table of `docs/dapr-http.md`: what the sidecar answers to every call of Dapr's API reference,
//! beside what the reference expects. What differs is found by comparing the two; only why it does is
//! written by hand. The page is written from a run, and compared with one.

mod expect;
mod rows;

use std::fmt::Write as _;
use std::fs;

use crate::client::{Answer, Client};
use crate::root;
use crate::sdks::start;
use rows::{ROWS, Row};

const FILE: &str = "docs/dapr-http.md";

/// The most that is shown of a body.
const SHOWN: usize = 240;

/// What stands above the table.
const HEAD: &str = "\
# Dapr's HTTP API, and what the sidecar answers

Every call of [Dapr's API reference](https://docs.dapr.io/reference/api/) to a fresh
[sidecar](../examples/dapr-sidecar/README.md) with the components of its example, in this order. *Expected* is what the
reference has for the case: the status, fields of the head, and the body or the code of the error. *Answered* is what came:
the status, the fields of the head, and the body. *Differs* is in what one is not the other, as a test found it, and why.
`cargo test --workspace --test sidecar -- --ignored write_the_table` writes this page.

";

const TABLE: &str = "\
| call | expected | answered | differs |
| --- | --- | --- | --- |
";

/// What stands below it.
const TAIL: &str = "
Bodies of errors have `errorCode` and `message`, and `details` with `google.rpc.ErrorInfo` where Dapr has a `reason`; Dapr's
details have the resource, too. Texts of errors are not Dapr's where they come from what it is written with. Objects of JSON
have their names in the order of the alphabet.
";

/// The page, and what differs without a reason being given.
fn page() -> (String, Vec<String>) {
    let (sidecar, _) = start("table", &[]);
    let client = Client(sidecar.http);
    let (mut table, mut unexplained) = (TABLE.to_owned(), Vec::new());
    let mut differing = 0;
    for Row {
        call,
        method,
        path,
        head,
        body,
        expect,
        why,
    } in ROWS
    {
        let fields = [&[("content-type", "application/json")], *head].concat();
        let answer = client.ask_with(method, path, &fields, body);
        let differences = expect.differences(&answer).join(", ");
        let asked = asked(call, method, path, head, body);
        if !differences.is_empty() {
            differing += 1;
            if why.is_empty() {
                unexplained.push(format!("{asked}: {differences}: {answer:?}"));
            }
        }
        let differs = match (differences.is_empty(), why.is_empty()) {
            (_, true) => differences,
            (true, false) => (*why).to_owned(),
            (false, false) => format!("{differences}: {why}"),
        };
        let (expected, answered) = (expect.told(), told(&answer));
        writeln!(table, "| {asked} | {expected} | {answered} | {differs} |").unwrap();
    }
    let count = format!(
        "Of {} calls, {differing} are answered otherwise.\n\n",
        ROWS.len()
    );
    (HEAD.to_owned() + &count + &table + TAIL, unexplained)
}

fn asked(call: &str, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> String {
    let mut asked = format!("{call}: `{method} {path}`");
    for (name, value) in head {
        write!(asked, " `{name}: {value}`").unwrap();
    }
    if !body.is_empty() {
        write!(asked, " `{}`", shortened(body)).unwrap();
    }
    asked.replace('|', "\\|")
}

/// A body as far as it can be shown.
fn shortened(body: &str) -> String {
    match body.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} … {} bytes", &body[..end], body.len()),
        None => body.trim_end().to_owned(),
    }
}

fn told(answer: &Answer) -> String {
    let mut told = answer.status.to_string();
    for (name, value) in &answer.head {
        let is_usual = matches!(&**name, "connection" | "content-length" | "date")
            || (name == "content-type" && value == "application/json");
        // It is another each time.
        let value = match name.ends_with("expiretime") {
            true => "…",
            false => value,
        };
        if !is_usual {
            write!(told, ", `{name}: {value}`").unwrap();
        }
    }
    if !answer.body.is_empty() {
        write!(told, " `{}`", shortened(&answer.body)).unwrap();
    }
    told.replace('|', "\\|")
}

#[test]
fn the_table_is_as_it_was_run() {
    let (page, unexplained) = page();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert_eq!(fs::read_to_string(root().join(FILE)).unwrap(), page);
}

#[test]
#[ignore = "writes the page"]
fn write_the_table() {
    fs::write(root().join(FILE), page().0).unwrap();
}
