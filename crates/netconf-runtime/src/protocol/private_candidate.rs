//! Words of draft-ietf-netconf-privcand, for both ends.

/// The namespace of `update`.
pub const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate";

/// The module that has it.
pub const MODULE: &str = "ietf-netconf-private-candidate";

/// What becomes of nodes that a private candidate and `running` have both changed (`resolution-mode`).
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum ResolutionMode {
    /// They are told, and nothing is changed.
    #[default]
    RevertOnConflict,
    /// They are as the candidate has them.
    PreferCandidate,
    /// They are as `running` has them.
    PreferRunning,
}

impl ResolutionMode {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::RevertOnConflict, Self::PreferCandidate, Self::PreferRunning];

    /// The draft's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RevertOnConflict => "revert-on-conflict",
            Self::PreferCandidate => "prefer-candidate",
            Self::PreferRunning => "prefer-running",
        }
    }

    /// The mode of a word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}
