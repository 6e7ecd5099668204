//! Invented notes: words from a Zipf distribution, in the shape of daily notes and topic notes.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// Words in the invented language.
const VOCABULARY: usize = 50_000;
const BYTES: usize = 1_300;

/// A small generator of repeatable numbers (xorshift64*, Vigna 2016), so that every run reads the same
/// notes.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A rank from about a Zipf distribution: low ranks are common.
    pub(crate) fn rank(&mut self) -> usize {
        let rank = (VOCABULARY as f64).powf(self.share()) - 1.0;
        (rank as usize).min(VOCABULARY - 1)
    }
}

pub(crate) fn word(rank: usize) -> String {
    const SYLLABLES: &[&str] = &[
        "ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "zu", "den", "fal", "gor", "hin",
        "jus", "lam", "mer", "nos", "pil", "tur",
    ];
    let mut left = rank + 20;
    let mut word = String::new();
    while left > 0 {
        word.push_str(SYLLABLES[left % SYLLABLES.len()]);
        left /= SYLLABLES.len();
    }
    word
}

/// Writes `n` notes into folders of 200 and returns their bytes. Half are daily notes of thirteen years,
/// half are topics.
pub(crate) fn write(folder: &Path, n: usize) -> Result<u64> {
    let mut chance = Chance(42);
    let mut n_bytes = 0;
    for number in 0..n {
        let place = folder.join(format!("{:03}", number / 200));
        fs::create_dir_all(&place).with_context(|| format!("creating {}", place.display()))?;
        let name = if number % 2 == 0 {
            let day = number / 2;
            format!("{:04}-{:02}-{:02}.md", 2012 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
        } else {
            format!("{} {number}.md", word(chance.rank()))
        };
        let text = note(&mut chance);
        n_bytes += text.len() as u64;
        fs::write(place.join(name), text).context("writing a note")?;
    }
    Ok(n_bytes)
}

/// Notes about one thing, in [`write_days`]: enough for each to have ten neighbours.
const GROUP: usize = 25;

/// Writes `n` notes of a few sentences each, of so many days in turn, and returns their bytes.
pub(crate) fn write_days(folder: &Path, n: usize, n_days: usize) -> Result<u64> {
    let mut chance = Chance(42);
    let mut n_bytes = 0;
    for number in 0..n {
        let place = folder.join(format!("{:03}/{:03}", number / 1_000, number % 1_000));
        fs::create_dir_all(&place).with_context(|| format!("creating {}", place.display()))?;
        let mut text = String::new();
        // What notes about one thing have in common; no word of another thing.
        let thing = number / GROUP;
        for n in 0..12 {
            text.push_str(&word(20_000 + thing * 12 + n));
            text.push(' ');
        }
        text.push_str(".\n\n");
        for _ in 0..2 {
            for _ in 0..8 + chance.next() % 8 {
                text.push_str(&word(chance.rank()));
                text.push(' ');
            }
            text.push_str(".\n\n");
        }
        n_bytes += text.len() as u64;
        let day = number % n_days;
        let name =
            format!("{:04}-{:02}-{:02}.md", 2016 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        fs::write(place.join(name), text).context("writing a note")?;
    }
    Ok(n_bytes)
}

fn note(chance: &mut Chance) -> String {
    let mut text = format!("# {} {}\n\n", word(chance.rank()), word(chance.rank()));
    let mut hour = 7;
    while text.len() < BYTES {
        if chance.share() < 0.3 && hour < 22 {
            text.push_str(&format!("- {hour:02}:{:02} ", chance.next() % 60));
            hour += 2;
        }
        for _ in 0..12 + chance.next() % 20 {
            text.push_str(&word(chance.rank()));
            text.push(' ');
        }
        text.push_str(if chance.share() < 0.1 { "#todo.\n\n" } else { ".\n\n" });
    }
    text
}

/// Queries of several kinds: rare words, common words, two words, a phrase from a note, a beginning.
pub(crate) fn queries(folder: &Path, n: usize) -> Result<Vec<(&'static str, Vec<String>)>> {
    let mut chance = Chance(7);
    let mut of = |make: &mut dyn FnMut(&mut Chance) -> String| -> Vec<String> {
        (0..n).map(|_| make(&mut chance)).collect()
    };
    let rare = of(&mut |c| format!("{} ", word(1_000 + c.rank() % 20_000)));
    let common = of(&mut |c| format!("{} ", word(c.next() as usize % 20)));
    let two = of(&mut |c| format!("{} {} ", word(c.rank() % 500), word(c.rank() % 500)));
    let beginning = of(&mut |c| word(100 + c.rank() % 5_000)[..4].to_owned());
    let text = fs::read_to_string(folder.join("000/2012-01-01.md")).context("reading a note")?;
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).collect();
    let phrases = (0..n)
        .map(|i| {
            format!("\"{} {}\"", words[i % (words.len() - 1)], words[i % (words.len() - 1) + 1])
        })
        .collect();
    Ok(vec![
        ("one rare word", rare),
        ("one very common word", common),
        ("two words", two),
        ("a phrase", phrases),
        ("the beginning of a word", beginning),
    ])
}
