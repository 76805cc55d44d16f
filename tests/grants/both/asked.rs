//! What a guest gets of the system it runs on: by default nothing, and with each grant what it
//! grants.

use std::env;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use abide::{CallError, Error, Limits, Wasi};
use abide_build::Target;
use tracing::Level;

use super::guests::{default, granted};
use super::{Grants, wait};
use crate::listener::{Line, heard};
use crate::{NoHost, full_name, support};

fn line(level: Level, stream: &str, text: &str) -> Line {
    Line {
        level,
        guest: "asking".to_owned(),
        stream: stream.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn what_a_guest_prints_goes_to_tracing() {
    let guest = default();
    let lines = heard(|| wait(guest.ask().print("hello", "oh no")).unwrap());
    assert_eq!(
        lines,
        [
            line(Level::INFO, "stdout", "hello"),
            line(Level::WARN, "stderr", "oh no")
        ]
    );
}

#[test]
fn lines_are_told_one_by_one_and_whole() {
    let session = wait(default().session()).unwrap();
    let lines = heard(|| {
        wait(session.ask().print_part("one\ntwo\nthr")).unwrap();
        // A line belongs to the call that began it.
        wait(session.ask().print_part("ee\r\n")).unwrap();
        wait(session.ask().print_part("\n")).unwrap();
        wait(session.ask().print_part("no end")).unwrap();
    });
    let told = ["one", "two", "thr", "ee", "", "no end"];
    assert_eq!(lines, told.map(|text| line(Level::INFO, "stdout", text)));
    assert_eq!(heard(|| drop(session)), []);
}

#[test]
fn the_line_that_a_call_began_is_told_when_the_call_fails() {
    let guest = Grants::builder(NoHost)
        .limits(Limits::new().deadline(Duration::from_secs(60)).output(6))
        .name("asking")
        .load(support::guest("grants", Target::Wasip2))
        .unwrap();
    let session = wait(guest.session()).unwrap();
    let lines = heard(|| {
        wait(session.ask().print_part("one\ntwo and more")).unwrap_err();
    });
    let told = ["one", "tw"].map(|text| line(Level::INFO, "stdout", text));
    assert_eq!(lines, told);
}

#[test]
fn a_line_without_end_is_cut() {
    let guest = default();
    let lines = heard(|| wait(guest.ask().print(&"x".repeat(100_000), "")).unwrap());
    let cut = format!("{} … (cut)", "x".repeat(4_096));
    assert_eq!(
        lines,
        [
            line(Level::INFO, "stdout", &cut),
            line(Level::WARN, "stderr", "")
        ]
    );
}

#[test]
fn inherited_output_is_the_hosts_own() {
    // A process of its own, whose output can be read: this test once more, and the other way round.
    const MARK: &str = "ABIDE_TEST_PRINTS";
    if let Ok(streams) = env::var(MARK) {
        let wasi = Wasi::new();
        let wasi = match streams.as_str() {
            "stdout" => wasi.inherit_stdout(),
            _ => wasi.inherit_stderr(),
        };
        let lines = heard(|| wait(granted(wasi).ask().print("to stdout", "to stderr")).unwrap());
        // The other stream still goes to `tracing`.
        assert_eq!(lines.len(), 1, "{lines:?}");
        return;
    }
    for (inherited, stdout, stderr) in [("stdout", true, false), ("stderr", false, true)] {
        let output = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                &full_name(module_path!(), "inherited_output_is_the_hosts_own"),
                "--nocapture",
            ])
            .env(MARK, inherited)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let printed = |bytes: &[u8], text: &str| String::from_utf8_lossy(bytes).contains(text);
        assert_eq!(printed(&output.stdout, "to stdout\n"), stdout, "{output:?}");
        assert_eq!(printed(&output.stderr, "to stderr\n"), stderr, "{output:?}");
    }
}

#[test]
fn there_is_nothing_to_read_unless_it_is_given() {
    assert_eq!(wait(default().ask().read_input()).unwrap(), "");

    let guest = granted(Wasi::new().stdin("one\ntwo\n"));
    assert_eq!(wait(guest.ask().read_input()).unwrap(), "one\ntwo\n");
    // Every instance from the start, a session on from where it was.
    assert_eq!(wait(guest.ask().read_input()).unwrap(), "one\ntwo\n");
    let session = wait(guest.session()).unwrap();
    assert_eq!(wait(session.ask().read_input()).unwrap(), "one\ntwo\n");
    assert_eq!(wait(session.ask().read_input()).unwrap(), "");
}

#[test]
fn inherited_input_is_the_hosts_own() {
    // A process of its own, whose input can be written: this test once more.
    const MARK: &str = "ABIDE_TEST_READS";
    if let Ok(wanted) = env::var(MARK) {
        let guest = granted(Wasi::new().inherit_stdin());
        assert_eq!(wait(guest.ask().read_input()).unwrap(), wanted);
        assert_eq!(wait(default().ask().read_input()).unwrap(), "");
        return;
    }
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            &full_name(module_path!(), "inherited_input_is_the_hosts_own"),
        ])
        .env(MARK, "from outside")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"from outside").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn who_waits_for_input_meets_the_deadline() {
    const MARK: &str = "ABIDE_TEST_WAITS";
    if env::var(MARK).is_ok() {
        let guest = Grants::builder(NoHost)
            .wasi(Wasi::new().inherit_stdin())
            .limits(Limits::new().deadline(Duration::from_millis(200)))
            .load(support::guest("grants", Target::Wasip2))
            .unwrap();
        let error = wait(guest.ask().read_input()).unwrap_err();
        assert!(
            matches!(error, CallError::Failed(Error::Timeout { .. })),
            "{error}"
        );
        return;
    }
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            &full_name(module_path!(), "who_waits_for_input_meets_the_deadline"),
        ])
        .env(MARK, "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody types anything.
    let silence = child.stdin.take().unwrap();
    let output = child.wait_with_output().unwrap();
    drop(silence);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn who_writes_to_an_output_that_nobody_reads_meets_the_deadline() {
    const MARK: &str = "ABIDE_TEST_WRITES";
    if env::var(MARK).is_ok() {
        // Should the deadline not hold, this process would wait for ever.
        std::thread::spawn(|| {
            std::thread::sleep(Duration::from_secs(60));
            std::process::exit(1);
        });
        let guest = Grants::builder(NoHost)
            .wasi(Wasi::new().inherit_stderr())
            .limits(Limits::new().deadline(Duration::from_millis(200)))
            .load(support::guest("grants", Target::Wasip2))
            .unwrap();
        let error = wait(guest.ask().print("", &"x".repeat(500_000))).unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        return;
    }
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            &full_name(
                module_path!(),
                "who_writes_to_an_output_that_nobody_reads_meets_the_deadline",
            ),
        ])
        .env(MARK, "")
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let unread = child.stderr.take().unwrap();
    let output = child.wait_with_output().unwrap();
    drop(unread);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn clocks_stand_still_unless_granted() {
    let guest = default();
    assert_eq!(wait(guest.ask().wall_clock()).unwrap(), 0);
    assert_eq!(wait(guest.ask().stopwatch()).unwrap(), 0);

    let guest = granted(Wasi::new().clocks());
    let now = || {
        u64::try_from(
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap()
                .as_millis(),
        )
        .unwrap()
    };
    let before = now();
    let told = wait(guest.ask().wall_clock()).unwrap();
    assert!((before..=now()).contains(&told), "{told}");
    assert!(wait(guest.ask().stopwatch()).unwrap() > 0);
}

#[test]
fn a_guest_sleeps_no_longer_than_its_call_may_take() {
    let within = |time| {
        Grants::builder(NoHost)
            .limits(Limits::new().deadline(time))
            .load(support::guest("grants", Target::Wasip2))
            .unwrap()
    };
    let (patient, hasty) = (
        within(Duration::from_secs(60)),
        within(Duration::from_millis(200)),
    );
    let start = Instant::now();
    wait(patient.ask().sleep(20)).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(20));
    let error = wait(hasty.ask().sleep(600_000)).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_environment_is_empty_unless_granted() {
    assert!(env::vars().count() > 0, "there is something to leak");
    assert_eq!(wait(default().ask().variables()).unwrap(), []);

    let guest = granted(Wasi::new().env("LANG", "C.UTF-8").env("EMPTY", ""));
    let expected = [("LANG", "C.UTF-8"), ("EMPTY", "")];
    assert_eq!(
        wait(guest.ask().variables()).unwrap(),
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn a_variable_has_the_last_value_it_is_given() {
    let wasi = Wasi::new().env("A", "1").env("B", "2").env("A", "3");
    let expected = [("A", "3"), ("B", "2")];
    assert_eq!(
        wait(granted(wasi).ask().variables()).unwrap(),
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}

#[test]
fn what_no_environment_can_hold_is_refused_when_the_guest_is_loaded() {
    let variable = |name: &str| {
        format!(
            "the variable `{name}`, which `Wasi::env` was called with, cannot be in an environment; give it \
             another name or value"
        )
    };
    let argument = "the argument `a\\0b`, which `Wasi::arg` was called with, cannot be on a command line; \
                    leave out what no text for another program can have";
    for (wasi, said, why) in [
        (Wasi::new().env("", "x"), variable(""), "its name is empty"),
        (
            Wasi::new().env("A=B", "x"),
            variable("A=B"),
            "there is a `=` in its name",
        ),
        (
            Wasi::new().env("A\0B", "x"),
            variable("A\\0B"),
            "there is a NUL in its name",
        ),
        (
            Wasi::new().env("A", "x\0y"),
            variable("A"),
            "there is a NUL in its value",
        ),
        (
            Wasi::new().arg("fine").arg("a\0b"),
            argument.to_owned(),
            "there is a NUL in it",
        ),
    ] {
        let loaded = Grants::builder(NoHost)
            .wasi(wasi)
            .name("asking")
            .load(support::guest("grants", Target::Wasip2));
        let error = loaded.unwrap_err();
        assert!(matches!(error, Error::Wasi { .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("guest `asking` cannot be given what `Wasi` grants it: {said}")
        );
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, why);
    }
    // A value may have what a name may not.
    let guest = granted(Wasi::new().env("A", "=x="));
    let expected = [("A".to_owned(), "=x=".to_owned())];
    assert_eq!(wait(guest.ask().variables()).unwrap(), expected);
}

#[test]
fn the_command_line_is_empty_unless_granted() {
    assert_eq!(wait(default().ask().arguments()).unwrap(), [""; 0]);
    let guest = granted(Wasi::new().arg("plugin").arg("--quiet"));
    assert_eq!(
        wait(guest.ask().arguments()).unwrap(),
        ["plugin", "--quiet"]
    );
}

#[test]
fn random_numbers_are_the_same_every_time_unless_granted() {
    let guest = default();
    let bytes = wait(guest.ask().random()).unwrap();
    assert_eq!(bytes, wait(guest.ask().random()).unwrap());
    assert_eq!(bytes, wait(default().ask().random()).unwrap());
    assert_ne!(bytes, [0; 32]);
    let seed = wait(guest.ask().hash_seed()).unwrap();
    assert_eq!(seed, wait(guest.ask().hash_seed()).unwrap());

    let guest = granted(Wasi::new().random());
    assert_ne!(wait(guest.ask().random()).unwrap(), bytes);
    assert_ne!(
        wait(guest.ask().random()).unwrap(),
        wait(guest.ask().random()).unwrap()
    );
    assert_ne!(wait(guest.ask().hash_seed()).unwrap(), seed);
    assert_ne!(
        wait(guest.ask().hash_seed()).unwrap(),
        wait(guest.ask().hash_seed()).unwrap()
    );
}

#[test]
fn grants_belong_to_one_handle() {
    let with = granted(Wasi::new().env("WHO", "me"));
    let without = default();
    assert_eq!(wait(with.ask().variables()).unwrap().len(), 1);
    assert_eq!(wait(without.ask().variables()).unwrap().len(), 0);
    assert_eq!(
        wait(wait(with.session()).unwrap().ask().variables())
            .unwrap()
            .len(),
        1
    );
    assert_eq!(wait(with.clone().ask().variables()).unwrap().len(), 1);
}

#[test]
fn more_random_bytes_than_allowed_are_a_limit() {
    let guest = Grants::builder(NoHost)
        .limits(Limits::new().random(16))
        .name("asking")
        .load(support::guest("grants", Target::Wasip2))
        .unwrap();
    let error = wait(guest.ask().random()).unwrap_err();
    assert!(matches!(error, Error::Limit { limit: 16, .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "guest `asking` reached its limit of 16 random bytes a request in `test:grants/ask.random`; raise it with \
         `Limits::random` if this is what the guest needs"
    );
}
