//! Measurements beside a peer.
