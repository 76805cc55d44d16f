//! The cases about guests that are plain modules of old ABIs: what they call, and what is called in
//! them. Knows Abide's way and the one by hand, but not how either is set up.

use anyhow::{Result, ensure};

use super::{Case, SESSION};
use crate::by_hand::modules as by_hand;
use crate::compare::{Comparison, Goal};
use crate::measure::Subject;
use crate::through_abide::modules as through_abide;

/// Functions of a `Linker`, with the checks that Abide makes and Abide's limits.
const LINKER: &str = "Linker::func_wrap, tuned";

/// The guest.
const MODULE: &str = include_str!("../../../module/module.wat");

/// What a guest asks for, as long as browsers' names of themselves are.
const VALUE: &[u8] = b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// How many imports a call makes where imports are measured.
const TIMES: u32 = 100;

const NEAR: &[Comparison] = &[Comparison::new(SESSION, LINKER).goal(Goal::AtMost(1.3))];

pub(super) const ALL: &[Case] = &[
    Case {
        name: "module-add",
        about: "add(i32, i32) -> i32 of a plain module: nothing but the call",
        subjects: |_| {
            let (abide, mut by_hand) = both()?;
            ensure!(abide.add(2, 3)? == Some(5) && by_hand.add(2, 3)? == 5);
            Ok(vec![
                Subject::new(SESSION, 1, move || Ok(abide.add(2, 3)?)),
                Subject::new(LINKER, 1, move || by_hand.add(2, 3)),
            ])
        },
        comparisons: &[Comparison::new(SESSION, LINKER)],
    },
    Case {
        name: "module-import",
        about: "a plain module hands over a text; figures for one import, of 100",
        subjects: |_| {
            let (abide, mut by_hand) = both()?;
            ensure!(abide.logs(TIMES)? == Some(TIMES) && by_hand.logs(TIMES)? == TIMES);
            Ok(vec![
                Subject::new(SESSION, TIMES, move || Ok(abide.logs(TIMES)?)),
                Subject::new(LINKER, TIMES, move || by_hand.logs(TIMES)),
            ])
        },
        comparisons: NEAR,
    },
    Case {
        name: "module-import-bytes",
        about: "a plain module asks for 71 bytes, for which its allocator makes room; one import, of 100",
        subjects: |_| {
            let (abide, mut by_hand) = both()?;
            let sum = VALUE.len() as u32 * TIMES;
            ensure!(abide.gets(TIMES)? == Some(sum) && by_hand.gets(TIMES)? == sum);
            Ok(vec![
                Subject::new(SESSION, TIMES, move || Ok(abide.gets(TIMES)?)),
                Subject::new(LINKER, TIMES, move || by_hand.gets(TIMES)),
            ])
        },
        comparisons: NEAR,
    },
];

/// The guest in both ways.
fn both() -> Result<(abide::Session<through_abide::Old>, by_hand::Old)> {
    let module = wat::parse_str(MODULE)?;
    let abide = through_abide::session(&module, VALUE)?;
    Ok((abide, by_hand::Old::new(&module, VALUE)?))
}
