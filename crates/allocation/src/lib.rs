//! Lane to party
