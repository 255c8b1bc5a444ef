//! The device: what a user writes. The models give the types, the traits to implement and their registration.

use crate::yang::example_toaster::toaster::{State, state::Status};
use crate::yang::example_toaster::{Handler, ToastDone, Toaster, make_toast, toast_done};
use netconf_runtime::{Changed, Cx, Handlers, RpcError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, oneshot};

/// A toaster that only pretends. Its interfaces are configuration and nothing else: no handler is needed for that.
#[derive(Default, Handlers)]
#[handlers(crate::yang::example_toaster)]
pub(crate) struct Device {
    works: Arc<Mutex<Works>>,
}

#[derive(Default)]
struct Works {
    configured: Toaster,
    /// Ends the toast that is being made, if one is.
    stop: Option<oneshot::Sender<()>>,
    toasts_made: u32,
}

impl Handler for Device {
    async fn make_toast(&self, cx: &Cx, input: make_toast::Input) -> Result<make_toast::Output, RpcError> {
        let mut works = self.works.lock().await;
        if works.stop.is_some() {
            return Err(RpcError::resource_denied("another toast is being made"));
        }
        let doneness = input.doneness.or(works.configured.usual_doneness).unwrap_or(5);
        let milliseconds = 50 * u32::from(doneness);
        let (stop, stopped) = oneshot::channel();
        works.stop = Some(stop);

        let (works, publisher) = (Arc::clone(&self.works), cx.publisher());
        tokio::spawn(async move {
            let toasting = tokio::time::timeout(Duration::from_millis(milliseconds.into()), stopped);
            let status = match toasting.await {
                Err(_) => toast_done::Status::Done,
                Ok(_) => toast_done::Status::Cancelled,
            };
            let mut works = works.lock().await;
            works.stop = None;
            works.toasts_made += u32::from(status == toast_done::Status::Done);
            let popped_up =
                ToastDone { status: Some(status), doneness: Some(doneness), toast_type: input.toast_type };
            if let Err(error) = publisher.publish(&popped_up) {
                tracing::error!(%error, "nobody hears of the toast");
            }
        });
        Ok(make_toast::Output { duration: Some(milliseconds) })
    }

    async fn cancel_toast(&self, _: &Cx) -> Result<(), RpcError> {
        let stop = self.works.lock().await.stop.take();
        let stopped = stop.is_some_and(|stop| stop.send(()).is_ok());
        if stopped { Ok(()) } else { Err(RpcError::operation_failed("no toast is being made")) }
    }

    async fn toaster__state(&self, _: &Cx) -> Result<Toaster, RpcError> {
        let works = self.works.lock().await;
        let status = if works.stop.is_some() { Status::Toasting } else { Status::Idle };
        let state = State { status: Some(status), toasts_made: Some(works.toasts_made) };
        Ok(Toaster { state: Some(Box::new(state)), ..Default::default() })
    }

    async fn toaster__apply(&self, change: Changed<'_, Toaster>) -> Result<(), RpcError> {
        self.works.lock().await.configured = change.after()?.unwrap_or_default();
        Ok(())
    }
}
