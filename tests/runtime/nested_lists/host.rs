//! Lists of lists, of records with lists, and of tuples with lists of lists.

abide::abi!({ wit: "nested_lists/test.wit", module: "nested_lists" });

use self::grids::Row;

#[derive(Clone)]
struct App;

impl host_async::Grids for App {
    async fn transposed(&mut self, grid: Vec<Vec<i32>>) -> Vec<Vec<i32>> {
        super::pause().await;
        let mut columns = vec![Vec::new(); grid.first().map_or(0, Vec::len)];
        for row in grid {
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(cell);
            }
        }
        columns
    }

    async fn lengths(&mut self, of: Vec<Vec<Vec<String>>>) -> Vec<Vec<u32>> {
        super::pause().await;
        let inner = |some: &Vec<Vec<String>>| some.iter().map(|few| few.len() as u32).collect();
        of.iter().map(inner).collect()
    }

    async fn sums(&mut self, rows: Vec<Row>) -> Vec<(String, u64)> {
        let sum = |row: &Row| row.cells.iter().copied().map(u64::from).sum();
        rows.iter()
            .map(|row| (row.label.clone(), sum(row)))
            .collect()
    }

    async fn labelled(&mut self, lists: Vec<(String, Vec<Vec<u8>>)>) -> Vec<Row> {
        let row = |(label, parts): (String, Vec<Vec<u8>>)| Row {
            label,
            cells: parts.iter().map(|part| part.len() as u16).collect(),
        };
        lists.into_iter().map(row).collect()
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::NestedLists, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::NestedLists, App);
    let grids = guest.grids();
    assert_eq!(
        grids
            .transposed(&[vec![1, 2], vec![3, 4], vec![5, -6]])
            .await
            .unwrap(),
        [vec![1, 3, 5], vec![2, 4, -6]]
    );
    let text = || "\u{10FFFF}".to_owned();
    assert_eq!(
        grids
            .lengths(&[vec![vec![text(), text()], vec![]], vec![]])
            .await
            .unwrap(),
        [vec![2, 0], vec![]]
    );
    let row = |label: &str, cells: &[u16]| Row {
        label: label.to_owned(),
        cells: cells.to_vec(),
    };
    assert_eq!(
        grids
            .sums(&[row("ß", &[1, 65_535]), row("", &[])])
            .await
            .unwrap(),
        [("ß".to_owned(), 65_536), (String::new(), 0)]
    );
    assert_eq!(
        grids
            .labelled(&[("x".to_owned(), vec![vec![0; 1000], vec![1]])])
            .await
            .unwrap(),
        [row("x", &[1000, 1])]
    );
}
