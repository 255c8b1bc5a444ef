//! The modes of RFC 6243, as options name them.

use clap::ValueEnum;
use netconf_runtime::client::WithDefaults;
use yang_data::view::DefaultMode;

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Defaults {
    /// Defaults in use are told.
    ReportAll,
    /// They are told and tagged.
    ReportAllTagged,
    /// What has the value of its default is left out.
    Trim,
    /// What somebody set is told, and no more.
    Explicit,
}

impl Defaults {
    /// How a document is written.
    pub(crate) fn mode(self) -> DefaultMode {
        match self {
            Self::ReportAll => DefaultMode::ReportAll,
            Self::ReportAllTagged => DefaultMode::ReportAllTagged,
            Self::Trim => DefaultMode::Trim,
            Self::Explicit => DefaultMode::Explicit,
        }
    }

    /// What a device is asked for.
    pub(crate) fn asked(self) -> WithDefaults {
        match self {
            Self::ReportAll => WithDefaults::ReportAll,
            Self::ReportAllTagged => WithDefaults::ReportAllTagged,
            Self::Trim => WithDefaults::Trim,
            Self::Explicit => WithDefaults::Explicit,
        }
    }
}
