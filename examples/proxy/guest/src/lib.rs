//! A filter of a proxy, as a component. It stamps each request with a field, and blots out a word
//! wherever it stands in a request's body. Its configuration is the stamp and the word.

use abide_proxy::sdk::{Action, Direction, Exchange, Filter, Part, Phases, Root};

/// The configuration, in two words.
struct Settings {
    stamp: String,
    word: String,
}

impl Root for Settings {
    fn start(_: Vec<u8>, configuration: Vec<u8>) -> Result<Self, String> {
        let text = String::from_utf8(configuration).map_err(|error| error.to_string())?;
        let (stamp, word) = text.split_once(' ').ok_or("two words are wanted")?;
        Ok(Self {
            stamp: stamp.to_owned(),
            word: word.to_owned(),
        })
    }
}

/// What is done with one request.
struct Stamp {
    exchange: Exchange,
    stamp: Vec<u8>,
    word: String,
}

impl Filter for Stamp {
    type Root = Settings;
    const PHASES: Phases = Phases::REQUEST_HEADERS.union(Phases::REQUEST_BODY);

    fn new(exchange: Exchange, settings: &Settings) -> Self {
        Self {
            exchange,
            stamp: settings.stamp.clone().into(),
            word: settings.word.clone(),
        }
    }

    fn request_headers(&mut self, _: u32, _: bool) -> Action {
        // There are headers now, so there is no error.
        let _ = self
            .exchange
            .set_field(Part::RequestHeaders, "x-stamp", &self.stamp);
        Action::Proceed
    }

    /// A word may stand in two parts of the body, so all of it is waited for.
    fn request_body(&mut self, size: u64, last: bool) -> Action {
        if !last {
            return Action::Pause;
        }
        let way = Direction::Request;
        if let Ok(body) = self.exchange.body(way, 0, size)
            && let Ok(text) = String::from_utf8(body)
            && text.contains(&self.word)
        {
            let blot = "*".repeat(self.word.chars().count());
            let text = text.replace(&self.word, &blot);
            // There is a body now, and it does not grow beyond what the proxy bears.
            let _ = self.exchange.replace_body(way, 0, size, text.as_bytes());
        }
        Action::Proceed
    }
}

abide_proxy::filter!(Stamp);
