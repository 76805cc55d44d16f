//! What there is to say about an interface that is used from another ABI's crate and was made from
//! another WIT.

use super::report::{Report, equal};

/// Compares an interface of an ABI, called `wit`, with what another ABI's crate has for it at
/// `path`: by the names of types, resources and functions, and how each is written out.
#[must_use]
pub const fn compare_interfaces(
    wit: &str,
    path: &str,
    theirs: &[(&str, &str)],
    ours: &[(&str, &str)],
) -> Report {
    let mut report = Report::EMPTY;
    let mut index = 0;
    while index < ours.len() {
        let (name, shape) = ours[index];
        // Where the other is, most often. Only where it is not, the search: a constant may not take
        // too long.
        let mut at = index;
        if at >= theirs.len() || !equal(theirs[at].0, name) {
            at = 0;
        }
        while at < theirs.len() && !equal(theirs[at].0, name) {
            at += 1;
        }
        let found = if at < theirs.len() {
            Some(theirs[at].1)
        } else {
            None
        };
        let same = match found {
            Some(found) => equal(found, shape),
            None => false,
        };
        if !same {
            if report.is_empty() {
                report = report.all(&[
                    "`",
                    path,
                    "` was generated from another WIT than the interface `",
                    wit,
                    "` of this ABI:",
                ]);
            }
            report = report.all(&["\n- `", name, "` is `", shape, "` here"]);
            report = match found {
                Some(found) => report.all(&[", and `", found, "` there"]),
                None => report.add(", and nothing there"),
            };
        }
        index += 1;
    }
    report
}
