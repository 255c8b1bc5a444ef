//! What holds of all values.

use super::*;

use super::instance_identifier::tree;
use proptest::prelude::*;

proptest! {
    #[test]
    fn integers_come_back(n: i64) {
        let f = Fixture::new();
        let ty = f.integer(Base::Int64);
        prop_assert_eq!(f.xml(ty, &n.to_string()), Ok(n.to_string()));
    }

    #[test]
    fn decimals_come_back(digits: i64, fraction_digits in 1u8..=18) {
        let number = Decimal64 { digits, fraction_digits };
        prop_assert_eq!(Decimal64::parse(&number.to_string(), fraction_digits).map(|n| n.digits), Ok(digits));
    }

    #[test]
    fn decimals_order_as_their_text_does(a: i32, b: i32) {
        let (a, b) = (Decimal64 { digits: i64::from(a), fraction_digits: 3 }, Decimal64 { digits: i64::from(b), fraction_digits: 3 });
        prop_assert_eq!(a.partial_cmp(&b), a.to_f64().partial_cmp(&b.to_f64()));
    }

    #[test]
    fn octets_come_back(octets: Vec<u8>) {
        prop_assert_eq!(base64::decode(&base64::encode(&octets)), Ok(octets));
    }

    #[test]
    fn no_text_makes_a_value_panic(text in "\\PC*") {
        let t = tree();
        for names in [XML, YANG, json(JsonKind::String), json(JsonKind::Number)] {
            for i in 0..5 {
                let _ = Value::parse(&t.schema, TypeId(i), &text, &names);
            }
        }
    }

    #[test]
    fn no_identifier_panics(text in "/(a:|b:|)(system|user|type)(\\[(a:)?(name|port|\\.)?=?'?[a-z0-9]{0,3}'?\\]?){0,2}(/[a-z:]*){0,2}") {
        let t = tree();
        if let Ok(value) = t.parse(&text, XML) {
            let canonical = value.canonical(&t.schema).into_owned();
            prop_assert_eq!(t.parse(&canonical, json(JsonKind::String)), Ok(value));
        }
    }

    #[test]
    fn strings_with_any_quotes_stay_one_xpath_string(text in "['\"a]{0,8}") {
        let quoted = quoted(&text);
        let parsed = xpath::parse(&quoted, &mut |_| None);
        prop_assert!(parsed.is_ok(), "{}", quoted);
    }
}
