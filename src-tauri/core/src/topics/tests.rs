use std::collections::BTreeMap;

use super::{
    corrections::Corrections,
    gather::gather,
    material::{Material, Moment, Tag},
    shape::Ontology,
};
use crate::{journal::Cancel, store::Hash, text::language::Language};

/// Moments of one day each, by their tags.
fn material(moments: &[&[&str]]) -> Material {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for tag in moments.iter().copied().flatten() {
        *counted.entry(tag).or_default() += 1;
    }
    let tags: Vec<Tag> = counted
        .into_iter()
        .map(|(text, n)| Tag { text: text.into(), language: Some(Language::English), n })
        .collect();
    let place = |tag: &str| tags.iter().position(|known| known.text == tag);
    let moments = moments
        .iter()
        .enumerate()
        .map(|(n, own)| {
            let mut places: Vec<usize> = own.iter().filter_map(|tag| place(tag)).collect();
            places.sort_unstable();
            Moment {
                id: n as i64 + 1,
                day: format!("2026-10-{:02}", n + 1),
                tags: places,
                importance: 1.0,
                mood: None,
            }
        })
        .collect();
    Material { tags, moments, corrections: Corrections::default(), hash: Hash::default() }
}

fn gathered(material: &Material) -> Ontology {
    gather(material, &Cancel::default()).expect("it is gathered")
}

/// The topic that has a tag.
fn holder(material: &Material, ontology: &Ontology, tag: &str) -> usize {
    let place = material.place(tag).expect("the tag");
    ontology.topics.iter().position(|topic| topic.tags.contains(&place)).expect("a topic")
}

fn broader(moments: &[&[&str]], part: &str) -> Option<String> {
    let material = material(moments);
    let ontology = gathered(&material);
    let whole = ontology.topics[holder(&material, &ontology, part)].broader?;
    Some(material.tags[ontology.topics[whole].tags[0]].text.clone())
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(gathered(&Material::default()), Ontology::default());
}

#[test]
fn what_has_the_words_of_another_and_more_is_a_part_of_it() {
    let moments: &[&[&str]] =
        &[&["rust", "tea"], &["rust-async"], &["rust-async-traits"], &["trust"]];
    assert_eq!(broader(moments, "rust-async").as_deref(), Some("rust"));
    assert_eq!(broader(moments, "rust-async-traits").as_deref(), Some("rust-async"));
    assert_eq!(broader(moments, "rust"), None);
    assert_eq!(broader(moments, "trust"), None);
}

#[test]
fn what_has_the_moments_of_another_is_a_part_of_it_only_where_that_is_larger() {
    let both: &[&str] = &["reeds", "harmonium"];
    let mut moments: Vec<&[&str]> = vec![both; 4];
    assert_eq!(broader(&moments, "reeds"), None, "as large");
    moments.extend(vec![&["harmonium"] as &[&str]; 2]);
    assert_eq!(broader(&moments, "reeds").as_deref(), Some("harmonium"));
    assert_eq!(broader(&moments, "harmonium"), None);
    moments.extend(vec![&["reeds"] as &[&str]; 2]);
    assert_eq!(broader(&moments, "reeds"), None, "too often without it");
}

#[test]
fn nothing_is_a_part_of_its_own_part() {
    let words: Vec<Vec<String>> =
        (0..40).map(|n| (0..=n % 7).map(|w| format!("w{}x", (n + w) % 5)).collect()).collect();
    let tags: Vec<String> = words.iter().map(|words| words.join("-")).collect();
    let moments: Vec<Vec<&str>> =
        (0..40).map(|n| (0..4).map(|t| tags[(n * 3 + t * t) % 40].as_str()).collect()).collect();
    let moments: Vec<&[&str]> = moments.iter().map(Vec::as_slice).collect();
    let ontology = gathered(&material(&moments));
    for start in 0..ontology.topics.len() {
        let mut at = ontology.topics[start].broader;
        for _ in 0..ontology.topics.len() {
            at = at.and_then(|n| ontology.topics[n].broader);
        }
        assert_eq!(at, None, "from {start} it goes round");
    }
}

#[test]
fn the_weight_of_a_relation_grows_with_the_moments_that_are_shared() {
    let weight = |moments: &[&[&str]]| {
        let ontology = gathered(&material(moments));
        assert_eq!(ontology.relations.len(), 1);
        (ontology.relations[0].n, ontology.relations[0].weight)
    };
    let both: &[&str] = &["lake", "tent"];
    assert_eq!(weight(&[both]), (1, 0.5));
    assert_eq!(weight(&[both; 3]), (3, 0.75));
    assert_eq!(weight(&[both, both, &["lake"], &["tent"]]), (2, 0.333_333));
}

#[test]
fn words_of_one_moment_are_tied_to_what_comes_back() {
    let material =
        material(&[&["harmonium", "apple", "brass", "cedar"], &["harmonium"], &["harmonium"]]);
    let ontology = gathered(&material);
    let harmonium = holder(&material, &ontology, "harmonium");
    assert_eq!(ontology.relations.len(), 3);
    assert!(ontology.relations.iter().all(|r| r.a == harmonium || r.b == harmonium));
}

#[test]
fn a_hidden_topic_is_related_to_nothing() {
    let mut material = material(&[&["lake", "tent"], &["lake", "tent"]]);
    material.corrections.hidden.insert("tent".into());
    let ontology = gathered(&material);
    assert!(ontology.relations.is_empty() && ontology.fine.is_empty());
}

#[test]
fn the_person_joins_what_nothing_else_would_and_parts_what_is_alike() {
    let mut material = material(&[&["squeezebox"], &["harmonium"], &["reed"], &["reeds"]]);
    assert_eq!(gathered(&material).topics.len(), 3);
    material.corrections.with.insert("squeezebox".into(), "harmonium".into());
    material.corrections.apart.insert("reeds".into());
    let ontology = gathered(&material);
    let of = |tag| holder(&material, &ontology, tag);
    assert_eq!(of("squeezebox"), of("harmonium"));
    assert_ne!(of("reed"), of("reeds"));
    assert_eq!(ontology.topics.len(), 3);
}

#[test]
fn ten_years_are_gathered_in_one_go() {
    // Thirty thousand moments with twenty thousand tags, most of them written once or twice.
    let mut seed: u64 = 7;
    let mut next = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let names: Vec<String> = (0..20_000).map(|n| format!("subject{n:05}-of-ten-years")).collect();
    let moments: Vec<Moment> = (0..30_000)
        .map(|n| {
            let mut tags: Vec<usize> = (0..4)
                .map(|t| {
                    let most = if t < 2 { 400 } else { 20_000 };
                    usize::try_from(next(most)).unwrap_or_default()
                })
                .collect();
            tags.sort_unstable();
            tags.dedup();
            Moment { id: n, day: "2026-10-01".into(), tags, importance: 1.0, mood: None }
        })
        .collect();
    let tags = names
        .into_iter()
        .map(|text| Tag { text, language: Some(Language::English), n: 2 })
        .collect();
    let material =
        Material { tags, moments, corrections: Corrections::default(), hash: Hash::default() };
    let ontology = gathered(&material);
    assert_eq!(ontology.topics.len(), 20_000);
    assert!(ontology.relations.len() < 20_000 * 12, "{}", ontology.relations.len());
    assert!(!ontology.fine.is_empty());
}
