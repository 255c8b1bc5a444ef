//! Derive macros of the YANG binding and of NETCONF handlers.
//!
//! [`macro@Yang`] binds structs and enums to YANG: it reads `#[yang(...)]` and writes down a table, over which
//! `yang_data::binding` encodes, decodes and validates. Generated code and structs written by hand use the same derive.
//! [`macro@Handlers`] makes one device of the handlers of many modules.
//!
//! Attributes are checked here, with yang-schema: that a range lies in its type, that a pattern and an XPath expression
//! parse. This crate knows nothing of data.
//!
//! # `#[yang(...)]` on a type
//! The first word tells what it is, with its YANG name if that is not the Rust name in kebab-case: `container = "foo_bar"`.
//!
//! | word | on | what it stands for |
//! |---|---|---|
//! | `root` | struct | the top-level nodes of one or more modules; it has no node of its own |
//! | `container`, `list`, `case`, `input`, `output`, `notification` | struct | the statement |
//! | `choice` | enum | a variant for each case |
//! | `enumeration`, `union` | enum | a leaf type |
//! | `bits`, `identityref` | struct | a leaf type |
//! | `rpc`, `action` | unit struct | the operation; `input = Type`, `output = Type`, and for an action `parent = Type` |
//!
//! A data struct derives `Default` and `Yang`, a choice `Yang`; both get Clone, PartialEq and Debug with it. Leaf types
//! derive Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash and Default themselves, but a union gets its Default.
//!
//! Further words:
//! - `module = PATH`, a constant of type `Module`, or `module = "name", namespace = "uri"`. Without it the type belongs to
//!   the module of the place where it is used, so that modules can share it.
//! - `modules = PATH`, a `&'static [Module]`: the set by which prefixes are resolved; on outermost types.
//! - `crate = PATH`: where `binding` is, if not in `::netconf_runtime`.
//! - `key = "a b"`, `unique("a b/c")`, `ordered_by = "user"` on a list; `must(...)` on input, output and notification; `nested`
//!   on a notification that is defined on a data node.
//! - `prefix = "p"`, `revision = "YYYY-MM-DD"`, `rpcs(A, B)`, `actions(A)`, `notifications(A)` on a root with a module: what
//!   `Root::yang_module()`, the text of the YANG module that the structs describe, says besides the data.
//! - `base = "module:name"`, `identities(CONST, ...)` on an identityref: its associated constants of its own type.
//!
//! # `#[yang(...)]` on a field
//! | word | type of the field |
//! |---|---|
//! | `leaf` | `Option<T>`; a key is `T` |
//! | `leaf_list` | `Vec<T>` |
//! | `container` | `Option<Box<C>>`, `Option<C>`, `Box<C>` or `C` |
//! | `list` | `List<E>`; without key `Vec<E>` |
//! | `choice` | `Option<C>`, `Option<Box<C>>` |
//! | `anydata`, `anyxml` | `Option<AnyData>`, `Option<AnyXml>` |
//! | `unknown` | `Unknown`: nodes that the model does not know |
//! | `skip` | anything with `Default` and `Clone`: the field is no node, and is neither written, read, compared nor shown |
//!
//! `= "name"` is the YANG name, if that is not the field's with hyphens. A variant of a choice has `case` (a struct with
//! `#[yang(case)]`), or one of the words above for a shorthand case: its type is the bare `T` then.
//!
//! Besides: `module`, `mandatory`, `nonzero`, `default = ""`, `units = ""`, `status = ""`, `config = false`, `presence = ""`,
//! `if_feature = ""`, `min_elements = 1`, `max_elements = 9`, `ordered_by = "user"`, `leafref = "path"`,
//! `require_instance = false`, `base = ""`, `typedef = ""`, `description = ""`, `range = ""`, `length = ""`, `pattern = ""`, `must = ""`,
//! `when = ""`. Those that can stand more than once are written more than once. A constraint can say what it says of its
//! violation: `range("68..9000", error_app_tag = "mtu", error_message = "MTU out of range", code = 1002)`,
//! `mandatory(code = 7)`, `pattern("[a-z]*", inverted)`. On the field itself `error_app_tag`, `error_message` and `code` are
//! for all violations there that say nothing of their own. `nonzero` refuses a value of zero, empty or `false`; that there is one
//! is for `mandatory`. In XPath, prefixes are names of modules.
//!
//! An enumeration's variants have `name = ""` and `value = 1`; a bit's field `name = ""` and `position = 1`; a variant or
//! field with `unknown` (`Box<str>`, `Vec<Box<str>>`) keeps what the type does not know. A union's variants have
//! the restrictions of their member types.
//!
//! # What rustc checks
//! Behind an alias the macro does not see the type; a range is held against it all the same:
//! ```compile_fail
//! type Port = u16;
//!
//! #[derive(Default, netconf_derive::Yang)]
//! #[yang(container, crate = ::yang_data)]
//! struct Server {
//!     #[yang(leaf, range = "1..70000")]
//!     port: Option<Port>,
//! }
//! ```
//! The same with `range = "1..7000"` compiles:
//! ```
//! type Port = u16;
//!
//! #[derive(Default, netconf_derive::Yang)]
//! #[yang(container, crate = ::yang_data)]
//! struct Server {
//!     #[yang(leaf, range = "1..7000")]
//!     port: Option<Port>,
//! }
//! ```
//! A type that is no type of YANG does not compile:
//! ```compile_fail
//! #[derive(Default, netconf_derive::Yang)]
//! #[yang(container, crate = ::yang_data)]
//! struct Server {
//!     #[yang(leaf)]
//!     load: Option<f64>,
//! }
//! ```

mod attribute;
mod bits;
mod choice;
mod described;
mod detail;
mod enumeration;
mod handlers;
mod identityref;
mod node;
mod operation;
mod restriction;
mod rust_type;
mod spelling;
mod union_type;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Binds a struct or enum to YANG; see the [crate] for the attributes.
#[proc_macro_derive(Yang, attributes(yang))]
pub fn derive_yang(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    node::expand(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// Makes a device of the handlers that `#[handlers(...)]` names: modules of generated code, on the struct for what it handles
/// itself, on a field that holds an `Arc` for what that handles. A handler that is missing does not compile.
///
/// The device says that this is all: a server with an rpc or action that nobody handles cannot be built, unless the device says
/// so in `#[handlers(unsupported(yang::module))]`; then clients that ask for it get `operation-not-supported`.
#[proc_macro_derive(Handlers, attributes(handlers))]
pub fn derive_handlers(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    handlers::expand(&input).unwrap_or_else(|e| e.to_compile_error()).into()
}

/// What every type of a leaf's values has, whatever its kind: serde, and its place in the walks of a table.
fn leaf_slot(ident: &syn::Ident) -> proc_macro2::TokenStream {
    quote::quote! {
        __y::derived::impl_serde!(leaf #ident);
        impl __y::Target for #ident {
            #[inline]
            fn target(&self) -> __y::Slot<'_> {
                __y::Slot::Leaf(self)
            }
            #[inline]
            fn target_mut(&mut self) -> __y::SlotMut<'_> {
                __y::SlotMut::Leaf(self)
            }
        }
    }
}
