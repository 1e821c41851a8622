//! Pure codecs, one module a format
