//! Orders of dependence, without recursion: chains from outside may be long.

/// Nodes so that each stands behind those it depends on, and the dependencies that close a circle.
pub(crate) struct Order {
    pub(crate) sorted: Vec<usize>,
    pub(crate) circles: Vec<(usize, usize)>,
}

/// Sorts by dependence. `edges[i]` is what `i` depends on.
pub(crate) fn order(edges: &[Vec<usize>]) -> Order {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut state = vec![State::New; edges.len()];
    let mut order = Order { sorted: Vec::with_capacity(edges.len()), circles: Vec::new() };
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for start in 0..edges.len() {
        if state[start] != State::New {
            continue;
        }
        state[start] = State::Open;
        stack.push((start, 0));
        while let Some((at, next)) = stack.last_mut() {
            let here = *at;
            let Some(&to) = edges[here].get(*next) else {
                state[here] = State::Done;
                order.sorted.push(here);
                stack.pop();
                continue;
            };
            *next += 1;
            match state[to] {
                State::New => {
                    state[to] = State::Open;
                    stack.push((to, 0));
                }
                State::Open => order.circles.push((here, to)),
                State::Done => {}
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_come_first() {
        let order = order(&[vec![2], vec![], vec![1]]);
        assert_eq!((order.sorted, order.circles), (vec![1, 2, 0], vec![]));
    }

    #[test]
    fn circles_are_found() {
        assert_eq!(order(&[vec![1], vec![0], vec![2]]).circles, [(1, 0), (2, 2)]);
    }

    #[test]
    fn long_chains_cost_no_stack() {
        let edges: Vec<Vec<usize>> = (0..200_000).map(|i| if i > 0 { vec![i - 1] } else { vec![] }).collect();
        assert_eq!(order(&edges).sorted.len(), 200_000);
    }
}
