//! A short soak: traps and reloads among requests, of which none is lost and none is answered
//! wrongly, and a module that leaks. `cargo xtask proxy-soak` makes a thousand times as many.

use proxy_load::{Effort, Part, Soak, Verdict, soak};

use crate::{folder, run};

fn soaked(name: &str, parts: &[Part]) -> Vec<Soak> {
    run(soak(&folder(name), &Effort::QUICK, parts, |_, _| ())).unwrap()
}

#[test]
fn nothing_is_lost_and_nothing_grows() {
    for soak in soaked("soak", &[Part::Closed, Part::Open]) {
        // So few requests, with a compiler at work, are too few to say that it does not.
        assert_ne!(soak.verdict, Verdict::Grows, "{soak}");
    }
}

/// The one that leaks is seen where it is let, and recycled where it is not, of which no request
/// knows.
#[test]
fn a_module_that_leaks_is_seen_and_recycled() {
    for soak in soaked("leaky", &[Part::Sound, Part::Recycled, Part::Leaky]) {
        assert_eq!(soak.complaint(), None, "{soak}");
    }
}
