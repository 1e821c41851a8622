//! Proves chain, tree and views
