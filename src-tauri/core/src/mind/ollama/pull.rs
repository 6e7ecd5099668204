//! Downloads, through `ollama-rs`: the server goes out for them, we only listen.

use std::{collections::BTreeMap, time::Duration};

use ollama_rs::{Ollama, error::OllamaError};
use tokio::time::timeout;
use tokio_stream::StreamExt;

use super::super::{
    Fault,
    model::Pulling,
    wire::{self, Complaint, Wire, of_transport, until},
};
use crate::journal::Cancel;

/// Between two words of the server. It says nothing while it checks what came, which takes minutes for
/// the largest models on the slowest disks.
const SILENCE: Duration = Duration::from_secs(20 * 60);

pub(super) fn pull(
    wire: &Wire,
    name: &str,
    tell: &mut dyn FnMut(Pulling),
    cancel: &Cancel,
) -> Result<(), Fault> {
    let server = wire.server();
    let crate_of =
        Ollama::builder().url(wire.agreed().url("")?).reqwest_client(wire::client()?).build();
    let first = wire.patience().first_piece;
    until(cancel, async {
        let silent = || Fault::Passing(format!("{server} stopped telling about the download"));
        let mut stream = timeout(first, crate_of.pull_model_stream(name.to_owned(), false))
            .await
            .map_err(|_| silent())?
            .map_err(|error| fault(server, name, &error))?;
        let mut layers: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut last = String::new();
        while let Some(status) = timeout(SILENCE, stream.next()).await.map_err(|_| silent())? {
            let status = status.map_err(|error| fault(server, name, &error))?;
            if let (Some(digest), Some(total)) = (status.digest, status.total) {
                layers.insert(digest, (status.completed.unwrap_or(0).min(total), total));
            }
            let sum = |of: fn(&(u64, u64)) -> u64| layers.values().map(of).sum();
            last = status.message;
            tell(Pulling { status: last.clone(), n_done: sum(|l| l.0), n_total: sum(|l| l.1) });
        }
        if last == "success" {
            Ok(())
        } else {
            Err(Fault::Passing(format!(
                "the download of {name} broke off; begun again it goes on where it stopped"
            )))
        }
    })
}

/// The crate drops the status; what the server said is enough to tell a wrong name from the rest.
fn fault(server: &str, name: &str, error: &OllamaError) -> Fault {
    let complaint = match error {
        OllamaError::ReqwestError(error) => return of_transport(server, error),
        OllamaError::InternalError(error) => {
            Complaint::of_value(&serde_json::Value::String(error.message.clone()))
        }
        OllamaError::Other(body) => Complaint::of_body(body.as_bytes()),
        _ => Complaint::default(),
    };
    match complaint.midway(server) {
        Fault::Refused(why) => Fault::Refused(format!("{name} cannot be downloaded: {why}")),
        _ => Fault::Passing(format!(
            "{server} could not download {name}: look at its log, and whether it can reach the network"
        )),
    }
}
