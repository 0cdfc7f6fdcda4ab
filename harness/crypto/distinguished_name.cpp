#include "crypto/distinguished_name.hpp"

#include "base/text.hpp"
#include "crypto/library_error.hpp"
#include "crypto/owned.hpp"

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

namespace sipvet::crypto {
namespace {

using Bio = Owned<BIO, BIO_free_all>;

struct FieldType {
  std::string_view type;
  int library_id;
  std::size_t min_characters;
  std::size_t max_characters; // the upper bounds of RFC 5280 appendix A.1
  std::string_view what;
};
constexpr FieldType field_types[] = {
    {"C", NID_countryName, 2, 2, "a country"},
    {"ST", NID_stateOrProvinceName, 1, 128, "a state"},
    {"L", NID_localityName, 1, 128, "a locality"},
    {"O", NID_organizationName, 1, 64, "an organization"},
    {"OU", NID_organizationalUnitName, 1, 64, "an organizational unit"},
    {"CN", NID_commonName, 1, 64, "a common name"},
    {"emailAddress", NID_pkcs9_emailAddress, 1, 255, "an e-mail address"},
};

const FieldType* find_type(std::string_view type) {
  for (const FieldType& each : field_types) {
    if (iequals(each.type, type)) return &each;
  }
  return nullptr;
}

Result<const FieldType*> check_field(const SubjectField& field) {
  const FieldType* type = find_type(field.type);
  if (type == nullptr)
    return fail("expected C, ST, L, O, OU, CN or emailAddress in the subject, got \"" + field.type + '"');
  if (field.value.size() < type->min_characters || field.value.size() > type->max_characters) {
    const std::string longest = std::to_string(type->max_characters) + " characters";
    return fail("expected " + std::string(type->what) + " of " +
                (type->min_characters == type->max_characters ? longest : "1 to " + longest));
  }
  return type;
}

// Up to the next comma that nothing takes the meaning from; that comma is taken as well.
std::string take_field(std::string_view text, std::size_t& at) {
  std::string field;
  for (; at < text.size() && text[at] != ','; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    field.push_back(text[at]);
  }
  ++at;
  return field;
}

} // namespace

Result<std::vector<SubjectField>> parse_subject(std::string_view text) {
  std::vector<SubjectField> fields;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const std::string field = take_field(text, at);
    const auto sides = split_once(field, '=');
    if (!sides) return fail("expected TYPE=VALUE in the subject, got \"" + field + '"', start);
    SubjectField parsed{std::string(trim(sides->first)), std::string(trim(sides->second))};
    const auto type = check_field(parsed);
    if (!type) return fail(type.error().what, start);
    parsed.type = (*type)->type;
    fields.push_back(std::move(parsed));
  }
  if (fields.empty()) return fail("expected a subject such as C=DE,O=Lab,CN=gw.example.com");
  return fields;
}

Result<void> add_fields(X509_NAME* to, std::span<const SubjectField> fields) {
  for (const SubjectField& field : fields) {
    SIPVET_TRY(const FieldType* type, check_field(field));
    const auto* text = reinterpret_cast<const unsigned char*>(field.value.data());
    if (X509_NAME_add_entry_by_NID(to, type->library_id, MBSTRING_UTF8, text,
                                   static_cast<int>(field.value.size()), -1, 0) != 1)
      return fail("\"" + field.value + "\" has no place in a certificate as " + std::string(type->what) +
                  ": " + take_library_error());
  }
  return {};
}

std::string text_of(const X509_NAME* name) {
  const Bio bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const ASN1_STRING* value) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, value);
  if (size < 0) return {};
  std::string out(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return out;
}

std::string common_name_of(const X509_NAME* name) {
  std::string found;
  for (int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1); at >= 0;
       at = X509_NAME_get_index_by_NID(name, NID_commonName, at))
    found = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  return found;
}

} // namespace sipvet::crypto
