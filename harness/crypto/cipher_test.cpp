#include "crypto/cipher.hpp"

#include "base/hex.hpp"

#include <boost/test/unit_test.hpp>

using namespace sipvet;
using namespace sipvet::crypto;

namespace {

Bytes hex(std::string_view text) { return from_hex(text).value(); }

std::string cbc(BlockCipher cipher, Direction direction, std::string_view key, std::string_view iv,
                std::string_view in) {
  auto made = Cbc::make(cipher, direction, hex(key)).value();
  Bytes data = hex(in);
  for (int round = 0; round < 2; ++round) { // the second shows that a message leaves nothing behind
    Bytes out(data.size());
    BOOST_TEST(made.process(hex(iv), data, out));
    if (round == 1) return to_hex(out);
  }
  return {};
}

struct AeadVector {
  AeadCipher cipher;
  const char* key;
  const char* nonce;
  const char* associated;
  const char* plain;
  const char* sealed;
};

const AeadVector aead_vectors[] = {
    // The GCM specification (McGrew and Viega), test cases 1, 2, 4 and 16.
    {AeadCipher::aes_128_gcm, "00000000000000000000000000000000", "000000000000000000000000", "", "",
     "58e2fccefa7e3061367f1d57a4e7455a"},
    {AeadCipher::aes_128_gcm, "00000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"},
    {AeadCipher::aes_128_gcm, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf"
     "5aa0de657"
     "ba637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b3"
     "96a0aac97"
     "3d58e0915bc94fbc3221a5db94fae95ae7121a47"},
    {AeadCipher::aes_256_gcm, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf"
     "5aa0de657"
     "ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6"
     "393ba7a0a"
     "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
    // The vectors of Camellia's authors, as Nettle publishes them: the GCM specification's cases 1, 3 and 16
    // with the other cipher.
    {AeadCipher::camellia_128_gcm, "00000000000000000000000000000000", "000000000000000000000000", "", "",
     "f5574acc3148dfcb9015200631024df9"},
    {AeadCipher::camellia_128_gcm, "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
     "b16aedf5aa0de657ba637b391aafd255",
     "d0d94a13b632f337a0cc9955b94fa020c815f903aab12f1efaf2fe9d90f729a6cccbfa986ef2ff2c33de418d9a252909"
     "1cf18fe652c1cfde13f8260614bab81586e318012dd8329dc9dae6a170f61b24"},
    {AeadCipher::camellia_256_gcm, "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
     "b16aedf5aa0de657ba637b39",
     "ad142c11579dd95e41f3c1f324dabc255864d920f1b65759d8f560d4948d447758dfdcf77aa9f62581c7ff572a037f81"
     "0cb1a9c4b3ca6ed638179b774e4b178d8fe26fdc95e2e7246dd94bec"},
    // NIST SP 800-38C example 3.
    {AeadCipher::aes_128_ccm_8, "404142434445464748494a4b4c4d4e4f", "101112131415161718191a1b",
     "000102030405060708090a0b0c0d0e0f10111213", "202122232425262728292a2b2c2d2e2f3031323334353637",
     "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"},
    // RFC 8439 §2.8.2.
    {AeadCipher::chacha20_poly1305, "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
     "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c6"
     "4206f6666"
     "657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642"
     "062652069"
     "742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0"
     "a9e060b29"
     "05d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26"
     "586cec64b"
     "61161ae10b594f09e26a7e902ecbd0600691"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(cipher)

// NIST SP 800-38A §F.2.1, F.2.3 and F.2.5, first two blocks.
BOOST_AUTO_TEST_CASE(aes_cbc) {
  const auto iv = "000102030405060708090a0b0c0d0e0f";
  const auto plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
  const auto key128 = "2b7e151628aed2a6abf7158809cf4f3c";
  const auto sealed = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2";
  BOOST_TEST(cbc(BlockCipher::aes128, Direction::encrypt, key128, iv, plain) == sealed);
  BOOST_TEST(cbc(BlockCipher::aes128, Direction::decrypt, key128, iv, sealed) == plain);
  BOOST_TEST(cbc(BlockCipher::aes192, Direction::encrypt, "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                 iv, plain) == "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a");
  BOOST_TEST(cbc(BlockCipher::aes256, Direction::encrypt,
                 "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", iv,
                 plain) == "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d");
}

// One block with a zero IV is the plain block cipher: NIST SP 800-20 table A.1 with all three keys alike is
// single DES.
BOOST_AUTO_TEST_CASE(triple_des_cbc) {
  const auto key = "010101010101010101010101010101010101010101010101";
  BOOST_TEST(cbc(BlockCipher::tdes, Direction::encrypt, key, "0000000000000000", "8000000000000000") ==
             "95f8a5e5dd31d900");
  BOOST_TEST(cbc(BlockCipher::tdes, Direction::decrypt, key, "0000000000000000", "95f8a5e5dd31d900") ==
             "8000000000000000");
}

// One block with a zero IV: RFC 3713 appendix A, RFC 5794 appendix A, NIST SP 800-20 table A.1 for DES, RFC
// 4269 appendix B.
BOOST_AUTO_TEST_CASE(camellia_aria_des_and_seed_cbc) {
  struct Row {
    BlockCipher cipher;
    std::string_view key, plain, sealed;
  };
  const auto camellia = "0123456789abcdeffedcba9876543210", aria = "00112233445566778899aabbccddeeff";
  for (const Row& row : {
           Row{BlockCipher::camellia128, camellia, camellia, "67673138549669730857065648eabe43"},
           Row{BlockCipher::camellia256, "0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff",
               camellia, "9acc237dff16d76c20ef7c919e3a7509"},
           Row{BlockCipher::aria128, "000102030405060708090a0b0c0d0e0f", aria,
               "d718fbd6ab644c739da95f3be6451778"},
           Row{BlockCipher::aria256, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", aria,
               "f92bd7c79fb72e2f2b8f80c1972d24fc"},
           Row{BlockCipher::des, "0101010101010101", "8000000000000000", "95f8a5e5dd31d900"},
           Row{BlockCipher::seed, "00000000000000000000000000000000", "000102030405060708090a0b0c0d0e0f",
               "5ebac6e0054e166819aff1cc6d346cdb"},
           Row{BlockCipher::seed, "000102030405060708090a0b0c0d0e0f", "00000000000000000000000000000000",
               "c11f22f20140505084483597e4370f43"},
       })
    BOOST_TEST_CONTEXT(name(row.cipher)) {
      const std::string iv(2 * block_octets(row.cipher), '0');
      BOOST_TEST(cbc(row.cipher, Direction::encrypt, row.key, iv, row.plain) == row.sealed);
      BOOST_TEST(cbc(row.cipher, Direction::decrypt, row.key, iv, row.sealed) == row.plain);
    }
}

BOOST_AUTO_TEST_CASE(cbc_in_place_and_misuse) {
  auto made =
      Cbc::make(BlockCipher::aes128, Direction::encrypt, hex("2b7e151628aed2a6abf7158809cf4f3c")).value();
  Bytes data = hex("6bc1bee22e409f96e93d7e117393172a");
  const Bytes iv = hex("000102030405060708090a0b0c0d0e0f");
  BOOST_TEST(made.process(iv, data, data));
  BOOST_TEST(to_hex(data) == "7649abac8119b246cee98e9b12e9197d");
  Bytes odd(17);
  BOOST_TEST(!made.process(iv, odd, odd));
  BOOST_TEST(!made.process(ByteView(iv).first(8), data, data));
  Bytes small(8);
  BOOST_TEST(!made.process(iv, data, small));
  BOOST_TEST(Cbc::make(BlockCipher::aes128, Direction::encrypt, Bytes(15)).error().what ==
             "expected a key of 16 octets for AES-128, got 15");
}

// NIST SP 800-38A §F.2.2, each message with its IV in front, twice with the same object.
BOOST_AUTO_TEST_CASE(cbc_with_the_iv_in_front) {
  const Bytes key = hex("2b7e151628aed2a6abf7158809cf4f3c");
  auto made = Cbc::make(BlockCipher::aes128, Direction::decrypt, key).value();
  const Bytes sealed = hex("000102030405060708090a0b0c0d0e0f7649abac8119b246cee98e9b12e9197d"
                           "5086cb9b507219ee95db113a917678b2");
  for (int round = 0; round < 2; ++round) {
    Bytes out(sealed.size());
    BOOST_TEST(made.decrypt_with_iv_in_front(sealed, out));
    BOOST_TEST(to_hex(ByteView(out).subspan(16)) ==
               "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  }
  Bytes out(sealed.size());
  BOOST_TEST(!made.decrypt_with_iv_in_front(ByteView(sealed).first(40), out));
  BOOST_TEST(!made.decrypt_with_iv_in_front(ByteView(sealed).first(0), out));
  BOOST_TEST(!made.decrypt_with_iv_in_front(sealed, std::span(out).first(32)));
  auto other_way = Cbc::make(BlockCipher::aes128, Direction::encrypt, key).value();
  BOOST_TEST(!other_way.decrypt_with_iv_in_front(sealed, out));
}

// NIST SP 800-38A §F.5.1.
BOOST_AUTO_TEST_CASE(aes_ctr) {
  auto made = Ctr::make(hex("2b7e151628aed2a6abf7158809cf4f3c")).value();
  const Bytes iv = hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  Bytes out(20);
  BOOST_TEST(made.process(iv, hex("6bc1bee22e409f96e93d7e117393172aae2d8a57"), out));
  BOOST_TEST(to_hex(out) == "874d6191b620e3261bef6864990db6ce9806f66b");
  BOOST_TEST(made.process(iv, out, out));
  BOOST_TEST(to_hex(out) == "6bc1bee22e409f96e93d7e117393172aae2d8a57");
  BOOST_TEST(!Ctr::make(Bytes(20)));
}

// FIPS 197 appendix C.
BOOST_AUTO_TEST_CASE(single_blocks) {
  const Bytes plain = hex("00112233445566778899aabbccddeeff");
  const auto block = std::span<const std::uint8_t, 16>(plain.data(), 16);
  const Bytes key256 = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  auto aes128 = AesBlock::make(ByteView(key256).first(16)).value();
  BOOST_TEST(to_hex(aes128.process(block)) == "69c4e0d86a7b0430d8cdb78070b4c55a");
  auto aes192 = AesBlock::make(ByteView(key256).first(24)).value();
  BOOST_TEST(to_hex(aes192.process(block)) == "dda97ca4864cdfe06eaf70a0ec0d7191");
  auto aes256 = AesBlock::make(key256).value();
  const auto sealed = aes256.process(block);
  BOOST_TEST(to_hex(sealed) == "8ea2b7ca516745bfeafc49904b496089");
  auto back = AesBlock::make(key256, Direction::decrypt).value();
  BOOST_TEST(to_hex(back.process(sealed)) == to_hex(plain));
}

// RFC 6229 §2: key 0102030405, first 16 octets of key stream; and the well-known "Key"/"Plaintext" pair.
BOOST_AUTO_TEST_CASE(rc4) {
  Rc4 cipher(hex("0102030405"));
  Bytes stream(16);
  cipher.process(ByteView(stream).first(7), stream);
  cipher.process(ByteView(stream).subspan(7), std::span(stream).subspan(7)); // runs on
  BOOST_TEST(to_hex(stream) == "b2396305f03dc027ccc3524a0a1118a8");
  Rc4 other(as_bytes("Key"));
  Bytes out(9);
  other.process(as_bytes("Plaintext"), out);
  BOOST_TEST(to_hex(out) == "bbf316e8d940af0ad3");
  Rc4 later(as_bytes("Key"));
  later.skip(4); // its octets are not there
  later.process(as_bytes("ntext"), out);
  BOOST_TEST(to_hex(ByteView(out).first(5)) == "d940af0ad3");
}

BOOST_AUTO_TEST_CASE(aead_vectors_both_ways) {
  for (const AeadVector& vector : aead_vectors) {
    BOOST_TEST_CONTEXT(name(vector.cipher)) {
      auto sealer = Aead::make(vector.cipher, Direction::encrypt, hex(vector.key)).value();
      auto opener = Aead::make(vector.cipher, Direction::decrypt, hex(vector.key)).value();
      const Bytes plain = hex(vector.plain);
      const Bytes nonce = hex(vector.nonce);
      const Bytes associated = hex(vector.associated);
      for (int round = 0; round < 2; ++round) {
        Bytes sealed(plain.size() + sealer.tag_octets());
        BOOST_TEST(sealer.seal(nonce, associated, plain, sealed));
        BOOST_TEST(to_hex(sealed) == vector.sealed);
        Bytes wrong = sealed;
        wrong.back() ^= 1;
        Bytes opened(plain.size());
        BOOST_TEST(!opener.open(nonce, associated, wrong, opened));
        BOOST_TEST(opener.open(nonce, associated, sealed, opened));
        BOOST_TEST((opened == plain));
        BOOST_TEST(!opener.open(nonce, as_bytes("other"), sealed, opened));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_aead_opens_what_it_sealed) {
  for (const AeadCipher cipher :
       {AeadCipher::aes_128_gcm, AeadCipher::aes_256_gcm, AeadCipher::aes_128_ccm, AeadCipher::aes_256_ccm,
        AeadCipher::aes_128_ccm_8, AeadCipher::aes_256_ccm_8, AeadCipher::chacha20_poly1305,
        AeadCipher::aria_128_gcm, AeadCipher::aria_256_gcm, AeadCipher::camellia_128_gcm,
        AeadCipher::camellia_256_gcm}) {
    BOOST_TEST_CONTEXT(name(cipher)) {
      const Bytes key(key_octets(cipher), 7);
      auto sealer = Aead::make(cipher, Direction::encrypt, key).value();
      auto opener = Aead::make(cipher, Direction::decrypt, key).value();
      const Bytes nonce(aead_nonce_octets, 9);
      for (const std::size_t size : {0u, 1u, 16u, 1000u}) {
        const Bytes plain(size, 3);
        Bytes sealed(size + tag_octets(cipher));
        BOOST_TEST(sealer.seal(nonce, as_bytes("ad"), plain, sealed));
        Bytes opened(size);
        BOOST_TEST(opener.open(nonce, as_bytes("ad"), sealed, opened));
        BOOST_TEST((opened == plain));
        BOOST_TEST(
            !opener.open(nonce, as_bytes("ad"), ByteView(sealed).first(tag_octets(cipher) - 1), opened));
      }
      BOOST_TEST(!Aead::make(cipher, Direction::encrypt, Bytes(5)));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
