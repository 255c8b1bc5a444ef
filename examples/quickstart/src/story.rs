//! The story: a device and its client, from the first start to the second, in five steps.

use crate::start;
use crate::yang::example_toaster::{self, Client as _, ToastDone, identities::ToastType, make_toast};
use crate::yang::ietf_interfaces::identities::InterfaceType;
use crate::yang::ietf_interfaces::interfaces::{Interface, interface::*};
use crate::yang::ietf_interfaces::{self, Interfaces, paths::*};
use crate::yang::ietf_ip;
use anyhow::{Context as _, Result, anyhow, bail};
use netconf_runtime::RpcError;
use netconf_runtime::binding::Yang as _;
use netconf_runtime::client::{Datastore, Error, Filter, HostKeyCheck, Session, SshOptions};
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::PrivateKey;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Tells it. What it makes on disk goes with it.
pub(crate) async fn tell() -> Result<()> {
    println!("1. A device starts");
    let store = tempfile::Builder::new().prefix("quickstart-").tempdir()?;
    let key = PrivateKey::generate()?;
    let admin = User::new().key(key.public_key());
    let users = Users::new().user("admin", admin).user("guest", User::new().password("guest"));
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (device, address) = start(store.path(), users.clone(), "admin", anywhere).await?;
    let host_key = HostKeyCheck::Key(device.host_key()?.public_key());
    println!("   It listens for SSH on {address} and keeps its configuration in {}.", store.path().display());

    println!("2. A client configures it");
    let by_key = SshOptions::new("admin").key(key).host_key(host_key.clone());
    let session = Session::connect_ssh(address, by_key.clone()).await?;
    configure(&session).await?;

    println!("3. What the models forbid is refused, and what a guest may not do");
    let by_password = SshOptions::new("guest").password("guest").host_key(host_key);
    let guest = Session::connect_ssh(address, by_password).await?;
    be_refused(&session, &guest).await?;

    println!("4. It makes toast");
    make_toast(&session, &guest).await?;
    guest.close().await?;
    session.close().await?;

    println!("5. It stops, and starts again on the same store");
    device.shutdown().await;
    let (device, address) = start(store.path(), users, "admin", anywhere).await?;
    let session = Session::connect_ssh(address, by_key).await?;
    go_back(&session, &device).await?;
    session.close().await?;
    device.shutdown().await;
    Ok(())
}

/// The configuration of one interface, in the types of the models.
fn ethernet(name: &str, mtu: u16) -> Interfaces {
    let ipv4 = IetfIp__Ipv4 { mtu: Some(mtu), ..Default::default() };
    let interface = Interface {
        name: name.to_owned(),
        r#type: Some(InterfaceType::iana_if_type__ethernetCsmacd),
        ietf_ip__ipv4: Some(Box::new(ipv4)),
        ..Default::default()
    };
    Interfaces { interface: [interface].into() }
}

/// A typed path: it knows that the MTU is a `u16`, and that it can be configured.
fn mtu_of(name: &str) -> netconf_runtime::binding::path::Path<u16> {
    ietf_interfaces::paths::interfaces().interface(name).ietf_ip__ipv4().mtu()
}

async fn mtu(session: &Session) -> Result<u16> {
    session.get_config(Datastore::Running).read(&mtu_of("eth0")).await?.context("there is no MTU")
}

async fn configure(session: &Session) -> Result<()> {
    println!(
        "   Connected over SSH with a key, to a device of {} capabilities.",
        session.capabilities().len()
    );
    let interfaces = ethernet("eth0", 1500);
    interfaces.validate()?;
    // What is dropped before it is confirmed and unlocked is taken back and unlocked.
    let lock = session.lock_guard(Datastore::Candidate).await?;
    session.edit_config(Datastore::Candidate).config(&interfaces).await?;
    let trial = session.commit_confirmed().timeout(Duration::from_secs(60)).await?;
    println!("   eth0 is there on trial. By a typed path: its MTU is {}.", mtu(session).await?);
    trial.confirm().await?;
    lock.unlock().await?;

    let prefixes = [("if", ietf_interfaces::MODULE.namespace), ("ip", ietf_ip::MODULE.namespace)];
    let large = Filter::xpath("/if:interfaces/if:interface[ip:ipv4/ip:mtu >= 1500]", prefixes);
    let data = session.get_config(Datastore::Running).filter(large).await?;
    let found = data.read_all(&ietf_interfaces::paths::interfaces().interface__all())?;
    let first = found.first().context("the filter finds nothing")?;
    println!("   It is confirmed. By a filter: {} has an MTU of 1500 or more.", first.name);
    Ok(())
}

async fn be_refused(session: &Session, guest: &Session) -> Result<()> {
    // The generated types know the model's ranges: the client need not ask.
    let Err(violations) = ethernet("eth0", 20).validate() else { bail!("an MTU of 20 is taken for valid") };
    println!("   The client itself: {violations}");

    // Sent all the same, it is the device that says no.
    let refused = session.edit_config(Datastore::Candidate).edit(&mtu_of("eth0").edit(20)).await;
    println!("   The device:        {}", refusal(refused)?);

    // What depends on other data only the device can tell, here in the words of the model.
    let toaster =
        example_toaster::Toaster { usual_doneness: Some(9), highest_doneness: Some(3), ..Default::default() };
    session.edit_config(Datastore::Candidate).config(&toaster).await?;
    println!("   The model's words: {}", refusal(session.validate(Datastore::Candidate).await)?);
    session.discard_changes().await?;

    // RFC 8341: without rules everybody may read, and nobody may write but whom they do not bind.
    let refused = guest.edit_config(Datastore::Running).edit(&mtu_of("eth0").edit(1400)).await;
    println!("   A guest's edit:    {}", refusal(refused)?);
    Ok(())
}

/// What the device said against it.
fn refusal<T>(outcome: Result<T, Error>) -> Result<RpcError> {
    match outcome {
        Ok(_) => bail!("the device refuses nothing"),
        Err(Error::Rpc(mut errors)) => Ok(errors.0.remove(0)),
        Err(other) => Err(other.into()),
    }
}

async fn make_toast(session: &Session, listener: &Session) -> Result<()> {
    let mut done = listener.create_subscription().await?.of::<ToastDone>();
    let input = make_toast::Input { doneness: Some(4), toast_type: Some(ToastType::frozen_waffle) };
    let output = session.make_toast(input).await?;
    println!("   make-toast says: ready in {} ms.", output.duration.context("no duration")?);

    let next = tokio::time::timeout(Duration::from_secs(10), done.next()).await;
    let toast = next.context("no notification came")?.context("the session ended")??;
    let status = toast.notification.status.context("no status")?;
    println!("   toast-done at {}: {status}.", toast.event_time);
    Ok(())
}

async fn go_back(session: &Session, device: &Server) -> Result<()> {
    println!("   The MTU of eth0 is still {}.", mtu(session).await?);
    session.edit_config(Datastore::Running).edit(&mtu_of("eth0").edit(9000)).await?;
    let log = device.history(2).await?;
    let [newest, before] = log.as_slice() else { bail!("the log has forgotten") };
    println!(
        "   Then {} by commit {}, says the log, of {}.",
        mtu(session).await?,
        newest.head,
        newest.stamp.user
    );
    device.roll_back(before.head, "9000 is too much").await.map_err(|errors| anyhow!("{}", errors[0]))?;
    println!("   Back at commit {}, it is {} again.", before.head, mtu(session).await?);
    Ok(())
}
