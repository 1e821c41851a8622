//! Inbound documents: parse, validate, deduplicate, correlate
