//! Turns grids and counts what is in lists of lists.

abide::abi!("test.wit");

use grids::Row;

use guest::grids as host;

struct Plugin;

impl guest::Grids for Plugin {
    fn transposed(grid: Vec<Vec<i32>>) -> Vec<Vec<i32>> {
        let width = grid.first().map_or(0, Vec::len);
        (0..width)
            .map(|x| grid.iter().map(|row| row[x]).collect())
            .collect()
    }

    fn lengths(of: Vec<Vec<Vec<String>>>) -> Vec<Vec<u32>> {
        of.iter()
            .map(|some| some.iter().map(|few| few.len() as u32).collect())
            .collect()
    }

    fn sums(rows: Vec<Row>) -> Vec<(String, u64)> {
        rows.into_iter()
            .map(|row| {
                (
                    row.label,
                    row.cells.iter().map(|cell| u64::from(*cell)).sum(),
                )
            })
            .collect()
    }

    fn labelled(lists: Vec<(String, Vec<Vec<u8>>)>) -> Vec<Row> {
        lists
            .into_iter()
            .map(|(label, parts)| Row {
                label,
                cells: parts.iter().map(|part| part.len() as u16).collect(),
            })
            .collect()
    }
}

impl guest::NestedLists for Plugin {
    fn run() {
        let grid = [vec![1, -2, 3], vec![4, 5, i32::MIN]];
        assert_eq!(
            host::transposed(&grid),
            [vec![1, 4], vec![-2, 5], vec![3, i32::MIN]]
        );
        assert!(host::transposed(&[]).is_empty());
        let texts = |count: usize| vec!["ü".to_owned(); count];
        let of = [vec![], vec![texts(0), texts(3), texts(1)], vec![texts(2)]];
        assert_eq!(host::lengths(&of), [vec![], vec![0, 3, 1], vec![2]]);
        let rows: Vec<Row> = (0..300)
            .map(|n| Row {
                label: "é".repeat(n),
                cells: vec![65_535; n],
            })
            .collect();
        for (n, (label, sum)) in host::sums(&rows).into_iter().enumerate() {
            assert_eq!((label.chars().count(), sum), (n, 65_535 * n as u64));
        }
        let lists = [
            ("a".to_owned(), vec![vec![1, 2], vec![]]),
            (String::new(), vec![]),
        ];
        let rows = host::labelled(&lists);
        assert_eq!(
            rows[0],
            Row {
                label: "a".to_owned(),
                cells: vec![2, 0]
            }
        );
        assert_eq!(
            rows[1],
            Row {
                label: String::new(),
                cells: vec![]
            }
        );
    }
}

export!(Plugin);
