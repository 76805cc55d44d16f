//! Scenarios: what clients do, and what is between them and the upstream. They are written down in
//! `list.rs`, in the words of this file.

mod list;

pub(crate) use list::all;

use crate::client::Step;
use crate::http2::Ask;

/// Which module a scenario's filters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Module {
    /// The one that does what paths say.
    Words,
    /// The one that calls everything.
    Calls,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// The calls while VMs start.
    Starts,
    /// All others.
    Calls,
    /// What clients are answered.
    Answers,
}

/// A scenario. It has VMs of its own.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) module: Module,
    /// How many filters there are, all of the same module.
    pub(crate) filters: usize,
    pub(crate) configuration: &'static str,
    /// Who is asked.
    pub(crate) upstream: &'static str,
    pub(crate) steps: Vec<Step>,
    /// What is different here, and why it is to be.
    pub(crate) differs: Option<(&'static [What], &'static str)>,
}

impl Scenario {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            module: Module::Words,
            filters: 1,
            configuration: "plain",
            upstream: "up",
            steps: Vec::new(),
            differs: None,
        }
    }

    /// What its filters are called, their VMs and their roots.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        (1..=self.filters).map(|number| format!("{}-{number}", self.name))
    }

    fn module(mut self, module: Module) -> Self {
        self.module = module;
        self
    }

    fn filters(mut self, filters: usize) -> Self {
        self.filters = filters;
        self
    }

    fn configured(mut self, configuration: &'static str) -> Self {
        self.configuration = configuration;
        self
    }

    fn upstream(mut self, upstream: &'static str) -> Self {
        self.upstream = upstream;
        self
    }

    fn differs(mut self, what: &'static [What], why: &'static str) -> Self {
        self.differs = Some((what, why));
        self
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    fn send(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.step(Step::Send(bytes.into()))
    }

    fn wait(self, ms: u64) -> Self {
        self.step(Step::Wait(ms))
    }

    fn answer(self) -> Self {
        self.step(Step::Answer { to_head: false })
    }

    fn answer_to_head(self) -> Self {
        self.step(Step::Answer { to_head: true })
    }

    /// Reads until the other side ends the connection.
    fn end(self) -> Self {
        self.step(Step::End)
    }

    fn leave(self) -> Self {
        self.step(Step::Leave)
    }

    /// What follows is another client's.
    fn client(self, number: usize) -> Self {
        self.step(Step::Client(number))
    }

    fn head(self, method: &str, path: &str, fields: &str) -> Self {
        // Envoy says to upstreams by which protocol clients came, unless they say so themselves.
        self.send(format!(
            "{method} {path} HTTP/1.1\r\nhost: example.org\r\nuser-agent: curl/7.88.1\r\n\
             x-forwarded-proto: http\r\n{}\r\n",
            fields.replace('\n', "\r\n")
        ))
    }

    /// Asks for a path, with more fields, each a line, and reads the answer.
    fn get(self, path: &str, fields: &str) -> Self {
        self.head("GET", path, fields).answer()
    }

    /// Sends a body in one piece with its head.
    fn post(mut self, path: &str, fields: &str, body: &str) -> Self {
        let length = format!("{fields}content-length: {}\n", body.len());
        self = self.head("POST", path, &length);
        if let Some(Step::Send(bytes)) = self.steps.last_mut() {
            bytes.extend(body.bytes());
        }
        self.answer()
    }

    /// Sends a body in chunks, with time between, and trailers.
    fn stream(mut self, path: &str, fields: &str, parts: &[&str], trailers: &str) -> Self {
        let fields = format!("{fields}transfer-encoding: chunked\n");
        self = self.head("POST", path, &fields).wait(40);
        for part in parts {
            let chunk = format!("{:x}\r\n{part}\r\n", part.len());
            self = self.send(chunk).wait(40);
        }
        let trailers = trailers.replace('\n', "\r\n");
        self.send(format!("0\r\n{trailers}\r\n")).answer()
    }

    /// Asks by HTTP/2.
    fn http2(
        self,
        method: &'static str,
        path: &'static str,
        fields: &'static [(&'static str, &'static str)],
        parts: &'static [&'static str],
        trailers: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.step(Step::Http2(Ask {
            method,
            path,
            fields,
            parts,
            trailers,
        }))
    }
}
