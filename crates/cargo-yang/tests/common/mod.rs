//! What the command's tests share: what an end of it says, and its server.

#![allow(dead_code, reason = "each test takes what it needs")]

pub(crate) mod scaffold;
pub(crate) mod served;

use std::process::Output;

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
