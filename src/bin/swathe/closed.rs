//! Which standard streams were closed when the process began.
//!
//! The runtime of Rust opens `/dev/null` in their place before `main`: what is
//! written there is lost without an error, and what is read there is empty. Nothing
//! tells it from a `/dev/null` that the caller has opened (a shell opens it for writing
//! only, most other programs for both). So the loader has them looked at before the
//! runtime is, as it does for the runtime's own arguments. In place of standard input
//! `/dev/null` is opened for writing only, from which nobody can read.

#![allow(
    unsafe_code,
    reason = "code that runs before main, and descriptors that may be closed"
)]

use std::sync::atomic::{AtomicU8, Ordering};

/// A bit for each descriptor from 0 to 2.
static CLOSED: AtomicU8 = AtomicU8::new(0);

// SAFETY: the loader calls what is listed there, as functions that take three
// arguments or none, when the C library can be used. `look` needs nothing else.
#[used]
#[cfg_attr(
    target_vendor = "apple",
    unsafe(link_section = "__DATA,__mod_init_func")
)]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    for descriptor in 0..3 {
        // SAFETY: the call takes numbers and no memory, and any number may be asked about.
        if unsafe { libc::fcntl(descriptor, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << descriptor, Ordering::Relaxed);
        }
    }
    if is_closed(0) {
        // Whoever reads from it gets an error, as from a closed one.
        // SAFETY: the path is a string with its NUL byte; the call gives the lowest
        // descriptor that is closed, which is that of standard input.
        unsafe { libc::open(c"/dev/null".as_ptr(), libc::O_WRONLY) };
    }
}

fn is_closed(descriptor: u8) -> bool {
    CLOSED.load(Ordering::Relaxed) & (1 << descriptor) != 0
}

/// Standard output.
pub(crate) fn stdout() -> bool {
    is_closed(1)
}

/// Standard error.
pub(crate) fn stderr() -> bool {
    is_closed(2)
}
