//! [ONNX Runtime](https://onnxruntime.ai), whose library is loaded when a program runs: quicker than
//! the engine of this crate, and C++.
//!
//! What guests bring is translated with all of its costs known, as for the other engine, or has to be
//! trusted: here a fault of the engine is one of the process.

mod values;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use abide_inference::model::{Error, Port, Tensor as OwnedTensor};
use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::{Session, SessionInputValue};
use parking_lot::Mutex;

use crate::engine::{Engine, Loading, Model, Tensor};
use crate::formats::translated::{self, broken, said};

/// What a process has loaded: the library can have one environment.
static LOADED: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// Runs models of ONNX and of TensorFlow Lite, of which it knows the operators that `Tract` does, on
/// the processor, by the library ONNX Runtime.
///
/// ```no_run
/// use abide_inference_host::{Models, OnnxRuntime};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let engine = OnnxRuntime::load("/usr/lib/libonnxruntime.so")?;
/// let models = Models::builder().engine(engine).model("lite0", "lite0.onnx").build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct OnnxRuntime(Environment);

impl fmt::Debug for OnnxRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnnxRuntime").finish_non_exhaustive()
    }
}

/// Why there is no ONNX Runtime.
#[derive(Debug, thiserror::Error)]
pub enum OnnxRuntimeError {
    /// There is no such library, or it is of a version before 1.17.
    #[error("cannot load ONNX Runtime, of which releases bring `libonnxruntime.so`")]
    Library(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The library does not start.
    #[error("ONNX Runtime does not start")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This process has another one already.
    #[error("this process has loaded ONNX Runtime from `{}`, and can have no second one", .0.display())]
    Another(PathBuf),
}

impl OnnxRuntime {
    /// Loads the library at a path, version 1.17 or newer. A process has one: to load it again is to
    /// have the same.
    ///
    /// The library is code that runs in this process: load none that you do not trust.
    ///
    /// # Errors
    ///
    /// It cannot be loaded, or there is another one already.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, OnnxRuntimeError> {
        let path = path.as_ref();
        let mut loaded = LOADED.lock();
        if let Some((from, environment)) = &*loaded {
            return match from == path {
                true => Ok(Self(environment.clone())),
                false => Err(OnnxRuntimeError::Another(from.clone())),
            };
        }
        let builder =
            ort::init_from(path).map_err(|error| OnnxRuntimeError::Library(error.into()))?;
        let environment = builder.with_name("abide").with_telemetry(false).build();
        let environment = environment.map_err(|error| OnnxRuntimeError::Start(error.into()))?;
        environment.set_log_level(LogLevel::Error);
        *loaded = Some((path.to_owned(), environment.clone()));
        Ok(Self(environment))
    }
}

impl Engine for OnnxRuntime {
    fn load(&self, bytes: &[u8], loading: &Loading) -> Result<Arc<dyn Model>, Error> {
        translated::load(bytes, loading, |onnx| {
            OrtModel::new(self.0.clone(), onnx, loading.threads)
        })
    }
}

/// A model. A session has one run at a time, so there are as many as there were runs at a time.
struct OrtModel {
    environment: Environment,
    onnx: Vec<u8>,
    threads: usize,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    free: Mutex<Vec<Session>>,
}

impl fmt::Debug for OrtModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrtModel")
            .field("inputs", &self.inputs)
            .field("outputs", &self.outputs)
            .finish_non_exhaustive()
    }
}

impl OrtModel {
    fn new(environment: Environment, onnx: &[u8], threads: usize) -> Result<Self, Error> {
        let session = session(&environment, onnx, threads).map_err(refused)?;
        let ports = |outlets: &[ort::value::Outlet]| {
            let ports = outlets.iter().map(values::port);
            ports.collect::<Result<Vec<_>, Error>>()
        };
        Ok(Self {
            environment,
            onnx: onnx.to_vec(),
            threads,
            inputs: ports(session.inputs())?,
            outputs: ports(session.outputs())?,
            free: Mutex::new(vec![session]),
        })
    }

    fn run_on(
        &self,
        session: &mut Session,
        values: Vec<(&str, SessionInputValue<'_>)>,
    ) -> Result<Vec<OwnedTensor>, Error> {
        let outputs = session.run(values).map_err(failed)?;
        let outputs = self.outputs.iter().map(|port| {
            let value = outputs.get(&*port.name);
            let missing = || failed(format!("there is no output `{}`", port.name));
            values::tensor(value.ok_or_else(missing)?)
        });
        outputs.collect()
    }
}

fn session(environment: &Environment, onnx: &[u8], threads: usize) -> ort::Result<Session> {
    let mut builder = Session::builder(environment)?
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        // Threads that wait by turning around take processors from guests.
        .with_intra_op_spinning(false)?;
    builder.commit_from_memory(onnx)
}

/// What it does not know it says in words only.
fn refused(error: ort::Error) -> Error {
    let text = error.to_string();
    let unknown = ["is not a registered function/op", "No Op registered for"];
    match unknown.iter().any(|words| text.contains(words)) {
        true => Error::Unsupported(said(text)),
        false => broken(text),
    }
}

fn failed(error: impl fmt::Display) -> Error {
    Error::Failed(said(error))
}

impl Model for OrtModel {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn run(&self, inputs: &[Tensor<'_>]) -> Result<Vec<OwnedTensor>, Error> {
        let ports = self.inputs.iter().zip(inputs);
        let values = ports.map(|(port, tensor)| Ok((&*port.name, values::value(tensor)?.into())));
        let values = values.collect::<Result<Vec<(&str, SessionInputValue<'_>)>, Error>>()?;
        let free = self.free.lock().pop();
        let mut session = match free {
            Some(session) => session,
            None => session(&self.environment, &self.onnx, self.threads).map_err(failed)?,
        };
        let outputs = self.run_on(&mut session, values);
        // It is as good as before, also where the run failed: to make another one is dear, and a guest
        // could have that done as often as it likes.
        self.free.lock().push(session);
        outputs
    }
}
