//! The door for JSON: guarded, without floats, without a name said twice.
//!
//! A linear pass over the bytes checks size, depth and numbers before `serde_json` reads them; numbers
//! are kept short enough that none changes on its way. [`read`] gives the values of case fields,
//! [`read_plain`] the tree of a form or a setting. Bytes come from a pack or a request.

mod guard;
mod tree;

use baton_model::{Diagnostic, Value};
pub use guard::{Fault, MAX_BYTES, MAX_DEPTH, MAX_DIGITS};

/// Reads guarded JSON into a value. Names beginning with `$` are the journal's own and are refused.
///
/// # Errors
/// One positioned diagnostic `BATON-JSON-NNN`, see [`Fault`].
pub fn read(bytes: &[u8]) -> Result<Value, Diagnostic> {
    let plain = tree::read(guard::check(bytes)?, tree::Names::OfFields)?;
    Value::from_json(&plain).ok_or_else(|| {
        let fault = Fault::Malformed("a number does not fit a decimal".into());
        Diagnostic::at(fault.code(), 0, 0, fault.to_string())
    })
}

/// Reads guarded JSON into a plain tree, names beginning with `$` allowed.
///
/// # Errors
/// As [`read`].
pub fn read_plain(bytes: &[u8]) -> Result<serde_json::Value, Diagnostic> {
    tree::read(guard::check(bytes)?, tree::Names::Any)
}
