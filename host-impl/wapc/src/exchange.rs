//! What is said in one call, in either direction.

/// A call: what the guest is asked, and what was answered so far.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) operation: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    /// What the guest answers.
    pub(crate) answer: Option<Vec<u8>>,
    /// Why the guest does not.
    pub(crate) refusal: Option<String>,
    /// What the host answered to the guest's last call.
    pub(crate) host_answer: Vec<u8>,
    /// Why it did not.
    pub(crate) host_refusal: Vec<u8>,
}
