//! The measure of the load, on services of which one never frees a tensor.

use std::path::Path;

use abide_soak::Verdict;
use recognise_load::{Demo, Effort, Over, Run, load};

use super::{GUESTS, fetched, folder, run};

/// Few, and enough for 38 megabytes of tensors, of which a fifth come in the warm-up.
const EFFORT: Effort = Effort {
    pictures: 250,
    clients: 3,
    samples: 25,
};

#[test]
fn tensors_that_are_never_freed_are_seen() {
    let Some(photos) = fetched() else { return };
    run(async {
        let program = Path::new(env!("CARGO_BIN_EXE_recognise"));
        let config = "[incoming]\nrequests = 64\n[pictures]\nwait_ms = 60_000\n\
                      [guest]\ndeadline_ms = 120_000\ncall_ms = 60_000\nwait_ms = 60_000\n";
        let flags = [("classify", "--keep-tensors")];
        let at = folder("leak");
        let demo = Demo::start(program, &at, &GUESTS, Over::Http, config, &flags).unwrap();
        let answered = load(demo.address(), &photos, &EFFORT, |_| ())
            .await
            .unwrap();
        demo.stop().unwrap();
        let judged = Run::new(EFFORT, answered, Some("classify")).unwrap();
        let [classify, grey, web] = &*judged.parts else {
            panic!("three services: {judged}");
        };
        assert_eq!(classify.verdict, Verdict::Grows, "{judged}");
        // Of each picture it is its tensors.
        let least = 0.75 * 151_528.0;
        assert!(classify.trend.slope > least, "{judged}");
        for sound in [grey, web] {
            assert_ne!(sound.verdict, Verdict::Grows, "{judged}");
        }
    });
}
