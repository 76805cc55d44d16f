//! Answers with every form of a result, and takes every form.

abide::abi!("test.wit");

use guest::results as host;

struct Plugin;

impl guest::Results for Plugin {
    fn plain(ok: bool) -> Result<(), ()> {
        if ok { Ok(()) } else { Err(()) }
    }

    fn only_ok(ok: Option<u64>) -> Result<u64, ()> {
        ok.map(|ok| ok + 2).ok_or(())
    }

    fn only_err(err: Option<String>) -> Result<(), String> {
        err.map_or(Ok(()), |err| Err(format!("Gast: {err}")))
    }

    fn both(ok: bool, text: String) -> Result<String, u16> {
        if ok {
            Ok(text.to_uppercase())
        } else {
            Err(text.len() as u16)
        }
    }

    fn takes_plain(of: Result<(), ()>) -> bool {
        of.is_ok()
    }

    fn takes_only_ok(of: Result<u64, ()>) -> u64 {
        of.unwrap_or(2)
    }

    fn takes_only_err(of: Result<(), String>) -> String {
        of.err().unwrap_or_else(|| "keiner".to_owned())
    }

    fn takes_both(of: Result<String, u16>) -> String {
        format!("{of:?}")
    }

    fn in_list(of: Vec<Result<u8, String>>) -> Vec<Result<String, u8>> {
        of.into_iter()
            .map(|one| match one {
                Ok(byte) => Err(byte),
                Err(text) => Ok(text),
            })
            .collect()
    }
}

impl guest::ResultsWorld for Plugin {
    fn run() {
        assert_eq!(host::plain(true), Ok(()));
        assert_eq!(host::plain(false), Err(()));
        assert_eq!(host::only_ok(Some(u64::MAX - 1)), Ok(u64::MAX));
        assert_eq!(host::only_ok(None), Err(()));
        assert_eq!(host::only_err(None), Ok(()));
        assert_eq!(host::only_err(Some("ö")), Err("Wirt: ö".to_owned()));
        assert_eq!(host::both(true, "straße"), Ok("STRASSE".to_owned()));
        assert_eq!(host::both(false, "straße"), Err(7));
        assert!(host::takes_plain(Ok(())) && !host::takes_plain(Err(())));
        assert_eq!(
            [host::takes_only_ok(Ok(5)), host::takes_only_ok(Err(()))],
            [5, 1]
        );
        assert_eq!(host::takes_only_err(Ok(())), "none");
        assert_eq!(host::takes_only_err(Err("\0")), "\0");
        assert_eq!(host::takes_both(Ok("é")), "Ok(\"é\")");
        assert_eq!(host::takes_both(Err(65_535)), "Err(65535)");
        let list = [Ok(1), Err("a".to_owned()), Err(String::new()), Ok(255)];
        assert_eq!(
            host::in_list(&list),
            [Err(1), Ok("a".to_owned()), Ok(String::new()), Err(255)]
        );
    }
}

export!(Plugin);
