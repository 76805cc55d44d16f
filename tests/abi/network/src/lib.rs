//! The ABI of a guest that talks to others over the network, for which its world imports WASI's
//! sockets.

abide::abi!("$OUT_DIR/wit");
