//! What one instance has of models: sessions, and the tensors in them. Neither interface deletes a
//! tensor, so these end with their session, and sessions with the instance at the latest.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use abide_inference_host::{Encoding, Model, Models, Tensor};

use super::port;
use super::status::Wrong;

/// How much of sessions and tensors one instance may have. What is beyond fails as the interface has
/// it: no session, or the status 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Sessions that were not deleted. Default: 16.
    pub sessions: usize,
    /// Tensors in them, of what was given and of what came out. Default: 128.
    pub tensors: usize,
    /// How many bytes these have. Default: 64 MiB.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sessions: 16,
            tensors: 128,
            bytes: 64 * 1024 * 1024,
        }
    }
}

/// What there is of sessions and tensors right now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alive {
    /// Sessions.
    pub sessions: usize,
    /// Tensors in them.
    pub tensors: usize,
    /// How many bytes these have.
    pub bytes: usize,
}

/// What all instances have together.
#[derive(Debug, Default)]
struct Counts {
    sessions: AtomicUsize,
    tensors: AtomicUsize,
    bytes: AtomicUsize,
}

/// A tensor that a guest gave.
#[derive(Debug)]
struct Input {
    shape: Vec<u32>,
    data: Vec<u8>,
}

#[derive(Debug)]
struct Session {
    model: Arc<dyn Model>,
    /// One for each of the model's inputs.
    inputs: Vec<Option<Input>>,
    /// One for each of its outputs, once it was run.
    outputs: Vec<Vec<u8>>,
    /// The numbers that the guest knows outputs by.
    numbers: HashMap<usize, u32>,
}

impl Session {
    /// What it has.
    fn alive(&self) -> Alive {
        let inputs = self.inputs.iter().flatten().map(|input| input.data.len());
        let (given, bytes) = inputs.fold((0, 0), |(count, sum), len| (count + 1, sum + len));
        Alive {
            sessions: 1,
            tensors: given + self.outputs.len(),
            bytes: bytes + self.outputs.iter().map(Vec::len).sum::<usize>(),
        }
    }
}

/// The sessions of one instance. A clone is for another one and has none.
#[derive(Debug)]
pub(super) struct Sessions {
    limits: Limits,
    all: Arc<Counts>,
    own: Alive,
    open: HashMap<u32, Session>,
    /// The session and the output that the number of a tensor stands for.
    tensors: HashMap<u32, (u32, usize)>,
    /// How many numbers were given away: none is used twice.
    numbers: u32,
}

impl Sessions {
    pub(super) fn new(limits: Limits) -> Self {
        Self::of(limits, Arc::default())
    }

    fn of(limits: Limits, all: Arc<Counts>) -> Self {
        Self {
            limits,
            all,
            own: Alive::default(),
            open: HashMap::new(),
            tensors: HashMap::new(),
            numbers: 0,
        }
    }

    /// What all instances have.
    pub(super) fn alive(&self) -> Alive {
        Alive {
            sessions: self.all.sessions.load(Relaxed),
            tensors: self.all.tensors.load(Relaxed),
            bytes: self.all.bytes.load(Relaxed),
        }
    }

    /// Makes a session of a model.
    pub(super) fn create(&mut self, models: &Models, model: &[u8]) -> Result<u32, Wrong> {
        if self.own.sessions >= self.limits.sessions {
            return Err(Wrong::Limit);
        }
        let number = self.number()?;
        let model = models.load(model, Encoding::Tflite).map_err(Wrong::Model)?;
        let mut inputs = Vec::new();
        inputs.resize_with(model.inputs().len(), || None);
        let session = Session {
            model,
            inputs,
            outputs: Vec::new(),
            numbers: HashMap::new(),
        };
        self.open.insert(number, session);
        self.recount();
        Ok(number)
    }

    /// Deletes a session. There need not be one.
    pub(super) fn delete(&mut self, session: u32) {
        if let Some(gone) = self.open.remove(&session) {
            for number in gone.numbers.values() {
                self.tensors.remove(number);
            }
            self.recount();
        }
    }

    /// Gives a session an input, in place of what it was given before under that name.
    pub(super) fn give(&mut self, session: u32, name: &[u8], data: &[u8]) -> Result<(), Wrong> {
        let (limits, own) = (&self.limits, self.own);
        let session = self.open.get_mut(&session).ok_or(Wrong::Argument)?;
        let mut ports = session.model.inputs().iter();
        let at = ports.position(|port| port.name.as_bytes() == name);
        let at = at.ok_or(Wrong::Argument)?;
        let port = session.model.inputs().get(at).ok_or(Wrong::Argument)?;
        let shape = port::shape(port, data.len()).ok_or(Wrong::Argument)?;
        let place = session.inputs.get_mut(at).ok_or(Wrong::Argument)?;
        let (before, more) = match place {
            Some(before) => (before.data.len(), 0),
            None => (0, 1),
        };
        let bytes = (own.bytes - before).saturating_add(data.len());
        if bytes > limits.bytes || own.tensors + more > limits.tensors {
            return Err(Wrong::Limit);
        }
        *place = Some(Input {
            shape,
            data: data.to_vec(),
        });
        self.recount();
        Ok(())
    }

    /// Runs a session.
    pub(super) fn run(&mut self, models: &Models, session: u32) -> Result<(), Wrong> {
        let number = session;
        let session = self.open.get_mut(&number).ok_or(Wrong::Argument)?;
        session.outputs.clear();
        self.recount();
        let (limits, own) = (&self.limits, self.own);
        let session = self.open.get_mut(&number).ok_or(Wrong::Argument)?;
        let fits = |tensors: usize, bytes: usize| {
            let tensors = own.tensors.saturating_add(tensors);
            let bytes = own.bytes.saturating_add(bytes);
            match tensors <= limits.tensors && bytes <= limits.bytes {
                true => Ok(()),
                false => Err(Wrong::Limit),
            }
        };
        let mut inputs = Vec::with_capacity(session.inputs.len());
        for (port, input) in session.model.inputs().iter().zip(&session.inputs) {
            let input = input.as_ref().ok_or(Wrong::Argument)?;
            inputs.push(Tensor {
                element: port.element,
                shape: &input.shape,
                data: &input.data,
            });
        }
        // As far as it is known before.
        let outputs = session.model.outputs();
        let sizes = outputs.iter().filter_map(port::len);
        let sum = sizes.fold(0_usize, usize::saturating_add);
        fits(outputs.len(), sum)?;
        let outputs = models.run(&session.model, &inputs).map_err(Wrong::Run)?;
        let outputs: Vec<Vec<u8>> = outputs.into_iter().map(|output| output.data).collect();
        let sizes = outputs.iter().map(Vec::len);
        fits(outputs.len(), sizes.fold(0, usize::saturating_add))?;
        session.outputs = outputs;
        self.recount();
        Ok(())
    }

    /// The number of an output, by its name: the same whenever it is asked for.
    pub(super) fn output(&mut self, session: u32, name: &[u8]) -> Result<u32, Wrong> {
        let found = self.open.get(&session).ok_or(Wrong::Argument)?;
        let mut ports = found.model.outputs().iter();
        let at = ports.position(|port| port.name.as_bytes() == name);
        let at = at.ok_or(Wrong::Argument)?;
        if let Some(number) = found.numbers.get(&at) {
            return Ok(*number);
        }
        let number = self.number()?;
        let found = self.open.get_mut(&session).ok_or(Wrong::Argument)?;
        found.numbers.insert(at, number);
        self.tensors.insert(number, (session, at));
        Ok(number)
    }

    /// What an output has: nothing before its session was run. `of` is its session, where that is said.
    pub(super) fn data(&self, of: Option<u32>, tensor: u32) -> Result<&[u8], Wrong> {
        let (session, at) = *self.tensors.get(&tensor).ok_or(Wrong::Argument)?;
        if of.is_some_and(|of| of != session) {
            return Err(Wrong::Argument);
        }
        let session = self.open.get(&session).ok_or(Wrong::Argument)?;
        Ok(session.outputs.get(at).map_or(&[], Vec::as_slice))
    }

    fn number(&mut self) -> Result<u32, Wrong> {
        self.numbers = self.numbers.checked_add(1).ok_or(Wrong::Limit)?;
        Ok(self.numbers)
    }

    /// Counts what there is anew: an instance has few sessions.
    fn recount(&mut self) {
        let mut own = Alive::default();
        for session in self.open.values() {
            let of = session.alive();
            own.sessions += of.sessions;
            own.tensors += of.tensors;
            own.bytes += of.bytes;
        }
        let before = std::mem::replace(&mut self.own, own);
        let all = &self.all;
        for (count, now, before) in [
            (&all.sessions, own.sessions, before.sessions),
            (&all.tensors, own.tensors, before.tensors),
            (&all.bytes, own.bytes, before.bytes),
        ] {
            match now.checked_sub(before) {
                Some(more) => count.fetch_add(more, Relaxed),
                None => count.fetch_sub(before - now, Relaxed),
            };
        }
    }
}

impl Clone for Sessions {
    fn clone(&self) -> Self {
        Self::of(self.limits.clone(), Arc::clone(&self.all))
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        self.open.clear();
        self.recount();
    }
}
