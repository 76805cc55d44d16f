//! Packages and interfaces that are called like the words with which paths begin, one behind the
//! other.

abide::abi!({ wit: "keywords_packages/test.wit", module: "keywords_packages" });

#[derive(Clone)]
struct App;

impl host_async::Use for App {
    async fn next(&mut self, of: u32) -> u32 {
        of + 100
    }
}

impl host_async::Crate for App {
    async fn next(&mut self, of: u32) -> u32 {
        of + 200
    }
}

impl host_async::Super for App {
    async fn next(&mut self, of: u32) -> u32 {
        of + 300
    }
}

#[awaited::test]
async fn every_function_is_the_right_one() {
    let guest = load!(host_async::KeywordsPackages, App);
    assert_eq!(guest.use_().next(1).await.unwrap(), 111);
    assert_eq!(guest.crate_().next(2).await.unwrap(), 222);
    assert_eq!(guest.super_().next(3).await.unwrap(), 333);
}
