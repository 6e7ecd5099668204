//! What is found without a word of the question in it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use rem_core::{
    api::search::Scope,
    journal::Cancel,
    mind::{
        Embedder, Fault, LanguageModel, Server,
        around::Around,
        model::{EmbedderCard, Listed, Pulling, Purpose, Use},
    },
};

use super::{ask, said};
use crate::world::World;

/// Words that mean the same, each row a direction of its own.
const MEANINGS: [&[&str]; 4] = [
    &["boat", "rowed", "vessel", "sailing"],
    &["doctor", "physician", "hospital"],
    &["bread", "baked", "loaf", "dough"],
    &["violin", "fiddle", "music"],
];

/// A model that knows these words and nothing else.
#[derive(Debug, Clone)]
struct Knowing {
    card: EmbedderCard,
    is_there: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<(Purpose, String)>>>,
}

impl Knowing {
    fn new() -> Self {
        let card = EmbedderCard {
            name: "knowing".into(),
            digest: "k1".into(),
            dimensions: 32,
            document_prefix: String::new(),
            query_prefix: String::new(),
            window_tokens: 512,
        };
        Self { card, is_there: Arc::new(AtomicBool::new(true)), asked: Arc::default() }
    }

    fn n_questions(&self) -> usize {
        let asked = self.asked.lock().expect("what was asked");
        asked.iter().filter(|(purpose, _)| *purpose == Purpose::Query).count()
    }
}

fn vector(text: &str) -> Vec<f32> {
    let mut vector = [0.01_f32; 32];
    for (n, words) in MEANINGS.iter().enumerate() {
        if words.iter().any(|word| text.to_lowercase().contains(word)) {
            for place in 0..8 {
                vector[n * 8 + place] += 1.0;
            }
        }
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    vector.iter().map(|x| x / length).collect()
}

impl Embedder for Knowing {
    fn card(&self) -> &EmbedderCard {
        &self.card
    }

    fn embed(
        &self,
        texts: &[&str],
        purpose: Purpose,
        _cancel: &Cancel,
    ) -> Result<Vec<Option<Vec<f32>>>, Fault> {
        let mut asked = self.asked.lock().expect("what was asked");
        asked.extend(texts.iter().map(|text| (purpose, (*text).to_owned())));
        Ok(texts.iter().map(|text| Some(vector(text))).collect())
    }

    fn unload(&self, _cancel: &Cancel) {}
}

impl Server for Knowing {
    fn name(&self) -> String {
        "a script".into()
    }

    fn version(&self, _cancel: &Cancel) -> Result<String, Fault> {
        Ok("1".into())
    }

    fn list(&self, _cancel: &Cancel) -> Result<Vec<Listed>, Fault> {
        if !self.is_there.load(Ordering::SeqCst) {
            return Err(Fault::Gone("nobody answers".into()));
        }
        Ok(vec![Listed {
            name: self.card.name.clone(),
            digest: self.card.digest.clone(),
            size_bytes: 0,
            parameters: String::new(),
            quantization: String::new(),
            context_tokens: Some(512),
            dimensions: Some(32),
            can_chat: false,
            can_embed: true,
            thinks: false,
            refused: None,
            caution: None,
        }])
    }

    fn language_model(
        &self,
        name: &str,
        _wanted: Use,
        _cancel: &Cancel,
    ) -> Result<Arc<dyn LanguageModel>, Fault> {
        Err(Fault::Missing(name.to_owned()))
    }

    fn embedder(&self, _name: &str, _cancel: &Cancel) -> Result<Arc<dyn Embedder>, Fault> {
        Ok(Arc::new(self.clone()))
    }

    fn pull(
        &self,
        name: &str,
        _tell: &mut dyn FnMut(Pulling),
        _cancel: &Cancel,
    ) -> Result<(), Fault> {
        Err(Fault::Missing(name.to_owned()))
    }
}

/// Notes without a word in common, embedded by the model.
fn library(model: &Knowing) -> World {
    let world =
        World::around(Around { server: Some(Arc::new(model.clone())), ..Around::default() });
    world.write("a.md", "# Tuesday\n\nRowed across before breakfast.\n");
    world.write("b.md", "# Knee\n\nThe physician said to rest.\n");
    world.write("c.md", "# Kitchen\n\nThe dough rose twice.\n");
    world.write("d.md", "# Nothing\n\nWaited all day.\n");
    world.scan();
    world.journal.embed_as_set(&Cancel::default()).expect("the model embeds");
    world
}

fn titles(world: &World, query: &str) -> Vec<String> {
    ask(world, query, Scope::Notes).hits.into_iter().map(|hit| hit.title).collect()
}

#[test]
fn another_word_for_the_same_finds_a_note() {
    let world = library(&Knowing::new());
    assert_eq!(titles(&world, "sailing"), ["Tuesday"]);
    assert_eq!(titles(&world, "hospital"), ["Knee"]);
    assert_eq!(titles(&world, "loaf"), ["Kitchen"]);
    assert_eq!(titles(&world, "fiddle"), Vec::<String>::new(), "nothing is about that");
}

#[test]
fn what_is_found_by_meaning_shows_its_nearest_passage_and_says_so() {
    let world = library(&Knowing::new());
    let hits = ask(&world, "vessel", Scope::Notes).hits;
    assert!(said(&hits[0].pieces).contains("Rowed across"), "{hits:?}");
    let why = hits[0].explanation.as_ref().expect("an explanation");
    assert_eq!((why.words_rank, why.meaning_rank), (None, Some(1)));
    assert!(why.cosine > 0.9, "{why:?}");
}

#[test]
fn what_has_the_word_and_means_it_comes_before_what_only_means_it() {
    let world = library(&Knowing::new());
    world.write("e.md", "# Wednesday\n\nThe boat was painted.\n");
    world.scan();
    world.journal.embed_as_set(&Cancel::default()).expect("the model embeds");
    assert_eq!(titles(&world, "boat"), ["Wednesday", "Tuesday"]);
}

#[test]
fn what_must_not_be_there_is_not_found_by_meaning_either() {
    let world = library(&Knowing::new());
    assert_eq!(titles(&world, "sailing -breakfast"), Vec::<String>::new());
    assert_eq!(
        titles(&world, "\"sailing\""),
        Vec::<String>::new(),
        "it was to be found word for word"
    );
}

#[test]
fn a_question_is_embedded_once_however_often_it_is_asked() {
    let model = Knowing::new();
    let world = library(&model);
    for _ in 0..3 {
        titles(&world, "sailing");
    }
    assert_eq!(model.n_questions(), 1);
}

#[test]
fn without_its_model_a_journal_is_searched_by_words_and_says_so() {
    let model = Knowing::new();
    let world = library(&model);
    model.is_there.store(false, Ordering::SeqCst);
    let reply = ask(&world, "dough", Scope::Notes);
    assert_eq!(reply.hits.len(), 1);
    assert!(!reply.by_meaning);
    assert!(ask(&world, "sailing", Scope::Notes).hits.is_empty());
}

#[test]
fn a_note_that_is_changed_or_deleted_is_no_longer_found_by_what_it_meant() {
    let world = library(&Knowing::new());
    assert_eq!(titles(&world, "sailing"), ["Tuesday"]);
    world.write("a.md", "# Tuesday\n\nBaked before breakfast.\n");
    world.scan();
    world.journal.embed_as_set(&Cancel::default()).expect("the model embeds");
    assert_eq!(titles(&world, "sailing"), Vec::<String>::new());
    let mut of_bread = titles(&world, "loaf");
    of_bread.sort();
    assert_eq!(of_bread, ["Kitchen", "Tuesday"]);
    world.delete("c.md");
    world.scan();
    assert_eq!(titles(&world, "loaf"), ["Tuesday"]);
}
