//! A stand-in for the crate `reqwest`, which the FEEL evaluator asks for to call functions written in
//! Java on a local server. Baton refuses such functions, so nothing here ever connects: every request
//! fails. It is patched in from the workspace's Cargo.toml and keeps a network stack out of the tree.

use std::fmt;

/// The only outcome of a request.
#[derive(Debug)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("external functions are not called")
    }
}

impl std::error::Error for Error {}

/// The blocking client's names, as far as they are used.
pub mod blocking {
    use super::Error;
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// A client that cannot connect.
    #[derive(Debug, Default)]
    pub struct Client;

    impl Client {
        /// A client.
        pub fn new() -> Self {
            Self
        }

        /// A request that will fail.
        pub fn post(&self, _url: &str) -> RequestBuilder {
            RequestBuilder
        }
    }

    /// A request that will fail.
    #[derive(Debug)]
    pub struct RequestBuilder;

    impl RequestBuilder {
        /// The same request; the body is dropped.
        pub fn json<T: Serialize + ?Sized>(self, _body: &T) -> Self {
            self
        }

        /// Always an error.
        pub fn send(self) -> Result<Response, Error> {
            Err(Error)
        }
    }

    /// An answer that never comes.
    #[derive(Debug)]
    pub enum Response {}

    impl Response {
        /// Never called: there is no such answer.
        pub fn json<T: DeserializeOwned>(self) -> Result<T, Error> {
            match self {}
        }
    }
}
