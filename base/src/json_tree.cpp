// SPDX-License-Identifier: Apache-2.0
#include "json_tree.hpp"

#include "keystone/base/text.hpp"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace keystone::detail {
namespace {

using Json = nlohmann::json;

// Builds the tree from the parser's events and stops it (by returning false) at the first thing
// that this project does not take.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  bool null() override { return add({}) != nullptr; }
  bool boolean(bool value) override { return add({value}) != nullptr; }
  bool number_integer(number_integer_t) override { return add({JsonOtherNumber{}}) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override {
    return add({std::uint64_t{value}}) != nullptr;
  }
  bool number_float(number_float_t, const string_t&) override {
    return add({JsonOtherNumber{}}) != nullptr;
  }
  bool string(string_t& value) override { return add({std::move(value)}) != nullptr; }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open({JsonMembers{}}); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open({JsonElements{}}); }
  bool end_array() override { return close(); }

  bool key(string_t& value) override {
    const auto& members = std::get<JsonMembers>(open_.back().node->value);
    open_.back().key = std::move(value);
    if (members.contains(open_.back().key)) {
      return stop(Error(ErrorCode::malformed, path() + ": this key is there twice"));
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    const std::string_view before = text_.substr(0, position == 0 ? 0 : position - 1);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto newline = before.rfind('\n');
    const auto column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    return stop(Error(ErrorCode::malformed, "line " + std::to_string(line) + ", column " +
                                                std::to_string(column) + ": not valid JSON"));
  }

  [[nodiscard]] Result<JsonNode> finish(bool parsed) && {
    if (problem_) {
      return fail(*std::move(problem_));
    }
    if (!parsed || !root_) {
      return fail(ErrorCode::malformed, "not valid JSON");
    }
    return *std::move(root_);
  }

 private:
  // An array or object that is not closed yet. Its node stays where it is meanwhile: a parent grows
  // only when its open child is closed.
  struct Open {
    JsonNode* node;
    std::string key;  // the member that is being read, in an object
  };

  JsonNode* add(JsonNode node) {
    if (++values_ > limits_.max_values) {
      (void)stop(
          Error(ErrorCode::limit_exceeded,
                "more than " + std::to_string(limits_.max_values) + " values in one document"));
      return nullptr;
    }
    if (open_.empty()) {
      return &root_.emplace(std::move(node));
    }
    auto& parent = open_.back().node->value;
    if (auto* const elements = std::get_if<JsonElements>(&parent)) {
      return &elements->emplace_back(std::move(node));
    }
    auto& members = std::get<JsonMembers>(parent);
    return &members.emplace(open_.back().key, std::move(node)).first->second;
  }

  bool open(JsonNode node) {
    if (open_.size() >= limits_.max_depth) {
      return stop(Error(ErrorCode::limit_exceeded,
                        "nested deeper than " + std::to_string(limits_.max_depth) + " levels"));
    }
    JsonNode* const added = add(std::move(node));
    if (added == nullptr) {
      return false;
    }
    open_.push_back({added, {}});
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  bool stop(Error problem) {
    problem_ = std::move(problem);
    return false;
  }

  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Open& level : open_) {
      if (const auto* const elements = std::get_if<JsonElements>(&level.node->value)) {
        text += "[" + std::to_string(elements->size() - 1) + "]";
      } else {
        text += (text.empty() ? "" : ".") + printable(level.key);
      }
    }
    return text;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  std::optional<JsonNode> root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
  std::optional<Error> problem_;
};

}  // namespace

Result<JsonNode> parse_json_tree(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(ErrorCode::limit_exceeded, "got " + std::to_string(text.size()) +
                                               " bytes of JSON, want at most " +
                                               std::to_string(limits.max_bytes));
  }
  if (text.starts_with("\xef\xbb\xbf")) {
    return fail(ErrorCode::malformed, "the text starts with a byte-order mark");
  }
  // The library takes a zero byte for the end of the text and would not read what follows.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    return fail(ErrorCode::malformed, "there is a zero byte at offset " + std::to_string(zero));
  }
  try {
    TreeBuilder builder(text, limits);
    const bool parsed = Json::sax_parse(text.begin(), text.end(), &builder,
                                        Json::input_format_t::json, true, limits.comments);
    return std::move(builder).finish(parsed);
  } catch (const std::exception&) {
    return fail(ErrorCode::internal, "the JSON library failed");
  }
}

}  // namespace keystone::detail
