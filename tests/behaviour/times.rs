use rem_core::{
    Code,
    api::notes::{AddNote, add_note},
    clock::Precision,
    settings::Settings,
};

use crate::{
    receipts,
    world::{World, instant},
};

fn day_starts_at(world: &World, minutes: u16) {
    let settings = Settings { day_start_minutes: minutes, ..world.journal.settings() };
    world.journal.change_settings(settings).expect("settings");
}

#[test]
fn an_hour_that_the_clocks_skip_is_moved_on() {
    let world = World::new();
    world.write(
        "2026-03-29.md",
        "## 02:30\nFed the sleepless baby once more.\n\n## 03:30\nSlept at last until noon.\n",
    );
    world.scan();
    world.dream();
    let day = world.day("2026-03-29");
    assert_eq!(day.moments.len(), 2);
    // At 02:00 it became 03:00.
    assert_eq!(
        world.moment_about("sleepless").moment.starts_at,
        instant("2026-03-29T03:30:00+02:00")
    );
    assert!(day.moments.iter().all(|moment| moment.ends_at >= moment.starts_at));
}

#[test]
fn an_hour_that_comes_twice_is_the_first_of_the_two() {
    let world = World::new();
    world.write("2026-10-25.md", "## 02:30\nFed the sleepless baby once more.\n");
    world.scan();
    world.dream();
    let moment = world.moment_about("sleepless").moment;
    assert_eq!(
        (moment.starts_at, moment.offset_minutes),
        (instant("2026-10-25T02:30:00+02:00"), 120)
    );
}

#[test]
fn a_span_over_the_change_of_clocks_lasts_as_long_as_it_did() {
    let world = World::new();
    world.write("2026-10-25.md", "## 01:00–04:00\nDrove home through the fog with Ana.\n");
    world.scan();
    world.dream();
    let moment = world.moment_about("fog").moment;
    assert_eq!((moment.ends_at - moment.starts_at) / 3_600_000, 4, "three hours on the clock");
}

#[test]
fn messages_around_the_change_of_clocks_keep_their_order_and_their_day() {
    let world = World::new();
    let line = |time: &str, text: &str| {
        format!(
            "{{\"session\":\"night\",\"author\":\"Ana\",\"time\":\"{time}\",\"text\":\"{text}\"}}\n"
        )
    };
    world.write(
        "night.jsonl",
        line("2026-10-25T02:50:00+02:00", "The first train is late again.")
            + &line("2026-10-25T02:10:00+01:00", "The second train came before the first.")
            + &line("2026-10-25T23:59:59+01:00", "This day had twenty-five hours."),
    );
    world.scan();
    world.dream();
    let day = world.day("2026-10-25");
    assert_eq!((day.n_messages, world.days().len()), (3, 1));
    assert!(day.moments.windows(2).all(|pair| pair[0].starts_at <= pair[1].starts_at));
}

#[test]
fn a_day_that_begins_at_four_takes_in_the_night_after_it() {
    let world = World::new();
    day_starts_at(&world, 240);
    let line = |time: &str, text: &str| {
        format!(
            "{{\"session\":\"night\",\"author\":\"Ana\",\"time\":\"{time}\",\"text\":\"{text}\"}}\n"
        )
    };
    world.write(
        "night.jsonl",
        line("2026-10-13T03:59:59+02:00", "Still dancing in the old mill.")
            + &line("2026-10-13T04:00:00+02:00", "Breakfast with fresh bread."),
    );
    world.scan();
    let day_of = |words: &str| world.search(words)[0].day.clone();
    assert_eq!(day_of("dancing").as_deref(), Some("2026-10-12"));
    assert_eq!(day_of("breakfast").as_deref(), Some("2026-10-13"));
}

#[test]
fn a_note_that_names_only_its_day_stays_on_it_wherever_the_day_begins() {
    for minutes in [0, 240, 720] {
        let world = World::new();
        day_starts_at(&world, minutes);
        world.write("2026-10-12.md", "Tuned the harmonium until supper.");
        world.scan();
        world.dream();
        let moment = world.moment_about("harmonium").moment;
        assert_eq!((moment.day.as_str(), moment.precision), ("2026-10-12", Precision::Day));
    }
}

#[test]
fn a_diary_of_1660_is_dreamt_like_any_other() {
    let world = World::in_zone("Europe/London");
    world.write("1660-01-01.md", "Blessed be God, at the end of the last year I was in very good health.\n\n## 00:00\nRang the bells with my wife.\n\n## 23:59\nTo bed in the cold.\n");
    world.write("1659-12-31.md", "Dined at home and was merry.");
    world.scan();
    world.dream();
    assert_eq!(world.days(), ["1659-12-31", "1660-01-01"]);
    let day = world.day("1660-01-01");
    assert_eq!((day.moments.len(), day.previous_day.as_deref()), (3, Some("1659-12-31")));
    let clock = |words: &str| {
        let moment = world.moment_about(words).moment;
        (moment.starts_at + i64::from(moment.offset_minutes) * 60_000).rem_euclid(86_400_000)
            / 60_000
    };
    assert_eq!((clock("bells"), clock("bed")), (0, 23 * 60 + 59), "as the clock showed it then");
    receipts::check(&world);
}

#[test]
fn local_mean_time_puts_no_minute_on_another_day() {
    // Before railways every town had its own time, with seconds in it.
    for zone in ["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata"] {
        let world = World::in_zone(zone);
        world.write(
            "1850-06-01.md",
            "## 00:00\nRang the bells with my wife.\n\n## 23:59\nTo bed in the cold.\n",
        );
        world.scan();
        assert_eq!(world.days(), ["1850-06-01"], "{zone}");
    }
}

#[test]
fn a_zone_west_of_greenwich_keeps_the_days_of_its_evenings() {
    let world = World::in_zone("America/Los_Angeles");
    world.write("2026-10-12.md", "## 23:30\nWatched the moon over the water.\n");
    world.note("Written in the morning there.");
    world.scan();
    world.dream();
    assert_eq!(world.moment_about("moon").moment.day, "2026-10-12");
    assert_eq!(world.search("morning")[0].day.as_deref(), Some("2026-10-14"));
}

#[test]
fn a_time_that_no_calendar_has_is_refused() {
    for zone in ["Europe/Berlin", "America/Los_Angeles"] {
        let world = World::in_zone(zone);
        for at in [i64::MIN, -100_000_000_000_000, i64::MAX] {
            let request = AddNote { text: "Written never.".into(), at: Some(at) };
            let error = add_note(&world.journal, request).expect_err("refused");
            assert_eq!(error.code(), Code::InvalidInput, "{error}");
        }
    }
}

#[test]
fn leap_days_and_ends_of_years_are_days_like_others() {
    let world = World::new();
    for day in ["2024-02-29", "2023-12-31", "2024-01-01", "2000-02-29"] {
        world.write(&format!("{day}.md"), format!("## 12:00\nRang the bells on day {day}.\n"));
    }
    // There is no such day: it is not guessed.
    world.write("2023-02-29.md", "Rang the bells on no day.");
    world.scan();
    let days = world.days();
    for day in ["2024-02-29", "2023-12-31", "2024-01-01", "2000-02-29"] {
        assert!(days.contains(&day.to_owned()), "{day} of {days:?}");
    }
    assert!(!days.contains(&"2023-02-29".to_owned()) && !days.contains(&"2023-03-01".to_owned()));
}
