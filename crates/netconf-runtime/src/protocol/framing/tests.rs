use super::*;
use proptest::prelude::*;

/// All messages of a stream that comes in these pieces.
fn messages(version: Version, pieces: &[&[u8]]) -> Result<(Vec<Vec<u8>>, bool), String> {
    let mut deframer = Deframer::default();
    deframer.switch(version);
    let (mut all, mut current) = (Vec::new(), Vec::new());
    for piece in pieces {
        deframer.push(Bytes::copy_from_slice(piece));
        while let Some(piece) = deframer.poll().map_err(|e| e.to_string())? {
            match piece {
                Piece::Data(data) => current.extend_from_slice(&data),
                Piece::End => all.push(std::mem::take(&mut current)),
            }
        }
    }
    Ok((all, deframer.at_boundary()))
}

fn framed(version: Version, message: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    frame(version, Bytes::copy_from_slice(message), &mut out).unwrap();
    out.concat()
}

/// RFC 6242 section 4.2: one message, cut in two and in three chunks.
#[test]
fn chunks_of_the_rfc() {
    let (all, boundary) =
        messages(Version::V1_1, &[b"\n#4\n<rpc\n#18\n message-id=\"102\"\n\n#3\n/>x\n##\n"]).unwrap();
    assert_eq!(all, [b"<rpc message-id=\"102\"\n/>x".to_vec()]);
    assert!(boundary);
}

#[test]
fn broken_chunks() {
    for (stream, message) in [
        ("\n#0\n", "begins with zero"),
        ("\n#01\nx", "begins with zero"),
        ("\n##\n", "no chunk"),
        ("#1\nx", "`#` came instead of the line feed"),
        ("\n#1\nxy", "`y` came instead of the line feed"),
        ("\n#1\nx]]>]]>", "`]` came instead of the line feed"),
        ("<hello/>]]>]]>", "`<` came instead of the line feed"),
        ("\n\n#1\nx", "came instead of `#`"),
        ("\n#4294967296\n", "above 4294967295"),
        ("\n#99999999999999999999\n", "above 4294967295"),
        ("\n#1 \nx", "came instead of a digit"),
        ("\n#\n", "came instead of a chunk size"),
        ("\n#-1\n", "came instead of a chunk size"),
        ("\n#+1\n", "came instead of a chunk size"),
        ("\n#1\r\nx", "came instead of a digit"),
        ("\n#1\nx\n##x", "came instead of the line feed after"),
        ("\n#1\nx\n##\n\r\n#1\nx", "came instead of the line feed before"),
    ] {
        let error = messages(Version::V1_1, &[stream.as_bytes()]).expect_err(stream);
        assert!(error.contains(message), "{stream:?}: {error}");
    }
    let mut deframer = Deframer::default();
    deframer.switch(Version::V1_1);
    deframer.push(Bytes::from_static(b"\n#1\nxy"));
    assert_eq!(deframer.poll().unwrap(), Some(Piece::Data(Bytes::from_static(b"x"))));
    let error = deframer.poll().unwrap_err();
    assert_eq!(error.offset, 5);
    deframer.push(Bytes::from_static(b"\n#1\nx\n##\n"));
    assert_eq!(deframer.poll().unwrap_err(), error, "there is no way back");
}

/// RFC 6242 section 4.2: the largest chunk size. Its data need not come before it is given out.
#[test]
fn largest_chunk_is_taken_in_pieces() {
    let mut deframer = Deframer::default();
    deframer.switch(Version::V1_1);
    deframer.push(Bytes::from_static(b"\n#4294967295\n<a"));
    assert_eq!(deframer.poll().unwrap(), Some(Piece::Data(Bytes::from_static(b"<a"))));
    assert_eq!(deframer.poll().unwrap(), None);
    assert!(!deframer.at_boundary());
}

#[test]
fn sends_chunks_of_64_kibibytes() {
    let message = vec![b'x'; 2 * MAX_CHUNK + 1];
    let stream = framed(Version::V1_1, &message);
    assert!(stream.starts_with(b"\n#65536\nxxx") && stream.ends_with(b"\n#1\nx\n##\n"));
    assert_eq!(messages(Version::V1_1, &[&stream]).unwrap().0, [message]);
}

#[test]
fn end_of_message_marks() {
    for (pieces, expected) in [
        (vec![&b"<a/>]]>]]>"[..]], vec!["<a/>"]),
        (vec![b" \r\n<a/>]]>]]>\n\n<b/>]]>]]>"], vec!["<a/>", "<b/>"]),
        (vec![b"a]]>]", b"]>"], vec!["a"]),
        (vec![b"a]]]]>]]", b"]>]]>"], vec!["a]]]]>]"]),
        (vec![b"]]>]]]>]]>"], vec!["]]>]"]),
        (vec![b"a]]>]]x]]>]]>"], vec!["a]]>]]x"]),
        (vec![b"a]]>]]", b"x]", b"]>]]>"], vec!["a]]>]]x"]),
        (vec![b"]]>]]>"], vec![""]),
    ] {
        let (all, boundary) = messages(Version::V1_0, &pieces).unwrap();
        let all: Vec<_> = all.iter().map(|m| String::from_utf8_lossy(m)).collect();
        assert_eq!(all, expected, "{pieces:?}");
        assert!(boundary);
    }
    assert!(!messages(Version::V1_0, &[b"<a"]).unwrap().1);
    assert!(!messages(Version::V1_0, &[b"]]"]).unwrap().1);
    let refused = frame(Version::V1_0, Bytes::from_static(b"<a b=']]>]]>'/>"), &mut Vec::new());
    assert!(refused.is_err());
}

/// A stream of both versions as a session has it: the switch comes between two messages, whatever bytes came before it.
#[test]
fn switches_in_mid_stream() {
    let mut deframer = Deframer::default();
    deframer.push(Bytes::from_static(b"<hello/>]]>]]>\n#4\n<a/>\n##\n"));
    assert!(matches!(deframer.poll(), Ok(Some(Piece::Data(_)))));
    assert_eq!(deframer.poll(), Ok(Some(Piece::End)));
    deframer.switch(Version::V1_1);
    assert_eq!(deframer.poll(), Ok(Some(Piece::Data(Bytes::from_static(b"<a/>")))));
    assert_eq!(deframer.poll(), Ok(Some(Piece::End)));
    assert_eq!(deframer.poll(), Ok(None));
}

/// Cuts a stream at the given places.
fn cut<'s>(stream: &'s [u8], cuts: &[prop::sample::Index]) -> Vec<&'s [u8]> {
    let mut places: Vec<_> = cuts.iter().map(|c| c.index(stream.len() + 1)).collect();
    places.extend([0, stream.len()]);
    places.sort_unstable();
    places.windows(2).map(|w| &stream[w[0]..w[1]]).collect()
}

proptest! {
    #[test]
    fn any_cut_gives_the_same(
        texts in prop::collection::vec("[a\\]>\n#0-9]{1,30}", 1..5),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        chunks in prop::collection::vec(1usize..9, 1..5),
        old: bool,
    ) {
        let version = if old { Version::V1_0 } else { Version::V1_1 };
        let texts: Vec<_> = texts
            .into_iter()
            .map(|t| if old { format!("<{}", t.replace("]]>]]>", "]]")) } else { t })
            .filter(|t| !old || !format!("{t}]]>]]").contains("]]>]]>"))
            .collect();
        let mut stream = Vec::new();
        for text in &texts {
            if old {
                stream.extend_from_slice(&framed(version, text.as_bytes()));
                continue;
            }
            let (mut rest, mut sizes) = (text.as_bytes(), chunks.iter().cycle());
            while let (false, Some(size)) = (rest.is_empty(), sizes.next()) {
                let (chunk, after) = rest.split_at(rest.len().min(*size));
                stream.extend_from_slice(format!("\n#{}\n", chunk.len()).as_bytes());
                stream.extend_from_slice(chunk);
                rest = after;
            }
            stream.extend_from_slice(b"\n##\n");
        }
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        for pieces in [cut(&stream, &cuts), single] {
            let (all, boundary) = messages(version, &pieces).unwrap();
            let all: Vec<_> = all.into_iter().map(|m| String::from_utf8(m).unwrap()).collect();
            prop_assert_eq!(&all, &texts);
            prop_assert!(boundary);
        }
    }

    /// Whatever comes, however it is cut: the same pieces or the same error, and no panic.
    #[test]
    fn garbage_is_garbage_at_any_cut(
        stream in prop::collection::vec(prop::sample::select(b"\n#0123]>x".to_vec()), 0..60),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..9),
        old: bool,
    ) {
        let version = if old { Version::V1_0 } else { Version::V1_1 };
        let pieces = cut(&stream, &cuts);
        prop_assert_eq!(messages(version, &pieces), messages(version, &[&stream]));
    }
}

#[test]
fn a_mark_is_found_wherever_parts_meet() {
    let message = b"<a>]]>]]]>]]><b/>".as_slice();
    for cut in 0..=message.len() {
        for second in cut..=message.len() {
            let mut framer = Framer::new(Version::V1_0);
            let mut out: Vec<Bytes> = Vec::new();
            let parts = [&message[..cut], &message[cut..second], &message[second..]];
            let error = parts
                .iter()
                .find_map(|part| framer.part(Bytes::copy_from_slice(part), &mut out).err())
                .unwrap_or_else(|| panic!("{cut} {second}"));
            assert_eq!(error.offset, 7, "{cut} {second}");
        }
    }
}

#[test]
fn parts_are_one_message() {
    for version in [Version::V1_0, Version::V1_1] {
        let mut framer = Framer::new(version);
        let mut out: Vec<Bytes> = Vec::new();
        let big = vec![b'x'; MAX_CHUNK + 1];
        for _ in 0..2 {
            for part in [&b"<a>]]>"[..], b"", b"]]", &big, b"</a>"] {
                framer.part(Bytes::copy_from_slice(part), &mut out).unwrap();
            }
            framer.end(&mut out);
        }
        assert!(version == Version::V1_0 || out.iter().all(|bytes| bytes.len() <= MAX_CHUNK));
        let mut deframer = Deframer::default();
        deframer.switch(version);
        out.into_iter().for_each(|bytes| deframer.push(bytes));
        let mut messages = vec![Vec::new()];
        while let Some(piece) = deframer.poll().unwrap() {
            match piece {
                Piece::Data(data) => messages.last_mut().unwrap().extend_from_slice(&data),
                Piece::End => messages.push(Vec::new()),
            }
        }
        let whole = [&b"<a>]]>]]"[..], &big, b"</a>"].concat();
        assert!(messages == [whole.clone(), whole, Vec::new()], "{version:?}");
    }
}
