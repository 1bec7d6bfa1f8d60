//! Text packed in every way that is read, for tests.

use std::io::Write as _;

/// Lines that do not pack well, so that there is a middle to damage.
pub(crate) fn text(lines: u64) -> Vec<u8> {
    let mut text = Vec::new();
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    for i in 0..lines {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        writeln!(text, "{i} {state:016x}").unwrap();
    }
    text
}

pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::fast();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// As `bgzip` writes it, end mark and all.
pub(crate) fn bgzip(text: &[u8]) -> Vec<u8> {
    let member = |text: &[u8]| {
        let level = flate2::Compression::fast();
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), level);
        deflate.write_all(text).unwrap();
        let deflate = deflate.finish().unwrap();
        let mut check = flate2::Crc::new();
        check.update(text);
        let len = u16::try_from(deflate.len() + 25).unwrap();
        let mut member = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0".to_vec();
        member.extend(len.to_le_bytes());
        member.extend(deflate);
        member.extend(check.sum().to_le_bytes());
        member.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        member
    };
    let members = text.chunks(60_000).chain([&b""[..]]);
    members.flat_map(member).collect()
}

pub(crate) fn zstd(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Frames, some of which say how long they are.
pub(crate) fn zstd_frames(text: &[u8]) -> Vec<u8> {
    let frame = |(i, text): (usize, &[u8])| {
        if i % 2 == 0 {
            return zstd(text);
        }
        let mut encoder = zstd::bulk::Compressor::new(1).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.compress(text).unwrap()
    };
    text.chunks(100_000).enumerate().flat_map(frame).collect()
}

pub(crate) fn xz(text: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn lz4(text: &[u8]) -> Vec<u8> {
    let info = lz4_flex::frame::FrameInfo::new()
        .block_size(lz4_flex::frame::BlockSize::Max64KB)
        .content_checksum(true);
    let mut encoder = lz4_flex::frame::FrameEncoder::with_frame_info(info, Vec::new());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn lzma(text: &[u8]) -> Vec<u8> {
    let options = liblzma::stream::LzmaOptions::new_preset(1).unwrap();
    let stream = liblzma::stream::Stream::new_lzma_encoder(&options).unwrap();
    let mut encoder = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// What [`brotli`] needs for a full block, which begins at a multiple of it.
pub(crate) const BROTLI_BLOCK: usize = 3 + BROTLI_CONTENT;
const BROTLI_CONTENT: usize = 60_000;

/// Blocks that are stored (RFC 7932, 9.2): the first header shares its byte
/// with the size of the window, which is 0 (64 KiB), so all begin alike.
pub(crate) fn brotli(text: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for (i, block) in text.chunks(BROTLI_CONTENT).enumerate() {
        // One bit for the window, before the first header only.
        let shift = u32::from(i == 0);
        // Not the last (0); four digits for the size (00); the size less one;
        // stored (1).
        let header = ((block.len() as u32 - 1) << 3 | 1 << 19) << shift;
        all.extend_from_slice(&header.to_le_bytes()[..3]);
        all.extend_from_slice(block);
    }
    // The last, and empty.
    all.push(if all.is_empty() { 0b110 } else { 0b11 });
    all
}
