//! A guest's resources in records, tuples, lists, options, results and variants, both ways.

abide::abi!({ wit: "resource_exported_in_types/test.wit", module: "resource_exported_in_types" });

use abide::CallError;

use self::shelves::{Glance, Labelled, Loan};
use host_async::exports::shelves::Book;

#[awaited::test]
async fn in_records_tuples_and_lists() {
    let session = load!(host_async::ResourceExportedInTypes, ())
        .session()
        .await
        .unwrap();
    let shelves = session.shelves();
    let (a, b) = shelves.pair("ä", "b").await.unwrap();
    assert_eq!(
        (&*a.title().await.unwrap(), &*b.title().await.unwrap()),
        ("ä", "b")
    );
    let looks = vec![
        Glance { of: &a, page: 7 },
        Glance { of: &b, page: 8 },
        Glance { of: &a, page: 9 },
    ];
    assert_eq!(
        shelves.look(looks).await.unwrap(),
        ["ä, S. 7", "b, S. 8", "ä, S. 9"]
    );
    let a: Labelled<Book> = shelves.put_label(a, 1984).await.unwrap();
    assert_eq!((&*a.label, a.year), ("ä (1984)", 1984));
    assert_eq!(a.book.title().await.unwrap(), "ä");
    let b = Labelled {
        label: String::new(),
        book: b,
        year: 65_535,
    };
    assert_eq!(shelves.alive().await.unwrap(), 2);
    assert_eq!(
        shelves.titles(vec![b, a]).await.unwrap(),
        ["65535  b", "1984 ä (1984) ä"]
    );
    assert_eq!(shelves.alive().await.unwrap(), 0);
    let mut books = Vec::new();
    for title in ["c", "a", "b"] {
        books.push(shelves.book_new(title).await.unwrap());
    }
    let sorted = shelves.sorted(books).await.unwrap();
    let mut titles = Vec::new();
    for book in &sorted {
        titles.push(book.title().await.unwrap());
    }
    assert_eq!(titles, ["a", "b", "c"]);
    drop(sorted);
    assert_eq!(shelves.alive().await.unwrap(), 0);
}

#[awaited::test]
async fn in_options_results_and_variants() {
    let session = load!(host_async::ResourceExportedInTypes, ())
        .session()
        .await
        .unwrap();
    let shelves = session.shelves();
    assert!(matches!(shelves.lend(0).await.unwrap(), Loan::Nothing));
    let Loan::One(one) = shelves.lend(1).await.unwrap() else {
        panic!("expected one")
    };
    assert_eq!(one.title().await.unwrap(), "der eine");
    let Loan::Several(several) = shelves.lend(3).await.unwrap() else {
        panic!("expected several")
    };
    assert_eq!(several[2].title().await.unwrap(), "2");
    assert_eq!(shelves.alive().await.unwrap(), 4);
    assert_eq!(shelves.back(Loan::One(one)).await.unwrap(), 1);
    assert_eq!(shelves.back(Loan::Several(several)).await.unwrap(), 3);
    assert_eq!(shelves.back(Loan::Failed("é".to_owned())).await.unwrap(), 2);
    assert_eq!(
        shelves.back(shelves.lend(10).await.unwrap()).await.unwrap(),
        8
    );
    assert_eq!(shelves.alive().await.unwrap(), 0);

    assert!(shelves.maybe(None).await.unwrap().unwrap().is_none());
    let named = shelves.book_new("named").await.unwrap();
    let named = shelves.maybe(Some(named)).await.unwrap().unwrap().unwrap();
    assert_eq!(named.title().await.unwrap(), "named");
    let nameless = shelves.book_new("").await.unwrap();
    assert!(shelves.maybe(Some(nameless)).await.unwrap().is_none());
    assert_eq!(shelves.checked(Ok(named)).await.unwrap(), "named");
    // The error is a resource, and the host has it.
    let Err(CallError::Guest(book)) = shelves.checked(Err("new".to_owned())).await else {
        panic!("expected a book")
    };
    assert_eq!(book.title().await.unwrap(), "new");
    assert_eq!(shelves.alive().await.unwrap(), 1);
    drop(book);
    assert_eq!(shelves.alive().await.unwrap(), 0);
}
