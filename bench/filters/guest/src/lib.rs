//! The filters of `../module` as components, line by line: a feature says which of the three it is.

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

const KIND: Kind = if cfg!(feature = "headers") {
    Kind::Headers
} else if cfg!(feature = "add") {
    Kind::Add
} else {
    Kind::Body
};

/// The number of the next request.
struct Settings(Cell<u32>);

impl Root for Settings {
    fn start(_: Vec<u8>, _: Vec<u8>) -> Result<Self, String> {
        Ok(Self(Cell::new(2)))
    }
}

fn say(message: &str) {
    log::log(Level::Debug, message);
}

/// What is done with one request.
struct Measured {
    exchange: Exchange,
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
    const PHASES: Phases = match KIND {
        Kind::Headers => Phases::REQUEST_HEADERS
            .union(Phases::RESPONSE_HEADERS)
            .union(Phases::LOG),
        Kind::Add => Phases::REQUEST_HEADERS,
        Kind::Body => Phases::RESPONSE_HEADERS.union(Phases::RESPONSE_BODY),
    };

    fn new(exchange: Exchange, settings: &Settings) -> Self {
        let id = settings.0.get();
        settings.0.set(id.wrapping_add(1));
        Self { exchange, id }
    }

    fn request_headers(&mut self, _: u32, _: bool) -> Action {
        let part = Part::RequestHeaders;
        // There are headers now, so there are no errors.
        match KIND {
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
        match KIND {
            Kind::Headers => self.say_all(part, "<-"),
            Kind::Add => {}
            Kind::Body => {
                let _ = self.exchange.remove_field(part, "content-length");
            }
        }
        Action::Proceed
    }

    fn response_body(&mut self, size: u64, last: bool) -> Action {
        let Kind::Body = KIND else {
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
        if let Kind::Headers = KIND {
            say(&format!("#{} completed.", self.id));
        }
    }
}

abide_proxy::filter!(Measured);
