//! The pages: one file a page, each a struct of what is shown and the template that shows it.
//!
//! A page computes nothing and asks nobody; a handler fills it. Case data comes wrapped in
//! [`baton_model::Masked`], so that nothing reaches a template that has not been through the mask.

pub mod agreements;
pub mod allocation;
pub mod case;
pub mod cases;
pub mod documents;
pub mod figure;
pub mod floor;
pub mod form;
pub mod journal;
pub mod map;
pub mod parts;
pub mod pause;
pub mod scorecard;
pub mod shell;
pub mod statement;
pub mod table;
pub mod time;
pub mod tour;
pub mod tree;
pub mod trouble;
pub mod work;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// A page as an answer, with the headers every page carries.
pub fn answer<T: Template>(status: StatusCode, page: &T) -> Response {
    let Ok(html) = page.render() else {
        let words = "BATON-WEB-001: the page could not be written; go back and try again";
        return (StatusCode::INTERNAL_SERVER_ERROR, words).into_response();
    };
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(crate::assets::POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    response
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// The policy forbids inline styles, scripts and handlers; a template with one would silently lose it.
    #[test]
    fn templates_keep_the_content_policy() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let mut read = 0;
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            for forbidden in [
                " style=",
                "<style",
                "<script>",
                "javascript:",
                " onclick=",
                " onsubmit=",
            ] {
                assert!(
                    !text.contains(forbidden),
                    "{forbidden} in {:?}",
                    entry.path()
                );
            }
            read += 1;
        }
        assert!(read > 15, "only {read} templates were read");
    }

    /// Every form that changes something carries the session's token.
    #[test]
    fn every_post_carries_the_token() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            for form in text
                .split("<form")
                .skip(1)
                .filter(|form| form.contains("method=\"post\""))
            {
                let form = form.split("</form>").next().unwrap_or_default();
                let door = form.contains("action=\"/sign-in\"");
                assert!(
                    door || form.contains("name=\"token\""),
                    "{:?}",
                    entry.path()
                );
            }
        }
    }
}
