//! What a device says of itself is read: a path to it has no edits.

use netconf_derive::Yang;
use yang_data::binding::Module;
use yang_data::binding::path::{Config, Path, State};

const M: Module = Module::new("m", "urn:m");

#[derive(Default, Yang)]
#[yang(root, module = M, crate = ::yang_data)]
struct Data {
    #[yang(container = "top")]
    top: Option<Box<Top>>,
}

#[derive(Default, Yang)]
#[yang(container = "top", module = M, crate = ::yang_data)]
struct Top {
    #[yang(leaf = "site")]
    site: Option<String>,
    #[yang(leaf = "uptime", config = false)]
    uptime: Option<u32>,
}

fn main() {
    let top = Path::<Data, Config>::root().child_of::<Top, Config>(&M, "top");
    let site = top.clone().child_of::<String, Config>(&M, "site");
    let uptime = top.child_of::<u32, State>(&M, "uptime");
    // To configure is allowed.
    let _ = (site.edit("hill".to_owned()), site.delete());
    let _ = uptime.edit(7);
    let _ = uptime.replace(7);
    let _ = uptime.delete();
}
