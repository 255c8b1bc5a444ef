//! Structs written by hand, with every construct that a module may have.

use netconf_derive::Yang;
use yang_data::binding::{
    AnyData, AnyXml, Binary, Decimal64, Empty, Identity, InstanceIdentifier, List, Module,
};

pub const M: Module = Module::new("exported", "urn:exported");
pub static MODULES: &[Module] = &[M];

#[derive(Default, Yang)]
#[yang(root, module = M, modules = MODULES, prefix = "e", revision = "2026-11-22", crate = ::yang_data)]
#[yang(rpcs(Ping, Reset), actions(Restart), notifications(Overheated))]
pub struct Data {
    #[yang(container)]
    pub top: Option<Box<Top>>,
}

#[derive(Default, Yang)]
#[yang(container, module = M, modules = MODULES, crate = ::yang_data)]
pub struct Top {
    #[yang(leaf = "type", mandatory(code = 11, error_message = "no \"type\""))]
    pub r#type: Option<String>,
    #[yang(leaf, length = "1..8 | 10", pattern = "[a-z\\d]*", pattern("x.*", inverted, error_app_tag = "x"))]
    pub name: Option<String>,
    #[yang(
        leaf,
        range("68..9000", error_message = "out of range", code = 12),
        units = "octets",
        default = "1500"
    )]
    pub mtu: Option<u16>,
    #[yang(leaf, nonzero(code = 13))]
    pub speed: Option<i64>,
    #[yang(leaf, range = "0.5..99.95", description = "A share.")]
    pub share: Option<Decimal64<2>>,
    #[yang(leaf, length = "4")]
    pub bytes: Option<Binary>,
    #[yang(leaf)]
    pub on: Option<Empty>,
    #[yang(leaf, default = "false", status = "deprecated")]
    pub flag: Option<bool>,
    #[yang(leaf, default = "two words")]
    pub level: Option<Level>,
    #[yang(leaf)]
    pub options: Option<Options>,
    #[yang(leaf)]
    pub either: Option<Either>,
    #[yang(leaf)]
    pub kind: Option<Kind>,
    #[yang(leaf, require_instance = false)]
    pub at: Option<InstanceIdentifier>,
    #[yang(leaf, leafref = "../entry/id", require_instance = false)]
    pub chosen: Option<String>,
    #[yang(leaf, when = "../mtu > 100 and ../exported:name != 'exported:x'", if_feature = "extra")]
    pub large: Option<u8>,
    #[yang(leaf_list, ordered_by = "user", min_elements = 1, max_elements(4, code = 14))]
    pub tag: Vec<String>,
    #[yang(list, max_elements = 10)]
    pub entry: List<Entry>,
    #[yang(list, config = false)]
    pub log: Vec<Line>,
    #[yang(container, presence = "It is set.")]
    pub set: Option<Box<Set>>,
    #[yang(choice, mandatory)]
    pub way: Option<Way>,
    #[yang(anydata)]
    pub any: Option<AnyData>,
    #[yang(anyxml)]
    pub xml: Option<AnyXml>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
pub enum Level {
    #[default]
    Low,
    #[yang(name = "two words", value = 7)]
    TwoWords,
    High,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(bits, crate = ::yang_data)]
pub struct Options {
    pub a: bool,
    #[yang(name = "b-c", position = 5)]
    pub b_c: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Yang)]
#[yang(union, crate = ::yang_data)]
pub enum Either {
    #[yang(range = "1..10")]
    Uint8(u8),
    Enumeration(EitherEnumeration),
    #[yang(length = "3")]
    String(String),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
pub enum EitherEnumeration {
    #[default]
    Auto,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, base = "exported:kind", identities(WIRED, RADIO), crate = ::yang_data)]
pub struct Kind(pub Identity);

impl Kind {
    pub const WIRED: Self = Self(Identity::new(M, "wired"));
    pub const RADIO: Self = Self(Identity::new(M, "radio"));
}

#[derive(Default, Yang)]
#[yang(list, key = "id", unique("address port", code = 15), ordered_by = "user", crate = ::yang_data)]
pub struct Entry {
    #[yang(leaf)]
    pub id: String,
    #[yang(leaf)]
    pub address: Option<String>,
    #[yang(leaf)]
    pub port: Option<u16>,
}

#[derive(Default, Yang)]
#[yang(list = "log", crate = ::yang_data)]
pub struct Line {
    #[yang(leaf)]
    pub text: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
pub struct Set {
    #[yang(leaf, must("../../mtu", error_message = "an MTU first", error_app_tag = "mtu-first", code = 16))]
    pub value: Option<i8>,
}

#[derive(Yang)]
#[yang(choice, crate = ::yang_data)]
#[non_exhaustive]
pub enum Way {
    #[yang(case)]
    Direct(WayDirect),
    #[yang(leaf)]
    Shortcut(Empty),
    #[yang(container)]
    Around(Box<Around>),
}

#[derive(Default, Yang)]
#[yang(case = "direct", crate = ::yang_data)]
pub struct WayDirect {
    #[yang(leaf, mandatory)]
    pub gate: Option<u32>,
    #[yang(leaf)]
    pub toll: Option<Decimal64<4>>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
pub struct Around {
    #[yang(leaf_list)]
    pub stop: Vec<u64>,
}

#[derive(Yang)]
#[yang(rpc = "ping", module = M, input = PingInput, output = PingOutput, crate = ::yang_data)]
pub struct Ping;

#[derive(Default, Yang)]
#[yang(input, module = M, modules = MODULES, must("count or host", error_message = "one of them"), crate = ::yang_data)]
pub struct PingInput {
    #[yang(leaf)]
    pub host: Option<String>,
    #[yang(leaf, range = "1..10", default = "3")]
    pub count: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(output, module = M, modules = MODULES, crate = ::yang_data)]
pub struct PingOutput {
    #[yang(leaf, mandatory)]
    pub millis: Option<u32>,
}

#[derive(Yang)]
#[yang(rpc = "reset", module = M, crate = ::yang_data)]
pub struct Reset;

#[derive(Yang)]
#[yang(action = "restart", parent = Entry, input = RestartInput, crate = ::yang_data)]
pub struct Restart;

#[derive(Default, Yang)]
#[yang(input, module = M, modules = MODULES, crate = ::yang_data)]
pub struct RestartInput {
    #[yang(leaf)]
    pub hard: Option<bool>,
}

#[derive(Default, Yang)]
#[yang(notification = "overheated", module = M, modules = MODULES, crate = ::yang_data)]
pub struct Overheated {
    #[yang(leaf)]
    pub celsius: Option<Decimal64<1>>,
}
