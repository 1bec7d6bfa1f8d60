//! Small files, read whole at once.
//!
//! A map, its guard and the questions that go before it cost more than to copy
//! some KB, so a run over many small files takes this way: four system calls a
//! file, and one buffer for all files of a thread.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
    sync::Arc,
};

use super::{
    Content, Source, SourceOptions,
    block::Block,
    decode::Plan,
    page::{PAGE, begins},
    unpack, utf16_without_mark,
    watch::Watch,
};

/// What [`Source::small`] does not read: it is to be opened as any other.
#[derive(Debug)]
pub struct NotSmall {
    /// The buffer that was given.
    pub buffer: Vec<u8>,
    /// Its size in bytes, if it is a regular file.
    pub size: Option<u64>,
}

impl Source {
    /// Reads a regular file of at most `max` bytes whole into `buffer`, if it
    /// is text as it is stored. Whatever else it is, or goes wrong, is left to
    /// [`Source::open`].
    ///
    /// [`Source::into_buffer`] gives the buffer back.
    ///
    /// # Errors
    /// When it is to be opened by [`Source::open`].
    pub fn small(
        path: &Path,
        options: &SourceOptions,
        max: u64,
        mut buffer: Vec<u8>,
    ) -> Result<Source, NotSmall> {
        match read(path, options, max, &mut buffer) {
            Ok(Got::All(watch, from)) => Ok(Source {
                watch: Some(Arc::new(watch)),
                ..Source::with(
                    path.to_path_buf(),
                    Content::Bytes(Block::behind(buffer, from)),
                )
            }),
            Ok(Got::Other(size)) => Err(NotSmall { buffer, size }),
            Err(_) => Err(NotSmall { buffer, size: None }),
        }
    }

    /// The buffer of a source that holds its bytes itself, to use again: what is in
    /// it means nothing. Empty for other sources.
    pub fn into_buffer(self) -> Vec<u8> {
        match self.content {
            Content::Bytes(block) => block.into_buffer(),
            _ => Vec::new(),
        }
    }
}

enum Got {
    /// From there on in the buffer.
    All(Watch, usize),
    Other(Option<u64>),
}

fn read(path: &Path, options: &SourceOptions, max: u64, buffer: &mut Vec<u8>) -> io::Result<Got> {
    let file = open(path)?;
    let watch = Watch::new(file)?;
    if !watch.opened.is_file {
        return Ok(Got::Other(None));
    }
    let size = watch.opened.size;
    if options.give_back {
        return Ok(Got::Other(Some(size)));
    }
    // Files made up by the kernel say that they are empty.
    if size == 0 || size > max {
        return Ok(Got::Other(Some(size)));
    }
    let len = size as usize;
    buffer.reserve_exact((len + PAGE).saturating_sub(buffer.len()));
    let from = begins(buffer, 0);
    buffer.resize(from, 0);
    // Into what was never written: to zero it first took an eighth of the
    // instructions of a run over small files.
    rustix::io::read(&watch.file, rustix::buffer::spare_capacity(buffer))?;
    let whole = buffer.len() >= from + len;
    buffer.truncate(from + len);
    let head = &buffer[from..];
    let head = &head[..head.len().min(unpack::LONGEST_MARK)];
    let plain = options
        .packing(head, head.len() == len, Some(path))
        .is_none()
        && Plan::new(head, true, options) == Some(Plan::Keep)
        && !(options.looks_for_utf16(head) && utf16_without_mark(&buffer[from..]).is_some());
    Ok(if whole && plain {
        Got::All(watch, from)
    } else {
        Got::Other(Some(size))
    })
}

/// Without waiting: it may have become a FIFO since it was found.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
        .open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_small_text_is_read_and_all_else_is_left() {
        let dir = std::env::temp_dir().join(format!("swathe-small-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let options = SourceOptions {
            strip_bom: true,
            find_utf16: true,
            ..SourceOptions::default()
        };
        for (name, content, want) in [
            ("text", &b"a\nb\n"[..], Ok(())),
            ("empty", b"", Err(Some(0))),
            ("large", &[b'x'; 101], Err(Some(101))),
            ("bom", b"\xEF\xBB\xBFa\n", Err(Some(5))),
            ("utf16", b"\xFF\xFEa\0", Err(Some(4))),
            ("unmarked", b"a\0b\0c\0d\0\n\0e\0f\0g\0h\0", Err(Some(18))),
            ("zeros", b"a\0b\0", Ok(())),
            ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\0\0\0", Err(Some(12))),
        ] {
            let path = dir.join(name);
            std::fs::write(&path, content).unwrap();
            match Source::small(&path, &options, 100, vec![b'?'; 7]) {
                Ok(source) => {
                    assert_eq!(want, Ok(()), "{name}");
                    assert_eq!(source.as_slice(), Some(content));
                    let begins = source.as_slice().unwrap().as_ptr().addr();
                    assert_eq!(begins % PAGE, 0);
                    assert_eq!(source.len(), Some(content.len() as u64));
                    assert!(source.verify().is_ok() && source.identity().is_some());
                    assert!(source.into_buffer().ends_with(content));
                }
                Err(other) => assert_eq!(Err(other.size), want, "{name}"),
            }
        }
        for path in [dir.join("missing"), dir.clone()] {
            let small = Source::small(&path, &options, 100, Vec::new());
            assert!(matches!(small, Err(NotSmall { size: None, .. })));
        }
        std::fs::remove_dir_all(dir).unwrap();
    }
}
