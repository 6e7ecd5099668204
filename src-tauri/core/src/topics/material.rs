//! What topics are made of: the tags of the moments as they are shown, and what the person said of topics.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use super::corrections::Corrections;
use crate::{
    Result,
    journal::Cancel,
    store::Hash,
    text::{language::Language, tags::tag_key},
};

/// Changes when the same moments would have to be gathered anew.
const VERSION: &[u8] = b"topics-1";
/// Characters from which on a tag is a text that somebody marked as one, and names no subject.
pub(super) const LONGEST_TAG: usize = 80;

/// A tag of moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) text: String,
    /// The language of most of its moments.
    pub(crate) language: Option<Language>,
    /// Moments that have it.
    pub(crate) n: u32,
}

/// A moment, as far as topics go.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moment {
    pub(crate) id: i64,
    pub(crate) day: String,
    /// Places in [`Material::tags`], ascending.
    pub(crate) tags: Vec<usize>,
    /// 0 to 1, unfaded; what is pinned counts twice.
    pub(crate) importance: f64,
    /// Valence and arousal, where something was felt.
    pub(crate) mood: Option<(f64, f64)>,
}

/// All that topics are made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Material {
    /// In the order of their letters.
    pub(crate) tags: Vec<Tag>,
    /// In the order of time.
    pub(crate) moments: Vec<Moment>,
    pub(crate) corrections: Corrections,
    /// Of everything above.
    pub(crate) hash: Hash,
}

/// What a tag is called in topics; `None` for what names no subject.
pub(super) fn topic_tag(tag: &str) -> Option<String> {
    // Nobody needs to fold ten thousand letters to see that they are too many.
    if tag.chars().nth(4 * LONGEST_TAG).is_some() {
        return None;
    }
    let key = tag_key(tag);
    let is_short = key.chars().nth(LONGEST_TAG).is_none();
    (is_short && key.chars().any(char::is_alphabetic)).then_some(key)
}

impl Material {
    /// Reads all moments that are not hidden.
    pub(crate) fn read(reader: &Connection, cancel: &Cancel) -> Result<Self> {
        let corrections = Corrections::read(reader)?;
        let mut find = reader.prepare_cached(
            "SELECT m.id, m.day, m.tags, m.language, coalesce(f.importance, 1.0), m.is_pinned,
               m.emotions <> '[]', m.valence, m.arousal, m.starts_at
             FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
             WHERE m.is_hidden = 0 AND m.tags <> '[]' ORDER BY m.day, m.starts_at, m.id",
        )?;
        let mut rows = find.query([])?;
        let mut hasher = Fields::default();
        let mut names: HashMap<String, Option<usize>> = HashMap::new();
        let mut tags: Vec<Counted> = Vec::new();
        let mut moments = Vec::new();
        while let Some(row) = rows.next()? {
            cancel.check()?;
            let (id, day): (i64, String) = (row.get(0)?, row.get(1)?);
            let (written, code): (String, String) = (row.get(2)?, row.get(3)?);
            let (importance, is_pinned): (f64, bool) = (row.get(4)?, row.get(5)?);
            let (is_felt, valence, arousal): (bool, f64, f64) =
                (row.get(6)?, row.get(7)?, row.get(8)?);
            hasher.add(&id.to_le_bytes());
            hasher.add(day.as_bytes());
            hasher.add(written.as_bytes());
            hasher.add(code.as_bytes());
            for number in [importance, f64::from(u8::from(is_pinned))] {
                hasher.add(&number.to_bits().to_le_bytes());
            }
            if is_felt {
                hasher.add(&valence.to_bits().to_le_bytes());
                hasher.add(&arousal.to_bits().to_le_bytes());
            }
            let language = Language::from_code(&code);
            let mut own = BTreeSet::new();
            for tag in serde_json::from_str::<Vec<String>>(&written).unwrap_or_default() {
                let place = match names.get(&tag) {
                    Some(place) => *place,
                    None => {
                        let place = topic_tag(&tag).map(|key| {
                            if let Some(Some(place)) = names.get(&key) {
                                return *place;
                            }
                            tags.push(Counted { text: key.clone(), ..Counted::default() });
                            names.insert(key, Some(tags.len() - 1));
                            tags.len() - 1
                        });
                        names.insert(tag, place);
                        place
                    }
                };
                own.extend(place);
            }
            for place in &own {
                tags[*place].n += 1;
                *tags[*place].languages.entry(language).or_default() += 1;
            }
            if !own.is_empty() {
                moments.push(Moment {
                    id,
                    day,
                    tags: own.into_iter().collect(),
                    importance: importance * if is_pinned { 2.0 } else { 1.0 },
                    mood: is_felt.then_some((valence, arousal)),
                });
            }
        }
        corrections.hash_into(&mut |field| hasher.add(field));
        Ok(Self::sorted(&tags, moments, corrections, hasher.hash()))
    }

    fn sorted(
        tags: &[Counted],
        mut moments: Vec<Moment>,
        corrections: Corrections,
        hash: Hash,
    ) -> Self {
        let mut order: Vec<usize> = (0..tags.len()).collect();
        order.sort_unstable_by(|a, b| tags[*a].text.cmp(&tags[*b].text));
        let mut place = vec![0; tags.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for moment in &mut moments {
            moment.tags.iter_mut().for_each(|tag| *tag = place[*tag]);
            moment.tags.sort_unstable();
        }
        let tags = order
            .into_iter()
            .map(|old| {
                let Counted { text, languages, n } = &tags[old];
                let most = languages
                    .iter()
                    .max_by_key(|(language, n)| (**n, std::cmp::Reverse(**language)));
                Tag {
                    text: text.clone(),
                    language: most.and_then(|(language, _)| *language),
                    n: *n,
                }
            })
            .collect();
        Self { tags, moments, corrections, hash }
    }

    /// The place of a tag.
    pub(crate) fn place(&self, tag: &str) -> Option<usize> {
        self.tags.binary_search_by(|known| known.text.as_str().cmp(tag)).ok()
    }
}

/// A tag while its moments are counted.
#[derive(Default)]
struct Counted {
    text: String,
    languages: BTreeMap<Option<Language>, u32>,
    n: u32,
}

/// Fields that are hashed one after the other without being kept.
#[derive(Default)]
struct Fields {
    so_far: Vec<u8>,
    hash: Option<Hash>,
}

/// Bytes that are gathered before they are hashed.
const AT_A_TIME: usize = 1 << 16;

impl Fields {
    fn add(&mut self, field: &[u8]) {
        self.so_far.extend_from_slice(&(field.len() as u64).to_le_bytes());
        self.so_far.extend_from_slice(field);
        if self.so_far.len() >= AT_A_TIME {
            self.fold();
        }
    }

    fn fold(&mut self) {
        let before = self.hash.map_or(VERSION.to_vec(), |hash| hash.0.to_vec());
        self.hash = Some(Hash::of_fields([before.as_slice(), self.so_far.as_slice()]));
        self.so_far.clear();
    }

    fn hash(mut self) -> Hash {
        self.fold();
        self.hash.unwrap_or_default()
    }
}
