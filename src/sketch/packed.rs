//! How numbers are written: many as one string of bytes (`#[serde(with = ...)]`), and none
//! where it is 0 (`skip_serializing_if`).

/// Whether it is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
pub(crate) fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Hashes, eight bytes each, the least significant first.
pub(super) mod hashes {
    use serde::{Deserializer, Serializer, de::Error};

    pub(in super::super) fn serialize<S: Serializer>(
        hashes: &[u64],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(
            hashes
                .iter()
                .map(|hash| hash.to_le_bytes())
                .collect::<Vec<_>>()
                .as_flattened(),
        )
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u64>, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        let (hashes, rest) = bytes.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(D::Error::custom("half a hash"));
        }
        Ok(hashes
            .iter()
            .map(|hash| u64::from_le_bytes(*hash))
            .collect())
    }
}

/// Counters, most of which are small: seven bits a byte, the lowest first, and the
/// eighth where more follow (LEB128).
pub(crate) mod counters {
    use serde::{Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(
        counters: &[u32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(counters.len());
        for &counter in counters {
            let mut rest = counter;
            while rest >= 0x80 {
                bytes.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            bytes.push(rest as u8);
        }
        serializer.serialize_bytes(&bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u32>, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        let mut counters = Vec::new();
        let (mut counter, mut shift) = (0u64, 0);
        for byte in bytes {
            counter |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                let whole = u32::try_from(counter)
                    .ok()
                    .filter(|_| byte > 0 || shift == 7);
                counters.push(whole.ok_or_else(|| D::Error::custom("no counter"))?);
                (counter, shift) = (0, 0);
            } else if shift >= 35 {
                return Err(D::Error::custom("a counter too long"));
            }
        }
        if shift > 0 {
            return Err(D::Error::custom("half a counter"));
        }
        Ok(counters)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Packed {
        #[serde(with = "super::hashes")]
        hashes: Vec<u64>,
        #[serde(with = "super::counters")]
        counters: Vec<u32>,
    }

    #[test]
    fn numbers_come_back() {
        let packed = Packed {
            hashes: vec![0, 1, u64::MAX],
            counters: vec![0, 1, 127, 128, 300, 1 << 28, u32::MAX],
        };
        let text = serde_json::to_string(&packed).unwrap();
        assert_eq!(serde_json::from_str::<Packed>(&text).unwrap(), packed);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for counters in [
            "[128]",
            "[128,0]",
            "[255,255,255,255,255]",
            "[255,255,255,255,127]",
        ] {
            let text = format!(r#"{{"hashes":[],"counters":{counters}}}"#);
            assert!(serde_json::from_str::<Packed>(&text).is_err(), "{text}");
        }
        let text = r#"{"hashes":[1,2,3],"counters":[]}"#;
        assert!(serde_json::from_str::<Packed>(text).is_err());
    }
}
