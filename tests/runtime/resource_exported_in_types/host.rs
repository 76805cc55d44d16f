//! A guest's resources in records, tuples, lists, options, results and variants, both ways.

abide::abi!({ wit: "resource_exported_in_types/test.wit", module: "resource_exported_in_types" });

use abide::CallError;

use self::shelves::{Glance, Labelled, Loan};
use host::exports::shelves::Book;

#[test]
fn in_records_tuples_and_lists() {
    let session = load!(host::ResourceExportedInTypes, ()).session().unwrap();
    let shelves = session.shelves();
    let (a, b) = shelves.pair("ä", "b").unwrap();
    assert_eq!((&*a.title().unwrap(), &*b.title().unwrap()), ("ä", "b"));
    let looks = vec![
        Glance { of: &a, page: 7 },
        Glance { of: &b, page: 8 },
        Glance { of: &a, page: 9 },
    ];
    assert_eq!(
        shelves.look(looks).unwrap(),
        ["ä, S. 7", "b, S. 8", "ä, S. 9"]
    );
    let a: Labelled<Book> = shelves.put_label(a, 1984).unwrap();
    assert_eq!((&*a.label, a.year), ("ä (1984)", 1984));
    assert_eq!(a.book.title().unwrap(), "ä");
    let b = Labelled {
        label: String::new(),
        book: b,
        year: 65_535,
    };
    assert_eq!(shelves.alive().unwrap(), 2);
    assert_eq!(
        shelves.titles(vec![b, a]).unwrap(),
        ["65535  b", "1984 ä (1984) ä"]
    );
    assert_eq!(shelves.alive().unwrap(), 0);
    let books = ["c", "a", "b"].map(|title| shelves.book_new(title).unwrap());
    let sorted = shelves.sorted(books.into()).unwrap();
    let titles: Vec<String> = sorted.iter().map(|book| book.title().unwrap()).collect();
    assert_eq!(titles, ["a", "b", "c"]);
    drop(sorted);
    assert_eq!(shelves.alive().unwrap(), 0);
}

#[test]
fn in_options_results_and_variants() {
    let session = load!(host::ResourceExportedInTypes, ()).session().unwrap();
    let shelves = session.shelves();
    assert!(matches!(shelves.lend(0).unwrap(), Loan::Nothing));
    let Loan::One(one) = shelves.lend(1).unwrap() else {
        panic!("expected one")
    };
    assert_eq!(one.title().unwrap(), "der eine");
    let Loan::Several(several) = shelves.lend(3).unwrap() else {
        panic!("expected several")
    };
    assert_eq!(several[2].title().unwrap(), "2");
    assert_eq!(shelves.alive().unwrap(), 4);
    assert_eq!(shelves.back(Loan::One(one)).unwrap(), 1);
    assert_eq!(shelves.back(Loan::Several(several)).unwrap(), 3);
    assert_eq!(shelves.back(Loan::Failed("é".to_owned())).unwrap(), 2);
    assert_eq!(shelves.back(shelves.lend(10).unwrap()).unwrap(), 8);
    assert_eq!(shelves.alive().unwrap(), 0);

    assert!(shelves.maybe(None).unwrap().unwrap().is_none());
    let named = shelves.book_new("named").unwrap();
    let named = shelves.maybe(Some(named)).unwrap().unwrap().unwrap();
    assert_eq!(named.title().unwrap(), "named");
    let nameless = shelves.book_new("").unwrap();
    assert!(shelves.maybe(Some(nameless)).unwrap().is_none());
    assert_eq!(shelves.checked(Ok(named)).unwrap(), "named");
    // The error is a resource, and the host has it.
    let Err(CallError::Guest(book)) = shelves.checked(Err("new".to_owned())) else {
        panic!("expected a book")
    };
    assert_eq!(book.title().unwrap(), "new");
    assert_eq!(shelves.alive().unwrap(), 1);
    drop(book);
    assert_eq!(shelves.alive().unwrap(), 0);
}
