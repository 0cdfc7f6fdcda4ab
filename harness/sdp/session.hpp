// A session description (RFC 4566, RFC 8866): lines in order, every attribute kept, known ones with a typed
// view.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sipvet::sdp {

inline constexpr std::size_t max_description_octets = 64 * 1024; // one UDP datagram can hold no more
inline constexpr std::size_t max_media_sections = 64;

struct Attribute {
  std::string name;
  std::optional<std::string> value; // none for a property attribute such as a=sendrecv
  std::size_t line = 0;             // in what was parsed, from 1; 0 for an attribute made here
};

// Attribute look-ups are case-sensitive (RFC 8866 §9).
struct AttributeList : std::vector<Attribute> {
  using std::vector<Attribute>::vector;
  std::optional<std::string_view>
  value(std::string_view name) const; // of the first; "" for a property attribute
  std::vector<std::string_view> values(std::string_view name) const;
  void add(std::string name) { push_back({std::move(name), std::nullopt, 0}); }
  void add(std::string name, std::string value) { push_back({std::move(name), std::move(value), 0}); }
  void remove(std::string_view name);
};

struct Connection { // c=IN IP4 192.0.2.1
  std::string net_type = "IN";
  std::string address_type = "IP4";
  std::string address;
};

struct Media {
  std::string type; // audio, image, …
  std::uint16_t port = 0;
  std::uint32_t port_count = 1;
  std::string protocol; // RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF, udptl, …
  std::vector<std::string> formats;
  std::optional<std::string> title;
  std::vector<Connection> connections;
  std::vector<std::string> bandwidths;
  std::optional<std::string> key; // k=
  AttributeList attributes;
  std::size_t line = 0; // of the m= line in what was parsed, from 1; 0 for a section made here
};

struct Origin { // o=
  std::string username = "-";
  std::string session_id = "0";
  std::string version = "0";
  std::string net_type = "IN";
  std::string address_type = "IP4";
  std::string address;
};

struct Session {
  Origin origin;
  std::string name = "-"; // s=
  std::optional<std::string> information, uri;
  std::vector<std::string> emails, phones;
  std::optional<Connection> connection;
  std::vector<std::string> bandwidths;
  std::vector<std::string> times = {"0 0"}; // t=, with the r= lines of each behind it as "r=…"
  std::optional<std::string> zone, key;
  AttributeList attributes;
  std::vector<Media> media;
};

// Line order as RFC 8866 §9; a description that breaks it, or a line that cannot be read, fails at its octet
// with the line number in the text. Bare LF line ends are accepted.
Result<Session> parse_session(std::string_view text);
std::string serialize(const Session& session); // CRLF line ends

// The address media goes to: the section's own connection or the session's. Empty when there is neither.
std::string_view media_address(const Session& session, const Media& media);
// sendrecv, sendonly, recvonly or inactive: the section's own, the session's, or the default (RFC 8866 §6.7).
std::string_view direction(const Session& session, const Media& media);

} // namespace sipvet::sdp
