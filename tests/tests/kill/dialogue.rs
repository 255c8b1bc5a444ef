//! One request at a time, of any kind, by two sessions: so it is known to the letter what the datastores hold at any moment, and
//! of the request that was on its way when the server was killed there are two possible outcomes.

use super::document::Document;
use super::process::{Process, session};
use super::{check_log, open, rounds, seed};
use netconf_runtime::client::Session;
use netconf_runtime::server::Server;
use netconf_runtime::store::Head;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use toolchain_tests::random::Random;

/// The datastores as they must be.
#[derive(Clone, Debug)]
struct State {
    running: Document,
    /// `None` where it is as `running` is, and follows it.
    candidate: Option<Document>,
    /// `None` where the server has none.
    startup: Option<Document>,
    pending: Option<Pending>,
    /// What `running` was since the store was looked at, each state once.
    passed: Vec<Document>,
}

/// A confirmed commit that waits.
#[derive(Clone, Debug)]
struct Pending {
    before: Document,
    owner: Owner,
}

#[derive(Clone, PartialEq, Debug)]
enum Owner {
    /// One of the two.
    Session(usize),
    /// Whoever says this as its persist-id.
    Token(String),
}

impl State {
    fn set_running(&mut self, running: Document) {
        if self.running != running {
            self.passed.push(running.clone());
            self.running = running;
        }
    }

    fn commit(&mut self) {
        if let Some(candidate) = self.candidate.take() {
            self.set_running(candidate);
        }
    }

    fn take_back(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.set_running(pending.before);
        }
    }

    /// The server ends, however, and starts again.
    fn restart(&mut self) {
        self.take_back();
        if let Some(startup) = self.startup.clone() {
            self.set_running(startup);
        }
        self.candidate = None;
    }
}

/// A request that must be answered `ok`, and what is then.
struct Operation {
    session: usize,
    xml: String,
    /// It is the session's last.
    closes: bool,
    after: State,
}

struct Chance {
    random: Random,
    /// Amounts and tokens that were used.
    used: u32,
}

fn edit(target: &str, config: &str) -> String {
    format!("<edit-config><target><{target}/></target><config>{config}</config></edit-config>")
}

fn copy(source: &str, target: &str) -> String {
    format!("<copy-config><target><{target}/></target><source><{source}/></source></copy-config>")
}

impl Chance {
    /// Some request that makes sense now.
    fn draw(&mut self, state: &State) -> Operation {
        loop {
            if let Some(operation) = self.try_draw(state) {
                return operation;
            }
        }
    }

    fn try_draw(&mut self, state: &State) -> Option<Operation> {
        let mut after = state.clone();
        let mut session = self.random.below(2);
        let mut closes = false;
        let xml = match self.random.below(16) {
            0..=2 => {
                let (running, config) = state.running.changed(&mut self.random, &mut self.used);
                after.set_running(running);
                edit("running", &config)
            }
            3..=6 => {
                let before = state.candidate.as_ref().unwrap_or(&state.running);
                let (candidate, config) = before.changed(&mut self.random, &mut self.used);
                after.candidate = Some(candidate);
                edit("candidate", &config)
            }
            // A commit; where one waits, it confirms.
            7..=9 => {
                let id = goes_on(state, &mut session);
                after.commit();
                after.pending = None;
                format!("<commit>{id}</commit>")
            }
            // A confirmed commit; where one waits, it goes on waiting for both.
            10 | 11 => {
                let id = goes_on(state, &mut session);
                let mut persist = String::new();
                let mut owner = Owner::Session(session);
                if self.random.once_in(2) {
                    self.used += 1;
                    persist = format!("<persist>token {}</persist>", self.used);
                    owner = Owner::Token(format!("token {}", self.used));
                }
                let before = state.pending.as_ref().map_or(&state.running, |first| &first.before).clone();
                after.pending = Some(Pending { before, owner });
                after.commit();
                format!("<commit><confirmed/><confirm-timeout>3600</confirm-timeout>{persist}{id}</commit>")
            }
            12 => {
                state.pending.as_ref()?;
                let id = goes_on(state, &mut session);
                after.take_back();
                format!("<cancel-commit>{id}</cancel-commit>")
            }
            13 => {
                after.candidate = None;
                "<discard-changes/>".to_owned()
            }
            14 => {
                let startup = state.startup.as_ref()?;
                match self.random.below(5) {
                    0 | 1 => {
                        after.startup = Some(state.running.clone());
                        copy("running", "startup")
                    }
                    2 => {
                        after.set_running(startup.clone());
                        copy("startup", "running")
                    }
                    3 => {
                        // Of a candidate that is like `running` nobody can tell whether it follows.
                        if *startup == state.running {
                            return None;
                        }
                        after.candidate = Some(startup.clone());
                        copy("startup", "candidate")
                    }
                    _ => {
                        after.startup = Some(Document::default());
                        "<delete-config><target><startup/></target></delete-config>".to_owned()
                    }
                }
            }
            _ => {
                closes = true;
                if state.pending.as_ref().is_some_and(|p| p.owner == Owner::Session(session)) {
                    after.take_back();
                }
                "<close-session/>".to_owned()
            }
        };
        Some(Operation { session, xml, closes, after })
    }
}

/// Who goes on with the confirmed commit that waits, and what it says.
fn goes_on(state: &State, session: &mut usize) -> String {
    match state.pending.as_ref().map(|pending| &pending.owner) {
        Some(Owner::Session(owner)) => {
            *session = *owner;
            String::new()
        }
        Some(Owner::Token(token)) => format!("<persist-id>{token}</persist-id>"),
        None => String::new(),
    }
}

/// Asks until the server is gone. Gives what is then, if the last request was not heard, and if it was carried out.
async fn load(socket: &Path, mut state: State, chance: &mut Chance) -> (usize, State, State) {
    let mut sessions: [Option<Session>; 2] = [None, None];
    let mut answered = 0;
    loop {
        let operation = chance.draw(&state);
        let slot = &mut sessions[operation.session];
        if slot.is_none() {
            *slot = session(socket).await;
        }
        let Some(session) = slot else { return (answered, state.clone(), state) };
        match session.rpc_xml(&operation.xml).await {
            Ok(_) => {
                answered += 1;
                state = operation.after;
                if operation.closes {
                    *slot = None;
                }
            }
            Err(error) if error.is_session_over() => return (answered, state, operation.after),
            Err(error) => panic!("{}: {error}", operation.xml),
        }
    }
}

/// What a store has seen.
struct Past {
    /// What `running` was after each commit.
    known: BTreeMap<u64, Document>,
    /// The newest of them.
    seen: Head,
}

impl Past {
    /// The state that fits what is there, of those that are possible.
    async fn recognize(&mut self, server: &Server, possible: [State; 2]) -> State {
        let snapshot = server.snapshot();
        let before = self.known[&self.seen.0].clone();
        let mut trees = Vec::new();
        for head in self.seen.0 + 1..=snapshot.commit.0 {
            trees.push((head, server.running_at(Head(head)).await.unwrap()));
        }
        let mut why = Vec::new();
        for state in possible {
            // Each commit left a state of the right way, and the way is gone to its end.
            let mut way = state.passed.iter();
            let mut at = &before;
            let mut known = Vec::new();
            let fits = trees.iter().all(|(head, tree)| {
                if !at.is(tree) {
                    match way.next() {
                        Some(next) if next.is(tree) => at = next,
                        _ => return false,
                    }
                }
                known.push((*head, at.clone()));
                true
            });
            let is_whole = fits
                && way.next().is_none()
                && state.running.is(&snapshot.running)
                && state.running.is(&snapshot.candidate)
                && snapshot.startup.is_some() == state.startup.is_some()
                && state.startup.iter().zip(&snapshot.startup).all(|(startup, tree)| startup.is(tree));
            if is_whole {
                self.known.extend(known);
                self.seen = snapshot.commit;
                return State { passed: Vec::new(), ..state };
            }
            why.push((fits, known.len(), state));
        }
        panic!(
            "the store holds what must not be there: commits {} to {}: {:?}\nwith startup {:?}\nexpected one of {why:#?}",
            self.seen.0 + 1,
            snapshot.commit,
            trees.iter().map(|(head, tree)| format!("{head}: {tree:?}")).collect::<Vec<_>>(),
            snapshot.startup,
        );
    }
}

async fn hold(seed: u64, startup: bool, rounds: usize) {
    let directory = tempfile::tempdir().unwrap();
    let mut chance = Chance { random: Random::new(seed), used: 0 };
    let mut past = Past { known: BTreeMap::from([(0, Document::default())]), seen: Head(0) };
    let mut state = State {
        running: Document::default(),
        candidate: None,
        startup: startup.then(Document::default),
        pending: None,
        passed: Vec::new(),
    };
    let mut answered = 0;
    for _ in 0..rounds {
        let mut process = Process::start(directory.path(), startup);
        state.restart();
        let (unheard, heard) = if chance.random.once_in(6) {
            // While it starts: whatever it does then, it does again, or it is done.
            process.kill_after(Duration::from_millis(chance.random.below(60) as u64)).await.unwrap();
            (state.clone(), state)
        } else {
            process.wait();
            let socket = process.socket().to_owned();
            let gone = process.kill_after(Duration::from_millis(chance.random.below(200) as u64));
            let (count, unheard, heard) = load(&socket, state, &mut chance).await;
            answered += count;
            gone.await.unwrap();
            (unheard, heard)
        };
        let mut possible = [unheard, heard];
        possible.iter_mut().for_each(State::restart);

        let server = open(&directory.path().join("store"), startup).await;
        let oldest = check_log(&server).await;
        state = past.recognize(&server, possible).await;
        // Any that is remembered can be gone back to.
        let (head, document) = *chance.random.of(&past.known.range(oldest.0..).collect::<Vec<_>>());
        let (head, document) = (Head(*head), document.clone());
        server.roll_back(head, "to any").await.unwrap();
        assert!(document.is(&server.snapshot().running), "going back to {head}");
        past.seen = server.snapshot().commit;
        past.known.insert(past.seen.0, document.clone());
        state.running = document;
        server.shutdown().await;
    }
    assert!(answered > 0, "nothing was ever answered: the test has seen nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_commit_that_was_answered_is_there_whole_and_no_other_in_part() {
    for startup in [false, true] {
        let seed = seed();
        let held = tokio::spawn(hold(seed, startup, rounds(6))).await;
        assert!(held.is_ok(), "KILL_SEED={seed}, with startup: {startup}");
    }
}
