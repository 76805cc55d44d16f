//! Functions of 16, 17, 18 and 30 parameters.

abide::abi!({ wit: "many_arguments/test.wit", module: "many_arguments" });

#[derive(Clone)]
struct App;

fn turned<const N: usize>(mut of: [u32; N]) -> Vec<u32> {
    of.reverse();
    of.into()
}

impl host_async::Counts for App {
    async fn sixteen(
        &mut self,
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
    ) -> Vec<u32> {
        turned([
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16,
        ])
    }

    async fn seventeen(
        &mut self,
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
    ) -> Vec<u32> {
        turned([
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17,
        ])
    }

    async fn eighteen(
        &mut self,
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
        a18: u32,
    ) -> Vec<u32> {
        turned([
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18,
        ])
    }

    async fn thirty(
        &mut self,
        a1: u32,
        a2: u32,
        a3: u32,
        a4: u32,
        a5: u32,
        a6: u32,
        a7: u32,
        a8: u32,
        a9: u32,
        a10: u32,
        a11: u32,
        a12: u32,
        a13: u32,
        a14: u32,
        a15: u32,
        a16: u32,
        a17: u32,
        a18: u32,
        a19: u32,
        a20: u32,
        a21: u32,
        a22: u32,
        a23: u32,
        a24: u32,
        a25: u32,
        a26: u32,
        a27: u32,
        a28: u32,
        a29: u32,
        a30: u32,
    ) -> Vec<u32> {
        turned([
            a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
            a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30,
        ])
    }

    async fn mixed(
        &mut self,
        a1: u8,
        a2: i64,
        a3: &str,
        a4: f32,
        a5: bool,
        a6: &[u16],
        a7: char,
        a8: f64,
        a9: i16,
        a10: u64,
        a11: u8,
        a12: i64,
        a13: &str,
        a14: f32,
        a15: bool,
        a16: &[u16],
        a17: char,
        a18: f64,
        a19: i16,
        a20: u64,
        a21: u8,
        a22: i64,
        a23: &str,
        a24: f32,
        a25: bool,
        a26: &[u16],
        a27: char,
        a28: f64,
        a29: i16,
        a30: u64,
    ) -> String {
        format!(
            "Wirt {a1:?} {a2:?} {a3:?} {a4:?} {a5:?} {a6:?} {a7:?} {a8:?} {a9:?} {a10:?} {a11:?} {a12:?} {a13:?} {a14:?} {a15:?} {a16:?} {a17:?} {a18:?} {a19:?} {a20:?} {a21:?} {a22:?} {a23:?} {a24:?} {a25:?} {a26:?} {a27:?} {a28:?} {a29:?} {a30:?}"
        )
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::ManyArguments, App).run().await.unwrap();
}

#[awaited::test]
async fn arguments_keep_their_order() {
    let guest = load!(host_async::ManyArguments, App);
    let counts = guest.counts();
    let answer = counts
        .sixteen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
        .await
        .unwrap();
    assert!(answer.into_iter().eq(1..=16));
    let answer = counts
        .seventeen(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
        .await
        .unwrap();
    assert!(answer.into_iter().eq(1..=17));
    let answer = counts
        .eighteen(
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
        )
        .await
        .unwrap();
    assert!(answer.into_iter().eq(1..=18));
    let answer = counts
        .thirty(
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
            25, 26, 27, 28, 29, 30,
        )
        .await
        .unwrap();
    assert!(answer.into_iter().eq(1..=30));
}

#[awaited::test]
async fn types_keep_their_places() {
    let guest = load!(host_async::ManyArguments, App);
    let text = guest
        .counts()
        .mixed(
            1,
            -2_000_000_000,
            "ä3",
            4.5,
            true,
            &[6, 65_535],
            '\u{10FFF8}',
            -8.25,
            -900,
            u64::MAX - 10,
            11,
            -12_000_000_000,
            "ä13",
            14.5,
            false,
            &[16, 65_535],
            '\u{10FFEE}',
            -18.25,
            -1900,
            u64::MAX - 20,
            21,
            -22_000_000_000,
            "ä23",
            24.5,
            true,
            &[26, 65_535],
            '\u{10FFE4}',
            -28.25,
            -2900,
            u64::MAX - 30,
        )
        .await
        .unwrap();
    let expected = format!(
        "Gast 1 -2000000000 \"ä3\" 4.5 true [6, 65535] {:?} -8.25 -900 \
         18446744073709551605 11 -12000000000 \"ä13\" 14.5 false [16, 65535] {:?} -18.25 \
         -1900 18446744073709551595 21 -22000000000 \"ä23\" 24.5 true [26, 65535] {:?} \
         -28.25 -2900 18446744073709551585",
        '\u{10FFF8}', '\u{10FFEE}', '\u{10FFE4}'
    );
    assert_eq!(text, expected);
}
