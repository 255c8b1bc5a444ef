//! Replies in XML, written while they come: however large one is, what is held is a piece of it.
//!
//! What was written before something went wrong is written; that it is not all is said, and the exit code says it, too.

use super::Context;
use super::indent::Indenter;
use super::output::{Format, line, warn};
use anyhow::Result;
use netconf_runtime::client::{Data, Error, Get, GetData, Pieces};
use std::io::{ErrorKind, Write as _};

/// What asks for data.
pub(crate) enum Ask {
    Get(Box<Get>),
    Data(Box<GetData>),
}

impl From<Get> for Ask {
    fn from(get: Get) -> Self {
        Self::Get(Box::new(get))
    }
}

impl From<GetData> for Ask {
    fn from(get: GetData) -> Self {
        Self::Data(Box::new(get))
    }
}

impl Ask {
    pub(super) async fn pieces(self) -> Result<Pieces, Error> {
        match self {
            Self::Get(get) => get.pieces().await,
            Self::Data(get) => get.pieces().await,
        }
    }

    pub(super) async fn whole(self) -> Result<Data, Error> {
        match self {
            Self::Get(get) => get.send().await,
            Self::Data(get) => get.send().await,
        }
    }
}

/// What a reply without content means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NoContent {
    /// All is well.
    Ok,
    /// There should be some.
    Wrong,
}

impl Context {
    /// Whether replies are written while they come.
    pub(super) fn streams(&self) -> bool {
        self.output == Format::Xml && !self.whole
    }

    /// Sends an operation as XML and shows its reply.
    pub(super) async fn show_rpc(&self, operation: &str) -> Result<()> {
        if self.streams() {
            return self.stream(self.session.rpc_pieces(operation).await?, NoContent::Ok).await;
        }
        self.show_reply(&self.session.rpc_xml(operation).await?)
    }

    /// Writes a reply.
    pub(super) async fn stream(&self, mut pieces: Pieces, no_content: NoContent) -> Result<()> {
        let (mut indenter, mut shown) = (Indenter::default(), Vec::new());
        let failed = loop {
            match pieces.next().await {
                None => break None,
                Some(Err(error)) => break Some(error),
                Some(Ok(piece)) => {
                    indenter.push(&piece, &|tag| pieces.standalone(tag), &mut shown);
                    if !self.write(&shown)? {
                        return Ok(());
                    }
                    shown.clear();
                }
            }
        };
        let content = indenter.finish(&mut shown);
        if content {
            shown.push(b'\n');
            self.write(&shown)?;
        }
        if let Some(error) = failed {
            if content {
                writeln!(std::io::stderr(), "error: what is written above is not all of the reply")?;
            }
            return Err(error.into());
        }
        warn(pieces.warnings())?;
        match no_content {
            _ if content => Ok(()),
            NoContent::Ok => line("ok"),
            NoContent::Wrong => Err(Error::Reply("it has no `data`".to_owned()).into()),
        }
    }

    /// Writes to standard output. Says whether somebody reads on; who does not is no error of ours.
    fn write(&self, text: &[u8]) -> Result<bool> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.unread.set(true);
                Ok(false)
            }
            done => Ok(done.map(|()| true)?),
        }
    }
}
