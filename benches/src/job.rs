//! A job runs in a process of its own, so that its memory is its own: the bench starts itself again with the job's name,
//! and the child reports in one line.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

/// The argument that makes a bench a child.
const CHILD: &str = "--job";

/// What one run of a job took.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Time of the main thread on a processor, where the system tells, else wall time: a busy machine does not show.
    pub seconds: f64,
    /// Wall time.
    pub wall: f64,
    /// The most memory that was resident at one time, in KiB; nothing where the system does not tell.
    pub peak_kib: Option<u64>,
    /// What the job says of itself: counts.
    pub facts: BTreeMap<String, u64>,
}

/// In a child: the job that it is to run, and its arguments.
pub fn asked_for() -> Option<(String, Vec<String>)> {
    let mut arguments = std::env::args().skip(1);
    (arguments.next()? == CHILD).then_some(())?;
    Some((arguments.next()?, arguments.collect()))
}

/// In a child: runs the work and reports. What the work returns is dropped outside of the measured time.
#[allow(clippy::print_stdout, reason = "the child's report")]
pub fn report<T>(work: impl FnOnce() -> T, facts: impl FnOnce(&T) -> Vec<(&'static str, u64)>) {
    let (start, before) = (Instant::now(), processor_seconds());
    let result = work();
    let (wall, after) = (start.elapsed().as_secs_f64(), processor_seconds());
    let seconds = before.zip(after).map_or(wall, |(before, after)| after - before);
    let mut line = format!("cpu_s={seconds} wall_s={wall}");
    if let Some(peak) = peak_kib() {
        line.push_str(&format!(" peak_kib={peak}"));
    }
    for (name, value) in facts(&result) {
        line.push_str(&format!(" {name}={value}"));
    }
    println!("{line}");
}

/// Runs a job in a child.
///
/// # Panics
/// If the child fails: a job that fails measures nothing.
pub fn run(name: &str, arguments: &[String]) -> Run {
    let me = std::env::current_exe().expect("a bench knows its own program");
    let output =
        Command::new(me).arg(CHILD).arg(name).args(arguments).output().expect("the bench starts itself");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "job {name}: {said}{}", String::from_utf8_lossy(&output.stderr));
    parse(said.trim())
}

pub(crate) fn parse(line: &str) -> Run {
    let mut run = Run::default();
    for (name, value) in line.split_whitespace().filter_map(|field| field.split_once('=')) {
        match name {
            "cpu_s" => run.seconds = value.parse().unwrap_or(f64::NAN),
            "wall_s" => run.wall = value.parse().unwrap_or(f64::NAN),
            "peak_kib" => run.peak_kib = value.parse().ok(),
            _ => run.facts.extend(value.parse().map(|v| (name.to_owned(), v))),
        }
    }
    run
}

/// Runs several jobs in turn, so that a busy machine is as bad for each, and keeps the best time and the highest peak of
/// each.
pub fn best_of(rounds: usize, jobs: &mut [&mut dyn FnMut() -> Run]) -> Vec<Run> {
    let mut best: Vec<Option<Run>> = vec![None; jobs.len()];
    for _ in 0..rounds.max(1) {
        for (job, best) in jobs.iter_mut().zip(&mut best) {
            let run = job();
            *best = Some(match best.take() {
                Some(old) => Run {
                    seconds: old.seconds.min(run.seconds),
                    wall: old.wall.min(run.wall),
                    peak_kib: old.peak_kib.max(run.peak_kib),
                    facts: run.facts,
                },
                None => run,
            });
        }
    }
    best.into_iter().flatten().collect()
}

/// How long the main thread of this process was on a processor.
fn processor_seconds() -> Option<f64> {
    let own = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    let nanoseconds: u64 = own.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_back() {
        let run = parse("schema modules=3 rc=0 wall_s=0.25 cpu_s=0.2 peak_kib=99");
        assert_eq!((run.wall, run.seconds, run.peak_kib, run.facts["modules"]), (0.25, 0.2, Some(99), 3));
    }

    #[test]
    fn the_best_time_and_the_highest_peak_count() {
        let mut seconds = [3.0, 1.0, 2.0].into_iter();
        let mut job = || Run { seconds: seconds.next().unwrap(), peak_kib: Some(7), ..Run::default() };
        let best = best_of(3, &mut [&mut job]);
        assert_eq!((best[0].seconds, best[0].peak_kib), (1.0, Some(7)));
    }
}
