"""A dialogue of ncclient with a server that has ietf-interfaces and ietf-ip: host, port, user and password are the arguments. A
fifth one, `toaster`, says that it is the quickstart's device.

Prints a line for each thing that went as the RFCs say, and fails at the first that did not.
"""

import sys

from lxml import etree
from ncclient import NCClientError, manager
from ncclient.operations import RPCError

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
INTERFACES = "urn:ietf:params:xml:ns:yang:ietf-interfaces"
IP = "urn:ietf:params:xml:ns:yang:ietf-ip"
TYPES = "urn:ietf:params:xml:ns:yang:iana-if-type"
TOASTER = "urn:example:toaster"
NOTIFICATION = "urn:ietf:params:xml:ns:netconf:notification:1.0"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
NS = {"nc": BASE, "if": INTERFACES, "ip": IP, "t": TOASTER, "n": NOTIFICATION, "m": MONITORING}


def connect():
    host, port, user, password = sys.argv[1:5]
    return manager.connect(
        host=host,
        port=int(port),
        username=user,
        password=password,
        hostkey_verify=False,  # the device made its key a moment ago
        allow_agent=False,
        look_for_keys=False,
        timeout=20,
    )


def said(what):
    print("ok:", what, flush=True)


def config(inner):
    return f'<config xmlns="{BASE}">{inner}</config>'


def interface(name, mtu):
    return config(
        f'<interfaces xmlns="{INTERFACES}"><interface><name>{name}</name>'
        f'<type xmlns:ianaift="{TYPES}">ianaift:ethernetCsmacd</type>'
        f'<ipv4 xmlns="{IP}"><mtu>{mtu}</mtu></ipv4></interface></interfaces>'
    )


def find(reply, path):
    return etree.fromstring(reply.xml.encode()).xpath(path, namespaces=NS)


def refused(tag, call):
    """The error of a call that must be refused with this error-tag."""
    try:
        call()
    except RPCError as error:
        assert error.tag == tag, f"error-tag {error.tag}, not {tag}: {error.xml}"
        return error
    raise AssertionError(f"nothing was refused, where {tag} should be")


def rpc(session, xml):
    return session.dispatch(etree.fromstring(xml))


def capabilities(s):
    have = list(s.server_capabilities)
    for want in ("base:1.0", "base:1.1", "capability:candidate:1.0", "capability:notification:1.0"):
        assert f"urn:ietf:params:netconf:{want}" in have, f"no {want} in {have}"
    said("hello: capabilities and base:1.1")


def edit_and_commit(s):
    with s.locked("candidate"):
        s.edit_config(interface("eth0", 1500), target="candidate")
        path = "//if:interface[if:name='eth0']/ip:ipv4/ip:mtu/text()"
        assert find(s.get_config("candidate"), path) == ["1500"]
        assert find(s.get_config("running"), path) == [], "an edit of candidate reached running"
        s.validate("candidate")
        s.commit()
    assert find(s.get_config("running"), path) == ["1500"]
    said("lock, edit-config, validate, commit, get-config")

    s.edit_config(interface("eth1", 1280), target="candidate")
    s.discard_changes()
    s.commit()
    assert find(s.get_config("running"), "//if:name/text()") == ["eth0"]
    said("discard-changes")

    s.edit_config(interface("eth1", 1280), target="candidate")
    s.commit()
    one = f'<interfaces xmlns="{INTERFACES}"><interface><name>eth1</name></interface></interfaces>'
    assert find(s.get_config("running", filter=("subtree", one)), "//if:name/text()") == ["eth1"]
    said("subtree filter")

    gone = f'<interfaces xmlns="{INTERFACES}" xmlns:nc="{BASE}"><interface nc:operation="delete"><name>eth1</name></interface></interfaces>'
    s.edit_config(config(gone), target="candidate")
    refused("data-missing", lambda: s.edit_config(config(gone), target="candidate"))
    s.commit()
    assert find(s.get_config("running"), "//if:name/text()") == ["eth0"]
    said("delete, and data-missing for what is gone")


def errors(s):
    error = refused("invalid-value", lambda: s.edit_config(interface("eth0", 20), target="candidate"))
    assert error.path and error.path.endswith("mtu"), error.path
    assert "eth0" in error.path, error.path
    said(f"invalid-value at {error.path}")
    s.discard_changes()

    with connect() as other, s.locked("running"):
        error = refused("lock-denied", lambda: other.lock("running"))
        assert find_info(error, "session-id") == s.session_id, error.xml
    said("lock-denied tells the session that holds the lock")


def find_info(error, name):
    return "".join(error.xml.xpath(f".//*[local-name()='{name}']/text()"))


def confirmed(s):
    path = "//if:interface[if:name='trial']/ip:ipv4/ip:mtu/text()"
    s.edit_config(interface("trial", 1400), target="candidate")
    s.commit(confirmed=True, timeout="600", persist="trial")
    assert find(s.get_config("running"), path) == ["1400"]
    refused("invalid-value", lambda: s.cancel_commit(persist_id="another"))
    s.cancel_commit(persist_id="trial")
    assert find(s.get_config("running"), path) == []
    s.discard_changes()
    s.edit_config(interface("trial", 1400), target="candidate")
    s.commit(confirmed=True, timeout="600", persist="trial")
    with connect() as other:
        other.commit(persist_id="trial")
    assert find(s.get_config("running"), path) == ["1400"]
    said("confirmed commits: taken back, and confirmed by another session")


def more_reads(s):
    filtered = s.get_config("running", filter=("xpath", ({"if": INTERFACES}, "/if:interfaces/if:interface[if:name='eth0']")))
    assert find(filtered, "//if:name/text()") == ["eth0"]
    said("xpath filter")
    whole = s.get_config("running", with_defaults="report-all")
    assert "true" in find(whole, "//if:interface[if:name='eth0']/if:enabled/text()")
    trimmed = s.get_config("running", with_defaults="trim")
    assert find(trimmed, "//if:interface[if:name='eth0']/if:enabled/text()") == []
    said("with-defaults")
    if not any(c.startswith(MONITORING) for c in s.server_capabilities):
        return
    listed = find(s.get(filter=("subtree", f'<netconf-state xmlns="{MONITORING}"><schemas/></netconf-state>')), "//m:identifier/text()")
    assert "ietf-interfaces" in listed, listed
    for name in listed:
        text = s.get_schema(name).data
        assert f"module {name} {{" in text, f"{name}: {text[:200]}"
    said("get-schema, of each module that the server names")
    refused("invalid-value", lambda: s.get_schema("no-such-module"))
    said("get-schema of what is not there")
    monitoring(s)
    replay()
    other = connect()
    s.kill_session(other.session_id)
    try:
        other.get_config("running")
    except NCClientError:
        said("kill-session")
    else:
        raise AssertionError("a session that was killed goes on")


def state(s, part):
    return s.get(filter=("subtree", f'<netconf-state xmlns="{MONITORING}">{part}</netconf-state>'))


def monitoring(s):
    told = find(state(s, "<capabilities/>"), "//m:capability/text()")
    assert sorted(told) == sorted(s.server_capabilities), told
    with s.locked("candidate"):
        holder = find(state(s, "<datastores/>"), "//m:datastore[m:name='candidate']//m:locked-by-session/text()")
        assert holder == [s.session_id], holder
    assert not find(state(s, "<datastores/>"), "//m:locks")
    own = f"<sessions><session><session-id>{s.session_id}</session-id></session></sessions>"
    reply = state(s, own)
    assert find(reply, "//m:username/text()") == [sys.argv[3]], reply.xml
    assert find(reply, "//m:source-host/text()") == ["127.0.0.1"], reply.xml
    before = int(find(reply, "//m:in-rpcs/text()")[0])
    after = int(find(state(s, own), "//m:in-rpcs/text()")[0])
    assert after == before + 1, (before, after)
    said("netconf-state: capabilities, locks, sessions and counters")


def replay():
    with connect() as listener:
        listener.create_subscription(start_time="2020-01-01T00:00:00Z")
        last, number = None, 0
        while last != "{urn:ietf:params:xml:ns:netmod:notification}replayComplete":
            note = listener.take_notification(timeout=20)
            assert note is not None, f"no replayComplete within 20 s, after {number} notifications"
            last, number = etree.fromstring(note.notification_xml.encode())[1].tag, number + 1
        assert number > 1, "nothing was replayed"
        said("replay, to its end")


def toast(s):
    bad = f'<toaster xmlns="{TOASTER}"><usual-doneness>9</usual-doneness><highest-doneness>3</highest-doneness></toaster>'

    def edit_and_validate():
        s.edit_config(config(bad), target="candidate")
        s.validate("candidate")

    error = refused("operation-failed", edit_and_validate)
    assert error.app_tag == "usual-above-highest", error.xml
    assert error.message == "The usual doneness is above the highest one.", error.xml
    said("a must with the model's own words: usual-above-highest")
    s.discard_changes()

    with connect() as listener:
        listener.create_subscription()
        said("create-subscription")

        reply = rpc(s, f'<make-toast xmlns="{TOASTER}"><doneness>2</doneness></make-toast>')
        assert find(reply, "//t:duration/text()"), reply.xml
        said("make-toast answers with its output")

        toast_done = None
        while toast_done is None:
            note = listener.take_notification(timeout=20)
            assert note is not None, "no toast-done within 20 s"
            root = etree.fromstring(note.notification_xml.encode())
            assert root.tag == f"{{{NOTIFICATION}}}notification", root.tag
            assert root.xpath("n:eventTime/text()", namespaces=NS), "a notification without eventTime"
            found = root.xpath("t:toast-done", namespaces=NS)
            toast_done = found[0] if found else None
        assert toast_done.xpath("t:status/text()", namespaces=NS) == ["done"]
        assert toast_done.xpath("t:doneness/text()", namespaces=NS) == ["2"]
        said("toast-done arrives as a notification")

    error = refused("invalid-value", lambda: rpc(s, f'<make-toast xmlns="{TOASTER}"><doneness>11</doneness></make-toast>'))
    assert error.app_tag == "doneness-out-of-range", error.xml
    said("a parameter out of range: invalid-value with the model's error-app-tag")

    refused("operation-failed", lambda: rpc(s, f'<cancel-toast xmlns="{TOASTER}"/>'))
    said("cancel-toast without a toast: operation-failed from the handler")


def main():
    with connect() as session:
        capabilities(session)
        edit_and_commit(session)
        errors(session)
        confirmed(session)
        more_reads(session)
        if sys.argv[5:] == ["toaster"]:
            toast(session)
    said("close-session")


main()
