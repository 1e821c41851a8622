//! Pure codecs, one module a format: bytes come in, typed values or positioned diagnostics go out.
//!
//! Nothing here opens a file, reads a clock or knows a case. `intake` reads documents with it, `engine`
//! the diagrams and decisions of a pack, `web` the forms, `audit` its tables.

pub mod agreement;
pub mod bpmn;
pub mod dmn;
pub mod duration;
pub mod form;
pub mod json;
pub mod table;
pub mod ubl;
pub mod xml;
