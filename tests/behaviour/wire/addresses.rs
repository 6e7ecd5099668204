use std::{
    env,
    net::{IpAddr, UdpSocket},
    process::Command,
};

use rem_core::{
    api::{
        Empty,
        minds::{ModelName, show_mind, try_model},
    },
    journal::Cancel,
    mind::{Fault, Server, choose::Minds, model::Use},
};
use rem_tests::support::{FakeModel, FakeOllama, Fate, Recorder};

use super::{Home, MODEL, around, ask, fake, model, ollama};

/// Names the server that the child process is to ask.
const SERVER: &str = "REM_TEST_ASKS_SERVER";

/// Run once more as a process of its own by the test below, with a proxy in its environment.
#[test]
fn a_server_on_this_machine_is_asked() {
    let fake = fake();
    let address = env::var(SERVER).unwrap_or_else(|_| fake.address());
    let model = super::model_of(&super::ollama_at(&address, super::PATIENT), MODEL);
    assert_eq!(ask(&*model).expect("a reply").text, "{}");
}

#[test]
fn a_proxy_in_the_environment_sees_nothing() {
    let (fake, proxy) = (fake(), Recorder::start());
    let url = format!("http://{}", proxy.address());
    let mut child = Command::new(env::current_exe().expect("this test's program"));
    child.args(["--exact", "wire::addresses::a_server_on_this_machine_is_asked"]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    {
        child.env(name, &url);
    }
    child.env_remove("NO_PROXY").env_remove("no_proxy").env(SERVER, fake.address());
    let ended = child.output().expect("the child runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(fake.asked("/api/chat").len(), 1);
    assert_eq!(proxy.heard(), Vec::<String>::new());
}

#[test]
fn a_redirect_is_not_followed_with_a_prompt_nor_without() {
    for path in ["/api/chat", "/api/tags", "/api/version", "/api/embed"] {
        let (fake, elsewhere) = (fake(), Recorder::start());
        let target = format!("http://{}{path}", elsewhere.address());
        let opened = model(&fake);
        fake.next(path, Fate::Redirect(target));
        let server = ollama(&fake);
        let fault = match path {
            "/api/chat" => ask(&*opened).map(|_| ()),
            "/api/tags" => server.list(&Cancel::default()).map(|_| ()),
            "/api/version" => server.version(&Cancel::default()).map(|_| ()),
            _ => server.embedder("nomic-embed-text", &Cancel::default()).map(|_| ()),
        };
        assert!(matches!(fault, Err(Fault::Forbidden(_))), "{path}: {fault:?}");
        assert_eq!(elsewhere.heard(), Vec::<String>::new(), "{path}");
    }
}

/// An address of this machine that is not loopback, if it has one. Nothing is sent to find it out.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[test]
fn another_address_hears_nothing_before_the_person_agrees() {
    let there = own_address().and_then(|ip| FakeOllama::at(ip, [FakeModel::chat(MODEL)]).ok());
    let Some(there) = there else {
        println!("skipped: this machine has no address but loopback");
        return;
    };
    let home = Home::new(around("127.0.0.1:1"), |mind| mind.address = there.address());
    let minds = Minds::open(&home.journal, None, &Cancel::default()).expect("no store fails");
    assert!(minds.fast.is_none());
    assert!(minds.reason.expect("a reason").contains(&there.address()));
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert!(view.asks_consent.expect("a question").contains(&there.address()));
    assert!(!view.is_local);
    let trial = try_model(&home.journal, ModelName { name: MODEL.into() }).expect("a report");
    assert!(!trial.is_good);
    assert_eq!(there.log().len(), 0);

    let mut settings = home.journal.settings();
    settings.mind.agreed_address = view.address;
    home.journal.change_settings(settings).expect("agreed");
    let minds = Minds::open(&home.journal, None, &Cancel::default()).expect("no store fails");
    assert_eq!(minds.fast.expect("a model").card().name, MODEL);
    assert!(show_mind(&home.journal, Empty {}).expect("a view").asks_consent.is_none());
}

#[test]
fn consent_to_one_address_is_none_to_another() {
    let home = Home::new(around("127.0.0.1:1"), |mind| {
        mind.address = "192.0.2.7:11434".into();
        mind.agreed_address = "192.0.2.8:11434".into();
    });
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert!(view.asks_consent.is_some());
    assert_eq!(view.version, None);
}

#[test]
fn a_server_that_listens_everywhere_is_asked_here_with_a_caution() {
    let fake = FakeOllama::with([FakeModel::chat(MODEL)]);
    let port = fake.address().rsplit(':').next().expect("a port").to_owned();
    let home = Home::new(around(&format!("0.0.0.0:{port}")), |_| {});
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert_eq!((view.address, view.is_local), (format!("127.0.0.1:{port}"), true));
    assert_eq!(view.fast.as_deref(), Some(MODEL));
    assert!(view.cautions.iter().any(|caution| caution.contains("whole network")));
}

#[test]
fn no_byte_of_a_prompt_goes_to_a_cloud_model() {
    let named = FakeModel::chat("gpt-oss:120b-cloud");
    let admitted = FakeModel::chat("innocent:1b").but(|model| model.cloud_in_tags = true);
    let hidden = FakeModel::chat("hidden:7b").but(|model| model.cloud_in_show = true);
    let fake = FakeOllama::with([named, admitted, hidden]);
    for version in ["0.32.15", "0.24.0"] {
        fake.set_version(version);
        let server = ollama(&fake);
        for name in ["gpt-oss:120b-cloud", "innocent:1b", "hidden:7b", "not-even-pulled:cloud"] {
            let usage = Use { window_tokens: 4096 };
            let opened = server.language_model(name, usage, &Cancel::default());
            assert!(matches!(opened, Err(Fault::Forbidden(_))), "{name} at {version}");
            let opened = server.embedder(name, &Cancel::default());
            assert!(matches!(opened, Err(Fault::Forbidden(_))), "{name} at {version}");
        }
    }
    let home = Home::beside(&fake);
    let minds = Minds::open(&home.journal, None, &Cancel::default()).expect("no store fails");
    assert!(minds.fast.is_none() && minds.reason.is_some());
    for name in ["gpt-oss:120b-cloud", "hidden:7b"] {
        let trial = try_model(&home.journal, ModelName { name: name.into() }).expect("a report");
        assert!(trial.said.contains("cloud"), "{}", trial.said);
    }
    for path in ["/api/chat", "/api/embed"] {
        assert!(fake.asked(path).is_empty(), "{path}");
    }
}

#[test]
fn a_reply_that_comes_from_a_cloud_after_all_is_thrown_away() {
    let fake = fake();
    let model = model(&fake);
    let line = serde_json::json!({ "remote_host": "https://ollama.com", "done": false,
        "message": { "role": "assistant", "content": "{}" } });
    fake.next("/api/chat", Fate::Lines(vec![line]));
    assert!(matches!(ask(&*model), Err(Fault::Forbidden(_))));
}
