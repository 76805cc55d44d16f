//! What is kept is found again, by whoever may use it.

use std::fs;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, SystemTime};

use abide_host::{Artefacts, Engine, Error, LimitKind, Limits, Result};

use crate::kit::{App, KIT, Kit, component};
use crate::support::{artefacts_in, builder, counts, load, place, the_artefact_in};

#[test]
fn what_was_compiled_is_found_again_also_by_another_process() -> Result<()> {
    let folder = place("found");
    let artefacts = Artefacts::in_folder(&folder)?;
    load(&artefacts)?;
    assert_eq!(counts(&artefacts), [0, 1, 0, 1, 0]);
    load(&artefacts)?;
    assert_eq!(counts(&artefacts), [1, 1, 0, 1, 0]);
    // Reads the key anew, as another process does.
    let again = Artefacts::in_folder(&folder)?;
    load(&again)?;
    assert_eq!(counts(&again), [1, 0, 0, 0, 0]);
    the_artefact_in(&folder);
    Ok(())
}

#[test]
fn code_in_use_is_shared_and_kept_if_it_is_not_yet() -> Result<()> {
    let folder = place("shared");
    let artefacts = Artefacts::in_folder(&folder)?;
    let engine = Engine::new()?;
    let builder = || Kit::builder(App::default()).engine(&engine);
    let _first = builder().load_bytes(component(KIT))?;
    let _second = builder().artefacts(&artefacts).load_bytes(component(KIT))?;
    assert_eq!(counts(&artefacts), [0, 0, 0, 1, 0]);
    let _third = builder().artefacts(&artefacts).load_bytes(component(KIT))?;
    assert_eq!(counts(&artefacts), [0, 0, 0, 1, 0]);
    load(&artefacts)?;
    assert_eq!(counts(&artefacts), [1, 0, 0, 1, 0]);
    Ok(())
}

#[test]
fn other_components_and_other_engines_have_artefacts_of_their_own() -> Result<()> {
    let folder = place("others");
    let artefacts = Artefacts::in_folder(&folder)?;
    load(&artefacts)?;
    let other = KIT.replacen("index out of range", "another text, sir!", 1);
    builder(&artefacts).load_bytes(component(&other))?;
    assert_eq!(artefacts_in(&folder).len(), 2);
    let with_fuel = Limits::new().fuel(1_000_000);
    let kit = Kit::builder(App::default())
        .engine(&Engine::with_fuel()?)
        .artefacts(&artefacts)
        .limits(with_fuel)
        .load_bytes(component(KIT))?;
    assert_eq!(kit.add(1, 1)?, 2);
    assert_eq!(artefacts_in(&folder).len(), 3);
    assert_eq!(counts(&artefacts), [0, 3, 0, 3, 0]);
    Ok(())
}

#[test]
fn precompiling_needs_no_loading_and_saves_compiling() -> Result<()> {
    let folder = place("precompiled");
    let artefacts = Artefacts::in_folder(&folder)?;
    let file = folder.join("kit.wasm");
    fs::write(&file, component(KIT)).unwrap();
    let engine = Engine::new()?;
    let builder = || Kit::builder(App::default()).engine(&engine);
    builder().precompile(&file, &artefacts)?;
    assert_eq!(counts(&artefacts), [0, 1, 0, 1, 0]);
    builder().precompile_bytes(component(KIT), &artefacts)?;
    assert_eq!(counts(&artefacts), [1, 1, 0, 1, 0]);
    // With no time to compile anything, it can only be found.
    let kit = builder()
        .artefacts(&artefacts)
        .limits(Limits::new().compile_time(Duration::ZERO))
        .load(&file)?;
    assert_eq!(kit.add(2, 2)?, 4);
    assert_eq!(counts(&artefacts), [2, 1, 0, 1, 0]);
    Ok(())
}

#[test]
fn precompiling_fails_for_the_reasons_for_which_loading_does() -> Result<()> {
    let folder = place("not-precompiled");
    let artefacts = Artefacts::in_folder(&folder)?;
    let error = builder(&artefacts)
        .precompile_bytes(b"#!/bin/sh", &artefacts)
        .unwrap_err();
    assert!(matches!(error, Error::Load { .. }), "{error}");
    let error = builder(&artefacts)
        .limits(Limits::new().compile_time(Duration::ZERO))
        .precompile_bytes(component(KIT), &artefacts)
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Limit {
                what: LimitKind::CompileTime,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(counts(&artefacts), [0, 1, 0, 0, 0]);
    Ok(())
}

#[test]
fn threads_with_engines_and_keys_of_their_own_do_not_disturb_one_another() -> Result<()> {
    const THREADS: usize = 6;
    let folder = place("threads");
    let start = Barrier::new(THREADS);
    let [hits, misses, refused, kept, failed] = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| -> Result<[u64; 5]> {
                    start.wait();
                    // They make the folder and its key at the same time, and then the artefact.
                    let artefacts = Artefacts::in_folder(&folder)?;
                    for _ in 0..3 {
                        load(&artefacts)?;
                    }
                    Ok(counts(&artefacts))
                })
            })
            .collect();
        threads.into_iter().fold([0; 5], |sum, thread| {
            let counts = thread.join().unwrap().unwrap();
            std::array::from_fn(|at| sum[at] + counts[at])
        })
    });
    assert_eq!(hits + misses, 3 * THREADS as u64);
    assert!(misses <= THREADS as u64);
    assert_eq!((kept, refused, failed), (misses, 0, 0));
    the_artefact_in(&folder);
    Ok(())
}

#[test]
fn the_longest_unused_go_when_there_is_no_more_room() -> Result<()> {
    let folder = place("bounded");
    let artefacts = Artefacts::in_folder(&folder)?;
    let guest = |n: u32| component(&KIT.replacen("index out of range", &format!("{n:018}"), 1));
    builder(&artefacts).load_bytes(guest(0))?;
    let first = the_artefact_in(&folder);
    let size = fs::metadata(&first).unwrap().len();
    builder(&artefacts).load_bytes(guest(1))?;
    let second = artefacts_in(&folder)
        .into_iter()
        .find(|path| *path != first)
        .unwrap();
    let day = Duration::from_secs(24 * 60 * 60);
    for (path, days) in [(&first, 3), (&second, 2)] {
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - day * days).unwrap();
    }
    // What was never finished, and what is still being written.
    let unfinished = |name| folder.join(format!(".unfinished-{name}"));
    fs::write(unfinished("old"), b"half").unwrap();
    fs::write(unfinished("new"), b"half").unwrap();
    let old = fs::File::options()
        .write(true)
        .open(unfinished("old"))
        .unwrap();
    old.set_modified(SystemTime::now() - day).unwrap();
    // Using the first makes the second the longest unused.
    builder(&artefacts).load_bytes(guest(0))?;
    assert_eq!(artefacts.stats().hits, 1);
    let bounded = artefacts.clone().max_bytes(2 * size + size / 2);
    builder(&bounded).load_bytes(guest(2))?;
    let left = artefacts_in(&folder);
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&first) && !left.contains(&second), "{left:?}");
    assert!(!unfinished("old").exists() && unfinished("new").exists());
    // What does not fit at all is not kept, and loaded all the same.
    let small = artefacts.clone().max_bytes(size / 2);
    builder(&small).load_bytes(guest(3))?;
    assert_eq!(artefacts.stats().failed, 1);
    Ok(())
}
