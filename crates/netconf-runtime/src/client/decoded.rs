//! A large reply as one typed value, which is decoded while the reply comes: the time that both take is that of the longer.

use super::pieces::PIECES;
use super::typed::unreadable;
use super::{Error, Get, GetData, Pieces};
use bytes::Bytes;
use tokio::sync::mpsc;
use yang_data::binding::{Options, Yang};
use yang_data::codec::{CodecError, Limits, PushReader as _};
use yang_data::event::{Event, Inside, Position, Source};
use yang_data::xml::Reader;

impl Get {
    /// Asks for it, and gives all of it in the type of a `root`, or of a container or list entry that is all there is, as
    /// [`Data::decode`](super::Data::decode) does; but it is decoded while it comes, on a thread where that does not hold up others.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Reply`]: it does not fit the type.
    pub async fn decode<T: Yang + Send + 'static>(self, options: &Options) -> Result<T, Error> {
        decode(self.pieces().await?, *options).await
    }
}

impl GetData {
    /// Asks for it, and decodes it while it comes: see [`Get::decode`].
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Reply`]: it does not fit the type.
    pub async fn decode<T: Yang + Send + 'static>(self, options: &Options) -> Result<T, Error> {
        decode(self.pieces().await?, *options).await
    }
}

async fn decode<T: Yang + Send + 'static>(mut pieces: Pieces, options: Options) -> Result<T, Error> {
    let (sender, receiver) = mpsc::channel(PIECES);
    let (open, close) = (pieces.open_tag(), pieces.close_tag());
    let work = move || {
        let mut source = Coming { reader: Reader::new(Limits::default()), pieces: receiver, close };
        source.reader.push(open.as_bytes());
        read(&mut source, &options)
    };
    let decoding = tokio::task::spawn_blocking(work);
    while let Some(piece) = pieces.next().await {
        // One that is dropped here ends the decoding, whose error then means nothing. One who does not take it has found an error.
        if sender.send(piece?).await.is_err() {
            break;
        }
    }
    drop(sender);
    let decoded = decoding.await.map_err(|_| Error::Reply("data: its decoding broke off".to_owned()))?;
    decoded
        .map_err(|e| unreadable("data", &e))?
        .ok_or_else(|| Error::Reply("the reply has no `data`".to_owned()))
}

/// Reads what stands inside of `data`.
fn read<T: Yang>(source: &mut Coming, options: &Options) -> Result<Option<T>, CodecError> {
    let mut depth = 0;
    loop {
        match source.next()? {
            Event::Open { name, .. } if depth == 1 && name.local == "data" => break,
            Event::Open { .. } => depth += 1,
            Event::Close => depth -= 1,
            Event::End => return Ok(None),
            _ => {}
        }
    }
    T::decode(&mut Inside::new(source), options).map(Some)
}

/// A reply that comes.
struct Coming {
    reader: Reader,
    pieces: mpsc::Receiver<Bytes>,
    close: &'static str,
}

impl Source for Coming {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        while !self.reader.ready()? {
            match self.pieces.blocking_recv() {
                Some(piece) => self.reader.push(&piece),
                None => {
                    self.reader.push(self.close.as_bytes());
                    self.reader.finish();
                }
            }
        }
        self.reader.event()
    }

    fn position(&self) -> Position {
        self.reader.position()
    }
}
