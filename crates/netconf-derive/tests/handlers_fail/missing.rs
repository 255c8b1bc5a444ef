//! A device that names a module whose handlers it does not have, and one that leaves a method out.

mod runtime {
    pub trait Handlers {
        fn register(self: std::sync::Arc<Self>, registry: &mut Registry);
    }
    pub struct Registry;
    impl Registry {
        pub fn complete(&mut self) {}
    }
}

// As yang-codegen writes it.
mod example_toaster {
    #[diagnostic::on_unimplemented(
        message = "`{Self}` has no handlers for the YANG module example-toaster",
        label = "named here",
        note = "implement `example_toaster::Handler` for it"
    )]
    pub trait Handler: Send + Sync + 'static {
        fn make_toast(&self);
    }

    pub fn register<H: Handler>(_: std::sync::Arc<H>, _: &mut super::runtime::Registry) {}
}

#[derive(netconf_derive::Handlers)]
#[handlers(example_toaster, crate = runtime)]
struct WithoutTrait;

#[derive(netconf_derive::Handlers)]
#[handlers(example_toaster, crate = runtime)]
struct WithoutMethod;

impl example_toaster::Handler for WithoutMethod {}

#[derive(netconf_derive::Handlers)]
struct WithoutModules;

fn main() {}
