//! Pages and HTTP API over the app: page structs with their templates, the relay strip, and the embedded
//! styles and scripts.
//!
//! It deliberately decides nothing and reads no store: handlers extract, authorise, call one thing of
//! `app` and fill a struct of [`pages`]; the struct renders itself.

pub mod assets;
pub mod pages;
pub mod strip;
