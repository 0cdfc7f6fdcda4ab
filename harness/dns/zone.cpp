#include "dns/zone.hpp"

namespace sipvet::dns {

namespace {

constexpr std::size_t max_aliases = 8;

// Of a zone without one of its own: only the time counts.
Record absence(const Name& name, std::uint32_t ttl_s) {
  Authority soa;
  soa.primary = soa.mailbox = name;
  soa.serial = 1;
  soa.minimum = ttl_s;
  return {name, Type::soa, internet_class, ttl_s, soa};
}

// Names without records of their own exist where there are some below them (RFC 8020 §2).
bool stands_above(const std::string& name, const std::map<std::string, std::vector<Record>>& records) {
  for (const auto& [key, own] : records)
    if (key.ends_with("." + name)) return true;
  return false;
}

} // namespace

void Zone::add(Record record) { records_[record.owner.key()].push_back(std::move(record)); }

Message Zone::answer(const Message& query) const {
  Message out;
  out.id = query.id;
  out.response = out.authoritative = true;
  out.opcode = query.opcode;
  out.recursion_desired = query.recursion_desired;
  out.questions = query.questions;
  const bool usable = query.opcode == 0 && query.questions.size() == 1 &&
                      query.questions.front().question_class == internet_class;
  if (!usable) {
    out.code = query.opcode == 0 ? ResponseCode::format_error : ResponseCode::not_implemented;
    return out;
  }
  const Question& question = query.questions.front();
  Name name = question.name;
  for (std::size_t aliases = 0; aliases <= max_aliases; ++aliases) {
    const auto found = records_.find(name.key());
    if (found == records_.end()) {
      if (!stands_above(name.key(), records_)) out.code = ResponseCode::no_such_name;
      break;
    }
    const Alias* alias = nullptr;
    bool any = false;
    for (const Record& record : found->second) {
      const bool wanted = record.type == question.type;
      if (record.type == Type::cname) alias = std::get_if<Alias>(&record.data);
      if (wanted || record.type == Type::cname) out.answers.push_back(record);
      any = any || wanted;
    }
    if (any) return out;
    if (alias == nullptr) break;
    name = alias->target;
  }
  out.authorities.push_back(absence(name, negative_ttl_s_));
  return out;
}

Bytes datagram_of(const Message& response) {
  Bytes whole = serialize(response);
  if (whole.size() <= max_datagram_octets) return whole;
  Message cut = response;
  cut.truncated = true;
  cut.answers.clear();
  cut.authorities.clear();
  cut.additionals.clear();
  return serialize(cut);
}

} // namespace sipvet::dns
