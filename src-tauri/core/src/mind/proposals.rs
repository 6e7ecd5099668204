//! Models that would suit a machine: a small table, and the first line of it that fits.
//!
//! Sizes are those that Ollama's library lists for the default quantization (autumn 2026), rounded; they
//! are told before anything is downloaded and are not measured here. That 4 B is about the least for
//! nested extraction, and which models obey without thinking, is what users of structured output report
//! for these families; how well they read a journal has to be seen by trying ([`crate::api::minds`]).

use super::model::Listed;
use crate::api::minds::Proposal;

const GIB: u64 = 1 << 30;

/// One model that can be proposed.
#[derive(Debug)]
struct Known {
    name: &'static str,
    purpose: &'static str,
    size_bytes: u64,
    /// Memory from which on it is the one to propose, in GiB; machines report a little less than they
    /// were sold with.
    least_gib: u64,
    why: &'static str,
}

/// For each purpose the most demanding first; the last one is for every machine.
const KNOWN: &[Known] = &[
    Known {
        name: "gemma3:12b",
        purpose: "chat",
        size_bytes: 8_100_000_000,
        least_gib: 30,
        why: "It reads long days in many languages and follows instructions without thinking aloud; this \
              machine has the memory for it.",
    },
    Known {
        name: "qwen3:4b-instruct",
        purpose: "chat",
        size_bytes: 2_500_000_000,
        least_gib: 7,
        why: "It is about the smallest model that reads a day reliably, replies without thinking aloud, and \
              leaves room for everything else on this machine.",
    },
    Known {
        name: "gemma3:1b",
        purpose: "chat",
        size_bytes: 815_000_000,
        least_gib: 0,
        why: "It fits into little memory; expect simple readings, and let the built-in analyser do the rest.",
    },
    Known {
        name: "embeddinggemma",
        purpose: "embedding",
        size_bytes: 622_000_000,
        least_gib: 4,
        why: "It finds what is alike across more than a hundred languages and is small.",
    },
    Known {
        name: "nomic-embed-text",
        purpose: "embedding",
        size_bytes: 274_000_000,
        least_gib: 0,
        why: "It is the smallest of the good ones, and best in English.",
    },
];

/// Of unknown memory so much is assumed.
const USUAL_GIB: u64 = 8;

/// A model for chatting and one for embedding that suit a machine of this memory (0: unknown).
#[must_use]
pub fn of(memory_bytes: u64, installed: &[Listed]) -> Vec<Proposal> {
    let gib = if memory_bytes == 0 { USUAL_GIB } else { memory_bytes / GIB };
    ["chat", "embedding"]
        .iter()
        .filter_map(|purpose| {
            KNOWN.iter().find(|known| known.purpose == *purpose && gib >= known.least_gib)
        })
        .map(|known| Proposal {
            name: known.name.into(),
            purpose: known.purpose.into(),
            size_bytes: known.size_bytes,
            why: known.why.into(),
            is_installed: installed.iter().any(|model| {
                model.name == known.name || model.name == format!("{}:latest", known.name)
            }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::pick::needs_bytes;

    #[test]
    fn every_machine_gets_one_of_each_that_fits() {
        for gib in [0, 2, 4, 7, 8, 15, 16, 31, 64] {
            let proposals = of(gib * GIB, &[]);
            let purposes: Vec<_> = proposals.iter().map(|p| p.purpose.as_str()).collect();
            assert_eq!(purposes, ["chat", "embedding"], "{gib} GiB");
            for proposal in proposals.iter().filter(|_| gib >= 4) {
                let needs = needs_bytes(proposal.size_bytes, 8192);
                assert!(needs < gib * GIB * 3 / 4, "{} needs {needs} of {gib} GiB", proposal.name);
            }
        }
    }

    #[test]
    fn a_small_machine_is_not_offered_the_large_model() {
        let chat = |gib: u64| of(gib * GIB, &[])[0].name.clone();
        assert_eq!(chat(64), "gemma3:12b");
        assert_eq!(chat(16), "qwen3:4b-instruct");
        assert_eq!(chat(4), "gemma3:1b");
    }
}
