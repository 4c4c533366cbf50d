use std::fmt;

use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// A day in UTC, counted from 1970-01-01 (which is 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

const EPOCH_JULIAN_DAY: i32 = 2_440_588;

impl Day {
    /// Reads an RFC 3339 full date (`2026-05-04`) or date-time; of a date-time, its day in UTC.
    ///
    /// Returns `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() == 10 {
            let mut parts = text.split('-');
            let mut next = |width: usize| {
                parts.next().filter(|part| part.len() == width && part.bytes().all(|b| b.is_ascii_digit()))
            };
            let year = next(4)?.parse().ok()?;
            let month: u8 = next(2)?.parse().ok()?;
            let day = next(2)?.parse().ok()?;
            let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
            return Some(Self(date.to_julian_day() - EPOCH_JULIAN_DAY));
        }
        let moment = parse_moment(text)?;
        Some(Self(moment.date().to_julian_day() - EPOCH_JULIAN_DAY))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN_DAY)) {
            Ok(date) => {
                write!(formatter, "{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
            }
            Err(_) => write!(formatter, "day {}", self.0),
        }
    }
}

/// Reads an RFC 3339 date-time and returns it in UTC.
#[must_use]
pub fn parse_moment(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)
}

/// The later of two RFC 3339 dates or date-times, whatever their offsets; a day counts as its beginning in
/// UTC.
#[must_use]
pub fn take_later(held: Option<String>, other: Option<&str>) -> Option<String> {
    let (Some(held), Some(other)) = (held.as_deref(), other) else {
        return held.or_else(|| other.map(str::to_owned));
    };
    let moment = |text: &str| {
        let day = || OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339).ok();
        parse_moment(text).or_else(day)
    };
    let later = if other != held && moment(other) > moment(held) { other } else { held };
    Some(later.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_in_utc() {
        assert_eq!(Day::parse("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::parse("2000-03-01"), Some(Day(11_017)));
        assert_eq!(Day::parse("1970-01-01T23:30:00-01:00"), Some(Day(1)));
        assert_eq!(Day(11_017).to_string(), "2000-03-01");
        for bad in ["", "1970-13-01", "1970-02-30", "70-01-01", "yesterday", "1970/01/01", "+970-01-01"] {
            assert_eq!(Day::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_later_is_later_whatever_its_offset() {
        let check = |held: Option<&str>, other: Option<&str>, expected: Option<&str>| {
            assert_eq!(take_later(held.map(str::to_owned), other).as_deref(), expected, "{held:?} {other:?}");
        };
        check(None, None, None);
        check(Some("2026-05-04"), None, Some("2026-05-04"));
        check(None, Some("2026-05-04"), Some("2026-05-04"));
        check(Some("2026-05-04"), Some("2026-05-04T01:00:00Z"), Some("2026-05-04T01:00:00Z"));
        // The bytes of the first are greater, and it is earlier.
        let (first, second) = ("2026-05-04T23:30:00+02:00", "2026-05-04T22:00:00Z");
        check(Some(first), Some(second), Some(second));
        check(Some(second), Some(first), Some(second));
    }
}
