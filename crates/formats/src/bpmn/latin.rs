//! Models that say they are in ISO 8859-1, as some vendors' do: turned into UTF-8 before they are read.
//!
//! Only the encoding's name changes, and bytes that are not UTF-8, so lines stay where they are.

use std::borrow::Cow;

const NAMES: [&str; 3] = ["iso-8859-1", "latin1", "us-ascii"];

/// The same model in UTF-8.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some((start, end)) = declared(bytes) else {
        return Cow::Borrowed(bytes);
    };
    let mut text = bytes[..start].to_vec();
    text.extend_from_slice(b"UTF-8");
    match std::str::from_utf8(bytes) {
        Ok(_) => text.extend_from_slice(&bytes[end..]),
        Err(_) => {
            let letters: String = bytes[end..].iter().copied().map(char::from).collect();
            text.extend_from_slice(letters.as_bytes());
        }
    }
    Cow::Owned(text)
}

/// Where the declaration names one of these encodings.
fn declared(bytes: &[u8]) -> Option<(usize, usize)> {
    let head = bytes.get(..bytes.len().min(120))?;
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = String::from_utf8_lossy(&head[..end]).to_lowercase();
    let start = head.find("encoding")?;
    let name = NAMES.iter().find(|name| head[start..].contains(**name))?;
    let start = start + head[start..].find(name)?;
    head.is_ascii().then_some((start, start + name.len()))
}
