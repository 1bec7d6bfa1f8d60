//! The one integration-test binary.

/// What the guard of a map does to a process, each in a process of its own.
#[cfg(target_os = "linux")]
mod guard;
/// Standard input in its forms.
mod stdin;
/// Files that change while they are scanned.
mod truncation;
