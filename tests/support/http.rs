//! As much of HTTP as a fake server needs.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

use serde_json::Value;

/// A request. The last byte of its body is left unread, so that closing the connection resets it.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) has_more: bool,
}

/// The next request of a connection; `None` at its end.
pub(super) fn read(socket: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if socket.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut words = head.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length.saturating_sub(1)];
    socket.read_exact(&mut body)?;
    Ok(Some(Request {
        method,
        path,
        authorization: header("authorization"),
        body,
        has_more: length > 0,
    }))
}

/// A whole answer.
pub(super) fn answer(
    socket: &mut TcpStream,
    status: u16,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    socket.write_all(head.as_bytes())?;
    socket.write_all(b"\r\n")?;
    socket.write_all(body)?;
    socket.flush()
}

/// The beginning of a streamed answer.
pub(super) fn begin(socket: &mut TcpStream, kind: &str) -> io::Result<()> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n");
    socket.write_all(head.as_bytes())
}

/// A piece of a streamed answer; an empty one is its end.
pub(super) fn piece(socket: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    socket.write_all(&chunk)?;
    socket.flush()
}

/// One JSON value as a line.
pub(super) fn line(value: &Value) -> Vec<u8> {
    let mut line = value.to_string().into_bytes();
    line.push(b'\n');
    line
}

/// Waits until the client has closed its end.
pub(super) fn wait_until_left(socket: &mut TcpStream) {
    let mut byte = [0];
    while matches!(socket.read(&mut byte), Ok(n) if n > 0) {}
}
