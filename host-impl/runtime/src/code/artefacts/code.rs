//! Turning bytes that are trusted into code that can run: the only place where that happens.
//!
//! Whoever asks for it has checked their seal.

use wasmtime::Module;
use wasmtime::component::Component;

use crate::code::form::{Compiled, Form};

/// Bytes that this program made with [`Compiled::serialize`] and that nobody changed since.
pub(super) struct Trusted<'a>(&'a [u8]);

impl<'a> Trusted<'a> {
    /// The code in an artefact that [`open`](super::format::open) let pass.
    pub(super) fn opened(
        secret: &super::format::Secret,
        key: &blake3::Hash,
        artefact: &'a [u8],
    ) -> Result<Self, super::format::Distrusted> {
        super::format::open(secret, key, artefact).map(Self)
    }

    /// The code of a guest of that form. It fails if it is for another engine or version of wasmtime,
    /// or of another form.
    #[expect(
        unsafe_code,
        reason = "what is deserialised is machine code, which is run"
    )]
    pub(super) fn code(&self, engine: &wasmtime::Engine, form: Form) -> wasmtime::Result<Compiled> {
        // SAFETY: the bytes must be what `Compiled::serialize` returned, unchanged. A value of
        // this type is only made from bytes in memory of our own, whose seal (a keyed hash over all
        // of them and the key that they were asked for under) was checked with the secret of a
        // folder that nobody else can read. Who does not have the secret cannot make such bytes,
        // and `Artefacts::keep`, which has it, seals nothing but what `serialize` returned. They
        // are not read again from the file: what was checked is what is used.
        unsafe {
            match form {
                Form::Component => Component::deserialize(engine, self.0).map(Compiled::Component),
                Form::Module => Module::deserialize(engine, self.0).map(Compiled::Module),
            }
        }
    }
}
