// A URI that was read is written so that it reads the same, and equals itself.
#include "base/bytes.hpp"
#include "sip/uri.hpp"

#include <cstdlib>

using namespace sipvet;
using namespace sipvet::sip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto uri = parse_uri(as_text(ByteView(data, size)));
  if (!uri) return 0;
  const auto again = parse_uri(to_string(*uri));
  if (!again || !(*again == *uri)) std::abort();
  // Repeated parameters are compared with the first of their name, so only a URI without repetition must
  // equal itself.
  for (std::size_t i = 0; i < uri->parameters.size(); ++i)
    if (find(uri->parameters, uri->parameters[i].name) != uri->parameters[i].value.value_or("")) return 0;
  if (uri->scheme == "tel" && !equivalent(*uri, *again)) std::abort();
  return 0;
}

std::vector<std::string> fuzz_seeds() {
  return {"sips:alice:secret@atlanta.com:5061;transport=tcp;lr?subject=project%20x&priority=urgent",
          "sip:user;par=u%40example.net@[2001:db8::1]:5060;maddr=192.0.2.1",
          "tel:7042;phone-context=example.com"};
}
