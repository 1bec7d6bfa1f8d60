//! Staying out of the way of others on the machine.

#![allow(unsafe_code, reason = "setting the priority of reads")]

/// The share of the cores that is used.
const SHARE: usize = 4;

/// How many threads to use of this many cores.
pub(crate) fn threads(cores: usize) -> usize {
    (cores / SHARE).max(1)
}

/// Reads only when nobody else does, and computes when nobody else wants to;
/// for this thread and those it starts from now on. What the system refuses
/// stays as it is.
pub(crate) fn start() {
    let _ = rustix::process::nice(19);
    #[cfg(target_os = "linux")]
    idle_reads();
}

/// `ioprio_set(2)`: this process, the class that reads when the disk is idle.
#[cfg(target_os = "linux")]
fn idle_reads() {
    const PROCESS: libc::c_int = 1;
    const IDLE: libc::c_int = 3 << 13;
    // SAFETY: the call takes three numbers and no memory.
    let _ = unsafe { libc::syscall(libc::SYS_ioprio_set, PROCESS, 0, IDLE) };
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_quarter_of_the_cores_but_one_at_least() {
        let threads: Vec<_> = [1, 3, 4, 7, 8, 64].map(super::threads).into();
        assert_eq!(threads, [1, 1, 1, 1, 2, 16]);
    }
}
