//! Results in all four forms: with two payloads, with one, with the other, with none.

abide::abi!({ wit: "results/test.wit", module: "results" });

#[derive(Clone)]
struct App;

impl host::Results for App {
    fn plain(&mut self, ok: bool) -> Result<(), ()> {
        ok.then_some(()).ok_or(())
    }

    fn only_ok(&mut self, ok: Option<u64>) -> Result<u64, ()> {
        ok.map(|ok| ok + 1).ok_or(())
    }

    fn only_err(&mut self, err: Option<String>) -> Result<(), String> {
        err.map_or(Ok(()), |err| Err(format!("Wirt: {err}")))
    }

    fn both(&mut self, ok: bool, text: &str) -> Result<String, u16> {
        ok.then(|| text.to_uppercase()).ok_or(text.len() as u16)
    }

    fn takes_plain(&mut self, of: Result<(), ()>) -> bool {
        of.is_ok()
    }

    fn takes_only_ok(&mut self, of: Result<u64, ()>) -> u64 {
        of.unwrap_or(1)
    }

    fn takes_only_err(&mut self, of: Result<(), String>) -> String {
        of.err().unwrap_or_else(|| "none".to_owned())
    }

    fn takes_both(&mut self, of: Result<String, u16>) -> String {
        format!("{of:?}")
    }

    fn in_list(&mut self, of: Vec<Result<u8, String>>) -> Vec<Result<String, u8>> {
        let turned = |one: Result<u8, String>| one.map_or_else(Ok, Err);
        of.into_iter().map(turned).collect()
    }
}

#[test]
fn the_guest_gets_what_the_host_gives() {
    load!(host::ResultsWorld, App).run().unwrap();
}

#[test]
fn the_four_forms_as_answers() {
    let guest = load!(host::ResultsWorld, App);
    let results = guest.results();
    results.plain(true).unwrap();
    assert_eq!(results.plain(false).unwrap_err().guest(), Some(&()));
    assert_eq!(results.only_ok(Some(5)).unwrap(), 7);
    assert_eq!(results.only_ok(None).unwrap_err().guest(), Some(&()));
    results.only_err(None).unwrap();
    let error = results.only_err(Some("é")).unwrap_err();
    assert_eq!(error.guest().unwrap(), "Gast: é");
    assert_eq!(results.both(true, "ß").unwrap(), "SS");
    assert_eq!(results.both(false, "ß").unwrap_err().guest(), Some(&2));
}

#[test]
fn the_four_forms_as_arguments() {
    let guest = load!(host::ResultsWorld, App);
    let results = guest.results();
    assert!(results.takes_plain(Ok(())).unwrap());
    assert!(!results.takes_plain(Err(())).unwrap());
    assert_eq!(results.takes_only_ok(Ok(1 << 60)).unwrap(), 1 << 60);
    assert_eq!(results.takes_only_ok(Err(())).unwrap(), 2);
    assert_eq!(results.takes_only_err(Ok(())).unwrap(), "keiner");
    assert_eq!(results.takes_only_err(Err("")).unwrap(), "");
    assert_eq!(results.takes_both(Ok("🦀")).unwrap(), "Ok(\"🦀\")");
    assert_eq!(results.takes_both(Err(256)).unwrap(), "Err(256)");
    let list = [Err("x".to_owned()), Ok(9)];
    assert_eq!(
        results.in_list(&list).unwrap(),
        [Ok("x".to_owned()), Err(9)]
    );
}
