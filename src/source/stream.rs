//! Bytes that come as they come.

use std::{
    fmt,
    fs::File,
    io::{self, Cursor, Read},
    sync::Arc,
};

use super::{
    SourceOptions, decode,
    decode::Plan,
    interruptible::{InterruptibleReader, TapReader},
    unpack::{Blocks, Bounded, Packing, Unpacker},
    utf16::{self, utf16_without_mark},
    watch::Watch,
};
use crate::exec::Stop;

/// A reader that may be asked whether more is there already.
pub struct Stream {
    reader: Box<dyn Read + Send>,
    /// What is read instead of the reader, if it is unpacked in blocks.
    blocks: Option<Blocks>,
    /// The descriptor below, if there is one.
    tap: Option<Arc<InterruptibleReader>>,
    stop: Stop,
    /// How to judge the first bytes, until they were.
    undecided: Option<SourceOptions>,
    /// Whether the reader may hold bytes that have come already.
    brim: bool,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("tap", &self.tap)
            .field("undecided", &self.undecided)
            .finish_non_exhaustive()
    }
}

/// The most bytes a decoder keeps back for want of room in the caller's buffer.
const CHARACTER: usize = 8;

/// How much is read at a time to look at it.
const LOOK: usize = 64 << 10;

/// Gives an error, and then nothing.
struct Fails(Option<io::Error>);

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// An error once more, as far as an error can be told twice.
fn like(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

impl Stream {
    /// A stream of what the reader gives, as it is.
    pub fn new(reader: impl Read + Send + 'static) -> Stream {
        Stream {
            reader: Box::new(reader),
            blocks: None,
            tap: None,
            stop: Stop::new(),
            undecided: None,
            brim: false,
        }
    }

    /// A stream of what the descriptor of `file` brings after `head`, which
    /// it brought already.
    pub(super) fn of_descriptor(file: File, head: Vec<u8>) -> Stream {
        let tap = Arc::new(InterruptibleReader::new(file));
        let reader = TapReader(tap.clone());
        let mut stream = Stream::new(reader);
        if !head.is_empty() {
            stream = Stream::new(Cursor::new(head).chain(stream.reader));
            // The first read gives the head.
            stream.brim = true;
        }
        stream.tap = Some(tap);
        stream
    }

    /// A stream whose first read gives what has come already.
    pub(super) fn holding(self) -> Stream {
        Stream { brim: true, ..self }
    }

    /// A stream of what comes in blocks.
    pub(crate) fn of_blocks(blocks: Blocks) -> Stream {
        let mut stream = Stream::new(io::empty());
        stream.blocks = Some(blocks);
        stream
    }

    /// The blocks themselves, if it is a stream of blocks that need no
    /// decoding and none of which was read.
    pub(crate) fn take_blocks(&mut self) -> Option<Blocks> {
        let blocks = self.blocks.as_mut()?;
        let head = blocks.peek();
        let plain = self.undecided.as_ref().is_none_or(|options| {
            let kept = Plan::new(&head[..head.len().min(decode::HEAD)], true, options);
            kept == Some(Plan::Keep) && !options.looks_for_utf16(head)
        });
        if plain { self.blocks.take() } else { None }
    }

    /// A stream of the text decoded, and the byte order mark dropped, as
    /// the options say.
    pub(super) fn decoded(mut self, options: &SourceOptions) -> Stream {
        self.undecided = Some(options.clone());
        self
    }

    /// Makes reads end (as at the end of input) once `stop` is set.
    ///
    /// A read that waits for a descriptor ends within a tenth of a second; one
    /// that is inside a reader of the caller's ends when that reader does.
    pub(crate) fn set_stop(&mut self, stop: Stop) {
        if let Some(tap) = &self.tap {
            tap.set_stop(stop.clone());
        }
        self.stop = stop;
    }

    /// Reads what is there, waiting until something is; 0 at the end.
    ///
    /// The buffer holds at least 16 bytes, so that a byte order mark and a
    /// decoded character fit.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        debug_assert!(buffer.len() >= 2 * CHARACTER, "room for a character");
        let first = match self.undecided.take() {
            Some(options) => self.read_first(buffer, options)?,
            None => None,
        };
        let got = match first {
            Some(got) => got,
            None => self.read_some(buffer)?,
        };
        self.brim = got + CHARACTER > buffer.len();
        Ok(got)
    }

    /// True if more bytes, or the end, are there now or very soon; a reader
    /// that cannot tell says true.
    pub(crate) fn more_soon(&self) -> bool {
        match &self.tap {
            Some(tap) => self.brim || tap.more_soon(),
            None => true,
        }
    }

    /// Whether reads end because they were to.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_set()
    }

    /// Reads until it is clear what the bytes are; `None` if what is to be
    /// looked at must now be read.
    ///
    /// Nothing waits for the third byte unless the first two may be a byte
    /// order mark, and then there is no line in them yet.
    fn read_first(
        &mut self,
        buffer: &mut [u8],
        options: SourceOptions,
    ) -> io::Result<Option<usize>> {
        let (mut have, mut failed) = (0, false);
        loop {
            let got = match self.read_some(&mut buffer[have..]) {
                Ok(got) => got,
                // What came before it is given first, whatever it may begin.
                Err(e) if have > 0 => {
                    let rest = self.take_reader();
                    self.reader = Box::new(Fails(Some(e)).chain(rest));
                    failed = true;
                    0
                }
                Err(e) => {
                    self.undecided = Some(options);
                    return Err(e);
                }
            };
            have += got;
            let ended = got == 0;
            if let Some(packing) = options.packing(&buffer[..have], ended && !failed, None) {
                let rest = self.take_reader();
                let packed = Cursor::new(buffer[..have].to_vec()).chain(rest);
                self.reader = Box::new(Bounded {
                    reader: Unpacker::new(packing, Box::new(packed)),
                    bound: options.bound(),
                });
                return self.read_first(buffer, options.unpacked());
            }
            if !options.keep_packed && !ended && Packing::may_begin(&buffer[..have]) {
                continue;
            }
            let Some(plan) = Plan::new(&buffer[..have], ended, &options) else {
                continue;
            };
            match plan {
                Plan::Keep if options.looks_for_utf16(&buffer[..have]) => {
                    self.find_utf16(buffer[..have].to_vec(), &options)?;
                    return Ok(None);
                }
                Plan::Keep => return Ok(Some(have)),
                Plan::Skip(mark) if have > mark || (ended && !failed) => {
                    buffer.copy_within(mark..have, 0);
                    return Ok(Some(have - mark));
                }
                Plan::Skip(_) => return Ok(None),
                Plan::Decode => {
                    let rest = self.take_reader();
                    self.reader = decode::decoder(buffer[..have].to_vec(), rest, &options)?;
                    return Ok(None);
                }
            }
        }
    }

    /// Reads as much as tells whether it is UTF-16, which begins like this, and decodes it
    /// if it is.
    fn find_utf16(&mut self, first: Vec<u8>, options: &SourceOptions) -> io::Result<()> {
        let (head, failed) = utf16::read_head(first, |buffer| self.read_some(buffer));
        let mut rest = self.take_reader();
        if let Some(error) = failed {
            rest = Box::new(Fails(Some(error)).chain(rest));
        }
        self.brim = true;
        self.reader = match utf16_without_mark(&head) {
            Some(encoding) => decode::decoder(head, rest, &options.encoded(encoding))?,
            None => Box::new(Cursor::new(head).chain(rest)),
        };
        Ok(())
    }

    /// Reads `enough` bytes, or up to an error, and puts back what it has read. So
    /// is the error, behind the bytes before it: a reader may give it only once.
    pub(super) fn look(&mut self, enough: usize) -> (Vec<u8>, Option<io::Error>) {
        let (mut head, mut have, mut failed) = (Vec::new(), 0, None);
        while have < enough {
            head.resize(have + LOOK, 0);
            match self.read(&mut head[have..]) {
                Ok(0) => break,
                Ok(got) => have += got,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        head.truncate(have);
        let first = Cursor::new(head.clone());
        let rest = self.take_reader();
        self.reader = match &failed {
            None => Box::new(first.chain(rest)),
            Some(error) => Box::new(first.chain(Fails(Some(like(error)))).chain(rest)),
        };
        self.brim = true;
        (head, failed)
    }

    /// What gives the bytes, to be read through something else.
    fn take_reader(&mut self) -> Box<dyn Read + Send> {
        match self.blocks.take() {
            Some(blocks) => Box::new(blocks),
            None => std::mem::replace(&mut self.reader, Box::new(io::empty())),
        }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            // What has come already is given even then.
            if self.stop.is_set() && !self.brim {
                return Ok(0);
            }
            let got = match &mut self.blocks {
                Some(blocks) => blocks.read(buffer),
                None => self.reader.read(buffer),
            };
            match got {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

/// The part of a regular file that is decoded, read as a stream.
///
/// Reads by position: the offset of the descriptor may be somebody else's
/// too. Ends where the file ended when it was opened.
pub(super) struct Span {
    pub(super) watch: Arc<Watch>,
    pub(super) at: u64,
}

/// How many bytes of a file are given back at a time, if they are.
const GIVEN_BACK: u64 = 8 << 20;

impl Read for Span {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.watch.opened.size.saturating_sub(self.at);
        let room = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let got = self.watch.read_at(&mut buffer[..room], self.at)?;
        let before = self.at;
        self.at += got as u64;
        if before / GIVEN_BACK != self.at / GIVEN_BACK {
            self.watch
                .give_back(before.saturating_sub(GIVEN_BACK)..self.at);
        }
        if got < room {
            self.watch.ends_at(self.at);
        }
        Ok(got)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use encoding_rs::{SHIFT_JIS, UTF_8, UTF_16LE, WINDOWS_1252};
    use encoding_rs_io::DecodeReaderBytesBuilder;

    use super::*;
    use crate::source::Encoding;

    /// Gives its bytes a few at a time.
    struct Drip(Cursor<Vec<u8>>, usize);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let room = buffer.len().min(self.1);
            self.0.read(&mut buffer[..room])
        }
    }

    fn all(stream: &mut Stream, room: usize) -> Vec<u8> {
        let (mut all, mut buffer) = (vec![], vec![0; room]);
        loop {
            let got = stream.read(&mut buffer).unwrap();
            if got == 0 {
                return all;
            }
            all.extend_from_slice(&buffer[..got]);
        }
    }

    fn options(encoding: Encoding, strip_bom: bool) -> SourceOptions {
        SourceOptions {
            encoding,
            strip_bom,
            ..SourceOptions::default()
        }
    }

    /// What ripgrep's searcher makes of these bytes.
    fn reference(bytes: &[u8], options: &SourceOptions) -> Vec<u8> {
        let sniff = !matches!(options.encoding, Encoding::Raw);
        let named = match options.encoding {
            Encoding::Named(encoding) => Some(encoding),
            _ => None,
        };
        let strip = sniff && (options.strip_bom || named.is_some());
        let mut text = vec![];
        DecodeReaderBytesBuilder::new()
            .encoding(named)
            .utf8_passthru(true)
            .strip_bom(strip)
            .bom_override(true)
            .bom_sniffing(sniff)
            .build(bytes)
            .read_to_end(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn a_look_takes_nothing_away() {
        let text: Vec<u8> = (0..300_000u32).map(|i| i as u8).collect();
        for enough in [0, 1, 100_000, 1 << 20] {
            let reader = Drip(Cursor::new(text.clone()), 1000);
            let mut stream = Stream::new(reader).decoded(&options(Encoding::Auto, true));
            let (head, failed) = stream.look(enough);
            assert!(failed.is_none());
            assert!(head.len() >= enough.min(text.len()), "{enough}");
            assert!(text.starts_with(&head), "{enough}");
            assert!(all(&mut stream, 5000) == text, "{enough}");
        }
        // An error that is given once is met again.
        let broken = Fails(Some(io::Error::other("broken")));
        let mut stream = Stream::new(Cursor::new(b"abc".to_vec()).chain(broken));
        let (head, failed) = stream.look(10);
        assert_eq!(
            (&*head, &*failed.unwrap().to_string()),
            (&b"abc"[..], "broken")
        );
        let mut buffer = [0; 100];
        assert_eq!(stream.read(&mut buffer).unwrap(), 3);
        assert_eq!(stream.read(&mut buffer).unwrap_err().to_string(), "broken");
        assert_eq!(stream.read(&mut buffer).unwrap(), 0);
    }

    #[test]
    fn what_may_begin_a_mark_is_given_before_an_error() {
        let given: [(&[u8], bool, &[u8]); 7] = [
            (b"B", true, b"B"),
            (b"\x1f\x8b", true, b"\x1f\x8b"),
            (b"\xEF\xBB", true, b"\xEF\xBB"),
            (b"\xFF\xFE", false, b"\xFF\xFE"),
            (b"\xFF\xFE", true, b""),
            (b"\xEF\xBB\xBF", true, b""),
            (b"\xEF\xBB\xBF", false, b"\xEF\xBB\xBF"),
        ];
        for (bytes, strip_bom, want) in given {
            let broken = Fails(Some(io::Error::other("broken")));
            let reader = Cursor::new(bytes).chain(broken);
            let mut stream = Stream::new(reader).decoded(&options(Encoding::Auto, strip_bom));
            let (mut got, mut buffer) = (vec![], [0; 100]);
            let error = loop {
                match stream.read(&mut buffer) {
                    Ok(0) => panic!("{bytes:x?}: no error"),
                    Ok(len) => got.extend_from_slice(&buffer[..len]),
                    Err(error) => break error,
                }
            };
            assert_eq!(got, want, "{bytes:x?}");
            assert_eq!(error.to_string(), "broken");
        }
    }

    fn utf16(text: &str) -> Vec<u8> {
        let mut bytes = b"\xFF\xFE".to_vec();
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    }

    #[test]
    fn text_is_decoded_as_ripgrep_does_however_it_comes() {
        let long = "líne \u{1F600} of some length\n".repeat(9000);
        let mut torn = utf16("ab\n");
        torn.push(b'x');
        let inputs: Vec<Vec<u8>> = [
            &b""[..],
            b"a",
            b"\n\n",
            b"a\nb",
            b"\xEF",
            b"\xEF\xBB",
            b"\xEF\xBB\xBF",
            b"\xEF\xBB\xBFa\xFFb\n",
            b"\xEF\xBBxyz\n",
            b"\xFF",
            b"\xFF\xFE",
            b"\xFF\xFEa",
            b"\xFE\xFF\0a\0\n",
            b"\xFE\xFF\xD8\0\0a",
            b"caf\xE9 \x80\n",
            b"\x83\x65\x83\x58\x83\x67\n",
        ]
        .iter()
        .map(|b| b.to_vec())
        .chain([torn, utf16(&long), long.into_bytes()])
        .collect();
        let encodings = [UTF_8, WINDOWS_1252, UTF_16LE, SHIFT_JIS].map(Encoding::Named);
        for encoding in [Encoding::Auto, Encoding::Raw].into_iter().chain(encodings) {
            for strip_bom in [false, true] {
                let options = options(encoding, strip_bom);
                for input in &inputs {
                    let want = reference(input, &options);
                    for (drip, room) in [(1, 16), (2, 64), (3, 1000), (7, 16), (1 << 20, 1 << 16)] {
                        let reader = Drip(Cursor::new(input.clone()), drip);
                        let got = all(&mut Stream::new(reader).decoded(&options), room);
                        let head = &input[..input.len().min(8)];
                        assert!(
                            got == want,
                            "{encoding:?} strip {strip_bom} {head:x?}: {drip} bytes into {room}"
                        );
                    }
                }
            }
        }
    }

    fn pipe(options: &SourceOptions) -> (Stream, io::PipeWriter) {
        let (reader, writer) = io::pipe().unwrap();
        let file = File::from(std::os::fd::OwnedFd::from(reader));
        (
            Stream::of_descriptor(file, Vec::new()).decoded(options),
            writer,
        )
    }

    #[test]
    fn two_bytes_do_not_wait_for_the_third() {
        for encoding in [Encoding::Auto, Encoding::Named(WINDOWS_1252)] {
            let (mut stream, mut writer) = pipe(&options(encoding, true));
            writer.write_all(b"a\n").unwrap();
            let mut buffer = [0; 64];
            // Would hang: the writer is still there.
            let got = stream.read(&mut buffer).unwrap();
            assert_eq!(&buffer[..got], b"a\n");
            writer.write_all(b"\xE9\n").unwrap();
            let got = stream.read(&mut buffer).unwrap();
            let want = match encoding {
                Encoding::Auto => &b"\xE9\n"[..],
                _ => "é\n".as_bytes(),
            };
            assert_eq!(&buffer[..got], want);
        }
    }

    #[test]
    fn a_byte_order_mark_that_comes_in_pieces_is_found() {
        let (mut stream, mut writer) = pipe(&options(Encoding::Auto, true));
        let feeder = std::thread::spawn(move || {
            for byte in "\u{FEFF}text\n".bytes() {
                writer.write_all(&[byte]).unwrap();
                std::thread::yield_now();
            }
        });
        assert_eq!(all(&mut stream, 64), b"text\n");
        feeder.join().unwrap();
    }

    #[test]
    fn a_pipe_tells_whether_more_is_there() {
        let (mut stream, mut writer) = pipe(&options(Encoding::Auto, false));
        assert!(!stream.more_soon(), "nothing yet");
        writer.write_all(b"abc\n").unwrap();
        assert!(stream.more_soon(), "four bytes");
        let mut buffer = [0; 64];
        assert_eq!(stream.read(&mut buffer).unwrap(), 4);
        assert!(!stream.more_soon(), "all read");
        drop(writer);
        assert!(stream.more_soon(), "the end");
        assert_eq!(stream.read(&mut buffer).unwrap(), 0);
    }

    #[test]
    fn what_a_decoder_holds_is_there() {
        let (mut stream, mut writer) = pipe(&options(Encoding::Auto, false));
        let text = "0123456789".repeat(100);
        writer.write_all(&utf16(&text)).unwrap();
        let (mut got, mut buffer) = (vec![], [0; 64]);
        while stream.more_soon() {
            let n = stream.read(&mut buffer).unwrap();
            got.extend_from_slice(&buffer[..n]);
        }
        assert_eq!(got, text.as_bytes());
    }

    #[test]
    fn what_came_before_is_read_first_and_is_there() {
        let (reader, writer) = io::pipe().unwrap();
        let file = File::from(std::os::fd::OwnedFd::from(reader));
        let mut stream =
            Stream::of_descriptor(file, b"early ".to_vec()).decoded(&options(Encoding::Auto, true));
        assert!(stream.more_soon());
        let mut buffer = [0; 64];
        assert_eq!(stream.read(&mut buffer).unwrap(), 6);
        assert!(!stream.more_soon());
        (&writer).write_all(b"late").unwrap();
        drop(writer);
        assert_eq!(all(&mut stream, 64), b"late");
    }

    #[test]
    fn a_silent_pipe_is_left_when_told_to_stop() {
        let (mut stream, writer) = pipe(&options(Encoding::Auto, true));
        let stop = Stop::new();
        stream.set_stop(stop.clone());
        let reader = std::thread::spawn(move || stream.read(&mut [0; 64]).unwrap());
        stop.set();
        assert_eq!(reader.join().unwrap(), 0);
        drop(writer);
    }
}
