//! Embedding in small batches, whatever the server: prefixes, lengths, and what to do with the one text
//! in a batch that a model cannot embed.

use super::super::{
    Fault,
    budget::tokens,
    model::{EmbedderCard, Purpose},
};

/// Texts in a request; from 16 on some builds of Ollama gave worse vectors (ollama issue 6262).
const BATCH: usize = 16;
/// Of its window a model gets so much, in hundredths: servers refuse dense text sooner than they say
/// (ollama issue 14186).
const FILLED: u32 = 60;
/// A text of which not even so many tokens pass is given up.
const SHORTEST: u32 = 16;
/// Below this length a vector points nowhere.
const NOWHERE: f64 = 1e-6;

/// What a server gives for the texts of one request, in their order; `None` where it gives no numbers.
pub(in super::super) type Vectors = Vec<Option<Vec<f32>>>;

/// Embeds texts as [`Embedder::embed`](super::super::Embedder::embed) promises; `ask` makes one request.
pub(in super::super) fn embed(
    card: &EmbedderCard,
    texts: &[&str],
    purpose: Purpose,
    ask: &dyn Fn(&[String]) -> Result<Vectors, Fault>,
) -> Result<Vectors, Fault> {
    let prefix = match purpose {
        Purpose::Document => &card.document_prefix,
        Purpose::Query => &card.query_prefix,
    };
    let room = (card.window_tokens / 100 * FILLED).saturating_sub(tokens(prefix));
    let mut done: Vectors = vec![None; texts.len()];
    // What is empty has no meaning to be near to.
    let told: Vec<usize> = (0..texts.len()).filter(|n| !texts[*n].trim().is_empty()).collect();
    for batch in told.chunks(BATCH) {
        let cut: Vec<&str> = batch.iter().map(|n| shortened(texts[*n], room)).collect();
        let vectors = Asking { card, prefix, ask }.all(&cut)?;
        for (n, vector) in batch.iter().zip(vectors) {
            done[*n] = vector;
        }
    }
    Ok(done)
}

struct Asking<'a> {
    card: &'a EmbedderCard,
    prefix: &'a str,
    ask: &'a dyn Fn(&[String]) -> Result<Vectors, Fault>,
}

impl Asking<'_> {
    fn all(&self, texts: &[&str]) -> Result<Vectors, Fault> {
        let found = self.some(texts)?;
        match found.refused {
            // One text may be at fault; where none passes it is the server.
            Some(fault) if texts.len() > 1 && found.vectors.iter().all(Option::is_none) => {
                Err(fault)
            }
            _ => Ok(found.vectors),
        }
    }

    /// Asks for all, and for halves where that is refused, down to the texts at fault.
    fn some(&self, texts: &[&str]) -> Result<Found, Fault> {
        let prefixed: Vec<String> =
            texts.iter().map(|text| format!("{}{text}", self.prefix)).collect();
        match (self.ask)(&prefixed) {
            Ok(vectors) if vectors.len() == texts.len() => {
                let vectors =
                    vectors.into_iter().map(|v| self.checked(v)).collect::<Result<_, _>>()?;
                Ok(Found { vectors, refused: None })
            }
            Ok(vectors) => Err(Fault::Passing(format!(
                "the model {} gave {} vectors for {} texts",
                self.card.name,
                vectors.len(),
                texts.len()
            ))),
            Err(fault @ (Fault::Refused(_) | Fault::TooLong { .. })) => match texts {
                [text] => self.less(text, fault),
                _ => {
                    let (left, right) = texts.split_at(texts.len() / 2);
                    let mut found = self.some(left)?;
                    let rest = self.some(right)?;
                    found.vectors.extend(rest.vectors);
                    found.refused = rest.refused.or(found.refused);
                    Ok(found)
                }
            },
            Err(fault) => Err(fault),
        }
    }

    /// Half of a text that is too long, and half of that.
    fn less(&self, text: &str, fault: Fault) -> Result<Found, Fault> {
        let room = tokens(text) / 2;
        let half = shortened(text, room);
        if matches!(fault, Fault::TooLong { .. }) && room >= SHORTEST && half.len() < text.len() {
            return self.some(&[half]);
        }
        Ok(Found { vectors: vec![None], refused: Some(fault) })
    }

    fn checked(&self, vector: Option<Vec<f32>>) -> Result<Option<Vec<f32>>, Fault> {
        let Some(vector) = vector else { return Ok(None) };
        let wanted = self.card.dimensions as usize;
        if wanted > 0 && vector.len() != wanted {
            return Err(Fault::Refused(format!(
                "the model {} gave a vector of {} numbers where it gave {wanted} before",
                self.card.name,
                vector.len()
            )));
        }
        Ok(unit(vector))
    }
}

#[derive(Debug)]
struct Found {
    vectors: Vectors,
    refused: Option<Fault>,
}

/// The vector at length 1; `None` if it has no direction.
fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    if !length.is_finite() || length < NOWHERE {
        return None;
    }
    for x in &mut vector {
        *x = (f64::from(*x) / length) as f32;
    }
    Some(vector)
}

/// The beginning of a text that has at most `room` tokens, cut at white space where there is any.
fn shortened(text: &str, room: u32) -> &str {
    let text = text.trim();
    if tokens(text) <= room {
        return text;
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let n = starts.partition_point(|at| tokens(&text[..*at]) <= room);
    let cut = &text[..starts[n.saturating_sub(1)]];
    match cut.rfind(char::is_whitespace) {
        // A script without spaces, or one endless word.
        Some(at) if at > cut.len() / 2 => cut[..at].trim_end(),
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn card() -> EmbedderCard {
        EmbedderCard {
            name: "m".into(),
            digest: "d".into(),
            dimensions: 2,
            document_prefix: "doc: ".into(),
            query_prefix: "find: ".into(),
            window_tokens: 500,
        }
    }

    fn too_long() -> Fault {
        Fault::TooLong { prompt_tokens: None, window_tokens: None }
    }

    #[test]
    fn batches_are_small_and_carry_the_prefix_of_their_purpose() {
        let asked = RefCell::new(Vec::new());
        let ask = |texts: &[String]| {
            asked.borrow_mut().push(texts.to_vec());
            Ok(texts.iter().map(|_| Some(vec![3.0, 4.0])).collect())
        };
        let texts = vec!["rain"; 35];
        let vectors = embed(&card(), &texts, Purpose::Query, &ask).unwrap();
        assert_eq!(vectors, vec![Some(vec![0.6, 0.8]); 35]);
        let asked = asked.into_inner();
        assert_eq!(asked.iter().map(Vec::len).collect::<Vec<_>>(), [16, 16, 3]);
        assert!(asked.iter().flatten().all(|text| text == "find: rain"));
    }

    #[test]
    fn one_text_that_is_refused_costs_the_others_nothing() {
        let ask = |texts: &[String]| {
            if texts.iter().any(|text| text.contains("bad")) {
                return Err(Fault::Refused("no".into()));
            }
            Ok(texts.iter().map(|_| Some(vec![1.0, 0.0])).collect())
        };
        let texts = ["a", "b", "bad", "c", ""];
        let vectors = embed(&card(), &texts, Purpose::Document, &ask).unwrap();
        let is_there: Vec<bool> = vectors.iter().map(Option::is_some).collect();
        assert_eq!(is_there, [true, true, false, true, false]);
    }

    #[test]
    fn a_server_that_refuses_every_text_is_a_fault_and_not_a_list_of_nothing() {
        let ask = |_: &[String]| Err(Fault::Refused("no".into()));
        let ended = embed(&card(), &["a", "b"], Purpose::Document, &ask);
        assert_eq!(ended, Err(Fault::Refused("no".into())));
    }

    #[test]
    fn a_text_that_is_still_too_long_is_halved() {
        let ask = |texts: &[String]| {
            if texts.iter().any(|text| text.len() > 300) {
                return Err(too_long());
            }
            Ok(texts.iter().map(|_| Some(vec![1.0, 0.0])).collect())
        };
        let long = "rain again ".repeat(200);
        let vectors = embed(&card(), &[&long, "dry"], Purpose::Document, &ask).unwrap();
        assert!(vectors.iter().all(Option::is_some));
    }

    #[test]
    fn no_text_fills_more_than_its_share_of_the_window() {
        let longest = RefCell::new(0);
        let ask = |texts: &[String]| {
            let most = texts.iter().map(|text| tokens(text)).max().unwrap_or_default();
            longest.replace_with(|before| (*before).max(most));
            Ok(texts.iter().map(|_| Some(vec![1.0, 0.0])).collect())
        };
        let (words, signs) = ("word ".repeat(5000), "雨".repeat(5000));
        embed(&card(), &[&words, &signs], Purpose::Document, &ask).unwrap();
        let longest = longest.into_inner();
        assert!((200..=300).contains(&longest), "{longest}");
    }

    #[test]
    fn vectors_without_direction_are_left_out_and_others_than_before_are_a_fault() {
        let give = |vector: Vec<f32>| {
            let ask = move |_: &[String]| Ok(vec![Some(vector.clone())]);
            embed(&card(), &["a"], Purpose::Document, &ask)
        };
        assert_eq!(give(vec![0.0, 0.0]), Ok(vec![None]));
        assert_eq!(give(vec![f32::NAN, 1.0]), Ok(vec![None]));
        assert!(matches!(give(vec![1.0, 0.0, 0.0]), Err(Fault::Refused(_))));
        let short = |_: &[String]| Ok(Vec::new());
        let ended = embed(&card(), &["a"], Purpose::Document, &short);
        assert!(matches!(ended, Err(Fault::Passing(_))));
    }
}
