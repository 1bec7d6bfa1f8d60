//! What a stream gives, as a file that can be read again.

use std::io::Write as _;

use super::{Source, SourceOptions, spill::nameless, unread, watch::Watch};
use crate::error::{Error, ErrorKind, Result};

/// How much is written at a time.
const AT_A_TIME: usize = 256 << 10;

impl Source {
    /// What this stream gives, up to its end, in a temporary file without a name: a
    /// source of the same name that can be read as often as wanted.
    ///
    /// # Errors
    /// When it cannot be read, or the file cannot be written.
    pub fn written_out(&self, options: &SourceOptions) -> Result<Source> {
        let failed = |kind| Error::at(self.name(), kind);
        let io = |error| failed(ErrorKind::Io(error));
        let spill = options.spill.as_ref();
        let spill = spill.ok_or_else(|| io(std::io::ErrorKind::Unsupported.into()))?;
        let mut file = nameless(&spill.directory).map_err(io)?;
        let mut stream = self.take_stream().ok_or_else(|| {
            failed(ErrorKind::Config(
                "is no stream, or was read already".into(),
            ))
        })?;
        let mut buffer = vec![0; AT_A_TIME];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(got) => file.write_all(&buffer[..got]).map_err(io)?,
                Err(error) => return Err(failed(unread(error))),
            }
        }
        let plain = SourceOptions {
            keep_packed: true,
            ..options.clone()
        };
        let watch = Watch::new(file).map_err(io)?;
        Source::regular(self.name(), watch, 0, &plain).map_err(io)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_stream_can_be_read_again() {
        let text = b"some line\n".repeat(100_000);
        let given = std::io::Cursor::new(text.clone());
        let source = Source::from_reader("a name", given);
        let options = SourceOptions {
            spill: Some(crate::source::SpillOptions::in_directory(
                std::env::temp_dir(),
            )),
            ..SourceOptions::default()
        };
        let file = source.written_out(&options).unwrap();
        assert_eq!(file.name(), Path::new("a name"));
        assert_eq!(file.len(), Some(text.len() as u64));
        for at in [0, 999_000] {
            let mut bytes = [0; 1000];
            file.read_at(&mut bytes, at).unwrap();
            assert_eq!(bytes, text[at as usize..][..1000]);
        }
        let again = source.written_out(&options);
        assert!(again.unwrap_err().to_string().contains("already"));
    }
}
