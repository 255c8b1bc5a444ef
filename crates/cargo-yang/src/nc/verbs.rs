//! The verbs, each one call of the client.

use super::output::{indent, line};
use super::schemas::{self, Found};
use super::{Context, Store, shell};
use crate::Outcome;
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use netconf_runtime::client::{
    Configuration, DefaultOperation, ErrorOption, Filter, NmdaDatastore, SubscriptionEvent, TestOption,
    Trigger, WithDefaults,
};
use netconf_runtime::protocol::capability;
use std::io::Read as _;
use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Shows the session's id, the version, the capabilities and the modules that the device names.
    Hello,
    /// Reads state and configuration.
    Get(Read),
    /// Reads a configuration datastore.
    GetConfig {
        /// Which one.
        #[arg(long, value_enum, value_name = "NAME", default_value = "running")]
        datastore: Store,
        #[command(flatten)]
        read: Read,
    },
    /// Reads a datastore of the NMDA (RFC 8526).
    GetData {
        /// Which one.
        #[arg(long, value_enum, value_name = "NAME", default_value = "operational")]
        datastore: Store,
        /// Only configuration (true), or only state.
        #[arg(long, value_name = "BOOL")]
        config: Option<bool>,
        /// Only so many levels.
        #[arg(long, value_name = "LEVELS")]
        max_depth: Option<u16>,
        /// With the origin of each value.
        #[arg(long)]
        with_origin: bool,
        #[command(flatten)]
        read: Read,
    },
    /// Changes configuration.
    EditConfig(Edit),
    /// Sends an operation as it stands in a file: one element, or NETCONF's `rpc` around it.
    Rpc {
        /// The file; `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Copies a datastore onto another.
    CopyConfig {
        /// From.
        #[arg(value_enum)]
        source: Store,
        /// To.
        #[arg(value_enum)]
        target: Store,
    },
    /// Has a datastore checked.
    Validate {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Locks a datastore: in the shell until `unlock`, else until standard input ends or Ctrl-C.
    Lock {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Gives a lock of the shell back.
    Unlock {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Makes the candidate running.
    Commit {
        /// For a time only, within which another commit is to confirm it.
        #[arg(long)]
        confirmed: bool,
        /// How many seconds that is; 600 if nothing is said.
        #[arg(long, value_name = "SECONDS", requires = "confirmed")]
        timeout: Option<u64>,
        /// Let it outlive this session: whoever knows this id may confirm it.
        #[arg(long, value_name = "ID", requires = "confirmed")]
        persist: Option<String>,
        /// Confirm the commit with this id.
        #[arg(long, value_name = "ID", conflicts_with = "confirmed")]
        persist_id: Option<String>,
    },
    /// Takes back a commit that is to be confirmed.
    CancelCommit {
        /// The one with this id.
        #[arg(long, value_name = "ID")]
        persist_id: Option<String>,
    },
    /// Makes the candidate what running is.
    DiscardChanges,
    /// Ends another session.
    KillSession {
        /// Its id.
        id: u32,
    },
    /// Shows the text of a module.
    GetSchema {
        /// Its name, or NAME@REVISION.
        module: String,
    },
    /// Downloads all modules of the device.
    Schemas {
        /// Where to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Download those that are there already, too.
        #[arg(long)]
        again: bool,
    },
    /// Shows notifications as they come, until Ctrl-C.
    Subscribe(Subscribe),
    /// Asks for one command after the other, in one session.
    Shell,
}

#[derive(clap::Args)]
pub(crate) struct Read {
    /// Only this: a subtree filter (RFC 6241 section 6), as XML or as a file of it.
    #[arg(long, value_name = "XML|FILE", conflicts_with = "xpath")]
    subtree: Option<String>,

    /// Only this: an XPath expression. Prefixes are those of --ns, and names of the device's modules.
    #[arg(long, value_name = "EXPRESSION")]
    xpath: Option<String>,

    /// A prefix of --xpath and its namespace.
    #[arg(long = "ns", value_name = "PREFIX=URI", requires = "xpath")]
    namespaces: Vec<String>,

    /// What to tell of defaults (RFC 6243).
    #[arg(long, value_enum, value_name = "MODE")]
    with_defaults: Option<Defaults>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Defaults {
    ReportAll,
    ReportAllTagged,
    Trim,
    Explicit,
}

impl Defaults {
    fn mode(self) -> WithDefaults {
        match self {
            Self::ReportAll => WithDefaults::ReportAll,
            Self::ReportAllTagged => WithDefaults::ReportAllTagged,
            Self::Trim => WithDefaults::Trim,
            Self::Explicit => WithDefaults::Explicit,
        }
    }
}

impl Read {
    async fn filter(&self, context: &Context) -> Result<Option<Filter>> {
        if let Some(subtree) = &self.subtree {
            let xml = if subtree.trim_start().starts_with('<') {
                subtree.clone()
            } else {
                std::fs::read_to_string(subtree).with_context(|| format!("cannot read {subtree}"))?
            };
            return Ok(Some(Filter::subtree(without_declaration(&xml))));
        }
        let Some(expression) = &self.xpath else { return Ok(None) };
        let mut namespaces = Vec::new();
        for pair in &self.namespaces {
            let Some((prefix, uri)) = pair.split_once('=') else { bail!("--ns {pair}: write PREFIX=URI") };
            namespaces.push((prefix.to_owned(), uri.to_owned()));
        }
        for prefix in prefixes(expression) {
            if namespaces.iter().any(|(p, _)| *p == prefix) {
                continue;
            }
            let modules = context.session.modules().await?;
            let Some(module) = modules.named(&prefix).find(|m| !m.namespace.is_empty()) else {
                bail!(
                    "--xpath: the prefix `{prefix}` is neither given by --ns nor the name of a module of the device"
                );
            };
            let namespace = module.namespace.clone();
            namespaces.push((prefix, namespace));
        }
        Ok(Some(Filter::XPath { select: expression.clone(), namespaces }))
    }
}

/// The prefixes of an expression; what stands in quotes has none.
fn prefixes(expression: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (mut word, mut quote) = (String::new(), None);
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, ':') if chars.peek() == Some(&':') => {
                // An axis.
                chars.next();
                word.clear();
            }
            (None, ':') if !word.is_empty() => {
                let prefix = std::mem::take(&mut word);
                if !found.contains(&prefix) {
                    found.push(prefix);
                }
            }
            (None, c) if is_name(c) => word.push(c),
            (None, _) => word.clear(),
        }
    }
    found
}

/// A document's content, that it can stand inside of a message.
fn without_declaration(xml: &str) -> &str {
    let text = xml.trim_start_matches('\u{feff}').trim();
    if !text.starts_with("<?xml") {
        return text;
    }
    text.find("?>").map_or(text, |end| text[end + 2..].trim_start())
}

fn read(file: &std::path::Path) -> Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(without_declaration(&text).to_owned())
}

/// What stands in the outermost element, if it is NETCONF's of this name; else the text itself.
fn unwrapped(text: &str, local: &str) -> String {
    let Some(start) = text.find('<').filter(|at| !text[*at..].starts_with("<!")) else {
        return text.to_owned();
    };
    let name =
        text[start + 1..].split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
    if name.rsplit(':').next() != Some(local) {
        return text.to_owned();
    }
    let Some(open) = super::redact::token(&text[start..]) else { return text.to_owned() };
    if !text[start..start + open].contains("urn:ietf:params:xml:ns:netconf:base:1.0") {
        return text.to_owned();
    }
    match text.rfind("</") {
        Some(end) if end >= start + open => text[start + open..end].trim().to_owned(),
        _ => String::new(),
    }
}

#[derive(clap::Args)]
pub(crate) struct Edit {
    /// The content of `config`, as XML; or that element, or `data`, around it. `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What to change: the candidate if the device has one, else running.
    #[arg(long, value_enum, value_name = "NAME")]
    target: Option<Store>,

    /// What is done with what does not say it itself.
    #[arg(long, value_enum, value_name = "OPERATION")]
    default_operation: Option<DefaultTo>,

    /// Whether the outcome is checked.
    #[arg(long, value_enum, value_name = "OPTION")]
    test_option: Option<Test>,

    /// What happens at an error.
    #[arg(long, value_enum, value_name = "OPTION")]
    error_option: Option<OnError>,

    /// Lock the candidate, change it, commit it, and give the lock back; leave it as it was if something fails.
    #[arg(long)]
    commit: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum DefaultTo {
    Merge,
    Replace,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
#[allow(clippy::enum_variant_names, reason = "the names of RFC 6241")]
enum Test {
    TestThenSet,
    Set,
    TestOnly,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
#[allow(clippy::enum_variant_names, reason = "the names of RFC 6241")]
enum OnError {
    StopOnError,
    ContinueOnError,
    RollbackOnError,
}

impl Edit {
    async fn run(&self, context: &Context) -> Result<()> {
        let text = read(&self.file)?;
        let config = unwrapped(&unwrapped(&text, "data"), "config");
        let session = &context.session;
        let target = match self.target {
            Some(store) => store,
            None if session.capabilities().has(capability::CANDIDATE) => Store::Candidate,
            None => Store::Running,
        };
        let mut edit = session.edit_config(target.configuration()?).config_xml(config);
        if let Some(operation) = self.default_operation {
            edit = edit.default_operation(match operation {
                DefaultTo::Merge => DefaultOperation::Merge,
                DefaultTo::Replace => DefaultOperation::Replace,
                DefaultTo::None => DefaultOperation::None,
            });
        }
        if let Some(test) = self.test_option {
            edit = edit.test_option(match test {
                Test::TestThenSet => TestOption::TestThenSet,
                Test::Set => TestOption::Set,
                Test::TestOnly => TestOption::TestOnly,
            });
        }
        if let Some(error) = self.error_option {
            edit = edit.error_option(match error {
                OnError::StopOnError => ErrorOption::StopOnError,
                OnError::ContinueOnError => ErrorOption::ContinueOnError,
                OnError::RollbackOnError => ErrorOption::RollbackOnError,
            });
        }
        if !self.commit {
            return Ok(edit.await?);
        }
        if target != Store::Candidate {
            bail!("--commit goes with the candidate: {target:?} is changed at once");
        }
        let lock = session.lock_guard(target.configuration()?).await?;
        let done = match edit.await {
            Ok(()) => session.commit().await,
            Err(error) => Err(error),
        };
        if done.is_err() && session.ended().is_none() {
            session.discard_changes().await?;
        }
        done?;
        Ok(lock.unlock().await?)
    }
}

#[derive(clap::Args)]
pub(crate) struct Subscribe {
    /// The stream; NETCONF if nothing is said.
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,

    /// Past events, too, since this time (RFC 3339).
    #[arg(long, value_name = "TIME")]
    start: Option<String>,

    /// Until this time (RFC 3339).
    #[arg(long, value_name = "TIME")]
    stop: Option<String>,

    /// Instead of events, what stands in this datastore (YANG push).
    #[arg(long, value_enum, value_name = "DATASTORE", conflicts_with_all = ["stream", "start"])]
    push: Option<Store>,

    /// With --push: all of it every so many seconds; without this, its changes.
    #[arg(long, value_name = "SECONDS", requires = "push")]
    period: Option<f64>,

    /// End after so many.
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,

    #[command(flatten)]
    read: Read,
}

impl Subscribe {
    async fn run(&self, context: &Context) -> Result<()> {
        let work = async {
            match self.push {
                Some(store) => self.push(context, store.nmda()).await,
                None => self.events(context).await,
            }
        };
        tokio::select! {
            done = work => done,
            stopped = tokio::signal::ctrl_c() => Ok(stopped?),
        }
    }

    async fn events(&self, context: &Context) -> Result<()> {
        let mut subscription = context.session.create_subscription();
        if let Some(stream) = &self.stream {
            subscription = subscription.stream(stream.as_str());
        }
        if let Some(time) = &self.start {
            subscription = subscription.start_time(time.as_str());
        }
        if let Some(time) = &self.stop {
            subscription = subscription.stop_time(time.as_str());
        }
        if let Some(filter) = self.read.filter(context).await? {
            subscription = subscription.filter(filter);
        }
        let mut notifications = subscription.await?;
        let mut count = 0;
        while self.count.is_none_or(|most| count < most) {
            let Some(notification) = notifications.next().await else { break };
            let notification = notification?;
            context.show_notification(&notification)?;
            count += 1;
            // RFC 5277 section 3.3.2: after it nothing follows.
            if notification.event.local() == "notificationComplete" {
                break;
            }
        }
        Ok(())
    }

    async fn push(&self, context: &Context, datastore: NmdaDatastore) -> Result<()> {
        let trigger = match self.period {
            Some(seconds) => Trigger::every(Duration::try_from_secs_f64(seconds).context("--period")?),
            None => Trigger::on_change(),
        };
        let mut subscription = context.session.subscribe_datastore(datastore, trigger);
        if let Some(time) = &self.stop {
            subscription = subscription.stop_time(time.as_str());
        }
        if let Some(filter) = self.read.filter(context).await? {
            subscription = subscription.filter(filter);
        }
        let mut subscription = subscription.await?;
        let mut count = 0;
        while self.count.is_none_or(|most| count < most) {
            let Some(event) = subscription.next().await else { break };
            match event? {
                SubscriptionEvent::Update { contents, notification, .. } => {
                    line(&format!("<!-- {} -->\n{}", notification.event_time, indent(&contents)))?;
                    count += 1;
                }
                SubscriptionEvent::Changes { patch, notification, .. } => {
                    line(&format!("<!-- {} -->\n{}", notification.event_time, indent(&patch)))?;
                    count += 1;
                }
                SubscriptionEvent::Terminated { reason } => {
                    bail!("the device has ended the subscription: {reason}")
                }
                SubscriptionEvent::Suspended { reason } => line(&format!("<!-- suspended: {reason} -->"))?,
                SubscriptionEvent::Resumed => line("<!-- resumed -->")?,
                _ => {}
            }
        }
        if context.session.ended().is_none() {
            subscription.delete().await?;
        }
        Ok(())
    }
}

impl Verb {
    /// Whether what it writes is data, which some formats need the modules for.
    pub(crate) fn gives_data(&self) -> bool {
        use Verb as V;
        matches!(
            self,
            V::Get(_) | V::GetConfig { .. } | V::GetData { .. } | V::Rpc { .. } | V::Subscribe(_) | V::Shell
        )
    }

    pub(crate) async fn run(&self, context: &mut Context) -> Result<Outcome> {
        if let Verb::Shell = self {
            return shell::run(context).await;
        }
        self.once(context, false).await?;
        Ok(Outcome::Done)
    }

    /// Does it, in the shell or not.
    pub(crate) async fn once(&self, context: &Context, in_shell: bool) -> Result<()> {
        let session = &context.session;
        match self {
            Self::Hello => hello(context)?,
            Self::Get(read) => {
                let mut get = session.get();
                if let Some(filter) = read.filter(context).await? {
                    get = get.filter(filter);
                }
                if let Some(mode) = read.with_defaults {
                    get = get.with_defaults(mode.mode());
                }
                context.show_data(&get.await?)?;
            }
            Self::GetConfig { datastore, read } => {
                let mut get = session.get_config(datastore.configuration()?);
                if let Some(filter) = read.filter(context).await? {
                    get = get.filter(filter);
                }
                if let Some(mode) = read.with_defaults {
                    get = get.with_defaults(mode.mode());
                }
                context.show_data(&get.await?)?;
            }
            Self::GetData { datastore, config, max_depth, with_origin, read } => {
                let mut get = session.get_data(datastore.nmda());
                if let Some(filter) = read.filter(context).await? {
                    get = get.filter(filter);
                }
                if let Some(mode) = read.with_defaults {
                    get = get.with_defaults(mode.mode());
                }
                if let Some(config) = config {
                    get = get.config(*config);
                }
                if let Some(levels) = max_depth {
                    get = get.max_depth(*levels);
                }
                if *with_origin {
                    get = get.with_origin();
                }
                context.show_data(&get.await?)?;
            }
            Self::EditConfig(edit) => {
                edit.run(context).await?;
                line("ok")?;
            }
            Self::Rpc { file } => {
                let operation = unwrapped(&read(file)?, "rpc");
                context.show_reply(&session.rpc_xml(&operation).await?)?;
            }
            Self::CopyConfig { source, target } => {
                let source = Configuration::from(source.configuration()?);
                session.copy_config(source, target.configuration()?).await?;
                line("ok")?;
            }
            Self::Validate { datastore } => {
                session.validate(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Lock { datastore } if in_shell => {
                session.lock(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Lock { datastore } => {
                let lock = session.lock_guard(datastore.configuration()?).await?;
                line(&format!("{} is locked until the input ends, or Ctrl-C", lock.datastore()))?;
                wait_for_the_end().await?;
                if let Some(error) = session.ended() {
                    return Err(error.into());
                }
                lock.unlock().await?;
            }
            Self::Unlock { datastore } => {
                session.unlock(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Commit { confirmed, timeout, persist, persist_id } => {
                if *confirmed {
                    let mut commit = session.commit_confirmed();
                    if let Some(seconds) = timeout {
                        commit = commit.timeout(Duration::from_secs(*seconds));
                    }
                    if let Some(id) = persist {
                        commit = commit.persist(id.as_str());
                    } else if !in_shell {
                        bail!(
                            "a commit that is to be confirmed ends with its session: give it an id by --persist"
                        );
                    }
                    // It is the next command's to confirm.
                    _ = commit.await?.detach();
                } else if let Some(id) = persist_id {
                    session.resume_commit(id.as_str())?.confirm().await?;
                } else {
                    session.commit().await?;
                }
                line("ok")?;
            }
            Self::CancelCommit { persist_id } => {
                session.cancel_commit(persist_id.as_deref()).await?;
                line("ok")?;
            }
            Self::DiscardChanges => {
                session.discard_changes().await?;
                line("ok")?;
            }
            Self::KillSession { id } => {
                session.kill_session(*id).await?;
                line("ok")?;
            }
            Self::GetSchema { module } => {
                let (name, revision) =
                    module.split_once('@').map_or((module.as_str(), None), |(n, r)| (n, Some(r)));
                let asked = session.get_schema(name);
                let asked = match revision {
                    Some(revision) => asked.version(revision),
                    None => asked,
                };
                line(asked.await?.trim_end())?;
            }
            Self::Schemas { out, again } => {
                let found = if *again { Found::Replace } else { Found::Keep };
                schemas::report(&schemas::download(session, out, found).await?, out)?;
            }
            Self::Subscribe(subscribe) => subscribe.run(context).await?,
            Self::Shell => bail!("this is the shell"),
        }
        Ok(())
    }
}

fn hello(context: &Context) -> Result<()> {
    let session = &context.session;
    let version = match session.version() {
        netconf_runtime::protocol::Version::V1_0 => "1.0",
        netconf_runtime::protocol::Version::V1_1 => "1.1",
    };
    line(&format!("session {}, NETCONF {version}", session.id()))?;
    for uri in session.capabilities().iter() {
        line(uri)?;
    }
    Ok(())
}

/// Waits until nobody wants to wait any more.
async fn wait_for_the_end() -> Result<()> {
    use tokio::io::AsyncReadExt as _;
    let mut nothing = [0; 64];
    let mut input = tokio::io::stdin();
    let ends = async {
        while input.read(&mut nothing).await? > 0 {}
        std::io::Result::Ok(())
    };
    tokio::select! {
        ended = ends => Ok(ended?),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_expressions() {
        for (expression, expected) in [
            ("/if:interfaces/if:interface[if:name='a:b']/ip:ipv4", &["if", "ip"][..]),
            ("//ancestor::x:y | child::z", &["x"]),
            ("/a-b.c:d", &["a-b.c"]),
            ("count(/a) > 3", &[]),
        ] {
            assert_eq!(prefixes(expression), expected, "{expression}");
        }
    }

    #[test]
    fn wrappers_are_taken_off() {
        const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
        let rpc = format!("<nc:rpc xmlns:nc='{BASE}' message-id='1'>\n<a xmlns='u'/>\n</nc:rpc>");
        assert_eq!(unwrapped(&rpc, "rpc"), "<a xmlns='u'/>");
        assert_eq!(unwrapped("<rpc xmlns='urn:mine'><a/></rpc>", "rpc"), "<rpc xmlns='urn:mine'><a/></rpc>");
        assert_eq!(unwrapped("<a/>", "rpc"), "<a/>");
        assert_eq!(without_declaration("\u{feff}<?xml version='1.0'?>\n<a/>\n"), "<a/>");
    }
}
