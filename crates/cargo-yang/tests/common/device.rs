//! A device in this process, for `nc` as a program of its own.

#![allow(dead_code, reason = "each test takes what it needs")]

use super::common::{code, stderr, stdout};
use netconf_runtime::ModuleTexts;
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use toolchain_tests::corpus::corpus;
use yang_data::codec::Limits;
use yang_data::event::{Event, Inside, Source as _};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml;

pub(crate) const PORT: &str = "module port {
  yang-version 1.1;
  namespace urn:port;
  prefix p;
  import ietf-netconf-acm { prefix nacm; }
  container ports {
    list port {
      key name;
      leaf name { type string; }
      leaf mtu { type uint16 { range 64..9000; } default 1500; }
      leaf password { type string; }
      leaf hidden { nacm:default-deny-all; type string; }
    }
  }
  rpc reset { input { leaf port { type string; } } }
  notification bounced { leaf port { type string; } leaf password { type string; } }
}
";

/// A device, and a home for who uses it.
pub(crate) struct Fixture {
    runtime: tokio::runtime::Runtime,
    pub(crate) server: Server,
    pub(crate) address: SocketAddr,
    home: tempfile::TempDir,
}

impl Fixture {
    pub(crate) fn start() -> Option<Self> {
        let ietf = corpus()?.join("yang/ietf");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let names = ["ietf-netconf-monitoring@2010-10-04", "ietf-netconf-acm@2018-02-14"];
        let mut compiler = yang_parser::Compiler::new().search_path(&ietf).source("port.yang", PORT);
        for name in names {
            compiler = compiler.module(name);
        }
        let compilation = compiler.compile();
        let schema = compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
        // All modules, those that are imported alone included.
        let texts: ModuleTexts = schema
            .modules()
            .filter_map(|(id, module)| {
                let (name, revision) = (schema.module_name(id), schema.opt_str(module.revision));
                let file = revision.map_or_else(|| format!("{name}.yang"), |r| format!("{name}@{r}.yang"));
                let text = if name == "port" {
                    PORT.to_owned()
                } else {
                    fs::read_to_string(ietf.join(file)).ok()?
                };
                Some((name.to_owned(), revision.map(str::to_owned), text))
            })
            .collect::<Vec<_>>()
            .iter()
            .map(|(name, revision, text)| (name.as_str(), revision.as_deref(), text.as_str()))
            .collect();
        let home = tempfile::tempdir().unwrap();
        let socket = home.path().join("socket");
        let (server, address) = runtime.block_on(async {
            let users = Users::new().user("ann", User::new().password("open-sesame"));
            let server = Server::builder(Arc::new(schema))
                .module_texts(texts)
                .access_control(false)
                .users(users)
                .build()
                .await
                .unwrap();
            let address = server.listen_ssh("127.0.0.1:0").await.unwrap();
            server.listen_unix(&socket).await.unwrap();
            (server, address)
        });
        Some(Self { runtime, server, address, home })
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn known_hosts(&self) -> PathBuf {
        self.at(".ssh/known_hosts")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        command
            .args(["yang", "nc"])
            .args(arguments)
            .env("HOME", self.home.path())
            .env("XDG_CACHE_HOME", self.at("cache"))
            .env("NETCONF_PASSWORD", "open-sesame")
            .env_remove("SSH_AUTH_SOCK")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn target(&self) -> String {
        format!("ssh://ann@{}", self.address)
    }

    /// Runs it on the device, whose key is believed.
    pub(crate) fn nc(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["--accept-new"];
        let target = self.target();
        all.push(&target);
        all.extend(arguments);
        self.command(&all).output().unwrap()
    }

    /// The same, which goes well.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let output = self.nc(arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
        stdout(&output)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.at(name), text).unwrap();
        self.at(name).display().to_string()
    }

    /// Publishes a notification, as XML, in a moment and again and again: who subscribes comes in between.
    pub(crate) fn publish(&self, xml: &'static str) {
        let (publisher, schema) = (self.server.publisher(), Arc::clone(self.server.schema()));
        let node = schema.find("/port:bounced").expect("a notification").id();
        let mut source = xml::SliceSource::new(xml.as_bytes(), Limits::default());
        while !matches!(source.next().unwrap(), Event::Open { .. }) {}
        let tree =
            Tree::decode(&schema, node, &mut Inside::new(&mut source), &DecodeOptions::default()).unwrap();
        self.runtime.spawn(async move {
            loop {
                publisher.publish_tree(&tree).unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        });
    }
}
