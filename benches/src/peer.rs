//! libyang, the peer: the corpus has a small program over its library (`peers/libyang_bench.c`), which is compiled here
//! where a C compiler and libyang's headers are installed.

use crate::job::{self, Run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program, ready to run.
#[derive(Debug)]
pub struct Libyang {
    program: PathBuf,
    yang: PathBuf,
}

impl Libyang {
    /// Compiles the program into a directory; a reason where that is not possible.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn build(corpus: &Path, into: &Path) -> Result<Libyang, String> {
        let source = corpus.join("peers/libyang_bench.c");
        if !source.is_file() {
            return Err(format!("there is no {}", source.display()));
        }
        let program = into.join("libyang_bench");
        let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let output =
            Command::new(&compiler).arg("-O2").arg(&source).args(["-lyang", "-o"]).arg(&program).output();
        match output {
            Ok(output) if output.status.success() => Ok(Libyang { program, yang: corpus.join("yang") }),
            Ok(_) => Err("libyang or its headers are not installed (Debian: libyang2-dev)".to_owned()),
            Err(e) => Err(format!("{}: {e}", compiler.display())),
        }
    }

    /// Loads the modules of a list, with directories to search. Paths are those of the corpus, or absolute.
    ///
    /// # Panics
    /// If libyang refuses them: then there is nothing to compare.
    pub fn schema(&self, list: &Path, search: &[String]) -> Run {
        let output = Command::new(&self.program).current_dir(&self.yang).arg(list).args(search).output();
        let output = output.expect("the program that was just compiled starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "libyang: {said}{}", String::from_utf8_lossy(&output.stderr));
        job::parse(said.lines().next().unwrap_or_default())
    }

    /// Reads, validates and prints a document of the modules of a list. The time is that of reading and validating, the facts
    /// have each step in microseconds.
    ///
    /// # Panics
    /// If libyang refuses the document: then there is nothing to compare.
    pub fn data(&self, document: &Path, list: &Path, search: &[&str]) -> Run {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.yang).arg("-d").arg(document).arg(list).args(search);
        let output = command.output().expect("the program that was just compiled starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "libyang: {said}{}", String::from_utf8_lossy(&output.stderr));
        let mut run = Run::default();
        for line in said.lines() {
            let (step, line) = line.split_once(' ').unwrap_or_default();
            let part = job::parse(line);
            assert!(part.facts.get("rc").is_none_or(|&rc| rc == 0), "libyang refuses the document: {said}");
            run.peak_kib = run.peak_kib.max(part.peak_kib);
            run.facts.insert(format!("{step}_us"), (part.seconds * 1e6) as u64);
            if matches!(step, "parse" | "validate") {
                run.seconds += part.seconds;
            }
        }
        run
    }
}
