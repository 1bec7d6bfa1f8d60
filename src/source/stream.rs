//! Bytes that come as they come.

use std::{fmt, io::Read};

use crate::exec::Stop;

/// A reader that may be asked whether more is there already.
pub struct Stream {
    reader: Box<dyn Read + Send>,
    stop: Stop,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

impl Stream {
    /// A stream of what the reader gives.
    pub fn new(reader: impl Read + Send + 'static) -> Stream {
        Stream {
            reader: Box::new(reader),
            stop: Stop::new(),
        }
    }

    /// Makes reads end (as at the end of input) once `stop` is set.
    pub(crate) fn set_stop(&mut self, stop: Stop) {
        self.stop = stop;
    }

    /// Reads what is there, waiting until something is; 0 at the end.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            if self.stop.is_set() {
                return Ok(0);
            }
            match self.reader.read(buffer) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    /// True if more bytes, or the end, are there now or very soon; a reader
    /// that cannot tell says true.
    pub(crate) fn more_soon(&self) -> bool {
        true
    }
}
