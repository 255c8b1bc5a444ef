//! Wrong attributes are told at compile time, where they stand.

#[test]
fn wrong_attributes_do_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/*.rs");
}
