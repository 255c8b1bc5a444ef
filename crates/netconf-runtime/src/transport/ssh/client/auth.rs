//! How a user proves to be who it says: RFC 4252, RFC 4256, and OpenSSH's certificates and agent.

use super::{Handler, SshError, SshOptions, is_rsa};
use crate::transport::ssh::{PrivateKey, UserCertificate};
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::agent::AgentIdentity;
use russh::keys::{Algorithm, HashAlg, PrivateKeyWithHashAlg};
use russh::{MethodKind, MethodSet};
use std::path::PathBuf;
use std::sync::Arc;

/// How many rounds of questions a server may ask.
const MOST_ROUNDS: usize = 16;

/// How a user proves to be who it says.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A password: by the method of that name, or as the answer to the one hidden question of keyboard-interactive.
    Password(String),
    /// A key.
    Key(PrivateKey),
    /// A key and a certificate of it.
    Certificate(PrivateKey, Box<UserCertificate>),
    /// The keys and certificates of an agent, at this socket or at the one that `SSH_AUTH_SOCK` names.
    Agent(Option<PathBuf>),
    /// Answers to the server's questions (keyboard-interactive).
    Questions(Answers),
}

/// Who answers questions: called in a thread that may wait, for a person for instance.
#[derive(Clone)]
pub struct Answers(Arc<Answer>);

type Answer = dyn Fn(&Questions) -> Vec<String> + Send + Sync;

impl Answers {
    /// Answers by a function: one answer for each question.
    pub fn new(answer: impl Fn(&Questions) -> Vec<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }
}

/// Questions of a server (RFC 4256 section 3.2).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Questions {
    /// What it is about; may be empty.
    pub name: String,
    /// What else is to be said; may be empty.
    pub instructions: String,
    /// The questions, and whether the answer may be seen while it is typed. There may be none.
    pub prompts: Vec<(String, bool)>,
}

impl Credential {
    fn method(&self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Key(_) => "publickey",
            Self::Certificate(..) => "publickey with a certificate",
            Self::Agent(_) => "publickey of the agent",
            Self::Questions(_) => "keyboard-interactive",
        }
    }

    /// Whether the server may take it, by what it said it takes.
    fn may_be_taken(&self, methods: Option<&MethodSet>) -> bool {
        let has = |kind| methods.is_none_or(|m| m.contains(&kind));
        match self {
            Self::Password(_) => has(MethodKind::Password) || has(MethodKind::KeyboardInteractive),
            Self::Key(_) | Self::Certificate(..) | Self::Agent(_) => has(MethodKind::PublicKey),
            Self::Questions(_) => has(MethodKind::KeyboardInteractive),
        }
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password(_) => f.write_str("Password(..)"),
            Self::Key(key) => f.debug_tuple("Key").field(key).finish(),
            Self::Certificate(_, certificate) => f.debug_tuple("Certificate").field(certificate).finish(),
            Self::Agent(path) => f.debug_tuple("Agent").field(path).finish(),
            Self::Questions(_) => f.write_str("Questions(..)"),
        }
    }
}

/// What came of an attempt: nothing, if it succeeded.
type Refused = Option<MethodSet>;

/// Tries one credential after the other. A server may ask for several.
pub(super) async fn authenticate(handle: &mut Handle<Handler>, options: &SshOptions) -> Result<(), SshError> {
    let user = options.user.as_str();
    let mut offered: Option<MethodSet> = None;
    let (mut tried, mut problems) = (Vec::new(), Vec::new());
    for credential in &options.credentials {
        // What the server does not take would only cost one of its attempts.
        if !credential.may_be_taken(offered.as_ref()) {
            continue;
        }
        tried.push(credential.method());
        let refused = match credential {
            Credential::Password(password) => by_password(handle, user, password, offered.as_ref()).await?,
            Credential::Key(key) => {
                let hash = handle.best_supported_rsa_hash().await?.flatten();
                let key = PrivateKeyWithHashAlg::new(Arc::clone(&key.0), hash);
                of(handle.authenticate_publickey(user, key).await?)
            }
            Credential::Certificate(key, certificate) => {
                let certificate = certificate.0.clone();
                of(handle.authenticate_openssh_cert(user, Arc::clone(&key.0), certificate).await?)
            }
            Credential::Agent(path) => match by_agent(handle, user, path.as_ref()).await {
                Ok(refused) => refused,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            },
            Credential::Questions(answers) => by_answers(handle, user, answers).await?,
        };
        match refused {
            None => return Ok(()),
            // An attempt that could not be made leaves what is known.
            Some(methods) if methods.is_empty() && offered.is_some() => {}
            Some(methods) => offered = Some(methods),
        }
    }
    if offered.is_none() {
        // Nothing was tried, and the caller wants to know what could be. RFC 4252 section 5.2: who asks for nothing is told.
        match of(handle.authenticate_none(user).await?) {
            None => return Ok(()),
            Some(methods) => offered = Some(methods),
        }
    }
    let offered = offered.as_ref().map(|m| m.iter().map(<&str>::from).collect()).unwrap_or_default();
    Err(SshError::Login { user: options.user.clone(), tried, offered, problems })
}

fn of(result: AuthResult) -> Refused {
    match result {
        AuthResult::Success => None,
        AuthResult::Failure { remaining_methods, .. } => Some(remaining_methods),
    }
}

async fn by_password(
    handle: &mut Handle<Handler>,
    user: &str,
    password: &str,
    offered: Option<&MethodSet>,
) -> Result<Refused, SshError> {
    let mut refused = None;
    if offered.is_none_or(|m| m.contains(&MethodKind::Password)) {
        refused = of(handle.authenticate_password(user, password).await?);
        let Some(methods) = &refused else { return Ok(None) };
        // A password that was refused by its own method is not tried by the other one.
        if methods.contains(&MethodKind::Password) || !methods.contains(&MethodKind::KeyboardInteractive) {
            return Ok(refused);
        }
    }
    let password = password.to_owned();
    let answers = Answers::new(move |questions| match questions.prompts.as_slice() {
        [(_, false)] => vec![password.clone()],
        _ => Vec::new(),
    });
    let asked = by_answers(handle, user, &answers).await?;
    Ok(asked.map(|methods| if methods.is_empty() { refused.unwrap_or(methods) } else { methods }))
}

async fn by_answers(
    handle: &mut Handle<Handler>,
    user: &str,
    answers: &Answers,
) -> Result<Refused, SshError> {
    use KeyboardInteractiveAuthResponse as R;
    let mut response = handle.authenticate_keyboard_interactive_start(user, None).await?;
    for _ in 0..MOST_ROUNDS {
        let questions = match response {
            R::Success => return Ok(None),
            R::Failure { remaining_methods, .. } => return Ok(Some(remaining_methods)),
            R::InfoRequest { name, instructions, prompts } => {
                let prompts = prompts.into_iter().map(|p| (p.prompt, p.echo)).collect();
                Questions { name, instructions, prompts }
            }
        };
        let expected = questions.prompts.len();
        let answers = answers.clone();
        // A person may take long, and the connection must go on meanwhile.
        let answered = tokio::task::spawn_blocking(move || (answers.0)(&questions)).await;
        let mut answered = answered.unwrap_or_default();
        answered.resize(expected, String::new());
        response = handle.authenticate_keyboard_interactive_respond(answered).await?;
    }
    Err(SshError::Protocol(format!("the server asks more than {MOST_ROUNDS} rounds of questions")))
}

#[cfg(unix)]
async fn by_agent(
    handle: &mut Handle<Handler>,
    user: &str,
    path: Option<&PathBuf>,
) -> Result<Refused, String> {
    use russh::keys::agent::client::AgentClient;
    let agent = match path {
        Some(path) => AgentClient::connect_uds(path).await,
        None => AgentClient::connect_env().await,
    };
    let mut agent = agent.map_err(|e| format!("there is no agent: {e}"))?;
    let identities = agent.request_identities().await.map_err(|e| format!("the agent: {e}"))?;
    if identities.is_empty() {
        return Err("the agent has no keys".to_owned());
    }
    let rsa = handle.best_supported_rsa_hash().await.map_err(|e| e.to_string())?.flatten();
    let hash = |algorithm: &Algorithm| if is_rsa(algorithm) { rsa } else { None::<HashAlg> };
    let mut refused = Some(MethodSet::empty());
    for identity in identities {
        let result = match identity {
            AgentIdentity::PublicKey { key, .. } => {
                let hash = hash(&key.algorithm());
                handle.authenticate_publickey_with(user, key, hash, &mut agent).await
            }
            AgentIdentity::Certificate { certificate, .. } => {
                let hash = hash(&certificate.algorithm());
                handle.authenticate_certificate_with(user, certificate, hash, &mut agent).await
            }
        };
        match result {
            Ok(result) => match of(result) {
                None => return Ok(None),
                Some(methods) => {
                    let goes_on = methods.contains(&MethodKind::PublicKey);
                    refused = Some(methods);
                    if !goes_on {
                        break;
                    }
                }
            },
            // An agent may decline to sign with one key, and sign with the next.
            Err(error) => tracing::debug!("the agent does not sign: {error}"),
        }
    }
    Ok(refused)
}

#[cfg(not(unix))]
async fn by_agent(_: &mut Handle<Handler>, _: &str, _: Option<&PathBuf>) -> Result<Refused, String> {
    Err("agents are supported on unix alone".to_owned())
}
