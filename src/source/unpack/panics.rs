//! A panic in whoever unpacks is no end of data, and hangs nobody.

use std::io::{self, Cursor, Read};

use super::{
    Open, Packing, Unpacker,
    ahead::Ahead,
    tests::{packed, text},
    together::Together,
};
use crate::{exec::panics::panics, source::block::Block};

/// Gives some bytes, and then panics.
struct Panics(Cursor<Vec<u8>>);

impl Read for Panics {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.0.read(buffer)?;
        assert!(got > 0, "meant to");
        Ok(got)
    }
}

/// What comes before the end, and what that is; checked on a thread that may panic.
fn ends_wrongly(mut next: impl FnMut() -> io::Result<Option<Block>>, text: &[u8]) -> usize {
    let mut all = Vec::new();
    loop {
        match next() {
            Ok(Some(block)) => all.extend_from_slice(block.bytes()),
            Ok(None) => panic!("a clean end after {} bytes", all.len()),
            Err(error) => {
                assert!(
                    error.to_string().contains("stopped unexpectedly"),
                    "{error}"
                );
                assert!(text.starts_with(&all));
                return all.len();
            }
        }
    }
}

const PACKINGS: [Packing; 5] = [
    Packing::Gzip,
    Packing::Zstd,
    Packing::Xz,
    Packing::Bzip2,
    Packing::Lz4,
];

#[test]
fn a_thread_that_panics_is_not_at_the_end() {
    let text = text(60_000);
    for packing in PACKINGS {
        let whole = packed(packing, &text);
        for part in [0, 3, whole.len() / 2, whole.len() - 1] {
            let (text, packed) = (text.clone(), whole[..part].to_vec());
            let panicked = panics(move || {
                let reader = Box::new(Panics(Cursor::new(packed)));
                let mut ahead = Ahead::new(Unpacker::new(packing, reader));
                ends_wrongly(|| ahead.next(), &text);
            });
            assert!(!panicked, "{packing:?} {part}");
        }
    }
}

/// Whoever meets the panic hands it on; whoever waits for what it was unpacking is
/// told.
#[test]
fn units_that_nobody_will_unpack_are_not_waited_for() {
    let text = text(60_000);
    for packing in [Packing::Zstd, Packing::Bzip2] {
        let parts = text.chunks(100_000).map(|part| packed(packing, part));
        let whole: Vec<u8> = parts.flatten().collect();
        for threads in [1, 2, 4] {
            for part in [whole.len() / 3, whole.len() - 1] {
                let (text, packed) = (text.clone(), whole[..part].to_vec());
                let panicked = panics(move || {
                    let open: Open = Box::new(move |at| {
                        let from = packed.len().min(at as usize);
                        Box::new(Panics(Cursor::new(packed[from..].to_vec())))
                    });
                    let mut together = Together::new(packing, open, threads).unwrap().ok().unwrap();
                    std::thread::scope(|scope| {
                        let helpers: Vec<_> = (1..threads)
                            .map(|_| {
                                let helper = together.helper();
                                scope.spawn(move || (0..1000).for_each(|_| helper.help()))
                            })
                            .collect();
                        ends_wrongly(|| together.next(), &text);
                        for helper in helpers {
                            // It may have met the panic.
                            let _ = helper.join();
                        }
                    });
                });
                // On one thread nobody else can meet it.
                assert!(
                    !panicked || threads == 1 || part > 0,
                    "{packing:?} {threads}"
                );
            }
        }
    }
}

#[test]
fn a_unit_whose_unpacking_panicked_has_failed() {
    let whole = packed(Packing::Zstd, b"text\n").repeat(3);
    let panicked = panics(move || {
        let open: Open = Box::new(move |at| Box::new(Cursor::new(whole[at as usize..].to_vec())));
        let mut together = Together::new(Packing::Zstd, open, 2).unwrap().ok().unwrap();
        let abandoned = together.abandon();
        assert!(panics(abandoned));
        ends_wrongly(|| together.next(), b"text\ntext\ntext\n");
    });
    assert!(!panicked);
}
