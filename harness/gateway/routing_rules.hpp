// NetBorder Express's routing rules: where a call from the telephone side goes, decided by regular
// expressions over what the telephone network said of it.
#pragma once

#include "base/result.hpp"
#include "script/value.hpp"
#include "ua/transport.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::gateway {

// Longer numbers and names are no call's; regular expressions are not run on them.
inline constexpr std::size_t max_pstn_value_octets = 256;

// What the telephone network said of a call.
struct PstnCall {
  std::string channel_name = "A1";
  std::string dnis; // the number dialled
  std::string ani;  // the caller's
  std::string caller_name;
  bool transfer = false;
};

struct RoutedCall {
  std::string rule; // the one that decided
  std::string request_uri;
  std::string from_uri; // may be empty
  std::string from_display_name;
  std::optional<ua::Transport> transport; // none: what the request URI says
};

// What the words GW_HOST_IP and GW_SIP_PORT stand for; known when the transport and the way to the next hop
// are.
struct GatewayWords {
  std::string host_ip, sip_port;
};
std::string expand_gateway_words(std::string text, const GatewayWords& words);

struct RuleCondition {
  std::string parameter;  // "pstn.in.dnis"
  std::string expression; // as written; ECMAScript, matched against the whole value
  std::regex pattern;
};

// A template with %0, %1, … for what the groups of the conditions caught, counted through the whole rule, and
// %% for %.
struct RuleParameter {
  std::string name; // "sip.out.requestUri"
  std::string text;
};

struct RoutingRule {
  std::string name;
  std::string outbound_interface; // "sip" for calls from the telephone side
  double qvalue = 0;
  std::vector<RuleCondition> conditions; // all must match
  std::vector<RuleParameter> parameters; // of its out_leg
  script::SourceLocation at;
};

class RoutingRules {
 public:
  explicit RoutingRules(std::vector<RoutingRule> rules);
  const std::vector<RoutingRule>& rules() const {
    return rules_;
  } // highest qvalue first, then as in the file

  // The first rule to the SIP side whose conditions all hold. The error names, rule by rule, which condition
  // did not.
  // `in_file_order`: whatever their qvalues.
  Result<RoutedCall> route(const PstnCall& call, bool in_file_order = false) const;
  // Whether a rule to the SIP side asks for that transport.
  bool use(ua::Transport transport) const;

 private:
  std::vector<RoutingRule> rules_;
};

struct ReadRules {
  std::shared_ptr<const RoutingRules> rules; // none when there are errors
  std::vector<script::Diagnostic> errors;    // all of them, in file order
  std::vector<script::Diagnostic> warnings;  // what is there and is not used
};
// `rule` elements, at the top or inside of one element.
ReadRules read_routing_rules(std::string_view xml, const std::string& file_name);
ReadRules load_routing_rules(const std::string& path);

} // namespace sipvet::gateway
