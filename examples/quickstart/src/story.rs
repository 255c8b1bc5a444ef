//! The story: a device and its client, from the first start to the second, in five steps.

use crate::serve;
use crate::yang::example_toaster::{self, Client as _, ToastDone, identities::ToastType, make_toast};
use crate::yang::ietf_interfaces::identities::InterfaceType;
use crate::yang::ietf_interfaces::interfaces::Interface;
use crate::yang::ietf_interfaces::interfaces::interface::IetfIp__Ipv4 as Ipv4;
use crate::yang::ietf_interfaces::interfaces::interface::ietf_ip__ipv4::Address;
use crate::yang::ietf_interfaces::interfaces::interface::ietf_ip__ipv4::address::Subnet;
use crate::yang::ietf_interfaces::{self, Interfaces, paths::*};
use crate::yang::ietf_ip;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::RpcError;
use netconf_runtime::binding::Yang as _;
use netconf_runtime::client::{Datastore, Error, Filter, HostKeyCheck, Session, SshOptions};
use netconf_runtime::transport::ssh::PrivateKey;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::io::IsTerminal as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Tells it. What it makes on disk goes with it.
pub(crate) async fn tell() -> Result<()> {
    step("1. A device starts");
    let store = tempfile::Builder::new().prefix("quickstart-").tempdir()?;
    let key = PrivateKey::generate()?;
    let users = Users::new().user("admin", User::new().password("admin").key(key.public_key()));
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (device, address) = serve::start(store.path(), users.clone(), anywhere).await?;
    let host_key = HostKeyCheck::Key(device.host_key()?.public_key());
    say(format!(
        "It listens for SSH on {address} and keeps its configuration in {}.",
        store.path().display()
    ));

    step("2. A client configures it");
    let by_key = SshOptions::new("admin").key(key).host_key(host_key.clone());
    let session = Session::connect_ssh(address, by_key.clone()).await?;
    configure(&session).await?;

    step("3. What the models forbid is refused");
    be_refused(&session).await?;

    step("4. It makes toast");
    let by_password = SshOptions::new("admin").password("admin").host_key(host_key);
    let listener = Session::connect_ssh(address, by_password).await?;
    make_toast(&session, &listener).await?;
    listener.close().await?;
    session.close().await?;

    step("5. It stops, and starts again on the same store");
    device.shutdown().await;
    let (device, address) = serve::start(store.path(), users, anywhere).await?;
    let session = Session::connect_ssh(address, by_key).await?;
    let mtu = session.get_config(Datastore::Running).read(&mtu_of("eth0")).await?;
    say(format!("The MTU of eth0 is still {}.", mtu.context("the configuration is lost")?));
    session.close().await?;
    device.shutdown().await;
    Ok(())
}

/// The configuration of one interface, in the types of the models.
fn ethernet(name: &str, mtu: u16) -> Interfaces {
    let address =
        Address { ip: "192.0.2.1".to_owned(), subnet: Some(Subnet::PrefixLength(24)), ..Default::default() };
    let ipv4 = Ipv4 { mtu: Some(mtu), address: [address].into(), ..Default::default() };
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

async fn configure(session: &Session) -> Result<()> {
    say("Connected over SSH with a key. The device can:");
    for capability in session.capabilities().iter() {
        say(format!("  {capability}"));
    }

    let interfaces = ethernet("eth0", 1500);
    interfaces.validate()?;
    session.lock(Datastore::Candidate).await?;
    session.edit_config(Datastore::Candidate).config(&interfaces).await?;
    session.validate(Datastore::Candidate).await?;
    session.commit().await?;
    session.unlock(Datastore::Candidate).await?;
    say("eth0 is edited in the candidate, validated and committed.");

    let mtu = session.get_config(Datastore::Running).read(&mtu_of("eth0")).await?;
    say(format!("Read back by a typed path: the MTU of eth0 is {}.", mtu.context("no MTU")?));

    let large = Filter::xpath(
        "/if:interfaces/if:interface[ip:ipv4/ip:mtu >= 1500]",
        [("if", ietf_interfaces::MODULE.namespace), ("ip", ietf_ip::MODULE.namespace)],
    );
    let data = session.get_config(Datastore::Running).filter(large).await?;
    let found = data.read_all(&ietf_interfaces::paths::interfaces().interface__all())?;
    let names: Vec<_> = found.iter().map(|interface| interface.name.as_str()).collect();
    say(format!("Read back by a filter: an MTU of 1500 or more has {}.", names.join(", ")));
    Ok(())
}

async fn be_refused(session: &Session) -> Result<()> {
    // The generated types know the model's ranges: the client need not ask.
    let Err(violations) = ethernet("eth0", 20).validate() else { bail!("an MTU of 20 is taken for valid") };
    say(format!("The client itself: {violations}"));

    // Sent all the same, it is the device that says no.
    let edit = mtu_of("eth0").edit(20);
    let refused = session.edit_config(Datastore::Candidate).edit(&edit).await;
    say(format!("The device:        {}", refusal(refused)?));

    // What depends on other data only the device can tell, here in the words of the model.
    let toaster =
        example_toaster::Toaster { usual_doneness: Some(9), highest_doneness: Some(3), ..Default::default() };
    session.edit_config(Datastore::Candidate).config(&toaster).await?;
    say(format!("The model's words: {}", refusal(session.validate(Datastore::Candidate).await)?));
    session.discard_changes().await?;
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
    say(format!("make-toast says: ready in {} ms.", output.duration.context("no duration")?));

    let next = tokio::time::timeout(Duration::from_secs(10), done.next()).await;
    let toast = next.context("no notification came")?.context("the session ended")??;
    say(format!("toast-done at {}: {}.", toast.event_time, describe(&toast.notification)));
    Ok(())
}

fn describe(toast: &ToastDone) -> String {
    let status = toast.status.map(|s| s.to_string()).unwrap_or_default();
    let what = toast.toast_type.as_ref().map(|t| t.to_string()).unwrap_or_default();
    format!("{what}, doneness {}, {status}", toast.doneness.unwrap_or_default())
}

/// A heading; bold where a person watches.
#[allow(clippy::print_stdout, reason = "the program tells a story")]
fn step(text: &str) {
    if std::io::stdout().is_terminal() {
        println!("\x1b[1m{text}\x1b[0m");
    } else {
        println!("{text}");
    }
}

#[allow(clippy::print_stdout, reason = "the program tells a story")]
fn say(text: impl std::fmt::Display) {
    println!("   {text}");
}
