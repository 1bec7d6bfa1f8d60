//! What the guard of a map does to a process, each in a process of its own:
//! this binary runs itself with one of the ignored tests.

#![allow(unsafe_code, reason = "raises the signals the guard is about")]

use std::{
    fs::{self, OpenOptions},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Command, Output},
    sync::atomic::{AtomicI32, AtomicUsize, Ordering},
};

use swathe::{
    ErrorKind,
    source::{MapPolicy, Source, SourceOptions},
};

const LEN: usize = 100_000;

/// Runs one of the tests below in another process.
fn run(test: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([
            &format!("guard::{test}"),
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .output()
        .unwrap()
}

fn assert_passes(test: &str) {
    let output = run(test);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{:?}: {said}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

fn file(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("swathe-guard-{name}-{}", std::process::id()));
    fs::write(&path, vec![b'x'; LEN]).unwrap();
    path
}

fn cut(path: &PathBuf) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(0).unwrap();
}

fn guarded(path: &PathBuf) -> Source {
    let options = SourceOptions {
        map: MapPolicy::Guarded,
        ..SourceOptions::default()
    };
    Source::open(path, &options).unwrap()
}

/// A map of a file that has lost all its bytes.
fn assert_survived(source: &Source) {
    let slice = source.as_slice().unwrap();
    assert_eq!((slice[LEN / 2], slice[LEN - 1], slice[0]), (0, 0, 0));
    assert!(!source.is_intact(1));
    let error = source.verify().unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Shrank {
                from: 100_000,
                to: 0,
                intact: 0
            }
        ),
        "{error}"
    );
}

#[test]
fn a_page_that_was_missing_is_remembered_when_it_is_back() {
    let path = file("back");
    let source = guarded(&path);
    cut(&path);
    let slice = source.as_slice().unwrap();
    assert_eq!((slice[LEN / 2], slice[20_000]), (0, 0));
    fs::write(&path, vec![b'y'; 2 * LEN]).unwrap();
    assert!(!source.is_intact(1), "zeros were read");
    let page = 20_000 / rustix::param::page_size() * rustix::param::page_size();
    let error = source.verify_published(0).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Shrank { from: 100_000, to, intact: 0 }
            if *to == page as u64),
        "{error}"
    );
    fs::remove_file(path).unwrap();
}

#[test]
fn stack_overflow_is_still_reported() {
    let output = run("overflows_the_stack");
    assert_eq!(output.status.signal(), Some(libc::SIGABRT));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("has overflowed its stack"), "{said}");
}

#[test]
#[ignore = "ends the process"]
fn overflows_the_stack() {
    #[allow(unconditional_recursion, reason = "the point of it")]
    fn deeper(n: &mut [u8; 1000]) -> u8 {
        let mut more = [n[0]; 1000];
        deeper(std::hint::black_box(&mut more)) + n[1]
    }
    let path = file("overflow");
    let source = guarded(&path);
    assert!(source.as_slice().is_some());
    fs::remove_file(path).unwrap();
    deeper(&mut [0; 1000]);
}

#[test]
fn a_fault_in_somebody_elses_map_still_kills() {
    let output = run("faults_in_another_map");
    assert_eq!(output.status.signal(), Some(libc::SIGBUS), "{output:?}");
}

#[test]
#[ignore = "ends the process"]
fn faults_in_another_map() {
    let path = file("foreign");
    let source = guarded(&path);
    let open = fs::File::open(&path).unwrap();
    // SAFETY: what happens when the file is cut is what is tested.
    let other = unsafe { memmap2::Mmap::map(&open) }.unwrap();
    cut(&path);
    assert_survived(&source);
    fs::remove_file(path).unwrap();
    std::hint::black_box(other[LEN / 2]);
}

#[test]
fn a_fault_where_a_map_used_to_be_still_kills() {
    let output = run("faults_where_a_map_used_to_be");
    assert_eq!(output.status.signal(), Some(libc::SIGBUS), "{output:?}");
}

#[test]
#[ignore = "ends the process"]
fn faults_where_a_map_used_to_be() {
    let path = file("former");
    let source = guarded(&path);
    let address = source.as_slice().unwrap().as_ptr() as usize;
    drop(source);
    let open = fs::File::open(&path).unwrap();
    // SAFETY: nothing is replaced, and what happens when the file is cut is
    // what is tested.
    let other = unsafe {
        libc::mmap(
            address as *mut libc::c_void,
            LEN,
            libc::PROT_READ,
            libc::MAP_PRIVATE | libc::MAP_FIXED_NOREPLACE,
            std::os::fd::AsRawFd::as_raw_fd(&open),
            0,
        )
    };
    assert_eq!(other as usize, address);
    cut(&path);
    fs::remove_file(path).unwrap();
    // SAFETY: as above.
    std::hint::black_box(unsafe { std::ptr::read_volatile(address as *const u8) });
}

#[test]
fn a_sigbus_that_is_sent_with_the_default_in_force_kills() {
    let output = run("is_sent_sigbus_by_default");
    assert_eq!(output.status.signal(), Some(libc::SIGBUS), "{output:?}");
}

#[test]
#[ignore = "ends the process"]
fn is_sent_sigbus_by_default() {
    // SAFETY: the default needs no handler.
    unsafe { libc::signal(libc::SIGBUS, libc::SIG_DFL) };
    let path = file("sent");
    let source = guarded(&path);
    assert!(source.as_slice().is_some());
    fs::remove_file(path).unwrap();
    // SAFETY: sends a signal, no more.
    unsafe { libc::raise(libc::SIGBUS) };
    panic!("survived");
}

#[test]
fn a_sigbus_that_was_ignored_is_ignored() {
    assert_passes("ignores_sigbus");
}

#[test]
#[ignore = "changes how the process takes signals"]
fn ignores_sigbus() {
    // SAFETY: ignoring needs no handler.
    unsafe { libc::signal(libc::SIGBUS, libc::SIG_IGN) };
    let path = file("ignored");
    let source = guarded(&path);
    // SAFETY: sends a signal, no more.
    unsafe { libc::raise(libc::SIGBUS) };
    cut(&path);
    assert_survived(&source);
    fs::remove_file(path).unwrap();
}

static CAUGHT: AtomicI32 = AtomicI32::new(0);

/// Where the handler's variables were.
static STACK: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(signal: libc::c_int) {
    CAUGHT.fetch_add(signal, Ordering::SeqCst);
}

extern "C" fn count_with_address(
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    _context: *mut libc::c_void,
) {
    // SAFETY: the kernel passes a valid structure, and so must who calls this
    // in its place.
    let number = unsafe { (*info).si_signo };
    STACK.store(&raw const number as usize, Ordering::SeqCst);
    CAUGHT.fetch_add(signal + number, Ordering::SeqCst);
}

fn install(handler: usize, flags: libc::c_int) {
    // SAFETY: all zeros is a valid `sigaction`, and both handlers above only
    // count.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        assert_eq!(
            libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut()),
            0
        );
    }
}

#[test]
fn the_handler_that_was_there_gets_what_is_not_ours() {
    assert_passes("passes_signals_on");
    assert_passes("passes_signals_on_with_their_information");
}

#[test]
#[ignore = "changes how the process takes signals"]
fn passes_signals_on() {
    install(count as *const () as usize, 0);
    let path = file("chained");
    let source = guarded(&path);
    // SAFETY: sends a signal, no more.
    unsafe { libc::raise(libc::SIGBUS) };
    assert_eq!(CAUGHT.load(Ordering::SeqCst), libc::SIGBUS);
    cut(&path);
    assert_survived(&source);
    assert_eq!(CAUGHT.load(Ordering::SeqCst), libc::SIGBUS);
    fs::remove_file(path).unwrap();
}

#[test]
#[ignore = "changes how the process takes signals"]
fn passes_signals_on_with_their_information() {
    install(count_with_address as *const () as usize, libc::SA_SIGINFO);
    let path = file("chained-info");
    let source = guarded(&path);
    // SAFETY: sends a signal, no more.
    unsafe { libc::raise(libc::SIGBUS) };
    assert_eq!(CAUGHT.load(Ordering::SeqCst), 2 * libc::SIGBUS);
    // On the stack for signals: that of the thread may be used up.
    // SAFETY: all zeros is a valid structure, and null asks for no change.
    let stack = unsafe {
        let mut stack: libc::stack_t = std::mem::zeroed();
        assert_eq!(libc::sigaltstack(std::ptr::null(), &raw mut stack), 0);
        stack
    };
    let bottom = stack.ss_sp as usize;
    assert!((bottom..bottom + stack.ss_size).contains(&STACK.load(Ordering::SeqCst)));
    cut(&path);
    assert_survived(&source);
    fs::remove_file(path).unwrap();
}

#[test]
fn who_installs_a_handler_later_keeps_it() {
    assert_passes("reads_when_the_handler_was_replaced");
}

#[test]
#[ignore = "changes how the process takes signals"]
fn reads_when_the_handler_was_replaced() {
    let path = file("replaced");
    assert!(guarded(&path).as_slice().is_some());
    install(count as *const () as usize, 0);
    let source = guarded(&path);
    assert!(source.as_slice().is_none());
    let mut all = vec![0; LEN];
    source.read_at(&mut all, 0).unwrap();
    assert!(all.iter().all(|&b| b == b'x'));
    fs::remove_file(path).unwrap();
}

#[test]
fn more_maps_than_can_be_guarded_are_read() {
    assert_passes("opens_many_files");
}

#[test]
#[ignore = "uses all guards of the process"]
fn opens_many_files() {
    let path = file("many");
    // Twice: guards are given back.
    for _ in 0..2 {
        let sources: Vec<_> = (0..100).map(|_| guarded(&path)).collect();
        let mapped = sources.iter().filter(|s| s.as_slice().is_some()).count();
        assert_eq!(mapped, 64);
        for source in &sources {
            let mut last = [0];
            source.read_at(&mut last, LEN as u64 - 1).unwrap();
            assert_eq!(last, [b'x']);
        }
    }
    fs::remove_file(path).unwrap();
}

#[test]
fn one_cut_file_leaves_the_others_alone() {
    assert_passes("cuts_one_of_many");
}

#[test]
#[ignore = "looks at guards nobody else should use"]
fn cuts_one_of_many() {
    let paths: Vec<_> = (0..20).map(|i| file(&format!("one-{i}"))).collect();
    let sources: Vec<_> = paths.iter().map(guarded).collect();
    cut(&paths[7]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for (i, source) in sources.iter().enumerate() {
                    let sum: usize = source.as_slice().unwrap().iter().map(|&b| b as usize).sum();
                    assert_eq!(sum, if i == 7 { 0 } else { LEN * b'x' as usize });
                }
            });
        }
    });
    for (i, (source, path)) in sources.iter().zip(&paths).enumerate() {
        assert_eq!(source.is_intact(LEN as u64), i != 7);
        assert_eq!(source.verify().is_ok(), i != 7);
        fs::remove_file(path).unwrap();
    }
}
