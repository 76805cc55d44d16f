//! A host made of the ready-made parts serves a guest.
//!
//! The guest is `tests/fixtures/common/guest`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use abide_build::Target;
use abide_common_host::{
    Environment, FixedClock, MOST_RANDOM_BYTES, SeededRandom, SystemClock, SystemRandom, TracingLog,
};

abide::abi!({
    inline: "
        package demo:everyday;
        world everyday {
            import abide:common/clock@0.1.0;
            import abide:common/random@0.1.0;
            import abide:common/log@0.1.0;
            import abide:common/environment@0.1.0;
            export ask: func() -> list<string>;
            export take: func(bytes: u32) -> result<u32, string>;
        }
    ",
    wit: "../../abi/common/wit",
    with: {
        "abide:common/clock": abide_common::clock,
        "abide:common/random": abide_common::random,
        "abide:common/log": abide_common::log,
        "abide:common/environment": abide_common::environment,
    },
});

use host::Everyday;

/// What differs between programs and their tests are the parameters.
#[derive(Clone, abide::Host)]
#[host(abi = abide_common)]
struct App<C, R> {
    #[host(clock)]
    clock: C,
    #[host(random)]
    random: R,
    #[host(log)]
    log: TracingLog,
    #[host(environment)]
    environment: Environment,
}

fn guest() -> &'static Path {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    GUEST.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guest = abide_build::guest(root.join("tests/fixtures/common/guest"));
        let guest = guest.target(Target::Unknown);
        let built = guest.target_dir(root.join("target/guests")).build();
        built.unwrap_or_else(|error| panic!("{error}"))
    })
}

#[test]
fn parts_for_tests_give_the_same_answers_every_time() {
    let clock = FixedClock::at_ms(1_700_000_000_000);
    let app = App {
        clock: clock.clone(),
        random: SeededRandom::new(0),
        log: TracingLog::named("everyday"),
        environment: Environment::new().var("MODE", "strict").var("A", ""),
    };
    let everyday = Everyday::load(guest(), app).unwrap();
    clock.advance(Duration::from_millis(1_500));
    let expected = [
        "1700000001500",
        "1500000000",
        "16294208416658607535",
        "[244, 101, 185]",
        "Some(\"strict\")",
        "[(\"A\", \"\"), (\"MODE\", \"strict\")]",
    ];
    // Every call has an instance of its own, and with it a host in its first state.
    for _ in 0..2 {
        assert_eq!(everyday.ask().unwrap(), expected);
    }
}

#[test]
fn the_systems_parts_serve_too_and_grant_nothing_by_themselves() {
    let app = App {
        clock: SystemClock::new(),
        random: SystemRandom,
        log: TracingLog::new(),
        environment: Environment::new(),
    };
    let everyday = Everyday::load(guest(), app).unwrap();
    let (first, second) = (everyday.ask().unwrap(), everyday.ask().unwrap());
    let number = |answers: &[String], index: usize| answers[index].parse::<u64>().unwrap();
    assert!(number(&first, 0) > 1_577_836_800_000);
    assert!(number(&first, 1) < number(&second, 1));
    assert_ne!(first[2], second[2]);
    assert_eq!(first[4..], ["None", "[]"]);
}

#[test]
fn a_guest_that_asks_for_too_many_bytes_gets_none() {
    let app = App {
        clock: SystemClock::new(),
        random: SystemRandom,
        log: TracingLog::new(),
        environment: Environment::new(),
    };
    let everyday = Everyday::load(guest(), app).unwrap();
    assert_eq!(everyday.take(MOST_RANDOM_BYTES).unwrap(), MOST_RANDOM_BYTES);
    for too_many in [MOST_RANDOM_BYTES + 1, u32::MAX] {
        let error = everyday.take(too_many).unwrap_err();
        assert_eq!(error.guest().unwrap(), "too many: 65536");
    }
}
