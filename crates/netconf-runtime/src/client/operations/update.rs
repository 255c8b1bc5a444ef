//! update: draft-ietf-netconf-privcand. It brings the session's own candidate up to running.

use super::Session;
use crate::client::Error;
use crate::protocol::capability::{PRIVATE_CANDIDATE, parameter};
use crate::protocol::private_candidate::{NAMESPACE, ResolutionMode};

impl Session {
    /// Takes over what others have committed since the session's own candidate was last brought up to running. A session has one
    /// of its own if it asks for it ([`Options::private_candidate`](crate::client::Options::private_candidate)) and the device
    /// has the capability.
    ///
    /// # Errors
    /// What both changed in different ways, if the mode does not say whose counts: one error for each. See [`Error`].
    pub async fn update(&self, mode: ResolutionMode) -> Result<(), Error> {
        let capability = self.capabilities();
        capability.require("update", &[PRIVATE_CANDIDATE])?;
        // A device need not have all modes, and says which it has.
        let modes =
            capability.find(PRIVATE_CANDIDATE).and_then(|c| parameter(c, "supported-resolution-modes"));
        let word = mode.as_str();
        if modes.is_some_and(|modes| !modes.split(',').any(|known| known == word)) {
            return Err(Error::NotSupported {
                what: format!("update with {word}"),
                capability: PRIVATE_CANDIDATE,
            });
        }
        let update =
            format!("<update xmlns=\"{NAMESPACE}\"><resolution-mode>{word}</resolution-mode></update>");
        self.command("update", &update).await
    }
}
