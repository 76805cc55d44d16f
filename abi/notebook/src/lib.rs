//! The ABI of notebooks as a plugin: a server that keeps notes on one side, a guest that decides
//! what becomes of them on the other.
//!
//! Everything here is made from `wit/notebook.wit`. The store may fail for reasons that are none of
//! a guest's business, so its functions are `trappable`: a host ends the call with its own error.
//! What is answered goes to browsers as JSON, so the types can be serialized.

abide::abi!({ wit: "wit", trappable: true, derives: [serde::Serialize] });
