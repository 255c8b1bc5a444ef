//! `commit`, `cancel-commit` and `discard-changes` (RFC 6241 sections 8.3.4 and 8.4).

use super::params::Request;
use super::{Errors, one};
use crate::datastore::CommitRequest;
use crate::protocol::capability::COMMIT_COMMENT;
use crate::rpc_error::{ErrorInfo, ErrorType, RpcError};
use crate::server::core::Core;
use crate::server::operation::Operation;
use std::time::Duration;

/// Section 8.4.1: "by default 600 seconds".
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(600);

/// The module of ours by which a commit has a comment, and how many characters that has at most.
const COMMENT_MODULE: &str = "netconf-commit-comment";
const MAX_COMMENT: usize = 1024;

pub(super) fn commit(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let read = |request: &mut Request<'_>| -> Result<CommitRequest, RpcError> {
        let confirmed = request.take("confirmed")?;
        if let Some(confirmed) = &confirmed
            && !confirmed.word()?.is_empty()
        {
            return Err(RpcError::bad_element(confirmed.qualified()).message("<confirmed> is empty"));
        }
        let timeout = match request.take("confirm-timeout")? {
            None => None,
            // 1 to 4294967295 (section 10, `confirm-timeout`).
            Some(param) => match param.word()?.parse::<u32>() {
                Ok(seconds @ 1..) => Some((param.qualified(), Duration::from_secs(u64::from(seconds)))),
                _ => {
                    let message = format!("{:?} is no number of seconds from 1 to 4294967295", param.word()?);
                    return Err(RpcError::invalid_value(message)
                        .of_type(ErrorType::Protocol)
                        .info(ErrorInfo::BadElement(param.qualified())));
                }
            },
        };
        let persist = word(request, "persist")?;
        let persist_id = word(request, "persist-id")?.map(|(_, id)| id);
        let only_confirmed = timeout.as_ref().map(|t| &t.0).or(persist.as_ref().map(|p| &p.0));
        if let (None, Some(element)) = (&confirmed, only_confirmed) {
            return Err(RpcError::bad_element(element.clone()).message(
                "it says how a commit waits for its confirmation, and goes with <confirmed/> alone",
            ));
        }
        Ok(CommitRequest {
            confirm_timeout: confirmed.map(|_| timeout.map_or(CONFIRM_TIMEOUT, |(_, timeout)| timeout)),
            persist: persist.map(|(_, token)| token),
            persist_id,
            comment: comment(request, core)?,
        })
    };
    let commit = read(&mut request).map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Commit(commit))
}

/// What the log is to say, where the server takes that.
fn comment(request: &mut Request<'_>, core: &Core) -> Result<Option<String>, RpcError> {
    let module = core.schema.find_module(COMMENT_MODULE);
    if !module.is_some_and(|module| core.schema.module(module).implemented) {
        return Ok(None);
    }
    let Some(param) = request.take_in(COMMIT_COMMENT, "comment")? else { return Ok(None) };
    param.word()?;
    if !(1..=MAX_COMMENT).contains(&param.text.chars().count()) {
        return Err(RpcError::invalid_value(format!("a comment has 1 to {MAX_COMMENT} characters"))
            .of_type(ErrorType::Application)
            .info(ErrorInfo::BadElement(param.qualified())));
    }
    Ok(Some(param.text))
}

pub(super) fn cancel_commit(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let persist_id = word(&mut request, "persist-id").map_err(one)?.map(|(_, id)| id);
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::CancelCommit(persist_id))
}

pub(super) fn discard_changes(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Discard)
}

/// A parameter that is a string, as it stands.
fn word(
    request: &mut Request<'_>,
    name: &str,
) -> Result<Option<(crate::rpc_error::QualifiedName, String)>, RpcError> {
    let Some(param) = request.take(name)? else { return Ok(None) };
    param.word()?;
    Ok(Some((param.qualified(), param.text)))
}
