//! Lists against vectors.

use super::*;
use proptest::prelude::*;

fn keys() -> Keys {
    Keys(vec![0])
}

fn values(numbers: &[u64]) -> Vec<Value> {
    numbers.iter().map(|n| Value::Uint(*n)).collect()
}

fn numbers(list: &ListOf<Value>) -> Vec<u64> {
    list.iter()
        .map(|(_, v)| match v {
            Value::Uint(n) => *n,
            other => panic!("{other:?} is no number"),
        })
        .collect()
}

fn list(kind: ListKind, entries: &[u64]) -> ListOf<Value> {
    ListOf::from_entries(kind, &keys(), &mut values(entries)).unwrap_or_else(|d| panic!("{d:?} are twice"))
}

#[test]
fn entries_that_come_twice_are_named() {
    let twice = |kind, entries: &[u64]| ListOf::from_entries(kind, &keys(), &mut values(entries)).err();
    for kind in [ListKind::Keyed, ListKind::Ordered] {
        assert_eq!(twice(kind, &[3, 1, 3, 2, 1, 3]), Some(vec![2, 4, 5]));
        assert_eq!(twice(kind, &[3, 1, 2]), None);
    }
    assert_eq!(twice(ListKind::Sequence, &[1, 1]), None);
}

#[test]
fn labels_are_dealt_anew_where_there_is_no_room() {
    let mut list = list(ListKind::Ordered, &[0, 1]);
    for n in 2..200 {
        let anchor = Value::Uint(0);
        assert!(list.put(&keys(), Value::Uint(n), Place::After(&[&anchor])).is_ok());
    }
    let expected: Vec<u64> = std::iter::once(0).chain((2..200).rev()).chain([1]).collect();
    assert_eq!(numbers(&list), expected);
    for n in 0..200 {
        let rank = list.rank(&keys(), &[&Value::Uint(n)]);
        assert_eq!(rank, expected.iter().position(|x| *x == n), "{n} is found by key");
    }
}

#[derive(Clone, Debug)]
enum Op {
    Put(u64, u8, u64),
    Remove(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0u64..60, 0u8..5, 0u64..60).prop_map(|(n, place, anchor)| Op::Put(n, place, anchor)),
        1 => (0u64..60).prop_map(Op::Remove),
    ]
}

/// Keys of all kinds that are told apart by their begins, and of some that are not.
fn key() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Int),
        any::<u64>().prop_map(Value::Uint),
        "[ab\\x00\u{e4}]{0,3}".prop_map(|text| Value::String(text.into())),
        "a{14,17}b?".prop_map(|text| Value::String(text.into())),
        "[ab]{0,2}".prop_map(|octets| Value::Binary(octets.as_bytes().into())),
        Just(Value::Empty),
    ]
}

proptest! {
    #[test]
    fn entries_stand_in_the_order_of_their_keys(entries in proptest::collection::vec(key(), 0..40)) {
        let mut unique: Vec<Value> = Vec::new();
        let mut again = Vec::new();
        for (i, entry) in entries.iter().enumerate() {
            if unique.contains(entry) {
                again.push(i);
            } else {
                unique.push(entry.clone());
            }
        }
        match ListOf::from_entries(ListKind::Keyed, &keys(), &mut entries.clone()) {
            Err(twice) => prop_assert_eq!(twice, again),
            Ok(list) => {
                unique.sort();
                prop_assert!(again.is_empty());
                prop_assert_eq!(list.iter().map(|(_, v)| v.clone()).collect::<Vec<_>>(), unique);
            }
        }
    }

    #[test]
    fn a_user_ordered_list_does_what_a_vec_does(
        start in proptest::collection::btree_set(0u64..60, 2..30),
        ops in proptest::collection::vec(op(), 0..200),
    ) {
        let mut model: Vec<u64> = start.into_iter().collect();
        let mut list = list(ListKind::Ordered, &model);
        for op in ops {
            match op {
                Op::Remove(n) => {
                    let found = list.remove(&keys(), &[&Value::Uint(n)]).is_some();
                    prop_assert_eq!(found, model.contains(&n));
                    model.retain(|x| *x != n);
                }
                Op::Put(n, place, anchor) => {
                    let anchor_value = Value::Uint(anchor);
                    let probe = [&anchor_value];
                    let place = match place {
                        0 => Place::Keep,
                        1 => Place::First,
                        2 => Place::Last,
                        3 => Place::Before(&probe),
                        _ => Place::After(&probe),
                    };
                    let done = list.put(&keys(), Value::Uint(n), place).is_ok();
                    let next_to = matches!(place, Place::Before(_) | Place::After(_));
                    prop_assert_eq!(done, !next_to || model.contains(&anchor));
                    let stays = matches!(place, Place::Keep) && model.contains(&n) || next_to && anchor == n;
                    if !done || stays { continue }
                    model.retain(|x| *x != n);
                    let at = |x| model.iter().position(|y| *y == x).unwrap_or(model.len());
                    let i = match place {
                        Place::First => 0,
                        Place::Keep | Place::Last => model.len(),
                        Place::Before(_) => at(anchor),
                        Place::After(_) => at(anchor) + 1,
                    };
                    model.insert(i, n);
                }
            }
            prop_assert_eq!(&numbers(&list), &model);
        }
        for n in 0..60 {
            prop_assert_eq!(list.rank(&keys(), &[&Value::Uint(n)]), model.iter().position(|x| *x == n));
        }
    }
}
