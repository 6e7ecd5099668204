use rem_core::{
    Code,
    api::{
        Empty,
        looking_back::{
            DayInYears, ListMomentsOf, MomentsOf, OnThisDay, list_moments_of, on_this_day,
            show_streaks,
        },
        moments::{CorrectMoment, Correction, correct_moment},
        moods::{MoodRequest, mood_by_hour, mood_by_topic, productive_stretches},
        people::{ListPeople, PeopleOrder, ShowPerson, list_people, show_person},
        topics::{ListTopics, ShowTopic, TopicDetail, list_topics, show_topic},
    },
};

use crate::world::World;

fn dreamt(notes: &[(&str, &str)]) -> World {
    let world = World::new();
    for (day, text) in notes {
        world.write(&format!("{day}.md"), format!("{text}\n"));
    }
    world.scan();
    world.dream();
    world
}

fn on(world: &World, day: &str) -> DayInYears {
    let day = Some(day.to_owned());
    on_this_day(&world.journal, OnThisDay { day, ..OnThisDay::default() }).expect("it looks back")
}

fn days(found: &DayInYears) -> Vec<(&str, u32)> {
    found.years.iter().map(|year| (year.day.as_str(), year.years_ago)).collect()
}

fn hide(world: &World, words: &str) {
    let id = world.moment_about(words).moment.id;
    let correction = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is hidden");
}

fn topic(world: &World, name: &str) -> TopicDetail {
    let topics = list_topics(&world.journal, ListTopics::default()).expect("topics").topics;
    let id = topics.iter().find(|topic| topic.name == name).expect("the topic").id;
    show_topic(&world.journal, ShowTopic { id }).expect("it is shown")
}

#[test]
fn the_same_day_of_earlier_years_is_told_of_the_latest_first() {
    let world = dreamt(&[
        ("2023-10-14", "## 09:00\nMoved into the house on the canal."),
        ("2025-10-14", "## 09:00\nThe stove was lit for the first time."),
        ("2025-10-15", "## 09:00\nRain."),
        ("2026-10-14", "## 09:00\nPainted the door."),
    ]);
    let found = on(&world, "2026-10-14");
    assert_eq!(days(&found), [("2025-10-14", 1), ("2023-10-14", 3)]);
    assert!(found.years[0].summary.as_deref().is_some_and(|text| text.contains("stove")));
    assert_eq!((found.years[0].n_moments, found.is_near, found.note.as_str()), (1, false, ""));
    let today = on_this_day(&world.journal, OnThisDay::default()).expect("today");
    assert_eq!(today.years, found.years);
}

#[test]
fn where_the_day_itself_has_nothing_the_nearest_days_are_told_of_and_that_is_said() {
    let world = dreamt(&[
        ("2024-10-12", "## 09:00\nTwo days before."),
        ("2025-10-15", "## 09:00\nA day after."),
        ("2023-10-20", "## 09:00\nToo far away."),
    ]);
    let found = on(&world, "2026-10-14");
    assert_eq!(days(&found), [("2025-10-15", 1), ("2024-10-12", 2)]);
    assert!(found.is_near && found.note.contains("within 3 days"), "{}", found.note);
    assert_eq!(found.years[1].days_off, -2);
    let request = OnThisDay { day: Some("2026-10-14".into()), around: Some(0), limit: 0 };
    assert!(on_this_day(&world.journal, request).expect("nothing").years.is_empty());
}

#[test]
fn the_29_february_is_neither_lost_nor_met_on_a_day_that_is_not_there() {
    let world = dreamt(&[
        ("2024-02-29", "## 09:00\nA leap day."),
        ("2023-03-01", "## 09:00\nThe first of March."),
        ("2025-02-28", "## 09:00\nThe last of February."),
    ]);
    let usual = on(&world, "2026-02-28");
    assert_eq!(days(&usual), [("2025-02-28", 1), ("2024-02-29", 2)]);
    assert!(usual.note.contains("no 29 February"), "{}", usual.note);
    let leap = on(&world, "2028-02-29");
    assert_eq!(days(&leap), [("2025-02-28", 3), ("2024-02-29", 4), ("2023-03-01", 5)]);
    assert!(leap.note.contains("without a 29 February"), "{}", leap.note);
}

#[test]
fn hidden_moments_are_not_met_again() {
    let world = dreamt(&[("2025-10-14", "## 09:00\nSomething better forgotten.")]);
    hide(&world, "better forgotten");
    let found = on(&world, "2026-10-14");
    let told: String = format!("{found:?}");
    assert!(!told.contains("better forgotten"), "{told}");
}

#[test]
fn days_in_a_row_are_counted_by_the_days_that_things_were_stored_with() {
    let world = World::in_zone("Pacific/Auckland");
    for day in ["2026-10-08", "2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13", "2026-10-14"]
    {
        world.write(&format!("{day}.md"), format!("## 23:30\nLate, as on {day}.\n"));
    }
    // Somebody else's message is not the person's writing.
    world.write("WhatsApp Chat with Ana.txt", "09/10/2026, 18:02 - Ana: Hello?\n");
    world.scan();
    let found = show_streaks(&world.journal, Empty {}).expect("streaks");
    // 18:00 in UTC is the next morning there.
    assert_eq!(
        (&*found.today, found.written.current, found.written.has_today),
        ("2026-10-15", 5, false)
    );
    assert_eq!(found.written.current_since.as_deref(), Some("2026-10-10"));
    assert_eq!((found.written.n_days, found.moments.n_days), (6, 0));
}

#[test]
fn a_topics_page_has_its_story_its_hours_and_its_months() {
    let world = dreamt(&[
        (
            "2026-08-01",
            "## 09:00 – 11:00\nThe harmonium came on a cart this morning, all dust. #harmonium",
        ),
        (
            "2026-09-01",
            "## 09:00 – 10:30\nCleaned all the reeds of it and was very happy. #harmonium",
        ),
        (
            "2026-10-01",
            "## 09:00\nPlayed the first hymn on it.\n\nDecided: it stays in the parlour. #harmonium",
        ),
    ]);
    let detail = topic(&world, "harmonium");
    let story: Vec<&str> = detail.story.iter().map(|line| line.text.as_str()).collect();
    assert!(story[0].contains("came on a cart"), "{story:?}");
    let whole = story.join(" ");
    assert!(whole.contains("stays in the parlour"), "{story:?}");
    let told: Vec<&str> = detail.story.iter().map(|line| line.day.as_str()).collect();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(detail.minutes, 210);
    let months: Vec<(&str, u32)> =
        detail.months.iter().map(|month| (month.month.as_str(), month.n_felt)).collect();
    assert_eq!(months, [("2026-08", 0), ("2026-09", 1), ("2026-10", 0)]);
}

#[test]
fn the_moments_of_a_topic_come_page_by_page_each_once() {
    let days: Vec<(String, String)> = (1..=9)
        .map(|day| (format!("2026-09-0{day}"), format!("## 09:00\nReeds, day {day}. #reeds")))
        .collect();
    let notes: Vec<(&str, &str)> = days.iter().map(|(d, t)| (d.as_str(), t.as_str())).collect();
    let world = dreamt(&notes);
    let id = topic(&world, "reeds").topic.id;
    let mut before = None;
    let mut seen = Vec::new();
    for n in 0..3 {
        let request = ListMomentsOf { of: MomentsOf::Topic, id, before, limit: 4 };
        let page = list_moments_of(&world.journal, request).expect("a page");
        assert_eq!(page.next.is_some(), n < 2);
        seen.extend(page.moments.into_iter().map(|card| card.day));
        before = page.next;
    }
    let wanted: Vec<String> = (1..=9).rev().map(|day| format!("2026-09-0{day}")).collect();
    assert_eq!(seen, wanted);
    let too_many = ListMomentsOf { of: MomentsOf::Topic, id, before: None, limit: 501 };
    assert!(list_moments_of(&world.journal, too_many).is_err());
}

#[test]
fn a_person_has_a_page_with_how_often_with_what_and_how_it_felt() {
    let world = dreamt(&[
        ("2026-08-03", "## 09:00\nTuned the harmonium with Ilse. #harmonium"),
        ("2026-09-07", "## 09:00\nA walk with Ilse along the lake. I was so happy! #lake"),
        ("2026-10-05", "## 09:00\nQuarrelled with Tomas and was angry. #lake"),
    ]);
    let ilse = show_person(&world.journal, ShowPerson { name: "ilse".into() }).expect("her page");
    let person = &ilse.person;
    assert_eq!((person.name.as_str(), person.n_moments, person.n_days), ("Ilse", 2, 2));
    assert_eq!((&*person.first_day, &*person.last_day), ("2026-08-03", "2026-09-07"));
    assert_eq!((person.n_felt, ilse.per_month), (1, 1.0));
    assert!(person.valence > Some(0.0) && ilse.n_felt_usual == 2);
    let topics: Vec<&str> = ilse.topics.iter().map(|one| one.node.name.as_str()).collect();
    assert!(topics.contains(&"harmonium") && topics.contains(&"lake"), "{topics:?}");
    assert!(ilse.people.is_empty(), "{:?}", ilse.people);
    assert_eq!(ilse.moments.len(), 2);
    let nobody = show_person(&world.journal, ShowPerson { name: "Hester".into() });
    assert_eq!(nobody.expect_err("she is not there").code(), Code::NotFound);
}

#[test]
fn people_are_listed_by_what_is_asked_for_and_hidden_moments_count_nothing() {
    let world = dreamt(&[
        ("2026-08-03", "## 09:00\nTuned the harmonium with Ilse."),
        ("2026-09-07", "## 09:00\nA walk with Ilse along the lake."),
        ("2026-10-05", "## 09:00\nTea with Tomas on the boat."),
    ]);
    let list = |order, query: &str| -> Vec<String> {
        let request = ListPeople { order, query: query.into(), ..ListPeople::default() };
        let found = list_people(&world.journal, request).expect("people");
        found.people.into_iter().map(|person| person.name).collect()
    };
    assert_eq!(list(PeopleOrder::Recent, ""), ["Tomas", "Ilse"]);
    assert_eq!(list(PeopleOrder::Moments, ""), ["Ilse", "Tomas"]);
    assert_eq!(list(PeopleOrder::Name, ""), ["Ilse", "Tomas"]);
    assert_eq!(list(PeopleOrder::Name, "TOM"), ["Tomas"]);
    let request = ListPeople { limit: 1, skip: 1, ..ListPeople::default() };
    let page = list_people(&world.journal, request).expect("people");
    assert_eq!((page.people[0].name.as_str(), page.n_total), ("Ilse", 2));
    hide(&world, "Tea with Tomas");
    assert_eq!(list(PeopleOrder::Recent, ""), ["Ilse"]);
}

fn moods(emotion: Option<&str>) -> MoodRequest {
    MoodRequest { emotion: emotion.map(str::to_owned), ..MoodRequest::default() }
}

#[test]
fn feelings_are_counted_by_topic_with_the_sizes_of_the_samples() {
    let world = dreamt(&[
        ("2026-09-01", "## 09:00\nI was so angry at the form. #grant"),
        ("2026-09-02", "## 09:00\nAngry again, at the same form. #grant"),
        ("2026-09-03", "## 09:00\nThe form was sent off. #grant"),
        ("2026-09-04", "## 09:00\nHappy and calm at the lake. #lake"),
    ]);
    let found = mood_by_topic(&world.journal, moods(Some("angry"))).expect("counts");
    assert_eq!((found.n_moments, found.n_felt), (4, 3));
    assert_eq!(found.topics.len(), 1, "of the lake nothing was angry: {:?}", found.topics);
    let grant = &found.topics[0];
    assert_eq!((grant.topic.name.as_str(), grant.n_moments, grant.n_felt), ("grant", 3, 2));
    let angry = grant.emotions.iter().find(|one| one.label == "angry").map(|one| one.n);
    assert_eq!(angry, Some(2));
    let all = mood_by_topic(&world.journal, moods(None)).expect("counts");
    assert_eq!(all.topics.len(), 2);
    let later = MoodRequest { since: Some("2026-09-04".into()), ..MoodRequest::default() };
    assert_eq!(mood_by_topic(&world.journal, later).expect("counts").n_moments, 1);
    let error = mood_by_topic(&world.journal, moods(Some("wobbly"))).expect_err("no feeling");
    assert_eq!(error.code(), Code::InvalidInput);
    hide(&world, "Angry again");
    let hidden = mood_by_topic(&world.journal, moods(Some("angry"))).expect("counts");
    assert_eq!(hidden.topics[0].n_felt, 1);
}

#[test]
fn feelings_are_counted_by_the_hour_on_the_wall_and_by_type() {
    let notes: Vec<(String, String)> = (1..=6)
        .map(|day| {
            let text = format!(
                "## 09:00 Meeting\nMeeting {day} about the budget, I was angry.\n\n\
                 ## 19:00 Lake\nSat by the lake for {day} hours, calm and happy."
            );
            (format!("2026-09-0{day}"), text)
        })
        .collect();
    let notes: Vec<(&str, &str)> = notes.iter().map(|(d, t)| (d.as_str(), t.as_str())).collect();
    let world = dreamt(&notes);
    let found = mood_by_hour(&world.journal, moods(None)).expect("counts");
    let at = |hour| -> u32 {
        found.cells.iter().filter(|cell| cell.hour == hour).map(|cell| cell.n_moments).sum()
    };
    assert_eq!((at(9), at(19), found.n_without_hour), (6, 6, 0));
    let peak = found.peaks.iter().find(|peak| peak.emotion == "angry").expect("a peak");
    assert_eq!((peak.n, peak.of), (6, 6));
    assert!((peak.usual - 0.5).abs() < 1e-6, "{peak:?}");
}

#[test]
fn the_longest_productive_stretches_come_first_and_unknown_lengths_are_said() {
    let world = dreamt(&[
        ("2026-09-01", "## 09:00 – 10:00\nProud of the reeds that I cleaned."),
        ("2026-09-02", "## 09:00 – 12:00\nProud of the bellows, all of them done."),
        ("2026-09-03", "Proud of the whole thing."),
        ("2026-09-04", "## 09:00 – 15:00\nSad and tired all day."),
    ]);
    let found = productive_stretches(&world.journal, moods(None)).expect("stretches");
    let minutes: Vec<u32> = found.stretches.iter().map(|stretch| stretch.minutes).collect();
    assert_eq!((minutes, found.n_without_length), (vec![180, 60], 1));
}
