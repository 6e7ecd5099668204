//! The one HTTP client with which model servers are asked, whatever they speak.
//!
//! It goes to the agreed address and nowhere else: no proxy (an `HTTP_PROXY` would see every note even on
//! the way to this machine), no redirects, TLS by rustls. What comes is collected as bytes and cut at line
//! ends, never in the middle of a character. Every wait has an end and can be cancelled.

mod faults;
pub(super) mod vectors;
mod wait;

use std::{
    fmt,
    sync::LazyLock,
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{timeout, timeout_at};

pub(super) use faults::{Complaint, of_transport};
pub(super) use wait::until;

use super::{Fault, address::Agreed, around::Patience};
use crate::journal::Cancel;

/// No reply that we ask for is longer: bytes of a line, of a body, of the words of a reply.
pub(super) const LONGEST: usize = 4 * 1024 * 1024;
/// A stream of empty pieces is longer than all sense at this many bytes.
const LONGEST_STREAM: usize = 16 * LONGEST;
/// For connecting.
const CONNECT: Duration = Duration::from_secs(2);
/// For questions that load no model: which version, which models.
const QUICK: Duration = Duration::from_secs(10);
/// For the end of a stream after its last line, so that the connection can be used again.
const TAIL: Duration = Duration::from_millis(200);

static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(|| {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .use_rustls_tls()
        .connect_timeout(CONNECT)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent("rem-journal")
        .build()
        .map_err(|error| error.to_string())
});

/// The process's one HTTP client.
pub(super) fn client() -> Result<Client, Fault> {
    CLIENT.clone().map_err(|error| {
        Fault::Refused(format!("no connection can be made on this system: {error}"))
    })
}

/// Whether a stream is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    More,
    /// This was the last line.
    Done,
}

/// A way to one server.
#[derive(Clone)]
pub(super) struct Wire {
    agreed: Agreed,
    /// "Ollama at 127.0.0.1:11434".
    server: String,
    patience: Patience,
    key: Option<String>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("server", &self.server).finish_non_exhaustive()
    }
}

/// How long a whole reply may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// No model is needed for it.
    Quick,
    /// A model has to be loaded and read first.
    Loading,
}

impl Wire {
    pub(super) fn new(what: &str, agreed: Agreed, patience: Patience, key: Option<String>) -> Self {
        let server = format!("{what} at {}", agreed.address().shown());
        Self { agreed, server, patience, key }
    }

    pub(super) fn server(&self) -> &str {
        &self.server
    }

    pub(super) fn agreed(&self) -> &Agreed {
        &self.agreed
    }

    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// Asks and reads the whole reply as JSON. With a body it is a POST. `model` is named if the server
    /// does not have it.
    pub(super) fn json<T: DeserializeOwned>(
        &self,
        place: &str,
        body: Option<&Value>,
        pace: Pace,
        model: Option<&str>,
        cancel: &Cancel,
    ) -> Result<T, Fault> {
        let within = match pace {
            Pace::Quick => QUICK.min(self.patience.first_piece),
            Pace::Loading => self.patience.first_piece,
        };
        until(cancel, async {
            let work = async {
                let response = self.accept(self.send(place, body).await?, model).await?;
                self.body(response).await
            };
            let bytes = timeout(within, work).await.map_err(|_| self.silent(within))??;
            serde_json::from_slice(&bytes).map_err(|_| self.stranger())
        })
    }

    /// Asks and hands over the reply line by line as it comes, empty lines left out. Ends with the first
    /// [`Flow::Done`], or with the stream.
    pub(super) fn lines(
        &self,
        place: &str,
        body: &Value,
        model: Option<&str>,
        cancel: &Cancel,
        mut each: impl FnMut(&[u8]) -> Result<Flow, Fault>,
    ) -> Result<(), Fault> {
        until(cancel, async {
            let Patience { first_piece, next_piece, .. } = self.patience;
            let mut until = (Instant::now() + first_piece).into();
            let mut within = first_piece;
            let sent = async { self.accept(self.send(place, Some(body)).await?, model).await };
            let mut response = timeout_at(until, sent).await.map_err(|_| self.silent(within))??;
            let mut line = Vec::new();
            let mut n_bytes = 0;
            loop {
                let piece = timeout_at(until, response.chunk()).await;
                let piece = piece
                    .map_err(|_| self.silent(within))?
                    .map_err(|error| of_transport(&self.server, &error))?;
                let Some(piece) = piece else { break };
                n_bytes += piece.len();
                for part in piece.split_inclusive(|byte| *byte == b'\n') {
                    line.extend_from_slice(part);
                    if line.len() > LONGEST || n_bytes > LONGEST_STREAM {
                        return Err(self.endless());
                    }
                    if line.ends_with(b"\n") {
                        let flow = one(&line, &mut each)?;
                        line.clear();
                        if flow == Flow::Done {
                            let _ = timeout(TAIL, response.chunk()).await;
                            return Ok(());
                        }
                    }
                }
                within = next_piece;
                until = (Instant::now() + within).into();
            }
            one(&line, &mut each).map(|_| ())
        })
    }

    async fn send(&self, place: &str, body: Option<&Value>) -> Result<Response, Fault> {
        let url = self.agreed.url(place)?;
        let client = client()?;
        let request = match body {
            None => client.get(url),
            Some(body) => client.post(url).json(body),
        };
        let request = self.with_key(request);
        request.send().await.map_err(|error| of_transport(&self.server, &error))
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    async fn accept(&self, response: Response, model: Option<&str>) -> Result<Response, Fault> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        // A refusal whose body breaks off is still a refusal.
        let body = self.body(response).await.unwrap_or_default();
        Err(Complaint::of_body(&body).of_status(&self.server, status.as_u16(), model))
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        while let Some(piece) =
            response.chunk().await.map_err(|error| of_transport(&self.server, &error))?
        {
            body.extend_from_slice(&piece);
            if body.len() > LONGEST {
                return Err(self.endless());
            }
        }
        Ok(body)
    }

    fn silent(&self, within: Duration) -> Fault {
        Fault::Passing(format!("{} said nothing for {} s", self.server, within.as_secs_f32()))
    }

    /// A reply longer than all sense. Asked again it would be as long.
    pub(super) fn endless(&self) -> Fault {
        Fault::Refused(format!("{} sent more than {} MiB", self.server, LONGEST / 1024 / 1024))
    }

    /// A reply in no language that we know.
    pub(super) fn stranger(&self) -> Fault {
        Fault::Passing(format!(
            "what {} sent cannot be read: it is damaged, or another program listens there",
            self.server
        ))
    }
}

fn one(line: &[u8], each: &mut impl FnMut(&[u8]) -> Result<Flow, Fault>) -> Result<Flow, Fault> {
    match line.trim_ascii() {
        [] => Ok(Flow::More),
        line => each(line),
    }
}
