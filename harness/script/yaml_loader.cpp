// From yaml-cpp's events to values. Events rather than its node graph, because they tell quoted scalars and
// duplicate keys apart and show an alias before it is expanded.
#include "script/value.hpp"
#include "script/words.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

namespace sipvet::script {

namespace {

// Text that aliases may add up to: a long text used a hundred thousand times is within the limit of values.
constexpr std::size_t max_text_octets = 4 * max_document_octets;

// Ends the parser from inside an event; never leaves this file.
struct Stop {
  Diagnostic why;
};

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(std::string file) : file_(std::move(file)) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0)
      stop(mark, "expected the end of the document, found more at an indentation that does not fit, or a "
                 "second document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(scalar(mark, Value::Kind::null, {}, false), anchor, {});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    add(scalar(mark, Value::Kind::scalar, text, tag == "!"), anchor, {.octets = text.size()});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto target = anchored_.find(anchor);
    if (target == anchored_.end()) stop(mark, "this alias stands inside the value that it names");
    const Anchored found = target->second;
    count(mark, found.size.values, found.size.octets);
    if (open_.size() + found.size.height > max_depth) stop_too_deep(mark);
    place(found.value, found.size);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, Value::Kind::list, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, Value::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }

  Document take() {
    Document document;
    document.errors = std::move(errors_);
    if (document.errors.empty()) document.root = std::move(root_);
    return document;
  }

  SourceLocation at(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 0, 0};
    return {file_, static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1};
  }

 private:
  // Of a value with all it contains; `height` in levels, so that aliases cannot build a deeper tree than is
  // allowed.
  struct Size {
    std::size_t values = 1;
    std::size_t octets = 0;
    std::size_t height = 0;
  };
  struct Anchored {
    Value value;
    Size size;
  };
  // A list or map that is not finished; a map waits for a key or, `key_read`, for the key's value.
  struct Open {
    Value value;
    YAML::anchor_t anchor = 0;
    Size size{.height = 1};
    bool key_read = false;
    std::map<std::string, SourceLocation> keys;
  };

  [[noreturn]] void stop(const YAML::Mark& mark, std::string why) const {
    throw Stop{{at(mark), std::move(why)}};
  }

  [[noreturn]] void stop_too_deep(const YAML::Mark& mark) const {
    stop(mark, fmt::format("expected at most {} levels of nesting, aliases included", max_depth));
  }

  void count(const YAML::Mark& mark, std::size_t values, std::size_t octets) {
    values_ += values;
    octets_ += octets;
    if (values_ > max_values)
      stop(mark, fmt::format("expected at most {} values, aliases counted each time", max_values));
    if (octets_ > max_text_octets)
      stop(mark,
           fmt::format("expected at most {} octets of text, aliases counted each time", max_text_octets));
  }

  Value scalar(const YAML::Mark& mark, Value::Kind kind, std::string text, bool in_quotes) {
    count(mark, 1, text.size());
    Value value;
    value.kind = kind;
    value.text = std::move(text);
    value.quoted = in_quotes;
    value.at = at(mark);
    return value;
  }

  void open(const YAML::Mark& mark, Value::Kind kind, YAML::anchor_t anchor) {
    count(mark, 1, 0);
    if (open_.size() >= max_depth) stop_too_deep(mark);
    // A collection as a key would otherwise be noticed only when it ends.
    if (!open_.empty() && open_.back().value.is_map() && !open_.back().key_read)
      stop(mark, "expected a plain text as key, found a list or a map");
    Open opened;
    opened.value.kind = kind;
    opened.value.at = at(mark);
    opened.anchor = anchor;
    open_.push_back(std::move(opened));
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    add(std::move(done.value), done.anchor, done.size);
  }

  void add(Value value, YAML::anchor_t anchor, const Size& size) {
    if (anchor != 0) anchored_[anchor] = {value, size};
    place(std::move(value), size);
  }

  void place(Value value, const Size& size) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    parent.size.values += size.values;
    parent.size.octets += size.octets;
    parent.size.height = std::max(parent.size.height, size.height + 1);
    if (parent.value.is_list()) {
      parent.value.items.push_back(std::move(value));
    } else if (!parent.key_read) {
      place_key(parent, value);
    } else {
      MapEntry& entry = parent.value.entries.back();
      // The parser marks an absent value at whatever follows it, often the next key.
      if (value.is_null() && value.at.line != entry.at.line) value.at = entry.at;
      entry.value = std::move(value);
      parent.key_read = false;
    }
  }

  void place_key(Open& parent, const Value& key) {
    if (!key.is_scalar())
      errors_.push_back({key.at, fmt::format("expected a plain text as key, found {}", describe(key))});
    else if (key.text == "<<" && !key.quoted)
      errors_.push_back({key.at, "merge keys ('<<') are not part of the language; use a profile"});
    const auto [first, fresh] = parent.keys.emplace(key.text, key.at);
    if (!fresh)
      errors_.push_back({key.at, fmt::format("duplicate key {}; the first is at line {}", quote(key.text),
                                             first->second.line)});
    parent.value.entries.push_back({key.text, key.at, {}});
    parent.key_read = true;
  }

  std::string file_;
  int documents_ = 0;
  std::size_t values_ = 0;
  std::size_t octets_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchored_;
  Value root_;
  std::vector<Diagnostic> errors_;
};

Document failed(SourceLocation at, std::string message) {
  Document document;
  document.errors.push_back({std::move(at), std::move(message)});
  return document;
}

// The parser takes the end of the input for the end of an open quotation; an end marker inside one is an
// error.
std::string with_end_marker(std::string_view text) {
  return std::string(text) + (text.empty() || text.ends_with('\n') ? "...\n" : "\n...\n");
}

} // namespace

Document load_yaml_text(std::string_view text, std::string file_name) {
  if (text.size() > max_document_octets)
    return failed({file_name, 0, 0},
                  fmt::format("expected at most {} octets, found {}", max_document_octets, text.size()));
  Builder builder(file_name);
  try {
    std::istringstream stream{with_end_marker(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stopped) {
    return failed(stopped.why.at, stopped.why.message);
  } catch (const YAML::Exception& exception) {
    return failed(builder.at(exception.mark), "not YAML: " + exception.msg);
  } catch (const std::exception& exception) {
    return failed({file_name, 0, 0}, fmt::format("not YAML: {}", exception.what()));
  }
  return builder.take();
}

Document load_yaml_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return failed({path, 0, 0}, fmt::format("cannot be opened: {}", std::generic_category().message(errno)));
  // One octet more than allowed tells a file that is too long; its size is not asked for, since it may be a
  // pipe.
  std::string text(max_document_octets + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return failed({path, 0, 0}, "cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_document_octets)
    return failed({path, 0, 0}, fmt::format("expected at most {} octets, found more", max_document_octets));
  return load_yaml_text(text, path);
}

} // namespace sipvet::script
