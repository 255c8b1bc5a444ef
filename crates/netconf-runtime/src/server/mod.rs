//! The server: what a request means, apart from the bytes it comes in.

pub mod service;
