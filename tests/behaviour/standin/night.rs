//! A journal with real writing in it, beside a server.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::Receiver,
    thread::{self, JoinHandle},
    time::Duration,
};

use rem_core::{
    Result,
    api::{
        ask::{AskReply, AskRequest, ask},
        dreams::{DreamReport, DreamRequest, DreamState, Stage},
    },
    event::Event,
    journal::Cancel,
    mind::around::{Around, Patience},
    settings::MindSettings,
};
use serde_json::{Value, json};

use super::server::beside;
use crate::{receipts, world::World};

/// Names the folder of the journal that [`a_dream_in_a_process_of_its_own`] is to dream about.
const CHILD: &str = "REM_TEST_CHILD";

/// Before the first retry of a call.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(20);

/// What is in the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sources {
    /// A long conversation of two people, and two weeks of Pepys.
    All,
    /// Nothing yet.
    None,
}

pub(super) struct Night {
    world: World,
    events: std::sync::Mutex<Receiver<Event>>,
}

impl Night {
    pub(super) fn with(
        url: &str,
        sources: Sources,
        change: impl FnOnce(&mut MindSettings),
    ) -> Option<Self> {
        let patience = Patience {
            first_wait: FIRST_WAIT,
            until_back: Duration::from_millis(200),
            first_piece: Duration::from_secs(2),
            next_piece: Duration::from_secs(2),
        };
        Self::of(url, sources, patience, change)
    }

    /// With the app's own patience.
    pub(super) fn patient(url: &str, sources: Sources) -> Option<Self> {
        Self::of(url, sources, Patience::default(), |_| {})
    }

    fn of(
        url: &str,
        sources: Sources,
        patience: Patience,
        change: impl FnOnce(&mut MindSettings),
    ) -> Option<Self> {
        let around = Around { ollama_host: Some(url.to_owned()), patience, ..Around::default() };
        let world = World::around(around);
        let mut settings = world.journal.settings();
        settings.mind.fast_model = "gemma3:4b".into();
        settings.mind.embedding_model = "off".into();
        settings.mind.min_gap_ms = 0;
        change(&mut settings.mind);
        world.journal.change_settings(settings).expect("settings are kept");
        let events = std::sync::Mutex::new(world.journal.events());
        let night = Self { world, events };
        if sources == Sources::All {
            let data = beside("REM_TEST_DATA", "shared/data")?;
            night.read_diary(&data.join("diary-pepys-1660/days/1660"));
            night.read_chat(&data.join("locomo/locomo.json"));
        }
        Some(night)
    }

    fn read_diary(&self, folder: &Path) {
        for day in 1..=14 {
            let name = format!("1660-01-{day:02}.md");
            let text = fs::read(folder.join(&name)).expect("a day of the diary");
            self.world.write(&name, text);
        }
        self.read_notes();
    }

    /// The conversation as lines of JSON, the format for whatever has none of its own.
    fn read_chat(&self, file: &Path) {
        let all: Value = serde_json::from_slice(&fs::read(file).expect("chats")).expect("JSON");
        let talk = all[0]["conversation"].as_object().expect("a conversation");
        let mut lines = String::new();
        for n in 1..=8 {
            let Some(messages) = talk.get(&format!("session_{n}")).and_then(Value::as_array) else {
                continue;
            };
            let told = talk[&format!("session_{n}_date_time")].as_str().expect("a time");
            let began = chrono::NaiveDateTime::parse_from_str(told, "%I:%M %P on %d %B, %Y")
                .expect("a time");
            for (minute, message) in messages.iter().enumerate() {
                let at = began + chrono::Duration::minutes(minute as i64);
                let line = json!({
                    "session": format!("talk-{n}"),
                    "author": message["speaker"],
                    "time": at.format("%Y-%m-%dT%H:%M").to_string(),
                    "text": message["text"],
                });
                lines += &format!("{line}\n");
            }
        }
        let path = self.world.home().join("talk.jsonl");
        fs::write(&path, lines).expect("it is written");
        let report = self.world.import(&path);
        assert!(report.n_records_added > 50, "the conversation is read: {report:?}");
    }

    /// One of ten notes of one day, an hour apart.
    pub(super) fn write(&self, n: u32, more: &str) {
        const TOLD: [&str; 10] = [
            "Hester tuned the harmonium before breakfast and broke a reed.",
            "The postman brought a letter from Ilse about the inheritance.",
            "Walked to the lock and watched the barges until it rained.",
            "Lunch with Tomas, who is tired of the choir and wants to stop.",
            "The roof leaks again above the workshop; put buckets under it.",
            "Bought twelve metres of felt at the market, too expensive by far.",
            "A child asked how an organ breathes and listened for an hour.",
            "Phoned the bank; they want the papers signed by Friday.",
            "Cooked lentils, burnt them, laughed, ate bread with cheese instead.",
            "Read in bed about bells in Bruges and slept badly.",
        ];
        let text = format!("# 2026-10-12\n\n## {:02}:00\n{}{more}\n", 8 + n, TOLD[n as usize]);
        self.world.write(&format!("2026-10-12 part {n}.md"), text);
    }

    pub(super) fn read_notes(&self) {
        self.world.scan();
    }

    pub(super) fn ask(&self, question: &str) -> AskReply {
        let request = AskRequest { question: question.into(), ..AskRequest::default() };
        ask(&self.world.journal, request).expect("a question is answered")
    }

    pub(super) fn settings(&self) -> MindSettings {
        self.world.journal.settings().mind
    }

    pub(super) fn dream(&self) -> DreamReport {
        self.world.dream()
    }

    /// Only moments and stories: what is told of weeks, and of the person, asks more.
    pub(super) fn dream_of_days(&self) -> DreamReport {
        let stages = vec![Stage::Moments];
        self.world.dream_with(&DreamRequest { stages, ..DreamRequest::default() })
    }

    /// A night takes up all days that lacked the model.
    pub(super) fn dream_by_night(&self) -> DreamReport {
        self.world.dream_with(&DreamRequest { cause: "night".into(), ..DreamRequest::default() })
    }

    /// Begins a dream beside the test.
    pub(super) fn begin(&self) -> JoinHandle<Result<DreamReport>> {
        let journal = self.world.journal.clone();
        thread::spawn(move || journal.dream(&DreamRequest::default(), &Cancel::default()))
    }

    pub(super) fn wait_for_titles(&self, n: usize) {
        let mut seen = 0;
        self.wait_until(|state| {
            seen += usize::from(matches!(
                state,
                DreamState::Dreaming { progress } if progress.last_title.is_some()
            ));
            seen >= n
        });
    }

    pub(super) fn wait_for_waiting(&self) {
        self.wait_until(|state| {
            matches!(state, DreamState::Dreaming { progress } if progress.waits_for.is_some())
        });
    }

    fn wait_until(&self, mut is_so: impl FnMut(&DreamState) -> bool) {
        let events = self.events.lock().expect("events");
        loop {
            let event = events.recv_timeout(Duration::from_secs(60)).expect("the dream goes on");
            if let Event::DreamMoved { dream } = event {
                assert!(matches!(dream, DreamState::Dreaming { .. }), "it ended: {dream:?}");
                if is_so(&dream) {
                    return;
                }
            }
        }
    }

    /// A dream of this journal in a process of its own.
    pub(super) fn begin_elsewhere(&self, url: &str) -> Child {
        Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "standin::night::a_dream_in_a_process_of_its_own", "--ignored"])
            .env(CHILD, self.world.home())
            .env("OLLAMA_HOST", url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs")
    }

    /// What was killed gives no sign any more.
    pub(super) fn outlive_the_lock(&self) {
        crate::world::outside(self.world.journal.path())
            .execute("UPDATE locks SET expires_at = 0", [])
            .expect("the lock runs out");
    }

    /// The lines of the ledger.
    pub(super) fn ledger(&self) -> Vec<String> {
        self.world.everything().remove("mind_calls").unwrap_or_default()
    }

    /// Everything a dream leaves behind is there and fits together.
    pub(super) fn is_whole(&self) {
        assert!(receipts::check(&self.world) > 0, "there are moments");
        let none = |what: &str, sql: &str| assert_eq!(self.world.count(sql), 0, "{what}");
        none("no dream is left running", "SELECT count(*) FROM dreams WHERE state = 'running'");
        none("no day is left waiting", "SELECT count(*) FROM jobs WHERE kind = 'dream'");
        none(
            "every day with writing has its story",
            "SELECT count(DISTINCT day) FROM chunks WHERE day IS NOT NULL AND day NOT IN
               (SELECT starts_on FROM periods WHERE kind = 'day')",
        );
        none("every moment has a title", "SELECT count(*) FROM moments WHERE trim(title) = ''");
        none(
            "every moment has evidence",
            "SELECT count(*) FROM moments WHERE id NOT IN (SELECT moment_id FROM evidence)",
        );
        none("nothing refers to what is gone", "SELECT count(*) FROM pragma_foreign_key_check");
        none("the lock is given back", "SELECT count(*) FROM locks");
    }
}

#[test]
#[ignore = "no test by itself: it is what `begin_elsewhere` runs in another process"]
fn a_dream_in_a_process_of_its_own() {
    let home = std::env::var_os(CHILD).expect("the folder of a journal");
    let ollama_host = std::env::var("OLLAMA_HOST").ok();
    let around = Around { ollama_host, ..Around::default() };
    let journal = crate::world::reopened(home.as_ref(), around);
    let report = journal.dream(&DreamRequest::default(), &Cancel::default());
    report.expect("the dream ends well");
}
