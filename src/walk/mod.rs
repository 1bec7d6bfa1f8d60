//! Which files are meant: those that are named, and those that a walk through a directory
//! finds.
//!
//! [`WalkOptions`] is what may be said, [`Rules`] what that comes to once globs and types are
//! compiled, [`Files`] the files, one after the other: always in the same order, of paths
//! unless another is asked for. The rules are those of ripgrep and the walk is that of its
//! `ignore` crate, on a thread of its own, which is at most some thousand files ahead and ends
//! at the next file it finds when nobody wants more.
//!
//! ```
//! use std::path::Path;
//! use swathe::walk::{Event, Files, Rules, WalkOptions};
//!
//! # fn main() -> swathe::Result<()> {
//! # let dir = std::env::temp_dir().join(format!("swathe-doc-walk-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir)?;
//! # std::fs::write(dir.join("b.log"), "")?;
//! # std::fs::write(dir.join("a.log"), "")?;
//! # std::fs::write(dir.join("a.txt"), "")?;
//! let options = WalkOptions {
//!     globs: vec!["*.log".into()],
//!     ..WalkOptions::default()
//! };
//! let rules = Rules::new(&options, Path::new("/"))?;
//! let mut names = Vec::new();
//! for event in Files::new([&dir], rules) {
//!     match event {
//!         Event::File(input) => names.push(input.name().to_path_buf()),
//!         Event::Trouble(trouble) => eprintln!("{}", trouble.error),
//!     }
//! }
//! assert_eq!(names, [dir.join("a.log"), dir.join("b.log")]);
//! # std::fs::remove_dir_all(&dir)?;
//! # Ok(())
//! # }
//! ```
//!
//! Without the feature `walk` there are only the files that are named.

mod files;
mod listed;
#[cfg(feature = "walk")]
mod options;
#[cfg(feature = "walk")]
mod order;
#[cfg(feature = "walk")]
mod queue;
#[cfg(feature = "walk")]
mod rules;
#[cfg(feature = "walk")]
mod trouble;
#[cfg(feature = "walk")]
mod walker;

pub use files::{Event, Files, Trouble};
pub use listed::listed;
#[cfg(feature = "walk")]
pub use options::{NoIgnore, Sort, SortBy, TypeChange, WalkOptions};
#[cfg(feature = "walk")]
pub use rules::{FileType, Globs, Rules};
