//! Engines of the tests' own: one that takes its time, one that panics, one that is large.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use abide_inference_host::{Element, Engine, Error, Loading, Model, OwnedTensor, Port, Tensor};

/// What a run does.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// It gives back what it was given.
    Echo,
    /// It takes that long.
    Sleep(Duration),
    /// It panics.
    Panic,
    /// It says that it has begun, and waits until it is let go.
    Wait(Arc<Gate>),
}

/// Where runs wait.
#[derive(Debug)]
pub(crate) struct Gate {
    begun: Sender<()>,
    go: Mutex<Receiver<()>>,
}

/// A gate, what tells that somebody has come to it, and what opens it once.
pub(crate) fn gate() -> (Arc<Gate>, Receiver<()>, Sender<()>) {
    let ((begun, begins), (opens, go)) = (channel(), channel());
    let go = Mutex::new(go);
    (Arc::new(Gate { begun, go }), begins, opens)
}

/// An engine for which all bytes are the same model.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    does: Does,
    pub(crate) loaded: Arc<AtomicUsize>,
}

impl Made {
    pub(crate) fn new(does: Does) -> Self {
        Self {
            does,
            loaded: Arc::default(),
        }
    }
}

impl Engine for Made {
    fn load(&self, bytes: &[u8], _: &Loading) -> Result<Arc<dyn Model>, Error> {
        assert_ne!(bytes.last(), Some(&b'!'), "asked to");
        self.loaded.fetch_add(1, Ordering::SeqCst);
        let port = Port {
            name: "it".to_owned(),
            element: Element::U8,
            shape: vec![None, Some(2)],
            quantization: None,
        };
        Ok(Arc::new(MadeModel {
            does: self.does.clone(),
            ports: [port],
        }))
    }
}

#[derive(Debug)]
struct MadeModel {
    does: Does,
    ports: [Port; 1],
}

impl Model for MadeModel {
    fn inputs(&self) -> &[Port] {
        &self.ports
    }

    fn outputs(&self) -> &[Port] {
        &self.ports
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        match &self.does {
            Does::Echo => {}
            Does::Sleep(long) => std::thread::sleep(*long),
            Does::Panic => panic!("asked to"),
            Does::Wait(gate) => {
                gate.begun.send(()).unwrap();
                let go = gate.go.lock().unwrap();
                // Whoever opens it may be gone, too.
                let _ = go.recv();
            }
        }
        let give = |input: &Tensor<'_>| OwnedTensor {
            element: input.element,
            shape: input.shape.to_vec(),
            data: input.data.to_vec(),
        };
        Ok(inputs.iter().map(give).collect())
    }
}

/// Bytes that begin like a model, with something to tell them apart.
pub(crate) fn bytes(of: u32) -> Vec<u8> {
    [b"\0\0\0\0TFL3", &of.to_le_bytes()[..]].concat()
}
