//! How large a component may be, and how long it may take to compile.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use abide_host::{Error, LimitKind, Limits};

use crate::kit::{App, KIT, Kit, component};

/// A place for a file of this test.
fn place(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn with(limits: Limits) -> abide_host::Builder<Kit> {
    Kit::builder(App::default()).name("big").limits(limits)
}

#[test]
fn a_component_may_be_as_large_as_its_limit_and_no_larger() {
    let bytes = component(KIT);
    let exact = Limits::new().component_size(bytes.len());
    assert!(with(exact).load_bytes(&bytes).is_ok());
    let less = Limits::new().component_size(bytes.len() - 1);
    let path = place("kit.wasm");
    std::fs::write(&path, &bytes).unwrap();
    for error in [
        with(less.clone()).load_bytes(&bytes).unwrap_err(),
        with(less).load(&path).unwrap_err(),
    ] {
        assert_eq!(
            error.to_string(),
            format!(
                "guest `big` reached its limit of {} bytes of component in `load` (it wanted {}); raise it \
                 with `Limits::component_size` if this is what the guest needs",
                bytes.len() - 1,
                bytes.len()
            )
        );
    }
}

#[test]
fn a_file_of_a_gibibyte_is_not_read() {
    const GIBIBYTE: u64 = 1 << 30;
    let path = place("gibibyte.wasm");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"\0asm\x0d\0\x01\0").unwrap();
    file.set_len(GIBIBYTE).unwrap();
    let before = resident();
    let error = Kit::load(&path, App::default()).unwrap_err();
    let Error::Limit { what, wanted, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!((*what, *wanted), (LimitKind::ComponentSize, Some(GIBIBYTE)));
    assert!(resident() < before + GIBIBYTE / 4, "it was read");
    std::fs::remove_file(path).unwrap();
}

/// The most bytes that this process has had in memory; 0 where that is not told.
fn resident() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .map_or(0, |kibibytes: u64| kibibytes * 1024)
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = place("folder.wasm");
    std::fs::create_dir_all(&folder).unwrap();
    let text = Kit::load(&folder, App::default()).unwrap_err().to_string();
    assert!(text.ends_with("it is a folder, expected a file"), "{text}");
    #[cfg(unix)]
    {
        let pipe = place("pipe.wasm");
        let _ = std::fs::remove_file(&pipe);
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        for path in [&*pipe, "/dev/zero".as_ref()] {
            let text = Kit::load(path, App::default()).unwrap_err().to_string();
            assert!(
                text.ends_with("it is a device or a pipe, expected a file"),
                "{text}"
            );
        }
    }
}

#[test]
fn compiling_is_waited_for_as_long_as_the_limit_says() {
    // Differs from what other tests load, so that its code is not in use already.
    let bytes = component(&KIT.replacen("index out of range", "only in this test!", 1));
    let error = with(Limits::new().compile_time(Duration::ZERO))
        .load_bytes(&bytes)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "guest `big` reached its limit of 0 ms to compile it in `load`; raise it with \
         `Limits::compile_time` if this is what the guest needs"
    );
    assert!(matches!(
        error,
        Error::Limit {
            what: LimitKind::CompileTime,
            ..
        }
    ));
    let kit = with(Limits::new().compile_time(Duration::MAX))
        .load_bytes(&bytes)
        .unwrap();
    assert_eq!(kit.add(1, 2).unwrap(), 3);
}
