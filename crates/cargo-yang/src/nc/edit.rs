//! `edit-config` (RFC 6241 section 7.2).

use super::input::{read, unwrapped};
use super::{Context, Store};
use anyhow::{Result, bail};
use clap::ValueEnum;
use netconf_runtime::client::{DefaultOperation, ErrorOption, TestOption};
use netconf_runtime::protocol::capability;
use std::path::PathBuf;

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

    /// With --commit: what the device's log is to say of it. Devices of ours take that (the module netconf-commit-comment).
    #[arg(long, value_name = "TEXT", requires = "commit")]
    comment: Option<String>,
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
    pub(super) async fn run(&self, context: &Context) -> Result<()> {
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
            bail!("--commit goes with the candidate: {target} is changed at once");
        }
        let lock = session.lock_guard(target.configuration()?).await?;
        let done = match edit.await {
            Ok(()) => match &self.comment {
                Some(comment) => session.commit_with_comment(comment).await,
                None => session.commit().await,
            },
            Err(error) => Err(error),
        };
        if done.is_err() && session.ended().is_none() {
            session.discard_changes().await?;
        }
        done?;
        Ok(lock.unlock().await?)
    }
}
