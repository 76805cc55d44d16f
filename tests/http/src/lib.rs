//! The ABI of a guest that makes HTTP requests, as its host sees it.
//!
//! The world says nothing of HTTP: the guest imports `wasi:http` beside it.

abide::abi!("../fixtures/http/wit");
