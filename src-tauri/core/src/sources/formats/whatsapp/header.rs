//! The head of a WhatsApp line: “03/04/24, 23:05 - ”, “[4/3/24, 11:05:09 PM] ”, “13.6.2018 klo
//! 21.25.15 - ”. Which of the numbers is the day is not decided here: that takes the whole file.

use chrono::NaiveTime;

/// The head of a line, its numbers in the order they stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The three numbers of the date.
    pub(super) date: [u32; 3],
    /// Whether the first of them is the year; otherwise the last is.
    pub(super) is_year_first: bool,
    /// Whether points stand between them.
    pub(super) is_dotted: bool,
    /// The time of day; `None` if there is no such time.
    pub(super) time: Option<NaiveTime>,
    /// How much of the line is the head's date and time, for the message's key.
    pub(super) stamp_end: usize,
    /// Where name and text begin.
    pub(super) end: usize,
}

/// Signs that steer the direction of writing. They stand anywhere and mean nothing here.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// Spaces of all kinds, such as the narrow one before “PM”.
fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Reads the head of a line; a line without one continues the message before it.
pub(super) fn read(line: &str) -> Option<Header> {
    let mut at = Cursor { line, at: 0 };
    at.hidden();
    let is_bracketed = at.eat('[');
    at.hidden();
    let (first, first_len) = at.number()?;
    let sign = at.sign()?;
    let (second, second_len) = at.number()?;
    let other = at.sign()?;
    let (third, third_len) = at.number()?;
    let is_year_first = first_len == 4;
    let lengths = (first_len, second_len, third_len);
    if sign != other || !matches!(lengths, (1 | 2, 1 | 2, 2 | 4) | (4, 1 | 2, 1 | 2)) {
        return None;
    }
    // “13. 6. 2018. 21:25:15” has a point after the year as well.
    if sign == '.' {
        at.eat('.');
    }
    at.eat(',');
    at.spaces();
    let mut half = at.half();
    at.preposition();
    let (hour, hour_len) = at.number()?;
    let clock_sign = at.eat_any(&[':', '.'])?;
    let (minute, minute_len) = at.number()?;
    let mut second_of_minute = 0;
    if at.rest().starts_with(clock_sign) && at.rest()[1..].starts_with(|c: char| digit(c).is_some())
    {
        at.eat(clock_sign);
        second_of_minute = at.number()?.0;
    }
    if hour_len > 2 || minute_len != 2 {
        return None;
    }
    half = half.or_else(|| at.half());
    let stamp_end = at.at;
    at.hidden();
    if is_bracketed {
        at.eat(']').then_some(())?;
        at.spaces();
    } else {
        at.separator()?;
    }
    let hour = match half {
        Some(Half::Am) if hour == 12 => 0,
        Some(Half::Pm) if hour < 12 => hour + 12,
        _ => hour,
    };
    Some(Header {
        date: [first, second, third],
        is_year_first,
        is_dotted: sign == '.',
        time: NaiveTime::from_hms_opt(hour, minute, second_of_minute.min(59)),
        stamp_end,
        end: at.at,
    })
}

#[derive(Clone, Copy)]
enum Half {
    Am,
    Pm,
}

struct Cursor<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    fn pass(&mut self, is_passed: impl Fn(char) -> bool) -> usize {
        let len: usize =
            self.rest().chars().take_while(|c| is_passed(*c)).map(char::len_utf8).sum();
        self.at += len;
        len
    }

    fn hidden(&mut self) {
        self.pass(is_hidden);
    }

    fn spaces(&mut self) -> usize {
        self.pass(|c| is_space(c) || is_hidden(c))
    }

    fn eat(&mut self, sign: char) -> bool {
        let is_there = self.rest().starts_with(sign);
        self.at += if is_there { sign.len_utf8() } else { 0 };
        is_there
    }

    fn eat_any(&mut self, signs: &[char]) -> Option<char> {
        signs.iter().copied().find(|sign| self.eat(*sign))
    }

    /// A number of at most four digits, in any of the scripts that WhatsApp writes.
    fn number(&mut self) -> Option<(u32, usize)> {
        let (mut value, mut n) = (0, 0);
        while let Some(c) = self.rest().chars().next()
            && let Some(digit) = digit(c)
        {
            value = value * 10 + digit;
            n += 1;
            self.at += c.len_utf8();
            if n > 4 {
                return None;
            }
        }
        (n > 0).then_some((value, n))
    }

    /// What stands between the numbers of a date.
    fn sign(&mut self) -> Option<char> {
        self.hidden();
        let sign = self.eat_any(&['/', '.', '-'])?;
        if sign == '.' {
            self.spaces();
        }
        self.hidden();
        Some(sign)
    }

    /// “klo”, “kl.”, “at”, “um”: a short word before the clock time.
    fn preposition(&mut self) {
        for word in ["klo", "kl.", "kl", "at", "um", "à", "las", "-"] {
            if let Some(after) = self.rest().strip_prefix(word)
                && after.starts_with(is_space)
            {
                self.at += word.len();
                self.spaces();
                return;
            }
        }
    }

    /// “AM”, “p. m.”, “오후”: before or after the clock time.
    fn half(&mut self) -> Option<Half> {
        let start = self.at;
        self.spaces();
        for (word, half) in [
            ("오전", Half::Am),
            ("오후", Half::Pm),
            ("上午", Half::Am),
            ("下午", Half::Pm),
            ("午前", Half::Am),
            ("午後", Half::Pm),
            ("ص", Half::Am),
            ("م", Half::Pm),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                self.spaces();
                return Some(half);
            }
        }
        let half = match self.rest().chars().next() {
            Some('a' | 'A') => Half::Am,
            Some('p' | 'P') => Half::Pm,
            _ => {
                self.at = start;
                return None;
            }
        };
        self.at += 1;
        self.eat('.');
        self.spaces();
        if self.eat_any(&['m', 'M']).is_some() {
            self.eat('.');
            return Some(half);
        }
        self.at = start;
        None
    }

    /// “ - ” of Android, or “: ” of old iPhones.
    fn separator(&mut self) -> Option<()> {
        if self.rest().starts_with(": ") {
            self.at += 2;
            return Some(());
        }
        let before = self.spaces();
        self.eat_any(&['-', '–', '—'])?;
        (before > 0 && (self.spaces() > 0 || self.rest().is_empty())).then_some(())
    }
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '\u{660}'..='\u{669}' => Some(c as u32 - 0x660),
        '\u{6F0}'..='\u{6F9}' => Some(c as u32 - 0x6F0),
        '\u{966}'..='\u{96F}' => Some(c as u32 - 0x966),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Option<(String, String, &str)> {
        let header = read(line)?;
        let [a, b, c] = header.date;
        let time =
            header.time.map_or("none".to_owned(), |time| time.format("%H:%M:%S").to_string());
        Some((format!("{a} {b} {c}"), time, &line[header.end..]))
    }

    #[test]
    fn all_known_heads_are_read() {
        for (line, date, time) in [
            ("03/04/24, 23:05 - Ana: hi", "3 4 24", "23:05:00"),
            ("\u{200E}[03/04/2024, 23:05:09] Ana: hi", "3 4 2024", "23:05:09"),
            ("[4/3/24, 11:05:09\u{202F}PM] Ana: hi", "4 3 24", "23:05:09"),
            ("4/3/24, 11:05\u{202F}PM - Ana: hi", "4 3 24", "23:05:00"),
            ("13.6.2018 klo 21.25.15 - Ana: hi", "13 6 2018", "21:25:15"),
            ("[13. 6. 2018. 21:25:15] Ana: hi", "13 6 2018", "21:25:15"),
            ("13. 6. 2018. 21:25 - Ana: hi", "13 6 2018", "21:25:00"),
            ("[2018/06/13, 21:25:15] Ana: hi", "2018 6 13", "21:25:15"),
            ("2018-06-13, 21:25 - Ana: hi", "2018 6 13", "21:25:00"),
            ("03-06-2018, 01.55 PM - Ana: hi", "3 6 2018", "13:55:00"),
            ("01/20/2019, 08:49 p. m. - Ana: hi", "1 20 2019", "20:49:00"),
            ("1/20/19, 8:49 a.m. - Ana: hi", "1 20 19", "08:49:00"),
            ("1/20/19, 8:49 p.\u{A0}m. - Ana: hi", "1 20 19", "20:49:00"),
            ("12/20/2021, 12:10 a. m. - Ana: hi", "12 20 2021", "00:10:00"),
            ("06/20/2020, 00:08 a. m. - Ana: hi", "6 20 2020", "00:08:00"),
            ("13.06.18, 21:25:15: Ana: hi", "13 6 18", "21:25:15"),
            ("[٣/٤/٢٠٢٤، 0] x", "", ""),
            ("\u{202A}03/04/24, 23:05\u{202C} - Ana: hi", "3 4 24", "23:05:00"),
            ("03/04/24 23:05 - Ana: hi", "3 4 24", "23:05:00"),
            ("2018. 6. 13. 오후 9:25 - Ana: hi", "2018 6 13", "21:25:00"),
            ("03/04/24, 25:05 - Ana: hi", "3 4 24", "none"),
        ] {
            let expected =
                (!date.is_empty()).then(|| (date.to_owned(), time.to_owned(), "Ana: hi"));
            assert_eq!(parts(line), expected, "{line}");
        }
    }

    #[test]
    fn other_lines_continue_a_message() {
        for line in [
            "",
            "and then",
            "12:30 was late",
            "03/04/24",
            "03/04/24, 23:05",
            "1.2.3, 4",
            "[x] done",
            "03/04/24, 23:05-7 Ana: hi",
            "10/12 people, 3:1 - ok",
            "2025-03-06",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "[\\[]?[0-9/.,: \u{202F}\u{200E}٣pPmM\\]-]{0,30}") {
            let _ = read(&line);
        }
    }
}
