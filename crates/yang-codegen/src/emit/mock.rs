//! A device for the tests of those who use the client's side.

use proc_macro2::TokenStream;
use quote::quote;

/// The function that makes one of the embedded schema.
pub(super) fn mock(visible: &TokenStream) -> TokenStream {
    quote! {
        /// A device of this set in memory, for tests: it has no handlers but those that the test gives it.
        #[allow(dead_code, unreachable_pub)]
        #visible fn mock() -> ::netconf_runtime::mock::Mock {
            ::netconf_runtime::mock::Mock::new(::std::sync::Arc::clone(schema()))
        }
    }
}
