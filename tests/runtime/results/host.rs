//! Results in all four forms: with two payloads, with one, with the other, with none.

abide::abi!({ wit: "results/test.wit", module: "results" });

#[derive(Clone)]
struct App;

impl host_async::Results for App {
    async fn plain(&mut self, ok: bool) -> Result<(), ()> {
        ok.then_some(()).ok_or(())
    }

    async fn only_ok(&mut self, ok: Option<u64>) -> Result<u64, ()> {
        ok.map(|ok| ok + 1).ok_or(())
    }

    async fn only_err(&mut self, err: Option<String>) -> Result<(), String> {
        err.map_or(Ok(()), |err| Err(format!("Wirt: {err}")))
    }

    async fn both(&mut self, ok: bool, text: &str) -> Result<String, u16> {
        super::pause().await;
        ok.then(|| text.to_uppercase()).ok_or(text.len() as u16)
    }

    async fn takes_plain(&mut self, of: Result<(), ()>) -> bool {
        of.is_ok()
    }

    async fn takes_only_ok(&mut self, of: Result<u64, ()>) -> u64 {
        of.unwrap_or(1)
    }

    async fn takes_only_err(&mut self, of: Result<(), String>) -> String {
        of.err().unwrap_or_else(|| "none".to_owned())
    }

    async fn takes_both(&mut self, of: Result<String, u16>) -> String {
        format!("{of:?}")
    }

    async fn in_list(&mut self, of: Vec<Result<u8, String>>) -> Vec<Result<String, u8>> {
        let turned = |one: Result<u8, String>| one.map_or_else(Ok, Err);
        of.into_iter().map(turned).collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::ResultsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_four_forms_as_answers() {
    let guest = load!(host_async::ResultsWorld, App);
    let results = guest.results();
    results.plain(true).await.unwrap();
    assert_eq!(results.plain(false).await.unwrap_err().guest(), Some(&()));
    assert_eq!(results.only_ok(Some(5)).await.unwrap(), 7);
    assert_eq!(results.only_ok(None).await.unwrap_err().guest(), Some(&()));
    results.only_err(None).await.unwrap();
    let error = results.only_err(Some("é")).await.unwrap_err();
    assert_eq!(error.guest().unwrap(), "Gast: é");
    assert_eq!(results.both(true, "ß").await.unwrap(), "SS");
    assert_eq!(
        results.both(false, "ß").await.unwrap_err().guest(),
        Some(&2)
    );
}

#[awaited::test]
async fn the_four_forms_as_arguments() {
    let guest = load!(host_async::ResultsWorld, App);
    let results = guest.results();
    assert!(results.takes_plain(Ok(())).await.unwrap());
    assert!(!results.takes_plain(Err(())).await.unwrap());
    assert_eq!(results.takes_only_ok(Ok(1 << 60)).await.unwrap(), 1 << 60);
    assert_eq!(results.takes_only_ok(Err(())).await.unwrap(), 2);
    assert_eq!(results.takes_only_err(Ok(())).await.unwrap(), "keiner");
    assert_eq!(results.takes_only_err(Err("")).await.unwrap(), "");
    assert_eq!(results.takes_both(Ok("🦀")).await.unwrap(), "Ok(\"🦀\")");
    assert_eq!(results.takes_both(Err(256)).await.unwrap(), "Err(256)");
    let list = [Err("x".to_owned()), Ok(9)];
    assert_eq!(
        results.in_list(&list).await.unwrap(),
        [Ok("x".to_owned()), Err(9)]
    );
}
