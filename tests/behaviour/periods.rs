use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::{
        dreams::{DreamRequest, DreamState, Stage, StageEnd, StageReport},
        moments::{CorrectMoment, Correction, correct_moment},
        periods::{PeriodKind, ReviewState, ReviewView, ShowReview, show_review},
    },
    event::Event,
    journal::Cancel,
    mind::{
        Fault,
        around::{Around, Patience},
        scripted::Scripted,
    },
    settings::Settings,
};
use rem_tests::support::reader;

use crate::world::{World, differences, instant};

const DAY: i64 = 86_400_000;

fn review(world: &World, kind: PeriodKind, day: &str) -> ReviewView {
    let request = ShowReview { kind, day: Some(day.into()) };
    show_review(&world.journal, request).expect("the review is shown")
}

fn week(world: &World, day: &str) -> ReviewView {
    review(world, PeriodKind::Week, day)
}

fn periods() -> DreamRequest {
    DreamRequest { stages: vec![Stage::Periods], ..DreamRequest::default() }
}

fn stage(world: &World) -> StageReport {
    let report = world.dream_with(&periods());
    report.stages.into_iter().next().expect("one stage")
}

/// Kind and first day of all rows that differ.
fn retold(before: &[String], after: &[String]) -> BTreeSet<String> {
    let name = |row: &String| row.split(" | ").skip(1).take(2).collect::<Vec<_>>().join(" ");
    let name = |row: &String| name(row).replace("Integer", "");
    let only = |some: &[String], others: &[String]| -> Vec<String> {
        some.iter().filter(|row| !others.contains(row)).map(name).collect()
    };
    only(before, after).into_iter().chain(only(after, before)).collect()
}

/// Three weeks of two months, with moments on three days of each.
fn weeks() -> World {
    let world = World::new();
    for (n, day) in
        ["09-21", "09-23", "09-25", "09-28", "10-01", "10-02", "10-05", "10-06", "10-08"]
            .into_iter()
            .enumerate()
    {
        let text = format!(
            "## 09:00–11:00\nTuned harmonium number {n} with Ilse; reed {n} holds at last.\n\n\
             ## 18:00\nSwam {n} lengths with Tomas; the water was cold.\n"
        );
        world.write(&format!("2026-{day}.md"), text);
    }
    world.scan();
    world
}

fn correct(world: &World, id: i64, correction: Correction) {
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is corrected");
}

fn beside(model: &Scripted) -> World {
    let patience = Patience {
        first_wait: Duration::from_millis(1),
        until_back: Duration::from_millis(1),
        ..Patience::default()
    };
    let server = Some(Arc::new(model.clone()) as _);
    let world = World::around(Around { server, patience, ..Around::default() });
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    world.journal.change_settings(settings).expect("settings are kept");
    for (n, day) in ["10-05", "10-06", "10-08", "10-12", "10-13"].into_iter().enumerate() {
        world.write(
            &format!("2026-{day}.md"),
            format!("## 09:00\nHester tuned the harmonium, reed {n}, and broke it at once.\n"),
        );
    }
    world.scan();
    world
}

/// Reads well while the switch is on; is away while it is off.
fn switched() -> (Scripted, Arc<AtomicBool>) {
    let switch = Arc::new(AtomicBool::new(true));
    let is_there = Arc::clone(&switch);
    let model = Scripted::new(move |chat| {
        if is_there.load(Ordering::SeqCst) {
            Ok(Scripted::said(&reader::reply(chat).to_string()))
        } else {
            Err(Fault::Passing("out of memory".into()))
        }
    });
    (model, switch)
}

#[test]
fn a_dream_tells_and_reckons_the_week_the_month_and_the_year() {
    let world = weeks();
    let report = world.dream();
    let stage = report.stages.iter().find(|stage| stage.stage == Stage::Periods).expect("a stage");
    let told = |kind: &str| stage.counts.get(kind).copied();
    assert_eq!(stage.end, StageEnd::Done);
    assert_eq!(
        (told("weeks_told"), told("months_told"), told("years_told")),
        (Some(3.0), Some(2.0), Some(1.0))
    );
    let week = week(&world, "2026-10-07");
    assert_eq!((week.starts_on.as_str(), week.ends_on.as_str()), ("2026-10-05", "2026-10-11"));
    assert_eq!((week.state, week.is_running, week.is_thin), (ReviewState::Told, false, false));
    assert_eq!((week.n_days, week.n_moments, week.n_records, week.minutes), (3, 6, 3, 360));
    assert!(week.summary.contains("harmonium number 6") && week.summary.contains("With "));
    let people: Vec<&str> = week.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(people, ["Ilse", "Tomas"]);
    assert!(!week.title.is_empty() && !week.topics.is_empty());
    assert!(!week.outcomes.is_empty() && week.best_day.is_some());
    for outcome in &week.outcomes {
        assert_eq!(world.moment(outcome.moment_id).moment.outcome, outcome.outcome);
    }
    let year = review(&world, PeriodKind::Year, "2026-01-01");
    assert_eq!((year.n_days, year.n_moments, year.minutes), (9, 18, 9 * 120));
    assert!(year.is_running);
}

#[test]
fn a_minute_of_two_moments_counts_once() {
    let world = World::new();
    world.write("bench/2026-10-12.md", "## 09:00–11:00\nRepaired the harmonium at the bench.\n");
    world
        .write("choir/2026-10-12.md", "## 10:00–12:30\nRehearsal agenda with the choir in Leer.\n");
    world.scan();
    world.dream();
    let week = week(&world, "2026-10-12");
    let by_kind: Vec<u32> = week.hours.iter().map(|kind| kind.minutes).collect();
    assert_eq!((week.minutes, by_kind), (210, vec![150, 120]), "{:?}", week.hours);
}

#[test]
fn what_is_known_about_is_counted_apart_and_what_has_no_length_counts_no_minute() {
    let world = World::new();
    world.write(
        "2026-10-12.md",
        "## 09:00–10:00\nRepaired the harmonium at the bench.\n\n\
         ## 15:00\nBought glue in the shop.\n",
    );
    world.write("2026-10-13.md", "Rain, and nothing else to tell of this day.\n");
    world.scan();
    world.dream();
    let week = week(&world, "2026-10-12");
    assert_eq!((week.minutes, week.approximate_minutes), (60, 0));
    let n_without: u32 = week.hours.iter().map(|kind| kind.n_without_length).sum();
    assert_eq!((week.n_moments, n_without), (3, 2));
}

#[test]
fn the_day_on_which_clocks_are_set_back_is_an_hour_longer() {
    let world = World::new();
    world.write("2026-10-25.md", "## 01:00–04:00\nDrove home through the fog with Ana.\n");
    world.scan();
    world.dream();
    assert_eq!(week(&world, "2026-10-25").minutes, 240);
}

#[test]
fn a_second_dream_writes_nothing_at_all() {
    let world = weeks();
    world.dream();
    let before = world.everything();
    world.pass(DAY / 24);
    assert_eq!(stage(&world).end, StageEnd::Unchanged);
    assert_eq!(world.dream_with(&periods()).dream_id, None);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_changed_day_tells_exactly_its_week_month_and_year_again_and_they_keep_their_numbers() {
    let world = weeks();
    world.dream();
    let before = world.everything()["periods"].clone();
    let ids = |rows: &[String]| -> BTreeSet<String> {
        rows.iter().map(|row| row.split(" | ").take(3).collect::<Vec<_>>().join(" ")).collect()
    };
    world.write("2026-10-06.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.scan();
    world.pass(DAY);
    world.dream();
    let after = world.everything()["periods"].clone();
    let wanted = ["day 2026-10-06", "month 2026-10-01", "week 2026-10-05", "year 2026-01-01"];
    assert_eq!(retold(&before, &after), wanted.map(str::to_owned).into());
    assert_eq!(ids(&before), ids(&after));
    assert_eq!(week(&world, "2026-10-06").minutes, 240);
}

#[test]
fn the_running_week_is_told_as_far_as_it_goes_and_again_when_it_grows() {
    let world = World::new();
    world.write("2026-10-12.md", "## 09:00–10:00\nTuned the harmonium until it sang.\n");
    world.scan();
    world.dream();
    let first = week(&world, "2026-10-14");
    assert!(first.is_running && first.is_thin);
    assert_eq!((first.n_days, first.minutes), (1, 60));
    world.write("2026-10-13.md", "## 09:00–10:30\nRepaired the bellows with Hester.\n");
    world.scan();
    assert_eq!(week(&world, "2026-10-14").state, ReviewState::Stale);
    world.dream();
    let second = week(&world, "2026-10-14");
    assert_eq!((second.state, second.n_days, second.minutes), (ReviewState::Told, 2, 150));
    assert!(second.summary.contains("bellows"));
}

#[test]
fn a_period_without_anything_says_so() {
    let world = weeks();
    assert_eq!(week(&world, "2026-10-06").state, ReviewState::Waiting);
    world.dream();
    let empty = week(&world, "2025-03-04");
    assert_eq!((empty.state, empty.summary.as_str(), empty.n_moments), (ReviewState::Empty, "", 0));
    assert_eq!(empty.next.as_deref(), Some("2026-09-21"));
    assert!(
        show_review(
            &world.journal,
            ShowReview { kind: PeriodKind::Week, day: Some("tomorrowish".into()) }
        )
        .is_err()
    );
}

#[test]
fn weeks_begin_on_the_day_that_the_person_sets() {
    let world = weeks();
    world.dream();
    let set = |week_starts_on: &str| {
        let settings =
            Settings { week_starts_on: week_starts_on.into(), ..world.journal.settings() };
        world.journal.change_settings(settings)
    };
    assert!(set("mon").is_err() && set("someday").is_err());
    set("thursday").expect("a day");
    assert_eq!(week(&world, "2026-10-06").state, ReviewState::Waiting);
    world.dream();
    let told = week(&world, "2026-10-06");
    assert_eq!((told.starts_on.as_str(), told.ends_on.as_str()), ("2026-10-01", "2026-10-07"));
    assert_eq!((told.n_days, told.state), (4, ReviewState::Told));
    let n_others =
        "SELECT count(*) FROM periods WHERE kind = 'week' AND strftime('%w', starts_on) <> '4'";
    assert_eq!(world.count(n_others), 0);
    assert_eq!(stage(&world).end, StageEnd::Unchanged);
}

#[test]
fn a_corrected_time_changes_the_hours_and_stays_so_in_the_next_dream() {
    let world = weeks();
    world.dream();
    let id = world.moment_about("harmonium number 6").moment.id;
    let starts_at = instant("2026-10-05T09:00:00+02:00");
    let time = Correction::Time { starts_at, ends_at: starts_at + 4 * 3_600_000 };
    correct(&world, id, time);
    assert_eq!(week(&world, "2026-10-05").minutes, 480);
    let away = instant("2026-09-24T09:00:00+02:00");
    correct(&world, id, Correction::Time { starts_at: away, ends_at: away + 3_600_000 });
    let minutes = || (week(&world, "2026-10-05").minutes, week(&world, "2026-09-24").minutes);
    assert_eq!(minutes(), (240, 420));
    assert_eq!(stage(&world).end, StageEnd::Unchanged, "nothing is left to do");
    world.dream();
    assert_eq!(minutes(), (240, 420));
}

#[test]
fn what_the_person_hides_is_told_by_no_period_any_more() {
    let world = weeks();
    world.dream();
    for n in 0..9 {
        let id = world.moment_about(&format!("harmonium number {n}")).moment.id;
        correct(&world, id, Correction::Hidden { hidden: true });
    }
    for kind in [PeriodKind::Week, PeriodKind::Month, PeriodKind::Year] {
        let told = review(&world, kind, "2026-10-06");
        assert!(!told.summary.contains("harmonium") && !told.title.contains("harmonium"));
        assert_eq!((told.minutes, told.outcomes.len(), told.people.len()), (0, 0, 1), "{told:?}");
    }
}

#[test]
fn a_forgotten_source_is_told_by_no_period_and_by_nothing_that_is_kept() {
    let world = weeks();
    let other = world.home().join("secrets");
    std::fs::create_dir(&other).expect("a folder");
    let write = |text: &str| std::fs::write(other.join("2026-10-06.md"), text).expect("a note");
    write(
        "## 09:00–12:00\nMet Xanthippe at the marzipanwerk, where the zibellina was done. #quokka\n",
    );
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    let read = || {
        world.journal.scan(source, true, &Cancel::default()).expect("it is read");
        world.pass(DAY);
        world.dream();
    };
    read();
    let told = week(&world, "2026-10-06");
    assert!(told.summary.contains("zibellina"), "{}", told.summary);
    // Put into another week and back: what that week said of it is kept, too.
    let id = world.moment_about("zibellina").moment.id;
    let at = |time: &str| Correction::Time { starts_at: instant(time), ends_at: instant(time) };
    correct(&world, id, at("2026-09-24T09:00:00+02:00"));
    world.write("2026-09-25.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.scan();
    read();
    correct(&world, id, at("2026-10-06T09:00:00+02:00"));
    world.forget_source(source);
    for (table, rows) in world.everything() {
        for row in rows {
            let row = row.to_lowercase();
            for word in ["xanthippe", "marzipanwerk", "zibellina", "quokka"] {
                assert!(!row.contains(word), "{table} still holds {word}");
            }
        }
    }
    let left = week(&world, "2026-10-06");
    assert_eq!((left.state, left.n_moments), (ReviewState::Stale, 6));
    assert!(left.summary.contains("harmonium"));
    world.dream();
    assert_eq!(week(&world, "2026-10-06").state, ReviewState::Told);
}

#[test]
fn a_night_that_is_undone_leaves_no_week_that_tells_of_it() {
    let world = weeks();
    world.dream();
    world.write("2026-10-06.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.scan();
    world.pass(DAY);
    let before = world.everything()["periods"].clone();
    let second = world.dream().dream_id.expect("a dream");
    world.pass(DAY);
    world.journal.undo_dream(second).expect("it is undone");
    assert_eq!(world.everything()["periods"], before, "to the letter");
    world.dream();
    world.write("2026-10-08.md", "## 09:00–10:00\nBaked bread for the whole choir.\n");
    world.scan();
    world.pass(DAY);
    world.dream();
    let third = rem_core::api::history::list_dreams(&world.journal, Default::default())
        .expect("dreams")[1]
        .id;
    world.journal.undo_dream(third).expect("the night between two others is undone");
    let told = week(&world, "2026-10-06");
    assert!(!told.summary.contains("fever") && told.summary.contains("bread"), "{}", told.summary);
    world.dream();
    assert!(week(&world, "2026-10-06").summary.contains("fever"));
}

#[test]
fn a_model_tells_the_week_from_the_days_stories() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream();
    let told = week(&world, "2026-10-06");
    assert_eq!(
        (told.mind.as_str(), told.is_by_model, told.is_provisional),
        ("scripted", true, false)
    );
    assert_eq!(told.title, "Read: all of it");
    let shown = model.asked();
    let tasks: Vec<&str> =
        shown.iter().map(|messages| messages[messages.len() - 1].text.as_str()).collect();
    let of = |kind: &str| tasks.iter().find(|task| task.contains(&format!("Tell this {kind}")));
    assert!(of("week").expect("the week").contains("Tuesday 6 October: "));
    // B030: the month is told from the week's summary, not from its days.
    let month = of("month").expect("the month");
    assert!(month.contains("The week of 5 October: ") && !month.contains("Tuesday"), "{month}");
    let (n_asked, before) = (shown.len(), world.everything());
    world.dream_with(&DreamRequest { cause: "night".into(), ..DreamRequest::default() });
    assert_eq!(model.asked().len(), n_asked);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_week_that_lacked_the_model_is_told_again_with_it() {
    let (model, switch) = switched();
    let world = beside(&model);
    switch.store(false, Ordering::SeqCst);
    world.dream();
    let told = week(&world, "2026-10-06");
    assert!(told.is_provisional && !told.is_by_model && told.summary.contains("harmonium"));
    let before = world.everything()["periods"].clone();
    world.dream_with(&periods());
    assert_eq!(world.everything()["periods"], before, "the same is not told once more");
    switch.store(true, Ordering::SeqCst);
    world.dream();
    let told = week(&world, "2026-10-06");
    assert!(told.is_by_model && !told.is_provisional);
}

#[test]
fn what_a_model_told_is_kept_while_it_is_away_and_the_hours_are_reckoned_all_the_same() {
    let (model, switch) = switched();
    let world = beside(&model);
    world.dream();
    let first = week(&world, "2026-10-06");
    switch.store(false, Ordering::SeqCst);
    world.write("2026-10-09.md", "## 14:00–16:00\nBaked bread for the whole choir.\n");
    world.scan();
    world.dream();
    let second = week(&world, "2026-10-06");
    assert_eq!((&second.summary, &second.mind), (&first.summary, &first.mind));
    assert_eq!((second.minutes, second.n_days, second.is_provisional), (120, 4, true));
    switch.store(true, Ordering::SeqCst);
    world.dream();
    assert!(!week(&world, "2026-10-06").is_provisional, "it is told again when the model is back");
}

#[test]
fn a_stage_that_is_stopped_keeps_what_is_told_and_goes_on_there() {
    let world = weeks();
    let alone = weeks();
    alone.dream();
    let cancel = Cancel::default();
    let events = world.journal.events();
    let stopper = {
        let cancel = cancel.clone();
        std::thread::spawn(move || {
            for event in events {
                if matches!(event, Event::DreamMoved { dream: DreamState::Dreaming { progress } }
                    if progress.stage == Stage::Periods)
                {
                    cancel.cancel();
                    return;
                }
            }
        })
    };
    let report = world.journal.dream(&DreamRequest::default(), &cancel).expect("a report");
    stopper.join().expect("it listened");
    assert!(report.is_cancelled || world.count("SELECT count(*) FROM periods") == 15);
    world.dream();
    for kind in [PeriodKind::Week, PeriodKind::Month, PeriodKind::Year] {
        assert_eq!(review(&world, kind, "2026-10-06"), review(&alone, kind, "2026-10-06"));
    }
}

#[test]
fn more_time_and_new_people_are_told_as_different_from_the_weeks_before() {
    let world = weeks();
    world.write(
        "2026-10-07.md",
        "## 09:00–18:00\nTuned the harmonium with Ilse Brandt for the whole day.\n\n\
         ## 20:00\nIlse Brandt stayed for supper and told of Leer.\n",
    );
    world.scan();
    world.dream();
    let told = week(&world, "2026-10-06").differences;
    assert_eq!(told.n_periods, 2);
    assert!(told.hours.iter().any(|change| change.minutes > change.usual_minutes), "{told:?}");
    assert!(told.text.starts_with("More time for "), "{}", told.text);
    assert!(told.text.contains("than in the 2 weeks before"), "{}", told.text);
    assert_eq!(week(&world, "2026-09-21").differences.n_periods, 0, "nothing was before");
}

#[test]
fn stages_in_any_order_and_then_a_dream_come_to_what_a_dream_alone_comes_to() {
    let (one, other) = (weeks(), weeks());
    one.dream();
    stage(&other);
    let some =
        |stages: &[Stage]| DreamRequest { stages: stages.to_vec(), ..DreamRequest::default() };
    other.dream_with(&some(&[Stage::Moments]));
    other.dream_with(&some(&[Stage::Affinity]));
    stage(&other);
    other.dream();
    for kind in [PeriodKind::Week, PeriodKind::Month, PeriodKind::Year] {
        assert_eq!(review(&one, kind, "2026-10-06"), review(&other, kind, "2026-10-06"));
    }
}
