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

impl host_async::Tokens for App {
    type Token = Token;

    async fn make(&mut self) -> Token {
        self.made += 1;
        Token(Box::new((self.made, 0)))
    }

    async fn through(&mut self, of: Token) -> Token {
        self.kept.push(of.0.0);
        of
    }

    async fn kept(&mut self, of: Option<Token>) -> Option<Token> {
        std::mem::replace(&mut self.token.0, of)
    }
}

impl host_async::tokens::Token for Token {
    async fn number(&mut self) -> u64 {
        self.0.0
    }

    async fn mark(&mut self) {
        self.0.1 += 1;
    }

    async fn marks(&mut self) -> u32 {
        self.0.1
    }
}

#[awaited::test]
async fn a_value_of_the_host_stays_itself() {
    let guest = load!(host_async::ResourceIdentity, App::default());
    guest.run().await.unwrap();
    let token = Token(Box::new((99, 0)));
    let place = std::ptr::from_ref(&*token.0).addr();
    let token: Token = guest.pass(token).await.unwrap();
    assert_eq!(std::ptr::from_ref(&*token.0).addr(), place);
    assert_eq!(*token.0, (99, 1));
}

#[awaited::test]
async fn a_resource_of_the_guest_stays_itself() {
    let session = load!(host_async::ResourceIdentity, App::default())
        .session()
        .await
        .unwrap();
    let slips = session.slips();
    let (a, b) = (
        slips.slip_new(7).await.unwrap(),
        slips.slip_new(u64::MAX).await.unwrap(),
    );
    let (place_a, place_b) = (a.place().await.unwrap(), b.place().await.unwrap());
    assert_ne!(place_a, place_b);
    let a = slips.through(a).await.unwrap();
    assert_eq!(
        (a.number().await.unwrap(), a.place().await.unwrap()),
        (7, place_a)
    );
    slips.keep(a).await.unwrap();
    slips.keep(b).await.unwrap();
    let b = slips.back().await.unwrap().unwrap();
    assert_eq!(
        (b.number().await.unwrap(), b.place().await.unwrap()),
        (u64::MAX, place_b)
    );
    assert!(slips.back().await.unwrap().is_none());
}
