#include "keying/capability_negotiation.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>

namespace sipvet::keying {
namespace {

constexpr std::array<std::string_view, 6> own_attributes = {"acap", "tcap", "pcfg", "acfg", "csup", "creq"};

constexpr std::array<std::string_view, 20> understood_attributes = {
    "crypto",   "key-mgmt", "fingerprint", "setup",    "tls-id",   "rtcp-mux",  "rtcp",
    "rtpmap",   "fmtp",     "ptime",       "maxptime", "sendrecv", "sendonly",  "recvonly",
    "inactive", "mid",      "label",       "rtcp-fb",  "ssrc",     "encryption"};

bool is_own(const sdp::Attribute& attribute) {
  return std::ranges::find(own_attributes, attribute.name) != own_attributes.end();
}

// Numbers mean the same at session and at media level (§3.4.1, §3.4.2).
// How many are tried, whether they can be taken or not: a line of a description can ask for millions.
constexpr std::size_t max_configurations = 100;

struct Capabilities {
  struct OfLevel {
    sdp::Attribute attribute;
    bool session;
  };
  std::map<std::uint32_t, OfLevel> attributes;
  std::map<std::uint32_t, std::string> protocols;
};

void read_capabilities(const sdp::AttributeList& list, bool session, Capabilities& out,
                       std::vector<std::string>& wrong) {
  const auto again = [&](std::string_view what, std::uint32_t number) {
    wrong.push_back("a=" + std::string(what) + ": number " + std::to_string(number) +
                    " is there twice, and the first counts");
  };
  for (const std::string_view value : list.values("acap")) {
    if (auto read = sdp::parse_attribute_capability(value)) {
      const bool of_session = session && read->attribute.name != "crypto";
      if (!out.attributes.try_emplace(read->number, std::move(read->attribute), of_session).second)
        again("acap", read->number);
    } else {
      wrong.push_back("a=acap: " + to_string(read.error()));
    }
  }
  for (const std::string_view value : list.values("tcap")) {
    if (auto read = sdp::parse_protocol_capabilities(value)) {
      for (auto& each : *read)
        if (!out.protocols.emplace(each.number, std::move(each.protocol)).second) again("tcap", each.number);
    } else {
      wrong.push_back("a=tcap: " + to_string(read.error()));
    }
  }
}

std::optional<std::string> missing_requirement(const sdp::AttributeList& list) {
  for (const std::string_view value : list.values("creq"))
    for (const std::string& tag : sdp::parse_option_tags(value))
      if (tag != sdp::base_capability) return "a=creq asks for " + tag + ", which is not known here";
  return std::nullopt;
}

// Adds the capability of that number, or says why it cannot be.
Result<void> add(std::uint32_t number, const Capabilities& known, bool any, PotentialSection& to) {
  const auto found = known.attributes.find(number);
  if (found == known.attributes.end())
    return fail("there is no attribute capability " + std::to_string(number));
  const auto& [attribute, session] = found->second;
  if (!any && !is_understood_attribute(attribute.name))
    return fail("attribute " + attribute.name + " is not known here (RFC 5939 §3.6.2)");
  (session ? to.session_attributes : to.media.attributes).push_back(attribute);
  return {};
}

Result<PotentialSection> configured(const sdp::Session& actual, std::size_t section,
                                    const Capabilities& known, const sdp::Configuration& configuration,
                                    CapabilityLenience lenience) {
  PotentialSection made{configuration, actual.media.at(section), actual.attributes};
  sdp::Configuration& chosen = made.chosen;
  sdp::Media& media = made.media;
  const bool both = chosen.deleted == sdp::Deleted::both;
  if (both || chosen.deleted == sdp::Deleted::media) media.attributes.clear();
  if (both || chosen.deleted == sdp::Deleted::session) made.session_attributes.clear();
  std::erase_if(media.attributes, is_own);
  std::erase_if(made.session_attributes, is_own);
  if (!chosen.protocols.empty()) {
    const auto found = known.protocols.find(chosen.protocols.front());
    if (found == known.protocols.end())
      return fail("there is no protocol capability " + std::to_string(chosen.protocols.front()));
    media.protocol = found->second;
  }
  for (sdp::AttributeChoice& choice : chosen.attributes) {
    for (const std::uint32_t number : choice.mandatory)
      SIPVET_CHECK(add(number, known, lenience.unknown_taken, made));
    std::erase_if(choice.optional,
                  [&](std::uint32_t number) { return !add(number, known, false, made).has_value(); });
  }
  return made;
}

// One configuration for each pair of alternatives, attributes varying fastest.
std::vector<sdp::Configuration> expanded(const sdp::Configuration& offered) {
  std::vector<std::vector<std::uint32_t>> protocols;
  for (const std::uint32_t number : offered.protocols) protocols.push_back({number});
  if (protocols.empty()) protocols.emplace_back();
  std::vector<std::vector<sdp::AttributeChoice>> attributes;
  for (const sdp::AttributeChoice& choice : offered.attributes) attributes.push_back({choice});
  if (attributes.empty()) attributes.emplace_back();
  std::vector<sdp::Configuration> out;
  for (const auto& protocol : protocols) {
    for (const auto& choice : attributes) {
      if (out.size() == max_configurations) return out;
      out.push_back({offered.number, offered.deleted, choice, protocol, offered.extensions});
    }
  }
  return out;
}

std::vector<sdp::Configuration> offered_configurations(const sdp::Media& media,
                                                       std::vector<std::string>& wrong) {
  std::vector<sdp::Configuration> out;
  for (const std::string_view value : media.attributes.values("pcfg")) {
    auto read = sdp::parse_configuration(value);
    if (!read) {
      wrong.push_back("a=pcfg: " + to_string(read.error()));
    } else if (std::ranges::any_of(read->extensions, &sdp::ConfigurationExtension::mandatory)) {
      wrong.push_back("configuration " + std::to_string(read->number) + " needs an extension");
    } else {
      out.push_back(std::move(*read));
    }
  }
  std::ranges::stable_sort(out, {}, &sdp::Configuration::number);
  return out;
}

} // namespace

bool is_understood_attribute(std::string_view name) {
  return std::ranges::find(understood_attributes, name) != understood_attributes.end();
}

PotentialSections potential_sections(const sdp::Session& session, std::size_t section,
                                     CapabilityLenience lenience) {
  const sdp::Media& media = session.media.at(section);
  PotentialSections out;
  for (const sdp::AttributeList* list : {&session.attributes, &media.attributes}) {
    const auto missing = missing_requirement(*list);
    if (missing && !lenience.required_ignored) return {{}, {*missing}};
  }
  Capabilities known;
  read_capabilities(session.attributes, true, known, out.passed_over);
  read_capabilities(media.attributes, false, known, out.passed_over);
  std::size_t tried = 0;
  for (const sdp::Configuration& offered : offered_configurations(media, out.passed_over))
    for (const sdp::Configuration& chosen : expanded(offered)) {
      if (tried++ == max_configurations) return out;
      if (auto made = configured(session, section, known, chosen, lenience)) {
        out.sections.push_back(std::move(*made));
      } else {
        out.passed_over.push_back("configuration " + std::to_string(offered.number) + ": " +
                                  made.error().what);
      }
    }
  return out;
}

void offer_configuration(sdp::Media& media, std::string_view protocol,
                         const std::vector<sdp::Attribute>& attributes) {
  const auto next = [&](std::string_view name) {
    return static_cast<std::uint32_t>(media.attributes.values(name).size() + 1);
  };
  sdp::Configuration configuration;
  configuration.number = next("pcfg");
  configuration.protocols = {next("tcap")};
  media.attributes.add("tcap", std::to_string(next("tcap")) + " " + std::string(protocol));
  sdp::AttributeChoice all;
  for (const sdp::Attribute& attribute : attributes) {
    const std::uint32_t number = next("acap");
    media.attributes.add("acap", to_string(sdp::AttributeCapability{number, attribute}));
    all.mandatory.push_back(number);
  }
  if (!all.mandatory.empty()) configuration.attributes = {std::move(all)};
  media.attributes.add("pcfg", to_string(configuration));
}

namespace {

// The optional attributes of an alternative may have been left out, each of them.
bool takes(const std::vector<sdp::AttributeChoice>& named, const std::vector<sdp::AttributeChoice>& offered) {
  return std::ranges::equal(named, offered, [](const auto& one, const auto& of) {
    const auto offers = [&](std::uint32_t number) {
      return std::ranges::find(of.optional, number) != of.optional.end();
    };
    return one.mandatory == of.mandatory && std::ranges::all_of(one.optional, offers);
  });
}

} // namespace

Result<sdp::Session> offer_as_configured(const sdp::Session& our_offer, const sdp::Session& answer) {
  sdp::Session taken = our_offer;
  for (std::size_t i = 0; i < std::min(answer.media.size(), our_offer.media.size()); ++i) {
    const auto value = answer.media[i].attributes.value("acfg");
    if (!value) continue;
    SIPVET_TRY(const sdp::Configuration named, sdp::parse_configuration(*value));
    const auto offered = potential_sections(our_offer, i).sections;
    const auto found = std::ranges::find_if(offered, [&](const PotentialSection& each) {
      return each.chosen.number == named.number && each.chosen.protocols == named.protocols &&
             each.chosen.deleted == named.deleted && takes(named.attributes, each.chosen.attributes);
    });
    if (found == offered.end())
      return fail("the answer has a=acfg:" + std::string(*value) +
                  ", which was not offered (RFC 5939 §3.6.3)");
    taken.media[i] = found->media;
    taken.attributes = found->session_attributes;
  }
  return taken;
}

} // namespace sipvet::keying
