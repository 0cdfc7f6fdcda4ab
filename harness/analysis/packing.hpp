// Values as octets and back, for a temporary file that only this process reads. `each_field(value, visit)` of
// a structure lists its fields for both ways.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/endpoint.hpp"
#include "base/reader.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace sipvet::analysis {

template <typename T>
concept Plain = std::is_integral_v<T> || std::is_enum_v<T>;

class Packer {
 public:
  template <typename... Fields>
  void operator()(const Fields&... fields) {
    (put(fields), ...);
  }
  Bytes take() { return std::move(out_); }

 private:
  // Numbers as the machine has them.
  template <Plain T>
  void put(const T& value) {
    std::array<std::uint8_t, sizeof(T)> octets{};
    std::memcpy(octets.data(), &value, sizeof(T));
    append(out_, octets);
  }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    append(out_, as_bytes(text));
  }
  void put(const Instant& time) { put(time.time_since_epoch().count()); }
  void put(const Endpoint& endpoint) {
    put(endpoint.ip.v6);
    append(out_, ByteView(endpoint.ip.octets).first(endpoint.ip.v6 ? 16 : 4));
    put(endpoint.port);
  }
  template <typename T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename T>
  void put(const std::vector<T>& list) {
    put(static_cast<std::uint32_t>(list.size()));
    for (const T& one : list) put(one);
  }
  template <typename T>
  void put(const T& structure) requires std::is_class_v<T> {
    each_field(structure, *this);
  }

  Bytes out_;
};

// After the first field that is not there all others stay as they are; `good` says so.
class Unpacker {
 public:
  explicit Unpacker(ByteView octets) : in_(octets) {}
  template <typename... Fields>
  void operator()(Fields&... fields) {
    (get(fields), ...);
  }
  bool good() const { return good_; }

 private:
  ByteView take(std::size_t octets) {
    const auto taken = good_ ? in_.bytes(octets, "packed field") : Result<ByteView>(ByteView());
    good_ = good_ && bool(taken);
    return good_ ? *taken : ByteView();
  }
  template <Plain T>
  void get(T& value) {
    const auto octets = take(sizeof(T));
    if (good_) std::memcpy(&value, octets.data(), sizeof(T));
  }
  void get(std::string& text) { text = as_text(take(count())); }
  void get(Instant& time) {
    Duration::rep ticks = 0;
    get(ticks);
    time = Instant(Duration(ticks));
  }
  void get(Endpoint& endpoint) {
    get(endpoint.ip.v6);
    const auto octets = take(endpoint.ip.v6 ? 16 : 4);
    std::copy(octets.begin(), octets.end(), endpoint.ip.octets.begin());
    get(endpoint.port);
  }
  template <typename T>
  void get(std::optional<T>& value) {
    bool there = false;
    get(there);
    if (there) get(value.emplace());
  }
  template <typename T>
  void get(std::vector<T>& list) {
    for (auto left = count(); good_ && left > 0; --left) get(list.emplace_back());
  }
  template <typename T>
  void get(T& structure) requires std::is_class_v<T> {
    each_field(structure, *this);
  }
  std::uint32_t count() {
    std::uint32_t value = 0;
    get(value);
    return value;
  }

  Reader in_;
  bool good_ = true;
};

} // namespace sipvet::analysis
