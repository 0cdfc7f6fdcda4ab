#include "tlswire/hello_retry_request.hpp"

#include "tlswire/key_share.hpp"
#include "tlswire/version.hpp"

namespace sipvet::tlswire {

ServerHello make_hello_retry_request(const ClientHello& hello, std::uint16_t suite,
                                     std::optional<std::uint16_t> group, ByteView cookie) {
  ServerHello out;
  out.version = tls1_2; // legacy_version; the extension has the true one
  out.random = hello_retry_random;
  out.session_id = hello.session_id;
  out.suite = suite;
  if (group) out.extensions.list.push_back(make_retry_group(*group));
  if (!cookie.empty()) out.extensions.list.push_back(make_cookie(cookie));
  out.extensions.list.push_back(make_selected_version(tls1_3));
  return out;
}

} // namespace sipvet::tlswire
