//! The configuration that the measurements of instance data read: so many interfaces of ietf-interfaces and ietf-ip.

use std::fmt::Write as _;

/// The address of an interface.
pub fn address(i: usize) -> String {
    format!("10.{}.{}.{}", i >> 16 & 255, i >> 8 & 255, i & 255)
}

/// The configuration in XML.
pub fn xml(count: usize) -> String {
    let mut out = String::from(
        "<interfaces xmlns=\"urn:ietf:params:xml:ns:yang:ietf-interfaces\" xmlns:t=\"urn:ietf:params:xml:ns:yang:iana-if-type\">\n",
    );
    for i in 0..count {
        writeln!(
            out,
            "<interface><name>eth{i}</name><description>Port number {i} of the chassis</description>\
             <type>t:ethernetCsmacd</type><enabled>true</enabled>\
             <ipv4 xmlns=\"urn:ietf:params:xml:ns:yang:ietf-ip\"><mtu>1500</mtu><address><ip>{}</ip>\
             <prefix-length>24</prefix-length></address></ipv4></interface>",
            address(i)
        )
        .expect("a string takes all");
    }
    out.push_str("</interfaces>\n");
    out
}

/// The same in JSON (RFC 7951).
pub fn json(count: usize) -> String {
    let mut out = String::from("{\"ietf-interfaces:interfaces\": {\n \"interface\": [\n");
    for i in 0..count {
        let comma = if i + 1 < count { "," } else { "" };
        writeln!(
            out,
            "  {{\n   \"name\": \"eth{i}\",\n   \"description\": \"Port number {i} of the chassis\",\n   \
             \"type\": \"iana-if-type:ethernetCsmacd\",\n   \"enabled\": true,\n   \"ietf-ip:ipv4\": {{\n    \
             \"mtu\": 1500,\n    \"address\": [\n     {{\n      \"ip\": \"{}\",\n      \"prefix-length\": 24\n     \
             }}\n    ]\n   }}\n  }}{comma}",
            address(i)
        )
        .expect("a string takes all");
    }
    out.push_str(" ]\n}}\n");
    out
}
