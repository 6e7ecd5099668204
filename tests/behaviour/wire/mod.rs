use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use rem_core::{
    Journal,
    clock::Clock,
    journal::{Cancel, Opening},
    mind::{
        Fault, LanguageModel, Server,
        address::Address,
        around::{Around, Patience},
        model::{Chat, Message, Role, Said, Use},
        ollama::Ollama,
    },
    settings::MindSettings,
};
use rem_tests::support::{FakeModel, FakeOllama};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Which addresses are asked, and which never.
mod addresses;
/// One call of a language model, and all that can become of it.
mod chatting;
/// Which models are used, shown, tried and downloaded.
mod choosing;
/// Texts become vectors.
mod embedding;
/// Servers that speak the OpenAI API.
mod openai;
/// The larger stand-in server, where it is at hand.
mod stand_in;

const MODEL: &str = "gemma3:4b";

/// Long enough for a busy machine, and never waited for where all goes well.
const PATIENT: Patience = Patience {
    first_wait: Duration::from_millis(1),
    until_back: Duration::from_millis(1),
    first_piece: Duration::from_secs(30),
    next_piece: Duration::from_secs(30),
};

fn fake() -> FakeOllama {
    FakeOllama::with([FakeModel::chat(MODEL), FakeModel::embedding("nomic-embed-text:latest")])
}

fn ollama_at(address: &str, patience: Patience) -> Ollama {
    let address = Address::ollama(address).expect("an address");
    Ollama::new(address.agreed("").expect("it is on this machine"), patience)
}

fn ollama(fake: &FakeOllama) -> Ollama {
    ollama_at(&fake.address(), PATIENT)
}

fn model_of(server: &dyn Server, name: &str) -> Arc<dyn LanguageModel> {
    let usage = Use { window_tokens: 4096 };
    server.language_model(name, usage, &Cancel::default()).expect("the model opens")
}

fn model(fake: &FakeOllama) -> Arc<dyn LanguageModel> {
    model_of(&ollama(fake), MODEL)
}

fn schema() -> Value {
    json!({ "type": "object", "properties": { "title": { "type": "string" } },
        "required": ["title"], "additionalProperties": false })
}

fn ask_with(model: &dyn LanguageModel, cancel: &Cancel) -> Result<Said, Fault> {
    let messages = [
        Message::new(Role::System, "You read diaries."),
        Message::new(Role::User, "Rain all day."),
    ];
    let schema = schema();
    let chat =
        Chat { messages: &messages, schema: &schema, reply_tokens: 300, temperature: 0.0, seed: 7 };
    model.chat(&chat, cancel)
}

fn ask(model: &dyn LanguageModel) -> Result<Said, Fault> {
    ask_with(model, &Cancel::default())
}

/// A journal in a temporary folder, with something around it.
struct Home {
    journal: Journal,
    _dir: TempDir,
}

impl Home {
    fn new(around: Around, settings: impl FnOnce(&mut MindSettings)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let now = "2026-10-14T18:00:00Z".parse::<DateTime<Utc>>().expect("an instant");
        let journal = Journal::open(Opening {
            path: dir.path().join("personal.rem"),
            name: "personal".into(),
            clock: Clock::from_fn(move || now),
            zone: "Europe/Berlin".into(),
            data_dir: dir.path().join("data"),
            around,
        })
        .expect("a journal");
        let mut all = journal.settings();
        settings(&mut all.mind);
        journal.change_settings(all).expect("these settings can be");
        Self { journal, _dir: dir }
    }

    fn beside(fake: &FakeOllama) -> Self {
        Self::new(around(&fake.address()), |_| {})
    }
}

fn around(host: &str) -> Around {
    Around {
        ollama_host: Some(host.into()),
        memory_bytes: 16_000_000_000,
        patience: PATIENT,
        ..Around::default()
    }
}
