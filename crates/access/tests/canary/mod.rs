//! Canaries: looks for a text in every file of a folder, in the forms in which it could have been written
//! by mistake: plain, in small or capital letters, escaped as JSON or in a URL, UTF-16, hex, and base64 at
//! each of its three alignments. Names of files are looked at too.
//!
//! It opens nothing that is compressed or encrypted. It uses nothing but the standard library, so that a
//! test of any room can take it in by its path.

#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;
use std::path::Path;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Where a canary was found: the file, the form, and the place in the file's bytes or name.
pub fn find(folder: &Path, canary: &str) -> Vec<String> {
    let forms = forms(canary);
    let mut found = Vec::new();
    walk(folder, &mut |path, bytes| {
        let name = path
            .strip_prefix(folder)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned();
        for (form, needle) in &forms {
            for (place, hay) in [("name", name.as_bytes()), ("bytes", bytes)] {
                if let Some(at) = position(hay, needle) {
                    found.push(format!("{name}: {form} in its {place} at {at}"));
                }
            }
        }
    });
    found
}

/// Visits every file below a folder with its bytes.
fn walk(folder: &Path, visit: &mut dyn FnMut(&Path, &[u8])) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder's entry").path();
        if path.is_dir() {
            walk(&path, visit);
        } else {
            let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            visit(&path, &bytes);
        }
    }
}

/// The bytes a text could have been written as, by the form's name.
pub fn forms(canary: &str) -> BTreeMap<String, Vec<u8>> {
    let mut forms = BTreeMap::new();
    for (case, text) in [
        ("", canary.to_owned()),
        (" in small letters", canary.to_lowercase()),
        (" in capitals", canary.to_uppercase()),
    ] {
        let mut add = |form: &str, bytes: Vec<u8>| forms.insert(format!("{form}{case}"), bytes);
        add("plain", text.as_bytes().to_vec());
        add("JSON", json(&text).into_bytes());
        add("URL", url(&text).into_bytes());
        add(
            "UTF-16 LE",
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        );
        add(
            "UTF-16 BE",
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        );
        add("hex", hex(text.as_bytes()).into_bytes());
        add("HEX", hex(text.as_bytes()).to_uppercase().into_bytes());
        for shift in 0..3 {
            let plain = base64(text.as_bytes(), shift);
            let safe = plain.replace('+', "-").replace('/', "_");
            add(&format!("base64 {shift}"), plain.into_bytes());
            add(&format!("base64url {shift}"), safe.into_bytes());
        }
    }
    forms
}

/// The first place of a needle; an empty one is nowhere.
fn position(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = hay.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + step;
        if hay[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn json(text: &str) -> String {
    let escape = |unit: u16| match unit {
        32..=126 => char::from(unit as u8).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(escape).collect()
}

fn url(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// The signs of base64 that depend on the text alone, where `shift` bytes stand before it.
fn base64(bytes: &[u8], shift: usize) -> String {
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |k| byte >> k & 1))
        .collect();
    let before = shift * 8;
    let skip = before.div_ceil(6) * 6 - before;
    let whole = bits.get(skip..).unwrap_or_default().chunks_exact(6);
    whole
        .map(|six| {
            six.iter()
                .fold(0usize, |sign, bit| sign << 1 | usize::from(*bit))
        })
        .map(|sign| char::from(BASE64[sign]))
        .collect()
}
