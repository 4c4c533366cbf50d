//! Serving on a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossclause::answer::Desk;
use crossclause::http::{Options, serve};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::{TestApp, invent_clause, open_collection};

fn read_readiness(address: SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

async fn wait_for_generation(address: SocketAddr, generation: u64) {
    let asked = Instant::now();
    loop {
        let answer = tokio::task::spawn_blocking(move || read_readiness(address)).await.expect("an answer");
        if answer.contains(&format!("\"generation\":{generation}}}")) {
            return;
        }
        assert!(asked.elapsed() < Duration::from_secs(10), "generation {generation} is not seen: {answer}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_another_process_writes_is_seen_and_a_shutdown_ends_it() {
    let writer = TestApp::new();
    let reader = Desk::new(Arc::new(open_collection(writer.directory())));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopping) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve(listener, reader, Options::default(), async { drop(stopping.await) }));

    wait_for_generation(address, 1).await;
    writer.write(&[invent_clause("new", "disputes", "Every dispute is settled by arbitration.", &json!({}))]);
    wait_for_generation(address, 2).await;

    stop.send(()).expect("served until now");
    let ended = tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it ends");
    ended.expect("no panic");
    assert!(TcpStream::connect(address).is_err());
}
