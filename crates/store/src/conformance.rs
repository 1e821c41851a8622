//! The suite every store must pass, run by each store's tests.
