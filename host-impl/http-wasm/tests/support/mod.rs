//! A server that keeps everything in memory.

use std::sync::Arc;

use abide::module::Trap;
use abide_http_wasm::{Body, Exchange, Features, Fields, Host, Level, Read};
use parking_lot::Mutex;

/// What there is one of for all requests.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) config: Vec<u8>,
    pub(crate) features: Features,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            config: b"mode=strict".to_vec(),
            features: Features::BUFFER_REQUEST | Features::BUFFER_RESPONSE | Features::TRAILERS,
            log: Arc::default(),
        }
    }

    pub(crate) fn logged(&self) -> Vec<String> {
        std::mem::take(&mut *self.log.lock())
    }
}

impl Host for Server {
    type Exchange = Kept;

    fn config(&self) -> &[u8] {
        &self.config
    }

    fn features(&self) -> Features {
        self.features
    }

    fn is_logged(&self, level: Level) -> bool {
        level >= Level::Info
    }

    fn log(&self, level: Level, message: &str) {
        self.log.lock().push(format!("{level:?}: {message}"));
    }
}

/// A body, and how much of it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bytes {
    pub(crate) bytes: Vec<u8>,
    read: usize,
}

/// A request with its response.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) status: u16,
    pub(crate) fields: Vec<(Fields, String, Vec<u8>)>,
    pub(crate) request: Bytes,
    pub(crate) response: Bytes,
    pub(crate) enabled: Features,
    pub(crate) hook: Hook,
}

/// What is done when the URI is set.
#[derive(Default)]
pub(crate) struct Hook(pub(crate) Option<Box<dyn FnOnce() + Send>>);

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").finish_non_exhaustive()
    }
}

impl Kept {
    pub(crate) fn new(uri: &str) -> Self {
        let field =
            |name: &str, value: &str| (Fields::Request, name.to_owned(), value.as_bytes().to_vec());
        Self {
            method: "GET".to_owned(),
            uri: uri.to_owned(),
            status: 200,
            fields: vec![
                field("user-agent", "curl/8"),
                field("accept", "text/html"),
                field("accept", "*/*"),
            ],
            request: Bytes::default(),
            response: Bytes::default(),
            enabled: Features::NONE,
            hook: Hook::default(),
        }
    }

    /// The fields of one kind, as lines.
    pub(crate) fn lines(&self, of: Fields) -> Vec<String> {
        let fields = self.fields.iter().filter(|field| field.0 == of);
        fields
            .map(|(_, name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect()
    }

    fn body(&mut self, of: Body) -> &mut Bytes {
        match of {
            Body::Request => &mut self.request,
            Body::Response => &mut self.response,
        }
    }
}

impl Exchange for Kept {
    fn method(&self) -> &str {
        &self.method
    }

    fn set_method(&mut self, method: &str) -> Result<(), Trap> {
        match method {
            "PANIC" => panic!("on purpose"),
            method => self.method = method.to_owned(),
        }
        Ok(())
    }

    fn uri(&self) -> &str {
        &self.uri
    }

    fn set_uri(&mut self, uri: &str) -> Result<(), Trap> {
        if let Some(hook) = self.hook.0.take() {
            hook();
        }
        self.uri = uri.to_owned();
        Ok(())
    }

    fn protocol(&self) -> &str {
        "HTTP/1.1"
    }

    fn source(&self) -> String {
        "192.0.2.1:4711".to_owned()
    }

    fn status(&self) -> u16 {
        self.status
    }

    fn set_status(&mut self, status: u16) -> Result<(), Trap> {
        self.status = status;
        Ok(())
    }

    fn names(&self, of: Fields) -> Vec<String> {
        let fields = self.fields.iter().filter(|field| field.0 == of);
        let mut names: Vec<String> = fields.map(|field| field.1.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn values(&self, of: Fields, name: &str) -> Vec<Vec<u8>> {
        let fields = self.fields.iter();
        let fields = fields.filter(|field| field.0 == of && field.1 == name);
        fields.map(|field| field.2.clone()).collect()
    }

    fn add(&mut self, of: Fields, name: &str, value: &[u8]) -> Result<(), Trap> {
        self.fields.push((of, name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn remove(&mut self, of: Fields, name: &str) -> Result<(), Trap> {
        self.fields.retain(|field| field.0 != of || field.1 != name);
        Ok(())
    }

    fn read(&mut self, of: Body, most: usize) -> Result<Read, Trap> {
        let body = self.body(of);
        let left = &body.bytes[body.read..];
        let bytes = left[..left.len().min(most)].to_vec();
        body.read += bytes.len();
        let is_last = body.read == body.bytes.len();
        Ok(Read { bytes, is_last })
    }

    fn write(&mut self, of: Body, part: &[u8], replaces: bool) -> Result<(), Trap> {
        let body = self.body(of);
        if replaces {
            *body = Bytes::default();
        }
        body.bytes.extend_from_slice(part);
        Ok(())
    }

    fn enable(&mut self, features: Features) {
        self.enabled = self.enabled | features;
    }
}
