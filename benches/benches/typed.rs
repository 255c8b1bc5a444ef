//! Typed values: 10,000 interfaces built, validated, to JSON and back; and read strictly from the XML of a reply.
//!
//! Times are those of the thread on a processor, the least of several rounds. Beside them stand a reader of the same text that keeps nothing (what the
//! codec alone costs), and ncclient, where `NCCLIENT_PYTHON` names a python that has it: it parses the reply and types nothing.

use std::process::Command;
use toolchain_benches::interfaces;
use toolchain_benches::job::{self, Run};
use toolchain_benches::model::{Address, Interface, InterfaceType, Interfaces, Ipv4};
use toolchain_benches::table::{self, mebibytes, milliseconds};
use yang_data::binding::{Options, Yang as _};
use yang_data::codec::Limits;
use yang_data::event::{Event, Source};
use yang_data::xml;

fn main() {
    if let Some((name, arguments)) = job::asked_for() {
        return child(&name, &arguments);
    }
    let quick = std::env::args().any(|a| a == "--quick");
    let (count, rounds) = if quick { ("10000", 2) } else { ("10000", 9) };
    let best = |name: &str| -> Run {
        let runs = (0..rounds).map(|_| job::run(name, &[count.to_owned()]));
        let mut runs: Vec<Run> = runs.collect();
        runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        runs.swap_remove(0)
    };
    let mut rows = Vec::new();
    for (name, what) in [
        ("all", "10,000 interfaces: build, validate, to JSON and back"),
        ("decode", "typed decode of the XML, strict"),
        ("validate", "validate()"),
        ("encode", "typed encode to XML"),
        ("to_json", "typed encode to JSON"),
        ("from_json", "typed decode of the JSON"),
        ("scan", "the XML read and dropped, event by event"),
    ] {
        let run = best(name);
        let rate = match run.facts.get("bytes") {
            Some(bytes) if run.seconds > 0.0 => format!("{:.0} MB/s", *bytes as f64 / 1e6 / run.seconds),
            _ => String::new(),
        };
        rows.push(vec![what.to_owned(), milliseconds(run.seconds), rate, mebibytes(run.peak_kib)]);
    }
    match ncclient() {
        Ok(seconds) => rows.push(vec![
            "ncclient: the XML parsed, untyped".to_owned(),
            milliseconds(seconds),
            String::new(),
            String::new(),
        ]),
        Err(why) => table::say(&format!("without ncclient: {why}")),
    }
    table::print(&["typed values", "time", "rate", "peak"], &rows);
}

fn child(name: &str, arguments: &[String]) {
    let count = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(10_000);
    let options = Options::default();
    let nothing = |_: &_| Vec::new();
    let bytes = |n: usize| vec![("bytes", n as u64)];
    match name {
        "all" => job::report(
            || {
                let built = build(count);
                built.validate().expect("it is valid");
                let json = built.to_json().expect("it can be said in JSON");
                Interfaces::from_json(&json, &options).expect("it is read back")
            },
            nothing,
        ),
        "decode" => {
            let text = interfaces::xml(count);
            job::report(|| Interfaces::from_xml(&text, &options).expect("it is read"), |_| bytes(text.len()));
        }
        "validate" => {
            let built = build(count);
            job::report(|| built.validate().expect("it is valid"), |()| Vec::new());
        }
        "encode" => {
            let built = build(count);
            job::report(|| built.to_xml().expect("it can be said"), |text| bytes(text.len()));
        }
        "to_json" => {
            let built = build(count);
            job::report(|| built.to_json().expect("it can be said"), |text| bytes(text.len()));
        }
        "from_json" => {
            let text = build(count).to_json().expect("it can be said");
            job::report(
                || Interfaces::from_json(&text, &options).expect("it is read"),
                |_| bytes(text.len()),
            );
        }
        _ => {
            let text = interfaces::xml(count);
            job::report(
                || {
                    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
                    while !matches!(source.next().expect("it is well-formed"), Event::End) {}
                },
                |()| bytes(text.len()),
            );
        }
    }
}

fn build(count: usize) -> Interfaces {
    let interface = (0..count).map(|i| Interface {
        name: format!("eth{i}"),
        description: Some(format!("Port number {i} of the chassis")),
        kind: Some(InterfaceType::ETHERNET_CSMACD),
        enabled: Some(true),
        ipv4: Some(Box::new(Ipv4 {
            mtu: Some(1500),
            address: [Address { ip: interfaces::address(i), prefix_length: Some(24) }].into(),
            ..Default::default()
        })),
    });
    Interfaces { interface: interface.collect() }
}

/// What ncclient needs to make a reply of the document: lxml's tree, and nothing of the model.
fn ncclient() -> Result<f64, String> {
    const SCRIPT: &str = "
import sys, time
from ncclient.operations.retrieve import GetReply
text = '<rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" message-id=\"1\"><data>' + open(sys.argv[1]).read() + '</data></rpc-reply>'
best = 1e9
for _ in range(5):
    start = time.process_time()
    reply = GetReply(text, huge_tree=True)
    reply.parse()
    len(reply.data_ele)
    best = min(best, time.process_time() - start)
print(best)
";
    let python = std::env::var_os("NCCLIENT_PYTHON").ok_or("NCCLIENT_PYTHON names no python that has it")?;
    let directory = tempfile::tempdir().map_err(|e| e.to_string())?;
    let file = directory.path().join("interfaces.xml");
    std::fs::write(&file, interfaces::xml(10_000)).map_err(|e| e.to_string())?;
    let output = Command::new(python).arg("-c").arg(SCRIPT).arg(file).output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().map_err(|_| String::from_utf8_lossy(&output.stderr).trim().to_owned())
}
