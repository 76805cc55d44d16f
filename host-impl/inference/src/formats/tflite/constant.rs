//! Constants as real numbers, whatever they are stored as.

use abide_inference::model::Error;

use super::model::{Kind, Quantized, Tensor, broken};

impl Tensor<'_> {
    /// The real numbers that a constant stands for.
    pub(crate) fn floats(&self) -> Result<Vec<f32>, Error> {
        let data = self.constant()?;
        Ok(match self.kind {
            Kind::Float32 => each(data, f32::from_le_bytes),
            Kind::Float16 => each(data, |bytes| half(u16::from_le_bytes(bytes))),
            Kind::Uint8 => self.real(data, |[byte]| byte.into())?,
            Kind::Int8 => self.real(data, |[byte]| byte.cast_signed().into())?,
            Kind::Int16 => self.real(data, |bytes| i16::from_le_bytes(bytes).into())?,
            Kind::Int32 => self.real(data, |bytes| i32::from_le_bytes(bytes).into())?,
            Kind::Int64 => self.real(data, i64::from_le_bytes)?,
        })
    }

    /// The whole numbers of a constant that says how, not what.
    pub(crate) fn integers(&self) -> Result<Vec<i64>, Error> {
        let data = self.constant()?;
        match self.kind {
            Kind::Int32 => Ok(each(data, |bytes| i32::from_le_bytes(bytes).into())),
            Kind::Int64 => Ok(each(data, i64::from_le_bytes)),
            kind => Err(broken(format!("whole numbers of the type {kind:?}"))),
        }
    }

    fn constant(&self) -> Result<&[u8], Error> {
        let text = "a value that is computed, where the engine wants a constant";
        self.data.ok_or_else(|| Error::Unsupported(text.to_owned()))
    }

    fn real<const N: usize>(
        &self,
        data: &[u8],
        number: impl Fn([u8; N]) -> i64,
    ) -> Result<Vec<f32>, Error> {
        let Some(Quantized {
            scales,
            zeros,
            dimension,
        }) = &self.quantized
        else {
            let text = format!("a constant of {:?} without a scale", self.kind);
            return Err(Error::Unsupported(text));
        };
        // How many numbers in a row have the same scale.
        let row: usize = match scales.len() {
            1 => self.count,
            _ => self.shape[dimension + 1..].iter().product(),
        };
        let mut floats = Vec::with_capacity(self.count);
        let scales = scales.iter().zip(zeros).cycle();
        for (row, (scale, zero)) in data.as_chunks().0.chunks(row.max(1)).zip(scales) {
            // Numbers of 32 bits are more exact than a float.
            let (scale, zero) = (f64::from(*scale), i64::from(*zero));
            let real =
                |bytes: &[u8; N]| (number(*bytes).saturating_sub(zero) as f64 * scale) as f32;
            floats.extend(row.iter().map(real));
        }
        Ok(floats)
    }
}

fn each<const N: usize, T>(data: &[u8], make: impl Fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks().0.iter().copied().map(make).collect()
}

/// A float of 16 bits.
pub(crate) fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(exponent - 15),
    }
}
