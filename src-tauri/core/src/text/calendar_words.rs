//! The words of the calendar in English and German: months, weekdays, seasons, parts of the day, numbers.
//! All lists are folded as by [`fold`](super::words::fold), so that "März", "marz" and "MÄRZ" are one.

use chrono::Weekday;

/// A season of the meteorologists: three whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// From five to ten.
    Early,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

/// A stretch that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// Month names and their abbreviations, with their numbers.
pub(super) const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("januar", 1),
    ("janner", 1),
    ("jan", 1),
    ("february", 2),
    ("februar", 2),
    ("feb", 2),
    ("march", 3),
    ("marz", 3),
    ("maerz", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("mai", 5),
    ("june", 6),
    ("juni", 6),
    ("jun", 6),
    ("july", 7),
    ("juli", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oktober", 10),
    ("oct", 10),
    ("okt", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dezember", 12),
    ("dec", 12),
    ("dez", 12),
];

/// English weekdays, then German ones.
pub(super) const WEEKDAYS: [(&str, Weekday); 15] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
    ("montag", Weekday::Mon),
    ("dienstag", Weekday::Tue),
    ("mittwoch", Weekday::Wed),
    ("donnerstag", Weekday::Thu),
    ("freitag", Weekday::Fri),
    ("samstag", Weekday::Sat),
    ("sonnabend", Weekday::Sat),
    ("sonntag", Weekday::Sun),
];
/// How many of [`WEEKDAYS`] are English.
pub(super) const ENGLISH_WEEKDAYS: usize = 7;

/// Abbreviations that are no everyday words.
const SHORT_WEEKDAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("tues", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("thur", Weekday::Thu),
    ("thurs", Weekday::Thu),
    ("fri", Weekday::Fri),
];

/// Numbers in words, with the words that stand for one.
pub(super) const NUMBERS: &[(&str, u32)] = &[
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("twenty", 20),
    ("thirty", 30),
    ("einem", 1),
    ("einer", 1),
    ("eine", 1),
    ("ein", 1),
    ("einen", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwolf", 12),
    ("zwoelf", 12),
    ("zwanzig", 20),
    ("dreissig", 30),
];

const SEASONS: &[(&str, Season)] = &[
    ("spring", Season::Spring),
    ("springtime", Season::Spring),
    ("fruhling", Season::Spring),
    ("fruehling", Season::Spring),
    ("fruhjahr", Season::Spring),
    ("fruehjahr", Season::Spring),
    ("summer", Season::Summer),
    ("sommer", Season::Summer),
    ("autumn", Season::Autumn),
    ("fall", Season::Autumn),
    ("herbst", Season::Autumn),
    ("winter", Season::Winter),
];

const PARTS: &[(&str, Part)] = &[
    ("fruh", Part::Early),
    ("frueh", Part::Early),
    ("morning", Part::Morning),
    ("mornings", Part::Morning),
    ("morgen", Part::Morning),
    ("morgens", Part::Morning),
    ("forenoon", Part::Morning),
    ("vormittag", Part::Morning),
    ("vormittags", Part::Morning),
    ("noon", Part::Noon),
    ("midday", Part::Noon),
    ("lunchtime", Part::Noon),
    ("mittag", Part::Noon),
    ("mittags", Part::Noon),
    ("afternoon", Part::Afternoon),
    ("afternoons", Part::Afternoon),
    ("nachmittag", Part::Afternoon),
    ("nachmittags", Part::Afternoon),
    ("evening", Part::Evening),
    ("evenings", Part::Evening),
    ("abend", Part::Evening),
    ("abends", Part::Evening),
    ("night", Part::Night),
    ("nights", Part::Night),
    ("nacht", Part::Night),
    ("nachts", Part::Night),
];

const UNITS: &[(&str, Unit)] = &[
    ("hour", Unit::Hour),
    ("hours", Unit::Hour),
    ("stunde", Unit::Hour),
    ("stunden", Unit::Hour),
    ("day", Unit::Day),
    ("days", Unit::Day),
    ("tag", Unit::Day),
    ("tage", Unit::Day),
    ("tagen", Unit::Day),
    ("week", Unit::Week),
    ("weeks", Unit::Week),
    ("woche", Unit::Week),
    ("wochen", Unit::Week),
    ("month", Unit::Month),
    ("months", Unit::Month),
    ("monat", Unit::Month),
    ("monate", Unit::Month),
    ("monaten", Unit::Month),
    ("monats", Unit::Month),
    ("quarter", Unit::Quarter),
    ("quarters", Unit::Quarter),
    ("quartal", Unit::Quarter),
    ("quartale", Unit::Quarter),
    ("quartals", Unit::Quarter),
    ("year", Unit::Year),
    ("years", Unit::Year),
    ("jahr", Unit::Year),
    ("jahre", Unit::Year),
    ("jahren", Unit::Year),
    ("jahres", Unit::Year),
];

fn of<T: Copy>(list: &[(&str, T)], word: &str) -> Option<T> {
    list.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}

/// The month that a folded word names, from 1.
pub(crate) fn month(word: &str) -> Option<u32> {
    of(MONTHS, word)
}

/// The weekday that a folded word names, whole or in short.
pub(crate) fn weekday(word: &str) -> Option<Weekday> {
    of(&WEEKDAYS, word).or_else(|| of(SHORT_WEEKDAYS, word))
}

/// The weekday and part of the day that are written as one: "dienstagnachmittag".
pub(super) fn weekday_part(word: &str) -> Option<(Weekday, Part)> {
    WEEKDAYS.iter().find_map(|(name, day)| Some((*day, part(word.strip_prefix(name)?)?)))
}

/// The number that a folded word is.
pub(crate) fn number(word: &str) -> Option<u32> {
    of(NUMBERS, word)
}

/// The season that a folded word names.
pub(super) fn season(word: &str) -> Option<Season> {
    of(SEASONS, word)
}

/// The part of the day that a folded word names.
pub(crate) fn part(word: &str) -> Option<Part> {
    of(PARTS, word)
}

/// The unit that a folded word names.
pub(super) fn unit(word: &str) -> Option<Unit> {
    of(UNITS, word)
}

/// Spellings for a pattern, those with an umlaut both ways.
pub(super) fn alternatives<T>(list: &[(&str, T)]) -> String {
    let spelt = |word: &str| match word {
        "janner" => "j[aä]nner".to_owned(),
        "marz" => "m[aä]rz|mär".to_owned(),
        "funf" => "f[uü]nf".to_owned(),
        "zwolf" => "zw[oö]lf".to_owned(),
        "dreissig" => "drei(?:ß|ss)ig".to_owned(),
        other => other.to_owned(),
    };
    list.iter().map(|(word, _)| spelt(word)).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::fold;

    #[test]
    fn every_word_is_folded_and_stands_for_one_thing() {
        fn check<T>(list: &[(&str, T)]) {
            let mut seen = std::collections::BTreeSet::new();
            for (word, _) in list {
                assert_eq!(&fold(word), word);
                assert!(seen.insert(*word), "{word} stands twice");
            }
        }
        check(MONTHS);
        check(&WEEKDAYS);
        check(SHORT_WEEKDAYS);
        check(NUMBERS);
        check(SEASONS);
        check(PARTS);
        check(UNITS);
    }

    #[test]
    fn a_weekday_and_a_part_of_the_day_may_be_one_word() {
        assert_eq!(weekday_part("dienstagnachmittag"), Some((Weekday::Tue, Part::Afternoon)));
        assert_eq!(weekday_part("dienstag"), None);
    }
}
