//! The service that says what is on a picture. The host decodes the picture and runs the model;
//! this decides what the model sees and what its answer means.

use std::cell::OnceCell;

use abide_dapr::sdk::{Request, Response, Routes};
use abide_image::codec::{Format, Pixels, Size};
use abide_image::guest::codec::{self, Picture};
use abide_inference::guest::model::Graph;
use abide_inference::model;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use recognise_abi::sdk::{Refusal, Timing};
use serde::Serialize;

/// The model's name, which the host has for it.
const MODEL: &str = "efficientnet";

/// How many words are said.
const BEST: usize = 5;

/// Of a thumbnail, from 1 to 100.
const QUALITY: u8 = 75;

/// What is said of a picture.
#[derive(Serialize)]
struct Seen {
    picture: About,
    labels: Vec<Label>,
    /// What the model saw, as JPEG in base64: the picture, pressed into a square.
    thumbnail: String,
}

#[derive(Serialize)]
struct About {
    format: &'static str,
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct Label {
    label: String,
    /// From 0 to 1.
    share: f32,
}

/// A model with what is the same for all pictures.
struct Classifier {
    graph: Graph,
    size: Size,
    labels: Vec<String>,
    output: model::Port,
}

thread_local! {
    /// Opened by the first picture of an instance.
    static CLASSIFIER: OnceCell<Classifier> = const { OnceCell::new() };
}

fn routes() -> Routes {
    Routes::new().method("classify", |request| {
        classify(&request).unwrap_or_else(Refusal::into_response)
    })
}

fn classify(request: &Request) -> Result<Response, Refusal> {
    CLASSIFIER.with(|kept| {
        if kept.get().is_none() {
            let _ = kept.set(Classifier::open()?);
        }
        let classifier = kept.get().ok_or_else(Refusal::model_is_strange)?;
        classifier.see(&request.data)
    })
}

impl Classifier {
    fn open() -> Result<Self, Refusal> {
        let graph = Graph::open(MODEL)?;
        let (inputs, outputs) = (graph.inputs(), graph.outputs());
        let ([input], [output]) = (&*inputs, &*outputs) else {
            return Err(Refusal::model_is_strange());
        };
        // One picture, rows, columns, colours.
        let [_, Some(height), Some(width), Some(3)] = *input.shape else {
            return Err(Refusal::model_is_strange());
        };
        if input.element != model::Element::U8 || output.element != model::Element::U8 {
            return Err(Refusal::model_is_strange());
        }
        Ok(Self {
            size: Size { width, height },
            labels: graph.labels(),
            output: output.clone(),
            graph,
        })
    }

    fn see(&self, encoded: &[u8]) -> Result<Response, Refusal> {
        let mut timing = Timing::start();
        let info = codec::probe(encoded)?;
        let pixels = timing.of("decoding", || codec::load(encoded, self.size, Pixels::Rgb8))?;
        let output = timing.of("inference", || self.graph.apply(&pixels))?;
        let thumbnail = timing.of("encoding", || {
            let picture = Picture::from_pixels(self.size, Pixels::Rgb8, &pixels)?;
            picture.encode(Format::Jpeg, QUALITY)
        })?;
        let seen = Seen {
            picture: About {
                format: name(info.format),
                width: info.size.width,
                height: info.size.height,
            },
            labels: self.best(&output),
            thumbnail: STANDARD.encode(thumbnail),
        };
        Ok(timing.told(Response::json(200, &seen)))
    }

    /// The best words, the best first. The output has a number for each.
    fn best(&self, output: &[u8]) -> Vec<Label> {
        let mut order: Vec<usize> = (0..output.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(output[*at]));
        let best = order.into_iter().take(BEST).map(|at| Label {
            label: match self.labels.get(at) {
                Some(label) => label.clone(),
                None => format!("no. {at}"),
            },
            share: self.share(output[at]),
        });
        best.collect()
    }

    /// The number that a stored one stands for.
    fn share(&self, stored: u8) -> f32 {
        match &self.output.quantization {
            Some(by) => (f32::from(stored) - by.zero as f32) * by.scale,
            None => f32::from(stored) / 256.0,
        }
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Jpeg => "JPEG",
        Format::Png => "PNG",
        Format::Gif => "GIF",
        Format::Bmp => "BMP",
        Format::Webp => "WebP",
    }
}

abide_dapr::service!(routes);
