//! Three filters of a proxy, written with the SDK of proxy-wasm; the configuration says which of them
//! a VM has. `../guest` is the same as a component.
//!
//! - `headers` logs every field of a request and of its response, as the SDK's example `http_headers`.
//! - `add` adds a field to a request, reads another one, and logs it.
//! - `body` blots a word out of a response's body.
//!
//! What is logged is at the level that proxies leave out: the calls are made, and nobody writes.

use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

/// Which filter it is.
#[derive(Default)]
struct Root {
    kind: Vec<u8>,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        self.kind = self.get_plugin_configuration().unwrap_or_default();
        matches!(&self.kind[..], b"headers" | b"add" | b"body")
    }

    fn create_http_context(&self, id: u32) -> Option<Box<dyn HttpContext>> {
        Some(match &self.kind[..] {
            b"headers" => Box::new(Headers { id }),
            b"add" => Box::new(Add),
            _ => Box::new(Body),
        })
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

fn say(message: &str) {
    // There is nobody to tell that it cannot be told.
    let _ = hostcalls::log(LogLevel::Debug, message);
}

struct Headers {
    id: u32,
}

impl Context for Headers {}

impl HttpContext for Headers {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        for (name, value) in &self.get_http_request_headers() {
            say(&format!("#{} -> {name}: {value}", self.id));
        }
        match self.get_http_request_header(":path") {
            Some(path) if path == "/hello" => {
                let fields = vec![("hello", "world"), ("powered-by", "proxy-wasm")];
                self.send_http_response(200, fields, Some(b"Hello, World!\n"));
                Action::Pause
            }
            _ => Action::Continue,
        }
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        for (name, value) in &self.get_http_response_headers() {
            say(&format!("#{} <- {name}: {value}", self.id));
        }
        Action::Continue
    }

    fn on_log(&mut self) {
        say(&format!("#{} completed.", self.id));
    }
}

struct Add;

impl Context for Add {}

impl HttpContext for Add {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        self.add_http_request_header("x-filter", "abide");
        if let Some(agent) = self.get_http_request_header("user-agent") {
            say(&agent);
        }
        Action::Continue
    }
}

struct Body;

impl Context for Body {}

impl HttpContext for Body {
    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_response_header("content-length", None);
        Action::Continue
    }

    fn on_http_response_body(&mut self, size: usize, last: bool) -> Action {
        if !last {
            return Action::Pause;
        }
        if let Some(body) = self.get_http_response_body(0, size)
            && let Ok(text) = String::from_utf8(body)
            && text.contains("secret")
        {
            let text = text.replace("secret", "******");
            self.set_http_response_body(0, size, text.as_bytes());
        }
        Action::Continue
    }
}
