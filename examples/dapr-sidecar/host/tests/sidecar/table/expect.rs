//! What the reference expects of an answer, and in what an answer differs from that.

use serde_json::Value;

use crate::client::Answer;

/// What the reference says of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expect {
    /// Any of these; none is that it is the application's.
    pub(super) status: &'static [u16],
    pub(super) body: Body,
    /// Fields that the head has.
    pub(super) head: &'static [&'static str],
}

/// What the reference says of a body.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// Nothing is said.
    Any,
    /// There is none.
    Empty,
    /// This, as JSON.
    Json(&'static str),
    /// An object with these names, or a list of such objects.
    Names(&'static [&'static str]),
    /// An error with one of these codes.
    Error(&'static [&'static str]),
}

impl Expect {
    /// That it is done, and that there is nothing to say.
    pub(super) const DONE: Self = Self::new(&[204], Body::Empty);
    /// What an application answers.
    pub(super) const APPLICATION: Self = Self::new(&[], Body::Any);

    pub(super) const fn new(status: &'static [u16], body: Body) -> Self {
        Self {
            status,
            body,
            head: &[],
        }
    }

    pub(super) const fn head(mut self, names: &'static [&'static str]) -> Self {
        self.head = names;
        self
    }

    /// In words.
    pub(super) fn told(&self) -> String {
        let mut words = Vec::new();
        if self.status.is_empty() {
            words.push("as the application".to_owned());
        } else {
            let status: Vec<_> = self.status.iter().map(ToString::to_string).collect();
            words.push(status.join(" or "));
        }
        words.extend(self.head.iter().map(|name| format!("`{name}`")));
        match self.body {
            Body::Any => {}
            Body::Empty => words.push("no body".to_owned()),
            Body::Json(text) => words.push(format!("`{text}`")),
            Body::Names(names) => words.push(format!("JSON with {}", quoted(names, ", "))),
            Body::Error(codes) => words.push(quoted(codes, " or ")),
        }
        words.join(", ")
    }

    /// In what an answer is another.
    pub(super) fn differences(&self, answer: &Answer) -> Vec<String> {
        let mut all = Vec::new();
        if !self.status.is_empty() && !self.status.contains(&answer.status) {
            all.push("the status".to_owned());
        }
        for name in self.head {
            if !answer.head.contains_key(&name.to_ascii_lowercase()) {
                all.push(format!("no `{name}`"));
            }
        }
        let json = || serde_json::from_str::<Value>(&answer.body).unwrap_or(Value::Null);
        let is_json = answer
            .head
            .get("content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        match self.body {
            Body::Any => {}
            Body::Empty if answer.body.is_empty() => {}
            Body::Empty => all.push("a body".to_owned()),
            Body::Json(text) => {
                let wanted = serde_json::from_str(text).unwrap_or(Value::Null);
                if json() != wanted {
                    all.push("the body".to_owned());
                }
            }
            Body::Names(names) => {
                let found = json();
                let objects = match &found {
                    Value::Array(objects) => objects.iter().collect(),
                    object => vec![object],
                };
                for name in names {
                    if objects.iter().any(|object| object.get(name).is_none()) {
                        all.push(format!("no `{name}`"));
                    }
                }
            }
            Body::Error(codes) => {
                let found = json();
                let code = found["errorCode"].as_str().unwrap_or_default();
                if !codes.contains(&code) {
                    all.push("the code".to_owned());
                }
                if !found["message"].is_string() {
                    all.push("no `message`".to_owned());
                }
            }
        }
        let is_about_json = !matches!(self.body, Body::Any | Body::Empty);
        if is_about_json && !is_json {
            all.push("the content type".to_owned());
        }
        all
    }
}

fn quoted(names: &[&str], between: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(between)
}

#[test]
fn differences_are_found() {
    let answer = |status, kind: &str, body: &str| Answer {
        status,
        head: [("content-type".to_owned(), kind.to_owned())].into(),
        body: body.to_owned(),
    };
    let json = "application/json";
    let error = Expect::new(&[400], Body::Error(&["ERR_A"]));
    let right = answer(400, json, r#"{"errorCode":"ERR_A","message":"no"}"#);
    assert!(error.differences(&right).is_empty());
    let wrong = answer(500, "text/plain", r#"{"errorCode":"ERR_B"}"#);
    let found = error.differences(&wrong).join(", ");
    assert_eq!(
        found,
        "the status, the code, no `message`, the content type"
    );
    assert_eq!(
        Expect::DONE.differences(&right).join(", "),
        "the status, a body"
    );
    let names = Expect::new(&[200], Body::Names(&["key", "data"])).head(&["ETag"]);
    let one = answer(200, json, r#"[{"key":"a","data":1},{"key":"b"}]"#);
    assert_eq!(names.differences(&one).join(", "), "no `ETag`, no `data`");
}
