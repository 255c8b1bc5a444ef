//! The device: what a user writes.

use crate::yang::example_farm::farm::Server;
use crate::yang::example_farm::farm::server::Slot;
use crate::yang::example_farm::farm::server::slot::{Overheated, reset};
use crate::yang::example_farm::paths::{self, *};
use crate::yang::example_farm::{Data, Event, Farm, Handler, census};
use netconf_runtime::binding::Decimal64;
use netconf_runtime::handler::InstanceKind;
use netconf_runtime::{Amendment, Changed, Cx, Entries, Handlers, RpcError};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A farm that only pretends.
#[derive(Default, Handlers)]
#[handlers(crate::yang::example_farm)]
pub struct Device {
    /// What it was told.
    log: Mutex<Vec<String>>,
    /// Cards as they are applied: server, slot, card.
    cards: Mutex<Vec<(String, u8, String)>>,
}

impl Device {
    /// What it was told since it was asked last.
    pub fn called(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.log))
    }

    fn note(&self, what: impl Into<String>) {
        lock(&self.log).push(what.into());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Added, removed or changed, in one sign.
fn sign(kind: InstanceKind) -> char {
    match kind {
        InstanceKind::Added => '+',
        InstanceKind::Removed => '-',
        InstanceKind::Changed => '~',
    }
}

impl Handler for Device {
    async fn census(&self, _: &Cx) -> Result<census::Output, RpcError> {
        let cards = lock(&self.cards);
        let mut servers: Vec<&str> = cards.iter().map(|(server, ..)| server.as_str()).collect();
        servers.dedup();
        Ok(census::Output { servers: Some(u32::try_from(servers.len()).unwrap_or(u32::MAX)) })
    }

    /// The keys of the nodes around come as arguments.
    async fn farm__server__slot__reset(
        &self,
        cx: &Cx,
        server: String,
        slot: u8,
        input: reset::Input,
    ) -> Result<reset::Output, RpcError> {
        self.note(format!("{} resets {server}/{slot} after {:?}", cx.user(), input.delay));
        if input.delay == Some(13) {
            return Err(RpcError::resource_denied("not after thirteen seconds").app_tag("superstition"));
        }
        let cards = lock(&self.cards).clone();
        let card = cards.into_iter().find(|(name, id, _)| *name == server && *id == slot);
        // A card that is not there breaks the model of the output, which the server tells.
        let card = card.map_or_else(|| "ghost".to_owned(), |(.., card)| card);
        let hot = Overheated { temperature: Some(90) };
        cx.publish_at(&paths::farm().server(server).slot(slot), &hot)?;
        Ok(reset::Output { card: Some(card) })
    }

    async fn farm__server__drain(&self, _: &Cx, server: String) -> Result<(), RpcError> {
        self.note(format!("drain {server}"));
        Ok(())
    }

    async fn farm__state(&self, _: &Cx) -> Result<Farm, RpcError> {
        self.note("asked for farm");
        Ok(Farm { power: Some(1200), ..Default::default() })
    }

    /// One entry after the other, and only those that the request can see.
    async fn farm__server__state(
        &self,
        _: &Cx,
        out: &mut Entries<Server, (), (String,)>,
    ) -> Result<(), RpcError> {
        self.note(format!("asked for servers {:?}", out.only()));
        for number in 1..=3 {
            let name = format!("s{number}");
            if out.asked().wants(&(name.clone(),)) {
                let load = Some(Decimal64::from_units(100 * number));
                out.send(Server { name, load, ..Default::default() }).await?;
            }
        }
        Ok(())
    }

    async fn farm__server__slot__state(
        &self,
        _: &Cx,
        out: &mut Entries<Slot, (String,), (String, u8)>,
    ) -> Result<(), RpcError> {
        self.note("asked for slots");
        let cards = lock(&self.cards).clone();
        for (server, id, _) in cards {
            out.send_at((server,), Slot { id, temperature: Some(40), ..Default::default() }).await?;
        }
        Ok(())
    }

    async fn event__state(&self, _: &Cx, out: &mut Entries<Event, (), (u64,)>) -> Result<(), RpcError> {
        let only = out.only();
        self.note(format!("asked for events {only:?}"));
        let all = match only {
            Some(only) => only.into_iter().map(|(id,)| id).collect(),
            None => (1..=1000).collect::<Vec<u64>>(),
        };
        for id in all {
            out.send(Event { id, what: Some(format!("event {id}")) }).await?;
        }
        Ok(())
    }

    /// What stands at the top by itself comes as a field of all that stands there.
    async fn uptime__state(&self, _: &Cx) -> Result<Data, RpcError> {
        self.note("asked for uptime");
        Ok(Data { uptime: Some(86_400), ..Default::default() })
    }

    async fn farm__prepare(&self, change: Changed<'_, Farm>) -> Result<(), RpcError> {
        match change.after()?.and_then(|farm| farm.site).as_deref() {
            Some("swamp") => Err(RpcError::resource_denied("it would sink")),
            Some("far") => {
                // Longer than any deadline.
                std::future::pending().await
            }
            Some("volcano") => panic!("the handler was told to"),
            _ => Ok(()),
        }
    }

    async fn farm__abort(&self, _: Changed<'_, Farm>) {
        self.note("abort farm");
    }

    async fn farm__server__apply(&self, change: Changed<'_, Server, (String,)>) -> Result<(), RpcError> {
        for server in change.instances() {
            let server = server?;
            let memory = |s: &Option<Server>| s.as_ref().and_then(|s| s.memory);
            let (before, after) = (memory(&server.before), memory(&server.after));
            self.note(format!("{} server {} {before:?} {after:?}", sign(server.kind()), server.keys.0));
        }
        Ok(())
    }

    /// A wide card takes the slot beside it, too: whoever puts it in need not say so.
    async fn farm__server__slot__card__amend(
        &self,
        change: Changed<'_, String, (String, u8)>,
    ) -> Result<Amendment, RpcError> {
        let mut amendment = Amendment::default();
        for card in change.instances() {
            let card = card?;
            let (server, slot) = card.keys;
            let is_wide = |card: &Option<String>| card.as_deref() == Some("wide");
            let beside = |slot: u8| paths::farm().server(server).slot(slot);
            match (is_wide(&card.before), is_wide(&card.after), slot.checked_add(1)) {
                (false, true, Some(next)) => {
                    amendment = amendment.edit(beside(next).card().edit("wide, right half".to_owned()));
                }
                (false, true, None) => {
                    return Err(RpcError::resource_denied("there is no slot beside the last one"));
                }
                (true, false, Some(next)) => amendment = amendment.edit(beside(next).remove()),
                _ => {}
            }
        }
        Ok(amendment)
    }

    async fn farm__server__slot__card__apply(
        &self,
        change: Changed<'_, String, (String, u8)>,
    ) -> Result<(), RpcError> {
        for card in change.instances() {
            let card = card?;
            let (server, slot) = card.keys;
            let mut cards = lock(&self.cards);
            cards.retain(|(name, id, _)| *name != server || *id != slot);
            if let Some(after) = card.after {
                if after == "broken" {
                    return Err(RpcError::operation_failed("the card does not start"));
                }
                cards.push((server, slot, after));
            }
        }
        Ok(())
    }

    async fn farm__manager__apply(&self, change: Changed<'_, Vec<String>>) -> Result<(), RpcError> {
        self.note(format!("managers {:?}", change.after()?.unwrap_or_default()));
        Ok(())
    }
}
