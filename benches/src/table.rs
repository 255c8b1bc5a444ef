//! Tables on standard output.

/// Prints rows below headings, each column as wide as its widest cell.
#[allow(clippy::print_stdout, reason = "what a bench is for")]
pub fn print(headings: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let line = |cells: Vec<String>| {
        let padded = cells.into_iter().enumerate().map(|(i, cell)| match i {
            0 => format!("{cell:<w$}", w = width(i)),
            _ => format!("{cell:>w$}", w = width(i)),
        });
        println!("{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    };
    line(headings.iter().map(|&h| h.to_owned()).collect());
    for row in rows {
        line(row.clone());
    }
    println!();
}

/// Says one thing on a line.
#[allow(clippy::print_stdout, reason = "what a bench is for")]
pub fn say(text: &str) {
    println!("{text}");
}

/// Milliseconds, with a digit behind the point.
pub fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}

/// MiB of KiB.
pub fn mebibytes(kib: Option<u64>) -> String {
    kib.map_or_else(|| "?".to_owned(), |kib| format!("{:.1} MB", kib as f64 / 1024.0))
}
