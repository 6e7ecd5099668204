/// What a model calls communities, and what becomes of its names.
mod names;

use std::fs;

use rem_core::{
    Code,
    api::{
        Empty,
        dreams::{DreamReport, DreamRequest, Stage, StageEnd, StageReport},
        moments::{CorrectMoment, Correction, correct_moment},
        topics::{
            CommunityView, HideTopic, ListTopics, MergeTopics, RenameTopic, ShowTopic, SplitTopic,
            TopicCard, TopicDetail, hide_topic, list_communities, list_topics, merge_topics,
            rename_topic, show_topic, split_topic,
        },
    },
    journal::Cancel,
};

use crate::world::{World, differences};

const DAY: i64 = 86_400_000;
/// All that this stage writes.
const TABLES: [&str; 6] =
    ["topics", "topic_tags", "moment_tags", "communities", "entities", "edges"];

/// A note of one day with these tags.
fn write(world: &World, day: u32, tags: &str) {
    world.write(
        &format!("2026-{:02}-{:02}.md", 1 + day / 28, 1 + day % 28),
        format!("## 09:00\nWrote a line for day {day}. {tags}\n"),
    );
}

/// A journal with a note for each of these lists of tags, dreamt.
fn of(days: &[&str]) -> World {
    let world = World::new();
    for (day, tags) in (0..).zip(days) {
        write(&world, day, tags);
    }
    world.scan();
    world.dream();
    world
}

fn gather(world: &World) -> StageReport {
    let request = DreamRequest { stages: vec![Stage::Topics], ..DreamRequest::default() };
    of_stage(&world.dream_with(&request)).clone()
}

fn of_stage(report: &DreamReport) -> &StageReport {
    let is_topics = |stage: &&StageReport| stage.stage == Stage::Topics;
    report.stages.iter().find(is_topics).expect("the stage ran")
}

fn all(world: &World) -> Vec<TopicCard> {
    let request = ListTopics { limit: 10_000, with_hidden: true, ..ListTopics::default() };
    list_topics(&world.journal, request).expect("topics are listed").topics
}

/// The topic that has a tag.
fn topic(world: &World, tag: &str) -> TopicDetail {
    let has = |detail: &TopicDetail| detail.tags.iter().any(|known| known.tag == tag);
    let found = all(world).into_iter().map(|card| show(world, card.id)).find(has);
    found.unwrap_or_else(|| panic!("no topic has “{tag}”"))
}

fn id(world: &World, tag: &str) -> i64 {
    topic(world, tag).topic.id
}

fn show(world: &World, id: i64) -> TopicDetail {
    show_topic(&world.journal, ShowTopic { id }).expect("the topic is shown")
}

fn rename(world: &World, id: i64, name: Option<&str>) -> TopicDetail {
    let request = RenameTopic { id, name: name.map(str::to_owned) };
    rename_topic(&world.journal, request).expect("it is renamed")
}

fn communities(world: &World) -> Vec<CommunityView> {
    list_communities(&world.journal, Empty {}).expect("communities are listed")
}

/// What is derived, without the marks of when and under which revision it was.
fn told(world: &World) -> Vec<String> {
    let mut told: Vec<String> = all(world)
        .into_iter()
        .map(|card| {
            let detail = show(world, card.id);
            let related: Vec<(String, String)> = detail
                .related
                .iter()
                .map(|other| (other.topic.name.clone(), other.reason.clone()))
                .collect();
            let card = TopicCard { id: 0, community_id: None, broader_id: None, ..detail.topic };
            let broader = detail.broader.map(|topic| topic.name);
            let communities: Vec<String> =
                detail.communities.into_iter().map(|community| community.name).collect();
            format!("{card:?} {:?} {related:?} {broader:?} {communities:?}", detail.tags)
        })
        .collect();
    told.sort();
    told
}

#[test]
fn spellings_of_one_subject_are_one_topic() {
    let world =
        of(&["#grant-letter", "#grant-letters", "#GrantLetter #grant_letter", "#café", "#cafe"]);
    let letter = topic(&world, "grant-letter");
    assert!(letter.tags.iter().any(|tag| tag.tag == "grant-letters"), "{:?}", letter.tags);
    assert!(letter.topic.n_moments >= 3);
    assert_eq!(id(&world, "café"), id(&world, "cafe"));
}

#[test]
fn a_topic_says_when_it_was_met_last_with_whom_and_how_it_ended() {
    let world = World::new();
    world.write(
        "2026-10-05.md",
        "## 09:00\nTuned the harmonium with Ilse. #harmonium\n\nDecided: the reeds stay.\n",
    );
    world.write("2026-10-07.md", "## 09:00\nThe harmonium was out of tune again. #harmonium\n");
    world.scan();
    world.dream();
    let detail = topic(&world, "harmonium");
    assert_eq!((&*detail.topic.first_day, &*detail.topic.last_day), ("2026-10-05", "2026-10-07"));
    assert_eq!(detail.topic.n_moments, 2);
    assert_eq!(detail.moments[0].day, "2026-10-07");
    let outcome = detail.last_outcome.expect("it ended somehow");
    assert!(outcome.outcome.contains("reeds stay"), "{outcome:?}");
    assert_eq!((&*outcome.day, outcome.is_older), ("2026-10-05", true));
    assert!(detail.people.iter().any(|person| person.name == "Ilse"), "{:?}", detail.people);
    assert_eq!(detail.months.len(), 1);
}

#[test]
fn a_topic_keeps_its_number_and_its_name_when_days_are_added() {
    let world = of(&["#reeds #harmonium", "#reeds #harmonium", "#lake"]);
    let before: Vec<(i64, String)> =
        all(&world).into_iter().map(|card| (card.id, card.name)).collect();
    // By now more moments have the other spelling.
    for day in 3..9 {
        write(&world, day, "#reed #lake #tent");
    }
    world.scan();
    world.dream();
    let after = all(&world);
    for (id, name) in before {
        let card = after.iter().find(|card| card.id == id).expect("it is there");
        assert_eq!(card.name, name);
    }
    let reeds = topic(&world, "reed");
    assert_eq!((&*reeds.topic.name, reeds.topic.n_moments), ("reeds", 8));
}

#[test]
fn a_second_run_writes_nothing() {
    let world = of(&["#reeds #harmonium", "#reeds #harmonium #lake", "#lake #tent", "#tent"]);
    let before = world.everything();
    world.pass(DAY);
    let report = gather(&world);
    assert_eq!(report.end, StageEnd::Unchanged);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn what_a_killed_run_left_is_finished_without_writing_a_topic_twice() {
    let world = of(&["#reeds #harmonium", "#reeds #harmonium #lake", "#lake #tent"]);
    let before = world.everything();
    crate::world::outside(world.journal.path())
        .execute("DELETE FROM stage_inputs WHERE stage = 'topics'", [])
        .expect("as if killed before the last write");
    gather(&world);
    let after = world.everything();
    for table in TABLES {
        assert_eq!(before[table], after[table], "{table}");
    }
}

#[test]
fn running_stages_alone_in_any_order_ends_where_a_whole_dream_ends() {
    let days = ["#reeds #harmonium", "#reeds #harmonium #lake", "#lake #tent", "#tent #harmonium"];
    let whole = of(&days);
    let world = World::new();
    for (day, tags) in (0..).zip(days) {
        write(&world, day, tags);
    }
    world.scan();
    for stage in [Stage::Topics, Stage::Affinity, Stage::Moments, Stage::Topics, Stage::Decay] {
        world.dream_with(&DreamRequest { stages: vec![stage], ..DreamRequest::default() });
    }
    world.dream();
    assert_eq!(told(&world), told(&whole));
    assert!(!told(&world).is_empty());
}

#[test]
fn a_journal_without_moments_has_no_topics_and_nothing_is_written() {
    let world = World::new();
    let before = world.everything();
    let report = world.dream();
    assert_eq!((of_stage(&report).end, report.dream_id), (StageEnd::Unchanged, None));
    assert!(all(&world).is_empty() && communities(&world).is_empty());
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_name_that_the_person_gave_survives_dreams_and_their_undoing() {
    let world = of(&["#reeds #harmonium", "#reeds"]);
    let reeds = id(&world, "reeds");
    assert_eq!(rename(&world, reeds, Some("  Zungen  und\nBälge ")).topic.name, "Zungen und Bälge");
    for day in 2..6 {
        write(&world, day, "#reed #tent");
        world.scan();
        world.pass(DAY);
        let dream = world.dream().dream_id.expect("a dream");
        assert_eq!(show(&world, reeds).topic.name, "Zungen und Bälge");
        if day % 2 == 0 {
            world.journal.undo_dream(dream).expect("it is undone");
            assert_eq!(show(&world, reeds).topic.name, "Zungen und Bälge");
            world.dream();
        }
    }
    let name = |sql: &str| world.count(sql);
    assert_eq!(name("SELECT count(*) FROM entities WHERE name = 'Zungen und Bälge'"), 1);
    assert!(show(&world, reeds).topic.is_named);
    assert_eq!(rename(&world, reeds, None).topic.name, "reeds");
    world.dream();
    assert_eq!(show(&world, reeds).topic.name, "reeds");
}

#[test]
fn what_the_person_merged_stays_merged() {
    let world = of(&["#squeezebox", "#squeezebox #tent", "#squeezebox", "#harmonium"]);
    let (from, into) = (id(&world, "squeezebox"), id(&world, "harmonium"));
    let request = MergeTopics { id: from, into };
    let merged = merge_topics(&world.journal, request).expect("it is merged");
    assert_eq!((merged.topic.id, &*merged.topic.name), (into, "harmonium"));
    assert_eq!((merged.topic.n_moments, merged.is_waiting), (4, false));
    assert!(show_topic(&world.journal, ShowTopic { id: from }).is_err());
    write(&world, 9, "#squeezeboxes");
    world.scan();
    world.dream();
    let merged = topic(&world, "squeezeboxes");
    assert_eq!((merged.topic.id, merged.topic.n_moments), (into, 5));
}

#[test]
fn a_tag_that_the_person_split_off_stays_apart() {
    let world = of(&["#reeds", "#reeds", "#reed", "#reed", "#reed"]);
    let both = id(&world, "reeds");
    assert_eq!(id(&world, "reed"), both);
    let request = SplitTopic { id: both, tag: "#Reed".into() };
    let apart = split_topic(&world.journal, request).expect("it is split off");
    assert_ne!(apart.topic.id, both);
    assert_eq!((&*apart.topic.name, apart.topic.n_moments), ("reed", 3));
    assert_eq!((show(&world, both).topic.n_moments, id(&world, "reeds")), (2, both));
    write(&world, 9, "#reed");
    world.scan();
    world.dream();
    assert_eq!(id(&world, "reed"), apart.topic.id);
    assert_eq!(show(&world, apart.topic.id).topic.n_moments, 4);
    // And the person may join it again.
    let request = MergeTopics { id: apart.topic.id, into: both };
    let joined = merge_topics(&world.journal, request).expect("it is merged");
    assert_eq!((joined.topic.id, joined.topic.n_moments), (both, 6));
}

#[test]
fn a_hidden_topic_is_out_of_sight_until_it_is_shown_again() {
    let world = of(&["#lake #tent", "#lake #tent", "#lake #tent"]);
    let tent = id(&world, "tent");
    hide_topic(&world.journal, HideTopic { id: tent, hidden: true }).expect("it is hidden");
    let listed = |world: &World| {
        let all = list_topics(&world.journal, ListTopics::default()).expect("topics");
        all.topics.iter().any(|card| card.id == tent)
    };
    let is_related =
        |world: &World| topic(world, "lake").related.iter().any(|related| related.topic.id == tent);
    for _ in 0..2 {
        assert!(!listed(&world) && !is_related(&world));
        world.dream();
    }
    hide_topic(&world.journal, HideTopic { id: tent, hidden: false }).expect("it is shown");
    world.dream();
    assert!(listed(&world) && is_related(&world));
}

#[test]
fn corrected_tags_of_a_moment_count_and_hidden_moments_do_not() {
    let world = of(&["#lake", "#lake", "#tent"]);
    let moment = world.moment_about("day 0").moment.id;
    let correct = |correction| {
        correct_moment(&world.journal, CorrectMoment { id: moment, correction })
            .expect("corrected");
    };
    correct(Correction::Tags { tags: vec!["Harmonium Reeds".into()] });
    world.dream();
    assert_eq!(topic(&world, "harmonium-reeds").topic.n_moments, 1);
    assert_eq!(topic(&world, "lake").topic.n_moments, 1);
    correct(Correction::Hidden { hidden: true });
    world.dream();
    assert!(all(&world).iter().all(|card| card.tag != "harmonium-reeds"));
}

#[test]
fn a_night_that_is_undone_takes_its_topics_back_exactly() {
    let world = of(&["#reeds #harmonium", "#reeds #harmonium #lake", "#lake #tent"]);
    let before = world.everything();
    write(&world, 5, "#reed #tent #boat");
    write(&world, 6, "#boat #harmonium");
    world.delete("2026-01-01.md");
    world.scan_with(true);
    world.pass(DAY);
    let dream = world.dream().dream_id.expect("a dream");
    assert_ne!(before["topics"], world.everything()["topics"]);
    world.journal.undo_dream(dream).expect("it is undone");
    let after = world.everything();
    for table in TABLES.iter().chain(&["stage_inputs"]) {
        assert_eq!(before[*table], after[*table], "{table}");
    }
}

#[test]
fn topics_that_only_a_forgotten_source_named_are_gone_at_once_with_all_their_words() {
    let world = of(&["#lake #tent", "#lake #tent"]);
    let other = world.home().join("secrets");
    fs::create_dir(&other).expect("a folder");
    for day in 10..13 {
        let text =
            format!("## 10:00\nCame {day} times. #zibellina #marzipanwerk #lake #quokkaville\n");
        fs::write(other.join(format!("2026-03-{day}.md")), text).expect("a note");
    }
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, false, &Cancel::default()).expect("it is read");
    world.pass(DAY);
    let dream = world.dream().dream_id.expect("a dream");
    rename(&world, id(&world, "zibellina"), Some("The bathyscaphe"));
    let request = MergeTopics { id: id(&world, "marzipanwerk"), into: id(&world, "lake") };
    merge_topics(&world.journal, request).expect("it is merged");
    assert_eq!(topic(&world, "lake").topic.n_moments, 5);
    world.forget_source(source);
    assert_eq!(topic(&world, "lake").topic.n_moments, 2);
    for (table, rows) in world.everything() {
        for word in ["zibellina", "marzipanwerk", "quokkaville", "bathyscaphe"] {
            assert!(!rows.iter().any(|row| row.contains(word)), "{table} still holds {word}");
        }
    }
    // What is left of the nights can still be undone, and topics follow.
    let merge = world.count("SELECT max(id) FROM dreams");
    for id in [merge, dream] {
        // Of a night of topics alone nothing is left.
        let _ = world.journal.undo_dream(id);
    }
    assert_eq!(topic(&world, "lake").topic.n_moments, 2);
    world.dream();
    assert_eq!(topic(&world, "lake").topic.n_moments, 2);
}

#[test]
fn hostile_tags_are_words_and_nothing_more() {
    let world = of(&["#lake", "#lake"]);
    let moment = world.moment_about("day 0").moment.id;
    let long = "x".repeat(10_000);
    let tags = [
        "<script>alert(1)</script>",
        "'; DROP TABLE topics; --",
        "[a](javascript:b)",
        "\u{202e}evil\u{0}",
        "%",
        "🏊",
        &long,
    ];
    let correction = Correction::Tags { tags: tags.map(str::to_owned).to_vec() };
    correct_moment(&world.journal, CorrectMoment { id: moment, correction }).expect("corrected");
    world.dream();
    let names: Vec<String> = all(&world).into_iter().map(|card| card.name).collect();
    assert!(names.iter().any(|name| name == "script-alert-1-script"), "{names:?}");
    assert!(names.iter().any(|name| name == "drop-table-topics"), "{names:?}");
    assert!(names.iter().all(|name| name.len() <= 80 && !name.contains(['<', '%', '\u{202e}'])));
    assert_eq!(gather(&world).end, StageEnd::Unchanged);
    let error = rename_topic(
        &world.journal,
        RenameTopic { id: id(&world, "drop-table-topics"), name: Some("x".repeat(81)) },
    );
    assert_eq!(error.expect_err("too long").code(), Code::InvalidInput);
}

#[test]
fn arabic_and_chinese_tags_are_topics_too() {
    let world = of(&["#بحيرة #公园", "#بُحَيرة #公园", "#公园 #工作"]);
    assert_eq!(id(&world, "بحيرة"), id(&world, "بُحَيرة"));
    assert_eq!(topic(&world, "公园").topic.n_moments, 3);
    assert_ne!(id(&world, "公园"), id(&world, "工作"));
    let found =
        list_topics(&world.journal, ListTopics { query: "بحيرة".into(), ..ListTopics::default() });
    assert_eq!(found.expect("topics").topics.len(), 1);
}

#[test]
fn broader_topics_and_communities_of_two_levels_are_found() {
    let mut days = Vec::new();
    for part in ["music", "water"] {
        for group in ["one", "two", "three"] {
            for (a, b) in [("a", "b"), ("b", "c"), ("c", "a")] {
                let tag = |name: &str| format!("#{part}{group}{name}");
                // The groups of a part meet, the parts hardly ever.
                let bridge = if a == "a" { format!("#{part}bridge") } else { String::new() };
                for _ in 0..2 {
                    days.push(format!("{} {} {bridge}", tag(a), tag(b)));
                }
            }
        }
    }
    days.push("#rust #rust-async".into());
    days.push("#rust-async".into());
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let world = of(&days);
    let part = topic(&world, "rust-async");
    assert_eq!(part.broader.map(|topic| topic.name).as_deref(), Some("rust"));
    assert_eq!(topic(&world, "rust").narrower.len(), 1);
    let found = communities(&world);
    let first = |tag: &str| {
        let of = topic(&world, tag).communities;
        of.first().map(|community| community.id).expect("it is in one")
    };
    assert_eq!(first("musiconea"), first("musiconeb"));
    assert_ne!(first("musiconeb"), first("waterthreeb"));
    assert!(found.iter().any(|community| community.level == 2), "{found:?}");
    for community in found.iter().filter(|community| community.level == 1) {
        assert!(!community.name.is_empty() && !community.is_by_model);
    }
    // Communities keep their numbers, too.
    write(&world, 200, "#musiconea #musiconeb");
    world.scan();
    world.dream();
    assert_eq!(first("waterthreeb"), {
        let of = topic(&world, "waterthreec").communities;
        of[0].id
    });
    let ids = |all: &[CommunityView]| all.iter().map(|c| c.id).collect::<Vec<_>>();
    let kept = ids(&communities(&world));
    assert!(ids(&found).iter().filter(|id| kept.contains(id)).count() * 4 >= found.len() * 3);
}

#[test]
fn while_a_dream_runs_a_merge_is_kept_and_done_by_the_next() {
    let world = of(&["#squeezebox", "#harmonium"]);
    let (from, into) = (id(&world, "squeezebox"), id(&world, "harmonium"));
    let now = world.journal.clock().now_ms();
    let other = crate::world::outside(world.journal.path());
    other
        .execute(
            "INSERT INTO locks (name, owner, heartbeat_at, expires_at)
             VALUES ('dream', 'another', ?1, ?1 + 120000)",
            [now],
        )
        .expect("another program dreams");
    let merged = merge_topics(&world.journal, MergeTopics { id: from, into }).expect("it is kept");
    assert!(merged.is_waiting);
    other.execute("DELETE FROM locks", []).expect("it ended");
    world.dream();
    let merged = show(&world, into);
    assert_eq!((merged.is_waiting, merged.topic.n_moments), (false, 2));
}

#[test]
fn what_cannot_be_is_refused() {
    let world = of(&["#lake"]);
    let lake = id(&world, "lake");
    let code = |error: rem_core::Error| error.code();
    let name = |name: &str| RenameTopic { id: lake, name: Some(name.into()) };
    assert_eq!(
        rename_topic(&world.journal, name(" \u{200b}\n")).map_err(code).err(),
        Some(Code::InvalidInput)
    );
    assert_eq!(
        rename_topic(&world.journal, RenameTopic { id: lake, name: None }).map_err(code).err(),
        Some(Code::NotFound)
    );
    assert_eq!(
        merge_topics(&world.journal, MergeTopics { id: lake, into: lake }).map_err(code).err(),
        Some(Code::InvalidInput)
    );
    assert_eq!(
        merge_topics(&world.journal, MergeTopics { id: lake, into: 99_999 }).map_err(code).err(),
        Some(Code::NotFound)
    );
    let split = |tag: &str| SplitTopic { id: lake, tag: tag.into() };
    assert_eq!(
        split_topic(&world.journal, split("lake")).map_err(code).err(),
        Some(Code::InvalidInput)
    );
    assert_eq!(
        split_topic(&world.journal, split("tent")).map_err(code).err(),
        Some(Code::NotFound)
    );
    assert_eq!(world.count("SELECT count(*) FROM topic_corrections"), 0);
}
