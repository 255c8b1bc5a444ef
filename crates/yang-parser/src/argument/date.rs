//! Dates of revisions (RFC 7950 section 14, date-arg).

use super::shortened;

/// What is wrong with a date, if anything is.
pub(super) fn problem(text: &str) -> Option<String> {
    let form = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if !form {
        return Some(format!("`{}` is no date of the form YYYY-MM-DD", shortened(text)));
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    (day == 0 || day > days).then(|| format!("`{text}` is not in the calendar"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar() {
        for good in ["2024-02-29", "2000-02-29", "1999-12-31"] {
            assert_eq!(problem(good), None);
        }
        for bad in
            ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "24-04-01", "2024/04/01"]
        {
            assert!(problem(bad).is_some(), "{bad}");
        }
    }
}
