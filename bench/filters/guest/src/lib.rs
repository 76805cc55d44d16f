//! The three filters of `../module` as a component, line by line.

use std::cell::Cell;

use abide_proxy::guest::log;
use abide_proxy::log::Level;
use abide_proxy::sdk::{Action, Direction, Exchange, Filter, Part, Phases, Response, Root};

/// Which filter it is.
#[derive(Clone, Copy)]
enum Kind {
    Headers,
    Add,
    Body,
}

struct Settings {
    kind: Kind,
    /// The number of the next request.
    next: Cell<u32>,
}

impl Root for Settings {
    fn start(_: Vec<u8>, configuration: Vec<u8>) -> Result<Self, String> {
        let kind = match &configuration[..] {
            b"headers" => Kind::Headers,
            b"add" => Kind::Add,
            b"body" => Kind::Body,
            _ => return Err("there is no such filter".to_owned()),
        };
        let next = Cell::new(2);
        Ok(Self { kind, next })
    }
}

fn say(message: &str) {
    log::log(Level::Debug, message);
}

/// What is done with one request.
struct Measured {
    exchange: Exchange,
    kind: Kind,
    id: u32,
}

impl Measured {
    fn say_all(&self, part: Part, arrow: &str) {
        for (name, value) in self.exchange.fields(part).unwrap_or_default() {
            let value = String::from_utf8_lossy(&value);
            say(&format!("#{} {arrow} {name}: {value}", self.id));
        }
    }
}

impl Filter for Measured {
    type Root = Settings;
    const PHASES: Phases = Phases::REQUEST_HEADERS
        .union(Phases::RESPONSE_HEADERS)
        .union(Phases::RESPONSE_BODY)
        .union(Phases::LOG);

    fn new(exchange: Exchange, settings: &Settings) -> Self {
        let id = settings.next.get();
        settings.next.set(id.wrapping_add(1));
        let kind = settings.kind;
        Self { exchange, kind, id }
    }

    fn request_headers(&mut self, _: u32, _: bool) -> Action {
        let part = Part::RequestHeaders;
        // There are headers now, so there are no errors.
        match self.kind {
            Kind::Headers => {
                self.say_all(part, "->");
                if let Ok(Some(path)) = self.exchange.get_field(part, ":path")
                    && path == b"/hello"
                {
                    let field = |name: &str, value: &str| (name.to_owned(), value.into());
                    let _ = self.exchange.respond(&Response {
                        status: 200,
                        fields: vec![field("hello", "world"), field("powered-by", "proxy-wasm")],
                        body: b"Hello, World!\n".to_vec(),
                        grpc_status: None,
                        details: String::new(),
                    });
                    return Action::Pause;
                }
            }
            Kind::Add => {
                let _ = self.exchange.add_field(part, "x-filter", b"abide");
                if let Ok(Some(agent)) = self.exchange.get_field(part, "user-agent") {
                    say(&String::from_utf8_lossy(&agent));
                }
            }
            Kind::Body => {}
        }
        Action::Proceed
    }

    fn response_headers(&mut self, _: u32, _: bool) -> Action {
        let part = Part::ResponseHeaders;
        match self.kind {
            Kind::Headers => self.say_all(part, "<-"),
            Kind::Add => {}
            Kind::Body => {
                let _ = self.exchange.remove_field(part, "content-length");
            }
        }
        Action::Proceed
    }

    fn response_body(&mut self, size: u64, last: bool) -> Action {
        let Kind::Body = self.kind else {
            return Action::Proceed;
        };
        if !last {
            return Action::Pause;
        }
        let way = Direction::Response;
        if let Ok(body) = self.exchange.body(way, 0, size)
            && let Ok(text) = String::from_utf8(body)
            && text.contains("secret")
        {
            let text = text.replace("secret", "******");
            let _ = self.exchange.replace_body(way, 0, size, text.as_bytes());
        }
        Action::Proceed
    }

    fn log(&mut self) {
        if let Kind::Headers = self.kind {
            say(&format!("#{} completed.", self.id));
        }
    }
}

abide_proxy::filter!(Measured);
