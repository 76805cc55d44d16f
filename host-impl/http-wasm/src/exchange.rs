//! What a program that serves HTTP gives a guest access to.

use abide::module::Trap;

use crate::{Features, Level};

/// What there is one of for all requests. It is cloned for each instance of a guest.
pub trait Host: Clone + Send + Sync + 'static {
    /// A request with its response.
    type Exchange: Exchange;

    /// What the guest is configured with, in whatever form it wants that.
    fn config(&self) -> &[u8] {
        &[]
    }

    /// What can be enabled: by default nothing.
    fn features(&self) -> Features {
        Features::NONE
    }

    /// Whether messages of a level are logged: by default those that [`tracing`] wants.
    fn is_logged(&self, level: Level) -> bool {
        level.is_wanted()
    }

    /// Logs a message of the guest's, which was cut where it is very long: by default with
    /// [`tracing`], under the target `abide::guest`.
    fn log(&self, level: Level, message: &str) {
        level.trace(message);
    }
}

/// A request with its response, as one guest sees it. Names of fields are in lower case.
///
/// What cannot be done ends the guest, with the reason that is given. Methods are called on the
/// thread that [`handle_request`](crate::Transaction::handle_request) or
/// [`handle_response`](crate::Transaction::handle_response) was called on, and the guest's deadline
/// does not interrupt them.
pub trait Exchange: Send + 'static {
    /// The request's method: `GET`.
    fn method(&self) -> &str;

    /// Sets the request's method, which is not empty.
    ///
    /// # Errors
    /// What ends the guest.
    fn set_method(&mut self, method: &str) -> Result<(), Trap>;

    /// The path and query of the request, encoded: `/hi?name=panda`. Empty is told as `/`.
    fn uri(&self) -> &str;

    /// Sets the path and query of the request, which may be empty.
    ///
    /// # Errors
    /// What ends the guest.
    fn set_uri(&mut self, uri: &str) -> Result<(), Trap>;

    /// The protocol of the request: `HTTP/1.1`.
    fn protocol(&self) -> &str;

    /// Where the request comes from: `1.1.1.1:12345`.
    fn source(&self) -> String;

    /// The status of the response: 200, before anybody set it.
    fn status(&self) -> u16;

    /// Sets the status of the response.
    ///
    /// # Errors
    /// What ends the guest.
    fn set_status(&mut self, status: u16) -> Result<(), Trap>;

    /// The names of all fields, each once.
    fn names(&self, of: Fields) -> Vec<String>;

    /// The values of a field; none, if it is not there. There is no zero in any of them.
    fn values(&self, of: Fields, name: &str) -> Vec<Vec<u8>>;

    /// Adds a value to a field.
    ///
    /// # Errors
    /// What ends the guest.
    fn add(&mut self, of: Fields, name: &str, value: &[u8]) -> Result<(), Trap>;

    /// Removes all values of a field.
    ///
    /// # Errors
    /// What ends the guest.
    fn remove(&mut self, of: Fields, name: &str) -> Result<(), Trap>;

    /// Sets a field to one value.
    ///
    /// # Errors
    /// What ends the guest.
    fn set(&mut self, of: Fields, name: &str, value: &[u8]) -> Result<(), Trap> {
        self.remove(of, name)?;
        self.add(of, name, value)
    }

    /// Reads on in a body, at most so many bytes.
    ///
    /// Whether the next to handle the request can read it once more is up to the feature
    /// [`BUFFER_REQUEST`](Features::BUFFER_REQUEST).
    ///
    /// # Errors
    /// What ends the guest.
    fn read(&mut self, of: Body, most: usize) -> Result<Read, Trap>;

    /// Writes on in a body. `replaces` is set for the first part that a guest writes in a call: it
    /// takes the place of the whole body.
    ///
    /// # Errors
    /// What ends the guest.
    fn write(&mut self, of: Body, part: &[u8], replaces: bool) -> Result<(), Trap>;

    /// The guest enabled these for this request, beside those that it has enabled before.
    fn enable(&mut self, features: Features) {
        let _ = features;
    }
}

/// A part of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether there are no more behind them.
    pub is_last: bool,
}

/// Which fields are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fields {
    /// The request's headers.
    Request,
    /// The response's headers.
    Response,
    /// The request's trailers.
    RequestTrailers,
    /// The response's trailers.
    ResponseTrailers,
}

impl Fields {
    /// Whether they stand behind a body.
    #[must_use]
    pub fn are_trailers(self) -> bool {
        matches!(self, Self::RequestTrailers | Self::ResponseTrailers)
    }
}

impl TryFrom<u32> for Fields {
    type Error = ();

    fn try_from(number: u32) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Request,
            1 => Self::Response,
            2 => Self::RequestTrailers,
            3 => Self::ResponseTrailers,
            _ => return Err(()),
        })
    }
}

/// Which body is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Body {
    /// The request's.
    Request,
    /// The response's.
    Response,
}

impl TryFrom<u32> for Body {
    type Error = ();

    fn try_from(number: u32) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Request,
            1 => Self::Response,
            _ => return Err(()),
        })
    }
}
