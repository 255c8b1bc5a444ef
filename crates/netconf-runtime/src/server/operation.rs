//! What can be asked of a server, in no protocol's words. NETCONF is one front of it.

use super::replay::Replay;
use super::url::Url;
use crate::datastore::{CommitRequest, EditRequest, Name};
use crate::protocol::private_candidate::ResolutionMode;
use yang_data::error::DataError;
use yang_data::event::Prefixes;
use yang_data::filter::{self, Selection, SubtreeFilter};
pub(crate) use yang_data::operation::Operation as Invocation;
use yang_data::tree::Tree;
use yang_data::view::{DefaultMode, View};

/// An operation.
pub(crate) enum Operation {
    /// Reads data.
    Read(Read),
    /// Changes a configuration datastore.
    Edit(Edit),
    /// Checks a configuration.
    Validate(Subject),
    /// Makes the candidate `running`.
    Commit(CommitRequest),
    /// Takes a confirmed commit back; with its persist-id, if it has one.
    CancelCommit(Option<String>),
    /// Makes a configuration what another one is.
    Copy(Copy),
    /// Makes a configuration empty, or removes it.
    Delete(Target),
    /// Brings the session's own candidate up to `running`.
    Update(ResolutionMode),
    /// Makes the candidate what `running` is.
    Discard,
    /// Locks a datastore.
    Lock(Name),
    /// Unlocks it.
    Unlock(Name),
    /// Calls an rpc or action of a module.
    Invoke(Invocation),
    /// Asks for notifications.
    Subscribe(Subscribe),
    /// Ends another session.
    Kill(u32),
}

/// Reads data.
pub(crate) struct Read {
    /// From where.
    pub(crate) source: Source,
    /// Which.
    pub(crate) filter: Filter,
    /// With which defaults (RFC 6243).
    pub(crate) defaults: DefaultMode,
}

/// Where data is read from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Source {
    /// A configuration datastore.
    Datastore(Name),
    /// `running` and the state of the device (RFC 6241 section 7.7).
    State,
}

/// Which data is wanted.
pub(crate) enum Filter {
    /// All.
    All,
    /// A subtree filter (RFC 6241 section 6).
    Subtree(SubtreeFilter),
    /// An XPath expression (RFC 6241 section 8.9).
    XPath(XPathFilter),
}

/// An XPath expression and the prefixes in it.
pub(crate) struct XPathFilter {
    /// The expression.
    pub(crate) expression: String,
    /// Prefixes and their namespaces.
    pub(crate) scope: Scope,
    /// Nodes that it may visit.
    pub(crate) limit: u64,
}

/// Prefixes and their namespaces.
pub(crate) struct Scope(pub(crate) Vec<(String, String)>);

impl Prefixes for Scope {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.0.iter().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str())
    }
}

/// Changes a configuration datastore.
pub(crate) struct Edit {
    /// Which.
    pub(crate) target: Name,
    /// How.
    pub(crate) request: EditRequest,
}

/// A configuration to be checked or copied.
pub(crate) enum Subject {
    /// A datastore.
    Datastore(Name),
    /// A configuration that came with the request, or from a file that it names.
    Configuration(Tree),
}

/// Where a configuration is copied to, or what is deleted.
pub(crate) enum Target {
    /// A datastore.
    Datastore(Name),
    /// A file.
    Url(Url),
}

/// Makes a configuration what another one is (RFC 6241 section 7.3).
pub(crate) struct Copy {
    /// Which one.
    pub(crate) target: Target,
    /// What.
    pub(crate) source: Subject,
    /// With which defaults a file is written (RFC 6243 section 4.5.2).
    pub(crate) defaults: DefaultMode,
}

/// Asks for notifications (RFC 5277 section 2.1.1).
pub(crate) struct Subscribe {
    /// The event stream.
    pub(crate) stream: String,
    /// Which of its notifications.
    pub(crate) filter: Filter,
    /// From when on, if not from now.
    pub(crate) replay: Option<Replay>,
}

/// What came of an operation.
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// Data, behind a filter.
    Data(View, Filter),
    /// The output of an rpc: a tree at its `output`.
    Output(Tree),
}

impl Filter {
    /// What it lets through; `None` is all.
    pub(crate) fn select<'v>(&self, view: &'v View) -> Result<Option<Selection<'v>>, DataError> {
        match self {
            Filter::All => Ok(None),
            Filter::Subtree(filter) => Ok(Some(filter.select(view))),
            Filter::XPath(XPathFilter { expression, scope, limit }) => {
                filter::xpath::select(view, expression, Some(scope), Some(*limit)).map(Some)
            }
        }
    }
}
