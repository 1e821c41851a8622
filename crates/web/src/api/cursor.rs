//! Where a page ended, as text that means nothing to its reader: the parts of a position in hex.

use super::problem::Problem;

/// How many rows a page has where nothing is asked, and at most.
pub(crate) const LIMITS: (usize, usize) = (50, 200);

/// A position as a cursor.
pub(crate) fn written(parts: &[&str]) -> String {
    baton_app::hex(parts.join("\u{1f}").as_bytes())
}

/// The parts of a cursor, as many as are wanted.
pub(crate) fn read<const N: usize>(cursor: Option<&str>) -> Result<Option<[String; N]>, Problem> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let parts = bytes(cursor)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map(|text| text.split('\u{1f}').map(str::to_string).collect::<Vec<_>>());
    let parts: Option<[String; N]> = parts.and_then(|parts| parts.try_into().ok());
    parts.map(Some).ok_or_else(unknown)
}

/// A part of a cursor as a number.
pub(crate) fn number(part: &str) -> Result<i64, Problem> {
    part.parse().map_err(|_| unknown())
}

/// How many rows are asked for.
pub(crate) fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    let (usual, most) = LIMITS;
    let limit = asked.map_or(usual, |asked| asked as usize);
    if limit == 0 || limit > most {
        let detail = format!("`limit` is 1 to {most}");
        return Err(Problem::unreadable(&detail).about(Some("limit".into())));
    }
    Ok(limit)
}

fn unknown() -> Problem {
    let detail = "`cursor` is none that a page gave; leave it out to begin with the first page";
    Problem::unreadable(detail).about(Some("cursor".into()))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    let sound = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    sound.then_some(())?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}
