//! The YANG compiler: text to a checked schema, with diagnostics.
