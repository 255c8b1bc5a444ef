//! How much freed memory the server keeps.
//!
//! glibc has a heap for every thread, and keeps the more of what was freed in each the larger the largest piece was that was ever
//! freed. So a server would hold, for good, about as much for nothing as for ten thousand list entries, after one large edit. What it is
//! to keep instead glibc reads from the environment, once, when a process starts: the process starts itself anew with it.

/// What glibc reads (`man mallopt`): two heaps, large pieces beside them, and of what is free at their ends a little is kept for the next reply.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const TUNABLES: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.arena_max=2:glibc.malloc.trim_threshold=4194304:glibc.malloc.mmap_threshold=262144",
);

/// Who has set these knows what is wanted, and the last stands for a process that has been started anew.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SAID: [&str; 4] =
    ["GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "MALLOC_TRIM_THRESHOLD_", "CARGO_YANG_STARTED_ANEW"];

/// Starts the process anew where its allocator would keep much; goes on where that cannot be.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn keep_little() {
    use std::os::unix::process::CommandExt as _;
    if SAID.iter().any(|name| std::env::var_os(name).is_some()) {
        return;
    }
    let (Ok(program), mut arguments) = (std::env::current_exe(), std::env::args_os()) else { return };
    let mut anew = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        anew.arg0(name);
    }
    // It returns only if it fails, and then all is as it was.
    let _ = anew.args(arguments).env(TUNABLES.0, TUNABLES.1).env(SAID[3], "1").exec();
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn keep_little() {}
