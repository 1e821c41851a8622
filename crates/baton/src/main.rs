//! The Baton program
fn main() {}
