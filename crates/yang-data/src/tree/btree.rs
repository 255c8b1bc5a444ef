//! A persistent B-tree: cloning is free, an edit copies the path to it.
//!
//! The tree does not know the order of its items: each search brings its own comparison, because the keys live in the
//! entries and which leaves they are only the schema knows.

use std::cmp::Ordering;
use std::sync::Arc;

/// Most items of a node. A node that an edit leaves with fewer than half takes some from a neighbour or joins it.
const MAX: usize = 32;
const MIN: usize = MAX / 2 - 1;

/// A sorted sequence.
#[derive(Clone)]
pub(crate) struct BTree<T> {
    root: Option<Arc<Node<T>>>,
}

/// Items and, but for the lowest level, one more child than items.
#[derive(Clone)]
pub(crate) struct Node<T> {
    items: Vec<T>,
    children: Vec<Arc<Node<T>>>,
    /// Items here and below.
    len: usize,
}

impl<T> Node<T> {
    fn new(items: Vec<T>, children: Vec<Arc<Node<T>>>) -> Self {
        let len = items.len() + children.iter().map(|c| c.len).sum::<usize>();
        Self { items, children, len }
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    pub(crate) fn children(&self) -> &[Arc<Node<T>>] {
        &self.children
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// `Ok` is the position of an item that is equal, `Err` where one would stand.
    fn search(&self, find: &mut dyn FnMut(&T) -> Ordering) -> Result<usize, usize> {
        self.items.binary_search_by(find)
    }
}

impl<T> BTree<T> {
    pub(crate) fn new() -> Self {
        Self { root: None }
    }

    pub(crate) fn len(&self) -> usize {
        self.root.as_ref().map_or(0, |r| r.len)
    }

    pub(crate) fn root(&self) -> Option<&Arc<Node<T>>> {
        self.root.as_ref()
    }

    /// The item that `find` calls equal: it says how an item stands to what is looked for.
    pub(crate) fn get(&self, mut find: impl FnMut(&T) -> Ordering) -> Option<&T> {
        let mut node = self.root.as_deref()?;
        loop {
            match node.search(&mut find) {
                Ok(i) => return Some(&node.items[i]),
                Err(i) => node = node.children.get(i)?,
            }
        }
    }

    /// Are the items the same, one after the other? What both share is not looked at.
    pub(crate) fn equals(&self, other: &Self, equal: impl Fn(&T, &T) -> bool) -> bool {
        if self.len() != other.len() {
            return false;
        }
        // Equally many items have been passed on both sides at each moment.
        let (mut a, mut b) = (Front::new(Some(self)), Front::new(Some(other)));
        loop {
            match (a.head(), b.head()) {
                (Some(Part::Item(x)), Some(Part::Item(y))) => {
                    if !equal(x, y) {
                        return false;
                    }
                }
                (Some(Part::Tree(x)), Some(Part::Tree(y))) if !Arc::ptr_eq(x, y) => {
                    let (x, y) = (x.len(), y.len());
                    if x >= y {
                        a.open();
                    }
                    if y >= x {
                        b.open();
                    }
                    continue;
                }
                (Some(Part::Tree(_)), Some(Part::Tree(_))) => {}
                (Some(Part::Tree(_)), Some(Part::Item(_))) => {
                    a.open();
                    continue;
                }
                (Some(Part::Item(_)), Some(Part::Tree(_))) => {
                    b.open();
                    continue;
                }
                (None, None) => return true,
                (None, Some(_)) | (Some(_), None) => return false,
            }
            a.pop();
            b.pop();
        }
    }

    /// How many items stand in front of what is looked for, and whether it is there.
    pub(crate) fn rank(&self, mut find: impl FnMut(&T) -> Ordering) -> (usize, bool) {
        let Some(mut node) = self.root.as_deref() else { return (0, false) };
        let mut before = 0;
        loop {
            let (i, found) = match node.search(&mut find) {
                Ok(i) => (i, true),
                Err(i) => (i, false),
            };
            before += i + node.children.iter().take(i + usize::from(found)).map(|c| c.len).sum::<usize>();
            match node.children.get(i) {
                Some(child) if !found => node = child,
                _ => return (before, found),
            }
        }
    }

    /// The item at a position.
    pub(crate) fn nth(&self, mut position: usize) -> Option<&T> {
        let mut node = self.root.as_deref()?;
        if position >= node.len {
            return None;
        }
        'down: loop {
            if node.children.is_empty() {
                return node.items.get(position);
            }
            for (i, child) in node.children.iter().enumerate() {
                if position < child.len {
                    node = child;
                    continue 'down;
                }
                position -= child.len;
                if position == 0 {
                    return node.items.get(i);
                }
                position -= 1;
            }
            return None;
        }
    }

    /// All items in order.
    pub(crate) fn iter(&self) -> Iter<'_, T> {
        let mut iter = Iter { stack: Vec::new(), left: self.len() };
        if let Some(root) = &self.root {
            iter.descend(root);
        }
        iter
    }

    /// The items from the first that `find` does not call less.
    pub(crate) fn iter_from(&self, mut find: impl FnMut(&T) -> Ordering) -> Iter<'_, T> {
        let mut iter = Iter { stack: Vec::new(), left: self.len() };
        let mut at = self.root.as_deref();
        while let Some(node) = at {
            let (i, found) = match node.search(&mut find) {
                Ok(i) => (i, true),
                Err(i) => (i, false),
            };
            iter.left -= i + node.children.iter().take(i + usize::from(found)).map(|c| c.len).sum::<usize>();
            iter.stack.push((node, i));
            at = if found { None } else { node.children.get(i).map(|c| &**c) };
        }
        iter
    }
}

impl<T: Clone> BTree<T> {
    /// A tree of items that are in order.
    pub(crate) fn from_sorted(items: Vec<T>) -> Self {
        if items.is_empty() {
            return Self::new();
        }
        let mut capacity = MAX;
        let mut height = 0;
        while capacity < items.len() {
            capacity = capacity.saturating_mul(MAX + 1).saturating_add(MAX);
            height += 1;
        }
        let count = items.len();
        Self { root: Some(build(&mut items.into_iter(), count, height)) }
    }

    /// Puts an item in; gives back the one that stood in its place.
    pub(crate) fn insert(&mut self, item: T, mut find: impl FnMut(&T) -> Ordering) -> Option<T> {
        let Some(root) = &mut self.root else {
            self.root = Some(Arc::new(Node::new(vec![item], Vec::new())));
            return None;
        };
        match insert(root, item, &mut find) {
            Inserted::Done => None,
            Inserted::Replaced(old) => Some(old),
            Inserted::Split(middle, right) => {
                let left = Arc::clone(root);
                *root = Arc::new(Node::new(vec![middle], vec![left, right]));
                None
            }
        }
    }

    /// Takes an item out.
    pub(crate) fn remove(&mut self, mut find: impl FnMut(&T) -> Ordering) -> Option<T> {
        // A miss must not copy anything.
        self.get(&mut find)?;
        let root = self.root.as_mut()?;
        let removed = remove(root, &mut find);
        if root.items.is_empty() {
            self.root = root.children.first().cloned();
        }
        removed
    }

    /// An item, to change it; its place in the order must stay the same.
    pub(crate) fn get_mut(&mut self, mut find: impl FnMut(&T) -> Ordering) -> Option<&mut T> {
        self.get(&mut find)?;
        let mut node = Arc::make_mut(self.root.as_mut()?);
        loop {
            match node.search(&mut find) {
                Ok(i) => return Some(&mut node.items[i]),
                Err(i) => node = Arc::make_mut(node.children.get_mut(i)?),
            }
        }
    }
}

/// A subtree of `count` items: its children get equally many.
fn build<T: Clone>(items: &mut std::vec::IntoIter<T>, count: usize, height: u32) -> Arc<Node<T>> {
    if height == 0 {
        return Arc::new(Node { items: items.take(count).collect(), children: Vec::new(), len: count });
    }
    let below = (0..height).fold(0, |n: usize, _| n * (MAX + 1) + MAX);
    let parts = (count + 1).div_ceil(below + 1).max(2);
    let mut node =
        Node { items: Vec::with_capacity(parts - 1), children: Vec::with_capacity(parts), len: count };
    let in_children = count - (parts - 1);
    for part in 0..parts {
        let share = in_children / parts + usize::from(part < in_children % parts);
        node.children.push(build(items, share, height - 1));
        if part + 1 < parts {
            node.items.extend(items.next());
        }
    }
    Arc::new(node)
}

enum Inserted<T> {
    Done,
    Replaced(T),
    Split(T, Arc<Node<T>>),
}

fn insert<T: Clone>(node: &mut Arc<Node<T>>, item: T, find: &mut dyn FnMut(&T) -> Ordering) -> Inserted<T> {
    let node = Arc::make_mut(node);
    match node.search(find) {
        Ok(i) => return Inserted::Replaced(std::mem::replace(&mut node.items[i], item)),
        Err(i) if node.children.is_empty() => {
            node.items.insert(i, item);
            node.len += 1;
        }
        Err(i) => match insert(&mut node.children[i], item, find) {
            Inserted::Split(middle, right) => {
                node.items.insert(i, middle);
                node.children.insert(i + 1, right);
                node.len += 1;
            }
            Inserted::Done => node.len += 1,
            replaced @ Inserted::Replaced(_) => return replaced,
        },
    }
    if node.items.len() <= MAX {
        return Inserted::Done;
    }
    let half = node.items.len() / 2;
    let items = node.items.split_off(half + 1);
    let children = if node.children.is_empty() { Vec::new() } else { node.children.split_off(half + 1) };
    let right = Node::new(items, children);
    node.len -= right.len + 1;
    match node.items.pop() {
        Some(middle) => Inserted::Split(middle, Arc::new(right)),
        None => Inserted::Done,
    }
}

/// Takes out an item that is there.
fn remove<T: Clone>(node: &mut Arc<Node<T>>, find: &mut dyn FnMut(&T) -> Ordering) -> Option<T> {
    let node = Arc::make_mut(node);
    let (removed, i) = match node.search(find) {
        Ok(i) if node.children.is_empty() => (Some(node.items.remove(i)), None),
        Ok(i) => {
            // The greatest item on its left takes its place.
            let last = remove(&mut node.children[i], &mut |_| Ordering::Less);
            (last.map(|last| std::mem::replace(&mut node.items[i], last)), Some(i))
        }
        Err(i) if i < node.children.len() => (remove(&mut node.children[i], find), Some(i)),
        // Only the search for the greatest item, which is never found, ends here.
        Err(_) => (node.items.pop(), None),
    };
    if removed.is_some() {
        node.len -= 1;
    }
    if let Some(i) = i {
        refill(node, i);
    }
    removed
}

/// Gives the child at a position its due number of items again.
fn refill<T: Clone>(node: &mut Node<T>, i: usize) {
    if node.children[i].items.len() >= MIN {
        return;
    }
    if i > 0 && node.children[i - 1].items.len() > MIN {
        let left = Arc::make_mut(&mut node.children[i - 1]);
        let (item, child) = (left.items.pop(), left.children.pop());
        let moved = usize::from(item.is_some()) + child.as_ref().map_or(0, |c| c.len);
        left.len -= moved;
        if let Some(item) = item {
            let down = std::mem::replace(&mut node.items[i - 1], item);
            let right = Arc::make_mut(&mut node.children[i]);
            right.items.insert(0, down);
            right.len += moved;
            if let Some(child) = child {
                right.children.insert(0, child);
            }
        }
    } else if i + 1 < node.children.len() && node.children[i + 1].items.len() > MIN {
        let right = Arc::make_mut(&mut node.children[i + 1]);
        let item = right.items.remove(0);
        let child = (!right.children.is_empty()).then(|| right.children.remove(0));
        let moved = 1 + child.as_ref().map_or(0, |c| c.len);
        right.len -= moved;
        let down = std::mem::replace(&mut node.items[i], item);
        let left = Arc::make_mut(&mut node.children[i]);
        left.items.push(down);
        left.children.extend(child);
        left.len += moved;
    } else {
        let i = if i == 0 { 0 } else { i - 1 };
        if i + 1 >= node.children.len() {
            return;
        }
        let right = Arc::unwrap_or_clone(node.children.remove(i + 1));
        let middle = node.items.remove(i);
        let left = Arc::make_mut(&mut node.children[i]);
        left.len += right.len + 1;
        left.items.push(middle);
        left.items.extend(right.items);
        left.children.extend(right.children);
    }
}

/// The items of a [`BTree`] in order.
pub(crate) struct Iter<'t, T> {
    /// Nodes from the top, each with the position of its next item.
    stack: Vec<(&'t Node<T>, usize)>,
    left: usize,
}

impl<'t, T> Iter<'t, T> {
    fn descend(&mut self, node: &'t Node<T>) {
        let mut node = node;
        loop {
            self.stack.push((node, 0));
            match node.children.first() {
                Some(child) => node = child,
                None => return,
            }
        }
    }
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { stack: self.stack.clone(), left: self.left }
    }
}

impl<'t, T> Iterator for Iter<'t, T> {
    type Item = &'t T;

    fn next(&mut self) -> Option<&'t T> {
        loop {
            let (node, next) = self.stack.last_mut()?;
            let (node, i) = (*node, *next);
            let Some(item) = node.items.get(i) else {
                self.stack.pop();
                continue;
            };
            *next += 1;
            self.left -= 1;
            if let Some(child) = node.children.get(i + 1) {
                self.descend(child);
            }
            return Some(item);
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

/// What is left of a B-tree, the next part last.
pub(crate) struct Front<'t, T> {
    stack: Vec<Part<'t, T>>,
}

pub(crate) enum Part<'t, T> {
    Tree(&'t Arc<Node<T>>),
    Item(&'t T),
}

impl<T> Clone for Part<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<'_, T> {}

impl<'t, T> Front<'t, T> {
    pub(crate) fn new(tree: Option<&'t BTree<T>>) -> Self {
        Self { stack: tree.and_then(BTree::root).map(Part::Tree).into_iter().collect() }
    }

    pub(crate) fn one(item: &'t T) -> Self {
        Self { stack: vec![Part::Item(item)] }
    }

    pub(crate) fn pop(&mut self) {
        self.stack.pop();
    }

    pub(crate) fn head(&self) -> Option<Part<'t, T>> {
        self.stack.last().copied()
    }

    /// Puts the parts of the node in front in its place.
    pub(crate) fn open(&mut self) {
        if let Some(Part::Tree(node)) = self.stack.pop() {
            let (items, children) = (node.items(), node.children());
            for i in (0..=items.len()).rev() {
                self.stack.extend(items.get(i).map(Part::Item));
                self.stack.extend(children.get(i).map(Part::Tree));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(node: &Node<u32>, root: bool) -> usize {
        assert!(node.items.len() <= MAX && (root || !node.items.is_empty()));
        assert!(node.items.is_sorted());
        if node.children.is_empty() {
            assert_eq!(node.len, node.items.len());
            return 0;
        }
        assert_eq!(node.children.len(), node.items.len() + 1);
        assert_eq!(node.len, node.items.len() + node.children.iter().map(|c| c.len).sum::<usize>());
        let heights: Vec<usize> = node.children.iter().map(|c| check(c, false)).collect();
        assert!(heights.iter().all(|h| *h == heights[0]), "all leaves stand on one level");
        heights[0] + 1
    }

    #[test]
    fn a_tree_of_sorted_items_is_balanced() {
        for n in (0..200).chain([1055, 1056, 1057, 1088, 1089, 1122, 40_000]) {
            let tree = BTree::from_sorted((0..n).collect());
            if let Some(root) = tree.root() {
                check(root, true);
            }
            assert!(tree.iter().copied().eq(0..n), "{n}");
            assert_eq!(tree.nth(n as usize / 2).copied(), (n > 0).then_some(n / 2));
            assert_eq!(tree.rank(|x| x.cmp(&(n / 2))), (n as usize / 2, n > 0));
        }
    }

    #[test]
    fn an_edit_leaves_its_origin_alone_and_copies_little() {
        let before = BTree::from_sorted((0..100_000u32).map(|x| x * 2).collect());
        let mut after = before.clone();
        after.insert(77_777, |x| x.cmp(&77_777));
        assert_eq!((before.len(), after.len()), (100_000, 100_001));
        assert!(before.get(|x| x.cmp(&77_777)).is_none());
        fn shared(a: &Arc<Node<u32>>, b: &Arc<Node<u32>>) -> usize {
            if Arc::ptr_eq(a, b) {
                return a.len;
            }
            a.children.iter().map(|x| b.children.iter().map(|y| shared(x, y)).max().unwrap_or(0)).sum()
        }
        let (Some(a), Some(b)) = (before.root(), after.root()) else { panic!("both have items") };
        assert!(shared(a, b) > 99_000);
    }

    proptest! {
        #[test]
        fn it_does_what_a_sorted_vec_does(
            start in proptest::collection::btree_set(0u32..400, 0..300),
            edits in proptest::collection::vec((any::<bool>(), 0u32..400), 0..600),
        ) {
            let mut model: Vec<u32> = start.into_iter().collect();
            let mut tree = BTree::from_sorted(model.clone());
            for (add, x) in edits {
                let old = tree.clone();
                let place = model.binary_search(&x);
                if add {
                    prop_assert_eq!(tree.insert(x, |y| y.cmp(&x)).is_some(), place.is_ok());
                    if let Err(i) = place { model.insert(i, x) }
                } else {
                    prop_assert_eq!(tree.remove(|y| y.cmp(&x)), place.ok().map(|_| x));
                    if let Ok(i) = place {
                        model.remove(i);
                        prop_assert!(old.get(|y| y.cmp(&x)).is_some());
                    }
                }
            }
            if let Some(root) = tree.root() { check(root, true); }
            prop_assert_eq!(tree.len(), model.len());
            let built = BTree::from_sorted(model.clone());
            prop_assert!(tree.equals(&built, |a, b| a == b) && built.equals(&tree, |a, b| a == b));
            if let Some(last) = model.last() {
                let mut other = tree.clone();
                other.remove(|y| y.cmp(last));
                other.insert(1000, |y| y.cmp(&1000));
                prop_assert!(!tree.equals(&other, |a, b| a == b));
            }
            prop_assert!(tree.iter().eq(&model));
            for x in (0..400).step_by(7) {
                let place = model.binary_search(&x);
                prop_assert_eq!(tree.rank(|y| y.cmp(&x)), (place.unwrap_or_else(|i| i), place.is_ok()));
                prop_assert!(tree.iter_from(|y| y.cmp(&x)).eq(model.iter().filter(|y| **y >= x)));
                prop_assert_eq!(tree.nth(x as usize), model.get(x as usize));
            }
        }
    }
}
