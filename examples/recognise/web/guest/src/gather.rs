//! Asks the services that look at a picture, and puts together what they say.

use abide_dapr::guest::invocation;
use abide_dapr::sdk::{Error, Request, Response, Verb};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use recognise_abi::sdk::{Parts, Refusal, Timing};
use serde::{Deserialize, Serialize};

use crate::asked;
use crate::history::{self, Seen};

/// The longest name of a picture that is kept, in characters.
const NAME: usize = 80;

/// A word, and how sure the model is of it, from 0 to 1.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Label {
    pub(crate) label: String,
    pub(crate) share: f32,
}

#[derive(Serialize, Deserialize)]
struct About {
    format: String,
    width: u32,
    height: u32,
}

/// What the classifier says.
#[derive(Deserialize)]
struct Classified {
    picture: About,
    labels: Vec<Label>,
    thumbnail: String,
}

/// What whoever sent the picture is told.
#[derive(Serialize)]
struct Told {
    /// Under this it is in the history.
    id: Option<String>,
    /// Why it is not in the history, if it is not.
    note: Option<String>,
    name: String,
    picture: About,
    labels: Vec<Label>,
    /// The grey twin, as a URL that has all of it.
    grey: String,
    times: Times,
}

/// In milliseconds.
#[derive(Serialize)]
struct Times {
    /// Pictures read, by the hosts of both services.
    decoding: f64,
    /// The model run, by the host of the classifier.
    inference: f64,
    /// Pictures written, by the hosts of both services.
    encoding: f64,
    /// Pixels made grey, by the guest of the other.
    kernel: f64,
    /// All that the three guests did themselves, that loop included.
    guest: f64,
    /// The history written.
    keeping: f64,
    /// All of it, as this service saw it.
    total: f64,
}

pub(crate) fn recognise(request: &Request) -> Result<Response, Refusal> {
    let mut timing = Timing::start();
    let classified = timing.of("classify", || call("classify", "classify", request))?;
    let grey = timing.of("grey", || call("grey", "grey", request))?;
    let said: Classified =
        serde_json::from_slice(&classified.data).map_err(|_| strange("classify"))?;
    let thumbnail = STANDARD.decode(&said.thumbnail);
    let thumbnail = thumbnail.map_err(|_| strange("classify"))?;
    let name: String = asked(request, "name").chars().take(NAME).collect();
    let kept = timing.of("keeping", || {
        history::keep(Seen {
            name: &name,
            size: (said.picture.width, said.picture.height),
            best: said.labels.first(),
            grey: &grey.data,
            thumbnail: &thumbnail,
        })
    });
    // Whoever sent a picture shall see what it shows, also while the store is away.
    let (id, note) = match kept {
        Ok(id) => (Some(id), None),
        Err(error) => (None, Some(format!("not kept in the history: {error}"))),
    };
    let grey_url = format!("data:image/jpeg;base64,{}", STANDARD.encode(&grey.data));
    let (first, second) = (Parts::of(&classified), Parts::of(&grey));
    let both = |part| first.took(part) + second.took(part);
    let told = Told {
        id,
        note,
        name,
        picture: said.picture,
        labels: said.labels,
        grey: grey_url,
        times: Times {
            decoding: both("decoding"),
            inference: first.took("inference"),
            encoding: both("encoding"),
            kernel: second.took("kernel"),
            guest: timing.rest() + both("guest") + second.took("kernel"),
            keeping: timing.took("keeping"),
            total: timing.total(),
        },
    };
    Ok(Response::json(200, &told))
}

/// Has a service look at the picture. What it refuses, is refused in its own words.
fn call(app: &str, method: &str, request: &Request) -> Result<Response, Refusal> {
    let picture = Request {
        verb: Verb::Post,
        method: method.to_owned(),
        query: Vec::new(),
        content_type: "application/octet-stream".to_owned(),
        data: request.data.clone(),
        metadata: Vec::new(),
    };
    let answer = invocation::invoke(app, &picture).map_err(|error| not_called(app, &error))?;
    match answer.status {
        200 => Ok(answer),
        status => Err(refused(app, status, &answer)),
    }
}

/// How a service says no.
#[derive(Deserialize)]
struct Said {
    error: String,
    message: String,
}

fn refused(app: &str, status: u16, answer: &Response) -> Refusal {
    match serde_json::from_slice::<Said>(&answer.data) {
        Ok(said) => Refusal::new(status, said.error, said.message),
        Err(_) => {
            let message = format!("the service `{app}` answers with {status}");
            Refusal::new(502, "service-failed", message)
        }
    }
}

/// A service that cannot be called, in words that say what to do.
fn not_called(app: &str, error: &Error) -> Refusal {
    match error {
        Error::NotFound(_) => {
            let message = format!("the service `{app}` is not there; come back soon");
            Refusal::new(503, "service-away", message)
        }
        Error::Unavailable(why) => {
            let message = format!("the service `{app}` cannot be reached ({why}); come back soon");
            Refusal::new(503, "service-away", message)
        }
        Error::Timeout => {
            let message = format!("the service `{app}` did not answer in time");
            Refusal::new(504, "service-late", message)
        }
        Error::Invalid(why) => {
            let message = format!("the picture cannot be sent to the service `{app}`: {why}");
            Refusal::new(413, "too-large", message)
        }
        other => {
            let message = format!("the service `{app}` failed: {other}");
            Refusal::new(502, "service-failed", message)
        }
    }
}

fn strange(app: &str) -> Refusal {
    let message = format!("the service `{app}` answers in a strange way");
    Refusal::new(502, "service-failed", message)
}
