//! `edit-config` on a datastore (RFC 6241 section 7.2).

use super::commit::Commit;
use super::{Datastores, Errors, Name, detached, no_startup, one};
use crate::handler::Cx;
use crate::server::error;
use std::sync::Arc;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit, ErrorOption};

/// How far an edit goes (RFC 6241 section 7.2, `test-option`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TestOption {
    /// As the datastore demands: `running` is valid after each edit, the candidate when it is committed (RFC 7950 section
    /// 8.3.3).
    #[default]
    Unsaid,
    /// `test-then-set`.
    TestThenSet,
    /// `set`.
    Set,
    /// `test-only`.
    TestOnly,
}

/// An edit of a datastore, with its options (RFC 6241 section 7.2).
pub(crate) struct EditRequest {
    /// What shall change.
    pub(crate) edit: Edit,
    /// What is meant where the edit says nothing.
    pub(crate) default_operation: DefaultOperation,
    /// How far it goes.
    pub(crate) test: TestOption,
    /// What is done after an error.
    pub(crate) on_error: ErrorOption,
}

impl Datastores {
    /// `edit-config` on a datastore (RFC 6241 section 7.2).
    pub(crate) async fn edit(
        self: &Arc<Self>,
        cx: Cx,
        target: Name,
        request: EditRequest,
    ) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(target, &cx).map_err(one)?;
            let private = match target {
                Name::Candidate => this.private(&cx).map_err(one)?,
                _ => None,
            };
            let before = &this.content(&cx, target).map_err(one)?;
            let EditRequest { edit, default_operation, test, on_error } = request;
            let commit = writer.head.0 + 1;
            let told = |errors| error::rpc_errors(errors, &this.schema);
            let options = ApplyOptions { default_operation, commit };
            let (after, errors) = edit.apply_with(before, &options, on_error);
            let mut errors: Errors = this.told_of(&cx, errors);
            if after.same(before) {
                return if errors.is_empty() { Ok(()) } else { Err(errors) };
            }
            // What is wrong with what is left of the edit is told beside what went wrong before.
            let done = async {
                let draft = match private.as_ref().map_or(&writer.draft, |private| &private.draft) {
                    Some(draft) if target == Name::Candidate => draft.change(before),
                    _ => writer.valid.draft(before),
                };
                let after = draft.settle(&after, commit).map_err(told)?.tree;
                // What goes to `running` is asked about with all that its transaction changes.
                if target != Name::Running || test == TestOption::TestOnly {
                    this.check_difference(&cx, before, &after)?;
                }
                // The transaction itself tests what is set in `running`.
                let is_tested = match test {
                    TestOption::TestOnly => true,
                    TestOption::TestThenSet => target != Name::Running,
                    TestOption::Unsaid | TestOption::Set => false,
                };
                if is_tested {
                    let foreseen = this.foreseen(&writer, &cx, &after).await?;
                    this.validate_change(&writer, &foreseen).await?;
                }
                match (test, target) {
                    (TestOption::TestOnly, _) => {}
                    (_, Name::Running) => {
                        this.transact(&mut writer, Commit::new(cx, after)).await?;
                    }
                    // The front never edits it: section 7.2 lets `target` be `running` or `candidate`.
                    (_, Name::Startup) => return Err(one(no_startup())),
                    // The draft is brought up to date by the next edit: what is committed at once has no use for it.
                    (_, Name::Candidate) if private.is_some() => {
                        let draft = Some(draft);
                        this.set_private(&cx, |private| (private.candidate, private.draft) = (after, draft));
                    }
                    (_, Name::Candidate) => {
                        writer.draft = Some(draft);
                        this.published.update(|snapshot| snapshot.with_candidate(after));
                    }
                }
                Ok(())
            }
            .await;
            errors.extend(done.err().unwrap_or_default());
            // What was done before or beside an error stays, where the error option says so.
            if errors.is_empty() { Ok(()) } else { Err(errors) }
        })
        .await
    }
}
