//! Survives a file that is cut while it is mapped.
//!
//! Touching a page of a map that the file no longer has raises SIGBUS, which
//! ends the process. The handler here knows the maps of this crate
//! ([`Slot`]): for a fault in one of them it notes the first page that is
//! missing, puts zero pages in its place and in the place of everything behind
//! it, and returns. The scan goes on over zeros; nothing is published from
//! there on, because what was noted is asked for before
//! ([`Slot::first_bad`]). Any other SIGBUS goes to whoever handled it before
//! us.
//!
//! One fault is enough for a whole map: 8 GiB cut to nothing under four
//! threads cost three signals, where replacing page by page would cost two
//! million.
//!
//! In the handler there is no lock, no allocation and no output. Its table has
//! a fixed size; whoever finds it full reads by position.

#![allow(
    unsafe_code,
    reason = "a signal handler, and mapping zero pages over what a file lost"
)]

use std::{
    ptr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering::SeqCst},
    },
};

/// How many maps may be open at a time; one that finds no slot is not mapped.
const SLOTS: usize = 64;

static TABLE: [Entry; SLOTS] = [const { Entry::new() }; SLOTS];

/// Read before the handler is installed: `sysconf` may not be called in it.
static PAGE: AtomicUsize = AtomicUsize::new(4096);

/// What handled SIGBUS before us: the handler and its flags.
static PREVIOUS: (AtomicUsize, AtomicI32) = (AtomicUsize::new(libc::SIG_DFL), AtomicI32::new(0));

/// The address of our handler, once it is installed.
static INSTALLED: Mutex<Option<usize>> = Mutex::new(None);

/// One map, as the handler sees it.
///
/// All accesses are sequentially consistent: they happen once a map and once
/// a chunk, and the handler is no place for subtle reasoning.
struct Entry {
    taken: AtomicBool,
    /// Odd while the range is being changed.
    generation: AtomicUsize,
    base: AtomicUsize,
    end: AtomicUsize,
    /// Offset from `base` of the first page that is missing.
    first_bad: AtomicUsize,
}

impl Entry {
    const fn new() -> Entry {
        Entry {
            taken: AtomicBool::new(false),
            generation: AtomicUsize::new(0),
            base: AtomicUsize::new(0),
            end: AtomicUsize::new(0),
            first_bad: AtomicUsize::new(usize::MAX),
        }
    }

    fn set(&self, base: usize, end: usize) {
        self.generation.fetch_add(1, SeqCst);
        self.base.store(base, SeqCst);
        self.end.store(end, SeqCst);
        self.first_bad.store(usize::MAX, SeqCst);
        self.generation.fetch_add(1, SeqCst);
    }

    /// The range; `None` while it changes. The entry of the map that faulted
    /// never changes meanwhile: somebody is reading from that map.
    fn range(&self) -> Option<(usize, usize)> {
        let generation = self.generation.load(SeqCst);
        let range = (self.base.load(SeqCst), self.end.load(SeqCst));
        let unchanged = self.generation.load(SeqCst) == generation;
        (unchanged && generation.is_multiple_of(2)).then_some(range)
    }
}

/// A range of memory whose faults are survived, until it is dropped.
#[derive(Debug)]
pub(super) struct Slot(usize);

impl Slot {
    /// Watches the `len` bytes at `base`; `None` if all slots are in use or
    /// our handler is not (or no longer) the one that is called.
    ///
    /// # Safety
    /// `base` is the page-aligned start of a read-only map of at least `len`
    /// bytes that stays mapped until the slot has been dropped, and the
    /// program stays sound when its pages turn into zeros.
    pub(super) unsafe fn new(base: usize, len: usize) -> Option<Slot> {
        if !handling() {
            return None;
        }
        let end = base + len.next_multiple_of(PAGE.load(SeqCst));
        let free = |entry: &Entry| {
            entry
                .taken
                .compare_exchange(false, true, SeqCst, SeqCst)
                .is_ok()
        };
        let index = TABLE.iter().position(free)?;
        TABLE[index].set(base, end);
        Some(Slot(index))
    }

    /// The offset of the first page that was found missing.
    pub(super) fn first_bad(&self) -> Option<usize> {
        let at = TABLE[self.0].first_bad.load(SeqCst);
        (at != usize::MAX).then_some(at)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let entry = &TABLE[self.0];
        entry.set(0, 0);
        entry.taken.store(false, SeqCst);
    }
}

/// Installs the handler the first time; true if it is the one in force.
///
/// A program that installs its own afterwards is not fought over it: its
/// files are read by position from then on.
fn handling() -> bool {
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if installed.is_none() {
        *installed = install();
    }
    installed.is_some() && current().map(|action| action.sa_sigaction) == *installed
}

fn install() -> Option<usize> {
    PAGE.store(rustix::param::page_size(), SeqCst);
    // Remembered before ours can be called, and again should it have been
    // replaced in between.
    remember(&current()?);
    let address = on_sigbus as *const () as usize;
    // SAFETY: all zeros is a valid `sigaction`: no flags, an empty mask, the
    // default handler.
    let mut ours: libc::sigaction = unsafe { std::mem::zeroed() };
    ours.sa_sigaction = address;
    ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
    // SAFETY: as above.
    let mut replaced: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: both point to valid structures, and `on_sigbus` has the
    // signature `SA_SIGINFO` asks for and does only what a handler may.
    let failed = unsafe { libc::sigaction(libc::SIGBUS, &raw const ours, &raw mut replaced) };
    if failed != 0 {
        return None;
    }
    remember(&replaced);
    Some(address)
}

fn current() -> Option<libc::sigaction> {
    // SAFETY: all zeros is a valid `sigaction`.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: a null pointer asks for nothing to be changed; the other one
    // points to a valid structure.
    let failed = unsafe { libc::sigaction(libc::SIGBUS, ptr::null(), &raw mut action) };
    (failed == 0).then_some(action)
}

fn remember(action: &libc::sigaction) {
    PREVIOUS.1.store(action.sa_flags, SeqCst);
    PREVIOUS.0.store(action.sa_sigaction, SeqCst);
}

extern "C" fn on_sigbus(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::c_void,
) {
    // SAFETY: the address of the calling thread's `errno`, valid while the
    // thread lives.
    let errno = unsafe { &mut *libc::__errno_location() };
    let saved = *errno;
    // SAFETY: with `SA_SIGINFO` the kernel passes a valid structure.
    let code = unsafe { (*info).si_code };
    // SAFETY: as above; `si_addr` is read only for a fault, which has one.
    let rescued = code == libc::BUS_ADRERR && rescue(unsafe { (*info).si_addr() } as usize);
    if !rescued {
        pass_on(signal, code, info, context);
    }
    *errno = saved;
}

/// Replaces everything from this address to the end of its map by zeros;
/// false if it lies in no map of ours.
fn rescue(address: usize) -> bool {
    let page = address & !(PAGE.load(SeqCst) - 1);
    for entry in &TABLE {
        let Some((base, end)) = entry.range() else {
            continue;
        };
        if !(base..end).contains(&address) {
            continue;
        }
        // First the note, then the zeros: whoever reads a zero that the file
        // did not hold finds the note afterwards.
        entry.first_bad.fetch_min(page.wrapping_sub(base), SeqCst);
        // SAFETY: `page..end` lies in a map that its owner keeps while it is
        // in the table, and who put it there allowed zeros in its place.
        let mapped = unsafe {
            libc::mmap(
                page as *mut libc::c_void,
                end.wrapping_sub(page),
                libc::PROT_READ,
                libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        return mapped != libc::MAP_FAILED;
    }
    false
}

/// Does what would have been done without us.
fn pass_on(
    signal: libc::c_int,
    code: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::c_void,
) {
    let (handler, flags) = (PREVIOUS.0.load(SeqCst), PREVIOUS.1.load(SeqCst));
    // Sent by somebody, not raised by an access.
    let sent = code <= 0;
    if handler == libc::SIG_IGN && sent {
        return;
    }
    // The kernel does not let a fault be ignored.
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // SAFETY: restores the default; returning repeats the access, which
        // then ends the process. A signal that was sent is sent again.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            if sent {
                libc::raise(signal);
            }
        }
    } else if flags & libc::SA_SIGINFO != 0 {
        // SAFETY: installed with `SA_SIGINFO`, so it has this signature.
        let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) =
            unsafe { std::mem::transmute(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: installed without `SA_SIGINFO`, so it has this signature.
        let handler: extern "C" fn(libc::c_int) = unsafe { std::mem::transmute(handler) };
        handler(signal);
    }
}
