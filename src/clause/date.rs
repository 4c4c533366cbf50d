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
}
