//! Turning bytes that are trusted into code that can run: the only place where that happens.
//!
//! Whoever asks for it has checked their seal.

use wasmtime::component::Component;

/// Bytes that this program made with [`Component::serialize`] and that nobody changed since.
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

    /// The component. It fails if the code is for another engine or version of wasmtime.
    #[expect(
        unsafe_code,
        reason = "what is deserialised is machine code, which is run"
    )]
    pub(super) fn component(&self, engine: &wasmtime::Engine) -> wasmtime::Result<Component> {
        // SAFETY: the bytes must be what `Component::serialize` returned, unchanged. A value of
        // this type is only made from bytes in memory of our own, whose seal (a keyed hash over all
        // of them and the key that they were asked for under) was checked with the secret of a
        // folder that nobody else can read. Who does not have the secret cannot make such bytes,
        // and `Artefacts::keep`, which has it, seals nothing but what `serialize` returned. They
        // are not read again from the file: what was checked is what is used.
        unsafe { Component::deserialize(engine, self.0) }
    }
}
