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

    #[derive(Default)]
    pub(crate) struct Registry {
        pub(crate) seen: Vec<String>,
    }

    impl Registry {
        pub(crate) fn unsupported(&mut self, module: &str) {
            self.seen.push(format!("not {module}"));
        }

        pub(crate) fn complete(&mut self) {
            self.seen.push("complete".to_owned());
        }
    }
}

mod toaster {
    pub(crate) trait Handler {}

    pub(crate) fn register<H: Handler>(_: std::sync::Arc<H>, registry: &mut super::runtime::Registry) {
        registry.seen.push("toaster".to_owned());
    }
}

mod clock {
    pub(crate) trait Handler {}

    pub(crate) fn register<H: Handler>(_: std::sync::Arc<H>, registry: &mut super::runtime::Registry) {
        registry.seen.push("clock".to_owned());
    }
}

mod radio {
    pub(crate) struct Module {
        pub(crate) name: &'static str,
    }

    pub(crate) const MODULE: Module = Module { name: "radio" };
}

struct Clock;

impl clock::Handler for Clock {}

#[derive(netconf_derive::Handlers)]
#[handlers(toaster, crate = runtime, unsupported(radio))]
struct Device {
    #[handlers(clock)]
    clock: std::sync::Arc<Clock>,
}

impl toaster::Handler for Device {}

#[test]
fn each_module_is_registered() {
    use runtime::Handlers as _;
    let mut registry = runtime::Registry::default();
    std::sync::Arc::new(Device { clock: std::sync::Arc::new(Clock) }).register(&mut registry);
    assert_eq!(registry.seen, ["toaster", "clock", "not radio", "complete"]);
}
