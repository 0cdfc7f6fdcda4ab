// No octets may upset the message parser or the key data parser, and what is accepted is written back the
// same.
#include "base/hex.hpp"
#include "mikey/key_data.hpp"
#include "mikey/message.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

using namespace sipvet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  if (const auto message = mikey::parse_message(input))
    if (!std::ranges::equal(mikey::write_message(*message), input)) std::abort();
  for (const bool initiator_first : {false, true})
    if (const auto chain = mikey::parse_key_chain(input, initiator_first))
      if (!std::ranges::equal(mikey::write_key_chain(*chain), input)) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  const auto seed = [](std::string_view hex) { return std::string(as_text(*from_hex(hex))); };
  const std::string mac(40, '5');
  return {
      seed("01000580c0ffee0102000011223344000000010000000000000000000b00e0a1b2c3d4e5f6070a10a0a1a2a3a4a5a6a7a"
           "8a9aaab"
           "acadaeaf15000000120001010101100201010301140401 0e0b0104010100056d696b657900010003abcdef01" +
           mac),
      seed("01010500c0ffee010000 0900e0a1b2c3d4e5f607090100057369703a610001" + mac),
      seed("0104050000000009 0000 0b0200000001 0302abcd 0401" + std::string(192, 'e') + "00 000401020304"),
      seed("0102050000000009 0000 060200000001 08010001aa 020000010203 0405060708090a0b0c0d0e0f10111213 "
           "070001ff 040000023082 000101"),
      seed("0106050000000009 0000 0c0200000001 00000000"),
      seed("14000001aa 14110001aa0001ff02abcd 00220001bb01000102"),
      seed("14010003736970 00310001aa0001ff02abcd"),
  };
}
