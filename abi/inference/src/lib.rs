//! The ABI of models: loaded and run by the host, for guests that classify, detect and the like.
//!
//! All of it is made from `wit/inference.wit`, which says what each function promises.
//!
//! **A guest** imports `abide:inference/model` into its world and shares the types from here:
//!
//! ```wit
//! world classifier {
//!     import abide:inference/model@0.1.0;
//!     export best: func(pixels: list<u8>) -> result<string, string>;
//! }
//! ```
//!
//! ```ignore
//! abide::abi!({
//!     wit: "wit",
//!     with: { "abide:inference/model": abide_inference::model },
//! });
//!
//! use guest::model::Graph;
//!
//! struct Classifier;
//!
//! impl guest::Classifier for Classifier {
//!     fn best(pixels: Vec<u8>) -> Result<String, String> {
//!         let graph = Graph::open("mobilenet").map_err(|error| error.to_string())?;
//!         let scores = graph.apply(&pixels).map_err(|error| error.to_string())?;
//!         let best = (0..scores.len()).max_by_key(|&index| scores[index]);
//!         let best = best.ok_or("the model gives nothing")?;
//!         graph.labels().into_iter().nth(best).ok_or_else(|| format!("number {best}"))
//!     }
//! }
//!
//! export!(Classifier);
//! ```
//!
//! A copy of the WIT goes into the world's `deps` folder; a fixture of the tests,
//! `tests/fixtures/recognition/guest`, is a whole one.
//!
//! **A host** has the part that [`abide-inference-host`](https://docs.rs/abide-inference-host) is,
//! or implements [`host`] itself.

abide::abi!("wit");
