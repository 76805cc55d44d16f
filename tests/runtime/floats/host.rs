//! Floats: signed zero, subnormal, infinite and not a number, one at a time and in lists.

abide::abi!({ wit: "floats/test.wit", module: "floats" });

#[derive(Clone)]
struct App;

impl host_async::Floats for App {
    async fn halved(&mut self, a: f32) -> f32 {
        a / 2.0
    }

    async fn halved_wide(&mut self, a: f64) -> f64 {
        a / 2.0
    }

    async fn bits(&mut self, a: f32, b: f64) -> (u32, u64) {
        (a.to_bits(), b.to_bits())
    }

    async fn sums(&mut self, a: &[f32], b: &[f64]) -> (f32, f64) {
        // A sum over nothing starts at minus zero.
        (a.iter().sum::<f32>() + 0.0, b.iter().sum::<f64>() + 0.0)
    }

    async fn scaled(&mut self, a: &[f32], b: &[f64]) -> (Vec<f32>, Vec<f64>) {
        let (narrow, wide) = (a.iter().map(|a| a * 10.0), b.iter().map(|b| b * 100.0));
        (narrow.collect(), wide.collect())
    }
}

#[awaited::test]
async fn the_guest_gets_what_the_host_gives() {
    load!(host_async::FloatsWorld, App).run().await.unwrap();
}

#[awaited::test]
async fn bits_arrive_as_they_are() {
    let guest = load!(host_async::FloatsWorld, App);
    let floats = guest.floats();
    for (a, b) in [
        (0.0, -0.0),
        (-0.0, 0.0),
        (f32::INFINITY, f64::NEG_INFINITY),
        (f32::from_bits(1), f64::from_bits(0x000F_FFFF_FFFF_FFFF)),
        (f32::MAX, f64::MIN),
        (0.1, 0.1),
    ] {
        assert_eq!(floats.bits(a, b).await.unwrap(), (a.to_bits(), b.to_bits()));
    }
    // Which bits a NaN has is not part of the contract.
    let (a, b) = floats.bits(f32::NAN, -f64::NAN).await.unwrap();
    assert!(f32::from_bits(a).is_nan() && f64::from_bits(b).is_nan());
    assert_eq!(floats.halved(f32::MAX).await.unwrap(), f32::MAX / 2.0);
    assert_eq!(
        floats.halved_wide(-5e-324).await.unwrap().to_bits(),
        1 << 63
    );
}

#[awaited::test]
async fn lists_of_them() {
    let guest = load!(host_async::FloatsWorld, App);
    let floats = guest.floats();
    let (narrow, wide) = floats
        .scaled(&[1.5, -0.0, f32::NEG_INFINITY], &[0.25, f64::MAX])
        .await
        .unwrap();
    assert_eq!(narrow, [3.0, 0.0, f32::NEG_INFINITY]);
    assert!(narrow[1].is_sign_negative());
    assert_eq!(wide, [1.0, f64::INFINITY]);
    let numbers: Vec<f64> = (0..10_000).map(f64::from).collect();
    assert_eq!(
        floats.sums(&[0.5], &numbers).await.unwrap(),
        (0.5, 49_995_000.0)
    );
}
