//! Larger pipes.

use std::os::fd::AsFd;

/// What a pipe is asked to hold, so that its two ends wake each other less often:
/// the most that an unprivileged process gets. Memory is taken only for what is in
/// it.
#[cfg(target_os = "linux")]
const CAPACITY: usize = 1 << 20;

/// Asks the system for a larger pipe, where this is one. No error comes back, since a
/// smaller one does too. To be asked for a pipe that this process itself reads or writes:
/// a standard input that it only inherited is another's.
///
/// [`Source::stdin`](super::Source::stdin) does so.
pub fn widen_pipe(pipe: impl AsFd) {
    #[cfg(target_os = "linux")]
    {
        // Somebody may have made it larger still.
        let now = rustix::pipe::fcntl_getpipe_size(&pipe);
        if now.is_ok_and(|size| size < CAPACITY) {
            let _ = rustix::pipe::fcntl_setpipe_size(&pipe, CAPACITY);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_is_never_made_smaller() {
        let (reader, _writer) = std::io::pipe().unwrap();
        let size = || rustix::pipe::fcntl_getpipe_size(&reader).unwrap();
        let before = size();
        widen_pipe(&reader);
        assert!(size() == CAPACITY || size() == before);
        if rustix::pipe::fcntl_setpipe_size(&reader, 2 * CAPACITY).is_ok() {
            widen_pipe(&reader);
            assert_eq!(size(), 2 * CAPACITY);
        }
        widen_pipe(std::fs::File::open("Cargo.toml").unwrap());
    }
}
