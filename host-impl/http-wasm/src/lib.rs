//! A host for [http-wasm](https://http-wasm.io/http-handler-abi/): middleware for HTTP as plain
//! modules, as Dapr, Traefik and others run them. Guests run unmodified, with the limits,
//! deadlines, errors and everything else that guests of Abide have.
//!
//! A program that serves HTTP implements two traits: [`Host`], of which there is one for all
//! requests, and [`Exchange`], a request with its response. [`HttpWasm`] has the guest look at one
//! after the other:
//!
//! ```
//! use abide::module::Trap;
//! use abide_http_wasm::{Body, Exchange, Fields, Host, HttpWasm, Read};
//!
//! /// A request and its response; this one has no bodies.
//! struct Small {
//!     uri: String,
//!     status: u16,
//!     fields: Vec<(Fields, String, Vec<u8>)>,
//! }
//!
//! impl Exchange for Small {
//!     fn method(&self) -> &str { "GET" }
//!     fn set_method(&mut self, _: &str) -> Result<(), Trap> { Err(Trap::new("it is fixed")) }
//!     fn uri(&self) -> &str { &self.uri }
//!     fn set_uri(&mut self, uri: &str) -> Result<(), Trap> {
//!         self.uri = uri.to_owned();
//!         Ok(())
//!     }
//!     fn protocol(&self) -> &str { "HTTP/1.1" }
//!     fn source(&self) -> String { "192.0.2.1:4711".to_owned() }
//!     fn status(&self) -> u16 { self.status }
//!     fn set_status(&mut self, status: u16) -> Result<(), Trap> {
//!         self.status = status;
//!         Ok(())
//!     }
//!     fn names(&self, of: Fields) -> Vec<String> {
//!         self.fields.iter().filter(|field| field.0 == of).map(|field| field.1.clone()).collect()
//!     }
//!     fn values(&self, of: Fields, name: &str) -> Vec<Vec<u8>> {
//!         let fields = self.fields.iter().filter(|field| field.0 == of && field.1 == name);
//!         fields.map(|field| field.2.clone()).collect()
//!     }
//!     fn add(&mut self, of: Fields, name: &str, value: &[u8]) -> Result<(), Trap> {
//!         self.fields.push((of, name.to_owned(), value.to_owned()));
//!         Ok(())
//!     }
//!     fn remove(&mut self, of: Fields, name: &str) -> Result<(), Trap> {
//!         self.fields.retain(|field| field.0 != of || field.1 != name);
//!         Ok(())
//!     }
//!     fn read(&mut self, _: Body, _: usize) -> Result<Read, Trap> { Ok(Read::default()) }
//!     fn write(&mut self, _: Body, _: &[u8], _: bool) -> Result<(), Trap> { Ok(()) }
//! }
//!
//! #[derive(Clone)]
//! struct Server;
//!
//! impl Host for Server {
//!     type Exchange = Small;
//! }
//!
//! # fn serve(request: Small) -> abide::Result<Small> {
//! let middleware = HttpWasm::load_module("middleware.wasm", Server)?;
//! let mut transaction = middleware.transaction(request);
//! if transaction.handle_request()?.next {
//!     // The request is answered here, by whoever comes next.
//!     transaction.exchange().status = 200;
//!     transaction.handle_response(false)?;
//! }
//! let answered = transaction.into_exchange();
//! # Ok(answered)
//! # }
//! # assert!(HttpWasm::load_module("middleware.wasm", Server).is_err());
//! ```
//!
//! - What a guest asks for that it may not have, or that is no good, ends it with
//!   [`Error::AbiViolation`](abide::Error::AbiViolation): this ABI has no statuses. A request that
//!   a guest failed on comes back as far as it got.
//! - Each call runs in an instance of its own, unless [`load_with`](HttpWasm::load_with) says
//!   otherwise. A guest that keeps something from [`handle_request`](Transaction::handle_request)
//!   to [`handle_response`](Transaction::handle_response) needs one that lasts:
//!   [`session`](HttpWasm::session).
//! - `_initialize` or `_start` is run before anything else, and once when the guest is loaded: what
//!   it enables there is enabled for all requests.
//! - What a guest is granted of WASI is what [`Wasi`](abide::Wasi) says, with the feature `wasip1`,
//!   which is on by default.

mod current;
mod exchange;
mod features;
mod handler;
mod imports;
mod level;
mod values;

pub use exchange::{Body, Exchange, Fields, Host, Read};
pub use features::Features;
pub use handler::{CtxNext, Guest, HttpWasm, Ongoing, Session, Transaction};
pub use level::Level;
