//! Lists of every plain element: empty, short, of odd lengths, and long.

abide::abi!({ wit: "lists/test.wit", module: "lists" });

#[derive(Clone)]
struct App;

fn turned<T: Clone>(list: &[T]) -> Vec<T> {
    list.iter().rev().cloned().collect()
}

impl host::Lists for App {
    fn bytes(&mut self, a: &[u8]) -> Vec<u8> {
        turned(a)
    }
    fn signed_bytes(&mut self, a: &[i8]) -> Vec<i8> {
        turned(a)
    }
    fn shorts(&mut self, a: &[u16]) -> Vec<u16> {
        turned(a)
    }
    fn signed_shorts(&mut self, a: &[i16]) -> Vec<i16> {
        turned(a)
    }
    fn words(&mut self, a: &[u32]) -> Vec<u32> {
        turned(a)
    }
    fn signed_words(&mut self, a: &[i32]) -> Vec<i32> {
        turned(a)
    }
    fn longs(&mut self, a: &[u64]) -> Vec<u64> {
        turned(a)
    }
    fn signed_longs(&mut self, a: &[i64]) -> Vec<i64> {
        turned(a)
    }
    fn bools(&mut self, a: Vec<bool>) -> Vec<bool> {
        turned(&a)
    }
    fn texts(&mut self, a: Vec<String>) -> Vec<String> {
        turned(&a)
    }
    fn two(&mut self, a: &[u8], b: &[u64]) -> (Vec<u64>, Vec<u8>) {
        (turned(b), turned(a))
    }
}

#[test]
fn the_guest_gets_what_the_host_gives() {
    load!(host::ListsWorld, App).run().unwrap();
}

#[test]
fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host::ListsWorld, App);
    let lists = guest.lists();
    assert_eq!(lists.bytes(&[1, 128, 3]).unwrap(), [255, 3, 128, 1]);
    assert_eq!(lists.signed_bytes(&[-1]).unwrap(), [i8::MIN, -1]);
    assert_eq!(lists.shorts(&[1, 2]).unwrap(), [u16::MAX, 2, 1]);
    assert_eq!(lists.signed_shorts(&[-2]).unwrap(), [i16::MIN, -2]);
    assert_eq!(lists.words(&[1 << 31]).unwrap(), [u32::MAX, 1 << 31]);
    assert_eq!(lists.signed_words(&[-3]).unwrap(), [i32::MIN, -3]);
    assert_eq!(lists.longs(&[1 << 63]).unwrap(), [u64::MAX, 1 << 63]);
    assert_eq!(lists.signed_longs(&[-4]).unwrap(), [i64::MIN, -4]);
    let flags = lists.bools(&[false, true, false, false]).unwrap();
    assert_eq!(flags, [true, false, false, true, false]);
    let texts = lists.texts(&["a".to_owned(), "é".to_owned()]).unwrap();
    assert_eq!(texts, ["größer", "é", "a"]);
    let both = lists.two(&[7, 8], &[9]).unwrap();
    assert_eq!(both, (vec![1 << 40, 9], vec![0, 8, 7]));
}

#[test]
fn empty_ones_and_long_ones() {
    let guest = load!(host::ListsWorld, App);
    let lists = guest.lists();
    assert_eq!(lists.bytes(&[]).unwrap(), [255]);
    assert_eq!(lists.texts(&[]).unwrap(), ["größer"]);
    assert_eq!(lists.two(&[], &[]).unwrap(), (vec![1 << 40], vec![0]));
    let many: Vec<i16> = (0..100_001).map(|n| n as i16).collect();
    let back = lists.signed_shorts(&many).unwrap();
    assert_eq!(back.len(), many.len() + 1);
    assert!(back[1..].iter().rev().eq(&many));
}
