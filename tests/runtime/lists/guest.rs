//! Turns lists round and puts one element in front; checks that the host only turns them.

abide::abi!("test.wit");

use guest::lists as host;

struct Plugin;

fn turned<T>(first: T, list: Vec<T>) -> Vec<T> {
    std::iter::once(first)
        .chain(list.into_iter().rev())
        .collect()
}

impl guest::Lists for Plugin {
    fn bytes(a: Vec<u8>) -> Vec<u8> {
        turned(u8::MAX, a)
    }
    fn signed_bytes(a: Vec<i8>) -> Vec<i8> {
        turned(i8::MIN, a)
    }
    fn shorts(a: Vec<u16>) -> Vec<u16> {
        turned(u16::MAX, a)
    }
    fn signed_shorts(a: Vec<i16>) -> Vec<i16> {
        turned(i16::MIN, a)
    }
    fn words(a: Vec<u32>) -> Vec<u32> {
        turned(u32::MAX, a)
    }
    fn signed_words(a: Vec<i32>) -> Vec<i32> {
        turned(i32::MIN, a)
    }
    fn longs(a: Vec<u64>) -> Vec<u64> {
        turned(u64::MAX, a)
    }
    fn signed_longs(a: Vec<i64>) -> Vec<i64> {
        turned(i64::MIN, a)
    }
    fn bools(a: Vec<bool>) -> Vec<bool> {
        turned(true, a)
    }
    fn texts(a: Vec<String>) -> Vec<String> {
        turned("größer".to_owned(), a)
    }
    fn two(a: Vec<u8>, b: Vec<u64>) -> (Vec<u64>, Vec<u8>) {
        (turned(1 << 40, b), turned(0, a))
    }
}

impl guest::ListsWorld for Plugin {
    fn run() {
        assert_eq!(host::bytes(&[1, 2, 255]), [255, 2, 1]);
        assert_eq!(host::signed_bytes(&[1, -2, -128]), [-128, -2, 1]);
        assert_eq!(host::shorts(&[1, 0xFF00]), [0xFF00, 1]);
        assert_eq!(
            host::signed_shorts(&[-1, 256, i16::MIN]),
            [i16::MIN, 256, -1]
        );
        assert_eq!(host::words(&[1, 0xFFFF_0000]), [0xFFFF_0000, 1]);
        assert_eq!(host::signed_words(&[i32::MIN, 1]), [1, i32::MIN]);
        assert_eq!(host::longs(&[1 << 32, 1]), [1, 1 << 32]);
        assert_eq!(host::signed_longs(&[i64::MIN, -1, 0]), [0, -1, i64::MIN]);
        assert_eq!(host::bools(&[true, false, false]), [false, false, true]);
        let texts = ["ä".to_owned(), String::new(), "\0🦀".to_owned()];
        assert_eq!(host::texts(&texts), ["\0🦀", "", "ä"]);
        assert_eq!(
            host::two(&[1, 2, 3], &[u64::MAX]),
            (vec![u64::MAX], vec![3, 2, 1])
        );
        // Nothing at all, and so much that it cannot be taken for anything else.
        assert!(host::bytes(&[]).is_empty() && host::texts(&[]).is_empty());
        let many: Vec<u32> = (0..100_000).collect();
        assert!(host::words(&many).iter().rev().eq(&many));
    }
}

export!(Plugin);
