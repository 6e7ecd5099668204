//! What the mind is made of: what dreams, where what was written goes, and which models there are.

use rem_core::api::minds::{MindView, ModelView, Proposal, TrialReport};

use super::{dotted, table};
use crate::{
    desk::Desk,
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
    wrap,
};

/// What the core calls its own embedder.
const BUILTIN_EMBEDDER: &str = "built-in embedder";
const LABEL_COLUMN: usize = 10;

/// All of it.
pub(crate) fn write(desk: &mut Desk<'_, '_>, view: &MindView) -> Result {
    now(desk, view)?;
    let server = match &view.version {
        _ if view.server.is_empty() => "No server is asked.".to_owned(),
        Some(version) => format!("{}, version {version}", view.server),
        None => view.server.clone(),
    };
    desk.blank()?;
    labelled(desk, "Server", &server)?;
    labelled(desk, "Vectors", &vectors(view))?;
    for caution in &view.cautions {
        desk.text(&Line::of(Ink::Warning, &sentence(caution)))?;
    }
    if !view.models.is_empty() {
        desk.blank()?;
        models(desk, &view.models)?;
    }
    let missing: Vec<_> = view.proposals.iter().filter(|one| !one.is_installed).collect();
    if !missing.is_empty() && view.asks_consent.is_none() {
        desk.blank()?;
        proposals(desk, &missing, view.memory_bytes)?;
    }
    Ok(())
}

fn labelled(desk: &mut Desk<'_, '_>, label: &str, text: &str) -> Result {
    let first = Line::of(Ink::Quiet, label).pad(LABEL_COLUMN);
    let rest = Line::spaces(LABEL_COLUMN);
    let lines = wrap::hang(&first, &rest, &Line::plain(text), desk.width());
    desk.lines(&lines)
}

/// What dreams at present, where what was written goes, and what is in the way.
pub(crate) fn now(desk: &mut Desk<'_, '_>, view: &MindView) -> Result {
    desk.text(
        &Line::of(Ink::Strong, &dreams(view)).and(Ink::Plain, " ").and(Ink::Plain, &goes(view)),
    )?;
    if let Some(question) = &view.asks_consent {
        desk.text(&Line::of(Ink::Warning, question))?;
        let how = format!("To agree: rem models use --agree-to-send-to {}", view.address);
        desk.text(&Line::of(Ink::Quiet, &how))?;
    } else if let Some(problem) = &view.problem {
        desk.text(&Line::of(Ink::Warning, &sentence(problem)))?;
    }
    if view.n_days_provisional > 0 {
        let days = count(view.n_days_provisional, "day");
        let note = format!(
            "{days} read by the built-in analyser for want of a model; read again in the next dreams."
        );
        desk.text(&Line::of(Ink::Quiet, &note))?;
    }
    Ok(())
}

fn dreams(view: &MindView) -> String {
    let through = format!(", through {}", view.server);
    match (&view.fast, &view.deep) {
        (Some(fast), Some(deep)) if fast == deep => format!("{fast} dreams{through}."),
        (Some(fast), Some(deep)) => format!("{fast} reads and {deep} tells the days{through}."),
        (Some(fast), None) => {
            format!("{fast} reads{through}; the built-in analyser tells the days.")
        }
        (None, Some(deep)) => {
            format!("The built-in analyser reads and {deep} tells the days{through}.")
        }
        (None, None) if view.problem.is_some() => {
            "The built-in analyser dreams, for want of a model.".into()
        }
        (None, None) => "The built-in analyser dreams.".into(),
    }
}

/// Vectors are made from what was written too: an embedding model is asked as well.
fn goes(view: &MindView) -> String {
    let embeds = [Some(&view.embedding.in_use), view.embedding.next.as_ref()]
        .into_iter()
        .flatten()
        .any(|name| name != BUILTIN_EMBEDDER);
    let is_asked = view.fast.is_some() || view.deep.is_some() || embeds;
    if view.asks_consent.is_some() {
        format!("Nothing is sent to {} until you agree to it.", view.address)
    } else if !is_asked || view.is_local {
        "Nothing you write leaves this machine.".into()
    } else {
        format!(
            "{} is another computer: what you wrote is sent there to be read. You agreed to that.",
            view.address
        )
    }
}

fn vectors(view: &MindView) -> String {
    let embedding = &view.embedding;
    match &embedding.next {
        Some(next) => format!(
            "{}; {next} is being prepared, {} of {}",
            embedding.in_use,
            thousands(embedding.n_done),
            count(embedding.n_total, "piece")
        ),
        None => embedding.in_use.clone(),
    }
}

fn models(desk: &mut Desk<'_, '_>, models: &[ModelView]) -> Result {
    let rows: Vec<_> = models
        .iter()
        .map(|model| {
            vec![
                model.name.clone(),
                bytes(model.size_bytes),
                model.parameters.clone(),
                model.context_tokens.map(thousands).unwrap_or_default(),
                purpose(model),
            ]
        })
        .collect();
    table::write(desk, &["model", " size", "parameters", " context", "for"], &rows)
}

fn purpose(model: &ModelView) -> String {
    if let Some(reason) = &model.refused {
        return format!("not used: {reason}");
    }
    let can = match (model.can_chat, model.can_embed) {
        (true, true) => "reading, vectors",
        (true, false) => "reading",
        (false, true) => "vectors",
        (false, false) => "nothing here",
    };
    let used = match model.used_for.as_slice() {
        [] => String::new(),
        uses => format!("in use: {}", uses.join(", ")),
    };
    let size = if model.fits == Some(false) { "too big for this machine" } else { "" };
    dotted([can, &used, size, model.caution.as_deref().unwrap_or_default()])
}

fn proposals(desk: &mut Desk<'_, '_>, proposals: &[&Proposal], memory: u64) -> Result {
    let head = match memory {
        0 => "Would suit this machine:".to_owned(),
        n => format!("Would suit this machine with its {} of memory:", bytes(n)),
    };
    desk.text(&Line::of(Ink::Quiet, &head))?;
    let rows: Vec<_> = proposals
        .iter()
        .map(|one| {
            let what = if one.purpose == "embedding" { "vectors" } else { "reading" };
            vec![one.name.clone(), bytes(one.size_bytes), what.to_owned(), one.why.clone()]
        })
        .collect();
    table::write(desk, &["model", " size", "for", "why"], &rows)?;
    desk.hint("rem models pull MODEL lets Ollama download one.")
}

/// How a model did in its trial.
pub(crate) fn trial(desk: &mut Desk<'_, '_>, report: &TrialReport) -> Result {
    let how = if report.is_good { "did well" } else { "did not do well" };
    let ink = if report.is_good { Ink::Strong } else { Ink::Warning };
    desk.text(&Line::of(ink, &format!("{} {how}", report.name)))?;
    desk.indented(2, &Line::plain(&sentence(&report.said)))?;
    let load = match report.load_ms {
        0 => String::new(),
        ms => format!("{} of it to load", times::duration(ms)),
    };
    let pace = report.tokens_per_second.map(|n| format!("{} a second", count(n, "token")));
    let took =
        dotted([&times::duration(report.took_ms), &load, pace.as_deref().unwrap_or_default()]);
    desk.indented(2, &Line::of(Ink::Quiet, &took))
}

/// Bytes as servers and makers of models count them: "2.5 GB". Nothing where it is not known.
pub(crate) fn bytes(n: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", n / unit, n % unit / (unit / 10));
    match n {
        0 => String::new(),
        1..1_000_000 => format!("{} kB", n.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", n / 1_000_000),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
}

/// The core's reasons begin in lower case and end without a full stop. Names and addresses stay as they
/// are written.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let is_word =
        text.split_whitespace().next().is_some_and(|w| w.chars().all(char::is_alphabetic));
    let mut letters = text.chars();
    let first: String = match letters.next() {
        Some(c) if is_word => c.to_uppercase().collect(),
        c => c.into_iter().collect(),
    };
    let end = if text.ends_with(['.', '!', '?', '…']) || text.is_empty() { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

#[cfg(test)]
mod tests {
    use rem_core::api::minds::{EmbeddingView, PullState};

    use super::*;

    fn view() -> MindView {
        MindView {
            server: "Ollama at 127.0.0.1:11434".into(),
            address: "127.0.0.1:11434".into(),
            is_local: true,
            asks_consent: None,
            version: Some("0.32.15".into()),
            problem: None,
            cautions: Vec::new(),
            models: Vec::new(),
            fast: None,
            deep: None,
            embedding: EmbeddingView {
                in_use: BUILTIN_EMBEDDER.into(),
                next: None,
                n_done: 0,
                n_total: 0,
            },
            proposals: Vec::new(),
            memory_bytes: 0,
            has_key: false,
            n_days_provisional: 0,
            pull: PullState::None,
        }
    }

    #[test]
    fn what_is_sent_elsewhere_is_never_called_local() {
        let far = MindView { is_local: false, address: "10.0.0.5:11434".into(), ..view() };
        assert_eq!(goes(&far), "Nothing you write leaves this machine.");
        let reads = MindView { fast: Some("qwen3:4b".into()), ..far.clone() };
        assert!(goes(&reads).starts_with("10.0.0.5:11434 is another computer"));
        let mut embeds = far.clone();
        embeds.embedding.next = Some("nomic-embed-text".into());
        assert!(goes(&embeds).starts_with("10.0.0.5:11434 is another computer"));
        let asks = MindView { asks_consent: Some("may it?".into()), ..reads };
        assert_eq!(goes(&asks), "Nothing is sent to 10.0.0.5:11434 until you agree to it.");
    }

    #[test]
    fn a_mind_for_want_of_a_model_is_told_from_one_by_choice() {
        assert_eq!(dreams(&view()), "The built-in analyser dreams.");
        let lost = MindView { problem: Some("nothing answers".into()), ..view() };
        assert!(dreams(&lost).ends_with("for want of a model."));
    }

    #[test]
    fn sizes_and_reasons_read_well() {
        assert_eq!(
            [0, 900, 622_000_000, 2_500_000_000].map(bytes),
            ["", "1 kB", "622 MB", "2.5 GB"]
        );
        assert_eq!(sentence("nothing answers at a:1"), "Nothing answers at a:1.");
        assert_eq!(sentence("qwen3:4b is not installed"), "qwen3:4b is not installed.");
        assert_eq!(sentence("It did!"), "It did!");
        assert_eq!(sentence(""), "");
    }
}
