//! Derive macros of the YANG binding and of NETCONF handlers.
