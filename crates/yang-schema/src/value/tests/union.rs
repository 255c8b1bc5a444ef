//! Unions and leafrefs (RFC 7950 sections 9.12, 9.9), and what JSON says of kinds (RFC 7951 section 6).

use super::*;

#[test]
fn a_union_takes_the_first_member_that_fits() {
    let f = Fixture::new();
    // Section 9.12.4.
    let unbounded = f.enumeration(&["unbounded"]);
    let int32 = f.integer(Base::Int32);
    let ty = f.ty(TypeDetail::Union { members: vec![int32, unbounded] });
    assert_eq!(f.parse_as(ty, "+5", XML), Ok(Value::Int(5)));
    assert_eq!(f.parse_as(ty, "unbounded", XML), Ok(Value::Enumeration(unbounded, 0)));
    let error = f.parse_as(ty, "none", XML).expect_err("no member");
    assert_eq!(error.kind, ValueErrorKind::Union);
    assert_eq!(
        error.message(),
        "\"none\" fits no member of the union (int32: \"none\" is not an integer; \
         enumeration: \"none\" is none of unbounded)"
    );
    // Members in order, nested ones in their place.
    let string = f.string();
    let nested = f.ty(TypeDetail::Union { members: vec![ty, string] });
    assert_eq!(f.parse_as(nested, "none", XML), Ok(Value::String("none".into())));
    assert_eq!(f.parse_as(nested, "7", XML), Ok(Value::Int(7)));
}

#[test]
fn unions_nested_without_end_do_not_exhaust_the_stack() {
    let f = Fixture::new();
    let mut ty = f.integer(Base::Int8);
    for _ in 0..100_000 {
        ty = f.ty(TypeDetail::Union { members: vec![ty] });
    }
    assert_eq!(f.parse_as(ty, "1", XML), Ok(Value::Int(1)));
    assert_eq!(Value::Int(1).base_in(&*f.builder.borrow(), ty), Base::Int8);
}

#[test]
fn a_leafref_has_the_values_of_its_target() {
    let f = Fixture::new();
    let real = f.ty(TypeDetail::Integer { base: Base::Uint8, ranges: vec![f.plain(&[(1, 9)])] });
    let leafref = |real| TypeDetail::Leafref { path: XPathId(0), require_instance: true, target: None, real };
    let ty = f.ty(leafref(Some(real)));
    assert_eq!(f.parse_as(ty, "5", XML), Ok(Value::Uint(5)));
    assert_eq!(f.xml(ty, "10"), Err("10 is above 9".to_owned()));
    let nowhere = f.ty(leafref(None));
    assert!(f.xml(nowhere, "5").expect_err("no target").contains("refers to nothing"));
}

#[test]
fn json_values_have_the_kind_of_their_type() {
    use JsonKind::{Boolean, Null, Number, String};
    let f = Fixture::new();
    let cases = [
        (f.integer(Base::Int8), "1", Number),
        (f.integer(Base::Uint32), "1", Number),
        (f.integer(Base::Int64), "1", String),
        (f.integer(Base::Uint64), "1", String),
        (f.ty(TypeDetail::Decimal64 { fraction_digits: 1, ranges: Vec::new() }), "1.0", String),
        (f.string(), "1", String),
        (f.ty(TypeDetail::Boolean), "true", Boolean),
        (f.enumeration(&["1"]), "1", String),
        (f.bits(&["b"]), "b", String),
        (f.ty(TypeDetail::Binary { lengths: Vec::new() }), "Zg==", String),
        (f.ty(TypeDetail::Empty), "", Null),
    ];
    for (ty, text, right) in cases {
        for kind in [String, Number, Boolean, Null] {
            let result = f.parse_as(ty, text, json(kind));
            match result {
                Ok(_) => assert_eq!(kind, right, "{text}"),
                Err(e) => {
                    assert_ne!(kind, right, "{e}");
                    assert_eq!(e.kind, ValueErrorKind::JsonKind);
                }
            }
        }
    }
    // RFC 7951 section 6.10: the kind takes part in the choice of the member.
    let ty = f.ty(TypeDetail::Union { members: vec![f.integer(Base::Int8), f.string()] });
    assert_eq!(f.parse_as(ty, "1", json(Number)), Ok(Value::Int(1)));
    assert_eq!(f.parse_as(ty, "1", json(String)), Ok(Value::String("1".into())));
}

#[test]
fn json_numbers_that_are_integers_are_taken_however_written() {
    let f = Fixture::new();
    let ty = f.integer(Base::Int32);
    let number = |text| f.parse_as(ty, text, json(JsonKind::Number)).ok();
    assert_eq!(number("1e3"), Some(Value::Int(1000)));
    assert_eq!(number("-12.50E1"), Some(Value::Int(-125)));
    assert_eq!(number("10.0"), Some(Value::Int(10)));
    assert_eq!(number("0e999999999"), Some(Value::Int(0)));
    for text in ["1.5", "1e-1", "1e99", "1e99999999999999999999", "-2147483649", ""] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn the_base_of_a_value_in_a_union_says_how_json_writes_it() {
    let f = Fixture::new();
    let small = f.ty(TypeDetail::Integer { base: Base::Int8, ranges: vec![f.plain(&[(0, 9)])] });
    let ty = f.ty(TypeDetail::Union { members: vec![small, f.integer(Base::Int64), f.string()] });
    let builder = f.builder.borrow();
    assert_eq!(Value::Int(5).base_in(&*builder, ty), Base::Int8);
    assert_eq!(Value::Int(50).base_in(&*builder, ty), Base::Int64);
    assert_eq!(Value::String("x".into()).base_in(&*builder, ty), Base::String);
}

#[test]
fn made_values_are_checked_like_parsed_ones() {
    let f = Fixture::new();
    let mtu = f.ty(TypeDetail::Integer { base: Base::Uint16, ranges: vec![f.plain(&[(68, 9000)])] });
    let string = f.ty(TypeDetail::String { lengths: vec![f.plain(&[(1, 3)])], patterns: Vec::new() });
    let colour = f.enumeration(&["red", "off"]);
    let other = f.enumeration(&["red"]);
    let ty = f.ty(TypeDetail::Union { members: vec![mtu, string] });
    let builder = f.builder.borrow();
    assert_eq!(Value::Uint(68).check(&*builder, mtu), Ok(()));
    assert_eq!(Value::Uint(67).check(&*builder, mtu).expect_err("below").to_string(), "67 is below 68");
    assert!(Value::Uint(70_000).check(&*builder, mtu).is_err());
    assert!(Value::Boolean(true).check(&*builder, mtu).is_err());
    assert_eq!(Value::Uint(68).check(&*builder, ty), Ok(()));
    assert_eq!(Value::String("ab".into()).check(&*builder, ty), Ok(()));
    let error = Value::String("abcd".into()).check(&*builder, ty).expect_err("too long");
    assert_eq!(error.kind, ValueErrorKind::Union);
    assert_eq!(Value::Enumeration(colour, 0).check(&*builder, colour), Ok(()));
    assert!(Value::Enumeration(colour, 1).check(&*builder, colour).is_err(), "switched off");
    assert!(Value::Enumeration(colour, 9).check(&*builder, other).is_err(), "of another type");
}
