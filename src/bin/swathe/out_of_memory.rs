//! What happens when there is no memory left: one line that says so, and exit status 2.
//!
//! The standard library would abort, which looks like a fault of the program. Nothing
//! is answered then: what is in hand may be in any state. A file that `--output` was
//! writing under another name is left behind.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    io::Write as _,
};

/// The allocator of the system, and an end where it fails.
struct OrEnd;

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

// SAFETY: all is done by the allocator of the system, with what it was asked for.
unsafe impl GlobalAlloc for OrEnd {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that are asked for here.
        or_end(unsafe { System.alloc(layout) }, layout.size())
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above; what is given back was had from there.
        unsafe { System.dealloc(pointer, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        or_end(unsafe { System.realloc(pointer, layout, size) }, size)
    }
}

#[inline]
fn or_end(pointer: *mut u8, size: usize) -> *mut u8 {
    if pointer.is_null() {
        end(size);
    }
    pointer
}

#[cold]
fn end(size: usize) -> ! {
    // Nothing here may ask for memory.
    let mut text = [0; 256];
    let mut rest = &mut text[..];
    let _ = writeln!(
        rest,
        "swathe: out of memory: {size} more bytes could not be allocated (less is used with a \
         smaller --memory, fewer threads by -j, a smaller --chunk-size)"
    );
    let left = rest.len();
    let said = &text[..text.len() - left];
    let _ = std::io::stderr().write_all(said);
    exit()
}

/// Ends the process at once: what would be done at its end may ask for memory.
#[cfg(unix)]
fn exit() -> ! {
    // SAFETY: the call takes a number and does not return.
    unsafe { libc::_exit(2) }
}

#[cfg(not(unix))]
fn exit() -> ! {
    std::process::exit(2)
}
