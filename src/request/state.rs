//! What is kept between runs, to go on where the last one ended.
//!
//! A state is a file like that of [partials](super::saved), with another first
//! word: one entry for every input, for one question.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_bytes::ByteBuf;
use serde_json::Value;

use super::{
    Request, Scope,
    container::{self, Content, Fault, Header, Unread},
    saved::{to_bytes, to_path},
};
use crate::error::{Error, ErrorKind, Result};

/// The question a state belongs to.
#[derive(Clone, Debug)]
pub struct Asked(Header);

impl Asked {
    /// A request.
    pub fn request<R: Request>(request: &R, scope: &Scope) -> Asked {
        let request = serde_json::to_value(request).expect("a request is plain data");
        let scope = serde_json::to_value(scope).expect("a scope is plain data");
        Asked(Header::new(R::COMMAND, request, scope))
    }

    /// Something else that a command is asked, as plain data.
    pub fn other(command: &str, request: Value) -> Asked {
        Asked(Header::new(command, request, Value::Null))
    }
}

/// A state as it was found.
#[derive(Debug)]
pub enum Loaded<T> {
    /// It has these entries.
    Entries(Vec<(PathBuf, T)>),
    /// It cannot be used; this is why, as in "the state ...".
    Unusable(String),
}

/// What is kept of an input.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Entry<T> {
    path: ByteBuf,
    kept: T,
}

/// The bytes of a state.
pub fn save<T: Serialize>(asked: &Asked, entries: &[(PathBuf, T)]) -> Vec<u8> {
    let entries = entries.iter().map(|(path, kept)| Entry {
        path: to_bytes(path.clone()),
        kept,
    });
    container::pack(Content::State, &asked.0, &entries.collect::<Vec<_>>())
}

/// What the bytes of a state hold; `name` is what errors call it. An empty file
/// is a state without entries.
///
/// # Errors
/// When it is no state at all, or one that another version of swathe goes on with, so
/// that it must not be written over.
pub fn load<T: DeserializeOwned>(name: &Path, bytes: &[u8], asked: &Asked) -> Result<Loaded<T>> {
    if bytes.is_empty() {
        return Ok(Loaded::Entries(Vec::new()));
    }
    let unusable = |why: String| Ok(Loaded::Unusable(why));
    let refused = |why: String| Err(Error::at(name, ErrorKind::Partial(why)));
    let (header, payload) = match container::unpack(Content::State, bytes) {
        Ok(unpacked) => unpacked,
        Err(Fault::Cut(_)) => return unusable("is cut short".into()),
        Err(Fault::FirstLine | Fault::Checksum | Fault::Header) => {
            return unusable("is damaged".into());
        }
        Err(fault) => return refused(fault.to_string()),
    };
    if header.command != asked.0.command {
        return unusable(format!("is one of swathe {}", header.command));
    }
    if let Some(field) = header.difference(&asked.0) {
        return unusable(format!("was made with other options ({field} differs)"));
    }
    match container::decode::<Vec<Entry<T>>>(payload) {
        Ok(entries) => {
            let entries = entries.into_iter();
            let entries = entries.map(|entry| (to_path(entry.path), entry.kept));
            Ok(Loaded::Entries(entries.collect()))
        }
        Err(unknown @ Unread::Unknown(_)) => refused(unknown.to_string()),
        Err(Unread::Senseless) => unusable("is damaged".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::TemplatesRequest;

    fn asked(limit: u64) -> Asked {
        Asked::other("templates", serde_json::json!({ "limit": limit }))
    }

    #[test]
    fn a_state_is_whole_or_says_what_is_wrong() {
        let entries = vec![(PathBuf::from("a b"), 7_u64), (PathBuf::from("c"), 9)];
        let bytes = save(&asked(3), &entries);
        let found = |bytes: &[u8], asked: &Asked| match load::<u64>("s".as_ref(), bytes, asked) {
            Ok(Loaded::Entries(entries)) => Ok(entries),
            Ok(Loaded::Unusable(why)) => Err(why),
            Err(error) => Err(format!("refused: {error}")),
        };
        assert_eq!(found(&bytes, &asked(3)), Ok(entries));
        assert_eq!(found(b"", &asked(3)), Ok(vec![]));
        let told = found(&bytes, &asked(4)).unwrap_err();
        assert_eq!(told, "was made with other options (limit differs)");
        let other = Asked::other("count", Value::Null);
        assert_eq!(
            found(&bytes, &other).unwrap_err(),
            "is one of swathe templates"
        );
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            let told = found(&broken, &asked(3)).unwrap_err();
            assert_eq!(
                told.starts_with("refused"),
                at <= container::MAGIC.len(),
                "{at}: {told}"
            );
            let told = found(&bytes[..at], &asked(3));
            assert!(at == 0 || told.is_err(), "{at}");
        }
        assert!(
            found(b"a log\n", &asked(3))
                .unwrap_err()
                .starts_with("refused: is no state")
        );
    }

    #[test]
    fn a_request_is_a_question() {
        let request = |max| TemplatesRequest {
            limit: crate::statistic::RowLimit::ALL,
            max,
        };
        let asked = |limit| Asked::request(&request(limit), &Scope::default());
        let bytes = save::<u64>(&asked(1), &[]);
        let load = |asked: &Asked| load::<u64>("s".as_ref(), &bytes, asked).unwrap();
        assert!(matches!(load(&asked(1)), Loaded::Entries(_)));
        assert!(matches!(load(&asked(2)), Loaded::Unusable(_)));
    }
}
