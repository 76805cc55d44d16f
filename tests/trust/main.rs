//! The fault table: everything that a guest, its file or a host can do wrong, once each, under
//! every policy of isolation and in both colours, and what becomes of it.
//!
//! The rows are in `rows/`, a test each, policy and colour. `harness` runs a row and says what every
//! row has to hold; `page` writes `docs/faults.md` from what came out. Other tests have the details:
//! `tests/faults` the messages of real guests, `tests/grants` WASI, `tests/resources` handles.

mod app;
mod controls;
mod fault;
mod harness;
mod module;
mod neighbour;
mod page;
mod process;
mod rogue;
mod rows;
mod setup;
mod sort;

abide::abi!({
    wit: "tests/trust/wit",
    trappable: ["app.errs", "app.calls-back"],
    borrowed: ["app.words"],
});
