//! `#[derive(Handlers)]`: what is missing does not compile, and the error names it.

#[test]
fn what_is_missing_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/handlers_fail/*.rs");
}

mod runtime {
    //! As much of the runtime as the derive speaks of.

    pub(crate) trait Handlers {
        fn register(self: std::sync::Arc<Self>, registry: &mut Registry);
    }

    pub(crate) type Registry = Vec<&'static str>;
}

mod toaster {
    pub(crate) trait Handler {}

    pub(crate) fn register<H: Handler>(_: std::sync::Arc<H>, registry: &mut Vec<&'static str>) {
        registry.push("toaster");
    }
}

mod clock {
    pub(crate) trait Handler {}

    pub(crate) fn register<H: Handler>(_: std::sync::Arc<H>, registry: &mut Vec<&'static str>) {
        registry.push("clock");
    }
}

struct Clock;

impl clock::Handler for Clock {}

#[derive(netconf_derive::Handlers)]
#[handlers(toaster, crate = runtime)]
struct Device {
    #[handlers(clock)]
    clock: std::sync::Arc<Clock>,
}

impl toaster::Handler for Device {}

#[test]
fn each_module_is_registered() {
    use runtime::Handlers as _;
    let mut registry = Vec::new();
    std::sync::Arc::new(Device { clock: std::sync::Arc::new(Clock) }).register(&mut registry);
    assert_eq!(registry, ["toaster", "clock"]);
}
