use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn wednesday() -> Asked {
    Asked {
        today: day("2026-10-14"),
        week_start: Weekday::Mon,
        day_start_minutes: 0,
        is_southern: false,
    }
}

/// As the table writes it.
fn told(when: Option<&When>) -> String {
    let Some(when) = when else { return "nothing".into() };
    let mut told = match when.from {
        Some(from) if from == when.until => from.to_string(),
        Some(from) => format!("{from}..{}", when.until),
        None => format!("..{}", when.until),
    };
    if let Some(Hours { from, until }) = when.hours {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        told.push_str(&format!(" {}-{}", clock(from), clock(until)));
    }
    told
}

#[test]
fn every_phrase_of_the_table_means_what_stands_beside_it() {
    let mut asked = wednesday();
    let (mut n_phrases, mut wrong) = (0, Vec::new());
    for line in include_str!("phrases.txt").lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some((phrase, wanted)) = line.split_once('|') {
            n_phrases += 1;
            let found = told(of_question(phrase.trim(), &asked).as_ref());
            if found != wanted.trim() {
                wrong.push(format!("{} | {found}, not {}", phrase.trim(), wanted.trim()));
            }
            continue;
        }
        let (name, value) = line.split_once(" = ").expect("a setting");
        match name {
            "today" => asked.today = day(value),
            "week start" => asked.week_start = value.parse().expect("a weekday"),
            "day start" => {
                let (hours, minutes) = value.split_once(':').expect("a time of day");
                let number = |text: &str| text.parse::<u16>().expect("a number");
                asked.day_start_minutes = number(hours) * 60 + number(minutes);
            }
            "south" => asked.is_southern = value == "yes",
            other => panic!("{other} is no setting"),
        }
    }
    assert!(n_phrases >= 120, "{n_phrases}");
    assert!(wrong.is_empty(), "{} of {n_phrases}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_span_covers_the_words_that_told_it_and_the_rest_can_be_read_on() {
    let text = "What did Ilse say last Tuesday afternoon about the roof?";
    let when = of_question(text, &wednesday()).expect("a date");
    assert_eq!(&text[when.spans[0].clone()], "last Tuesday afternoon");
    assert_eq!(without(text, &when.spans), "What did Ilse say about the roof?");
}

#[test]
fn only_a_text_that_is_nothing_but_a_date_is_read_as_one() {
    assert!(read(" since Monday ", &wednesday()).is_some());
    assert!(read("March", &wednesday()).is_some());
    for text in ["the letter of last Monday", "Monday or Tuesday", "bellows", ""] {
        assert_eq!(read(text, &wednesday()), None, "{text}");
    }
}

#[test]
fn days_become_instants_by_zone_and_start_of_the_day() {
    let calendar = Calendar::new("Europe/Berlin").expect("a zone");
    let hour = 3_600_000;
    let length = |asked: &Asked, calendar: &Calendar, text: &str| {
        let (from, until) = read(text, asked).expect("a date").instants(calendar);
        (until - from.expect("a beginning")) / hour
    };
    let asked = Asked { today: day("2026-10-26"), ..wednesday() };
    assert_eq!(length(&asked, &calendar, "yesterday"), 25, "summer time ended");
    let asked = Asked { today: day("2026-03-30"), ..wednesday() };
    assert_eq!(length(&asked, &calendar, "yesterday"), 23, "summer time began");
    assert_eq!(length(&asked, &calendar, "yesterday afternoon"), 6);
    let owl = Calendar { day_start_minutes: 240, ..calendar };
    let asked = Asked { day_start_minutes: 240, ..wednesday() };
    let (from, until) = read("yesterday evening", &asked).expect("a date").instants(&owl);
    let local = |at: i64| chrono::DateTime::from_timestamp_millis(at).expect("a time").to_rfc3339();
    assert_eq!(local(from.expect("a beginning")), "2026-10-13T15:00:00+00:00");
    assert_eq!(local(until), "2026-10-14T02:00:00+00:00");
}

#[test]
fn a_text_without_end_is_read_in_reasonable_time() {
    for word in ["end of ", "in the ", "between 3 and ", "last ", "vor "] {
        let _ = find(&word.repeat(100_000), &wednesday());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_date_lies_ahead_and_every_span_can_be_sliced(
        text in "(last |seit |between |vor |on |3 |2024 |10/|and |March |Freitag|week|Tagen|–|\\PC){0,12}",
        n in 0i32..3_000_000,
    ) {
        let today = NaiveDate::from_num_days_from_ce_opt(n).expect("a day");
        let asked = Asked { today, ..wednesday() };
        for when in find(&text, &asked) {
            prop_assert!(when.until <= today && when.from.is_none_or(|from| from <= when.until));
            prop_assert!(when.spans.iter().all(|span| text.get(span.clone()).is_some()));
        }
    }
}
