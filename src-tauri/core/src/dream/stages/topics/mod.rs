//! Topics: gathers the tags of all moments to topics, relates them, finds communities, and lets a model name
//! these. Without a model a community is called by its most central topics.
//!
//! Gathering is one transaction, each name another: killed in between, the next run finds the topics as they
//! are to be and goes on with the names.

mod reply;
#[cfg(test)]
mod tests;

use rusqlite::Connection;

use self::reply::Reply;
use super::{
    reading::Reading,
    told::{Asked, Given, language_name},
};
use crate::{
    Error, Result,
    api::dreams::{Stage, StageReport},
    dream::night::{self, Night},
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Profile, Question},
        quoted::{self, Piece},
    },
    store::Hash,
    topics::{self, Asking, Difference, Due, Kept, Material, Wanted},
};

/// The stage's name in the list of inputs.
const STAGE: &str = "topics";
/// How often it begins anew where the person corrects something while it gathers.
const TRIES: usize = 5;

/// Gathers topics and names communities.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Topics);
    let caller = night.reading.caller.filter(|c| c.minds().of(Profile::Fast).is_some());
    let asking = match caller {
        Some(_) => Asking::Now,
        None if night.is_off => Asking::Off,
        None => Asking::Missed,
    };
    let Some(gathered) = gather(night, asking)? else {
        return Ok(account.unchanged());
    };
    let counts = gathered.counts;
    for (name, n) in [
        ("tags", counts.n_tags),
        ("topics", counts.n_topics),
        ("topics_added", counts.n_added),
        ("topics_changed", counts.n_changed),
        ("topics_removed", counts.n_removed),
        ("edges_added", counts.n_edges_added),
        ("edges_changed", counts.n_edges_changed),
        ("edges_removed", counts.n_edges_removed),
        ("communities", counts.n_communities),
    ] {
        account.count(name, n);
    }
    let (mut n_named, mut n_left) = (0_u32, 0_u32);
    if let Some(caller) = caller {
        for due in gathered.due {
            night.cancel.check()?;
            match name(night, caller, due, gathered.seen)? {
                Named::By => n_named += 1,
                Named::Nobody => {}
                Named::Later => n_left += 1,
            }
        }
    }
    account.count("communities_named", n_named);
    // What is still to be named is looked for again, although the moments are the same.
    let input = if n_left > 0 { salted(gathered.input) } else { gathered.input };
    if !night.read(|reader| night::is_same_input(reader, STAGE, input))? {
        night.write(|writing| night::keep_input(writing, STAGE, input))?;
    }
    if n_left > 0 {
        let reason = caller.and_then(Caller::shortfall);
        account.lacked_model(&reason.unwrap_or_else(|| "the model did not answer".into()));
    } else if asking == Asking::Missed && counts.n_communities > 0 {
        account.lacked_model("communities are called by their topics until there is a model");
    }
    Ok(account.done())
}

/// What gathering came to.
struct Gathered {
    input: Hash,
    /// The person's last change that it knew of.
    seen: i64,
    counts: topics::Written,
    due: Vec<Due>,
}

/// Gathers, and writes what is otherwise. `None` where it was made from the same before, and where there is
/// nothing to gather.
fn gather(night: &Night<'_>, asking: Asking) -> Result<Option<Gathered>> {
    for _ in 0..TRIES {
        night.cancel.check()?;
        let (seen, material) = night
            .read(|reader| Ok((persons_last(reader)?, Material::read(reader, night.cancel)?)))?;
        let input = input_of(&material, asking);
        if night.read(|reader| night::is_same_input(reader, STAGE, input))? {
            return Ok(None);
        }
        let ontology = topics::gather(&material, night.cancel)?;
        let kept = night.read(Kept::read)?;
        let difference = Difference::of(&material, &ontology, &kept, asking);
        let counts = difference.counts;
        if difference.is_nothing() && ontology.topics.is_empty() {
            return Ok(None);
        }
        if difference.is_nothing() {
            return Ok(Some(Gathered { input, seen, counts, due: difference.due() }));
        }
        let written = night.write(|writing| {
            if persons_last(writing.tx)? != seen {
                return Ok(None);
            }
            topics::write(writing, &difference).map(Some)
        })?;
        if let Some(due) = written {
            return Ok(Some(Gathered { input, seen, counts, due }));
        }
    }
    Err(Error::invalid(
        "topics were corrected again and again while they were gathered: dream again",
    ))
}

fn input_of(material: &Material, asking: Asking) -> Hash {
    let mind: &[u8] = match asking {
        Asking::Now => b"model",
        Asking::Missed => b"missed",
        Asking::Off => b"off",
    };
    Hash::of_fields([material.hash.0.as_slice(), mind])
}

fn salted(input: Hash) -> Hash {
    Hash::of_fields([input.0.as_slice(), b"names are missing"])
}

/// The last change by the person's hand: what is written must have been made from no earlier state.
fn persons_last(reader: &Connection) -> Result<i64> {
    Ok(reader.query_row(
        "SELECT coalesce(max(id), 0) FROM revisions WHERE author = 'person'",
        [],
        |row| row.get(0),
    )?)
}

/// How naming a community ended.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    By,
    /// The model finds no name.
    Nobody,
    /// There was no answer, for now.
    Later,
}

fn name(night: &Night<'_>, caller: &Caller<'_>, due: Due, seen: i64) -> Result<Named> {
    if !caller.can_ask() {
        return Ok(Named::Later);
    }
    let wanted = night.read(|reader| topics::wanted(reader, due))?;
    let asked = ask(&wanted, &night.reading, caller)?;
    let named = match &asked {
        Ok(named) => Some((named.0.as_str(), named.1.as_str())),
        Err(NoAnswer::Unusable | NoAnswer::TooLong) => None,
        Err(NoAnswer::Away | NoAnswer::Limit) => return Ok(Named::Later),
    };
    night.write(|writing| {
        // A source that was forgotten meanwhile may have lent its words.
        if persons_last(writing.tx)? != seen {
            return Ok(Named::Later);
        }
        topics::keep_name(writing, &wanted.due, named)?;
        Ok(if named.is_some() { Named::By } else { Named::Nobody })
    })
}

/// Asks for a name. Returns it, and the model that gave it.
fn ask(
    wanted: &Wanted,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Result<(String, String), NoAnswer>> {
    let topics = wanted.topics.join("\n");
    let titles = wanted.titles.join("\n");
    let pieces = [
        Piece { handle: "topics", by: "", text: &topics },
        Piece { handle: "moments", by: "", text: &titles },
    ];
    let quoted = quoted::quote(&pieces);
    let language = language_name(wanted.language, "titles");
    let places = [
        ("code", quoted.code.as_str()),
        ("texts", quoted.text.as_str()),
        ("language", language.as_str()),
    ];
    let question = Question {
        stage: STAGE,
        profile: Profile::Fast,
        prompt: &reading.prompts.topics,
        places: &places,
        reply_tokens: reply::TOKENS,
        record_ids: &wanted.record_ids,
    };
    let asked = Asked {
        what: "texts",
        language: wanted.language,
        to_machine: false,
        rules: reading.prompts.topics.system(),
        code: &quoted.code,
    };
    let texts = wanted.topics.iter().chain(&wanted.titles).map(String::as_str).collect();
    let people = wanted.people.iter().map(String::as_str).collect();
    let given = Given::new(texts, people, asked);
    let answer =
        caller.ask::<Reply, String>(&question, &|said, remarks| check(&said, &given, remarks))?;
    Ok(answer.map(|answered| (answered.value, answered.model)))
}

fn check(said: &Reply, given: &Given<'_>, remarks: &mut Remarks) -> Result<String, Complaint> {
    let name = given.check_words(&said.name, reply::NAME, remarks);
    name.filter(|name| name.chars().any(char::is_alphabetic)).ok_or_else(|| {
        remarks.add(Remark::UnknownValue);
        Complaint(format!(
            "name must be one to four words, at most {} characters, that say what the topics have in \
             common, and name nobody who is not named there",
            reply::NAME
        ))
    })
}
