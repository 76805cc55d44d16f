//! A filter of a proxy, written with the SDK of proxy-wasm. What lies under `/private` is for those
//! only who know the token, which is its configuration; every response says that it was here.

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType};

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

/// What all requests have in common.
#[derive(Default)]
struct Root {
    token: String,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let token = self.get_plugin_configuration().unwrap_or_default();
        self.token = String::from_utf8_lossy(&token).into_owned();
        !self.token.is_empty()
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        let token = self.token.clone();
        Some(Box::new(Guard { token }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

/// What is done with one request.
struct Guard {
    token: String,
}

impl Context for Guard {}

impl HttpContext for Guard {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let path = self.get_http_request_header(":path").unwrap_or_default();
        if path.starts_with("/private")
            && self.get_http_request_header("x-token").as_ref() != Some(&self.token)
        {
            self.send_http_response(401, vec![], Some(b"a token is wanted\n"));
            return Action::Pause;
        }
        self.set_http_request_header("x-token", None);
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _: usize, _: bool) -> Action {
        self.set_http_response_header("x-guarded", Some("yes"));
        Action::Continue
    }
}
