//! Which of two numbers is the day and which the month: asked of the whole file, never of one line,
//! and always said aloud.

use chrono::NaiveDate;

use super::header::Header;

/// The order of a file's dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 31/12/2024.
    DayFirst,
    /// 12/31/2024.
    MonthFirst,
}

/// The order that was found, and what a person should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The order to read by.
    pub(super) order: Order,
    /// How sure that is. `None` where the year comes first, which leaves no doubt.
    pub(super) notice: Option<String>,
}

impl Order {
    /// The day that a header names in this order, if there is such a day.
    pub(super) fn day(self, header: &Header) -> Option<NaiveDate> {
        let [a, b, c] = header.date;
        let (year, month, day) = if header.is_year_first {
            (a, b, c)
        } else if self == Self::DayFirst {
            (c, b, a)
        } else {
            (c, a, b)
        };
        let year = if year < 100 { 2000 + year } else { year };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    fn words(self) -> &'static str {
        match self {
            Self::DayFirst => "day first (31/12)",
            Self::MonthFirst => "month first (12/31)",
        }
    }

    /// The order a person asks for in the file's name: “… (month first).txt”.
    fn asked_for(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let asks = |words: [&str; 2]| words.iter().any(|word| name.contains(word));
        if asks(["day first", "day-first"]) {
            Some(Self::DayFirst)
        } else if asks(["month first", "month-first"]) {
            Some(Self::MonthFirst)
        } else {
            None
        }
    }
}

/// Finds the order of the dates of a file.
pub(super) fn find(path: &str, headers: &[Header]) -> Found {
    let pairs: Vec<&Header> = headers.iter().filter(|header| !header.is_year_first).collect();
    if pairs.is_empty() {
        return Found { order: Order::DayFirst, notice: None };
    }
    if let Some(order) = Order::asked_for(path) {
        let notice = format!("dates are read {}, as the file's name asks", order.words());
        return Found { order, notice: Some(notice) };
    }
    let (order, reason) = by_size(&pairs)
        .or_else(|| by_course(&pairs))
        .or_else(|| by_change(&pairs))
        .or_else(|| by_sign(&pairs))
        .unzip();
    let order = order.unwrap_or(Order::DayFirst);
    let notice = match reason {
        Some(reason) => format!("dates are read {}: {reason}", order.words()),
        None => {
            "it is not certain whether dates like 03/04 mean 3 April or March 4; they are read \
                 day first. If that is wrong, add “(month first)” to the file's name, or export a \
                 longer stretch of the chat"
                .to_owned()
        }
    };
    Found { order, notice: Some(notice) }
}

/// A number above twelve is a day.
fn by_size(pairs: &[&Header]) -> Option<(Order, String)> {
    let count = |place: usize| pairs.iter().filter(|header| header.date[place] > 12).count();
    let (first, second) = (count(0), count(1));
    match first.cmp(&second) {
        std::cmp::Ordering::Greater => {
            Some((Order::DayFirst, format!("the first number is above 12 in {}", lines(first))))
        }
        std::cmp::Ordering::Less => {
            Some((Order::MonthFirst, format!("the second number is above 12 in {}", lines(second))))
        }
        std::cmp::Ordering::Equal => None,
    }
}

/// Chats go forward in time: the right order jumps back less often.
fn by_course(pairs: &[&Header]) -> Option<(Order, String)> {
    let jumps =
        |order: Order| pairs.windows(2).filter(|two| order.day(two[1]) < order.day(two[0])).count();
    let (day_first, month_first) = (jumps(Order::DayFirst), jumps(Order::MonthFirst));
    let reason = "read the other way the chat would jump back in time more often".to_owned();
    match day_first.cmp(&month_first) {
        std::cmp::Ordering::Less => Some((Order::DayFirst, reason)),
        std::cmp::Ordering::Greater => Some((Order::MonthFirst, reason)),
        std::cmp::Ordering::Equal => None,
    }
}

/// Days change more often than months. A handful of changes is needed to say so.
fn by_change(pairs: &[&Header]) -> Option<(Order, String)> {
    let changes = |place: usize| {
        pairs.windows(2).filter(|two| two[0].date[place] != two[1].date[place]).count()
    };
    let (first, second) = (changes(0), changes(1));
    if first >= 3 && first >= 3 * second {
        Some((Order::DayFirst, "the first number changes most often".to_owned()))
    } else if second >= 3 && second >= 3 * first {
        Some((Order::MonthFirst, "the second number changes most often".to_owned()))
    } else {
        None
    }
}

/// Where points stand in dates, the day comes first; equal numbers are the same either way.
fn by_sign(pairs: &[&Header]) -> Option<(Order, String)> {
    if pairs.iter().all(|header| header.is_dotted) {
        Some((Order::DayFirst, "dates with points are written so".to_owned()))
    } else if pairs.iter().all(|header| header.date[0] == header.date[1]) {
        Some((Order::DayFirst, "both readings are the same".to_owned()))
    } else {
        None
    }
}

fn lines(n: usize) -> String {
    if n == 1 { "one line".to_owned() } else { format!("{n} lines") }
}

#[cfg(test)]
mod tests {
    use super::{super::header, *};

    fn found(dates: &[&str]) -> (Order, String) {
        let headers: Vec<Header> = dates
            .iter()
            .map(|date| header::read(&format!("{date}, 10:00 - Ana: hi")).unwrap())
            .collect();
        let found = find("chat.txt", &headers);
        (found.order, found.notice.unwrap_or_default())
    }

    #[test]
    fn a_number_above_twelve_decides() {
        assert_eq!(found(&["03/04/24", "13/04/24"]).0, Order::DayFirst);
        assert_eq!(found(&["03/04/24", "03/14/24"]).0, Order::MonthFirst);
        assert!(found(&["13/04/24"]).1.contains("day first (31/12): the first number is above 12"));
    }

    #[test]
    fn the_course_of_time_decides() {
        assert_eq!(found(&["11/01/24", "12/01/24", "01/02/24"]).0, Order::DayFirst);
        assert_eq!(found(&["01/11/24", "01/12/24", "02/01/24"]).0, Order::MonthFirst);
    }

    #[test]
    fn the_number_that_changes_daily_decides() {
        assert_eq!(found(&["03/04/24", "04/04/24", "05/04/24", "06/04/24"]).0, Order::DayFirst);
        assert_eq!(found(&["04/03/24", "04/04/24", "04/05/24", "04/06/24"]).0, Order::MonthFirst);
    }

    #[test]
    fn what_cannot_be_decided_is_said_with_a_way_out() {
        let (order, notice) = found(&["03/04/24", "04/04/24"]);
        assert_eq!(order, Order::DayFirst);
        assert!(notice.contains("not certain") && notice.contains("(month first)"), "{notice}");
        let header = header::read("03/04/24, 10:00 - Ana: hi").unwrap();
        assert_eq!(find("Ana (month first).txt", &[header]).order, Order::MonthFirst);
    }

    #[test]
    fn points_mean_day_first_and_a_year_in_front_leaves_no_doubt() {
        assert!(found(&["03.04.24"]).1.contains("points"));
        assert_eq!(found(&["2024-04-03"]).1, "");
    }

    #[test]
    fn impossible_days_are_none_and_short_years_of_this_century() {
        let header = header::read("31/02/24, 10:00 - Ana: hi").unwrap();
        assert_eq!(Order::DayFirst.day(&header), None);
        let header = header::read("03/04/69, 10:00 - Ana: hi").unwrap();
        assert_eq!(Order::DayFirst.day(&header).unwrap().to_string(), "2069-04-03");
    }
}
