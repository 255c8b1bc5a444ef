//! What the server says to russh's loop, one a connection.

use super::super::pipe::{Feeder, Flow, Reader, Writer, pipe};
use super::super::{PublicKey, SUBSYSTEM};
use super::{Authenticator, Converse, SshServerOptions, UserCertificate};
use crate::protocol::Limits;
use crate::server::service::{Service, TransportKind};
use crate::transport::{Peer, serve};
use russh::keys::Certificate;
use russh::server::{Auth, ChannelOpenHandle, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Pty};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::AsyncWrite;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::{Instrument as _, info};

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(super) struct Failed(#[from] russh::Error);

/// Bytes of all answers of a conversation.
const MOST_ANSWERS: usize = 64 << 10;

type BoxWriter = Box<dyn AsyncWrite + Send + Unpin>;

pub(super) struct Handler {
    authenticator: Arc<dyn Authenticator>,
    limits: Limits,
    service: Arc<dyn Service>,
    peer: SocketAddr,
    user: Option<String>,
    /// The groups that the user is in.
    groups: Vec<String>,
    /// Answers of a conversation that goes on, and whose it is.
    conversation: Option<(String, Vec<String>)>,
    flow: Arc<Flow>,
    channels: BTreeMap<u32, ChannelState>,
    /// Tells that a user came in.
    entered: watch::Sender<bool>,
    /// How many sessions there are.
    busy: watch::Sender<usize>,
    sessions: JoinSet<()>,
}

struct ChannelState {
    feeder: Feeder,
    /// What a session will take, once the subsystem is asked for.
    ends: Option<Ends>,
}

struct Ends {
    reader: Reader,
    writer: Writer<BoxWriter>,
    half: ChannelWriteHalf<Msg>,
}

impl Handler {
    pub(super) fn new(
        options: &SshServerOptions,
        service: &Arc<dyn Service>,
        peer: SocketAddr,
        entered: watch::Sender<bool>,
        busy: watch::Sender<usize>,
    ) -> Self {
        Self {
            authenticator: Arc::clone(&options.authenticator),
            limits: options.limits.clone(),
            service: Arc::clone(service),
            peer,
            user: None,
            groups: Vec::new(),
            conversation: None,
            flow: Arc::default(),
            channels: BTreeMap::new(),
            entered,
            busy,
            sessions: JoinSet::new(),
        }
    }

    fn decide(&mut self, user: &str, method: &str, accepted: bool) -> Auth {
        if accepted {
            self.user = Some(user.to_owned());
            Auth::Accept
        } else {
            info!(user, method, "login refused");
            reject()
        }
    }

    fn start(&mut self, ends: Ends) {
        let peer = Peer {
            user: self.user.clone().unwrap_or_default(),
            groups: self.groups.clone(),
            address: self.peer.to_string(),
            transport: TransportKind::Ssh,
        };
        let (service, limits, busy) = (Arc::clone(&self.service), self.limits.clone(), self.busy.clone());
        busy.send_modify(|sessions| *sessions += 1);
        let session = async move {
            let linger = limits.linger;
            let Ends { reader, writer, half } = ends;
            serve(reader, writer, service, peer, limits).await;
            let close = async {
                _ = half.exit_status(0).await;
                _ = half.eof().await;
                _ = half.close().await;
            };
            _ = tokio::time::timeout(linger, close).await;
            busy.send_modify(|sessions| *sessions -= 1);
        };
        self.sessions.spawn(session.in_current_span());
        while self.sessions.try_join_next().is_some() {}
    }
}

/// A refusal after which the same method may be tried again, as people mistype passwords.
fn reject() -> Auth {
    Auth::Reject { proceed_with_methods: Some(super::methods()), partial_success: false }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // Sessions notice that their channels are gone and end in their own way: a request that runs is not torn.
        self.channels.clear();
        self.sessions.detach_all();
    }
}

impl russh::server::Handler for Handler {
    type Error = Failed;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Failed> {
        let accepted = self.authenticator.password(user, password, self.peer).await;
        Ok(self.decide(user, "password", accepted))
    }

    async fn auth_publickey_offered(
        &mut self,
        user: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Failed> {
        let key = PublicKey(offer.public_key.clone());
        // This may be the key of a certificate, which is shown when the peer has proved that it has the key.
        let accepted = self.authenticator.takes_certificates()
            || self.authenticator.public_key(user, &key, self.peer).await;
        Ok(if accepted { Auth::Accept } else { reject() })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Failed> {
        let key = PublicKey(key.public_key.clone());
        let accepted = self.authenticator.public_key(user, &key, self.peer).await;
        Ok(self.decide(user, "publickey", accepted))
    }

    async fn auth_openssh_certificate(
        &mut self,
        user: &str,
        certificate: &Certificate,
    ) -> Result<Auth, Failed> {
        let certificate = UserCertificate::new(certificate);
        let accepted = self.authenticator.takes_certificates()
            && self.authenticator.certificate(user, &certificate, self.peer).await;
        Ok(self.decide(user, "certificate", accepted))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Failed> {
        let answers = match (response, self.conversation.take()) {
            (None, _) => Some(Vec::new()),
            (Some(response), Some((who, mut answers))) if who == user => {
                let new = response.map(|answer| String::from_utf8(answer.to_vec()));
                let complete = new.collect::<Result<Vec<_>, _>>().map(|new| answers.extend(new));
                complete
                    .ok()
                    .map(|()| answers)
                    .filter(|a| a.iter().map(String::len).sum::<usize>() <= MOST_ANSWERS)
            }
            _ => None,
        };
        let Some(answers) = answers else { return Ok(self.decide(user, "keyboard-interactive", false)) };
        Ok(match self.authenticator.converse(user, &answers, self.peer).await {
            Converse::Accept => self.decide(user, "keyboard-interactive", true),
            Converse::Refuse => self.decide(user, "keyboard-interactive", false),
            Converse::Ask(prompts) => {
                self.conversation = Some((user.to_owned(), answers));
                let prompts: Vec<_> = prompts.into_iter().map(|p| (p.text.into(), p.echo)).collect();
                Auth::Partial { name: "".into(), instructions: "".into(), prompts: prompts.into() }
            }
        })
    }

    async fn auth_succeeded(&mut self, _: &mut Session) -> Result<(), Failed> {
        self.entered.send_replace(true);
        info!(user = self.user, "logged in");
        if let Some(user) = &self.user {
            self.groups = self.authenticator.groups(user, self.peer).await;
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Failed> {
        if self.channels.len() >= self.limits.channels {
            info!("channel refused: limit `channels` of {}", self.limits.channels);
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        let id = channel.id();
        // What is received comes by `data`; russh's own queue would make its loop wait.
        let (_, half) = channel.split();
        let writer: BoxWriter = Box::new(half.make_writer());
        let (enough, too_much) = (self.limits.queued_bytes, self.limits.overrun_bytes);
        let (feeder, reader, writer) = pipe(&self.flow, enough, too_much, writer);
        let ends = Some(Ends { reader, writer, half });
        self.channels.insert(id.into(), ChannelState { feeder, ends });
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), Failed> {
        let ends = if name == SUBSYSTEM {
            self.channels.get_mut(&channel.into()).and_then(|c| c.ends.take())
        } else {
            info!(name, "subsystem refused");
            None
        };
        match ends {
            Some(ends) => {
                session.channel_success(channel)?;
                self.start(ends);
            }
            None => session.channel_failure(channel)?,
        }
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Failed> {
        // Before there is a session nobody reads, and what comes is for nobody.
        if let Some(channel) = self.channels.get(&channel.into()).filter(|c| c.ends.is_none()) {
            channel.feeder.feed(data).await;
        }
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Failed> {
        if let Some(channel) = self.channels.get(&channel.into()) {
            channel.feeder.end();
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Failed> {
        self.channels.remove(&channel.into());
        Ok(())
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Failed> {
        Ok(session.channel_failure(channel)?)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _: &[u8],
        session: &mut Session,
    ) -> Result<(), Failed> {
        Ok(session.channel_failure(channel)?)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Failed> {
        Ok(session.channel_failure(channel)?)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        _: u32,
        _: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Failed> {
        Ok(session.channel_failure(channel)?)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Failed> {
        Ok(session.channel_failure(channel)?)
    }
}
