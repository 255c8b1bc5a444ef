//! Integers and decimal64 (RFC 7950 sections 9.2, 9.3), and ranges.

use super::*;

#[test]
fn integers_are_decimal_in_data() {
    let f = Fixture::new();
    let int32 = f.integer(Base::Int32);
    for (text, canonical) in
        [("+4711", "4711"), ("4711", "4711"), ("-123", "-123"), ("0017", "17"), ("-0", "0"), ("+0", "0")]
    {
        assert_eq!(f.xml(int32, text).as_deref(), Ok(canonical));
    }
    for text in ["- 1", "0xf00f", "", "+", "1.0", " 1", "1\n", "१", "--1", "1_000"] {
        assert!(f.xml(int32, text).is_err(), "{text:?}");
    }
}

#[test]
fn integers_of_defaults_may_be_hexadecimal_or_octal() {
    let f = Fixture::new();
    let int32 = f.integer(Base::Int32);
    let default =
        |text| f.parse_as(int32, text, YANG).map(|v| v.canonical(&*f.builder.borrow()).into_owned());
    for (text, canonical) in [
        ("0xf00f", "61455"),
        ("-0xf", "-15"),
        ("052", "42"),
        ("0", "0"),
        ("-010", "-8"),
        ("+0XA", "?"),
        ("0xFf", "255"),
    ] {
        match canonical {
            "?" => assert!(default(text).is_err(), "{text}"),
            _ => assert_eq!(default(text).as_deref(), Ok(canonical)),
        }
    }
    let error = default("09").expect_err("9 is no octal digit");
    assert!(error.message().contains("octal"), "{error}");
    assert!(default("0x").is_err());
    assert!(default("0xg").is_err());
}

#[test]
fn integers_stay_inside_the_bounds_of_their_type() {
    let f = Fixture::new();
    for (base, least, greatest) in [
        (Base::Int8, "-128", "127"),
        (Base::Int16, "-32768", "32767"),
        (Base::Int32, "-2147483648", "2147483647"),
        (Base::Int64, "-9223372036854775808", "9223372036854775807"),
        (Base::Uint8, "0", "255"),
        (Base::Uint16, "0", "65535"),
        (Base::Uint32, "0", "4294967295"),
        (Base::Uint64, "0", "18446744073709551615"),
    ] {
        let ty = f.integer(base);
        assert_eq!(f.xml(ty, least).as_deref(), Ok(least));
        assert_eq!(f.xml(ty, greatest).as_deref(), Ok(greatest));
        let bounds = base.integer_bounds().expect("an integer type");
        let below = f.xml(ty, &(bounds.min - 1).to_string()).expect_err("too small");
        assert!(below.contains(&format!("is below {least}")), "{below}");
        let above = f.xml(ty, &(bounds.max + 1).to_string()).expect_err("too large");
        assert!(above.contains(&format!("is above {greatest}")), "{above}");
        assert!(f.xml(ty, &"9".repeat(5000)).is_err());
    }
}

#[test]
fn a_range_says_what_was_seen() {
    let f = Fixture::new();
    let mtu = f.ty(TypeDetail::Integer { base: Base::Uint16, ranges: vec![f.plain(&[(68, 9000)])] });
    assert_eq!(f.xml(mtu, "9001"), Err("9001 is above 9000".to_owned()));
    assert_eq!(f.xml(mtu, "67"), Err("67 is below 68".to_owned()));
    let parts = f.ty(TypeDetail::Integer { base: Base::Int32, ranges: vec![f.plain(&[(1, 4), (10, 20)])] });
    assert_eq!(f.xml(parts, "7"), Err("7 is in no part of 1..4 | 10..20".to_owned()));
    assert_eq!(f.xml(parts, "10").as_deref(), Ok("10"));
}

#[test]
fn the_words_of_the_model_win() {
    let f = Fixture::new();
    let outer = f.range(&[(1, 100)], f.info("must be a percentage", "percent"));
    let inner = f.plain(&[(10, 20)]);
    let ty = f.ty(TypeDetail::Integer { base: Base::Int32, ranges: vec![outer, inner] });
    let error = f.parse_as(ty, "101", XML).expect_err("out of both");
    assert_eq!(error.message(), "must be a percentage");
    assert_eq!(error.app_tag.as_deref(), Some("percent"));
    assert_eq!(error.error_tag(), "invalid-value");
    assert!(error.detail.contains("101 is above 100"));
    let error = f.parse_as(ty, "21", XML).expect_err("out of the inner one");
    assert_eq!((error.message(), error.app_tag.as_deref()), ("21 is above 20", None));
}

#[test]
fn decimal64_has_one_canonical_form() {
    let f = Fixture::new();
    let ty = f.ty(TypeDetail::Decimal64 { fraction_digits: 2, ranges: Vec::new() });
    for (text, canonical) in [
        ("3.14", "3.14"),
        ("+3.10", "3.1"),
        ("10", "10.0"),
        ("-0.5", "-0.5"),
        ("0", "0.0"),
        ("-0.00", "0.0"),
        ("007.5", "7.5"),
        ("1.500", "1.5"),
        ("92233720368547758.07", "92233720368547758.07"),
        ("-92233720368547758.08", "-92233720368547758.08"),
    ] {
        assert_eq!(f.xml(ty, text).as_deref(), Ok(canonical), "{text}");
    }
    for text in [
        "",
        ".5",
        "1.",
        "1e3",
        "1.234",
        "NaN",
        "92233720368547758.08",
        "-92233720368547758.09",
        "1.2.3",
        " 1",
    ] {
        assert!(f.xml(ty, text).is_err(), "{text}");
    }
}

#[test]
fn decimal64_ranges_are_exact() {
    let f = Fixture::new();
    // range "1 .. 3.14 | 10 | 20..max" of section 9.3.5
    let bounds = [Interval { min: i128::from(i64::MIN), max: i128::from(i64::MAX) }];
    let parts = range::parse("1 .. 3.14 | 10 | 20..max", Numbers::Decimal64(2), &bounds).expect("a range");
    assert_eq!(parts[0], Interval { min: 100, max: 314 });
    let parts: Vec<(i128, i128)> = parts.iter().map(|p| (p.min, p.max)).collect();
    let ty = f.ty(TypeDetail::Decimal64 { fraction_digits: 2, ranges: vec![f.plain(&parts)] });
    assert!(f.xml(ty, "3.14").is_ok());
    assert!(f.xml(ty, "92233720368547758.07").is_ok());
    assert_eq!(
        f.xml(ty, "3.15"),
        Err("3.15 is in no part of 1.0..3.14 | 10.0 | 20.0..92233720368547758.07".to_owned())
    );
    assert_eq!(f.xml(ty, "0.99"), Err("0.99 is below 1.0".to_owned()));
}

#[test]
fn decimal64_compares_as_a_number() {
    let one = Decimal64 { digits: 10, fraction_digits: 1 };
    let same = Decimal64 { digits: 1000, fraction_digits: 3 };
    assert_eq!(one, same);
    assert!(one < Decimal64 { digits: 1001, fraction_digits: 3 });
    assert_eq!(Decimal64 { digits: -5, fraction_digits: 18 }.to_string(), "-0.000000000000000005");
    assert_eq!(Decimal64 { digits: i64::MIN, fraction_digits: 18 }.to_string(), "-9.223372036854775808");
}

#[test]
fn range_arguments_follow_the_grammar() {
    let int32 = [Base::Int32.integer_bounds().expect("an integer")];
    let parts = |text: &str| range::parse(text, Numbers::Integer, &int32);
    let pairs = |text: &str| -> Vec<(i128, i128)> {
        parts(text).expect(text).iter().map(|p| (p.min, p.max)).collect()
    };
    assert_eq!(pairs("1..4 | 10..20"), [(1, 4), (10, 20)]);
    assert_eq!(pairs("min..-1|\n\t1 .. max"), [(i128::from(i32::MIN), -1), (1, i128::from(i32::MAX))]);
    assert_eq!(pairs("7"), [(7, 7)]);
    for (text, offset) in [
        ("", 0),
        ("1..", 0),
        ("|1", 0),
        ("4..1", 0),
        ("1..4 | 4..5", 7),
        ("5 | 1", 4),
        ("1.5", 0),
        ("0x10", 0),
        ("01", 0),
        ("1 2", 0),
        ("2147483648", 0),
        ("1..2..3", 0),
        ("+1", 0),
        ("1 | two", 4),
    ] {
        let error = parts(text).expect_err(text);
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn a_restriction_may_only_narrow() {
    // Section 9.2.5.
    let parent = [Interval { min: 1, max: 4 }, Interval { min: 10, max: 20 }];
    assert_eq!(
        range::parse("11..max", Numbers::Integer, &parent).expect("legal"),
        [Interval { min: 11, max: 20 }]
    );
    let error = range::parse("11..100", Numbers::Integer, &parent).expect_err("illegal");
    assert!(error.message.contains("1..4 | 10..20"), "{error}");
    assert!(range::parse("4..10", Numbers::Integer, &parent).is_err(), "across the gap");
    let touching = [Interval { min: 1, max: 3 }, Interval { min: 4, max: 5 }];
    assert!(range::parse("2..5", Numbers::Integer, &touching).is_ok());
    assert!(range::parse("-1", Numbers::Length, &[range::ANY_LENGTH]).is_err());
}
