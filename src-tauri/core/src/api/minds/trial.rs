//! A small trial of a model, with invented words: nothing of the journal is sent.

use std::time::Instant;

use schemars::JsonSchema;
use serde::Deserialize;

use super::TrialReport;
use crate::{
    Journal,
    journal::Cancel,
    mind::{
        Embedder, Fault, LanguageModel, Server,
        answer::{self, Remarks},
        choose,
        model::{Chat, End, Message, Purpose, Role, Use},
        schema,
    },
};

const TASK: &str = "You read a short note from a diary and answer in JSON with three fields: place (where \
    it happened), people (the names of all people in the note, nobody else), and feeling (one word for \
    how the writer felt). Use only what the note says.";
const NOTE: &str = "Rain all morning. Tomas and I carried the last boxes into the boat shed, and Hester \
    made tea on the little stove. I was tired but glad that it is done.";
/// Everybody in the note.
const PEOPLE: [&str; 2] = ["Hester", "Tomas"];
/// Room for the reply, and for thoughts where they cannot be switched off.
const REPLY_TOKENS: u32 = 200;
const THOUGHT_TOKENS: u32 = 1_024;
/// A vector made alone and one made in a batch are nearer to each other than this, or the batch is
/// broken (ollama issue 6262).
const SAME: f64 = 0.999;

/// Sentences that are embedded together with the note.
const OTHERS: [&str; 5] = [
    "The train was late again.",
    "We planted beans behind the house.",
    "Ilse called about the tickets.",
    "A long walk along the canal.",
    "Nothing much happened today.",
];

#[derive(Debug, Deserialize, JsonSchema)]
struct Read {
    place: String,
    people: Vec<String>,
    feeling: String,
}

pub(super) fn of(journal: &Journal, name: &str) -> TrialReport {
    let began = Instant::now();
    let mut report = TrialReport {
        name: name.to_owned(),
        is_good: false,
        said: String::new(),
        took_ms: 0,
        load_ms: 0,
        tokens_per_second: None,
    };
    let tried = choose::server(journal).and_then(|server| {
        if embeds(&*server, name)? {
            let embedder = server.embedder(name, &Cancel::default())?;
            embed(&*embedder, &mut report)
        } else {
            let usage = Use { window_tokens: journal.settings().mind.window_tokens };
            let model = server.language_model(name, usage, &Cancel::default())?;
            read(&*model, &mut report)
        }
    });
    if let Err(fault) = tried {
        report.said = fault.to_string();
    }
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    report
}

/// Whether the model is one that only embeds.
fn embeds(server: &dyn Server, name: &str) -> Result<bool, Fault> {
    let listed = server.list(&Cancel::default())?;
    let found =
        listed.iter().find(|model| model.name == name || model.name == format!("{name}:latest"));
    Ok(found.is_some_and(|model| model.can_embed && !model.can_chat))
}

fn read(model: &dyn LanguageModel, report: &mut TrialReport) -> Result<(), Fault> {
    let schema = schema::of::<Read>();
    let thoughts = if model.card().thinks { THOUGHT_TOKENS } else { 0 };
    let messages = [Message::new(Role::System, TASK), Message::new(Role::User, NOTE)];
    let said = model.chat(
        &Chat {
            messages: &messages,
            schema: &schema,
            reply_tokens: REPLY_TOKENS + thoughts,
            temperature: 0.0,
            seed: 7,
        },
        &Cancel::default(),
    )?;
    report.load_ms = said.load_ms;
    report.tokens_per_second = said
        .reply_tokens
        .filter(|_| said.reply_ms > 0)
        .map(|n| (f64::from(n) * 1000.0 / said.reply_ms as f64).round() as u32);
    report.said = match said.end {
        End::Length => "its reply was cut off: it writes without coming to an end".into(),
        End::Unfinished => "the server broke off its reply".into(),
        End::Stop => match answer::read::<Read>(&said.text, &schema, &mut Remarks::default()) {
            Err(complaint) => complaint.0,
            Ok(read) => {
                let is_there =
                    |name: &&str| read.people.iter().any(|person| person.contains(*name));
                report.is_good = PEOPLE.iter().all(is_there);
                let told = format!(
                    "it read: {}, at {}, {}",
                    read.people.join(" and "),
                    read.place,
                    read.feeling
                );
                let told: String = told.chars().filter(|c| !c.is_control()).take(200).collect();
                if report.is_good { told } else { format!("it missed somebody; {told}") }
            }
        },
    };
    Ok(())
}

fn embed(embedder: &dyn Embedder, report: &mut TrialReport) -> Result<(), Fault> {
    let cancel = Cancel::default();
    let alone = embedder.embed(&[NOTE], Purpose::Document, &cancel)?;
    let mut batch = OTHERS.to_vec();
    batch.push(NOTE);
    let together = embedder.embed(&batch, Purpose::Document, &cancel)?;
    let (Some(Some(alone)), Some(Some(together))) = (alone.first(), together.last()) else {
        report.said = "it gave no vector for the trial’s note".into();
        return Ok(());
    };
    let cosine: f64 = alone.iter().zip(together).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    report.is_good = cosine > SAME;
    report.said = if report.is_good {
        format!("it gives vectors of {} numbers, the same alone and among others", alone.len())
    } else {
        format!("its vectors change with what they are made together with (cosine {cosine:.3})")
    };
    Ok(())
}
