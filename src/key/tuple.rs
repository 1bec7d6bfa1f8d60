//! Several values as one string of bytes.
//!
//! Groups are found by such a string. Strings compare as the values do, one
//! after the other, a missing one last; a single value stands as it is (unless
//! it begins with 0xFF, which no text does).

use super::Row;
use crate::header::Level;

/// Stands before a value that begins with it, and for a missing one.
const TAG: u8 = 0xff;
/// Behind [`TAG`]: a value follows.
const VALUE: u8 = 0;
/// Behind [`TAG`]: there is no value.
const MISSING: u8 = 1;
/// Two of these end a value; one followed by 1 is itself.
const END: u8 = 0;

/// The string of the first `keys` keys of the row, made in the buffer where
/// it does not stand in the row as it is.
#[inline]
pub fn encoded<'a>(row: &Row<'a>, keys: usize, buffer: &'a mut Vec<u8>) -> &'a [u8] {
    if keys == 1
        && let Some(value) = row.get(0)
        && value.first() != Some(&TAG)
    {
        return value;
    }
    buffer.clear();
    encode(row, keys, buffer);
    buffer
}

/// What is [`encoded`] where the only key is the level.
pub(crate) fn encoded_level(level: Option<Level>) -> &'static [u8] {
    level.map_or(&[TAG, MISSING], |level| level.name().as_bytes())
}

/// Appends the string of the first `keys` keys of the row.
pub fn encode(row: &Row<'_>, keys: usize, into: &mut Vec<u8>) {
    for key in 0..keys {
        let last = key + 1 == keys;
        match row.get(key) {
            None => into.extend([TAG, MISSING]),
            Some(value) => {
                if value.first() == Some(&TAG) {
                    into.extend([TAG, VALUE]);
                }
                if last || !value.contains(&END) {
                    into.extend_from_slice(value);
                } else {
                    for &byte in value {
                        into.push(byte);
                        if byte == END {
                            into.push(1);
                        }
                    }
                }
            }
        }
        if !last {
            into.extend([END, END]);
        }
    }
}

/// The values that [`encode`] made a string of. `keys` is their number.
pub fn decode(encoded: &[u8], keys: usize) -> Vec<Option<Vec<u8>>> {
    let mut rest = encoded;
    let mut values = Vec::with_capacity(keys);
    for key in 0..keys {
        let (tagged, mut value) = match rest {
            [TAG, tag, after @ ..] => {
                rest = after;
                (Some(*tag), Vec::new())
            }
            _ => (None, Vec::new()),
        };
        if key + 1 == keys {
            value.extend_from_slice(rest);
        } else {
            while let Some((&byte, after)) = rest.split_first() {
                rest = after;
                if byte == END {
                    let next = rest.first().copied();
                    rest = rest.get(1..).unwrap_or_default();
                    if next != Some(1) {
                        break;
                    }
                }
                value.push(byte);
            }
        }
        values.push((tagged != Some(MISSING)).then_some(value));
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*};

    use super::{super::record::Slot, *};

    fn string(values: &[Option<Vec<u8>>]) -> Vec<u8> {
        let (mut scratch, mut slots) = (Vec::new(), Vec::new());
        for value in values {
            slots.push(match value {
                None => Slot::Missing,
                Some(value) => {
                    scratch.extend(value);
                    Slot::Scratch(scratch.len() - value.len(), scratch.len())
                }
            });
        }
        let row = Row {
            bytes: b"",
            scratch: &scratch,
            slots: &slots,
            offset: 0,
        };
        let (mut key, mut buffer) = (Vec::new(), b"old".to_vec());
        encode(&row, values.len(), &mut key);
        assert_eq!(encoded(&row, values.len(), &mut buffer), key);
        key
    }

    #[test]
    fn a_level_is_encoded_as_its_name() {
        for level in Level::ALL.map(Some).into_iter().chain([None]) {
            let name = level.map(|level| level.name().as_bytes().to_vec());
            assert_eq!(encoded_level(level), string(&[name]));
        }
    }

    #[test]
    fn a_single_text_stands_as_it_is() {
        assert_eq!(string(&[Some(b"a\0b".to_vec())]), b"a\0b");
        assert_eq!(string(&[Some(vec![])]), b"");
    }

    proptest! {
        #[test]
        fn values_come_back_and_compare_as_before(
            a in vec(option::of(vec(prop_oneof![Just(0u8), Just(1), Just(255), Just(b'a')], 0..4)), 2),
            b in vec(option::of(vec(prop_oneof![Just(0u8), Just(1), Just(255), Just(b'a')], 0..4)), 2),
        ) {
            for keys in [1, 2] {
                let (a, b) = (&a[..keys], &b[..keys]);
                prop_assert_eq!(decode(&string(a), keys), a);
                // `None` is last here, but first in the order of `Option`.
                let order = |values: &[Option<Vec<u8>>]| {
                    let order = |v: &Option<Vec<u8>>| (v.is_none(), v.clone());
                    values.iter().map(order).collect::<Vec<_>>()
                };
                prop_assert_eq!(string(a).cmp(&string(b)), order(a).cmp(&order(b)));
            }
        }
    }
}
