//! A guest's resource: made, lent, given back and dropped by the host.

abide::abi!({ wit: "resource_exported/test.wit", module: "resource_exported" });

use host_async::exports::counters::Counter;

#[awaited::test]
async fn the_host_makes_lends_gives_and_drops() {
    let session = load!(host_async::ResourceExported, ())
        .session()
        .await
        .unwrap();
    let counters = session.counters();
    let a: Counter = counters.counter_new(40).await.unwrap();
    let b = counters.counter_parse("-7").await.unwrap();
    let error = counters.counter_parse("elf").await.unwrap_err();
    assert_eq!(error.guest().unwrap(), "»elf« ist keine Zahl");
    assert_eq!(counters.counter_count().await.unwrap(), 2);

    assert_eq!(a.add(2).await.unwrap(), 42);
    assert_eq!(b.add(i32::MIN + 7).await.unwrap(), i32::MIN);
    assert_eq!(b.add(i32::MAX).await.unwrap(), -1);
    assert_eq!(a.difference(&b).await.unwrap(), -43);
    assert_eq!(a.difference(&a).await.unwrap(), 0);
    assert_eq!(counters.larger(&a, &b).await.unwrap(), 42);
    assert_eq!(counters.larger(&b, &b).await.unwrap(), -1);

    let fork = a.fork().await.unwrap();
    assert_eq!(
        (fork.add(1).await.unwrap(), a.add(0).await.unwrap()),
        (43, 42)
    );
    assert_eq!(counters.counter_count().await.unwrap(), 3);
    assert_eq!(a.absorb(fork).await.unwrap(), 85);
    assert_eq!(counters.counter_count().await.unwrap(), 2);
    assert_eq!(counters.into_number(b).await.unwrap(), -1);
    assert_eq!(counters.counter_count().await.unwrap(), 1);
    drop(a);
    assert_eq!(counters.counter_count().await.unwrap(), 0);
}

#[awaited::test]
async fn sessions_have_counters_of_their_own() {
    let guest = load!(host_async::ResourceExported, ());
    let (one, two) = (
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
    );
    let mut many: Vec<Counter> = Vec::new();
    for number in 0..100 {
        many.push(one.counters().counter_new(number).await.unwrap());
    }
    assert_eq!(one.counters().counter_count().await.unwrap(), 100);
    assert_eq!(two.counters().counter_count().await.unwrap(), 0);
    for (number, counter) in (0..).zip(&many) {
        assert_eq!(counter.add(1).await.unwrap(), number + 1);
    }
    // In any order.
    let (odd, even): (Vec<_>, Vec<_>) = many.into_iter().enumerate().partition(|(n, _)| n % 2 == 1);
    drop(even);
    assert_eq!(one.counters().counter_count().await.unwrap(), 50);
    for (number, counter) in odd.iter().rev() {
        assert_eq!(counter.add(0).await.unwrap(), *number as i32 + 1);
    }
    drop(odd);
    assert_eq!(one.counters().counter_count().await.unwrap(), 0);
}
