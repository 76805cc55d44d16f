//! What there is to say about a type of the user's own that does not fit its WIT type.

use super::report::{Report, equal};
use super::{Expected, Found, Kind, Member, Wanted, position};

/// Compares the user's type with the WIT type it is to stand for.
#[must_use]
pub const fn compare(found: &Found, expected: &Expected) -> Report {
    let report = Report::EMPTY;
    if !same_kind(found.kind, expected.kind) {
        return item(report, found, expected).all(&[match found.kind {
            Kind::Record => "it is a struct, which stands for a record",
            Kind::Variant => "it is an enum that stands for a variant",
            Kind::Enum => {
                "it is an enum without payloads, which stands for an enum; where WIT has a variant, \
                 write `#[abide(variant)]` at the type"
            }
        }]);
    }
    let report = missing(report, found, expected);
    let report = superfluous(report, found, expected);
    let report = order(report, found, expected);
    if expected.as_it_lies && !found.repr_c {
        return item(report, found, expected).all(&[
            "guests pass lists of it as they lie in memory, so it has to lie there as WIT has it; \
             write `#[repr(C)]` at the type",
        ]);
    }
    report
}

/// What WIT has and the user's type has not, or has otherwise.
const fn missing(mut report: Report, found: &Found, expected: &Expected) -> Report {
    let member = expected.kind.member();
    let mut index = 0;
    while index < expected.members.len() {
        let wanted = &expected.members[index];
        let at = position(found.members, wanted.wit, index);
        if at == usize::MAX || !fits(wanted, &found.members[at]) {
            report = item(report, found, expected);
            report = report.all(&["the WIT has the ", member, " `", wanted.wit]);
            report = match (wanted.ty, expected.kind) {
                (Some((ty, _)), Kind::Record) => report.all(&[": ", ty]),
                (Some((ty, _)), _) => report.all(&["(", ty, ")"]),
                (None, _) => report,
            };
            report = if at == usize::MAX {
                report.all(&["`, and `", found.name, "` has no ", member, " of that name"])
            } else {
                differs(report, wanted, &found.members[at])
            };
        }
        index += 1;
    }
    report
}

/// What the user's type has and WIT has not.
const fn superfluous(mut report: Report, found: &Found, expected: &Expected) -> Report {
    let member = expected.kind.member();
    let mut index = 0;
    while index < found.members.len() {
        let Member { wit, rust, .. } = found.members[index];
        if !is_wanted(expected.members, wit, index) {
            report = item(report, found, expected);
            report = report.all(&["`", found.name, "` has the ", member, " `", rust]);
            report = report.all(&["`, and the WIT has no `", wit, "`"]);
        }
        index += 1;
    }
    report
}

/// Where nothing is missing and nothing superfluous, whether the order is the same.
const fn order(mut report: Report, found: &Found, expected: &Expected) -> Report {
    if !report.is_empty() {
        return report;
    }
    let mut index = 0;
    while index < expected.members.len() {
        if position(found.members, expected.members[index].wit, index) != index {
            break;
        }
        index += 1;
    }
    if index == expected.members.len() {
        return report;
    }
    report = item(report, found, expected);
    let members = expected.kind.member();
    report = report.all(&["the ", members, "s are in another order; WIT has them as "]);
    let mut index = 0;
    while index < expected.members.len() {
        let between = if index == 0 { "`" } else { ", `" };
        report = report.all(&[between, expected.members[index].wit, "`"]);
        index += 1;
    }
    report
}

/// Begins to say one thing more.
const fn item(mut report: Report, found: &Found, expected: &Expected) -> Report {
    if report.is_empty() {
        let kind = match expected.kind {
            Kind::Record => "record",
            Kind::Variant => "variant",
            Kind::Enum => "enum",
        };
        let (rust, wit) = (found.name, expected.name);
        report = report.all(&["`", rust, "` does not fit the WIT ", kind, " `", wit, "`:"]);
    }
    report.add("\n- ")
}

/// Says of a member that is there how its type differs.
const fn differs(report: Report, wanted: &Wanted, found: &Member) -> Report {
    let report = report.add("`");
    match (wanted.ty, found.ty) {
        (Some((_, rust)), Some(ty)) => report.all(&[
            ", in Rust `",
            rust,
            "`, and `",
            found.rust,
            "` is `",
            ty,
            "`",
        ]),
        (Some(_), None) => report.all(&[", and `", found.rust, "` has no payload"]),
        (None, _) => report.all(&[" without payload, and `", found.rust, "` has one"]),
    }
}

const fn fits(wanted: &Wanted, found: &Member) -> bool {
    match (wanted.ty, found.ty) {
        (Some(_), Some(_)) => wanted.same,
        (None, None) => true,
        _ => false,
    }
}

const fn is_wanted(all: &[Wanted], wit: &str, at: usize) -> bool {
    if at < all.len() && equal(all[at].wit, wit) {
        return true;
    }
    let mut index = 0;
    while index < all.len() {
        if equal(all[index].wit, wit) {
            return true;
        }
        index += 1;
    }
    false
}

const fn same_kind(one: Kind, other: Kind) -> bool {
    matches!(
        (one, other),
        (Kind::Record, Kind::Record) | (Kind::Variant, Kind::Variant) | (Kind::Enum, Kind::Enum)
    )
}
