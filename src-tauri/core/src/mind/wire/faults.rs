//! What servers say when something is wrong, told apart by what is to be done about it.
//!
//! The words of a server are never passed on as they are: some servers repeat the prompt or the reply in
//! them. Known ones are told in our words, of the others only the status. The texts are those of Ollama
//! (`server/routes.go`, `llm/`), of llama.cpp's server and of the OpenAI API.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::super::Fault;

/// Words that mean that the prompt does not fit.
const TOO_LONG: &[&str] = &[
    "exceeds the context length",
    "longer than the context length",
    "exceed_context_size_error",
    "exceeds the available context size",
    "context_length_exceeded",
    "maximum context length",
    "too large to process",
];

/// What servers say, what we say, and whether the same request will be refused again.
const KNOWN: &[(&str, &str, bool)] = &[
    ("requires more system memory", "the model needs more memory than is free", false),
    ("timed out waiting for llama runner", "the model took too long to load", false),
    ("unexpectedly stopped", "the model’s process ended; the server’s log says why", false),
    ("encountered while running the model", "the model broke off", false),
    ("maximum pending requests", "it has too much to do", false),
    ("loading model", "the model is still being loaded", false),
    ("does not support thinking", "this model cannot think", true),
    ("does not support chat", "this model cannot chat", true),
    ("does not support generate", "this model cannot write", true),
    ("does not support embed", "this model cannot embed", true),
    ("failed to parse grammar", "it cannot follow the reply’s schema", true),
    ("invalid JSON schema", "it cannot follow the reply’s schema", true),
    ("invalid format", "it cannot follow the reply’s schema", true),
    ("must be of type", "it does not know one of the options", true),
    ("NaN", "the model makes no numbers of this text", true),
    ("invalid model name", "this is no name of a model", true),
    ("file does not exist", "there is no model of this name", true),
    ("requires MLX", "this model runs on Macs only", true),
    ("no space left", "its disk is full", false),
    ("no such host", "it cannot reach the network", false),
];

static MEMORY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"system memory \(([\d.]+ [KMGT]iB)\) than is available \(([\d.]+ [KMGT]iB)\)").ok()
});

static REQUEST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"request \((\d+) tokens\) exceeds the available context size \((\d+) tokens\)").ok()
});

/// What a server put into `error`: a text, an object, or an object as a text.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    text: String,
    prompt_tokens: Option<u32>,
    window_tokens: Option<u32>,
    is_sign_in: bool,
}

impl Complaint {
    /// Reads the body of a refusal.
    pub(crate) fn of_body(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Self { text: String::from_utf8_lossy(body).into_owned(), ..Self::default() };
        };
        let mut complaint = Self::of_value(value.get("error").unwrap_or(&value));
        complaint.is_sign_in = value.get("signin_url").is_some();
        complaint
    }

    /// Reads what stands in `error`.
    pub(crate) fn of_value(error: &Value) -> Self {
        let inner = error.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let object = inner.as_ref().map_or(error, |inner| inner.get("error").unwrap_or(inner));
        let number = |name: &str| {
            object.get(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok())
        };
        let text = match object {
            Value::String(text) => text.clone(),
            object => ["message", "type", "code"]
                .iter()
                .filter_map(|name| object.get(name)?.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        };
        let told = REQUEST.as_ref().and_then(|request| request.captures(&text));
        let captured = |n: usize| told.as_ref().and_then(|told| told[n].parse().ok());
        Self {
            prompt_tokens: number("n_prompt_tokens").or_else(|| captured(1)),
            window_tokens: number("n_ctx").or_else(|| captured(2)),
            text,
            is_sign_in: false,
        }
    }

    fn is_too_long(&self) -> bool {
        TOO_LONG.iter().any(|words| self.text.contains(words))
    }

    fn too_long(&self) -> Fault {
        Fault::TooLong { prompt_tokens: self.prompt_tokens, window_tokens: self.window_tokens }
    }

    fn known(&self) -> Option<(String, bool)> {
        if let Some(found) = MEMORY.as_ref().and_then(|memory| memory.captures(&self.text)) {
            let told =
                format!("the model needs {} of memory and {} are free", &found[1], &found[2]);
            return Some((told, false));
        }
        KNOWN
            .iter()
            .find(|(words, ..)| self.text.contains(words))
            .map(|(_, told, is_final)| ((*told).to_owned(), *is_final))
    }

    /// The fault of a server that broke off in the middle of a reply.
    pub(crate) fn midway(&self, server: &str) -> Fault {
        if self.is_too_long() {
            return self.too_long();
        }
        match self.known() {
            Some((told, true)) => Fault::Refused(format!("{server} broke off: {told}")),
            Some((told, false)) => Fault::Passing(format!("{server} broke off: {told}")),
            None => Fault::Passing(format!("{server} broke off in the middle of a reply")),
        }
    }

    /// The fault of a status outside 2xx. `model` is the one that was asked for.
    pub(crate) fn of_status(&self, server: &str, status: u16, model: Option<&str>) -> Fault {
        let why = self.known();
        let told = match &why {
            Some((told, _)) => format!("{server} refuses with status {status}: {told}"),
            None => format!("{server} refuses with status {status}"),
        };
        match status {
            300..=399 => Fault::Forbidden(format!(
                "{server} wants to send us to another address (status {status}); nothing was sent there"
            )),
            401 if self.is_sign_in => Fault::Forbidden(format!(
                "{server} would pass this on to a cloud service; only models on this machine are used"
            )),
            401 | 403 => Fault::Forbidden(format!(
                "{server} does not let us in (status {status}): look at the key and the server’s settings"
            )),
            400 | 413 | 500 if self.is_too_long() => self.too_long(),
            413 => self.too_long(),
            404 => match model.filter(|_| {
                self.text.contains("not found, try pulling")
                    || self.text.contains("model") && self.text.contains("not found")
                    || self.text.contains("model_not_found")
            }) {
                Some(model) => Fault::Missing(model.to_owned()),
                None => Fault::Refused(format!(
                    "{server} does not know what we ask for (status 404): another program may listen there"
                )),
            },
            408 | 425 | 429 | 499 => Fault::Passing(told),
            500..=599 => match why {
                Some((_, true)) => Fault::Refused(told),
                Some((why, false)) => {
                    Fault::Passing(format!("{server} failed with status {status}: {why}"))
                }
                None if status == 501 => Fault::Refused(told),
                None => Fault::Passing(format!("{server} failed with status {status}")),
            },
            _ => Fault::Refused(told),
        }
    }
}

/// The fault of a connection that could not be had or broke. Addresses and bodies stay out of it.
pub(crate) fn of_transport(server: &str, error: &reqwest::Error) -> Fault {
    if error.is_connect() {
        Fault::Gone(format!(
            "nothing answers as {server}: start the server, or change the address in the settings"
        ))
    } else if error.is_timeout() {
        Fault::Passing(format!("{server} took too long"))
    } else {
        Fault::Passing(format!("the connection to {server} broke"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Fault {
        Complaint::of_body(body.as_bytes()).of_status("the server", status, Some("gemma3:4b"))
    }

    #[test]
    fn all_texts_about_length_are_one_fault() {
        let plain = Fault::TooLong { prompt_tokens: None, window_tokens: None };
        for text in [
            "the input length exceeds the context length",
            "the prompt is longer than the context length currently available to the model; …",
            "This model's maximum context length is 4096 tokens",
        ] {
            let body = serde_json::json!({ "error": text }).to_string();
            assert_eq!(of(400, &body), plain, "{text}");
        }
        let nested = serde_json::json!({ "error": { "code": 400, "n_prompt_tokens": 7893, "n_ctx": 4096,
            "message": "request (7893 tokens) exceeds the available context size (4096 tokens), try increasing it",
            "type": "exceed_context_size_error" } });
        let numbers = Fault::TooLong { prompt_tokens: Some(7893), window_tokens: Some(4096) };
        assert_eq!(of(400, &nested.to_string()), numbers);
        let as_text = serde_json::json!({ "error": nested.to_string() });
        assert_eq!(of(400, &as_text.to_string()), numbers);
        let message_alone = serde_json::json!({ "error": nested["error"]["message"] });
        assert_eq!(of(400, &message_alone.to_string()), numbers);
    }

    #[test]
    fn each_status_says_what_is_to_be_done() {
        assert_eq!(
            of(404, r#"{"error":"model 'gemma3:4b' not found"}"#),
            Fault::Missing("gemma3:4b".into())
        );
        assert!(matches!(of(404, "404 page not found"), Fault::Refused(_)));
        assert!(matches!(of(503, r#"{"error":"server busy"}"#), Fault::Passing(_)));
        assert!(matches!(of(502, "<html>bad gateway</html>"), Fault::Passing(_)));
        assert!(matches!(of(307, ""), Fault::Forbidden(_)));
        assert!(matches!(
            of(401, r#"{"error":"unauthorized","signin_url":"x"}"#),
            Fault::Forbidden(_)
        ));
        assert!(matches!(of(403, ""), Fault::Forbidden(_)));
        assert!(matches!(of(422, ""), Fault::Refused(_)));
        assert!(matches!(
            of(500, r#"{"error":"invalid JSON schema in format"}"#),
            Fault::Refused(_)
        ));
        assert!(matches!(
            of(500, r#"{"error":"json: unsupported value: NaN"}"#),
            Fault::Refused(_)
        ));
        let memory = of(
            500,
            r#"{"error":"model requires more system memory (9.7 GiB) than is available (3.2 GiB)"}"#,
        );
        assert!(matches!(&memory, Fault::Passing(why) if why.contains("9.7 GiB")), "{memory}");
    }

    #[test]
    fn words_of_the_server_are_not_passed_on() {
        let echo = r#"{"error":"Failed to parse input at pos 0: Ilse was tired"}"#;
        assert!(!of(500, echo).to_string().contains("Ilse"));
        assert!(!of(400, echo).to_string().contains("Ilse"));
        let value = serde_json::json!("while writing: Ilse was tired");
        assert!(!Complaint::of_value(&value).midway("the server").to_string().contains("Ilse"));
    }
}
