//! Somebody who listens and writes down that they were spoken to: a proxy, a place that a redirect leads
//! to, another machine.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

/// Listens, remembers the first bytes of everybody, and answers 502.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// Begins to listen on this machine's loopback.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let writing = Arc::clone(&heard);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let Ok(mut socket) = socket else { return };
                let mut bytes = [0; 1024];
                let n = socket.read(&mut bytes).unwrap_or(0);
                let said = String::from_utf8_lossy(&bytes[..n]).into_owned();
                writing.lock().unwrap_or_else(PoisonError::into_inner).push(said);
                let _ = socket.write_all(b"HTTP/1.1 502 Recorded\r\ncontent-length: 0\r\n\r\n");
            }
        });
        Self { address, heard }
    }

    /// Where it listens: "127.0.0.1:4711".
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The first bytes of everybody who spoke to it.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
