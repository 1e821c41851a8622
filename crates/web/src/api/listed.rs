//! Lists, page by page: how many rows are asked for, where a page ends, and the page. There is one way for
//! all of them: [`Listed`] takes `limit` and `cursor` out of a query and leaves the rest to the list.
//!
//! A cursor is a place in the list's order, not a number of rows: the next page begins after the last row
//! that was given, whatever came or went meanwhile. It is text that means nothing to its reader.

use super::ask::read_query;
use super::problem::Problem;
use super::shape::Page;
use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use baton_app::views::Place as Dated;
use baton_app::views::queue::Position;
use baton_model::Micros;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

/// How many rows a page has where nothing is asked, and at most.
const LIMITS: (usize, usize) = (50, 200);
/// What stands between the parts of a place.
const APART: char = '\u{1f}';

/// What asks for a page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// How many rows at most; 50 where it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
}

/// A place in the order of a list, as a cursor carries it.
pub(crate) trait Place: Sized {
    /// Its parts.
    fn parts(&self) -> Vec<String>;
    /// The place of such parts; nothing where they are of another list.
    fn of(parts: &[&str]) -> Option<Self>;
}

/// A query of a list: which rows, how many of them, and after which.
#[derive(Debug)]
pub(crate) struct Listed<T, P> {
    /// Which rows.
    pub(crate) asked: T,
    /// After which place; from the first where none is named.
    pub(crate) after: Option<P>,
    limit: usize,
}

impl<T: DeserializeOwned, P: Place, S: Sync> FromRequestParts<S> for Listed<T, P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let (paging, asked) = apart(&parts.uri);
        let paging: Paging = read_query(&paging)?;
        Ok(Self {
            limit: limit(paging.limit)?,
            after: paging.cursor.as_deref().map(place).transpose()?,
            asked: read_query(&asked)?,
        })
    }
}

impl<T, P: Place> Listed<T, P> {
    /// How many rows to read: one more than are given, which tells whether there are more.
    pub(crate) fn read(&self) -> usize {
        self.limit + 1
    }

    /// Cuts off the row that was read beyond the page, and says where the page ended if there was one.
    pub(crate) fn cut<R>(&self, rows: &mut Vec<R>, place: impl Fn(&R) -> P) -> Option<String> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let last = rows.last().filter(|_| more)?;
        let parts = place(last).parts().join(&APART.to_string());
        Some(baton_app::hex(parts.as_bytes()))
    }

    /// A page of rows of which one more was read than are given, where there was one.
    pub(crate) fn page<R, Row>(
        &self,
        mut rows: Vec<R>,
        place: impl Fn(&R) -> P,
        shape: impl Fn(&R) -> Row,
    ) -> Page<Row> {
        let next = self.cut(&mut rows, place);
        Page {
            items: rows.iter().map(shape).collect(),
            next,
        }
    }
}

/// The parts of a query that ask for a page, and the others.
fn apart(uri: &Uri) -> (String, String) {
    let pairs = uri.query().unwrap_or_default().split('&');
    let paging = |pair: &&str| matches!(pair.split('=').next(), Some("limit" | "cursor"));
    let (paging, asked): (Vec<&str>, Vec<&str>) = pairs.partition(paging);
    (paging.join("&"), asked.join("&"))
}

fn limit(asked: Option<u32>) -> Result<usize, Problem> {
    let (usual, most) = LIMITS;
    let limit = asked.map_or(usual, |asked| asked as usize);
    if limit == 0 || limit > most {
        let detail = format!("`limit` is 1 to {most}; ask for fewer rows, and for the next page");
        return Err(Problem::unreadable(&detail).about(Some("limit".into())));
    }
    Ok(limit)
}

fn place<P: Place>(cursor: &str) -> Result<P, Problem> {
    let text = bytes(cursor).and_then(|bytes| String::from_utf8(bytes).ok());
    let place = text.and_then(|text| P::of(&text.split(APART).collect::<Vec<_>>()));
    place.ok_or_else(|| {
        let detail = "`cursor` is none that a page of this list gave; leave it out to begin with the first page";
        Problem::invalid(detail).about(Some("cursor".into()))
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    let sound = digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit);
    sound.then_some(())?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

impl Place for i64 {
    fn parts(&self) -> Vec<String> {
        vec![self.to_string()]
    }

    fn of(parts: &[&str]) -> Option<Self> {
        match parts {
            [number] => number.parse().ok(),
            _ => None,
        }
    }
}

impl Place for Dated {
    fn parts(&self) -> Vec<String> {
        vec![self.at.0.to_string(), self.id.clone()]
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let [at, id] = parts else { return None };
        Some(Self {
            at: Micros(at.parse().ok()?),
            id: (*id).to_string(),
        })
    }
}

impl Place for Position {
    fn parts(&self) -> Vec<String> {
        let (due, arrived) = (self.due.to_string(), self.arrived.to_string());
        vec![due, arrived, self.item.clone()]
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let [due, arrived, item] = parts else {
            return None;
        };
        Some(Self {
            due: due.parse().ok()?,
            arrived: arrived.parse().ok()?,
            item: (*item).to_string(),
        })
    }
}

/// A place in rows that are as of an instant: the next page is as of the same.
#[derive(Clone, Debug)]
pub(crate) struct AsOf<P> {
    /// The instant.
    pub(crate) now: Micros,
    /// The place.
    pub(crate) place: P,
}

impl<P: Place> Place for AsOf<P> {
    fn parts(&self) -> Vec<String> {
        let mut parts = self.place.parts();
        parts.insert(0, self.now.0.to_string());
        parts
    }

    fn of(parts: &[&str]) -> Option<Self> {
        let (now, place) = parts.split_first()?;
        Some(Self {
            now: Micros(now.parse().ok()?),
            place: P::of(place)?,
        })
    }
}
