//! A short soak, with every part of a long one. `cargo xtask soak` makes a hundred times as many
//! calls.
//!
//! One test and no other in this program: the memory of the process is everybody's.
#![cfg(target_os = "linux")]

use abide_soak::{Effort, Subject, Verdict, page, plot, soak};

#[test]
fn the_process_stays_as_it_is_and_a_leak_is_seen() {
    let effort = Effort::QUICK;
    let mut told = 0;
    let done = soak(&effort, |_, _| told += 1).unwrap();
    println!("{done}");
    assert_eq!(told, 3 * effort.samples);

    let [warm, fresh, control] = &done.parts[..] else {
        panic!("there are three parts");
    };
    for part in [warm, fresh] {
        let outcome = &part.outcome;
        assert_eq!(outcome.traps * 100, outcome.calls);
        // So few calls cannot always tell that a process is flat. One that grows they can.
        assert_ne!(part.verdict, Verdict::Grows, "{done}");
        let [first, .., last] = &outcome.samples[outcome.samples.len() / 2..] else {
            panic!("there are samples");
        };
        let grown = last.bytes.saturating_sub(first.bytes);
        assert!(grown < 4 * outcome.instance, "{grown} bytes\n{done}");
    }
    // A trap ends its instance and nothing else does; every fresh call has one of its own.
    assert!(warm.outcome.instances <= warm.outcome.traps + 2);
    assert!(warm.outcome.instances >= warm.outcome.traps);
    assert_eq!(fresh.outcome.instances, fresh.outcome.calls);

    assert_eq!(control.outcome.subject, Subject::Control);
    assert_eq!(control.verdict, Verdict::Grows, "{done}");
    assert_eq!(control.complaint(), None);

    let (page, plot) = (page(&done), plot(&done));
    assert!(page.contains("| warm | 10,000 | 100 |"), "{page}");
    assert_eq!(plot.matches("<polyline").count(), 5, "{plot}");
}
