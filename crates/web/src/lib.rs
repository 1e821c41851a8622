//! Pages and HTTP API over the app
