//! The sign-in page.

use crate::pages::{self, trouble::SignInPage};
use axum::http::StatusCode;
use axum::response::Response;

/// The page, with the link's token where it was opened by one.
pub(crate) fn page(client: String, link: Option<String>) -> Response {
    let page = SignInPage { client, person: None, link, valid: "24 hours".into(), wrong: None };
    pages::answer(StatusCode::OK, &page)
}
