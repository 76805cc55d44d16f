//! Halves floats, and looks at their bits on both ways.

abide::abi!("test.wit");

use guest::floats as host;

struct Plugin;

impl guest::Floats for Plugin {
    fn halved(a: f32) -> f32 {
        a / 2.0
    }

    fn halved_wide(a: f64) -> f64 {
        a / 2.0
    }

    fn bits(a: f32, b: f64) -> (u32, u64) {
        (a.to_bits(), b.to_bits())
    }

    fn sums(a: Vec<f32>, b: Vec<f64>) -> (f32, f64) {
        (a.iter().sum(), b.iter().sum())
    }

    fn scaled(a: Vec<f32>, b: Vec<f64>) -> (Vec<f32>, Vec<f64>) {
        (
            a.iter().map(|a| a * 2.0).collect(),
            b.iter().map(|b| b * 4.0).collect(),
        )
    }
}

impl guest::FloatsWorld for Plugin {
    fn run() {
        assert_eq!(host::halved(3.0), 1.5);
        assert_eq!(host::halved_wide(-1e300), -5e299);
        assert_eq!(host::bits(-0.0, -0.0), (1 << 31, 1 << 63));
        assert_eq!(
            host::bits(f32::MIN_POSITIVE / 2.0, f64::from_bits(1)),
            (0x0040_0000, 1)
        );
        let (a, b) = host::bits(f32::NAN, f64::NAN);
        assert!(f32::from_bits(a).is_nan() && f64::from_bits(b).is_nan());
        assert_eq!(
            host::sums(&[0.5, -2.0], &[1e16, 1.0, f64::INFINITY]),
            (-1.5, f64::INFINITY)
        );
        assert_eq!(host::sums(&[], &[]), (0.0, 0.0));
        let (a, b) = host::scaled(&[f32::MAX, 1.25], &[f64::MIN_POSITIVE]);
        assert_eq!(a, [f32::INFINITY, 12.5]);
        assert_eq!(b, [f64::MIN_POSITIVE * 100.0]);
    }
}

export!(Plugin);
