//! The embedded styles, scripts and fonts, served under `/assets/` with a content hash in the name and a
//! cache of a year.
//!
//! It reads no files: `build.rs` put the bytes into the binary. An unknown name is 404.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

mod built {
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// The address of the style sheet, with its hash.
pub const STYLE: &str = built::STYLE;
/// The address of the script, with its hash.
pub const SCRIPT: &str = built::SCRIPT;

/// What every page's `Content-Security-Policy` header says: nothing inline, nothing from elsewhere.
pub const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The routes of the embedded files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    let Some((_, bytes)) = built::FILES.iter().find(|(file, _)| *file == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, kind(&name)),
        (header::CACHE_CONTROL, keeping(&name)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, *bytes).into_response()
}

/// A name with a hash is kept for a year; a plain one is asked for again.
fn keeping(name: &str) -> &'static str {
    if name.contains('-') {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_entries_are_embedded() {
        for entry in [STYLE, SCRIPT] {
            let name = entry.trim_start_matches("/assets/");
            let found = built::FILES.iter().find(|(file, _)| *file == name);
            assert!(found.is_some_and(|(_, bytes)| !bytes.is_empty()), "{entry}");
        }
    }
}
