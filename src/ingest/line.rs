//! Lines of a file, one at a time, with a limit.

use std::io::{self, BufRead};

/// The longest line that is read, in bytes. A record of 20,000 characters fits many times.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// How much of an overlong line is kept for the rejects file, in bytes.
const KEPT_OF_OVERLONG: usize = 1_000;

/// A line as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Valid UTF-8 of acceptable length.
    Text(String),
    /// No UTF-8: what it says with the bad bytes replaced, and where the first of them is.
    NoUtf8 {
        /// Bad bytes replaced by U+FFFD.
        text: String,
        /// The place of the first bad byte, from 1.
        byte: usize,
    },
    /// Longer than [`MAX_LINE_BYTES`].
    TooLong {
        /// Its beginning.
        text: String,
        /// Its length in bytes.
        bytes: u64,
    },
}

/// Reads lines and numbers them from 1.
pub struct LineReader<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> LineReader<R> {
    /// A reader at the beginning of a file.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The next line that is not blank, with its number.
    ///
    /// # Errors
    /// What the reader says.
    pub fn next_line(&mut self) -> io::Result<Option<(u64, Line)>> {
        loop {
            let Some(line) = self.read_line()? else {
                return Ok(None);
            };
            self.number += 1;
            if !matches!(&line, Line::Text(text) if text.trim().is_empty()) {
                return Ok(Some((self.number, line)));
            }
        }
    }

    fn read_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let mut length: u64 = 0;
        loop {
            let buffer = match self.reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                if length == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let taken = end.unwrap_or(buffer.len());
            let room = (MAX_LINE_BYTES + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(buffer.get(..taken.min(room)).unwrap_or(buffer));
            length += taken as u64;
            let consumed = if end.is_some() { taken + 1 } else { taken };
            self.reader.consume(consumed);
            if end.is_some() {
                // An empty line is a line too.
                length += 1;
                break;
            }
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        if self.number == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        if bytes.len() > MAX_LINE_BYTES {
            bytes.truncate(KEPT_OF_OVERLONG);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Ok(Some(Line::TooLong { text, bytes: length }));
        }
        Ok(Some(match String::from_utf8(bytes) {
            Ok(text) => Line::Text(text),
            Err(error) => Line::NoUtf8 {
                byte: error.utf8_error().valid_up_to() + 1,
                text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Line)> {
        let mut reader = LineReader::new(io::BufReader::with_capacity(7, bytes));
        std::iter::from_fn(|| reader.next_line().expect("memory can be read")).collect()
    }

    #[test]
    fn lines_are_numbered_and_blank_ones_skipped() {
        let text = |text: &str| Line::Text(text.to_owned());
        assert_eq!(read(b"\xef\xbb\xbfa\r\n\n  \nb"), [(1, text("a")), (4, text("b"))]);
        assert_eq!(read(b""), []);
        assert_eq!(read(b"\n\n"), []);
    }

    #[test]
    fn bad_lines_do_not_hide_good_ones() {
        let mut bytes = vec![b'x'; 5_000_000];
        bytes.extend_from_slice(b"\nab\xff\ngood\n");
        let lines = read(&bytes);
        assert!(matches!(&lines[0], (1, Line::TooLong { bytes: 5_000_001, .. })), "{:?}", lines[0].0);
        assert!(matches!(&lines[1], (2, Line::NoUtf8 { byte: 3, .. })));
        assert_eq!(lines[2], (3, Line::Text("good".to_owned())));
    }
}
