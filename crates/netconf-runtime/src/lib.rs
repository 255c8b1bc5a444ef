//! NETCONF on tokio: protocol, transports, client, server, datastore and store.
