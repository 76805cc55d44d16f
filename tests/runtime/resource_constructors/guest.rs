//! Makes resources by constructors, by functions that belong to them, and by one that does not.

abide::abi!("test.wit");

use files::Error;

use guest::files::{self as host, File, Lock};

struct Plugin;

impl guest::ResourceConstructors for Plugin {
    fn run() {
        assert_eq!(File::count(), 0);
        assert_eq!(File::new("ä", None).describe(), "new ä None");
        assert_eq!(
            File::new("", Some(u64::MAX)).describe(),
            "new  Some(18446744073709551615)"
        );
        assert_eq!(File::open("b").unwrap().describe(), "open b");
        assert_eq!(
            File::open("gone").unwrap_err(),
            Error::Missing("gone".to_owned())
        );
        assert_eq!(File::default().describe(), "default");
        let (a, b) = File::both("first", "second");
        assert_eq!(
            (a.describe(), b.describe()),
            ("both first".to_owned(), "both second".to_owned())
        );
        assert_eq!(File::count(), 6);

        assert_eq!(Lock::new(7).unwrap().number(), 7);
        assert_eq!(Lock::new(13).unwrap_err(), Error::Locked(13));
        drop(host::new_token());
    }
}

export!(Plugin);
