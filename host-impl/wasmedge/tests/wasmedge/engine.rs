//! An engine for tests of what is around engines: its models are a line of text, and make numbers twice
//! as large. What a real one makes of a real model is in `recognition`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use abide_inference_host::{Element, Engine, Error, Loading, Model, OwnedTensor, Port, Tensor};

/// What models begin with, which is what those of TensorFlow Lite have there.
pub(crate) const MARK: &str = "kit TFL3 ";

/// The engine. It counts, together with its clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doubling {
    pub(crate) loaded: Arc<AtomicUsize>,
    pub(crate) run: Arc<AtomicUsize>,
}

/// Of the text `kit TFL3 double 4 out fails`: an input `in` of so many bytes, or of any number of them for `any`,
/// and as many outputs of that name and length as it is said.
#[derive(Debug)]
struct Doubles {
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    fails: bool,
    /// How long a run takes.
    takes: Duration,
    run: Arc<AtomicUsize>,
}

impl Engine for Doubling {
    fn load(&self, bytes: &[u8], _: &Loading) -> Result<Arc<dyn Model>, Error> {
        let text = std::str::from_utf8(bytes).map_err(|_| Error::Broken("no text".to_owned()))?;
        let text = text.strip_prefix(MARK).unwrap_or_default();
        let mut words = text.split(' ');
        let (Some("double"), Some(len)) = (words.next(), words.next()) else {
            return Err(Error::Unsupported(text.to_owned()));
        };
        let shape = match len {
            "any" => vec![Some(1), None],
            len => vec![Some(
                len.parse().map_err(|_| Error::Broken(len.to_owned()))?,
            )],
        };
        let port = |name: &str| Port {
            name: name.to_owned(),
            element: Element::U8,
            shape: shape.clone(),
            quantization: None,
        };
        self.loaded.fetch_add(1, Relaxed);
        let outputs: Vec<&str> = words.collect();
        Ok(Arc::new(Doubles {
            inputs: vec![port("in")],
            fails: outputs.contains(&"fails"),
            takes: match outputs.last() {
                Some(&"slow") => Duration::from_secs(3),
                _ => Duration::ZERO,
            },
            outputs: outputs.into_iter().map(port).collect(),
            run: Arc::clone(&self.run),
        }))
    }
}

impl Model for Doubles {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        self.run.fetch_add(1, Relaxed);
        thread::sleep(self.takes);
        if self.fails {
            return Err(Error::Failed("on purpose".to_owned()));
        }
        let [input] = inputs else {
            return Err(Error::Mismatch("one input".to_owned()));
        };
        let data: Vec<u8> = input.data.iter().map(|byte| byte.wrapping_mul(2)).collect();
        let output = |_: &Port| OwnedTensor {
            element: input.element,
            shape: input.shape.to_vec(),
            data: data.clone(),
        };
        Ok(self.outputs.iter().map(output).collect())
    }
}
