//! What happens to a scan whose bytes change under its hands.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::Source;

impl Source {
    /// Runs a scan of bytes before `end`. `None` if it panicked over bytes that a
    /// map has lost meanwhile.
    ///
    /// Where a mapped file is cut, bytes that were there become zeros. A regex
    /// engine that found the end of a match in the bytes that were, and looks for
    /// its start in those that are, has every right to panic. What such a scan
    /// finds is not published anyway, so that the file is at fault and not the
    /// engine. A panic over bytes that are intact goes on.
    pub(crate) fn survives<T>(&self, end: u64, scan: impl FnOnce() -> T) -> Option<T> {
        // Whatever the scan leaves half done is not used again: the caller ends.
        match catch_unwind(AssertUnwindSafe(scan)) {
            Ok(found) => Some(found),
            Err(panic) if self.is_intact(end) => resume_unwind(panic),
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, panic};

    use super::*;
    use crate::source::{MapPolicy, SourceOptions};

    #[test]
    fn a_panic_is_the_fault_of_a_file_that_was_cut_and_of_no_other() {
        let path = std::env::temp_dir().join(format!("swathe-torn-{}", std::process::id()));
        fs::write(&path, vec![b'x'; 100_000]).unwrap();
        let options = SourceOptions {
            map: MapPolicy::Guarded,
            ..SourceOptions::default()
        };
        let source = Source::open(&path, &options).unwrap();
        assert_eq!(source.survives(100_000, || 7), Some(7));
        let over_whole = || source.survives(100_000, || panic!("meant to"));
        assert!(panic::catch_unwind(AssertUnwindSafe(over_whole)).is_err());
        fs::File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_len(10))
            .unwrap();
        assert_eq!(source.survives(100_000, || panic!("meant to")), None::<()>);
        fs::remove_file(&path).unwrap();
    }
}
