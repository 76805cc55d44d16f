//! Passes on the errors of the host with `?`, and adds some of its own.

abide::abi!("test.wit");

use stores::{Error, Reason};

use guest::stores as host;

struct Plugin;

impl guest::Stores for Plugin {
    fn load(key: String) -> Result<String, Error> {
        if key.is_empty() {
            return Err(Error::Several(vec!["leer".to_owned(), "é".to_owned()]));
        }
        // The host's error is this side's error: the same type.
        let value = host::load(&key)?;
        Ok(format!("<{value}>"))
    }

    fn length(key: String) -> Result<u32, String> {
        let value = host::load(&key).map_err(|error| error.to_string())?;
        let length = host::length(&value)?;
        Ok(length + 1)
    }

    fn check(key: String) -> Result<(), Reason> {
        host::check(&key)
    }

    fn shut() -> Result<(), ()> {
        host::shut()
    }
}

/// Rust's own way with errors holds for those of WIT.
fn through(key: &str) -> Result<String, Box<dyn std::error::Error>> {
    host::check(key)?;
    Ok(host::load(key)?)
}

impl guest::ErrorsWorld for Plugin {
    fn run() {
        assert_eq!(through("a").unwrap(), "value of a");
        assert_eq!(through("gone").unwrap_err().to_string(), "taken away");
        assert_eq!(
            through("missing").unwrap_err().to_string(),
            "missing: missing"
        );
        let error = through("denied").unwrap_err();
        assert_eq!(*error.downcast::<Error>().unwrap(), Error::Denied);
    }
}

export!(Plugin);
