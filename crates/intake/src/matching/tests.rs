//! Vectors of the match.
