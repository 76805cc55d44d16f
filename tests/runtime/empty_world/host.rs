//! A world in which nothing can be called.

abide::abi!({ wit: "empty_world/test.wit", module: "empty_world" });

#[awaited::test]
async fn a_guest_without_functions_can_be_loaded_and_kept() {
    let guest = load!(host_async::EmptyWorld, ());
    let session = guest.session().await.unwrap();
    assert!(session.is_alive());
    assert_eq!(ABI.world, "empty-world");
    assert_ne!(only_types::Side::Left, only_types::Side::Right);
}
