//! The sign-in page.

use crate::pages::parts::{Note, Tone};
use crate::pages::{self, trouble::SignInPage};
use axum::http::StatusCode;
use axum::response::Response;

/// The page, with the link's token where it was opened by one.
pub(crate) fn page(client: String, link: Option<String>) -> Response {
    let page = SignInPage {
        client,
        person: None,
        link,
        valid: "24 hours".into(),
        wrong: None,
    };
    pages::answer(StatusCode::OK, &page)
}

/// The page after a link that does not work.
pub(crate) fn refused(client: String) -> Response {
    let wrong = Some(Note {
        tone: Tone::Late,
        strong: "This link does not work.".into(),
        text: " It was used, is over a day old, or was cut short. Ask for a new one.".into(),
    });
    let page = SignInPage {
        client,
        person: None,
        link: None,
        valid: "24 hours".into(),
        wrong,
    };
    pages::answer(StatusCode::UNAUTHORIZED, &page)
}
