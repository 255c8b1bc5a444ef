use super::*;

/// RFC 6241 section 4.3: the example of a missing message-id.
#[test]
fn missing_message_id() {
    let error = RpcError::missing_attribute("message-id", QualifiedName::base("rpc")).of_type(ErrorType::Rpc);
    assert_eq!(
        error.to_xml(),
        "<rpc-error xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><error-type>rpc</error-type>\
         <error-tag>missing-attribute</error-tag><error-severity>error</error-severity><error-info>\
         <bad-attribute>message-id</bad-attribute><bad-element>rpc</bad-element></error-info></rpc-error>"
    );
    assert_eq!(RpcError::from_xml(&error.to_xml()).unwrap(), error);
}

/// RFC 6241 section 4.3: an error of a data model, with the path's prefix declared on its element.
#[test]
fn reads_what_the_rfc_shows() {
    let error = RpcError::from_xml(
        r#"<nc:rpc-error xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:xc="urn:unused">
             <nc:error-type>application</nc:error-type>
             <nc:error-tag>invalid-value</nc:error-tag>
             <nc:error-severity>error</nc:error-severity>
             <nc:error-path xmlns:t="http://example.com/schema/1.2/config">
               /t:top/t:interface[t:name="Ethernet0/0"]/t:mtu
             </nc:error-path>
             <nc:error-message xml:lang="de">MTU 25000 liegt &lt;nicht&gt; in 256..9192</nc:error-message>
           </nc:rpc-error>"#,
    )
    .unwrap();
    assert_eq!(error.tag, ErrorTag::InvalidValue);
    let path = error.path.as_deref().unwrap();
    assert_eq!(path.xpath, "/t:top/t:interface[t:name=\"Ethernet0/0\"]/t:mtu");
    assert_eq!(path.namespaces, [("t".to_owned(), "http://example.com/schema/1.2/config".to_owned())]);
    assert_eq!(error.lang.as_deref(), Some("de"));
    assert_eq!(RpcError::from_xml(&error.to_xml()).unwrap(), error);
}

#[test]
fn everything_comes_back() {
    let mut error = RpcError::operation_failed("1 < 2 & \"3\" > ]]>")
        .app_tag("too-many-elements")
        .path("/a:x/b:y[a:k='<']", [("a", "urn:a?x=1&y=\"2\""), ("b", "urn:b")])
        .with_code(u64::MAX)
        .warning();
    error.lang = Some("en-GB".into());
    let path = ErrorPath { xpath: "/m:l/m:k".into(), namespaces: vec![("m".into(), "urn:m".into())] };
    error.info.extend([
        ErrorInfo::BadAttribute(("urn:other", "operation").into()),
        ErrorInfo::BadElement(QualifiedName::base("config")),
        ErrorInfo::OkElement(("urn:a", "ok").into()),
        ErrorInfo::ErrElement(("urn:a", "err").into()),
        ErrorInfo::NoopElement(("urn:a", "noop").into()),
        ErrorInfo::BadNamespace("urn:what".into()),
        ErrorInfo::SessionId(0),
        ErrorInfo::NonUnique(path),
        ErrorInfo::MissingChoice("how".into()),
        ErrorInfo::Xml("<x:detail xmlns:x=\"urn:x\"><x:n>1</x:n></x:detail>".into()),
    ]);
    let back = RpcError::from_xml(&error.to_xml()).unwrap();
    let (Some(ErrorInfo::Xml(xml)), Some(_)) = (back.info.last(), error.info.pop()) else {
        panic!("the foreign element is lost")
    };
    // It stands for itself: the default namespace around it is declared on it.
    assert_eq!(
        xml,
        "<x:detail xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" xmlns:x=\"urn:x\"><x:n>1</x:n></x:detail>"
    );
    assert_eq!(back.info[..back.info.len() - 1], error.info[..]);
    assert_eq!(RpcError { info: vec![], ..back }, RpcError { info: vec![], ..error });
}

/// Appendix A has these tags, and no others.
#[test]
fn tags_have_their_names() {
    let names: Vec<_> = ErrorTag::ALL.iter().map(ErrorTag::as_str).collect();
    assert_eq!(names.len(), 20);
    for name in names {
        assert_eq!(ErrorTag::from_name(name).as_str(), name);
        assert!(ErrorTag::ALL.contains(&ErrorTag::from_name(name)));
    }
    assert_eq!(ErrorTag::from_name("vendor"), ErrorTag::Other("vendor".into()));
}

#[test]
fn forgives_devices_that_leave_things_out() {
    let error = RpcError::from_xml(
        r#"<rpc-error xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><error-tag>strange</error-tag>
           <error-info><session-id>none</session-id><bad-element>p:q</bad-element></error-info></rpc-error>"#,
    )
    .unwrap();
    assert_eq!(error.tag.as_str(), "strange");
    assert_eq!(error.error_type, ErrorType::Application);
    assert!(matches!(&error.info[0], ErrorInfo::Xml(xml) if xml.contains("none")));
    assert_eq!(error.info[1], ErrorInfo::BadElement("p:q".into()));
    assert!(RpcError::from_xml("<rpc-error/>").is_err());
    assert!(RpcError::from_xml("<rpc-error").is_err());
}

#[test]
fn says_it_in_a_line() {
    let error = RpcError::lock_denied(7, "running is locked");
    assert_eq!(error.to_string(), "lock-denied: running is locked, session-id 7");
    assert_eq!(error.session_id(), Some(7));
}
