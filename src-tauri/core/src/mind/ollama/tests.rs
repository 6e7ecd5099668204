//! What can be said of this room without a server, and the crate's flaw that it lives with.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread,
};

use ollama_rs::generation::chat::{ChatMessage, request::ChatMessageRequest};
use tokio_stream::StreamExt;

use super::{super::wire::until, catalogue::is_cloud_name, *};

#[test]
fn ollama_rs_still_loses_text() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        read_request(&socket);
        let line = "{\"model\":\"m\",\"created_at\":\"\",\"message\":{\"role\":\"assistant\",\
                    \"content\":\"há café\"},\"done\":true}\n"
            .as_bytes();
        // Each piece is an HTTP chunk of its own; the first ends inside the letter á.
        let inside = line.iter().position(|byte| *byte > 127).unwrap() + 1;
        socket
            .write_all(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
            )
            .unwrap();
        for piece in [&line[..inside], &line[inside..], b""] {
            write!(socket, "{:x}\r\n", piece.len()).unwrap();
            socket.write_all(piece).unwrap();
            socket.write_all(b"\r\n").unwrap();
        }
    });
    let theirs = ollama_rs::Ollama::builder()
        .url(format!("http://{address}/"))
        .reqwest_client(super::super::wire::client().unwrap())
        .build();
    let request = ChatMessageRequest::new("m".into(), vec![ChatMessage::user("?".into())]);
    let heard = until(&Cancel::default(), async {
        let mut stream = theirs.send_chat_messages_stream(request).await.unwrap();
        let mut heard = String::new();
        while let Some(piece) = stream.next().await {
            heard.push_str(&piece.map(|said| said.message.content).unwrap_or_default());
        }
        Ok(heard)
    });
    server.join().unwrap();
    assert_ne!(heard.unwrap(), "há café", "ollama-rs is mended, our client can go");
}

fn read_request(socket: &std::net::TcpStream) {
    let mut reader = BufReader::new(socket);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
}

#[test]
fn releases_are_compared_by_number_and_builds_from_source_are_new() {
    assert!(Version::read("0.12.5") < Version::TELLS_TRUNCATION);
    assert!(Version::read("0.12.10") > Version::TELLS_TRUNCATION);
    assert!(Version::read("v0.1") < Version::TELLS_TRUNCATION);
    assert!(Version::read("0.32.15-rc1") > Version::STOPS_THINKING);
    assert!(Version::read("0.0.0") > Version::STOPS_THINKING);
    assert_eq!(cautions("0.32.15"), Vec::<String>::new());
    assert_eq!(cautions("0.24.0").len(), 1);
    assert_eq!(cautions("0.9.6").len(), 2);
}

#[test]
fn names_of_the_cloud_are_known_in_every_spelling() {
    for name in ["gpt-oss:120b-cloud", "x:cloud", " Deepseek-V3:671B-CLOUD "] {
        assert!(is_cloud_name(name), "{name}");
    }
    for name in ["gemma3:4b", "cloud-atlas:7b", "x:cloudy"] {
        assert!(!is_cloud_name(name), "{name}");
    }
}

#[test]
fn a_model_gets_the_prefixes_of_its_family_and_an_unknown_one_none() {
    assert_eq!(embed::prefixes("nomic-embed-text:v1.5").0, "search_document: ");
    assert_eq!(embed::prefixes("someone/embeddinggemma").1, "task: search result | query: ");
    assert_eq!(embed::prefixes("qwen3-embedding:0.6b").0, "");
    assert_eq!(embed::prefixes("all-minilm"), ("", ""));
}
