//! Where formatted bytes go.

use std::io;

/// Takes formatted bytes: a buffer while a chunk waits for its turn, the
/// output itself when its turn has come.
pub trait Out {
    /// Takes these bytes, all of them.
    ///
    /// # Errors
    /// When they cannot be taken; printing of this chunk then ends.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl Out for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}
