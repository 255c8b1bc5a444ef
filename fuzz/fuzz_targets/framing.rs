#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| toolchain_tests::fuzz::framing(data));
