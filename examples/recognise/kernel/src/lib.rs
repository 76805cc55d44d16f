//! Makes pixels grey: the loop that the guest of the demo runs in WebAssembly, and that the
//! benchmarks run natively too.
//!
//! It knows bytes only: no picture's format, no guest, no host.

/// How much of red, green and blue is in the grey, of 256: what eyes are worth to each, by ITU-R
/// BT.601.
const WEIGHTS: [u16; 3] = [77, 150, 29];

/// How many pixels are made grey in one turn: the compiler makes vectors of them.
const TURN: usize = 16;

/// One grey byte for each red, green and blue one. What is left of an incomplete pixel at the end
/// is nothing.
#[cfg_attr(target_family = "wasm", target_feature(enable = "simd128"))]
#[must_use]
pub fn grey(rgb: &[u8]) -> Vec<u8> {
    let mut grey = vec![0; rgb.len() / 3];
    let mut turns = grey.chunks_exact_mut(TURN);
    let mut from = rgb.chunks_exact(3 * TURN);
    for (to, from) in (&mut turns).zip(&mut from) {
        for at in 0..TURN {
            to[at] = pixel([from[3 * at], from[3 * at + 1], from[3 * at + 2]]);
        }
    }
    let rest = from.remainder().chunks_exact(3);
    for (to, from) in turns.into_remainder().iter_mut().zip(rest) {
        *to = pixel([from[0], from[1], from[2]]);
    }
    grey
}

#[inline(always)]
fn pixel(rgb: [u8; 3]) -> u8 {
    let [red, green, blue] = rgb.map(u16::from);
    // At most 255 · 256, so it fits.
    ((WEIGHTS[0] * red + WEIGHTS[1] * green + WEIGHTS[2] * blue + 128) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::{TURN, grey};

    #[test]
    fn white_stays_white_and_black_black() {
        assert_eq!(grey(&[255; 30]), [255; 10]);
        assert_eq!(grey(&[0; 30]), [0; 10]);
        assert_eq!(grey(&[]), []);
    }

    #[test]
    fn green_is_brighter_than_red_and_that_than_blue() {
        assert_eq!(grey(&[255, 0, 0, 0, 255, 0, 0, 0, 255]), [77, 149, 29]);
    }

    #[test]
    fn all_lengths_are_made_grey_in_the_same_way() {
        let rgb: Vec<u8> = (0..=u8::MAX).cycle().take(3 * (3 * TURN + 5)).collect();
        let whole = grey(&rgb);
        for pixels in 0..rgb.len() / 3 {
            let one = &rgb[3 * pixels..3 * pixels + 3];
            assert_eq!(grey(one)[0], whole[pixels]);
            assert_eq!(grey(&rgb[..3 * pixels + 2]), whole[..pixels]);
        }
    }
}
