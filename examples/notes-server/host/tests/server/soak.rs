//! A hundredth of the soak: all that can go wrong mixed in, nothing lost, nothing wrong.

use notes_load::{Effort, soak};

use super::{FAULTY, folder, program, run};

#[test]
fn nothing_is_lost_and_a_leak_is_seen() {
    for (name, effort) in [
        ("soak", Effort::QUICK),
        ("soak-leaking", Effort::QUICK.with_a_leak()),
    ] {
        let soak = run(soak(program(), &FAULTY, &folder(name), &effort)).unwrap();
        assert_eq!(soak.complaint(), None, "{soak}");
    }
}
