//! Filling pages: from what `app` read to the structs pages show. Words, dates and order are made here;
//! nothing is decided and nothing read beyond what is handed in.

pub(crate) mod case;
pub(crate) mod form;
pub(crate) mod history;
pub(crate) mod matching;
pub(crate) mod pauses;
pub(crate) mod sign_in;
