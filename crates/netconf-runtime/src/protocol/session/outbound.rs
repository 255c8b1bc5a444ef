//! The sending direction.

use crate::protocol::Hello;
use crate::protocol::framing::{Framer, FramingError, Version, frame};
use bytes::Bytes;
use std::collections::VecDeque;

/// Takes messages, gives bytes.
#[derive(Debug)]
pub struct Outbound {
    framer: Framer,
    queue: VecDeque<Bytes>,
}

impl Outbound {
    /// The hello always has the framing of version 1.0 (RFC 6242 section 4.1).
    pub(super) fn greet(hello: &Hello) -> Self {
        let mut queue = VecDeque::new();
        let text = hello.to_xml().into_bytes();
        // The escaped text of a hello cannot hold the mark that ends it, as it has no `>` but those of tags.
        if frame(Version::V1_0, text.into(), &mut queue).is_err() {
            queue.clear();
        }
        Self { framer: Framer::new(Version::V1_0), queue }
    }

    pub(super) fn open(&mut self, version: Version) {
        self.framer = Framer::new(version);
    }

    /// The version that it frames for.
    #[must_use]
    pub fn version(&self) -> Version {
        self.framer.version()
    }

    /// Queues a message, which is a whole document.
    ///
    /// # Errors
    /// Version 1.0 cannot carry a message that contains `]]>]]>`; nothing is queued then.
    pub fn send(&mut self, message: Bytes) -> Result<(), FramingError> {
        frame(self.version(), message, &mut self.queue)
    }

    /// Queues the next part of a message that is sent as it is made: it begins with the first part, and until
    /// [`Self::end_message`] nothing else may be sent.
    ///
    /// # Errors
    /// Version 1.0 cannot carry a message that contains `]]>]]>`. What came before has been sent then: the session cannot
    /// go on.
    pub fn send_part(&mut self, part: Bytes) -> Result<(), FramingError> {
        self.framer.part(part, &mut self.queue)
    }

    /// The message that was sent in parts is complete.
    pub fn end_message(&mut self) {
        self.framer.end(&mut self.queue);
    }

    /// Bytes for the transport.
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        self.queue.pop_front()
    }

    /// Whether there is anything to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }
}
