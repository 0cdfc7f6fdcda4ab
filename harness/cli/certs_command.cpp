// sipvet certs: certificates, requests, chains and keys, right ones and ones with a fault.
#include "cli/certs_commands.hpp"

#include <CLI/CLI.hpp>

namespace sipvet::cli {

void add_certs(CLI::App& app, Work& work) {
  CLI::App* certs = app.add_subcommand("certs", "Make, convert and look at certificates and keys");
  certs->require_subcommand(1);
  for (const auto add :
       {add_certs_ca, add_certs_request, add_certs_sign, add_certs_pkcs7, add_certs_pkcs7_to_pem,
        add_certs_protect_key, add_certs_unprotect_key, add_certs_show, add_certs_variant})
    add(*certs, work);
}

} // namespace sipvet::cli
