//! Times as RFC 3339 writes them (`yang:date-and-time`).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time as [`timestamp`] writes it: who compares what was written with what was meant finds no difference.
pub(crate) fn now() -> SystemTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UNIX_EPOCH + Duration::new(since.as_secs(), since.subsec_millis() * 1_000_000)
}

/// Reads a time with its zone (RFC 3339 section 5.6). Digits below the nanosecond do not count; a leap second is the one after it.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let number = |digits: &str, width: usize| -> Option<u64> {
        let fits = digits.len() == width && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { digits.parse().ok() } else { None }
    };
    let clock = |text: &str| -> Option<(u64, u64)> {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
        (hours < 24 && minutes < 60).then_some((hours, minutes))
    };
    let (day, rest) = text.split_once(['T', 't'])?;
    let mut parts = day.split('-');
    let (year, month, of_month) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let known = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&of_month);
    if parts.next().is_some() || !known {
        return None;
    }
    let at = rest.find(['Z', 'z', '+', '-'])?;
    let (time, zone) = rest.split_at(at);
    let (hours_minutes, seconds) = time.rsplit_once(':')?;
    let (hours, minutes) = clock(hours_minutes)?;
    let (seconds, fraction) = match seconds.split_once('.') {
        Some((_, "")) => return None,
        Some((seconds, fraction)) => (seconds, fraction),
        None => (seconds, ""),
    };
    let seconds = number(seconds, 2).filter(|&seconds| seconds <= 60)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nanos: u32 = format!("{fraction:0<9}")[..9].parse().ok()?;
    let ahead: i64 = match zone.split_at(1) {
        ("Z" | "z", "") => 0,
        (sign, zone) => {
            let (hours, minutes) = clock(zone)?;
            let ahead = i64::try_from(hours * 3600 + minutes * 60).ok()?;
            if sign == "-" { -ahead } else { ahead }
        }
    };
    let days = days_since_march_of_year_0(year, month, of_month).checked_sub_unsigned(BEFORE_1970)?;
    let in_day = i64::try_from(hours * 3600 + minutes * 60 + seconds).ok()?;
    let whole = days * 86_400 + in_day - ahead;
    let distance = Duration::from_secs(whole.unsigned_abs());
    let at = if whole < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    at?.checked_add(Duration::from_nanos(nanos.into()))
}

/// From March 1 of year 0 to January 1, 1970.
const BEFORE_1970: u64 = 719_468;

fn days_of(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The way back from [`date`]; what is before that March is negative.
fn days_since_march_of_year_0(year: u64, month: u64, day: u64) -> i64 {
    let (year, month, day) = (year.cast_signed(), month.cast_signed(), day.cast_signed());
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month_from_march + 2) / 5 + day - 1
}

/// A time in UTC, to the millisecond.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = date(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        since.subsec_millis()
    )
}

/// The date of a day since 1970. A cycle of the calendar is 400 years or 146,097 days; a year is taken to begin in March,
/// so that the leap day is its last.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + BEFORE_1970;
    let (cycle, day_of_cycle) = (days / 146_097, days % 146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    // Months from March on have 31, 30, 31, 30, 31 days, again and again: 153 in five.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = 400 * cycle + year_of_cycle + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339_does() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn times_are_read_as_rfc_3339_writes_them() {
        // Section 5.8 has the first five.
        for (text, written) in [
            ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"),
            ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"),
            ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"),
            ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"),
            ("2037-01-01T12:00:27.87+00:20", "2037-01-01T11:40:27.870Z"),
            ("2024-02-29t00:00:00.0019999999z", "2024-02-29T00:00:00.001Z"),
            ("1970-01-01T00:00:00-00:00", "1970-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(timestamp(parse(text).unwrap()), written, "{text}");
        }
        assert_eq!(parse("1969-12-31T23:59:59.5Z"), Some(UNIX_EPOCH - Duration::from_millis(500)));
        assert_eq!(
            parse("0000-03-01T00:00:00Z"),
            Some(UNIX_EPOCH - Duration::from_secs(BEFORE_1970 * 86_400))
        );
        assert!(parse("0000-01-01T00:00:00+23:59").is_some() && parse("9999-12-31T23:59:59-23:59").is_some());
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "now",
            "2024-01-01",
            "2024-01-01T00:00:00",
            "2024-01-01 00:00:00Z",
            "2024-1-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2024-04-31T00:00:00Z",
            "2024-01-00T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:61Z",
            "2024-01-01T00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00.1-1Z",
            "2024-01-01T00:00:00Z0",
            "2024-01-01T00:00:00+1:00",
            "2024-01-01T00:00:00+24:00",
            "+024-01-01T00:00:00Z",
            "2024-01-01T00:00:00.\u{661}Z",
            "2024-01-01-01T00:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for day in (0..200_000).step_by(97) {
            let time = UNIX_EPOCH + Duration::from_millis(day * 86_400_000 + day * 37);
            assert_eq!(parse(&timestamp(time)), Some(time));
        }
        let now = now();
        assert_eq!(parse(&timestamp(now)), Some(now));
    }

    #[test]
    fn days_follow_each_other() {
        let mut before = date(0);
        for day in 1..200_000 {
            let now = date(day);
            let next_day = (before.0, before.1, before.2 + 1);
            let next_month = (before.0, before.1 + 1, 1);
            let next_year = (before.0 + 1, 1, 1);
            assert!(now == next_day || now == next_month || now == next_year, "{before:?} {now:?}");
            before = now;
        }
    }
}
