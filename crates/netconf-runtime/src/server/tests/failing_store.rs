//! A disk that fails below the server: what cannot be written is refused in clear words and changes nothing, and the server goes on.

use super::device::builder;
use super::peer::Peer;
use crate::server::Server;
use crate::store::disk::{Disk, Trouble};
use std::time::Duration;

fn hostname(name: &str) -> String {
    format!("<system xmlns='urn:device'><hostname>{name}</hostname></system>")
}

async fn server(disk: &Disk) -> Server {
    builder().startup(true).store(disk.open().unwrap()).build().await.unwrap()
}

#[tokio::test]
async fn a_commit_that_cannot_be_written_changes_nothing() {
    for (trouble, tag) in [(Trouble::Once, "operation-failed"), (Trouble::Full, "resource-denied")] {
        let disk = Disk::new(7);
        let server = server(&disk).await;
        let mut peer = Peer::connect(&server);
        peer.edit("running", &hostname("old")).await;
        peer.edit("candidate", &hostname("new")).await;
        let before = server.history(10).await.unwrap();
        let mut refused = 0;
        for after in 0.. {
            disk.trouble(trouble, after);
            let reply = peer.ask("commit", "").await;
            disk.mend();
            if reply == "ok" {
                break;
            }
            refused += 1;
            assert!(reply.contains(tag) && reply.contains("the configuration is as it was"), "{reply}");
            assert!(peer.config("running").await.contains("old"));
            assert!(peer.config("candidate").await.contains("new"));
            assert_eq!(server.history(10).await.unwrap(), before);
        }
        assert!(refused > 0, "{trouble:?} never came");
        assert!(peer.config("running").await.contains("new"));
        // The same of startup.
        disk.trouble(Trouble::Broken, 0);
        let copy = "<target><startup/></target><source><running/></source>";
        let reply = peer.ask("copy-config", copy).await;
        assert!(reply.contains("startup could not be written"), "{reply}");
        assert!(!peer.config("startup").await.contains("new"));
        disk.mend();
        assert_eq!(peer.ask("copy-config", copy).await, "ok");
        drop(peer);
        server.shutdown().await;
        disk.lose_power();
        let again = self::server(&disk).await;
        assert!(Peer::connect(&again).config("running").await.contains("new"));
    }
}

// RFC 6241 section 8.4.1: what is not confirmed is taken back, if not at once then when it can be.
#[tokio::test(start_paused = true)]
async fn a_confirmed_commit_is_taken_back_as_soon_as_the_disk_works() {
    let disk = Disk::new(9);
    let server = server(&disk).await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &hostname("old")).await;
    peer.edit("candidate", &hostname("new")).await;
    assert_eq!(peer.ask("commit", "<confirmed/><confirm-timeout>10</confirm-timeout>").await, "ok");
    disk.trouble(Trouble::Broken, 0);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(peer.config("running").await.contains("new"));
    disk.mend();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(peer.config("running").await.contains("old"));
}
