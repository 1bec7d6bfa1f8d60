//! The partial in a report that was written as JSON.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::container::{MAGIC, OLD};
use crate::{
    error::{Error, ErrorKind, Result},
    report::{from_base64, printable, to_base64},
};

#[derive(Deserialize)]
struct Found {
    command: String,
    #[serde(default)]
    partial: Value,
}

/// What stands in the JSON of a report for the bytes that
/// [`save`](super::saved::save) gives.
pub fn embed(partial: &[u8]) -> String {
    to_base64(partial)
}

/// Whether a file that begins like this is one of those that
/// [`Saved::open`](super::saved::Saved::open) reads, or says why it does not.
pub fn is_container(head: &[u8]) -> bool {
    let mut begin = OLD.iter().chain(&[MAGIC]);
    begin.any(|magic| head.starts_with(magic.as_bytes()))
}

/// The bytes that [`Saved::open`](super::saved::Saved::open) reads, out of a
/// report that was written as JSON. A file of partials is that already.
///
/// # Errors
/// When it is no such report; `name` is what the error calls it.
pub fn extract(name: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let refuse = |why: &str| Err(Error::at(name, ErrorKind::Partial(why.into())));
    if is_container(&bytes) {
        return Ok(bytes);
    }
    let Ok(found) = serde_json::from_slice::<Found>(&bytes) else {
        let begins = bytes.trim_ascii_start().starts_with(b"{\"schema\":");
        return refuse(if begins {
            "is damaged or cut short (it is not valid JSON); copy it whole, or make it again"
        } else {
            "is no saved report of swathe (write one with swathe report --format json)"
        });
    };
    if found.command != "report" {
        return refuse(&format!(
            "is an answer of swathe {}, not of swathe report, which alone can be read back",
            printable(found.command.as_bytes())
        ));
    }
    let Value::String(text) = found.partial else {
        return refuse(
            "holds no partial (it was taken out of a page, or edited); \
             write it with swathe report --format json",
        );
    };
    match from_base64(&text) {
        Some(partial) => Ok(partial),
        None => refuse("is damaged (its partial is not base 64); make it again"),
    }
}
