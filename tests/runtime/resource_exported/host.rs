//! A guest's resource: made, lent, given back and dropped by the host.

abide::abi!({ wit: "resource_exported/test.wit", module: "resource_exported" });

use host::exports::counters::Counter;

#[test]
fn the_host_makes_lends_gives_and_drops() {
    let session = load!(host::ResourceExported, ()).session().unwrap();
    let counters = session.counters();
    let a: Counter = counters.counter_new(40).unwrap();
    let b = counters.counter_parse("-7").unwrap();
    let error = counters.counter_parse("elf").unwrap_err();
    assert_eq!(error.guest().unwrap(), "»elf« ist keine Zahl");
    assert_eq!(counters.counter_count().unwrap(), 2);

    assert_eq!(a.add(2).unwrap(), 42);
    assert_eq!(b.add(i32::MIN + 7).unwrap(), i32::MIN);
    assert_eq!(b.add(i32::MAX).unwrap(), -1);
    assert_eq!(a.difference(&b).unwrap(), -43);
    assert_eq!(a.difference(&a).unwrap(), 0);
    assert_eq!(counters.larger(&a, &b).unwrap(), 42);
    assert_eq!(counters.larger(&b, &b).unwrap(), -1);

    let fork = a.fork().unwrap();
    assert_eq!((fork.add(1).unwrap(), a.add(0).unwrap()), (43, 42));
    assert_eq!(counters.counter_count().unwrap(), 3);
    assert_eq!(a.absorb(fork).unwrap(), 85);
    assert_eq!(counters.counter_count().unwrap(), 2);
    assert_eq!(counters.into_number(b).unwrap(), -1);
    assert_eq!(counters.counter_count().unwrap(), 1);
    drop(a);
    assert_eq!(counters.counter_count().unwrap(), 0);
}

#[test]
fn sessions_have_counters_of_their_own() {
    let guest = load!(host::ResourceExported, ());
    let (one, two) = (guest.session().unwrap(), guest.session().unwrap());
    let many: Vec<Counter> = (0..100)
        .map(|number| one.counters().counter_new(number).unwrap())
        .collect();
    assert_eq!(one.counters().counter_count().unwrap(), 100);
    assert_eq!(two.counters().counter_count().unwrap(), 0);
    for (number, counter) in (0..).zip(&many) {
        assert_eq!(counter.add(1).unwrap(), number + 1);
    }
    // In any order.
    let (odd, even): (Vec<_>, Vec<_>) = many.into_iter().enumerate().partition(|(n, _)| n % 2 == 1);
    drop(even);
    assert_eq!(one.counters().counter_count().unwrap(), 50);
    for (number, counter) in odd.iter().rev() {
        assert_eq!(counter.add(0).unwrap(), *number as i32 + 1);
    }
    drop(odd);
    assert_eq!(one.counters().counter_count().unwrap(), 0);
}
