//! The key of a group.

use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::{Cell, name::serialize_bytes};

/// What the records of a group have in common: a value for every key that was
/// asked for, `None` where the records have none.
///
/// In JSON a single value is a plain string (or `null`), several are an array;
/// what is not valid UTF-8 is `{"bytes": BASE64}`.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct KeyRow(pub Vec<Option<Vec<u8>>>);

impl KeyRow {
    /// The values as cells, one for every key.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        self.0.iter().map(|value| Cell::from(value.as_deref()))
    }
}

impl Serialize for KeyRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [value] = self.0.as_slice() {
            return Value(value.as_deref()).serialize(serializer);
        }
        let mut array = serializer.serialize_seq(Some(self.0.len()))?;
        for value in &self.0 {
            array.serialize_element(&Value(value.as_deref()))?;
        }
        array.end()
    }
}

struct Value<'a>(Option<&'a [u8]>);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(bytes) => serialize_bytes(bytes, serializer),
            None => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_plain() {
        let key = |values: &[Option<&[u8]>]| {
            let values = values.iter().map(|v| v.map(<[u8]>::to_vec));
            serde_json::to_string(&KeyRow(values.collect())).unwrap()
        };
        assert_eq!(key(&[Some(b"a\"b")]), r#""a\"b""#);
        assert_eq!(key(&[None]), "null");
        assert_eq!(key(&[Some(b"a"), None]), r#"["a",null]"#);
        assert_eq!(key(&[Some(b"\xff")]), r#"{"bytes":"/w=="}"#);
    }
}
