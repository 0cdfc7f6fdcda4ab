// The commands below `sipvet certs`; each adds itself as the commands of the program do.
#pragma once

#include "cli/commands.hpp"

namespace sipvet::cli {

// Making certificates.
void add_certs_ca(CLI::App& certs, Work& work);
void add_certs_request(CLI::App& certs, Work& work);
void add_certs_sign(CLI::App& certs, Work& work);
void add_certs_variant(CLI::App& certs, Work& work);
// Converting files.
void add_certs_pkcs7(CLI::App& certs, Work& work);
void add_certs_pkcs7_to_pem(CLI::App& certs, Work& work);
void add_certs_protect_key(CLI::App& certs, Work& work);
void add_certs_unprotect_key(CLI::App& certs, Work& work);
// Looking at them.
void add_certs_show(CLI::App& certs, Work& work);

} // namespace sipvet::cli
