//! The core is synchronous, the network is not: one small runtime per process, and waiting that ends
//! when somebody cancels.

use std::{future::Future, io, sync::LazyLock, time::Duration};

use tokio::{
    runtime::{Builder, Runtime},
    time::interval,
};

use super::super::Fault;
use crate::journal::Cancel;

/// Between two looks whether somebody cancelled.
const LOOK: Duration = Duration::from_millis(50);

static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name("model-wire").enable_all().build()
});

/// Waits for `work` on this thread. Cancelled, it drops `work`, which closes its connections, and returns.
///
/// May be called from plain threads and from another runtime's blocking threads, not from a future.
pub(crate) fn until<T>(
    cancel: &Cancel,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let runtime = RUNTIME.as_ref().map_err(|error| {
        Fault::Passing(format!("the system gives no thread for speaking to models: {error}"))
    })?;
    runtime.block_on(async {
        let mut work = std::pin::pin!(work);
        let mut look = interval(LOOK);
        loop {
            tokio::select! {
                biased;
                _ = look.tick() => {
                    if cancel.is_cancelled() {
                        return Err(Fault::Cancelled);
                    }
                }
                done = &mut work => return done,
            }
        }
    })
}
