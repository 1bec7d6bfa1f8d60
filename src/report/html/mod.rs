//! A report as one page of HTML: nothing is fetched, nothing is needed but a
//! browser, and without scripts it says the same.
//!
//! [`writer`] escapes, [`table`] and [`svg`] draw, [`page`] puts it together.
//! The script only sorts, filters, copies and changes colours; a policy in the
//! page forbids every script and style but these two, by their hashes.

mod definitions;
mod page;
mod svg;
mod table;
mod writer;

pub(super) use page::{Page, write};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The hashes of both for the policy of the page; a test says what they must be
/// when one of them has changed.
const STYLE_HASH: &str = "sha256-cyXWMemG5uHS1iF2/iwC6bqzC7dlg9kQRPYrYQxCQJ8=";
const SCRIPT_HASH: &str = "sha256-roh62VfmbA7EhD2N65QDgm68kneXFBfyxJmcSa2YOfc=";

#[cfg(test)]
mod tests;
