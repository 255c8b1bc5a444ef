//! A model with every construct, bound by hand.

#![allow(
    dead_code,
    unreachable_pub,
    non_snake_case,
    reason = "each test uses a part; names are as generated ones"
)]

use netconf_derive::Yang;
use yang_data::binding::{
    AnyData, AnyXml, Binary, Decimal64, Empty, Identity, InstanceIdentifier, List, Module, Unknown,
};

pub const SINK: Module = Module::new("sink", "urn:sink");
pub const BASE: Module = Module::new("sink-base", "urn:sink:base");
pub const AUG: Module = Module::new("sink-aug", "urn:sink:aug");
pub static MODULES: &[Module] = &[SINK, AUG, BASE];

#[derive(Default, Yang)]
#[yang(root, module = SINK, modules = MODULES, crate = ::yang_data)]
pub struct Data {
    #[yang(container, presence = "enables top")]
    pub top: Option<Box<Top>>,
}

#[derive(Default, Yang)]
#[yang(container, module = SINK, modules = MODULES, crate = ::yang_data)]
pub struct Top {
    #[yang(leaf = "type", mandatory)]
    pub r#type: Option<String>,
    #[yang(leaf)]
    pub foo_bar: Option<String>,
    #[yang(leaf = "foo_bar")]
    pub _foo_bar: Option<String>,
    #[yang(leaf)]
    pub u: Option<U>,
    #[yang(leaf, base = "sink-base:transport")]
    pub tr: Option<Transport>,
    #[yang(leaf, default = "one")]
    pub en: Option<En>,
    #[yang(leaf)]
    pub bt: Option<Bt>,
    #[yang(leaf, range = "0..100")]
    pub d: Option<Decimal64<2>>,
    #[yang(leaf)]
    pub e: Option<Empty>,
    #[yang(leaf, length = "1..8")]
    pub bin: Option<Binary>,
    #[yang(leaf, require_instance = false)]
    pub iid: Option<InstanceIdentifier>,
    #[yang(leaf)]
    pub big: Option<u64>,
    #[yang(leaf_list, ordered_by = "user", min_elements = 1, max_elements(4, code = 9))]
    pub ll: Vec<i32>,
    #[yang(leaf_list, leafref = "../two/k1")]
    pub llr: Vec<String>,
    #[yang(anydata)]
    pub ad: Option<AnyData>,
    #[yang(anyxml)]
    pub ax: Option<AnyXml>,
    #[yang(list, ordered_by = "user")]
    pub one: List<One>,
    #[yang(list)]
    pub two: List<Two>,
    #[yang(list, config = false)]
    pub none: Vec<NoKey>,
    #[yang(choice, mandatory)]
    pub how: Option<How>,
    #[yang(leaf, when = "../type = 'x'")]
    pub w: Option<String>,
    #[yang(leaf, must("../type != 'y'", error_app_tag = "bad-m", error_message = "no m with y"))]
    pub m: Option<String>,
    #[yang(container, config = false)]
    pub st: Option<Box<St>>,
    #[yang(leaf = "extra", module = AUG)]
    pub sink_aug__extra: Option<String>,
    #[yang(unknown)]
    pub unknown: Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Yang)]
#[yang(union, crate = ::yang_data)]
pub enum U {
    #[yang(range = "1..10")]
    Uint8(u8),
    Enumeration(UEnumeration),
    #[yang(length = "3")]
    String(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
#[non_exhaustive]
pub enum UEnumeration {
    #[default]
    Auto,
    Any,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, base = "sink-base:transport", identities(TCP, AUG_TCP), crate = ::yang_data)]
pub struct Transport(pub Identity);

impl Transport {
    pub const TCP: Self = Self(Identity::new(BASE, "tcp"));
    pub const AUG_TCP: Self = Self(Identity::new(AUG, "tcp"));
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
#[non_exhaustive]
pub enum En {
    #[default]
    One,
    #[yang(name = "10-Gb/s")]
    TenGbs,
    #[yang(name = "10Gbs", value = 7)]
    N10Gbs,
    Last,
    #[yang(unknown)]
    Unknown(Box<str>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(bits, crate = ::yang_data)]
pub struct Bt {
    pub a: bool,
    #[yang(position = 5)]
    pub b: bool,
    #[yang(name = "c-d", position = 2)]
    pub c_d: bool,
    #[yang(unknown)]
    pub unknown: Vec<Box<str>>,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", unique("ip", code = 3), ordered_by = "user", crate = ::yang_data)]
pub struct One {
    #[yang(leaf)]
    pub name: String,
    #[yang(leaf)]
    pub ip: Option<String>,
    #[yang(leaf, length = "1..64", pattern("[a-z0-9.-]+", error_message = "no host"))]
    pub host: Option<String>,
    #[yang(leaf, range = "1..1023 | 2000..max", default = "3000")]
    pub port: Option<u16>,
}

#[derive(Default, Yang)]
#[yang(list, key = "k1 k2", crate = ::yang_data)]
pub struct Two {
    #[yang(leaf)]
    pub v: Option<String>,
    #[yang(leaf)]
    pub k2: u8,
    #[yang(leaf)]
    pub k1: String,
}

#[derive(Default, Yang)]
#[yang(list = "none", crate = ::yang_data)]
pub struct NoKey {
    #[yang(leaf)]
    pub a: Option<String>,
}

#[derive(Yang)]
#[yang(choice, crate = ::yang_data)]
#[non_exhaustive]
pub enum How {
    #[yang(case)]
    Direct(HowDirect),
    #[yang(case)]
    Via(Box<HowVia>),
    #[yang(leaf)]
    Shortcut(Empty),
    #[yang(case = "aug", module = AUG)]
    SinkAugAug(HowAug),
}

#[derive(Default, Yang)]
#[yang(case = "direct", crate = ::yang_data)]
pub struct HowDirect {
    #[yang(leaf)]
    pub ip: Option<String>,
    #[yang(
        leaf,
        range("68..9000", error_app_tag = "mtu-range", error_message = "MTU out of range", code = 100002)
    )]
    pub mtu: Option<u16>,
    #[yang(choice)]
    pub inner: Option<Inner>,
}

#[derive(Yang)]
#[yang(choice, crate = ::yang_data)]
#[non_exhaustive]
pub enum Inner {
    #[yang(leaf)]
    Left(u8),
    #[yang(leaf_list)]
    Right(Vec<u8>),
}

#[derive(Default, Yang)]
#[yang(case = "via", crate = ::yang_data)]
pub struct HowVia {
    #[yang(container)]
    pub via: Option<Box<Via>>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
pub struct Via {
    #[yang(leaf, leafref = "../../one/name")]
    pub gw: Option<String>,
}

#[derive(Default, Yang)]
#[yang(case = "aug", crate = ::yang_data)]
pub struct HowAug {
    #[yang(leaf)]
    pub from_aug: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container = "st", crate = ::yang_data)]
pub struct St {
    #[yang(leaf)]
    pub cnt: Option<u64>,
}

#[derive(Yang)]
#[yang(rpc, module = SINK, input = PingInput, crate = ::yang_data)]
pub struct Ping;

#[derive(Default, Yang)]
#[yang(input, module = SINK, modules = MODULES, crate = ::yang_data)]
pub struct PingInput {
    #[yang(leaf, mandatory(code = 7))]
    pub dest: Option<String>,
}

#[derive(Yang)]
#[yang(action, parent = Top, input = ResetInput, crate = ::yang_data)]
pub struct Reset;

#[derive(Default, Yang)]
#[yang(input, crate = ::yang_data)]
pub struct ResetInput {
    #[yang(leaf)]
    pub delay: Option<u32>,
}

#[derive(Default, Yang)]
#[yang(notification, module = SINK, modules = MODULES, crate = ::yang_data)]
pub struct Alarm {
    #[yang(leaf)]
    pub sev: Option<En>,
}
