//! Windows that move over a picture: how many places they have, and how much lies outside.

use abide_inference::model::Error;

use super::Call;
use crate::formats::tflite::model::broken;

/// Along one side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) length: usize,
    pub(super) step: usize,
    pub(super) dilation: usize,
    /// How many places it has.
    pub(super) places: usize,
    pub(super) before: usize,
    pub(super) after: usize,
}

impl Window {
    /// By the fields of an operator's options: the padding is the first.
    pub(super) fn new(
        call: &Call<'_>,
        over: usize,
        length: usize,
        step: usize,
        dilation: usize,
    ) -> Result<Self, Error> {
        let covers = (length - 1).saturating_mul(dilation).saturating_add(1);
        let mut window = Self {
            length,
            step,
            dilation,
            places: 0,
            before: 0,
            after: 0,
        };
        match call.i8(0)? {
            // As many places as fit if it may reach outside.
            0 => {
                window.places = over.div_ceil(step);
                let reach = (window.places - 1)
                    .saturating_mul(step)
                    .saturating_add(covers);
                let outside = reach.saturating_sub(over);
                window.before = outside / 2;
                window.after = outside - window.before;
            }
            1 if covers <= over => window.places = (over - covers) / step + 1,
            1 => return Err(broken(format!("a window of {covers} over {over}"))),
            other => return Err(broken(format!("the padding {other}"))),
        }
        Ok(window)
    }
}

/// Rows and columns.
pub(super) struct Windows(pub(super) Window, pub(super) Window);

impl Windows {
    /// As ONNX wants them: steps, dilations, and what lies before and behind.
    pub(super) fn attributes(&self) -> ([i64; 2], [i64; 2], [i64; 4]) {
        let Self(rows, columns) = self;
        (
            [number(rows.step), number(columns.step)],
            [number(rows.dilation), number(columns.dilation)],
            [rows.before, columns.before, rows.after, columns.after].map(number),
        )
    }
}

/// No length is more than the file had room for.
pub(super) fn number(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
