//! `/tour`: the guided tour, for simulated companies only.

use super::Web;
use super::answer::{Failed, read};
use super::frame::Frame;
use super::session::Signed;
use crate::pages;
use crate::pages::shell::Place;
use crate::pages::tour::TourPage;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

/// `GET /tour`
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Result<Response, Failed> {
    read(&web, move |app| {
        let frame = Frame::of(app, &signed)?;
        if !frame.about.simulated {
            return Err(Failed::Missing("page"));
        }
        let page = TourPage {
            manager: signed.viewer.may_allocate(),
            shell: frame.shell("Tour", Place::Elsewhere, None)?,
        };
        Ok(pages::answer(StatusCode::OK, &page))
    })
    .await
}
