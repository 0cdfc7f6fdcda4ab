// OpenSSL's errors as one sentence that a person understands. Used by the openssl_* files only.
#pragma once

#include "tls/engine.hpp"

#include <optional>
#include <string>

struct ssl_st;

namespace sipvet::tls {

// Reads and empties this thread's error queue. `received` is the fatal alert that the peer sent, if it did.
std::string describe_failure(const ssl_st* ssl, bool established, const std::optional<Alert>& received);

} // namespace sipvet::tls
