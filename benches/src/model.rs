//! The interfaces of [`crate::interfaces`] as typed structs: what the generator says of ietf-interfaces and ietf-ip, as far as the
//! document goes.

#![allow(missing_docs, reason = "the structs are the model's")]

use netconf_runtime::binding::{Identity, List, Module, Yang};

const IF: Module = Module::new("ietf-interfaces", "urn:ietf:params:xml:ns:yang:ietf-interfaces");
const IP: Module = Module::new("ietf-ip", "urn:ietf:params:xml:ns:yang:ietf-ip");
const IANA: Module = Module::new("iana-if-type", "urn:ietf:params:xml:ns:yang:iana-if-type");
static MODULES: &[Module] = &[IANA, IF, IP];

#[derive(Default, Yang)]
#[yang(container, module = IF, modules = MODULES, crate = ::netconf_runtime::yang_data)]
pub struct Interfaces {
    #[yang(list)]
    pub interface: List<Interface>,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", crate = ::netconf_runtime::yang_data)]
pub struct Interface {
    #[yang(leaf)]
    pub name: String,
    #[yang(leaf)]
    pub description: Option<String>,
    #[yang(leaf = "type", mandatory, base = "ietf-interfaces:interface-type")]
    pub kind: Option<InterfaceType>,
    #[yang(leaf, default = "true")]
    pub enabled: Option<bool>,
    #[yang(container, module = IP, presence = "IPv4 is enabled")]
    pub ipv4: Option<Box<Ipv4>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, identities(ETHERNET_CSMACD, SOFTWARE_LOOPBACK), crate = ::netconf_runtime::yang_data)]
pub struct InterfaceType(pub Identity);

impl InterfaceType {
    pub const ETHERNET_CSMACD: Self = Self(Identity::new(IANA, "ethernetCsmacd"));
    pub const SOFTWARE_LOOPBACK: Self = Self(Identity::new(IANA, "softwareLoopback"));
}

#[derive(Default, Yang)]
#[yang(container = "ipv4", module = IP, crate = ::netconf_runtime::yang_data)]
pub struct Ipv4 {
    #[yang(leaf, default = "true")]
    pub enabled: Option<bool>,
    #[yang(leaf, range = "68..65535")]
    pub mtu: Option<u16>,
    #[yang(list)]
    pub address: List<Address>,
}

#[derive(Default, Yang)]
#[yang(list, key = "ip", module = IP, crate = ::netconf_runtime::yang_data)]
pub struct Address {
    #[yang(
        leaf,
        pattern = "(([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\\.){3}([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
    )]
    pub ip: String,
    #[yang(leaf = "prefix-length", range = "0..32")]
    pub prefix_length: Option<u8>,
}
