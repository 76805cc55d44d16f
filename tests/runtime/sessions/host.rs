//! What a guest keeps: nothing from call to call, everything within a session.

abide::abi!({ wit: "sessions/test.wit", module: "sessions" });

/// The next ticket: every instance begins where the prototype stands.
#[derive(Clone)]
struct Tickets(u32);

impl host_async::SessionsImports for Tickets {
    async fn ticket(&mut self) -> u32 {
        super::pause().await;
        self.0 += 1;
        self.0
    }
}

#[awaited::test]
async fn calls_share_nothing() {
    let guest = load!(host_async::Sessions, Tickets(10));
    assert_eq!(guest.registers().set("é", 1).await.unwrap(), None);
    assert_eq!(guest.registers().set("é", 2).await.unwrap(), None);
    assert_eq!(guest.registers().all().await.unwrap(), []);
    assert_eq!(guest.tickets(2).await.unwrap(), [11, 12]);
    assert_eq!(guest.tickets(1).await.unwrap(), [11]);
}

#[awaited::test]
async fn a_session_keeps_both_sides_state() {
    let guest = load!(host_async::Sessions, Tickets(10));
    let (one, two) = (
        guest.session().await.unwrap(),
        guest.session().await.unwrap(),
    );
    assert_eq!(one.registers().set("b", i64::MIN).await.unwrap(), None);
    assert_eq!(one.registers().set("é", 2).await.unwrap(), None);
    assert_eq!(one.registers().set("b", 3).await.unwrap(), Some(i64::MIN));
    assert_eq!(two.registers().set("b", 4).await.unwrap(), None);
    assert_eq!(
        one.registers().all().await.unwrap(),
        [("b".to_owned(), 3), ("é".to_owned(), 2)]
    );
    assert_eq!(two.registers().all().await.unwrap(), [("b".to_owned(), 4)]);
    assert_eq!(one.registers().clear().await.unwrap(), 2);
    assert_eq!(one.registers().all().await.unwrap(), []);
    assert_eq!(two.registers().clear().await.unwrap(), 1);
    assert_eq!(one.tickets(2).await.unwrap(), [11, 12]);
    assert_eq!(one.tickets(1).await.unwrap(), [13]);
    assert_eq!(two.tickets(1).await.unwrap(), [11]);
}
