//! `copy-config` onto a datastore and `delete-config` (RFC 6241 sections 7.3 and 7.4).

use super::commit::{Commit, WriteError, record};
use super::persist::{Changes, STARTUP, STARTUP_IS_THERE};
use super::{Datastores, Errors, Name, Writer, detached, one};
use crate::handler::Cx;
use crate::store::{Head, Write};
use std::sync::Arc;
use yang_data::diff::diff;
use yang_data::tree::Tree;
use yang_data::view::View;

impl Datastores {
    /// Makes a datastore what `content` is. `running` and `startup` take what is valid alone. `saves`: what runs becomes what
    /// will run, which takes no more than the leave for the operation (RFC 8341 section 3.2.5).
    pub(crate) async fn copy(
        self: &Arc<Self>,
        cx: Cx,
        target: Name,
        content: Tree,
        saves: bool,
    ) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(target, &cx).map_err(one)?;
            if target != Name::Running && !saves {
                let before = this.content(&cx, target).map_err(one)?;
                this.check_difference(&cx, &before, &content)?;
            }
            match target {
                Name::Running => this.transact(&mut writer, Commit::new(cx, content)).await,
                Name::Candidate if this.private(&cx).map_err(one)?.is_some() => {
                    this.set_private(&cx, |private| {
                        (private.candidate, private.draft) = (content, None);
                    });
                    Ok(())
                }
                Name::Candidate => {
                    writer.draft = None;
                    this.published.update(|snapshot| snapshot.with_candidate(content));
                    Ok(())
                }
                Name::Startup => {
                    this.validate(&content).await?;
                    this.replace_startup(&mut writer, &cx, content).await
                }
            }
        })
        .await
    }

    /// Makes `running` another configuration, in the server's own name.
    pub(crate) async fn replace(
        self: &Arc<Self>,
        cx: Cx,
        content: Tree,
        comment: String,
    ) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(Name::Running, &cx).map_err(one)?;
            this.transact(&mut writer, Commit { comment: Some(comment), ..Commit::new(cx, content) }).await
        })
        .await
    }

    /// `delete-config` of `startup`: it is empty, until something is copied to it.
    pub(crate) async fn delete_startup(self: &Arc<Self>, cx: Cx) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(Name::Startup, &cx).map_err(one)?;
            let nothing = Tree::new(Arc::clone(&this.schema));
            this.replace_startup(&mut writer, &cx, nothing).await
        })
        .await
    }

    async fn replace_startup(&self, writer: &mut Writer, cx: &Cx, after: Tree) -> Result<(), Errors> {
        let before = self.content(cx, Name::Startup).map_err(one)?;
        match self.write_startup(writer, cx, &before, &after).await {
            Ok(head) => {
                if let Some(events) = self.events.get() {
                    let changes = diff(&before, &after).changes();
                    events.config_changed(cx.session(), Name::Startup.as_str(), &changes);
                }
                self.published.update(|snapshot| snapshot.with_startup(after, head));
                Ok(())
            }
            Err(error) => {
                writer.names.forget();
                Err(one(error.refusal("startup")))
            }
        }
    }

    async fn write_startup(
        &self,
        writer: &mut Writer,
        cx: &Cx,
        before: &Tree,
        after: &Tree,
    ) -> Result<Head, WriteError> {
        let writes = startup_writes(writer, before, after)?;
        let mut record = record(Some(cx), writer, writes, Some("startup".to_owned()));
        record.stamp.confirmed = writer.pending.as_ref().map(super::Pending::recorded);
        writer.head = self.store.append(writer.head, record).await?;
        writer.names.settle();
        Ok(writer.head)
    }
}

/// The writes that make `startup` what `after` is.
pub(super) fn startup_writes(
    writer: &mut Writer,
    before: &Tree,
    after: &Tree,
) -> Result<Vec<Write>, super::persist::PersistError> {
    let touched = diff(before, after).changes();
    let (before, after) = (View::of(before), View::of(after));
    let mut changes = Changes::new(&before, &after, &mut writer.names);
    for change in &touched {
        changes.touch(change)?;
    }
    let mut writes = changes.finish();
    for write in &mut writes {
        write.key.insert(0, STARTUP);
    }
    writes.push(Write { key: STARTUP_IS_THERE.to_vec(), value: Some(Vec::new()) });
    Ok(writes)
}
