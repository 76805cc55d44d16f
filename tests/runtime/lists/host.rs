//! Lists of every plain element: empty, short, of odd lengths, and long.

abide::abi!({ wit: "lists/test.wit", module: "lists" });

#[derive(Clone)]
struct App;

fn turned<T: Clone>(list: &[T]) -> Vec<T> {
    list.iter().rev().cloned().collect()
}

impl host_async::Lists for App {
    async fn bytes(&mut self, a: &[u8]) -> Vec<u8> {
        super::pause().await;
        turned(a)
    }
    async fn signed_bytes(&mut self, a: &[i8]) -> Vec<i8> {
        super::pause().await;
        turned(a)
    }
    async fn shorts(&mut self, a: &[u16]) -> Vec<u16> {
        turned(a)
    }
    async fn signed_shorts(&mut self, a: &[i16]) -> Vec<i16> {
        turned(a)
    }
    async fn words(&mut self, a: &[u32]) -> Vec<u32> {
        turned(a)
    }
    async fn signed_words(&mut self, a: &[i32]) -> Vec<i32> {
        turned(a)
    }
    async fn longs(&mut self, a: &[u64]) -> Vec<u64> {
        turned(a)
    }
    async fn signed_longs(&mut self, a: &[i64]) -> Vec<i64> {
        turned(a)
    }
    async fn bools(&mut self, a: Vec<bool>) -> Vec<bool> {
        turned(&a)
    }
    async fn texts(&mut self, a: Vec<String>) -> Vec<String> {
        turned(&a)
    }
    async fn two(&mut self, a: &[u8], b: &[u64]) -> (Vec<u64>, Vec<u8>) {
        (turned(b), turned(a))
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::ListsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn the_host_gets_what_the_guest_gives() {
    let guest = load!(host_async::ListsWorld, App);
    let lists = guest.lists();
    assert_eq!(lists.bytes(&[1, 128, 3]).await.unwrap(), [255, 3, 128, 1]);
    assert_eq!(lists.signed_bytes(&[-1]).await.unwrap(), [i8::MIN, -1]);
    assert_eq!(lists.shorts(&[1, 2]).await.unwrap(), [u16::MAX, 2, 1]);
    assert_eq!(lists.signed_shorts(&[-2]).await.unwrap(), [i16::MIN, -2]);
    assert_eq!(lists.words(&[1 << 31]).await.unwrap(), [u32::MAX, 1 << 31]);
    assert_eq!(lists.signed_words(&[-3]).await.unwrap(), [i32::MIN, -3]);
    assert_eq!(lists.longs(&[1 << 63]).await.unwrap(), [u64::MAX, 1 << 63]);
    assert_eq!(lists.signed_longs(&[-4]).await.unwrap(), [i64::MIN, -4]);
    let flags = lists.bools(&[false, true, false, false]).await.unwrap();
    assert_eq!(flags, [true, false, false, true, false]);
    let texts = lists
        .texts(&["a".to_owned(), "é".to_owned()])
        .await
        .unwrap();
    assert_eq!(texts, ["größer", "é", "a"]);
    let both = lists.two(&[7, 8], &[9]).await.unwrap();
    assert_eq!(both, (vec![1 << 40, 9], vec![0, 8, 7]));
}

#[awaited::test]
async fn empty_ones_and_long_ones() {
    let guest = load!(host_async::ListsWorld, App);
    let lists = guest.lists();
    assert_eq!(lists.bytes(&[]).await.unwrap(), [255]);
    assert_eq!(lists.texts(&[]).await.unwrap(), ["größer"]);
    assert_eq!(lists.two(&[], &[]).await.unwrap(), (vec![1 << 40], vec![0]));
    let many: Vec<i16> = (0..100_001).map(|n| n as i16).collect();
    let back = lists.signed_shorts(&many).await.unwrap();
    assert_eq!(back.len(), many.len() + 1);
    assert!(back[1..].iter().rev().eq(&many));
}
