//! `subscribe`: events (RFC 5277), and what a datastore holds as it changes (RFC 8641).

use super::indent::indent;
use super::output::line;
use super::read::Read;
use super::{Context, Store};
use anyhow::{Context as _, Result, bail};
use netconf_runtime::client::{NmdaDatastore, SubscriptionEvent, Trigger};
use std::time::Duration;

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
    pub(super) async fn run(&self, context: &Context) -> Result<()> {
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
