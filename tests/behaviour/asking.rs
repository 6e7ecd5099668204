//! Asking a model: what it costs, what is remembered, what is tried again, and when no is the answer.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use rem_core::{
    Error,
    journal::Cancel,
    mind::{
        Fault, Server,
        answer::{Complaint, Remarks},
        around::{Around, Patience},
        budget,
        caller::{Answered, Caller, NoAnswer, Profile, Question, Terms},
        choose::Minds,
        model::{Chat, End, Role, Said, Use},
        prompt::{Prompt, PromptFiles},
        scripted::Scripted,
    },
    settings::MindSettings,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::world::World;

#[derive(Debug, Deserialize, JsonSchema)]
struct Weather {
    weather: String,
}

const FILES: PromptFiles = PromptFiles {
    name: "weather",
    version: 1,
    system: "You read a diary and name the weather.",
    task: "What was the weather? {{text}}",
    examples: r#"[{"user": "It rained all day.", "assistant": {"weather": "rain"}}]"#,
};

fn rain(_: &Chat<'_>) -> Result<Said, Fault> {
    Ok(Scripted::said(r#"{"weather": "rain"}"#))
}

/// A journal beside a scripted model.
struct Room {
    world: World,
    model: Scripted,
    prompt: Prompt,
}

type Answer = Result<Answered<String>, NoAnswer>;

impl Room {
    fn new(model: &Scripted) -> Self {
        Self::with(model, |_| {})
    }

    fn with(model: &Scripted, change: impl FnOnce(&mut MindSettings)) -> Self {
        let quick = Duration::from_millis(1);
        let around = Around {
            server: Some(Arc::new(model.clone())),
            patience: Patience { first_wait: quick, until_back: quick, ..Patience::default() },
            ..Around::default()
        };
        let world = World::around(around);
        let mut settings = world.journal.settings();
        settings.mind.min_gap_ms = 0;
        change(&mut settings.mind);
        world.journal.change_settings(settings).expect("settings are kept");
        let prompt = Prompt::load(&FILES, world.home()).expect("the prompt is read");
        Self { world, model: model.clone(), prompt }
    }

    fn ask(&self, text: &str) -> Answer {
        self.ask_about(text, &[])
    }

    fn ask_about(&self, text: &str, record_ids: &[i64]) -> Answer {
        self.with_caller(&Cancel::default(), |caller| self.put(caller, text, record_ids))
            .expect("asking is no error")
    }

    fn put(&self, caller: &Caller<'_>, text: &str, record_ids: &[i64]) -> rem_core::Result<Answer> {
        let question = Question {
            stage: "weather",
            profile: Profile::Fast,
            prompt: &self.prompt,
            places: &[("text", text)],
            reply_tokens: 100,
            record_ids,
        };
        caller.ask(&question, &|reply: Weather, _: &mut Remarks| {
            let is_known = ["rain", "sun", "snow"].contains(&reply.weather.as_str());
            if is_known {
                Ok(reply.weather)
            } else {
                Err(Complaint("the weather is none of rain, sun, snow".into()))
            }
        })
    }

    fn with_caller<T>(&self, cancel: &Cancel, work: impl FnOnce(&Caller<'_>) -> T) -> T {
        let window_tokens = self.world.journal.settings().mind.window_tokens;
        let model = self
            .model
            .language_model("scripted", Use { window_tokens }, cancel)
            .expect("the model is there");
        let minds = Minds { fast: Some(Arc::clone(&model)), deep: Some(model), ..Minds::default() };
        let dream = || -> rem_core::Result<i64> { Ok(self.a_dream()) };
        let terms = Terms {
            cancel,
            dream: Some(&dream),
            waits: &|_| {},
            is_night: true,
            is_debug: false,
            somebody_waits: false,
        };
        let caller = Caller::new(&self.world.journal, minds, terms).expect("a caller");
        work(&caller)
    }

    /// Calls are written down under a dream.
    fn a_dream(&self) -> i64 {
        let outside = crate::world::outside(self.world.journal.path());
        outside
            .execute_batch(
                "INSERT OR IGNORE INTO dreams (id, cause, mind, options, state, started_at)
                 VALUES (1, 'night', 'scripted', '{}', 'running', 0)",
            )
            .expect("a dream");
        1
    }

    fn n_asked(&self) -> usize {
        self.model.asked().len()
    }
}

fn said(answer: Answer) -> Result<String, NoAnswer> {
    answer.map(|answered| answered.value)
}

#[test]
fn the_same_question_is_asked_once_and_never_again() {
    let room = Room::new(&Scripted::new(rain));
    assert_eq!(said(room.ask("Wet shoes.")).as_deref(), Ok("rain"));
    assert_eq!(said(room.ask("Wet shoes.")).as_deref(), Ok("rain"));
    assert_eq!(room.n_asked(), 1);
    assert_eq!(said(room.ask("Wet hat.")).as_deref(), Ok("rain"));
    assert_eq!(room.n_asked(), 2);
}

#[test]
fn another_build_of_the_model_is_asked_anew() {
    let room = Room::new(&Scripted::new(rain));
    said(room.ask("Wet shoes.")).expect("an answer");
    room.model.become_another(|card| card.digest = "scripted-2".into());
    said(room.ask("Wet shoes.")).expect("an answer");
    assert_eq!(room.n_asked(), 2);
}

#[test]
fn a_reply_is_forgotten_with_the_record_it_rests_on() {
    let room = Room::new(&Scripted::new(rain));
    let note = room.world.note("Wet shoes.");
    said(room.ask_about("Wet shoes.", &[note])).expect("an answer");
    let outside = crate::world::outside(room.world.journal.path());
    outside
        .execute_batch(&format!("PRAGMA foreign_keys = ON; DELETE FROM records WHERE id = {note}"))
        .expect("the record is forgotten");
    assert_eq!(room.world.count("SELECT count(*) FROM mind_cache"), 0);
}

#[test]
fn what_passes_by_itself_is_tried_again_three_times_at_most() {
    let busy = Scripted::new(|_| Err(Fault::Passing("busy".into())));
    let room = Room::new(&busy);
    assert_eq!(said(room.ask("Wet shoes.")), Err(NoAnswer::Away));
    assert_eq!(room.n_asked(), 4);
    assert_eq!(room.world.count("SELECT count(*) FROM mind_calls WHERE kind = 'retry'"), 3);
}

#[test]
fn an_answer_after_a_fault_that_passed_is_an_answer() {
    let room = Room::new(&Scripted::new(rain));
    room.model.next(Err(Fault::Passing("busy".into())));
    room.model.next(Err(Fault::Gone("nothing answers".into())));
    assert_eq!(said(room.ask("Wet shoes.")).as_deref(), Ok("rain"));
    assert_eq!(room.n_asked(), 3);
}

#[test]
fn what_the_server_refuses_is_not_tried_again() {
    let room = Room::new(&Scripted::new(|_| Err(Fault::Refused("bad schema".into()))));
    assert_eq!(said(room.ask("Wet shoes.")), Err(NoAnswer::Unusable));
    assert_eq!(room.n_asked(), 1);
}

#[test]
fn what_is_wrong_with_a_reply_is_named_to_the_model_once() {
    let room = Room::new(&Scripted::new(rain));
    room.model.next(Ok(Scripted::said(r#"{"weather": "purple"}"#)));
    assert_eq!(said(room.ask("Wet shoes.")).as_deref(), Ok("rain"));
    let asked = room.model.asked();
    assert_eq!(asked.len(), 2);
    let last = asked[1].last().expect("a message");
    assert_eq!(last.role, Role::User);
    assert!(last.text.contains("none of rain, sun, snow"), "{}", last.text);
}

#[test]
fn a_model_that_cannot_do_it_is_not_asked_again() {
    let room = Room::new(&Scripted::new(|_| Ok(Scripted::said("I would say it rained."))));
    assert_eq!(said(room.ask("Wet shoes.")), Err(NoAnswer::Unusable));
    assert_eq!(said(room.ask("Wet shoes.")), Err(NoAnswer::Unusable));
    assert_eq!(room.n_asked(), 2, "the question and one repair");
}

#[test]
fn a_reply_that_was_cut_off_is_never_taken_for_an_answer() {
    let cut = |end| Said { end, ..Scripted::said(r#"{"weather": "rain"}"#) };
    let room = Room::new(&Scripted::new(rain));
    room.model.next(Ok(cut(End::Length)));
    assert_eq!(said(room.ask("Wet shoes.")), Err(NoAnswer::TooLong));
    room.model.next(Ok(cut(End::Unfinished)));
    assert_eq!(said(room.ask("Wet shoes.")).as_deref(), Ok("rain"));
    assert_eq!(room.n_asked(), 3);
}

#[test]
fn a_prompt_that_the_server_cut_without_a_word_is_too_long() {
    let room = Room::with(&Scripted::new(rain), |mind| mind.window_tokens = 2048);
    let long = "It rained on the roof. ".repeat(200);
    for counted in [1026, 2048, 2047] {
        let said =
            Said { prompt_tokens: Some(counted), ..Scripted::said(r#"{"weather": "rain"}"#) };
        room.model.next(Ok(said));
        let asked = format!("{long}{counted}");
        let is_sent = budget::tokens(&asked) < 1_800;
        assert!(is_sent, "the test's text must fit: {}", budget::tokens(&asked));
        assert_eq!(self::said(room.ask(&asked)), Err(NoAnswer::TooLong), "{counted}");
    }
}

#[test]
fn a_prompt_that_is_longer_than_the_window_is_not_sent() {
    let room = Room::with(&Scripted::new(rain), |mind| mind.window_tokens = 2048);
    let long = "It rained on the roof. ".repeat(400);
    assert_eq!(said(room.ask(&long)), Err(NoAnswer::TooLong));
    assert_eq!(room.n_asked(), 0);
}

#[test]
fn examples_give_way_where_the_window_is_small() {
    let room = Room::with(&Scripted::new(rain), |mind| mind.window_tokens = 2048);
    let nearly = "It rained on the roof. ".repeat(260);
    said(room.ask("Wet shoes.")).expect("an answer");
    said(room.ask(&nearly)).expect("an answer");
    let n_messages: Vec<usize> = room.model.asked().iter().map(Vec::len).collect();
    assert_eq!(n_messages, [4, 2]);
}

#[test]
fn a_model_that_counts_more_tokens_than_we_do_gets_shorter_prompts() {
    let room = Room::with(&Scripted::new(rain), |mind| mind.window_tokens = 2048);
    let text = "Tief verschneite Wege, überall. ".repeat(60);
    let counted = budget::tokens(&text) * 2;
    room.model.next(Ok(Said {
        prompt_tokens: Some(counted),
        ..Scripted::said(r#"{"weather": "snow"}"#)
    }));
    said(room.ask(&text)).expect("an answer");
    let longer = "Tief verschneite Wege, überall. ".repeat(130);
    assert_eq!(said(room.ask(&longer)), Err(NoAnswer::TooLong));
    assert_eq!(room.n_asked(), 1);
}

#[test]
fn when_the_minutes_of_a_night_are_used_up_nothing_more_is_asked() {
    let room = Room::with(&Scripted::new(rain), |mind| mind.most_minutes = 1);
    said(room.ask("Wet shoes.")).expect("an answer");
    let took = |ms: i64| {
        crate::world::outside(room.world.journal.path())
            .execute("UPDATE mind_calls SET took_ms = ?1", [ms])
            .expect("the ledger is changed");
    };
    took(59_000);
    said(room.ask("Wet hat.")).expect("an answer");
    took(60_000);
    room.with_caller(&Cancel::default(), |caller| {
        assert_eq!(
            said(room.put(caller, "Dry hat.", &[]).expect("no error")),
            Err(NoAnswer::Limit)
        );
        assert!(caller.shortfall().is_some_and(|why| why.contains("1 min")));
    });
    room.world.pass(24 * 3_600_000);
    said(room.ask("Dry hat.")).expect("the next night has minutes of its own");
    assert_eq!(room.n_asked(), 3);
}

#[test]
fn a_cancelled_dream_asks_nothing_more() {
    let room = Room::new(&Scripted::new(rain));
    let cancel = Cancel::default();
    cancel.cancel();
    let asked = room.with_caller(&cancel, |caller| room.put(caller, "Wet shoes.", &[]));
    assert!(matches!(asked, Err(Error::Cancelled)));
    assert_eq!(room.n_asked(), 0);
}

#[test]
fn after_three_questions_in_vain_the_server_is_left_alone() {
    let broken = Scripted::new(|_| Err(Fault::Passing("out of memory".into())));
    let room = Room::new(&broken);
    room.with_caller(&Cancel::default(), |caller| {
        for text in ["one", "two", "three", "four", "five"] {
            assert_eq!(said(room.put(caller, text, &[]).expect("no error")), Err(NoAnswer::Away));
        }
        assert!(!caller.can_ask());
    });
    assert_eq!(room.n_asked(), 3 * 4);
}

#[test]
fn never_more_calls_at_a_time_than_the_setting_allows() {
    let at_once = Arc::new((AtomicU32::new(0), AtomicU32::new(0)));
    let seen = Arc::clone(&at_once);
    let model = Scripted::new(move |chat| {
        let now = seen.0.fetch_add(1, Ordering::SeqCst) + 1;
        seen.1.fetch_max(now, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(3));
        seen.0.fetch_sub(1, Ordering::SeqCst);
        rain(chat)
    });
    let room = Room::with(&model, |mind| mind.concurrency = 2);
    // One dream row is there before the threads ask for it.
    room.a_dream();
    let failed = Mutex::new(0);
    room.with_caller(&Cancel::default(), |caller| {
        thread::scope(|scope| {
            for n in 0..8 {
                let (room, failed) = (&room, &failed);
                scope.spawn(move || {
                    let asked = room.put(caller, &format!("Day {n}."), &[]);
                    if !matches!(asked, Ok(Ok(_))) {
                        *failed.lock().expect("a count") += 1;
                    }
                });
            }
        });
    });
    assert_eq!(*failed.lock().expect("a count"), 0);
    assert_eq!(room.n_asked(), 8);
    assert!(at_once.1.load(Ordering::SeqCst) <= 2);
}

#[test]
fn the_ledger_knows_what_a_call_cost_and_not_a_word_of_it() {
    let room = Room::new(&Scripted::new(|_| {
        Ok(Said {
            prompt_tokens: Some(61),
            reply_tokens: Some(9),
            ..Scripted::said(r#"{"weather": "rain"}"#)
        })
    }));
    said(room.ask("Pomegranates in the rain.")).expect("an answer");
    let rows = &room.world.everything()["mind_calls"];
    assert_eq!(rows.len(), 1);
    assert!(rows[0].contains("weather-1") && rows[0].contains("Integer(61)"), "{}", rows[0]);
    assert!(!rows[0].contains("Pomegranates") && !rows[0].contains("{\"weather\""), "{}", rows[0]);
}

#[test]
fn a_prompt_of_the_persons_own_takes_the_place_of_ours() {
    let room = Room::new(&Scripted::new(rain));
    let folder = room.world.home().join("prompts/weather");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("system.md"), "Name the weather in one word.").expect("a prompt");
    let own = Prompt::load(&FILES, room.world.home()).expect("the prompt is read");
    assert_eq!(own.version, "weather-1+own");
    assert_eq!(own.messages(&[], 0)[0].text, "Name the weather in one word.");
    std::fs::write(folder.join("examples.json"), "none").expect("a prompt");
    let error = Prompt::load(&FILES, room.world.home()).expect_err("no examples");
    assert!(error.to_string().contains("weather"), "{error}");
}
