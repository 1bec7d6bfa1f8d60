//! How many lines there are, counted here and there.

use super::glance::{Glance, read};
use crate::{
    error::Result,
    line::{count_lines, count_terminators},
    source::Source,
};

/// How many places are looked at, and how many bytes of each.
const PLACES: u64 = 16;
const PLACE: u64 = 64 << 10;

/// How many lines a source has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineCount {
    /// The number.
    pub value: u64,
    /// Half the width of the interval the number lies in 19 times of 20, in
    /// percent; `None` if it was counted.
    pub error: Option<f64>,
}

impl LineCount {
    /// How many places an estimate is from.
    pub const PLACES: u64 = PLACES;
}

/// Counts or estimates; `None` for a stream that goes on.
pub(super) fn count(source: &Source, glance: &Glance) -> Result<Option<LineCount>> {
    let exact = |value| Some(LineCount { value, error: None });
    if glance.whole {
        return Ok(exact(count_lines(&glance.first, b'\n')));
    }
    let Some(len) = source.len() else {
        return Ok(None);
    };
    if len <= PLACES * PLACE {
        return Ok(exact(count_lines(&read(source, 0..len)?, b'\n')));
    }
    let mut counts = Vec::new();
    for place in 0..PLACES {
        let at = (len - PLACE) / (PLACES - 1) * place;
        let newlines = count_terminators(&read(source, at..at + PLACE)?, b'\n');
        counts.push(newlines as f64);
    }
    let n = PLACES as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = 200.0 * (variance / n).sqrt() / mean.max(f64::MIN_POSITIVE);
    let value = mean * (len as f64 / PLACE as f64);
    Ok(Some(LineCount {
        #[expect(clippy::cast_sign_loss, reason = "a mean of counts")]
        value: value.round() as u64,
        error: Some(if mean > 0.0 { error } else { 100.0 }),
    }))
}
