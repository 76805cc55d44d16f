//! What goes out and comes back is the same: a value of the host by its place in memory, a resource
//! of the guest by its place there.

abide::abi!({ wit: "resource_identity/test.wit", module: "resource_identity" });

#[derive(Clone, Default)]
struct App {
    made: u64,
    kept: Vec<u64>,
    /// In an instance's clone only.
    token: Kept,
}

/// What a host keeps of a guest is not cloned with it.
#[derive(Default)]
struct Kept(Option<Token>);

impl Clone for Kept {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// Boxed, so that it has a place that does not change when it moves.
struct Token(Box<(u64, u32)>);

impl host::Tokens for App {
    type Token = Token;

    fn make(&mut self) -> Token {
        self.made += 1;
        Token(Box::new((self.made, 0)))
    }

    fn through(&mut self, of: Token) -> Token {
        self.kept.push(of.0.0);
        of
    }

    fn kept(&mut self, of: Option<Token>) -> Option<Token> {
        std::mem::replace(&mut self.token.0, of)
    }
}

impl host::tokens::Token for Token {
    fn number(&mut self) -> u64 {
        self.0.0
    }

    fn mark(&mut self) {
        self.0.1 += 1;
    }

    fn marks(&mut self) -> u32 {
        self.0.1
    }
}

#[test]
fn a_value_of_the_host_stays_itself() {
    let guest = load!(host::ResourceIdentity, App::default());
    guest.run().unwrap();
    let token = Token(Box::new((99, 0)));
    let place = std::ptr::from_ref(&*token.0);
    let token: Token = guest.pass(token).unwrap();
    assert!(std::ptr::eq(place, &*token.0));
    assert_eq!(*token.0, (99, 1));
}

#[test]
fn a_resource_of_the_guest_stays_itself() {
    let session = load!(host::ResourceIdentity, App::default())
        .session()
        .unwrap();
    let slips = session.slips();
    let (a, b) = (
        slips.slip_new(7).unwrap(),
        slips.slip_new(u64::MAX).unwrap(),
    );
    let (place_a, place_b) = (a.place().unwrap(), b.place().unwrap());
    assert_ne!(place_a, place_b);
    let a = slips.through(a).unwrap();
    assert_eq!((a.number().unwrap(), a.place().unwrap()), (7, place_a));
    slips.keep(a).unwrap();
    slips.keep(b).unwrap();
    let b = slips.back().unwrap().unwrap();
    assert_eq!(
        (b.number().unwrap(), b.place().unwrap()),
        (u64::MAX, place_b)
    );
    assert!(slips.back().unwrap().is_none());
}
