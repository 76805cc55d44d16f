//! What a guest keeps: nothing from call to call, everything within a session.

abide::abi!({ wit: "sessions/test.wit", module: "sessions" });

/// The next ticket: every instance begins where the prototype stands.
#[derive(Clone)]
struct Tickets(u32);

impl host::SessionsImports for Tickets {
    fn ticket(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

#[test]
fn calls_share_nothing() {
    let guest = load!(host::Sessions, Tickets(10));
    assert_eq!(guest.registers().set("é", 1).unwrap(), None);
    assert_eq!(guest.registers().set("é", 2).unwrap(), None);
    assert_eq!(guest.registers().all().unwrap(), []);
    assert_eq!(guest.tickets(2).unwrap(), [11, 12]);
    assert_eq!(guest.tickets(1).unwrap(), [11]);
}

#[test]
fn a_session_keeps_both_sides_state() {
    let guest = load!(host::Sessions, Tickets(10));
    let (one, two) = (guest.session().unwrap(), guest.session().unwrap());
    assert_eq!(one.registers().set("b", i64::MIN).unwrap(), None);
    assert_eq!(one.registers().set("é", 2).unwrap(), None);
    assert_eq!(one.registers().set("b", 3).unwrap(), Some(i64::MIN));
    assert_eq!(two.registers().set("b", 4).unwrap(), None);
    assert_eq!(
        one.registers().all().unwrap(),
        [("b".to_owned(), 3), ("é".to_owned(), 2)]
    );
    assert_eq!(two.registers().all().unwrap(), [("b".to_owned(), 4)]);
    assert_eq!(one.registers().clear().unwrap(), 2);
    assert_eq!(one.registers().all().unwrap(), []);
    assert_eq!(two.registers().clear().unwrap(), 1);
    assert_eq!(one.tickets(2).unwrap(), [11, 12]);
    assert_eq!(one.tickets(1).unwrap(), [13]);
    assert_eq!(two.tickets(1).unwrap(), [11]);
}
