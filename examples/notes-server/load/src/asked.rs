//! What is asked, and what the answer has to be: computed here, from the request alone.

use anyhow::{Result, ensure};
use example_client::Answer;
use hyper::Method;
use hyper::StatusCode;
use notebook_abi::notes::{Heading, Hit, Page};
use notebook_logic::Query;

/// What has to come back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expected {
    /// This, to the byte.
    Body(Vec<u8>),
    /// An error of this status and kind.
    Error(u16, &'static str),
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) expected: Expected,
}

impl Asked {
    /// To render a text.
    pub(crate) fn render(tenant: &str, text: String) -> Result<Self> {
        let expected = page(&text)?;
        Ok(Self {
            method: Method::POST,
            path: format!("/api/{tenant}/render"),
            body: text,
            expected,
        })
    }

    /// To keep a note.
    pub(crate) fn save(tenant: &str, name: &str, text: String) -> Result<Self> {
        let expected = page(&text)?;
        Ok(Self {
            method: Method::PUT,
            path: format!("/api/{tenant}/notes/{name}"),
            body: text,
            expected,
        })
    }

    /// To show a note that was kept with this text.
    pub(crate) fn show(tenant: &str, name: &str, text: &str) -> Result<Self> {
        let expected = page(text)?;
        Ok(Self {
            method: Method::GET,
            path: format!("/api/{tenant}/notes/{name}"),
            body: String::new(),
            expected,
        })
    }

    /// To find a word that is in one note alone.
    pub(crate) fn search(tenant: &str, word: &str, name: &str, text: &str) -> Result<Self> {
        let line = Query::new(word).find(text).unwrap_or_default().to_owned();
        let title = notes_markdown::title(text);
        let name = name.to_owned();
        let body = serde_json::to_vec(&[Hit { name, title, line }])?;
        Ok(Self {
            method: Method::GET,
            path: format!("/api/{tenant}/notes?words={word}"),
            body: String::new(),
            expected: Expected::Body(body),
        })
    }

    /// What has to fail.
    pub(crate) fn failing(
        method: Method,
        path: String,
        body: &str,
        status: u16,
        kind: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            body: body.to_owned(),
            expected: Expected::Error(status, kind),
        }
    }

    /// Whether an answer is the one to this.
    pub(crate) fn check(&self, answer: &Answer) -> Result<()> {
        let told = String::from_utf8_lossy(&answer.body);
        let status = answer.status;
        let (method, path) = (&self.method, &self.path);
        match &self.expected {
            Expected::Body(body) => ensure!(
                status == StatusCode::OK && answer.body == body[..],
                "`{method} {path}` was answered with {status} {told}, and not with {}",
                String::from_utf8_lossy(body)
            ),
            Expected::Error(expected, kind) => ensure!(
                status.as_u16() == *expected && told.contains(&format!("\"error\":\"{kind}\"")),
                "`{method} {path}` was answered with {status} {told}, \
                 and not with {expected} {kind}"
            ),
        }
        Ok(())
    }
}

/// What a text looks like, computed without any guest.
fn page(text: &str) -> Result<Expected> {
    let page = notes_markdown::render(text)?;
    let headings = page.toc.into_iter().map(|heading| Heading {
        level: heading.level,
        text: heading.text,
        anchor: heading.anchor,
    });
    let page = Page {
        title: page.title,
        html: page.html,
        words: page.words,
        headings: headings.collect(),
    };
    Ok(Expected::Body(serde_json::to_vec(&page)?))
}

/// A note that no other number has, with about as much in it as notes have.
pub(crate) fn note(number: u64) -> String {
    format!(
        "# Note {number}\n\n\
         The word of this note is *w{number}x*, and [a link](https://example.com/{number}).\n\n\
         ## To do\n\n- [ ] water the **beans**\n- [x] write `{number}` down\n\n\
         | what | how many |\n| --- | --- |\n| beans | {number} |\n| pears | {} |\n\n\
         > Whoever has a garden and a library has everything.\n\n\
         ```rust\nlet number = {number};\n```\n",
        number % 7
    )
}
