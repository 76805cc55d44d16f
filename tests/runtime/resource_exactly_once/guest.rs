//! Ends the life of values in every way there is.

abide::abi!("test.wit");

use guest::values::{self as host, Value};

struct Plugin;

impl guest::ResourceExactlyOnce for Plugin {
    fn dropped() {
        drop(Value::new("dropped"));
    }

    fn taken() {
        host::take(Value::new("taken"));
        assert_eq!(
            host::take_and_fail(Value::new("failed")),
            Err("failed".to_owned())
        );
        host::take_all(host::give(3), false);
    }

    fn forgotten() {
        std::mem::forget(Value::new("forgotten"));
        std::mem::forget(host::give(2));
    }

    fn panicked() {
        let _value = Value::new("held");
        let _given = host::give(1);
        panic!("as asked");
    }

    fn endless() {
        let value = Value::new("endless");
        loop {
            assert_eq!(value.name(), "endless");
        }
    }

    fn recursing(depth: u32) -> u32 {
        let value = Value::new("deep");
        if depth == u32::MAX {
            return 0;
        }
        Self::recursing(depth + 1) + value.name().len() as u32
    }

    fn stopped() {
        let _mine = Value::new("mine");
        host::take_all(vec![Value::new("a"), Value::new("b")], true);
    }

    fn given(of: Value, then_panic: bool) -> Value {
        assert!(!then_panic, "as asked with {}", of.name());
        of
    }

    fn lent(of: &Value, then_panic: bool) -> String {
        assert!(!then_panic, "as asked with {}", of.name());
        of.name()
    }
}

export!(Plugin);
