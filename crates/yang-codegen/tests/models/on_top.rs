//! A crate on top of `on-top-base`. Compiled and run by `tests/on_top.rs`.

#![deny(warnings)]

mod yang {
    include!("yang/yang.gen.rs");
}

#[cfg(feature = "fewer")]
mod fewer {
    include!("fewer/yang.gen.rs");
}

#[cfg(feature = "older")]
mod older {
    include!("older/yang.gen.rs");
}

#[cfg(test)]
mod tests {
    use crate::yang::ext_base::boxes::r#box::{Form, shake};
    use crate::yang::ext_base::paths::{self as base_paths, *};
    use crate::yang::ext_base::{Boxes, Client as _, Opened, boxes::Box_ as Entry, open};
    use crate::yang::ext_top::paths::{self, *};
    use crate::yang::ext_top::{Client as _, Shelf, fill};
    use crate::yang::{ext_base, ext_top};
    use netconf_runtime::binding::{Options, Yang};
    use netconf_runtime::client::Datastore;
    use netconf_runtime::mock::connect;
    use netconf_runtime::server::Server;
    use netconf_runtime::{Cx, Handlers, RpcError};
    use on_top_base::yang as base;
    use std::sync::Arc;

    fn shelf() -> Shelf {
        Shelf {
            size: Some(base::ext_base::types::Size::Large),
            amount: Some(base::ext_base::types::Amount::Level(base::ext_types::types::Level::High)),
            level: Some(base::ext_types::types::Level::Low),
            colour: Some(base::ext_base::identities::Colour::red),
            unit: Some(base::ext_types::identities::Unit::metre),
            form: Some(base::ext_base::boxes::r#box::Form::Round),
            ..Default::default()
        }
    }

    #[test]
    fn values_go_from_one_to_the_other() {
        // The types are one: what the other crate's struct holds is held here.
        let entry: base::ext_base::boxes::Box_ = Entry {
            name: "a".into(),
            form: shelf().form,
            colour: shelf().colour,
            ..Default::default()
        };
        let boxes: base::ext_base::Boxes = Boxes { r#box: [entry].into() };
        let again = Boxes::from_xml(&boxes.to_xml().unwrap(), &Options::default()).unwrap();
        assert_eq!(again, boxes);
        let shelf = shelf();
        assert_eq!(Shelf::from_json(&shelf.to_json().unwrap(), &Options::default()).unwrap(), shelf);
        assert_eq!(paths::shelf().size().to_string(), "/ext-top:shelf/size");
        let tree = shelf.to_tree(crate::yang::schema()).unwrap();
        assert_eq!(Shelf::from_tree(&tree, &Options::default()).unwrap(), shelf);
    }

    #[derive(Default, Handlers)]
    #[handlers(crate::yang::ext_base, crate::yang::ext_top)]
    struct Device;

    impl ext_base::Handler for Device {
        async fn open(&self, cx: &Cx, input: open::Input) -> Result<open::Output, RpcError> {
            cx.publish(&Opened { name: input.name })?;
            Ok(open::Output { form: Some(base::ext_base::types::Size::Small) })
        }

        async fn boxes__box__shake(
            &self,
            _: &Cx,
            name: String,
            level: base::ext_types::types::Level,
            _: shake::Input,
        ) -> Result<shake::Output, RpcError> {
            let broken = name == "a" && level == base::ext_types::types::Level::High;
            Ok(shake::Output { broken: Some(broken) })
        }
    }

    impl ext_top::Handler for Device {
        async fn fill(&self, _: &Cx, input: fill::Input) -> Result<fill::Output, RpcError> {
            assert_eq!(input.size, Some(base::ext_base::types::Size::Large));
            Ok(fill::Output { colour: Some(base::ext_base::identities::Colour::red) })
        }
    }

    #[tokio::test]
    async fn a_device_has_the_handlers_of_both() {
        let server = Server::builder(Arc::clone(crate::yang::schema())).handlers(Arc::new(Device));
        let server = server.module_texts(&crate::yang::MODULE_TEXTS).build().await.unwrap();
        let session = connect(&server, "ann").await.unwrap();
        let entry = Entry {
            name: "a".into(),
            level: base::ext_types::types::Level::High,
            form: Some(Form::Square),
            ..Default::default()
        };
        session.edit_config(Datastore::Running).config(&Boxes { r#box: [entry].into() }).await.unwrap();
        session.edit_config(Datastore::Running).config(&shelf()).await.unwrap();
        let read = session.get_config(Datastore::Running).read(&paths::shelf()).await.unwrap();
        assert_eq!(read.unwrap(), shelf());
        let output = session.open(open::Input { name: Some("a".into()) }).await.unwrap();
        assert_eq!(output.form, Some(base::ext_base::types::Size::Small));
        let size = Some(base::ext_base::types::Size::Large);
        assert_eq!(session.fill(fill::Input { size }).await.unwrap().colour, shelf().colour);
        let place = base_paths::boxes().r#box("a", base::ext_types::types::Level::High);
        assert_eq!(place.shake(&session, shake::Input::default()).await.unwrap().broken, Some(true));
    }
}
