//! The feature `watch`: a guest is reloaded when its file changes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use abide::{Error, Result, watch};
use abide_features::host::Says;

/// A guest that answers with this number.
fn guest(answer: u32) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(component
            (core module $m (func (export "answer") (result i32) (i32.const {answer})))
            (core instance $i (instantiate $m))
            (func $answer (result u32) (canon lift (core func $i "answer")))
            (export "answer" (func $answer)))"#
    ))
    .unwrap()
}

/// A file in a folder of its own, with the guest that answers 1.
fn file(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("watch")
        .join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("says.wasm");
    fs::write(&path, guest(1)).unwrap();
    path
}

/// Waits for an answer, but not for ever.
fn wait_for(says: &Says, answer: u32) {
    let begun = Instant::now();
    while says.answer().unwrap() != answer {
        assert!(begun.elapsed() < Duration::from_secs(30), "no {answer}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Longer than it takes until a change is acted on.
fn a_while() {
    thread::sleep(Duration::from_millis(700));
}

#[test]
fn a_file_that_is_written_or_replaced_is_loaded() -> Result<()> {
    let path = file("replaced");
    let says = Says::load(&path, ())?;
    let clone = says.clone();
    let _watch = watch(&says, &path)?;
    assert_eq!(says.answer()?, 1);
    fs::write(&path, guest(2)).unwrap();
    wait_for(&says, 2);
    // As compilers and editors do it.
    let new = path.with_extension("new");
    fs::write(&new, guest(3)).unwrap();
    fs::rename(new, &path).unwrap();
    wait_for(&says, 3);
    assert_eq!(clone.answer()?, 3);
    // Gone for a while is no reason to stop.
    fs::remove_file(&path).unwrap();
    a_while();
    assert_eq!(says.answer()?, 3);
    fs::write(&path, guest(4)).unwrap();
    wait_for(&says, 4);
    Ok(())
}

#[test]
fn a_file_that_cannot_be_loaded_leaves_the_guest_as_it_is() -> Result<()> {
    let path = file("half");
    let says = Says::load(&path, ())?;
    let _watch = watch(&says, &path)?;
    let whole = guest(2);
    let (half, rest) = whole.split_at(whole.len() / 2);
    let mut writer = fs::File::create(&path).unwrap();
    writer.write_all(half).unwrap();
    a_while();
    assert_eq!(says.answer()?, 1);
    writer.write_all(rest).unwrap();
    drop(writer);
    wait_for(&says, 2);
    // One that is whole, for another world.
    fs::write(&path, b"\0asm\x0d\0\x01\0").unwrap();
    a_while();
    assert_eq!(says.answer()?, 2);
    Ok(())
}

#[test]
fn nothing_else_is_a_reason_to_load_it() -> Result<()> {
    let path = file("others");
    let says = Says::load(&path, ())?;
    let watching = watch(&says, &path)?;
    fs::write(path.with_extension("txt"), b"beside it").unwrap();
    for _ in 0..3 {
        fs::read(&path).unwrap();
    }
    a_while();
    assert_eq!(says.stats().reloads, 0);
    drop(watching);
    fs::write(&path, guest(2)).unwrap();
    a_while();
    assert_eq!(says.answer()?, 1);
    Ok(())
}

#[test]
fn a_folder_that_is_not_there_is_an_error() -> Result<()> {
    let path = file("nowhere");
    let says = Says::load(&path, ())?;
    let error = watch(&says, path.with_extension("no").join("says.wasm")).unwrap_err();
    assert!(matches!(error, Error::Watch { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.ends_with("says.wasm` cannot be watched for changes"),
        "{text}"
    );
    Ok(())
}
