//! A bar on the terminal while many modules are downloaded or compiled.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use yang_parser::{Compilation, Compiler, Progress};

/// What is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(400);

/// A bar that counts, where standard error is a terminal and it takes long.
pub(crate) fn counter(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    if std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
    }
    bar.set_style(style());
    bar.set_message(message);
    bar
}

fn style() -> ProgressStyle {
    let style = ProgressStyle::with_template("{spinner} {msg} {wide_bar} {pos}/{len}");
    style.unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// Compiles; where standard error is a terminal and it takes long, a bar shows how far it is.
pub(crate) fn compile(compiler: Compiler) -> Compilation {
    if !std::io::stderr().is_terminal() {
        return compiler.compile();
    }
    let start = Instant::now();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    bar.set_style(style());
    let shown = bar.clone();
    let compilation = compiler
        .on_progress(move |progress| {
            if shown.is_hidden() && start.elapsed() > PATIENCE {
                shown.set_draw_target(ProgressDrawTarget::stderr());
            }
            match progress {
                Progress::Reading { done, total } => {
                    shown.set_message("reading");
                    shown.set_length(total as u64);
                    shown.set_position(done as u64);
                }
                Progress::Compiling { done, total } => {
                    shown.set_message("compiling");
                    shown.set_length(total as u64);
                    shown.set_position(done as u64);
                }
                _ => {}
            }
        })
        .compile();
    bar.finish_and_clear();
    compilation
}
